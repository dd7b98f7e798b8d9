"""What every step has in common: lock, check the table, move, save, one line in the trail and one in the hazard's own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from hazards.actions.ending import leave_nothing
from hazards.actions.reporting import step_line
from hazards.models import Hazard
from hazards.states import Step, choose
from hazards.upward import follow
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.trail import record
from safety_api.writing import Fresh, locked

PERSONAL = frozenset({"plan"})  # names a person of the unit: in the hazard's history, not in the trail


@dataclass
class Move:
    """A step being taken inside the caller's transaction: the hazard is locked and already in its new state, in memory."""

    hazard: Hazard
    step: Step
    before: str
    by: Actor
    at: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


def take(
    hazard_id: UUID,
    name: str,
    *,
    by: Actor,
    check_fresh: Fresh = None,
    at: datetime | None = None,
) -> Move:
    """Raises NOT_FOUND, STALE, WRONG_STEP, LEADER_REQUIRED, PRINCIPAL_REQUIRED or FORBIDDEN. `at` is now unless given."""
    hazard = locked(Hazard.objects.visible_to(by).defer("point"), hazard_id, check_fresh)
    step, before = choose(hazard, name, by=by), hazard.state
    hazard.state = step.after or before
    return Move(hazard, step, before, by, at or timezone.now())


def finish(move: Move, *columns: str, note: str = "", due_on: date | None = None, **details: Any) -> Hazard:
    """Saves the state and these columns, writes both histories, ends what waited for it and notifies the floors above. `details` must be plain JSON.

    The row's new stamp is not read back: whoever shows the hazard reads it anew.
    """
    hazard, name = move.hazard, move.step.name
    hazard.save(update_fields=["state", *columns])
    insert_all(
        [
            step_line(
                hazard, name, move.before, by=move.by, happened_at=move.at, due_on=due_on, note=note, details=details
            )
        ]
    )
    trail = {key: value for key, value in details.items() if key not in PERSONAL}
    record(move.by, f"hazard.{name}", hazard, before=move.before, note=note, **trail)
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": name})
    if hazard.state != move.before:
        leave_nothing(hazard, by=move.by, note=note)
    follow(hazard, name, by=move.by, on=move.day, note=note)
    return hazard
