"""What the registers do in the transaction of a lower floor's fact: a case for each hazard that is handed over, and no going on before it
is decided; what is in force or waits goes along with a unit that moves; a year's notice moves their open dates."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from enforcement import dates
from enforcement.actions import case
from enforcement.kinds import CaseState
from enforcement.models import Case, Dishonesty, Handover, Listing, ListingProposal, StopOrder
from enterprises.following import follows_moves
from enterprises.models import Enterprise
from hazards.models import Hazard
from hazards.upward import asked_before, follows_step
from inbox import actions as inbox
from reference.working_out import work_out_anew
from safety_api.actors import Actor
from safety_api.loads import HOLIDAYS, Loaded, follows_loads
from safety_api.problems import CASE_REQUIRED
from safety_api.trail import line, record_many


@follows_moves
def take_entries_along(unit: Enterprise, before: str, by: Actor) -> None:
    today = timezone.localdate()
    under_way = (
        Listing.objects.standing(on=today), ListingProposal.objects.open(), StopOrder.objects.active(),
        Handover.objects.unanswered(), Case.objects.undecided(),
    )  # fmt: skip
    for rows in under_way:
        moved = list(rows.filter(enterprise=unit, region_code=before).order_by("pk"))
        rows.model.objects.filter(pk__in=[row.pk for row in moved]).update(region_code=unit.region_code)
        inbox.move([row.pk for row in moved], region_code=unit.region_code)
        record_many(
            line(by, f"{row._meta.model_name}.relocate", row, before=before, after=unit.region_code) for row in moved
        )


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


@follows_step("void")
def end_case(hazard: Hazard, by: Actor, on: date, note: str) -> None:
    """14: there was nothing to punish."""
    case.ended_with(hazard, by=by, on=on, note=note)


@asked_before("resume")
def check_decided(hazard: Hazard) -> None:
    """12. Raises CASE_REQUIRED."""
    now = case.case_of_now(hazard)
    if now is None or now.state == CaseState.OPEN:
        raise CASE_REQUIRED()
