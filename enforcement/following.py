"""What enforcement asks of a hazard's steps, and what follows them: a case for each that is handed over, and no going on before it is decided."""

from __future__ import annotations

from datetime import date

from enforcement.actions import case
from enforcement.kinds import CaseState
from hazards.following import asked_before, follows_step
from hazards.models import Hazard
from safety_api.actors import Actor
from safety_api.problems import CASE_REQUIRED


@follows_step("enforce")
def open_case(hazard: Hazard, by: Actor, on: date, note: str) -> None:
    """11: an undecided one of before goes on."""
    if case.case_of_now(hazard) is None:
        case.opened(hazard, by=by, on=on, reason=note)


@asked_before("resume")
def check_decided(hazard: Hazard) -> None:
    """12. Raises CASE_REQUIRED."""
    now = case.case_of_now(hazard)
    if now is None or now.state == CaseState.OPEN:
        raise CASE_REQUIRED()
