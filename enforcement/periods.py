"""Days that a dated period ends on: of `enforcement`, or of the hazards' `deadlines`."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference import law


def period(code: str, on: date) -> dict[str, Any]:
    """Raises NO_RULE; KeyError for a period that does not exist."""
    ours = law.read("enforcement", on, law.by_code)
    return ours[code] if code in ours else law.deadline(code, on)


def ends(code: str, after: date) -> date:
    """The last day of a period that begins the day after `after`, by the rule of that day."""
    row = period(code, after)
    return law.days_after(after, row["days"], row["day_kind"])


def regime(on: date) -> Any:
    """The dishonesty regime of a day. Raises NO_RULE before 2017."""
    return law.in_force("dishonesty", on)


def objection_ends(notified_on: date) -> date:
    row = objection_period(notified_on)
    return law.days_after(notified_on, row["days"], row["day_kind"])


def objection_period(on: date) -> dict[str, Any]:
    body = regime(on).body
    return {"days": body["objection_days"], "day_kind": body["objection_day_kind"]}
