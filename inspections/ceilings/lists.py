"""Units for an office to look at: whose floor the published ceiling lowers, and whose key nobody has stated.

The same rows as rules.py gives one by one, chosen by the database: a province has half a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, Value
from django.utils.timezone import localdate

from enterprises.inspection_keys import NO_LEVEL, STATED, as_of, unit_on_day
from enterprises.models import Enterprise
from inspections.ceilings import documents, rules
from reference import law
from reference.terms import InspectionKey


class Line(NamedTuple):
    """One line of what the department that supervises a sector published, and the units it is about."""

    units: Q
    row: Mapping[str, Any]


def lines(on: date) -> list[Line]:
    leads = {each.code: law.lead_department(each.code, on) for each in law.sectors()}
    found: list[Line] = []
    for document in law.all_in_force(on, "inspection_ceilings"):
        led = [sector for sector, department in leads.items() if department == document.code]
        found += _lines(document.body["rows"], led)
    return found


def _lines(rows: Iterable[Mapping[str, Any]], led: list[str]) -> Iterator[Line]:
    taken = Q(pk__in=[])  # by a line before
    for row in rows:
        about = (
            Q()
            if "directly_supervised" in row
            else Q(sector__in=row.get("sectors", ())) | Q(traits__overlap=row.get("traits", []))
        )
        yield Line(Q(sector__in=led) & about & ~taken, row)
        taken |= about


def with_grades(rows: Any, on: date) -> Any:
    """Units as they are today; of a day to come with the grades that hold then."""
    known_on = max(on, localdate())
    return rows.annotate(known_on=Value(known_on), **as_of(OuterRef("pk"), Value(known_on)))


def lowered(on: date) -> Q:
    """Of `with_grades`: the floor of the class is above what the authority allows."""
    found, frequencies = Q(pk__in=[]), documents.frequencies(on)
    if frequencies is None:
        return found
    for line in lines(on):
        for grade, times in line.row["times"].items():
            found |= line.units & _of_grade(line.row["key"], grade) & _floor_above(frequencies.body, times)
    return found


def _of_grade(key: str, grade: str) -> Q:
    if grade == NO_LEVEL:
        return Q(**{f"{key}__isnull": True})
    return Q(**{f"{key}__grade": int(grade) if key == InspectionKey.STANDARDIZATION else grade})


def _floor_above(frequencies: Mapping[str, Any], times: int) -> Q:
    risky = Q(sector__in=frequencies["high_risk_sectors"]) | Q(traits__overlap=frequencies["high_risk_industries"])
    classes = {
        kind: [each for each, floor in floors.items() if floor > times] for kind, floors in frequencies["floor"].items()
    }
    return Q(supervision_class__in=classes["high_risk"]) & risky | Q(supervision_class__in=classes["other"]) & ~risky


def without_key(on: date) -> Q:
    """Of `with_grades`: there is a ceiling, and nobody stated what it goes by."""
    found = Q(pk__in=[])
    for line in lines(on):
        if line.row["key"] in STATED:
            found |= line.units & Q(**{f"{line.row['key']}__isnull": True})
    return found


def shown(row: Enterprise, on: date) -> dict[str, Any]:
    """One unit of either list as `with_grades` knows it, with both numbers of the day and what they go by."""
    unit = unit_on_day(row, row.known_on)  # type: ignore[attr-defined]  # annotated
    authority = law.lead_department(unit.sector, on) or ""
    most, document = documents.ceiling_of(authority, unit, on)
    least = documents.floor_of(unit, on)
    return {
        "enterprise": row.pk,
        "name": row.name,
        "region": row.region_code,
        "sector": unit.sector,
        "authority": authority,
        "class": unit.class_,
        "floor": least,
        "row": most.row,
        "key": most.key,
        "grade": most.grade,
        "ceiling": most.times,
        "required": rules.required(least, most.times),
        "missing": list(most.missing),
        "note": most.note,
        "source": document.source if document else "",
    }
