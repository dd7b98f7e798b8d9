"""提示 What only the map, the list of places or other visits tell of a visit: worked out by the worker, after the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hazards.remarks import came, of_the_place, offices_of
from inspections.models import Inspection, InspectionPair
from inspections.rules import in_two_places, likely_double, on_one_item, same_content
from reference import law
from safety_api.days import during
from safety_api.remarks import Remark
from safety_api.writing import remark

LONGEST = timedelta(days=1)  # of a visit, where visits are looked for that began before another ended


@transaction.atomic
def remark_received(inspection_id: UUID | str) -> int:
    """Safe to repeat. Of two that are alike the one that came later is remarked, of two at odds both."""
    visit = Inspection.objects.select_related("enterprise", "site").filter(pk=inspection_id).first()
    if visit is None:
        return 0
    on = timezone.localdate(visit.started_at)
    words: dict[UUID, set[str]] = defaultdict(set, {visit.pk: of_the_place(visit, on)})
    _compare(visit, on, words)
    return remark(Inspection, words, "inspection.remark")


def _compare(visit: Inspection, on: date, words: dict[UUID, set[str]]) -> None:
    others = list(_beside(visit, on))
    _propose(visit, others, timedelta(minutes=law.field_remarks(on)["doubles"]["visit_minutes"]))
    offices = offices_of([visit.by_id, *(each.by_id for each in others)]) if others else {}
    apart = law.field_remarks(on)["apart_metres"]
    for other in others:
        if same_content(visit, other):
            words[max(visit, other, key=came).pk].add(Remark.SAME_CONTENT)
            continue
        both = [Remark.TWO_PLACES] if in_two_places(visit, other, apart) else []
        both += [Remark.TWO_OFFICES] if on_one_item(visit, other, offices) else []
        words[visit.pk].update(both)
        words[other.pk].update(both)


def _propose(visit: Inspection, others: Iterable[Inspection], apart: timedelta) -> None:
    """Once each as likely doubles: a pair that was answered is not proposed again."""
    likely = [sorted((visit, other), key=came) for other in others if likely_double(visit, other, apart)]
    pairs = [InspectionPair(first=first, second=second) for first, second in likely]
    InspectionPair.objects.bulk_create(pairs, ignore_conflicts=True)


def _beside(visit: Inspection, on: date) -> Iterable[Inspection]:
    """At the same unit or site on the same day, or of any of the same people at the same time."""
    people = [visit.by_id, *visit.companions]
    same_time = Q(
        started_at__lt=visit.finished_at, finished_at__gt=visit.started_at, started_at__gt=visit.started_at - LONGEST
    )
    same_moment = Q(started_at=visit.started_at)  # also of a visit that was over at once
    if visit.started_told_at:
        same_moment |= Q(started_told_at=visit.started_told_at)
    rows = Q(Q(by_id__in=people) | Q(companions__overlap=people), same_time | same_moment)
    if there := {name: key for name in ("enterprise", "site") if (key := getattr(visit, f"{name}_id"))}:
        rows |= Q(during("started_at", on, on), **there)
    return Inspection.objects.single().filter(rows).exclude(pk=visit.pk)
