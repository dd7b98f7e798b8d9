"""Rankings: of townships, counties or sectors, by all the keys of the policy or by one subject's. What is compared, and
how, is said in rules.ranking alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from geo.codes import whole
from geo.models import Region
from reference import law
from zero_accident import rules
from zero_accident.figures.comparing import compared, ratio_of
from zero_accident.figures.query import FigureQuery
from zero_accident.figures.rows import Cell, FigureRows, of_units, total_of

OF, BY = ("township", "county", "sector"), ("overall", "village", "unit")
WITHOUT = {"overall": "", "village": "unit_ratio", "unit": "village_ratio"}  # what a subject's ranking leaves out


@dataclass(frozen=True)
class Ranking:
    """What is ranked, by what. With a sector, townships or counties are ranked by its units; then, and in a ranking
    of sectors, deaths and accidents are of accidents that broke its units, each once a row, and villages play no part.
    """

    of: str = "township"
    by: str = "overall"
    sector: str | None = None


TOWNSHIPS = Ranking()
Row = dict[str, Any]  # the columns of the township's figures by name


def ranking(asked: FigureQuery, prefix: str, wanted: Ranking = TOWNSHIPS) -> bytes:
    """The body of zero-accident/ranking as JSON."""
    return orjson.dumps(ranking_rows(asked, prefix, wanted))


def ranking_rows(asked: FigureQuery, prefix: str, wanted: Ranking = TOWNSHIPS) -> list[dict[str, Any]]:
    """One query from the kept rows for townships, however many accidents; three at most for the others."""
    rows = {_key(row): row for row in WAYS[wanted.of](FigureRows(asked, prefix), wanted)}
    ranked = rules.rank((compared(key, row) for key, row in rows.items()), keyed_by(asked.of.policy, wanted.by))
    return [_shown(each, rows[each.row.region], asked.of.policy.version) for each in ranked]


POINT = ("rank", "village_ratio", "unit_ratio", "on_time_rate", "deaths", "veto")


def trend_of(days: Iterable[date], ranked: Callable[[date], bytes]) -> bytes:
    """Each township of the last of these days with its place on all of them, in the order of the last; `ranked`: a day's ranking as JSON."""
    told = [(day, {row["region"]: row for row in orjson.loads(ranked(day))}) for day in days]
    last = told[-1][1]
    return orjson.dumps(
        [
            {
                "region": region, "name": row["name"],
                "points": [{"as_of": day, **{name: rows[region][name] for name in POINT}} for day, rows in told if region in rows],
            }
            for region, row in last.items()
        ]
    )  # fmt: skip


def keyed_by(policy: rules.Policy, by: str) -> rules.Policy:
    """The policy as it ranks by one subject alone."""
    return replace(policy, rank_keys=tuple(each for each in policy.rank_keys if each[0] != WITHOUT[by]))


def _key(row: Row) -> str:
    return row.get("sector") or row["region_code"]


def _shown(ranked: rules.Ranked, row: Row, policy: str) -> dict[str, Any]:
    rank, (_, villages, units, *_) = ranked
    return {
        "rank": rank,
        "policy": policy,
        "region": row["region_code"],
        "sector": row.get("sector"),
        "name": row["name"],
        "village_ratio": row["village_ratio"],
        "village_zero": villages.zero,
        "village_total": villages.total,
        "village_broken": row["villages_broken"],
        "village_short": row.get("villages_short", 0),
        "unit_ratio": row["unit_ratio"],
        "unit_zero": units.zero,
        "unit_total": units.total,
        "unit_broken": row["units_broken"],
        "unit_short": row.get("units_short", 0),
        "deaths": row["deaths"],
        "accidents": row["accidents"],
        "on_time_rate": row["on_time_rate"],
        "hazards_on_time": row["hazards_on_time"],
        "hazards_due": row["hazards_due"],
        "veto": row["vetoes"] > 0,
        "zone": row["zone"],
        "revision": row["revision"],
    }


# --- rows ------------------------------------------------------------------------------------------------------------
def _townships(found: FigureRows, wanted: Ranking) -> list[Row]:
    rows = found.township_figures()
    return _by_units_of(found, wanted.sector, rows, 9) if wanted.sector else rows


def _counties(found: FigureRows, wanted: Ranking) -> list[Row]:
    rows = summed(found.township_figures(), 6)
    names = dict(Region.objects.filter(code__in=[row["region_code"] for row in rows]).values_list("code", "name"))
    rows = [{**row, "name": names.get(row["region_code"], "")} for row in rows]
    return _by_units_of(found, wanted.sector, rows, 6) if wanted.sector else rows


def summed(rows: Iterable[Row], size: int) -> list[Row]:
    """Townships added up to whoever has the first digits of their codes: no county is counted otherwise."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    last: Counter[str] = Counter()
    for row in rows:
        place = row["region_code"][:size]
        sums[place].update({name: row[name] for name in row if name in COUNTS})
        last[place] = max(last[place], row["revision"])
    return [_row(whole(place), counts, revision=last[place]) for place, counts in sums.items()]


COUNTS = frozenset(
    {"villages_total", "villages_broken", "villages_short", "units_total", "units_broken", "units_short", "deaths",
     "accidents", "vetoes", "hazards_due", "hazards_on_time"}
)  # fmt: skip


def _row(region: str, counts: Counter[str], **more: Any) -> Row:
    row: Row = {name: counts[name] for name in COUNTS} | {"region_code": region, "zone": False, "name": "", **more}
    row |= {"village_ratio": ratio_of(row, "villages").percent, "unit_ratio": ratio_of(row, "units").percent}
    return row | {"on_time_rate": rules.ratio(row["hazards_on_time"], row["hazards_due"]).percent}


def _by_units_of(found: FigureRows, sector: str, rows: list[Row], size: int) -> list[Row]:
    """The same places, with the units of the sector only, and the accidents that broke them."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in of_units(found.cells(size, ("sector_code",))):
        if cell.sector == sector:
            cells[whole(cell.place)].append(cell)
    harm = _harm(found, sector, lambda place, _: whole(place[:size]))
    nobody = Harm()
    return [_with_units(row, cells[row["region_code"]], harm.get(row["region_code"], nobody)) for row in rows]


def _with_units(row: Row, cells: list[Cell], harm: Harm) -> Row:
    counts, own = Counter({name: row.get(name, 0) for name in COUNTS}), total_of(cells)
    for name in ("total", "broken", "short"):
        counts[f"units_{name}"] = own[name]
    counts["deaths"], counts["accidents"] = harm.deaths, harm.accidents
    counts["hazards_due"] = counts["hazards_on_time"] = (
        0  # hazards are not kept by sector here: their rate says nothing
    )
    same = {name: row[name] for name in ("zone", "name", "revision")}
    return _row(row["region_code"], counts, **same)


def _sectors(found: FigureRows, wanted: Ranking) -> list[Row]:
    """Those of which there is a unit; hazards are not kept by sector here, so their rate says nothing."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    for cell in of_units(found.cells(kinds=("sector_code",))):
        cells[cell.sector].append(cell)
    harm = _harm(found, None, lambda _, sector: sector)
    rows = []
    for sector, own in cells.items():
        total, here = total_of(own), harm.get(sector, Harm())
        counts = Counter({f"units_{name}": total[name] for name in ("total", "broken", "short")})
        counts.update(deaths=here.deaths, accidents=here.accidents, vetoes=here.vetoes)
        rows.append(_row(whole(found.prefix), counts, sector=sector, name=sector_name(sector), revision=found.number))
    return rows


def sector_name(code: str) -> str:
    known = law.books().sectors.get(code)
    return known.name if known else code


@dataclass(frozen=True)
class Harm:
    """Of the accidents that broke some units, each once."""

    deaths: int = 0
    accidents: int = 0
    vetoes: int = 0


def _harm(found: FigureRows, sector: str | None, row_of: Callable[[str, str], str]) -> dict[str, Harm]:
    """By row of the ranking, which a unit's place and sector name."""
    accidents: dict[str, set[UUID]] = defaultdict(set)
    for place, own_sector, own in found.broken_units(sector):
        accidents[row_of(place, own_sector)].update(own)
    weights = found.weights(set().union(*accidents.values()))
    return {
        key: Harm(sum(weights[each].deaths for each in own), len(own), sum(weights[each].veto for each in own))
        for key, own in accidents.items()
    }


WAYS: dict[str, Callable[[FigureRows, Ranking], list[Row]]] = {
    "township": _townships,
    "county": _counties,
    "sector": _sectors,
}
