"""What the registers do in the transaction of a lower floor's fact: what is in force or waits goes along with a unit that moves; a year's
notice moves their open dates."""

from __future__ import annotations

from django.utils import timezone

from enforcement import dates
from enforcement.models import Dishonesty, Handover, Listing, ListingProposal, StopOrder
from enterprises.following import follows_moves
from enterprises.models import Enterprise
from reference.working_out import work_out_anew
from safety_api.actors import Actor
from safety_api.loads import HOLIDAYS, Loaded, follows_loads
from safety_api.trail import line, record_many


@follows_moves
def take_entries_along(unit: Enterprise, before: str, by: Actor) -> None:
    today = timezone.localdate()
    under_way = (
        Listing.objects.standing(on=today), ListingProposal.objects.open(), StopOrder.objects.active(), Handover.objects.unanswered()
    )  # fmt: skip
    for rows in under_way:
        moved = list(rows.filter(enterprise=unit, region_code=before).order_by("pk"))
        rows.model.objects.filter(pk__in=[row.pk for row in moved]).update(region_code=unit.region_code)
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
