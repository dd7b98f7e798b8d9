"""How many-th inspection of the year it is, and the ceiling, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from enterprises.models import Enterprise
from evidence.papers.registry import Sheet
from inspections.ceilings.reading import number_of, year_of
from inspections.ceilings.wording import spoken
from inspections.course.facts import rule_of
from inspections.course.rules import Counted, assumed_type, counted
from inspections.models import Authority, Inspection, VisitKind


def spoken_year(record: Any, sheet: Sheet, *, type: str, source: Mapping[str, Any]) -> str:
    """Of a visit that was counted its own number, of one that is still to be made the next; '' where there is no unit. `type` and
    `source` as the paper says them."""
    unit = record.pk if isinstance(record, Enterprise) else record.enterprise_id
    if unit is None:
        return ""
    department = getattr(record, "department", "") or sheet.issuer.department_id or ""
    year, what = year_of(unit, department, sheet.form_of), _what(record, sheet, type, source)
    return spoken(year, _number(record, what, year), what.word)


def _what(record: Any, sheet: Sheet, type: str, source: Mapping[str, Any]) -> Counted:
    rule, planned = rule_of(sheet.form_of), isinstance(record, Enterprise)
    kind = VisitKind.ROUTINE if planned else record.kind
    authority = Authority.ADMINISTRATIVE if planned else record.authority
    return counted(
        rule, authority=authority, kind=kind, type=type or (assumed_type(kind) if rule else ""), source=source
    )


def _number(record: Any, what: Counted, year: dict[str, Any]) -> int | None:
    if isinstance(record, Inspection) and (found := number_of(record)):
        return found
    if what.word == "supervision":
        return year["supervision"] + 1
    return year["next"] if what.counts else None
