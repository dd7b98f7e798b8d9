"""What the door answers about a class: stored parts, joined with what people decided. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import localtime

from supervision import rules
from supervision.schemes import scheme_called


def explained(row: Any, day: date, *, stored: bool = True) -> dict[str, Any]:
    """`row` as `querysets.class_on` gives it. `class` is what the office goes by on that day."""
    manual = _in_force(row.manual, day)
    return {
        **row.answer,
        "enterprise": str(row.enterprise_id),
        "class": manual["effective"] if manual else row.effective,
        "since": manual["first"] if manual else row.since.isoformat(),
        "computed": row.computed,
        "d_reason": row.d_reason or None,
        "decision": {"class": row.effective, "since": row.since.isoformat(), "step": row.step, "reason": row.reason},
        "manual": manual,
        "next_upgrade_on": _next_upgrade(row),
        "accepted_on": row.accepted_on and row.accepted_on.isoformat(),
        "facts": row.facts,
        "scheme": row.scheme,
        "on": day.isoformat(),
        "evaluated_on": row.on.isoformat(),
        "evaluated_at": localtime(row.made_at) if stored else None,
        "stored": stored,
    }


def _in_force(manual: dict[str, Any] | None, day: date) -> dict[str, Any] | None:
    return manual if manual and day.isoformat() <= manual["until"] else None


def _next_upgrade(row: Any) -> str | None:
    scheme = scheme_called(row.scheme)
    day = rules.next_upgrade_day(rules.ClassHeld(row.effective, row.since), scheme) if scheme else None
    return day.isoformat() if day else None
