"""建立账号 The page on which an account is made; what can be done with one that stands is in records.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from console.account_deeds import NEW
from console.deeds import Sent, carry_out, form_of, spoken, typed_in
from console.gate import office
from console.records import choices_of_posts
from console.shown import shown
from console.shown_once import secret_of


@office("accounts.create")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Made, the first password stands on the answer, and nowhere else."""
    sent, status, made = None, 200, None
    if request.method == "POST":
        typed = typed_in(request)
        answer = carry_out(request, NEW, {"id": ""}, typed)
        status, made = answer.status if not answer.ok else 200, answer.told if answer.ok else None
        sent = None if answer.ok else Sent("new", typed, answer.told)
    form = form_of("new", NEW, "/accounts", choices=choices_of_posts(), sent=sent)._replace(opened=True)
    page = shown(
        request, "console/account_new.html", status, form=form, made=made, secret=secret_of(made), problem=spoken(sent) if sent else ""
    )
    page["Cache-Control"] = "no-store"
    return page
