"""A year to a day, under a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zero_accident import rules

Prefixes = tuple[str, ...] | None  # None: everywhere


@dataclass(frozen=True)
class Period:
    """A year to a day under a policy; `today` decides which deadlines have passed."""

    policy: rules.Policy
    year: int
    as_of: date
    today: date

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def is_over(self) -> bool:
        """The whole year, seen from after it."""
        return self.as_of == date(self.year, 12, 31) < self.today


def period(policy: rules.Policy, year: int, today: date) -> Period:
    """The year to date: to its last day when it is over."""
    return Period(policy, year, min(today, date(year, 12, 31)), today)
