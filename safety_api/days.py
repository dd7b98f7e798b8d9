"""Days in the county's time (Asia/Shanghai): where one begins, and when it is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from safety_api.problems import ENDS_BEFORE_START

ONE_DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def day_over(day: date) -> datetime:
    """The first moment after a day; the calendar's last one is never over."""
    return midnight(day + ONE_DAY) if day < date.max else timezone.make_aware(datetime.max)


def during(column: str, first: date | None, last: date | None) -> Q:
    """Moments of these days, both included; without an end where none is given."""
    began = Q(**{f"{column}__gte": midnight(first)}) if first else Q()
    return began & Q(**{f"{column}__lt": day_over(last)}) if last else began


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def month_end(day: date) -> date:
    """The last day of its month."""
    return month_after(day) - ONE_DAY


def check_term(first: date, last: date | None, *, at: str) -> None:
    """Both days are in it, None is an open end. Raises ENDS_BEFORE_START at the pointer."""
    if last is not None and last < first:
        raise ENDS_BEFORE_START.at(at)
