"""提示 What only the map, the list of places or other hazards tell of a hazard: worked out by the worker, after the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.jurisdiction import office_of
from accounts.models import User
from geo.coordinates import metres_between
from geo.models import Region
from hazards.models import Hazard
from hazards.rules import is_far, is_vague
from hazards.states import Origin, State
from reference import law
from safety_api import merged
from safety_api.days import during
from safety_api.remarks import Remark
from safety_api.writing import remark

NO_HAZARDS = (State.DRAFT, State.VOID)


@transaction.atomic
def remark_reported(keys: Sequence[str]) -> int:
    """Safe to repeat. Of two that are alike the one that came later is remarked, of two offices both."""
    words: dict[UUID, set[str]] = defaultdict(set)
    for hazard in Hazard.objects.filter(pk__in=keys).exclude(state__in=NO_HAZARDS).select_related("enterprise", "site"):
        on = timezone.localdate(hazard.found_at)
        words[hazard.pk] |= of_the_place(hazard, on)
        for other in _alike(hazard):
            words[max(hazard, other, key=came).pk].add(Remark.SAME_CONTENT)
        for other in _of_another_office(hazard, on):
            words[hazard.pk].add(Remark.TWO_OFFICES)
            words[other.pk].add(Remark.TWO_OFFICES)
    return remark(Hazard, words, "hazard.remark")


def came(record: Any) -> tuple[Any, UUID]:
    """In the order of receipt."""
    return record.received_at, record.pk


def _alike(hazard: Hazard) -> Iterable[Hazard]:
    """The same words by the same person of the same place and moment, under another id."""
    told = "found_told_at" if hazard.found_told_at else "found_at"
    same = (told, "reported_by", "enterprise_id", "site_id", "place", "region_code", "item", "description")
    rows = Hazard.objects.filter(transferred_from=None, **{name: getattr(hazard, name) for name in same})
    return rows.exclude(pk=hazard.pk).exclude(state__in=NO_HAZARDS).only("received_at")


def _of_another_office(hazard: Hazard, on: date) -> list[Hazard]:
    """On the same item of the same unit or site, on the same day; what a unit finds itself is nobody's visit."""
    if not hazard.item or hazard.origin == Origin.SELF or not (hazard.enterprise_id or hazard.site_id):
        return []
    there = Q(enterprise=hazard.enterprise_id) if hazard.enterprise_id else Q(site=hazard.site_id)
    rows = Hazard.objects.filter(there, during("found_at", on, on), item=hazard.item).exclude(origin=Origin.SELF)
    others = list(rows.exclude(pk=hazard.pk).exclude(state__in=NO_HAZARDS).exclude(reported_by=hazard.reported_by))
    offices = offices_of([hazard.reported_by, *(each.reported_by for each in others)]) if others else {}
    return [each for each in others if offices.get(each.reported_by) != offices.get(hazard.reported_by)]


def offices_of(people: Iterable[UUID]) -> Mapping[UUID, str]:
    return {user.pk: office_of(user) for user in User.objects.filter(pk__in=list(people))}


# --- the place ---------------------------------------------------------------------------------------------------------
def of_the_place(record: Any, on: date) -> set[str]:
    """What its point and its region say; `record` is a hazard or a visit, with its unit and site."""
    limits = law.field_remarks(on)
    found = (
        {Remark.ENDED_REGION} if Region.objects.filter(code=record.region_code, valid_to__lte=on).exists() else set()
    )
    if record.point is None or is_vague(record.accuracy_m, limits) or Remark.OUTSIDE_COUNTY in record.warnings:
        return {str(word) for word in found}
    around = Region.objects.around(record.point).values_list("code", flat=True).first()
    if around and around[:9] != merged.heir(record.region_code)[:9]:
        found.add(Remark.POINT_ELSEWHERE)
    if is_far(_metres_from_unit(record), record.accuracy_m, limits):
        found.add(Remark.FAR_FROM_UNIT)
    return {str(word) for word in found}


def _metres_from_unit(record: Any) -> float | None:
    """From where the register has the site, or else the unit; None where it has neither."""
    known = [each.point for each in (record.site, record.enterprise) if each is not None and each.point]
    return metres_between(record.point.coords, known[0].coords) if known else None
