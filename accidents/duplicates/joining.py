"""Twins joined by a person, and separated again: figures count once, every telling, photo and leg is kept and
readable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.choices import DuplicateState
from accidents.clock import keeping
from accidents.models import Accident, DuplicatePair, Joining, ReportLeg
from accidents.reports.locking import alive
from accidents.reports.settling import settle
from safety_api.actors import Actor
from safety_api.problems import NOT_FOUND, TWICE, TWIN_TELLS_MORE, WRONG_STEP
from safety_api.trail import record
from safety_api.writing import Fresh, locked

COUNTED = ("deaths", "serious_injuries", "missing", "direct_loss_yuan")


@transaction.atomic
def join(accident_id: UUID, *, into: UUID, by: Actor, reason: str, fresh: Fresh = None) -> Accident:
    """This record and `into` are the same accident: `into` stays and counts, this one is kept beside it.

    Nobody lowers a figure so: raises TWIN_TELLS_MORE when this one tells of more than the one that stays. Raises
    TWICE, NOT_FOUND, STALE, WRONG_STEP for one written off, joined, investigated, or with twins of its own.
    """
    if into == accident_id:
        raise TWICE.at("/into")
    twin, stays = _both(accident_id, into, by)
    if fresh:
        fresh(twin)
    for each in (twin, stays):
        alive(each, "join")
    _check_joinable(twin)
    _check_tells_no_more(twin, stays)
    twin.joined_to = stays
    _answer(twin, stays, by, state=DuplicateState.JOINED, stays=stays, reason=reason)
    Joining.objects.create(accident=twin, stays=stays, known_from=timezone.now())
    _take_legs(twin, stays)
    settle(twin, "accident.join", by=by, reason=f"并入同一起事故：{reason}", columns=["joined_to"], into=str(into),
           why=reason)  # fmt: skip
    settle(stays, "accident.take_twin", by=by, reason=f"并入同一起事故：{reason}", twin=str(accident_id))
    return twin


def _both(one: UUID, other: UUID, by: Actor) -> tuple[Accident, Accident]:
    """Locked in the order of their ids, so that two people never wait for each other."""
    rows = Accident.objects.visible_to(by).select_for_update(of=("self",)).filter(pk__in=[one, other]).order_by("pk")
    found = {accident.pk: accident for accident in rows}
    if one not in found or other not in found:
        raise NOT_FOUND()
    return found[one], found[other]


def _check_joinable(twin: Accident) -> None:
    if twin.twins.exists():
        raise WRONG_STEP(
            state=DuplicateState.JOINED.value, step="join", detail="已有其他记录并入它，请选它为保留的记录。"
        )
    if hasattr(twin, "investigation"):
        raise WRONG_STEP(state="investigation", step="join", detail="已成立调查组，请选它为保留的记录。")


def _check_tells_no_more(twin: Accident, stays: Accident) -> None:
    more = [name for name in COUNTED if (getattr(twin, name) or 0) > (getattr(stays, name) or 0)]
    if more:
        raise TWIN_TELLS_MORE(errors=[TWIN_TELLS_MORE.fault(f"/{name}", getattr(twin, name)) for name in more])


def _answer(twin: Accident, other: Accident, by: Actor, **columns: Any) -> DuplicatePair:
    first, second = sorted((twin, other), key=lambda each: (each.received_at, each.pk))
    pair, _ = DuplicatePair.objects.get_or_create(
        first=first,
        second=second,
        defaults={"minutes": abs(first.occurred_at - second.occurred_at).total_seconds() // 60},
    )
    return _answered(pair, by, **columns)


def _answered(pair: DuplicatePair, by: Actor, **columns: Any) -> DuplicatePair:
    columns |= {"by_id": by.pk, "by_name": by.name, "answered_at": timezone.now()}
    for name, value in columns.items():
        setattr(pair, name, value)
    pair.save(update_fields=list(columns))
    return pair


def _take_legs(twin: Accident, stays: Accident) -> None:
    """What the twin told in time has been told: an open or later leg of the one that stays takes it over."""
    told = {(leg.code, leg.level, leg.to): leg for leg in twin.legs.filter(sent_at__isnull=False, void_at=None)}
    for leg in stays.legs.filter(void_at=None):
        other = told.get((leg.code, leg.level, leg.to))
        if other and other.sent_at and (leg.sent_at is None or other.sent_at < leg.sent_at):
            leg.before = {name: _plain(getattr(leg, name)) for name in TAKEN}
            leg.taken_from = other
            for name in TAKEN:
                setattr(leg, name, getattr(other, name))
            leg.save(update_fields=[*TAKEN, "taken_from", "before"])
    for level, each in twin.heard.items():
        keeping.hear(stays, level, keeping.moment_of(each), presumed=each["presumed"])
    stays.save(update_fields=["heard"])


TAKEN = ("sent_at", "channel", "told_to")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def separate(accident_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Accident:
    """They were two after all: the record counts again as it was told, and each has its own legs again. What was told
    through it meanwhile stays where it was told.

    Raises NOT_FOUND, STALE, WRONG_STEP for one that is not joined.
    """
    twin = Accident.objects.visible_to(by).filter(pk=accident_id).first()
    if twin is None:
        raise NOT_FOUND()
    if twin.joined_to_id is None:
        raise WRONG_STEP(state=DuplicateState.SEPARATED.value, step="separate", detail="这条记录没有并入其他记录。")
    twin, stays = _both(accident_id, twin.joined_to_id, by)
    if fresh:
        fresh(twin)
    if twin.joined_to_id != stays.pk:
        raise WRONG_STEP(state=DuplicateState.SEPARATED.value, step="separate")
    twin.joined_to = None
    twin.joinings.known().update(known_to=timezone.now())
    _answer(twin, stays, by, state=DuplicateState.SEPARATED, stays=None, reason=reason)
    _give_legs_back(twin, stays)
    settle(twin, "accident.separate", by=by, reason=f"撤销合并：{reason}", columns=["joined_to"], from_=str(stays.pk))
    settle(stays, "accident.give_twin_back", by=by, reason=f"撤销合并：{reason}", twin=str(accident_id))
    return twin


def _give_legs_back(twin: Accident, stays: Accident) -> None:
    for leg in ReportLeg.objects.filter(accident=stays, taken_from__accident=twin):
        before = leg.before or {}
        leg.sent_at = datetime.fromisoformat(before["sent_at"]) if before.get("sent_at") else None
        leg.channel, leg.told_to = before.get("channel", ""), before.get("told_to", "")
        leg.taken_from = leg.before = None
        leg.save(update_fields=[*TAKEN, "taken_from", "before"])


@transaction.atomic
def dismiss(pair_id: int, *, by: Actor, reason: str) -> DuplicatePair:
    """Not the same accident: not proposed again. Raises NOT_FOUND, WRONG_STEP for one that was answered."""
    pair = locked(DuplicatePair.objects.visible_to(by), pair_id)
    if pair.state != DuplicateState.PROPOSED:
        raise WRONG_STEP(state=pair.state, step="dismiss")
    _answered(pair, by, state=DuplicateState.DISMISSED, reason=reason)
    record(by, "accident.dismiss_twin", pair.second, other=str(pair.first_id), reason=reason)
    return pair
