"""挂牌、停产 What the floor above decides about a hazard, written down in its row and its history; its state stays.

Called inside the transaction of the decision itself. All raise NOT_FOUND for a hazard outside `by`'s jurisdiction.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hazards.actions.history import ACCEPTED, CONSENTED
from hazards.actions.reporting import step_line
from hazards.models import Hazard
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.trail import record
from safety_api.writing import locked, read_back, rows_for


def lock(hazard: UUID, *, by: Actor) -> Hazard:
    """The row, locked until the caller's transaction ends."""
    return locked(rows_for(Hazard, by), hazard)


@transaction.atomic
def set_listed(hazard: UUID, level: str, *, by: Actor, note: str = "", **details: Any) -> Hazard:
    """Listed at county, city or province level; delisted by "". No deadline moves: an overdue past stays overdue."""
    row = lock(hazard, by=by)
    row.listed_level = level
    return _note(row, "list" if level else "delist", "listed_level", by=by, note=note, **details)


@transaction.atomic
def note_acceptance(hazard: UUID, *, by: Actor, note: str = "", **details: Any) -> Hazard:
    """The listing body found it rectified: only now may a listed hazard close."""
    return _note(lock(hazard, by=by), ACCEPTED, by=by, note=note, **details)


@transaction.atomic
def set_production_stopped(hazard: UUID, stopped: bool, *, by: Actor, note: str = "", **details: Any) -> Hazard:
    """An order names it, one step an order; or the last order that named it has ended, and then only what was stopped goes on."""
    row = lock(hazard, by=by)
    if not (stopped or row.production_stopped):
        return row
    row.production_stopped = stopped
    name = "stop-production" if stopped else "resume-production"
    return _note(row, name, "production_stopped", by=by, note=note, **details)


@transaction.atomic
def note_consents(hazard: UUID, *, by: Actor, note: str = "", **details: Any) -> Hazard:
    """煤矿复产三方同意: signature, consent and approval are all there (煤矿安全生产条例 第四十八条)."""
    return _note(lock(hazard, by=by), CONSENTED, by=by, note=note, **details)


def _note(row: Hazard, name: str, *columns: str, by: Actor, note: str, **details: Any) -> Hazard:
    if columns:
        row.save(update_fields=columns)
        read_back(row)
    now = timezone.now()
    step_line(row, name, row.state, by=by, happened_at=now, note=note, details=details).save(force_insert=True)
    record(by, f"hazard.{name}", row, note=note, **details)
    outbox.send("hazard.moved", {"hazard": str(row.pk), "step": name})
    return row
