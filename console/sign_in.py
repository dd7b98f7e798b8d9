"""登录 The ways into the office's pages and out again. Signing in leads on to where one was going; a form that met an ended session is not lost.

What was typed travels through the sign-in page in the page itself, sealed, so that it needs no table and no script: never a file, never a
password, and only as much as a form holds.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import attempts, known_devices
from accounts.actions import change_password
from accounts.page_sign_in import enter, said_of
from console.shown import shown
from safety_api.problems import BAD_OTP, OTP_REQUIRED, Problem

BACKEND = "accounts.backends.NameAndPassword"
PAGE = "办公页"
SEAL, KEPT_FOR, MOST_KEPT = "console.kept", 3600, 60_000  # seconds, characters
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "old", "new", "again", "otp")


class SignInForm(forms.Form):
    username = forms.CharField(label="用户名", max_length=40)
    password = forms.CharField(label="口令", max_length=200, strip=False, widget=forms.PasswordInput)
    otp = forms.CharField(label="动态口令", max_length=10, required=False)


# --- in and out ------------------------------------------------------------------------------------------------------------
@never_cache
@sensitive_post_parameters("password", "otp")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """`next`: where to, on this host alone."""
    if request.method != "POST":
        return _form(request, SignInForm(), request.GET.get("next", ""))
    form, onward = SignInForm(request.POST), request.POST.get("next", "")
    if not form.is_valid():
        return _form(request, form, onward, status=400)
    try:
        user, key, locks = enter(request, page=PAGE, **form.cleaned_data)
    except Problem as problem:
        return _form(request, form, onward, problem, status=problem.kind.status)
    begin_session(request, user, backend=BACKEND)
    for each in locks:
        messages.warning(request, said_of(each))
    answer = _go_on(request, onward)
    known_devices.hand_over(answer, key)
    return answer


def _form(request: HttpRequest, form: SignInForm, onward: str, problem: Problem | None = None, *, status: int = 200) -> HttpResponse:
    wants_code = bool(settings.SECOND_FACTOR_ROLES) or (problem is not None and problem.kind in (OTP_REQUIRED, BAD_OTP))
    said = problem and problem.kind.sentence(**problem.values)
    kept = request.POST.get("kept", "")
    answer = shown(request, "console/sign_in.html", status, form=form, onward=onward, said=said, wants_code=wants_code, kept=kept)
    for name, value in problem.headers.items() if problem else ():
        answer[name] = value
    return answer


def _go_on(request: HttpRequest, onward: str) -> HttpResponse:
    kept = _opened(request.POST.get("kept", ""))
    if kept and safe(kept["path"]):
        return shown(request, "console/resume.html", path=kept["path"], fields=kept["fields"], back=kept["back"])
    return HttpResponseRedirect(onward if safe(onward) else "/")


def safe(address: str) -> bool:
    """Of this host: a path, and no other page of the sign-in."""
    return url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/") and not address.startswith(("/login", "/logout"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return HttpResponseRedirect("/login")


# --- a form that met an ended session ----------------------------------------------------------------------------------------
def instead(request: HttpRequest) -> HttpResponse:
    """The sign-in page in place of what was asked; of a form what was typed goes with it."""
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(f"/login?next={quote(request.get_full_path())}")
    kept = _sealed(request)
    said = "登录已经结束。您填的还在：登录后接着办。" if kept else "登录已经结束，请重新登录。"
    wants_code = bool(settings.SECOND_FACTOR_ROLES)
    return shown(request, "console/sign_in.html", 401, form=SignInForm(), onward=_back(request), kept=kept, wants_code=wants_code, said=said)


def _sealed(request: HttpRequest) -> str:
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER_KEPT for value in values]
    kept = signing.dumps({"path": request.get_full_path(), "fields": fields, "back": _back(request)}, salt=SEAL, compress=True)
    return kept if fields and len(kept) <= MOST_KEPT else ""


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "").partition(request.get_host())[2]
    return came_from if safe(came_from) else "/"


def _opened(kept: str) -> dict[str, Any] | None:
    try:
        return signing.loads(kept, salt=SEAL, max_age=KEPT_FOR) if kept else None
    except signing.BadSignature:
        return None


# --- the password --------------------------------------------------------------------------------------------------------------
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.is_authenticated:
        return instead(request)
    if request.method != "POST":
        return shown(request, "console/password.html")
    old, new, again = (request.POST.get(name, "")[:200] for name in ("old", "new", "again"))
    if new != again:
        return shown(request, "console/password.html", 400, errors=["两次输入的新口令不一样。"])
    try:
        known = known_devices.find(user.username, known_devices.key_of(request))
        proved = attempts.prove_password(request, username=user.username, password=old, known=known)
        if known is not None:
            attempts.passed(proved, known)
        change_password(user, old=old, new=new)
    except Problem as problem:
        said = [each["detail"] for each in problem.errors] or [problem.kind.sentence(**problem.values)]
        return shown(request, "console/password.html", problem.kind.status, errors=said)
    update_session_auth_hash(request, user)
    messages.success(request, "口令已修改，其他地方的登录已经退出。")
    return HttpResponseRedirect("/")
