"""Who holds the records of places that ended: successor after successor until one that is there, of a village without one its township's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from typing import Any

from django.db.models import Count, Max

from geo.codes import level_of, whole
from geo.models import Region, RegionSuccession
from safety_api import merged


def stamp() -> Any:
    return tuple(RegionSuccession.objects.aggregate(last=Max("pk"), rows=Count("pk")).values())


def read() -> dict[str, str]:
    after: dict[str, list[str]] = defaultdict(list)
    for before, now in RegionSuccession.objects.exclude(successor=None).values_list("predecessor", "successor"):
        after[before].append(str(now))
    ended = set(Region.objects.exclude(valid_to=None).values_list("code", flat=True))
    return heirs(ended, after)


def heirs(ended: Set[str], after: Mapping[str, list[str]]) -> dict[str, str]:
    """Pure. Nobody's successor is known: the place is left out, and its records stay where its code says."""
    found = {code: _heir(code, ended, after) for code in sorted(ended)}
    return {code: now for code, now in found.items() if now}


def _heir(code: str, ended: Set[str], after: Mapping[str, list[str]]) -> str:
    seen: set[str] = set()
    at = code
    while at in ended and at not in seen:
        seen.add(at)
        at = min(after.get(at, ()), default="") or _of_township(at, ended)
    return at if at not in seen else ""


def _of_township(code: str, ended: Set[str]) -> str:
    """A village nobody named a successor for goes where its township went."""
    township = whole(code[:9])
    return township if level_of(code) == "village" and township in ended else ""


merged.reads_merged(stamp, read)
