"""What visits are found by: the unit, the place, who was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from enterprises.search import places_of
from inspections.models import Inspection, InspectionWords
from safety_api.search import Fields, Index, declare

READ = ("pk", "started_at", "region_code", "enterprise__name", "site__name", "place", "by_name")


def _visits(keys: Iterable[Any]) -> Iterator[Fields]:
    rows = list(Inspection.objects.filter(pk__in=keys).values_list(*READ))
    places = places_of(row[2] for row in rows)
    for key, started_at, code, *fields in rows:
        yield key, [*fields, *places[code]], timezone.localdate(started_at)


VISITS = declare(Index("inspection", InspectionWords, _visits))
