"""What is in force on a day for whom: a published table of ceilings, our own factors, how visits are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from enterprises.inspection_keys import UnitOnDay
from inspections.ceilings.rules import Ceiling, ceiling, floor
from inspections.course.facts import rule_of
from reference import law
from reference.models import Document
from reference.terms import Duty

LEAD, EACH = "lead", "each"


def published(department: str, on: date) -> Document | None:
    return next(iter(law.all_in_force(on, "inspection_ceilings", department)), None)


def frequencies(on: date) -> Document | None:
    return next(iter(law.all_in_force(on, "frequencies")), None)


def counting(on: date) -> Mapping[str, Any]:
    """Of a day before all of them by the first."""
    return law.in_force_or_first("inspection_counting", on).body


def ceiling_of(department: str, unit: UnitOnDay, on: date) -> tuple[Ceiling, Document | None]:
    """With the document that it comes from."""
    theirs, ours = published(department, on), frequencies(on)
    found = ceiling(
        theirs.body if theirs else None, ours.body if ours else None, unit, directly=supervises(department, unit.sector, on)
    )  # fmt: skip
    return found, ours if found.ours else theirs


def floor_of(unit: UnitOnDay, on: date) -> int | None:
    rule = frequencies(on)
    return floor(rule.body if rule else None, unit)


def supervision_most(department: str, on: date) -> int | None:
    """How often a year 督导 at most: as published, else by the rule of the course."""
    theirs, rule = published(department, on), rule_of(on)
    return theirs.body["supervision"] if theirs else rule.supervision_most if rule else None


def supervises(department: str, sector: str, on: date) -> bool:
    rows = law.departments_of(sector, on)
    return any(each.department_id == department and each.role == Duty.SUPERVISE for each in rows)


def counted_for(department: str, joint: Iterable[str], sector: str, on: date) -> list[str]:
    """The departments that a visit counts for; '' where nobody's name stands on it and nobody stands in. What a phone calls a department
    and is none has no year."""
    rule = counting(on)
    own = department or (rule["without_department"] == LEAD and law.lead_department(sector, on)) or ""
    others = [each for each in joint if each in law.books().departments] if rule["joint"] == EACH else []
    return list(dict.fromkeys([own, *others]))
