"""The ranking of townships (DOMAIN §7.3): exact fractions, shared ranks, the veto and the development zone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zero_accident.rules.policy import POLICY, Policy
from zero_accident.rules.ratios import Ratio


@dataclass(frozen=True)
class Row:
    """One township's figures of a year to date."""

    region: str
    village: Ratio
    unit: Ratio
    deaths: int = 0  # effective deaths of breaking accidents
    accidents: int = 0  # breaking accidents
    hazards_due: int = 0
    hazards_on_time: int = 0
    veto: bool = False
    zone: bool = False  # 经济技术开发区

    @property
    def on_time_rate(self) -> Fraction | None:
        return Fraction(self.hazards_on_time, self.hazards_due) if self.hazards_due else None


@dataclass(frozen=True)
class Ranked:
    rank: int | None  # None: shown, not ranked
    row: Row


FIGURES: dict[str, Callable[[Row], Fraction | int | None]] = {
    "village_ratio": lambda row: row.village.fraction,
    "unit_ratio": lambda row: row.unit.fraction,
    "deaths": lambda row: row.deaths,
    "accidents": lambda row: row.accidents,
    "on_time_rate": lambda row: row.on_time_rate,
}


def rank(rows: Iterable[Row], policy: Policy = POLICY) -> list[Ranked]:
    """1, 2, 2, 4: equal in every key is the same rank; inside a tie by code. The unranked zone stands at the end."""
    standings = {row: _standing(policy, row) for row in rows}
    ordered = sorted(standings, key=lambda row: (_unranked(policy, row), standings[row], row.region))
    ranked: list[Ranked] = []
    for place, row in enumerate(ordered, start=1):
        tied = bool(ranked) and standings[ranked[-1].row] == standings[row]
        found = ranked[-1].rank if tied else place
        ranked.append(Ranked(None if _unranked(policy, row) else found, row))
    return ranked


def _standing(policy: Policy, row: Row) -> tuple[Any, ...]:
    """What two townships are compared by: the veto first, then the keys of the policy, nothing-known last in each."""
    figures = ((FIGURES[name](row), order) for name, order in policy.rank_keys)
    return row.veto, *((figure is None, _signed(figure or 0, order)) for figure, order in figures)


def _signed(figure: Fraction | int, order: str) -> Fraction | int:
    return -figure if order == "desc" else figure


def _unranked(policy: Policy, row: Row) -> bool:
    return row.zone and not policy.rank_zone
