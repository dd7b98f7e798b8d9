"""责令整改 on the spot: two certified officers of a visit order what they found, confirmed by them, in the visit's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from hazards.actions.deadlines import check_deadline
from hazards.actions.reporting import step_line
from hazards.models import Hazard
from hazards.officers import two_certified
from hazards.states import State
from reference.terms import HazardLevel, Loop
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.problems import CERTIFICATE_REQUIRED, COMPANION_NOT_HERE, TWO_OFFICERS_REQUIRED, Problem
from safety_api.remarks import Remark
from safety_api.roles import ENFORCING
from safety_api.trail import line, record_many

Officers = list[dict[str, str]]
WORD_OF = {
    TWO_OFFICERS_REQUIRED.code: Remark.NOT_ORDERED_ALONE,
    COMPANION_NOT_HERE.code: Remark.NOT_ORDERED_ALONE,
    CERTIFICATE_REQUIRED.code: Remark.NOT_ORDERED_UNCERTIFIED,
}


def order_in_visit(
    hazards: Sequence[Hazard], measures: Mapping[UUID, str], *, inspection_id: UUID, at: datetime, companions: Sequence[UUID], by: Actor,
    paper: Callable[[list[Hazard], Officers], dict[str, Any]],
) -> list[Remark]:  # fmt: skip
    """Orders what can be ordered of the hazards just written; the rest stays reported, with a remark. Returns the remarks.

    `measures` names the hazards, with what is to be done; `paper` makes the one paper of all that were ordered, and is called once they are
    saved so.
    """
    wanted = [hazard for hazard in hazards if hazard.pk in measures]
    officers, lacking = _officers(wanted[0], companions, at, by)
    words = {hazard: lacking or _kept_back(hazard, at, by) for hazard in wanted}
    if taken := [hazard for hazard in wanted if words[hazard] is None]:
        _order(taken, measures, officers, inspection_id, at, by, paper)
    _remark({hazard: word for hazard, word in words.items() if word})
    return sorted({word for word in words.values() if word})


def _officers(hazard: Hazard, companions: Sequence[UUID], at: datetime, by: Actor) -> tuple[Officers, Remark | None]:
    if by.role not in ENFORCING:
        return [], Remark.NOT_ORDERED
    try:
        return two_certified(by, companions, hazard=hazard, on=timezone.localdate(at)), None
    except Problem as problem:
        return [], WORD_OF.get(problem.kind.code, Remark.NOT_ORDERED)


def _kept_back(hazard: Hazard, at: datetime, by: Actor) -> Remark | None:
    if hazard.level == HazardLevel.MAJOR:
        return Remark.NOT_ORDERED_MAJOR
    try:
        if hazard.due_on:
            check_deadline(hazard, hazard.due_on, on=timezone.localdate(at), by=by)
    except Problem:
        return Remark.NOT_ORDERED
    return None


def _order(
    taken: list[Hazard], measures: Mapping[UUID, str], officers: Officers, visit: UUID, at: datetime, by: Actor,
    paper: Callable[[list[Hazard], Officers], dict[str, Any]],
) -> None:  # fmt: skip
    Hazard.objects.filter(pk__in=[hazard.pk for hazard in taken]).update(state=State.ORDERED, loop=Loop.COUNTY)
    known = {"officers": officers, "inspection": str(visit)}
    made = {"notice": False, **known, **paper(taken, officers)}
    lines = [
        each
        for hazard in taken
        for each in (
            _step(hazard, "confirm", State.CONFIRMED, at, by, level=hazard.level, **known),
            _step(hazard, "order", State.ORDERED, at, by, onsite_measures=measures[hazard.pk], **made),
        )
    ]
    insert_all(lines)
    record_many([line(by, f"hazard.{each.step}", each.hazard, before=each.before, **each.details) for each in lines])
    outbox.send_many("hazard.moved", [{"hazard": str(each.hazard_id), "step": each.step} for each in lines])


def _step(hazard: Hazard, name: str, after: State, at: datetime, by: Actor, **details: Any) -> Any:
    before, hazard.state, hazard.loop = hazard.state, after, Loop.COUNTY
    due_on = hazard.due_on if name == "order" else None
    return step_line(hazard, name, before, by=by, happened_at=at, due_on=due_on, details=details)


def _remark(words: Mapping[Hazard, Remark]) -> None:
    for hazard, word in words.items():
        hazard.warnings = sorted({*hazard.warnings, word})
    Hazard.objects.bulk_update(list(words), ["warnings"])
