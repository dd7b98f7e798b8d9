"""The ranking of townships (DOMAIN §7.3): exact as fractions, shared ranks, the veto and the development zone."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import NamedTuple

from zero_accident.rules.policy import Policy
from zero_accident.rules.ratios import Ratio


class RankRow(NamedTuple):
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


class Ranked(NamedTuple):
    rank: int | None  # None: shown, not ranked
    row: RankRow


# Different fractions with totals up to 10^12 lie at least 10^-24 apart, so their whole parts at this scale differ too,
# and equal ones agree: whole numbers that compare exactly as the fractions do, ten times as fast.
SCALE = 10**24
UNKNOWN = 10**40  # nothing known stands last in its key, whichever way it is ordered


def _share(part: int, of: int) -> int | None:
    return part * SCALE // of if of else None


FIGURES: dict[str, Callable[[RankRow], int | None]] = {
    "village_ratio": lambda row: _share(row.village.zero, row.village.total),
    "unit_ratio": lambda row: _share(row.unit.zero, row.unit.total),
    "deaths": lambda row: row.deaths,
    "accidents": lambda row: row.accidents,
    "on_time_rate": lambda row: _share(row.hazards_on_time, row.hazards_due),
}
SIGNS = {"asc": 1, "desc": -1}
Place = tuple[int, ...]


def rank(rows: Iterable[RankRow], policy: Policy) -> list[Ranked]:
    """1, 2, 2, 4: equal in every key is the same rank; inside a tie by code. The unranked zone stands at the end."""
    place_of = _places(policy)
    ranked: list[Ranked] = []
    before: Place = ()
    for number, (place, _, row) in enumerate(
        sorted(((place_of(row), row.region, row) for row in rows), key=BY), start=1
    ):
        found = ranked[-1].rank if place == before else number
        ranked.append(Ranked(None if place[0] else found, row))
        before = place
    return ranked


BY = itemgetter(0, 1)


def _places(policy: Policy) -> Callable[[RankRow], Place]:
    """What townships are compared by: whether ranked at all, the veto, then the keys of the policy."""
    keys = [(FIGURES[name], SIGNS[order]) for name, order in policy.rank_keys]
    shows_zone = not policy.rank_zone

    def place(row: RankRow) -> Place:
        figures = [UNKNOWN if (figure := get(row)) is None else sign * figure for get, sign in keys]
        return (row.zone and shows_zone, row.veto, *figures)

    return place
