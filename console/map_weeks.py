"""一年 The weeks behind the map's slider: what was found and what was closed in each, and the week one looks at in a sentence."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from console.gate import office
from console.shown import shown
from hazards.models import Hazard
from safety_api.days import during

WEEKS = 53
WEEK = timedelta(days=7)
HIGH, WIDE = 32, 10  # units of a bar's picture


class Week(NamedTuple):
    """Seven days up to and including `last`; `at`: where its two bars stand."""

    last: date
    found: int
    closed: int
    at: int
    up: float
    down: float

    @property
    def first(self) -> date:
        return self.last - WEEK + timedelta(days=1)

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)


@office("map.tile")
@require_safe
def weeks(request: HttpRequest) -> HttpResponse:
    found = year(request.user, timezone.localdate())
    return shown(request, "console/map/weeks.html", weeks=found, this=found[-1], months=months(found), wide=WEEKS * WIDE, high=HIGH)


def year(user: Any, today: date) -> list[Week]:
    """Two statements, whatever the number of hazards; drafts and what was no hazard are left out."""
    first = today - WEEKS * WEEK + timedelta(days=1)
    rows = Hazard.objects.visible_to(user).exclude(state__in=["draft", "rejected", "void"]).order_by()
    found = rows.filter(during("found_at", first, today)).values(day=TruncDate("found_at")).annotate(n=Count("pk"))
    closed = rows.filter(closed_on__gte=first, closed_on__lte=today).values("closed_on").annotate(n=Count("pk"))
    came: Counter[int] = Counter()
    went: Counter[int] = Counter()
    for row in found:
        came[_number(row["day"], today)] += row["n"]
    for row in closed:
        went[_number(row["closed_on"], today)] += row["n"]
    most = max([1, *came.values(), *went.values()])
    return [
        Week(today - WEEK * (WEEKS - 1 - n), came[n], went[n], n * WIDE, came[n] / most * HIGH, went[n] / most * HIGH) for n in range(WEEKS)
    ]


def _number(day: date, today: date) -> int:
    """Which of the weeks a day lies in; the last ends today."""
    return WEEKS - 1 - (today - day).days // 7


def months(found: list[Week]) -> list[tuple[int, int]]:
    """Where each month begins: (units from the left, month); not closer to the end than its name is wide."""
    begun = [(each.at, each.last.month) for before, each in pairwise(found) if before.last.month != each.last.month]
    return [each for each in begun if each[0] < (WEEKS - 2) * WIDE]
