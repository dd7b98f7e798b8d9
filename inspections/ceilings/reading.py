"""The year of a unit: how often it was inspected, by whom, and how often it may be. Two statements, however many units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Value
from django.utils.timezone import localdate

from enterprises.inspection_keys import UnitOnDay, as_of, unit_on_day
from enterprises.models import Enterprise
from inspections.ceilings import documents
from inspections.ceilings.counting import counts_of
from inspections.ceilings.rules import required
from inspections.models import Inspection, YearCount
from reference import law
from reference.terms import InspectionType

WORDS = ("daily", "special", "case", "supervision", "review", "untyped")
CASE = InspectionType.CASE
Year = dict[str, Any]


def year_of(enterprise: UUID, department: str, on: date) -> Year:
    """The year of `on` for one department ('' stands for whoever supervises the unit's sector), as far as it is known now: `daily`,
    `special`, `case`, `supervision`, `counted` towards `ceiling`, `authority` with its name, `source`, `ours`; `next` is the number that
    a further counting visit would have. Two statements."""
    return years_of([(enterprise, department)], on)[enterprise, department]


def years_of(asked: Iterable[tuple[UUID, str]], on: date) -> dict[tuple[UUID, str], Year]:
    """The same of many. A unit that is not there is absent."""
    wanted = list(asked)
    keys = {unit for unit, _ in wanted}
    units, counts = _units(keys, on), _counts(keys, on.year)
    return {
        (unit, department): _year(units[unit], counts[unit], department, on)
        for unit, department in wanted
        if unit in units
    }


def years_by_authority(enterprise: UUID, department: str, on: date) -> tuple[Year, list[Year]]:
    """That of one department, and those of all that visited in the year. Two statements."""
    unit, counts = _units({enterprise}, on)[enterprise], _counts({enterprise}, on.year)[enterprise]
    return _year(unit, counts, department, on), [_year(unit, counts, each, on) for each in sorted(counts)]


def _units(keys: Iterable[UUID], on: date) -> dict[UUID, UnitOnDay]:
    rows = Enterprise.objects.filter(pk__in=keys).only("pk").annotate(**as_of(OuterRef("pk"), Value(on)))
    return {row.pk: unit_on_day(row, on) for row in rows}


def _counts(keys: Iterable[UUID], year: int) -> dict[UUID, dict[str, Counter[str]]]:
    """Unit → department → made by word, and what counts."""
    found: dict[UUID, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows = YearCount.objects.filter(enterprise__in=list(keys), year=year)
    for unit, department, word, made, counted in rows.values_list(
        "enterprise", "department", "word", "made", "counted"
    ):
        found[unit][department].update({word or "untyped": made, "counted": counted})
    return found


def _year(unit: UnitOnDay, counts: Mapping[str, Counter[str]], department: str, on: date) -> Year:
    authority = department or law.lead_department(unit.sector, on) or ""
    made = counts.get(authority, Counter())
    most, document = documents.ceiling_of(authority, unit, on)
    least = documents.floor_of(unit, on) if documents.supervises(authority, unit.sector, on) else None
    return {
        "year": on.year,
        **{word: made[word] for word in WORDS},
        "counted": made["counted"],
        "next": made["counted"] + 1,
        "ceiling": most.times,
        "left": None if most.times is None else max(0, most.times - made["counted"]),
        "beyond_by_case": 0 if most.times is None else beyond_by_case(made["counted"], made["case"], most.times),
        "supervision_ceiling": documents.supervision_most(authority, on),
        "authority": authority,
        "authority_name": law.department(authority).name if authority in law.books().departments else "",
        "ours": most.ours,
        "source": document.source if document else "",
        "version": document.version if document else "",
        "published_by": "" if most.ours or document is None else document.body["published_by"],
        "row": most.row,
        "key": most.key,
        "grade": most.grade,
        "grade_document": most.document,
        "grade_since": most.since,
        "missing": list(most.missing),
        "note": most.note,
        "floor": least,
        "class": unit.class_,
        "required": required(least, most.times),
    }  # fmt: skip


def beyond_by_case(counted: int, cases: int, most: int) -> int:
    """How many of the cases were made beyond the ceiling, never more than there were."""
    return min(cases, max(0, counted + cases - most))


def would_exceed(year: Mapping[str, Any], *, word: str, counts: bool) -> bool:
    """Whether one more visit of this kind would pass the ceiling; a case passes it lawfully, and shows that it does. Pure."""
    if word == "supervision":
        most, then = year["supervision_ceiling"], year["supervision"] + 1
    else:
        most, then = year["ceiling"], year["counted"] + (year["case"] if word == CASE else 0) + 1
    return most is not None and then > most and (counts or word in ("supervision", CASE))


def number_of(visit: Inspection) -> int | None:
    """Which one it is of the counting visits of its department in its year (of 督导, of those); None for one that counts for nobody."""
    if visit.enterprise_id is None:
        return None
    return counts_of([visit.enterprise_id], localdate(visit.started_at).year).places.get(visit.pk)
