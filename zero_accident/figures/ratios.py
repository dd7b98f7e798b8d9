"""Ratios and their parts, as the doors answer them; ranking and who broke stand in rooms of their own and are taken
from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geo.codes import whole
from geo.models import Region
from reference.terms import Subject
from safety_api.permissions import significant
from zero_accident import rules
from zero_accident.figures.query import FigureQuery
from zero_accident.figures.ranking import sector_name
from zero_accident.figures.rows import Cell, FigureRows, of_units, of_villages, total_of
from zero_accident.targets.lookup import TargetInForce, targets_of, targets_of_all

API = "/api/v1/zero-accident"


# --- ratios ----------------------------------------------------------------------------------------------------------
def ratios(asked: FigureQuery, prefix: str, sector: str | None = None) -> dict[str, Any]:
    """The body of zero-accident/ratios; four queries from the kept rows. With a sector the units are those of it; the
    villages stay.
    """
    found = FigureRows(asked, prefix)
    cells = of_sector(found.cells(), sector)
    held = targets_of(asked.of.year, prefix, asked.known_at)
    part = RatioScope(asked, whole(prefix), sector)
    units = _part_of(part, of_units(cells), held, Subject.UNIT)
    return {
        **_when(asked),
        "region": whole(prefix),
        "sector": sector,
        "villages": _part_of(part, of_villages(cells), held, Subject.VILLAGE),
        "units": units | {"split": _split(asked.of.policy, cells), "sectors": _sectors(cells)},
        "policy": asked.of.policy.version,
        "revision": found.number,
        "links": _links(part),
    }


def _when(asked: FigureQuery) -> dict[str, Any]:
    known = asked.as_known_on
    return {
        "year": asked.of.year,
        "as_of": asked.of.as_of.isoformat(),
        "as_known_on": known.isoformat() if known else None,
    }


def of_sector(cells: Iterable[Cell], sector: str | None) -> list[Cell]:
    return [cell for cell in cells if sector is None or cell.subject != Subject.UNIT or cell.sector == sector]


@dataclass(frozen=True)
class RatioScope:
    """A place, or the units of a sector in it: what a number stands for, and so where it leads."""

    asked: FigureQuery
    region: str
    sector: str | None = None

    def link(self, door: str, **more: Any) -> str:
        when = {name: value for name, value in _when(self.asked).items() if value is not None}
        query = when | {"region": self.region} | more
        return f"{API}/{door}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def _part_of(part: RatioScope, cells: Iterable[Cell], held: dict[str, TargetInForce], subject: Subject) -> dict[str, Any]:
    counts, target = total_of(cells), held[subject]
    total, broken, provisional, short = (counts[name] for name in ("total", "broken", "provisional", "short"))
    found = rules.ratio(total - broken - short, total, target.percent)
    outlook = rules.Outlook(subject, found, broken, provisional, short, part.asked.of.is_over)
    return {
        **_share(found),
        "broken": broken,
        "provisional": provisional,
        "short": short,
        "target": f"{target.percent:.2f}",
        "target_year": target.year,
        "target_region": whole(target.region) if target.region else None,
        "met": found.met,
        "spare": rules.spare(found),
        "forecast": rules.forecast(outlook),
        "broken_list": part.link("broken", kind=subject.value, sector=part.sector if subject == Subject.UNIT else None),
    }


def _share(found: rules.Ratio) -> dict[str, Any]:
    return {"zero": found.zero, "total": found.total, "ratio": found.percent}


def _shares(cells: Iterable[Cell], name_of: Callable[[Cell], str]) -> dict[str, dict[str, Any]]:
    own: dict[str, list[Cell]] = defaultdict(list)
    for cell in of_units(cells):
        own[name_of(cell)].append(cell)
    return {name: _share(_ratio(total_of(those))) for name, those in sorted(own.items())}


def _ratio(counts: Any) -> rules.Ratio:
    return rules.ratio(counts["total"] - counts["broken"] - counts["short"], counts["total"])


def _split(policy: rules.Policy, cells: Iterable[Cell]) -> dict[str, Any]:
    nothing = _share(rules.ratio(0, 0))
    return dict.fromkeys(policy.unit_types, nothing) | _shares(cells, lambda cell: cell.unit_type)


def _sectors(cells: Iterable[Cell]) -> dict[str, Any]:
    found = _shares(cells, lambda cell: cell.sector)
    return {code: {**share, "name": sector_name(code)} for code, share in found.items()}


def _links(part: RatioScope) -> dict[str, str]:
    by = "township" if len(significant(part.region)) >= 6 else "county"
    return {
        "breakdown": part.link("breakdown", by=by),
        "ranking": part.link("ranking", sector=part.sector),
        "policy": f"{API}/policies?{urlencode({'version': part.asked.of.policy.version})}",
    }


# --- the same, part by part ------------------------------------------------------------------------------------------
SIZES = {"county": 6, "township": 9}


def breakdown(asked: FigureQuery, prefix: str, by: str, sector: str | None = None) -> list[dict[str, Any]]:
    """The body of zero-accident/breakdown: the ratios of every township, county or sector, in order of code; four
    queries from the kept rows at most, however many. The townships add up to their county.
    """
    found = FigureRows(asked, prefix)
    parts = _by_sector(found) if by == "sector" else _by_place(found, by, sector)
    return [{**row, "policy": asked.of.policy.version} for row in parts]


def _by_place(found: FigureRows, by: str, sector: str | None) -> list[dict[str, Any]]:
    """Every township of the list, also one where there is nothing to count."""
    size, own = SIZES[by], defaultdict[str, list[Cell]](list)
    for cell in of_sector(found.cells(size, ("sector_code",) if sector else ()), sector):
        own[cell.place].append(cell)
    names = _names(found.township_figures(), by)
    held = targets_of_all(found.asked.of.year, sorted(names), found.asked.known_at)
    return [
        _shown(RatioScope(found.asked, whole(place), sector), names[place], own[place], held[place])
        for place in sorted(names)
    ]


def _names(rows: Iterable[dict[str, Any]], by: str) -> dict[str, str]:
    """Prefix → name."""
    if by == "township":
        return {row["region_code"][:9]: row["name"] for row in rows}
    codes = {whole(row["region_code"][:6]) for row in rows}
    return {code[:6]: name for code, name in Region.objects.filter(code__in=codes).values_list("code", "name")}


def _by_sector(found: FigureRows) -> list[dict[str, Any]]:
    own: dict[str, list[Cell]] = defaultdict(list)
    for cell in of_units(found.cells(kinds=("sector_code",))):
        own[cell.sector].append(cell)
    held = targets_of(found.asked.of.year, found.prefix, found.asked.known_at)
    return [
        _shown(RatioScope(found.asked, whole(found.prefix), code), sector_name(code), cells, held) | {"villages": None}
        for code, cells in sorted(own.items())
    ]


def _shown(part: RatioScope, name: str, cells: list[Cell], held: dict[str, TargetInForce]) -> dict[str, Any]:
    return {
        "region": part.region,
        "sector": part.sector,
        "name": name,
        "villages": _part_of(part, of_villages(cells), held, Subject.VILLAGE),
        "units": _part_of(part, of_units(cells), held, Subject.UNIT),
    }
