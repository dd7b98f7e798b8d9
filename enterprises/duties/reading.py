"""The texts of the day and the rows of a unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from enterprises.duties import rules
from enterprises.duties.rules import Due, Limit
from enterprises.models import Enterprise, Insurance, StatedFact
from reference import law
from reference.models import Document

KINDS = (rules.PLAN, rules.DRILL, rules.OPERATION)


def limits() -> tuple[Limit, ...]:
    return tuple(law.understood(Limit.read, each) for each in law.books().documents.get("insurance_limits", []))


def editions() -> list[Document]:
    """Catalogues of special operations, of all days: a certificate is of the day of its issue."""
    return law.books().documents.get("special_operations", [])


def plan_law(on: date) -> Document:
    return law.in_force_or_first("plan_duties", on)


def catalogue(on: date) -> Document | None:
    """Of special operations: the one of a day of issue."""
    return next(iter(law.all_in_force(on, "special_operations")), None)


def standard(on: date) -> Document | None:
    """标准化: the one a certificate of that day rests on."""
    return next(iter(law.all_in_force(on, "standardization_editions")), None)


def dues_of(unit: Enterprise, on: date) -> list[Due]:
    """Soonest first, what has no day last. Two queries."""
    facts = list(
        StatedFact.objects.known().begun(on).filter(enterprise=unit, kind__in=KINDS).order_by("held_from", "known_from")
    )
    policies = list(Insurance.objects.known().begun(on).filter(enterprise=unit).order_by("held_from"))
    return in_order(dues(unit, facts, policies, on))


def dues(unit: Any, facts: Iterable[Any], policies: Iterable[Any], on: date) -> list[Due]:
    """Of rows at hand; `unit` is anything with the columns of its condition."""
    calendar, by_kind = law.calendar(), {kind: [each for each in facts if each.kind == kind] for kind in KINDS}
    drills = plan_law(on)
    plans = [each for each in by_kind[rules.PLAN] if each.held_to is None or on <= each.held_to]
    return [
        *(due for each in plans for due in _of_plan(each, unit, calendar, on)),
        *rules.of_drills(by_kind[rules.DRILL], unit, unit.opened_on, drills.body, drills.source),
        *rules.of_operations(by_kind[rules.OPERATION], editions()),
        *rules.of_policies(list(policies), on),
    ]


def _of_plan(plan: Any, unit: Any, calendar: Any, on: date) -> Iterable[Due]:
    """By the text in force on the day of its publication."""
    found = plan_law(plan.held_from)
    return rules.of_plan(plan, unit, found.body, found.source, calendar, on)


def in_order(found: Iterable[Due]) -> list[Due]:
    return sorted(found, key=lambda each: (each.due_on or date.max, each.kind, each.what, each.name))


def remind_days(kind: str, on: date) -> int:
    """How long before its day a unit hears of it: of a certificate by its catalogue's row, of all else by that of plans."""
    found = catalogue(on) if kind == rules.OPERATION else None
    return (found or plan_law(on)).body["remind_days"]
