"""The verbs of the flow, one function a step; which of them is possible, and for whom, stands in states.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from evidence import actions as evidence
from evidence.models import Photo
from hazards.actions.moving import finish, take
from hazards.models import Hazard
from hazards.rules import basis_missing
from hazards.states import Level, loop_of
from safety_api.permissions import Role
from safety_api.problems import FORBIDDEN, LEADER_REQUIRED, LEVEL_BASIS_REQUIRED, PHOTOS_REQUIRED

Fresh = Callable[[Hazard], None] | None


@transaction.atomic
def reject(hazard_id: UUID, *, by: Any, note: str, check_fresh: Fresh = None) -> Hazard:
    """3 不成立: by an officer who did not report it, with a reason."""
    return finish(take(hazard_id, "reject", by=by, check_fresh=check_fresh), note=note)


@transaction.atomic
def confirm(
    hazard_id: UUID, *, by: Any, level: str | None = None, standard_clause: str = "", judged_by_expert: str = "",
    deadline: date | None = None, note: str = "", check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """4 确认: sets the level. A major one needs a clause or an expert's judgement, and a department leader (DOMAIN §3.7).

    Raises LEVEL_BASIS_REQUIRED, LEADER_REQUIRED and what `take` raises.
    """
    move = take(hazard_id, "confirm", by=by, check_fresh=check_fresh)
    hazard = move.hazard
    hazard.level = level or hazard.level
    hazard.standard_clause = standard_clause or hazard.standard_clause
    hazard.judged_by_expert = judged_by_expert or hazard.judged_by_expert
    hazard.due_on = deadline or hazard.due_on
    _check_level(hazard, by)
    if hazard.level == Level.MAJOR:
        hazard.loop = loop_of(hazard.origin, hazard.level)
    columns = ["level", "loop", "standard_clause", "judged_by_expert", "due_on"]
    return finish(move, *columns, note=note, due_on=deadline, level=hazard.level)


def _check_level(hazard: Hazard, by: Any) -> None:
    if basis_missing(hazard.level, hazard.standard_clause, hazard.judged_by_expert):
        raise LEVEL_BASIS_REQUIRED()
    if hazard.level == Level.MAJOR and by.role == Role.TOWNSHIP_OFFICER:
        raise FORBIDDEN()  # 乡镇只处理巡查发现的一般隐患
    if hazard.level == Level.MAJOR and not by.is_leader:
        raise LEADER_REQUIRED()


@transaction.atomic
def close_on_spot(
    hazard_id: UUID, *, by: Any, photos: list[dict[str, Any]], note: str = "", check_fresh: Fresh = None
) -> Hazard:
    """6a 当场整改销号: a general hazard removed while the officer stands there, with a photo before and one after.

    `photos` is a manifest of what was taken after. Raises PHOTOS_REQUIRED and what `take` raises.
    """
    move = take(hazard_id, "close-on-spot", by=by, check_fresh=check_fresh)
    hazard = move.hazard
    if not photos or not photos_of(hazard).exists():
        raise PHOTOS_REQUIRED()
    evidence.declare(photos, owner_kind="hazard", owner_id=hazard.pk, by=by)
    hazard.closed_on = move.day
    return finish(move, "closed_on", note=note)


def photos_of(hazard: Hazard) -> Any:
    """Its own photos, and those of the visit that show it."""
    return Photo.objects.filter(owner_kind="hazard", owner_id=hazard.pk) | Photo.objects.filter(
        subjects__contains=[hazard.pk]
    )
