"""A county's year: whose it is, what is over, what may still be changed. Its writers wait for each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from assessment.closings.states import FLOW
from assessment.closings.words import ClosingVerb
from assessment.models import Closing, ClosingState
from geo.codes import whole
from geo.models import Region
from safety_api.days import month_end
from safety_api.permissions import county_of
from safety_api.problems import MONTH_FROZEN, MONTH_NOT_OVER, UNKNOWN_REGION


def lock(region_code: str, year: int) -> None:
    """Lists, decisions, objections, signatures of a county's year, one after the other; before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"assessment {region_code} {year}"])


def county_for(user: Any, asked: str | None) -> str:
    """The county meant, whole: the one asked for inside one's jurisdiction, else one's own. Raises UNKNOWN_REGION."""
    prefix = (asked or county_of(user))[:6]
    own = county_of(user)
    known = len(prefix) == 6 and bool(own) and prefix.startswith(own)
    if not known or not Region.objects.counties().filter(code=whole(prefix)).exists():
        raise UNKNOWN_REGION.at("/region")
    return whole(prefix)


def name_of(year: int, month: int) -> str:
    return f"{year}年{month}月" if month else f"{year}年度"


def last_day(year: int, month: int) -> date:
    """Of a month, or of the year when it is 0."""
    return month_end(date(year, month or 12, 1))


def check_over(year: int, month: int) -> None:
    """Raises MONTH_NOT_OVER."""
    if last_day(year, month) >= timezone.localdate():
        raise MONTH_NOT_OVER(period=name_of(year, month))


def check_open(region_code: str, year: int, month: int, *, also_signed: bool = False) -> None:
    """Whether lists, decisions and (`also_signed`) objections of a month may still come: nothing of it is closed yet, or
    a closing of it or of its year is open. Raises WRONG_STEP while it is signed, MONTH_FROZEN.
    """
    states = _last_states(region_code, year, month)
    if not states or ClosingState.OPEN in states or (also_signed and ClosingState.SIGNED in states):
        return
    if ClosingState.SIGNED in states:
        raise FLOW.wrong(ClosingState.SIGNED, ClosingVerb.OPEN, f"{name_of(year, month)}已签发，请先撤回签发")
    raise MONTH_FROZEN(period=name_of(year, month))


def _last_states(region_code: str, year: int, month: int) -> set[ClosingState]:
    rows = Closing.objects.filter(region_code=region_code, year=year, month__in=[month, 0])
    last = rows.order_by("month", "-number").distinct("month").values_list("state", flat=True)
    return {ClosingState(each) for each in last}
