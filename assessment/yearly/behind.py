"""Where the rows of a figure are listed: routes and parameters, an address for every window of a party. Pure.

The rows of all addresses together are the figure; what a reader may not see of them, the list leaves out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from safety_api.days import month_end

Address = dict[str, Any]  # route, parameters
Behind = Callable[["Scope"], list[Address]]
MIDNIGHT = "T00:00:00+08:00"


@dataclass(frozen=True)
class Window:
    """What a party answers for: a place, or a sector in it while the party supervises it. Both days included."""

    region: str  # prefix
    first: date
    last: date
    sector: str | None = None

    def holds(self, on: date) -> bool:
        return self.first <= on <= self.last

    @property
    def where(self) -> dict[str, str]:
        return {"region": self.region} | ({"sector": self.sector} if self.sector else {})


@dataclass(frozen=True)
class Scope:
    """A party's windows in a year to a day; the county whose policy and ranking they stand in."""

    year: int
    as_of: date
    county: str  # prefix
    policy: str
    windows: tuple[Window, ...]

    def counted_on(self, month: int) -> date:
        """The day that decides whose a month's sums are: its last, or the last one known."""
        return min(month_end(date(self.year, month, 1)), self.as_of)

    def months(self, window: Window) -> tuple[int, int] | None:
        """The first and the last month whose sums are the window's."""
        mine = [month for month in range(1, self.as_of.month + 1) if window.holds(self.counted_on(month))]
        return (mine[0], mine[-1]) if mine else None


def at(route: str, **parameters: Any) -> Address:
    return {"route": f"/api/v1/{route}", "parameters": {name: str(value) for name, value in parameters.items()}}


# --- by day ----------------------------------------------------------------------------------------------------------
def accidents(**asked: str) -> Behind:
    """`asked`: more parameters of the list of accidents."""

    def addresses(scope: Scope) -> list[Address]:
        return [
            at("accidents", year=scope.year, **each.where, **_moments(scope, each), **asked) for each in scope.windows
        ]

    return addresses


def effects(effect: str) -> Behind:
    """Accidents that break somebody, or propose a veto, under the policy of the year."""
    return lambda scope: accidents(effect=effect, policy=scope.policy)(scope)


def _moments(scope: Scope, window: Window) -> dict[str, str]:
    """Only where the window is less than the year."""
    found = {}
    if window.first > date(scope.year, 1, 1):
        found["occurred_from"] = f"{window.first}{MIDNIGHT}"
    if window.last < scope.as_of:
        found["occurred_before"] = f"{window.last + timedelta(days=1)}{MIDNIGHT}"
    return found


def listings(scope: Scope) -> list[Address]:
    """Put up in the window."""
    return [
        at("listings", **each.where, listed_from=each.first, listed_before=each.last + timedelta(days=1))
        for each in scope.windows
    ]


def listings_at_the_end(scope: Scope) -> list[Address]:
    return [at("listings", **each.where, standing_on=scope.as_of) for each in at_the_end(scope)]


def overdue_listings(scope: Scope) -> list[Address]:
    return [at("listings", **each.where, overdue_on=scope.as_of) for each in at_the_end(scope)]


def at_the_end(scope: Scope) -> Iterable[Window]:
    """What stands at the end of the period is theirs who supervise then."""
    return [each for each in scope.windows if each.holds(scope.as_of)]


# --- by month --------------------------------------------------------------------------------------------------------
def hazards(figure: str, **asked: str) -> Behind:
    """What happened in the months of the windows."""

    def addresses(scope: Scope) -> list[Address]:
        return [
            _hazards(scope, each, months, figure, asked)
            for each in scope.windows
            if (months := scope.months(each)) is not None
        ]

    return addresses


def hazards_at_the_end(figure: str, **asked: str) -> Behind:
    """What is open or overdue at the end."""
    end = lambda scope: (1, scope.as_of.month)  # noqa: E731 - a name for two numbers
    return lambda scope: [_hazards(scope, each, end(scope), figure, asked) for each in at_the_end(scope)]


def _hazards(scope: Scope, window: Window, months: tuple[int, int], figure: str, asked: dict[str, str]) -> Address:
    first, last = (f"{scope.year}-{month:02}" for month in months)
    return at("hazard-figures/rows", figure=figure, **{"from": first}, to=last, **window.where, **asked)


def visits(*authorities: str) -> Behind:
    def addresses(scope: Scope) -> list[Address]:
        return [
            at("inspections", **window.where, authority=authority, started_from=f"{first}{MIDNIGHT}",
               started_before=f"{last + timedelta(days=1)}{MIDNIGHT}")
            for window, first, last in _spans(scope) for authority in authorities
        ]  # fmt: skip

    return addresses


def tasks(*done: str) -> Behind:
    def addresses(scope: Scope) -> list[Address]:
        return [
            at("tasks", **window.where, due_from=first, due_before=last + timedelta(days=1), done=is_done)
            for window, first, last in _spans(scope) for is_done in done
        ]  # fmt: skip

    return addresses


def _spans(scope: Scope) -> list[tuple[Window, date, date]]:
    """Windows with the first and last day of their months."""
    found = []
    for window in scope.windows:
        if months := scope.months(window):
            found.append((window, date(scope.year, months[0], 1), scope.counted_on(months[1])))
    return found


# --- zero accident ---------------------------------------------------------------------------------------------------
def broken(kind: str) -> Behind:
    def addresses(scope: Scope) -> list[Address]:
        return [at("zero-accident/broken", year=scope.year, kind=kind, **each.where) for each in at_the_end(scope)]

    return addresses


def ranking(scope: Scope) -> list[Address]:
    return [at("zero-accident/ranking", year=scope.year, region=scope.county)]
