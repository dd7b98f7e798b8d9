"""Days, months and overlaps as pure functions.

A calendar maps the days that differ from their weekday: True is worked (调休), False a holiday.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count, islice, pairwise
from typing import Any

from safety_api.days import ONE_DAY

Calendar = Mapping[date, bool]


def is_working_day(day: date, calendar: Calendar) -> bool:
    """A year whose notice is not loaded counts by weekends alone; see `years_by_weekends_only`."""
    return calendar.get(day, day.weekday() < 5)


def days_from(day: date, step: int = 1) -> Iterator[date]:
    return (day + ONE_DAY * step * n for n in count(1))


def working_days_after(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day`, itself not counted (次日起算). 0 is `day`; a negative n counts back."""
    working = (each for each in days_from(day, 1 if n > 0 else -1) if is_working_day(each, calendar))
    return next(islice(working, abs(n) - 1, None)) if n else day


def days_after(day: date, n: int, day_kind: str, calendar: Calendar) -> date:
    """`day_kind`: calendar 日历日 or working 工作日, a property of the rule that sets the period."""
    return working_days_after(day, n, calendar) if day_kind == "working" else day + ONE_DAY * n


def years_by_weekends_only(first: date, last: date, calendar: Calendar) -> list[int]:
    """Years of a period without a loaded holiday notice: a date counted through them is provisional."""
    return [year for year in range(first.year, last.year + 1) if unannounced(year, calendar)]


def unannounced(year: int, calendar: Calendar) -> bool:
    """国庆节 stands in every year's notice; a day of the turn of the year may stand in that of the year beside it."""
    return date(year, 10, 1) not in calendar


def is_national_day(day: date) -> bool:
    return (day.month, day.day) == (10, 1)


def overlaps(versions: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pairs of versions of one (kind, code) that would hold on the same day."""
    ordered = sorted(versions, key=lambda each: (each.kind, each.code, each.effective_from))
    return [
        (one, other)
        for one, other in pairwise(ordered)
        if (one.kind, one.code) == (other.kind, other.code)
        and (one.effective_to is None or one.effective_to >= other.effective_from)
    ]


# --- months -----------------------------------------------------------------------------------------------------------
def whole_months(since: date, until: date) -> int:
    """Whole months from one day to a later one; the end of a shorter month completes a month. ValueError backwards."""
    if until < since:
        raise ValueError("months are counted forwards")
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1


def window_begins(on: date, months: int) -> date:
    """The first day that lies within so many months of `on`: fewer whole ones than that."""
    day = add_months(on, -months)
    while whole_months(day, on) >= months:  # the 29th of February has its year full on the 28th
        day += ONE_DAY
    return day


def add_months(day: date, months: int) -> date:
    """31 January + 1 month is the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
