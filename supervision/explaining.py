"""What the door answers about a class: stored parts, joined with what people decided. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.timezone import localtime

from supervision import rules
from supervision.schemes import scheme_called


def explained(row: Any, day: date, *, stored: bool = True) -> dict[str, Any]:
    """`row` as `querysets.class_on` gives it. `class` is what the office goes by on that day."""
    manual = _begun(row, day)
    by_hand = manual if manual and not manual["capped_by"] else None
    return {
        **row.answer,
        "enterprise": str(row.enterprise_id),
        "class": by_hand["effective"] if by_hand else row.effective,
        "since": by_hand["first"] if by_hand else row.since.isoformat(),
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


def _begun(row: Any, day: date) -> dict[str, Any] | None:
    """With `capped_by`: the caps that keep it from holding."""
    manual = row.manual
    if not manual or day.isoformat() > manual["until"]:
        return None
    lifted = {each["cap"] for each in manual["lifts"]}
    return {**manual, "capped_by": rules.caps_in_the_way(manual["effective"], row.answer["caps"], lifted)}


def _next_upgrade(row: Any) -> str | None:
    scheme = scheme_called(row.scheme)
    day = rules.next_upgrade_day(rules.ClassHeld(row.effective, row.since), scheme) if scheme else None
    return day.isoformat() if day else None
