"""What the figures are asked for: a year to a day, as we know now or as we knew at the end of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from safety_api.days import day_over
from safety_api.problems import BAD_PARAMETER, IN_THE_FUTURE
from zero_accident.figures.periods import Period
from zero_accident.figures.recall import FactsAsKnown
from zero_accident.figures.sources import CurrentFacts
from zero_accident.policies import lookup

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class FigureQuery:
    """A year to a day, under the policy in force on that day; `known_at`: as we knew at that moment, None is now."""

    of: Period
    kept: bool  # the day to which the kept figures go, as we know now
    known_at: datetime | None = None

    @property
    def as_known_on(self) -> date | None:
        return timezone.localdate(self.known_at) if self.known_at else None

    def source(self) -> CurrentFacts:
        return FactsAsKnown(self.known_at) if self.known_at else CurrentFacts()


def figure_query(
    year: int | None, as_of: date | None, as_known_on: date | None = None, known_at: datetime | None = None
) -> FigureQuery:
    """Facts until the end of `as_of`, of which we knew at the end of `as_known_on`, or at the moment `known_at`.

    The two are independent: a later `as_known_on` is how we judged the same days afterwards, an earlier one what we
    knew beforehand of the days until `as_of` — nothing of accidents still to come, but changes of units that were
    announced. Deadlines of hazards have passed as far as they had on the day of knowing. Left out, `as_of` is that
    day when it lies in the year, else the last of the year's days that we have: so `as_known_on` alone asks what was
    published on that day. Today's knowledge is what is kept.

    Raises IN_THE_FUTURE, BAD_PARAMETER for a day of another year, NO_RULE before there was a policy.
    """
    today = timezone.localdate()
    knowing = min(today, timezone.localdate(known_at)) if known_at else as_known_on or today
    year = year or (as_of or knowing).year
    for name, is_ahead in (
        ("as_known_on", knowing > today),
        ("as_of", as_of and as_of > today),
        ("year", year > today.year),
    ):
        if is_ahead:
            raise IN_THE_FUTURE.at("", said=name)
    if as_of and as_of.year != year:
        raise BAD_PARAMETER(name="as_of", detail="as_of 不在 year 之内。")
    last = min(today, date(year, 12, 31))
    day = as_of or max(min(knowing, last), date(year, 1, 1))
    moment = known_at or (_end_of(knowing) if knowing < today else None)
    return FigureQuery(Period(lookup.policy_on(day), year, day, knowing), day == last and moment is None, moment)


def _end_of(day: date) -> datetime:
    return day_over(day) - MOMENT
