"""A case for each hazard that is handed over, and no going on before it is decided; a year's notice moves the open dates of the registers."""

from __future__ import annotations

from datetime import date

from enforcement import dates
from enforcement.actions import case
from enforcement.kinds import CaseState
from enforcement.models import Dishonesty, Handover, Listing, StopOrder
from hazards.models import Hazard
from hazards.upward import asked_before, follows_step
from reference.working_out import work_out_anew
from safety_api.actors import Actor
from safety_api.loads import HOLIDAYS, Loaded, follows_loads
from safety_api.problems import CASE_REQUIRED

DATED = (
    (Handover, dates.HANDOVER),
    (Listing, dates.LISTING),
    (StopOrder, dates.STOP_ORDER),
    (Dishonesty, dates.DISHONESTY),
)


@follows_loads
def dates_move(loaded: Loaded) -> list[str]:
    since = loaded.first_of(HOLIDAYS)
    return [said for model, columns in DATED for said in work_out_anew(model, columns, since=since)] if since else []


# --- what is handed to enforcement ---------------------------------------------------------------------------------------
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
