"""Who counts and is zero: neither broken nor with unmet standards. The list behind `zero` in ratios and ranking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from enterprises.models import Condition, Enterprise
from geo.codes import whole
from geo.models import Region
from reference.terms import Subject
from zero_accident import rules
from zero_accident.figures.query import FigureQuery
from zero_accident.figures.rows import FigureRows
from zero_accident.figures.working_out import accepted_villages, open_units, read_places


def villages(asked: FigureQuery, prefix: str) -> QuerySet:
    """Of the list of the day, in order of code."""
    of, source = asked.of, asked.source()
    places = read_places(of, (prefix,), source)
    if of.policy.asks_standards_of(Subject.VILLAGE):
        good = accepted_villages(of, places, source)
    else:
        good = [each for each in places.villages if rules.in_village_denominator(of.policy, each)]
    return Region.objects.filter(code__in={each.code for each in good} - _broken(asked, prefix, Subject.VILLAGE))


def units(asked: FigureQuery, prefix: str, user: Any, sector: str | None = None) -> QuerySet:
    """Conditions of the day, one a unit: of the units that the reader may see. Which others there are is nobody's business but their township's."""
    of, source = asked.of, asked.source()
    places = read_places(of, (prefix,), source)
    rows = open_units(of, places, source).exclude(region_code__in=places.away)
    rows = rows.exclude(enterprise__in=_broken(asked, prefix, Subject.UNIT))
    if of.policy.asks_standards_of(Subject.UNIT):
        rows = rows.filter(Exists(source.marks(of).filter(sheet__enterprise=OuterRef("enterprise")).nine_passed()))
    rows = rows.filter(sector=sector) if sector else rows
    return rows.filter(enterprise__in=Enterprise.objects.visible_to(user).values("pk")).select_related("enterprise")


def _broken(asked: FigureQuery, prefix: str, subject: Subject) -> set[str]:
    return {each.key for each in FigureRows(asked, prefix).broken() if each.subject == subject}


def shown_villages(rows: Sequence[Region]) -> list[dict[str, Any]]:
    names = _names(row.code for row in rows)
    return [
        _row(Subject.VILLAGE, row.code, names) | {"enterprise": None, "sector": None, "name": row.name} for row in rows
    ]


def shown_units(rows: Sequence[Condition]) -> list[dict[str, Any]]:
    names = _names(row.region_code for row in rows)
    return [
        _row(Subject.UNIT, row.region_code, names)
        | {"enterprise": row.enterprise_id, "sector": row.sector_id, "name": row.enterprise.name}
        for row in rows
    ]


def _row(kind: str, code: str, names: dict[str, str]) -> dict[str, Any]:
    township = whole(code[:9])
    return {
        "kind": kind, "region": code, "region_name": names.get(code, ""), "township": township,
        "township_name": names.get(township, ""),
    }  # fmt: skip


def _names(codes: Any) -> dict[str, str]:
    wanted = {each for code in codes for each in (code, whole(code[:9]))}
    return dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
