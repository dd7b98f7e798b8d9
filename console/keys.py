"""访问密钥 One's own keys for QGIS and the like: made and shown once, listed, revoked."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.keys.actions import LONGEST, MOST
from console.asking import Answer, ask, drop, tell
from console.gate import office
from console.shown import shown


@office("auth.keys")
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    typed = {name: request.POST.get(name, "") for name in ("name", "ends_on")}
    answer = tell(request, "auth/keys", typed)
    return (
        _page(request, made=answer.told)
        if answer.ok
        else _page(request, answer.status, typed=typed, wrong=_wrong(answer))
    )


@office("auth.revoke_key")
@require_POST
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """One that is gone already is as good as revoked."""
    drop(request, f"auth/keys/{key}")
    messages.success(request, "密钥已撤销，用它的软件不能再读取。")
    return HttpResponseRedirect("/keys")


def _page(request: HttpRequest, status: int = 200, **facts: Any) -> HttpResponse:
    today = timezone.localdate()
    days: dict[str, date] = {"first": today, "last": today + LONGEST}
    service = request.build_absolute_uri("/ogc/")
    answer = shown(
        request,
        "console/keys.html",
        status,
        rows=ask(request, "auth/keys").told,
        most=MOST,
        service=service,
        **days,
        **facts,
    )
    answer["Cache-Control"] = "no-store"  # a key may stand in it
    return answer


def _wrong(answer: Answer) -> dict[str, str]:
    """A sentence by field; "" for what is of none."""
    return {each["pointer"].strip("/"): each["detail"] for each in answer.told["errors"]} or {"": answer.told["detail"]}
