"""The ranking of townships (DOMAIN §7.3): exact as fractions, shared ranks, the veto and the development zone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
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


@dataclass(frozen=True)
class Ranked:
    rank: int | None  # None: shown, not ranked
    row: Row


# Different fractions with totals up to 10^12 lie at least 10^-24 apart, so their whole parts at this scale differ too,
# and equal ones agree: whole numbers that compare exactly as the fractions do, ten times as fast.
SCALE = 10**24


def _share(part: int, of: int) -> int | None:
    return part * SCALE // of if of else None


FIGURES: dict[str, Callable[[Row], int | None]] = {
    "village_ratio": lambda row: _share(row.village.zero, row.village.total),
    "unit_ratio": lambda row: _share(row.unit.zero, row.unit.total),
    "deaths": lambda row: row.deaths,
    "accidents": lambda row: row.accidents,
    "on_time_rate": lambda row: _share(row.hazards_on_time, row.hazards_due),
}


def rank(rows: Iterable[Row], policy: Policy = POLICY) -> list[Ranked]:
    """1, 2, 2, 4: equal in every key is the same rank; inside a tie by code. The unranked zone stands at the end."""
    standings = [((_unranked(policy, row), *_standing(policy, row)), row.region, row) for row in rows]
    ranked: list[Ranked] = []
    before: tuple[Any, ...] = ()
    for place, (standing, _, row) in enumerate(sorted(standings, key=itemgetter(0, 1)), start=1):
        found = ranked[-1].rank if standing == before else place
        ranked.append(Ranked(None if _unranked(policy, row) else found, row))
        before = standing
    return ranked


def _standing(policy: Policy, row: Row) -> tuple[Any, ...]:
    """What two townships are compared by: the veto first, then the keys of the policy, nothing-known last in each."""
    figures = ((FIGURES[name](row), order) for name, order in policy.rank_keys)
    return row.veto, *((figure is None, _signed(figure or 0, order)) for figure, order in figures)


def _signed(figure: int, order: str) -> int:
    return -figure if order == "desc" else figure


def _unranked(policy: Policy, row: Row) -> bool:
    return row.zone and not policy.rank_zone
