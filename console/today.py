"""今日 What waits for whoever looks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console.gate import office
from console.shown import shown
from inbox.models import Message

MOST = 20


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """`/`: the day of whoever is signed in, for everybody else the ways in. Asks no table for a stranger."""
    return today(request) if request.user.is_authenticated else welcome(request)


def welcome(request: HttpRequest) -> HttpResponse:
    return shown(request, "console/welcome.html")


@office("inbox.list")
def today(request: HttpRequest) -> HttpResponse:
    lists = Message.objects.addressed_to(request.user, done=False)
    waiting = {row.pk: row for each in lists for row in each.order_by("-pk")[: MOST + 1]}
    newest = [waiting[key] for key in sorted(waiting, reverse=True)]
    return shown(request, "console/today.html", waiting=newest[:MOST], more=len(newest) > MOST)
