"""What the registers do when their unit moves: what is still in force or waits for an answer goes along."""

from __future__ import annotations

from django.utils import timezone

from enforcement.models import Handover, Listing, ListingProposal, StopOrder
from enterprises.following import follows_moves
from enterprises.models import Enterprise
from safety_api.actors import Actor
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
