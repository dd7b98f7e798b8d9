"""How many-th inspection of the year it is, and the ceiling, in words."""

from __future__ import annotations

from typing import Any

from enterprises.models import Enterprise
from evidence.papers.registry import Sheet
from inspections.ceilings.reading import number_of, year_of
from inspections.ceilings.wording import spoken
from inspections.course.facts import rule_of
from inspections.course.rules import Counted, assumed_type, counted
from inspections.models import Inspection


def spoken_year(record: Any, sheet: Sheet) -> str:
    """Of a visit that was counted its own number, of one that is still to be made the next; '' where there is no unit. A unit's own
    paper speaks of a counting visit."""
    unit = record.pk if isinstance(record, Enterprise) else record.enterprise_id
    if unit is None:
        return ""
    department = getattr(record, "department", "") or sheet.issuer.department_id or ""
    year, what = year_of(unit, department, sheet.form_of), _what(record, sheet)
    return spoken(year, _number(record, what, year), what.word)


def _what(record: Any, sheet: Sheet) -> Counted:
    if isinstance(record, Enterprise):
        return Counted("daily", True)
    rule = rule_of(sheet.form_of)
    type = record.type or (assumed_type(record.kind) if rule else "")
    return counted(rule, authority=record.authority, kind=record.kind, type=type, source=record.source)


def _number(record: Any, what: Counted, year: dict[str, Any]) -> int | None:
    if isinstance(record, Inspection) and (found := number_of(record)):
        return found
    if what.word == "supervision":
        return year["supervision"] + 1
    return year["next"] if what.counts else None
