"""What accidents are found by: what happened, where, at which units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from accidents.models import Accident, AccidentUnit, AccidentWords
from enterprises.search import places_of
from safety_api.search import Fields, Index, declare

READ = ("pk", "occurred_at", "region_code", "description", "place")


def _accidents(keys: Iterable[Any]) -> Iterator[Fields]:
    rows = list(Accident.objects.filter(pk__in=keys).values_list(*READ))
    places, units = places_of(row[2] for row in rows), defaultdict(list)
    for key, name in AccidentUnit.objects.known().filter(accident__in=keys).values_list("accident_id", "enterprise__name"):
        units[key].append(name)
    for key, occurred_at, code, *fields in rows:
        yield key, [*fields, *units[key], *places[code]], timezone.localdate(occurred_at)


ACCIDENTS = declare(Index("accident", AccidentWords, _accidents))
