"""不予处罚 A hazard that its unit found and reported itself and is removing effectively (晋政发〔2026〕1号): marked and warned of, never a bar.

What “effectively” means is ours until somebody decides it: within its term, never overdue, and not found again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from hazards.rules import is_overdue
from hazards.states import Origin, State
from reference import law
from reference.models import Document

NO_HAZARD = frozenset({State.DRAFT, State.REJECTED, State.VOID, State.TRANSFERRED})


def is_removed_effectively(hazard: Any, *, on: date) -> bool:
    found_again = hazard.recurrence_of_id is not None or hazard.repeat_of_id is not None
    late = hazard.due_on is None or hazard.overdue_since is not None or is_overdue(hazard, on=on)
    return hazard.state not in NO_HAZARD and not found_again and not late


def rule_for(hazard: Any, *, on: date) -> Document | None:
    """The text of the day on which it was found, when it is one that is not to be fined."""
    if hazard.origin != Origin.SELF or not is_removed_effectively(hazard, on=on):
        return None
    return next(iter(law.all_in_force(timezone.localdate(hazard.found_at), "self_reported")), None)


def no_penalty(hazard: Any, *, on: date) -> dict[str, str] | None:
    """What is shown of it."""
    found = rule_for(hazard, on=on)
    return {"basis": found.body["basis"], "sentence": found.body["sentence"]} if found else None
