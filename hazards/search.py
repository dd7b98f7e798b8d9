"""What hazards are found by: what was seen, the unit, the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from enterprises.search import places_of
from hazards.models import Hazard, HazardWords
from safety_api.search import Fields, Index, declare

READ = (
    "pk", "found_at", "region_code", "description", "enterprise__name", "site__name", "place", "standard_clause",
    "external_number",
)  # fmt: skip


def _hazards(keys: Iterable[Any]) -> Iterator[Fields]:
    rows = list(Hazard.objects.filter(pk__in=keys).values_list(*READ))
    places = places_of(row[2] for row in rows)
    for key, found_at, code, *fields in rows:
        yield key, [*fields, *places[code]], timezone.localdate(found_at)


HAZARDS = declare(Index("hazard", HazardWords, _hazards))
