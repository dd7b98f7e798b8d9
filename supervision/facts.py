"""The facts of a class (API.md) for many units at once: nine statements, however many, summed up by the database; two
more where a unit has risk points. Each room gives its own (`facts.py`); here they are put together.

“Within 12 months” means fewer whole ones than the `window_months` of the scheme.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accidents.facts import AccidentsAnswered, accidents_answered
from enterprises.facts import stated_facts
from hazards.facts import HazardCounts, hazard_counts, voided_since
from inspections.facts import visited
from reference.rules import window_begins
from risks.facts import risk_control
from supervision.rules import whole_months
from supervision.schemes import scheme_on


def gather(ids: Iterable[UUID], on: date) -> dict[UUID, dict[str, Any]]:
    """By id; a unit that had not begun by then is absent. Raises NO_RULE."""
    stated = stated_facts(ids, on)
    keys, first = list(stated), window_begins(on, scheme_on(on)["window_months"])
    hazards = hazard_counts(keys, first, on)
    inspected = visited(keys, first, on)
    accidents = accidents_answered(keys, first, on)
    own = risk_control(keys, first, on)
    return {
        key: {
            "on": on.isoformat(),
            **_accidents(accidents.get(key, AccidentsAnswered()), on),
            "hazards": _hazards(hazards.get(key, HazardCounts()), key in inspected),
            **_controlled(given, own.get(key)),
        }
        for key, given in stated.items()
    }


# What can only go by being taken back: nothing that a unit does puts it right on the same day.
OF_HAZARDS = ("due_12m", "on_time_12m", "major_open", "major_overdue")
TAKEN_BACK = ("penalties", "dishonesty_listed", "refused_inspection", "months_since_concealment")


def without_what_was_taken_back(unit: UUID, given: dict[str, Any], on: date, made_at: datetime) -> dict[str, Any]:
    """The facts of an evaluation of that day, but for what was taken back since it was made: hazards now void, accidents no longer held
    against the unit, facts withdrawn. What was put right since, or learned since, changes nothing of that day. Few statements, of one unit."""
    first = window_begins(on, scheme_on(on)["window_months"])
    void = _hazards(voided_since(unit, first, on, made_at), inspected=False)
    stated = stated_facts([unit], on).get(unit, given)
    return {
        **given,
        **_accidents(accidents_answered([unit], first, on).get(unit, AccidentsAnswered()), on),
        **{name: stated[name] for name in TAKEN_BACK},
        "hazards": {**given["hazards"], **{name: max(0, given["hazards"][name] - void[name]) for name in OF_HAZARDS}},
    }


def _controlled(given: dict[str, Any], own: dict[str, Any] | None) -> dict[str, Any]:
    """What a unit's risk points say comes before what was stated about them; a rate nobody can know yet stays as stated."""
    if own is None:
        return given
    missing = [base for base in given["missing_bases"] if base != "risk_control"]
    return {**given, "risk_control": {**given["risk_control"], **own}, "missing_bases": missing}


def _hazards(found: HazardCounts, inspected: bool) -> dict[str, Any]:
    return {
        "due_12m": found.due,
        "on_time_12m": found.on_time,
        "inspected_12m": inspected,
        "major_open": found.major_open,
        "major_overdue": found.major_overdue,
    }


def _accidents(found: AccidentsAnswered, on: date) -> dict[str, Any]:
    return {
        "months_since_fatal": whole_months(found.fatal_on, on) if found.fatal_on else None,
        "months_since_larger": whole_months(found.larger_on, on) if found.larger_on else None,
        "serious_injury_accidents_12m": found.serious_injuries,
        "other_accidents_12m": found.others,
    }
