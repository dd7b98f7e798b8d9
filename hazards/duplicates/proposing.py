"""Which hazards may be one: found within days of each other at the same unit, site or spot, on the same item or in the same words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from geo.coordinates import metres_between
from hazards.models import Hazard, HazardPair
from hazards.states import State
from reference import law

NO_HAZARDS = (State.DRAFT, State.VOID, State.REJECTED, State.TRANSFERRED)
METRES_A_DEGREE = 80_000  # of longitude at 44° N; a wide enough box for the index, the sphere decides


def propose(hazards: Iterable[Hazard]) -> int:
    """Once each: a pair that was answered is not proposed again."""
    pairs = [HazardPair(first=first, second=second) for each in hazards for first, second in _pairs(each)]
    return len(HazardPair.objects.bulk_create(pairs, ignore_conflicts=True))


def _pairs(hazard: Hazard) -> Iterable[tuple[Hazard, Hazard]]:
    limits = law.field_remarks(timezone.localdate(hazard.found_at))["doubles"]
    apart = timedelta(days=limits["hazard_days"])
    rows = Hazard.objects.exclude(state__in=NO_HAZARDS).exclude(pk=hazard.pk)
    rows = rows.filter(_said_alike(hazard), found_at__range=(hazard.found_at - apart, hazard.found_at + apart))
    if hazard.inspection_id:
        rows = rows.exclude(inspection_id=hazard.inspection_id)  # two findings of one visit are two
    for other in _at_the_same_place(hazard, rows, limits["metres"]):
        yield tuple(sorted((hazard, other), key=lambda each: (each.received_at, each.pk)))  # type: ignore[misc]


def _said_alike(hazard: Hazard) -> Q:
    words = Q(description=hazard.description)
    return words | Q(item=hazard.item) if hazard.item else words


def _at_the_same_place(hazard: Hazard, rows: QuerySet[Hazard], metres: int) -> Iterable[Hazard]:
    if hazard.enterprise_id or hazard.site_id:
        return rows.filter(enterprise=hazard.enterprise_id, site=hazard.site_id)
    rows = rows.filter(enterprise=None, site=None)
    if hazard.point is None:
        return rows.filter(region_code=hazard.region_code, place=hazard.place)
    near = rows.filter(point__bboverlaps=hazard.point.buffer(metres / METRES_A_DEGREE))
    return [each for each in near if metres_between(_of(hazard), _of(each)) <= metres]


def _of(hazard: Any) -> tuple[float, float]:
    return hazard.point.x, hazard.point.y
