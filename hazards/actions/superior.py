"""What the superior's platform knows of our hazards: their number, and that we have reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from hazards.models import Hazard
from safety_api.actors import Actor
from safety_api.parts import in_parts
from safety_api.trail import line, record_many

BATCH = 1000


@transaction.atomic
def mark_reported(ids: Iterable[UUID], *, on: date, by: Actor) -> int:
    """Says of these hazards of `by`'s jurisdiction that they were reported on that day; one reported before keeps its day.

    A line in the trail for each; returns how many were marked.
    """
    marked = 0
    for keys in in_parts(sorted(ids), BATCH):
        rows = Hazard.objects.visible_to(by).filter(pk__in=keys, reported_up_on=None)
        found = list(rows.select_for_update(no_key=True).only("pk", "region_code").order_by("pk"))
        Hazard.objects.filter(pk__in=[hazard.pk for hazard in found]).update(reported_up_on=on)
        record_many(line(by, "hazard.mark_reported", hazard, on=str(on)) for hazard in found)
        marked += len(found)
    return marked


@transaction.atomic
def set_external_number(numbers: Mapping[UUID, str], *, by: Actor) -> int:
    """Writes the superior's number at hazards of `by`'s jurisdiction where it differs; returns at how many."""
    changed = 0
    for keys in in_parts(sorted(numbers), BATCH):
        rows = Hazard.objects.visible_to(by).filter(pk__in=keys).select_for_update(no_key=True)
        found = list(rows.only("pk", "region_code", "external_number").order_by("pk"))
        found = [hazard for hazard in found if hazard.external_number != numbers[hazard.pk]]
        for hazard in found:
            hazard.external_number = numbers[hazard.pk]
        Hazard.objects.bulk_update(found, ["external_number"])
        record_many(line(by, "hazard.set_external_number", each, number=each.external_number) for each in found)
        changed += len(found)
    return changed
