"""The row that a verb moves, locked, and whether it may still be moved."""

from __future__ import annotations

from uuid import UUID

from accidents.choices import DuplicateState, StatStatus
from accidents.models import Accident
from safety_api import writing
from safety_api.actors import Actor
from safety_api.problems import WRONG_STEP
from safety_api.writing import Fresh


def locked(accident_id: UUID, by: Actor, fresh: Fresh = None) -> Accident:
    """The row of this person's jurisdiction. Raises NOT_FOUND, STALE."""
    return writing.locked(Accident.objects.visible_to(by), accident_id, fresh)


def locked_open(accident_id: UUID, by: Actor, fresh: Fresh, step: str) -> Accident:
    """The same. Raises also WRONG_STEP for one written off, or joined to another."""
    return alive(locked(accident_id, by, fresh), step)


def alive(accident: Accident, step: str) -> Accident:
    if accident.stat_status == StatStatus.WRITTEN_OFF:
        raise WRONG_STEP(state=StatStatus.WRITTEN_OFF.value, step=step, detail="事故已核销，不能再作变更。")
    if accident.joined_to_id and step != "report":
        raise WRONG_STEP(state=DuplicateState.JOINED.value, step=step, detail="已并入另一条记录，请在那条记录上办理。")
    return accident


def record_that_stays(accident: Accident) -> tuple[Accident, Accident | None]:
    """What is reported of a joined record is reported of the one that stays: (that one, locked; the joined one)."""
    if accident.joined_to_id is None:
        return accident, None
    stays = writing.locked(Accident.objects.all(), accident.joined_to_id)
    return alive(stays, "report"), accident
