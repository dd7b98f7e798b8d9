"""A visit entered twice is joined to the one that stays, with the findings that stand in both, and separated again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from hazards.duplicates.joining import join_findings, separate_findings
from inspections.ceilings.counting import hold, recount
from inspections.models import Inspection, InspectionPair
from safety_api import doubles
from safety_api.actors import Actor
from safety_api.pairs import PairState
from safety_api.problems import NOT_A_DOUBLE, NOT_FOUND, WRONG_STEP
from safety_api.trail import record
from safety_api.writing import Fresh

MOST_DAYS = 1  # between two visits that are one
PLACE = ("enterprise_id", "site_id", "place")


@transaction.atomic
def join(inspection_id: UUID, *, into: UUID, by: Actor, reason: str, fresh: Fresh = None) -> Inspection:
    """This record and `into` are one visit: `into` stays and counts, this one is kept beside it with its photos and its own findings.

    Raises NOT_A_DOUBLE for other places or days, TWICE, NOT_FOUND, STALE, WRONG_STEP.
    """
    seen = Inspection.objects.visible_to(by)
    hold(seen.filter(pk=inspection_id).values_list("enterprise", flat=True))
    duplicate, stays = doubles.both(seen, inspection_id, into)
    if fresh:
        fresh(duplicate)
    _check(duplicate, stays)
    duplicate.joined_to = stays
    doubles.answer(InspectionPair, duplicate, stays, by, state=PairState.JOINED, stays=stays, reason=reason)
    joined = join_findings(duplicate.pk, stays.pk, by=by, reason=reason)
    return _write(duplicate, stays, "join", by, reason=reason, into=str(into), hazards=[str(key) for key in joined])


@transaction.atomic
def separate(inspection_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Inspection:
    """They were two after all, and so were their findings. Raises NOT_FOUND, STALE, WRONG_STEP, and what separating a finding raises."""
    found = Inspection.objects.visible_to(by).filter(pk=inspection_id).first()
    if found is None:
        raise NOT_FOUND()
    if found.joined_to_id is None:
        raise WRONG_STEP(state=PairState.SEPARATED.value, step="separate", detail="这次检查没有并入其他记录。")
    hold([found.enterprise_id])
    duplicate, stays = doubles.both(Inspection.objects.visible_to(by), inspection_id, found.joined_to_id)
    if fresh:
        fresh(duplicate)
    if duplicate.joined_to_id != stays.pk:
        raise WRONG_STEP(state=PairState.SEPARATED.value, step="separate")
    duplicate.joined_to = None
    doubles.answer(InspectionPair, duplicate, stays, by, state=PairState.SEPARATED, stays=None, reason=reason)
    separate_findings(duplicate.pk, stays.pk, by=by, reason=reason)
    return _write(duplicate, stays, "separate", by, reason=reason, from_=str(stays.pk))


def _check(duplicate: Inspection, stays: Inspection) -> None:
    if duplicate.joined_to_id or stays.joined_to_id or duplicate.doubles.exists():
        raise WRONG_STEP(
            state=PairState.JOINED.value,
            step="join",
            detail="已并入其他记录，或已有其他记录并入它，请选它为保留的记录。",
        )
    same = all(getattr(duplicate, name) == getattr(stays, name) for name in PLACE)
    if not same or abs(duplicate.started_at - stays.started_at) > timedelta(days=MOST_DAYS):
        raise NOT_A_DOUBLE(days=MOST_DAYS)


def _write(duplicate: Inspection, stays: Inspection, verb: str, by: Actor, **details: Any) -> Inspection:
    duplicate.save(update_fields=["joined_to"])
    record(by, f"inspection.{verb}", duplicate, **details)
    record(by, f"inspection.{verb}_double", stays, double=str(duplicate.pk))
    recount([duplicate.enterprise_id] if duplicate.enterprise_id else [])
    return duplicate
