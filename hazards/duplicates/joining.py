"""A hazard entered twice is joined to the one that stays, and separated again: it counts once, both are kept and readable.

A joined hazard is void with a name for what it was part of, so that whatever counts hazards counts it no more; its history says from
which state it came, and there it goes back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hazards.actions.ending import leave_nothing
from hazards.actions.reporting import step_line
from hazards.models import Hazard, HazardPair
from hazards.rules import is_overdue
from hazards.states import State
from reference import law
from reference.terms import HazardLevel, Loop
from safety_api import doubles, outbox
from safety_api.actors import Actor
from safety_api.pairs import PairState
from safety_api.problems import DOUBLE_WEIGHS_MORE, FORBIDDEN, LEADER_REQUIRED, NOT_A_DOUBLE, NOT_FOUND, WRONG_STEP
from safety_api.roles import Role
from safety_api.trail import SYSTEM, record
from safety_api.writing import Fresh

UNTOUCHED = frozenset({State.REPORTED, State.CONFIRMED})  # nobody was told yet
JOINED_FROM = UNTOUCHED | {State.ORDERED, State.RECTIFYING, State.REVIEW_REQUESTED, State.CLOSED}
STAYS_IN = JOINED_FROM | {State.ENFORCEMENT}


@transaction.atomic
def join(hazard_id: UUID, *, into: UUID, by: Actor, reason: str, fresh: Fresh = None) -> Hazard:
    """This record and `into` are one hazard: `into` stays, this one counts no more.

    Nobody loses a graver or an overdue one so: raises DOUBLE_WEIGHS_MORE. Raises NOT_A_DOUBLE for other units or other days, FORBIDDEN for
    what is not a township's, LEADER_REQUIRED once it was ordered, TWICE, NOT_FOUND, STALE, WRONG_STEP.
    """
    duplicate, stays = doubles.both(Hazard.objects.visible_to(by), hazard_id, into)
    if fresh:
        fresh(duplicate)
    _check_states(duplicate, stays)
    for each in (duplicate, stays):
        _check_may(each, by)
    _check_same(duplicate, stays)
    _check_weighs_no_more(duplicate, stays)
    return _join(duplicate, stays, by, reason)


def _join(duplicate: Hazard, stays: Hazard, by: Actor, reason: str) -> Hazard:
    before, duplicate.state, duplicate.joined_to = duplicate.state, State.VOID, stays
    doubles.answer(HazardPair, duplicate, stays, by, state=PairState.JOINED, stays=stays, reason=reason)
    _write(duplicate, "join", before, by, reason, into=str(stays.pk))
    leave_nothing(duplicate, by=by, note=reason)
    _note(stays, "take-double", by, reason, double=str(duplicate.pk))
    return duplicate


@transaction.atomic
def separate(hazard_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Hazard:
    """They were two after all: it is again what it was before. Raises NOT_FOUND, STALE, FORBIDDEN, LEADER_REQUIRED, WRONG_STEP."""
    found = Hazard.objects.visible_to(by).filter(pk=hazard_id).first()
    if found is None:
        raise NOT_FOUND()
    if found.joined_to_id is None:
        raise WRONG_STEP(state=found.state, step="separate", detail="这条隐患没有并入其他隐患。")
    duplicate, stays = doubles.both(Hazard.objects.visible_to(by), hazard_id, found.joined_to_id)
    if fresh:
        fresh(duplicate)
    if duplicate.joined_to_id != stays.pk:
        raise WRONG_STEP(state=duplicate.state, step="separate")
    before = duplicate.steps.filter(step="join").order_by("-id").values_list("before", flat=True)[0]
    duplicate.state, duplicate.joined_to = before, None
    _check_may(duplicate, by)
    doubles.answer(HazardPair, duplicate, stays, by, state=PairState.SEPARATED, stays=None, reason=reason)
    _write(duplicate, "separate", State.VOID, by, reason, from_=str(stays.pk))
    _note(stays, "give-double-back", by, reason, double=str(duplicate.pk))
    return duplicate


def join_findings(duplicate: UUID, stays: UUID, *, by: Actor, reason: str) -> list[UUID]:
    """Of two visits that are one: each finding that stands in both, where it can be joined and by this person; others stay two until
    somebody who may joins them. In the caller's transaction; the order of ids is the order of locks."""
    rows = (
        Hazard.objects.select_for_update()
        .filter(inspection_id__in=[duplicate, stays], state__in=STAYS_IN)
        .order_by("pk")
    )
    kept = {(each.item, each.description): each for each in rows if each.inspection_id == stays}
    found = [(each, kept.get((each.item, each.description))) for each in rows if each.inspection_id == duplicate]
    alike = [(each, other) for each, other in found if other and _may_join(each, other, by)]
    return [_join(each, other, by, reason).pk for each, other in alike]


def separate_findings(duplicate: UUID, stays: UUID, *, by: Actor, reason: str) -> None:
    rows = Hazard.objects.filter(inspection_id=duplicate, joined_to__inspection_id=stays).order_by("pk")
    for key in list(rows.values_list("pk", flat=True)):
        separate(key, by=by, reason=reason)


# --- what is asked --------------------------------------------------------------------------------------------------------
def _may_join(duplicate: Hazard, stays: Hazard, by: Actor) -> bool:
    open_to_all = duplicate.state in JOINED_FROM and not _weighs(duplicate, stays)
    return open_to_all and not any(_refusal(each, by) for each in (duplicate, stays))


def _check_states(duplicate: Hazard, stays: Hazard) -> None:
    if duplicate.joined_to_id or duplicate.state not in JOINED_FROM or duplicate.doubles.exists():
        raise WRONG_STEP(state=duplicate.state, step="join", detail="本条已了结、已并入他条或另有他条并入，不能并入。")
    if stays.joined_to_id or stays.state not in STAYS_IN:
        raise WRONG_STEP(state=stays.state, step="join", detail="要保留的一条已撤销、不成立或已并入他条。")


def _check_may(hazard: Hazard, by: Actor) -> None:
    if refusal := _refusal(hazard, by):
        raise refusal


def _refusal(hazard: Hazard, by: Actor) -> Exception | None:
    if by is SYSTEM:
        return None
    if by.role == Role.TOWNSHIP_OFFICER:
        ours = hazard.loop == Loop.TOWNSHIP and hazard.level == HazardLevel.GENERAL
        return None if ours else FORBIDDEN(detail="乡镇只合并、拆分本乡镇闭环的一般隐患。")
    return None if hazard.state in UNTOUCHED or by.is_leader else LEADER_REQUIRED()


def _check_same(duplicate: Hazard, stays: Hazard) -> None:
    days = law.field_remarks(timezone.localdate(stays.found_at))["doubles"]["hazard_days"]
    near = abs(duplicate.found_at - stays.found_at) <= timedelta(days=days)
    if not near or (duplicate.enterprise_id, duplicate.site_id) != (stays.enterprise_id, stays.site_id):
        raise NOT_A_DOUBLE(days=days)


def _check_weighs_no_more(duplicate: Hazard, stays: Hazard) -> None:
    if _weighs(duplicate, stays):
        raise DOUBLE_WEIGHS_MORE()


def _weighs(duplicate: Hazard, stays: Hazard) -> bool:
    """Whether something would be lost with the duplicate: its level, that it was overdue, listed or stopped production."""
    today = timezone.localdate()
    return any(
        mine and not theirs
        for mine, theirs in (
            (duplicate.level == HazardLevel.MAJOR, stays.level == HazardLevel.MAJOR),
            (_late(duplicate, today), _late(stays, today)),
            (duplicate.listed_level, False),
            (duplicate.production_stopped, False),
        )
    )


def _late(hazard: Hazard, today: Any) -> bool:
    return hazard.overdue_since is not None or is_overdue(hazard, on=today)


# --- what is written -----------------------------------------------------------------------------------------------------
def _write(hazard: Hazard, step: str, before: str, by: Actor, reason: str, **details: Any) -> None:
    hazard.save(update_fields=["state", "joined_to"])
    step_line(
        hazard, step, before, by=by, happened_at=timezone.now(), note=reason, details=details
    ).save(force_insert=True)  # fmt: skip
    record(by, f"hazard.{step}", hazard, reason=reason, **details)
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": step})


def _note(hazard: Hazard, step: str, by: Actor, reason: str, **details: Any) -> None:
    line = step_line(hazard, step, hazard.state, by=by, happened_at=timezone.now(), note=reason, details=details)
    line.save(force_insert=True)
    record(by, f"hazard.{step}", hazard, reason=reason, **details)
