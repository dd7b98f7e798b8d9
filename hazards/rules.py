"""Deadlines and what a level needs: pure functions over the dated table `deadlines` (DOMAIN §3.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hazards.states import OPEN


def default_due(found_on: date, row: dict[str, Any]) -> date:
    """The deadline when nobody named one: calendar days after the day of finding, itself not counted."""
    return found_on + timedelta(days=row["days"])


def deadline_before(found_on: date, due_on: date | None) -> bool:
    """A deadline before the day of finding is a slip of the finger: the hazard would be overdue at birth and cost the unit its class."""
    return due_on is not None and due_on < found_on


def due_warnings(found_on: date, due_on: date, row: dict[str, Any]) -> list[str]:
    """`deadline_long` above what an officer may set alone, `deadline_too_long` above the greatest: said, never refused in the field."""
    days = (due_on - found_on).days
    if days > row.get("max_days", days):
        return ["deadline_too_long"]
    return ["deadline_long"] if days > row.get("max_days_without_leader", days) else []


def is_overdue(hazard: Any, *, on: date) -> bool:
    """The same as the queryset word `overdue`, for one hazard or one row of a list; a test holds the two together."""
    due, asked = hazard.due_on, hazard.review_requested_on
    return due is not None and due < on and hazard.state in OPEN and (asked is None or asked > due)


def basis_missing(level: str, standard_clause: str, judged_by_expert: str) -> bool:
    """A major hazard names the clause of the standard that makes it one, or an expert's judgement (DOMAIN §3.1)."""
    return level == "major" and not (standard_clause.strip() or judged_by_expert.strip())
