"""Duplicates joined by a person, and separated again: figures count once, every report, photo and leg is kept and
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
from safety_api.problems import DUPLICATE_REPORTS_MORE, NOT_FOUND, TWICE, WRONG_STEP
from safety_api.trail import record
from safety_api.writing import Fresh, locked

COUNTED = ("deaths", "serious_injuries", "missing", "direct_loss_yuan")


@transaction.atomic
def join(accident_id: UUID, *, into: UUID, by: Actor, reason: str, fresh: Fresh = None) -> Accident:
    """This record and `into` are the same accident: `into` stays and counts, this one is kept beside it.

    Nobody lowers a figure so: raises DUPLICATE_REPORTS_MORE when this one reports more than the one that remains. Raises
    TWICE, NOT_FOUND, STALE, WRONG_STEP for one written off, joined, investigated, or with duplicates of its own.
    """
    if into == accident_id:
        raise TWICE.at("/into")
    duplicate, remaining = _both(accident_id, into, by)
    if fresh:
        fresh(duplicate)
    for each in (duplicate, remaining):
        alive(each, "join")
    _check_joinable(duplicate)
    _check_reports_no_more(duplicate, remaining)
    duplicate.joined_to = remaining
    _answer(duplicate, remaining, by, state=DuplicateState.JOINED, stays=remaining, reason=reason)
    Joining.objects.create(accident=duplicate, stays=remaining, known_from=timezone.now())
    _take_legs(duplicate, remaining)
    settle(duplicate, "accident.join", by=by, reason=f"并入同一起事故：{reason}", columns=["joined_to"], into=str(into),
           why=reason)  # fmt: skip
    settle(remaining, "accident.take_twin", by=by, reason=f"并入同一起事故：{reason}", twin=str(accident_id))
    return duplicate


def _both(one: UUID, other: UUID, by: Actor) -> tuple[Accident, Accident]:
    """Locked in the order of their ids, so that two people never wait for each other."""
    rows = Accident.objects.visible_to(by).select_for_update(of=("self",)).filter(pk__in=[one, other]).order_by("pk")
    found = {accident.pk: accident for accident in rows}
    if one not in found or other not in found:
        raise NOT_FOUND()
    return found[one], found[other]


def _check_joinable(duplicate: Accident) -> None:
    if duplicate.duplicates.exists():
        raise WRONG_STEP(
            state=DuplicateState.JOINED.value, step="join", detail="已有其他记录并入它，请选它为保留的记录。"
        )
    if hasattr(duplicate, "investigation"):
        raise WRONG_STEP(state="investigation", step="join", detail="已成立调查组，请选它为保留的记录。")


def _check_reports_no_more(duplicate: Accident, remaining: Accident) -> None:
    more = [name for name in COUNTED if (getattr(duplicate, name) or 0) > (getattr(remaining, name) or 0)]
    if more:
        raise DUPLICATE_REPORTS_MORE(
            errors=[DUPLICATE_REPORTS_MORE.fault(f"/{name}", getattr(duplicate, name)) for name in more]
        )


def _answer(duplicate: Accident, other: Accident, by: Actor, **columns: Any) -> DuplicatePair:
    first, second = sorted((duplicate, other), key=lambda each: (each.received_at, each.pk))
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


def _take_legs(duplicate: Accident, remaining: Accident) -> None:
    """What the duplicate sent in time has been sent: an open or later leg of the remaining record takes it over."""
    sent = {(leg.code, leg.level, leg.to): leg for leg in duplicate.legs.filter(sent_at__isnull=False, void_at=None)}
    for leg in remaining.legs.filter(void_at=None):
        other = sent.get((leg.code, leg.level, leg.to))
        if other and other.sent_at and (leg.sent_at is None or other.sent_at < leg.sent_at):
            leg.before = {name: _plain(getattr(leg, name)) for name in TAKEN}
            leg.taken_from = other
            for name in TAKEN:
                setattr(leg, name, getattr(other, name))
            leg.save(update_fields=[*TAKEN, "taken_from", "before"])
    for level, each in duplicate.heard.items():
        keeping.learn(remaining, level, keeping.moment_of(each), presumed=each["presumed"])
    remaining.save(update_fields=["heard"])


TAKEN = ("sent_at", "channel", "told_to")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def separate(accident_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Accident:
    """They were two after all: the record counts again as it was reported, and each has its own legs again. What was reported
    through it meanwhile stays where it was reported.

    Raises NOT_FOUND, STALE, WRONG_STEP for one that is not joined.
    """
    duplicate = Accident.objects.visible_to(by).filter(pk=accident_id).first()
    if duplicate is None:
        raise NOT_FOUND()
    if duplicate.joined_to_id is None:
        raise WRONG_STEP(state=DuplicateState.SEPARATED.value, step="separate", detail="这条记录没有并入其他记录。")
    duplicate, remaining = _both(accident_id, duplicate.joined_to_id, by)
    if fresh:
        fresh(duplicate)
    if duplicate.joined_to_id != remaining.pk:
        raise WRONG_STEP(state=DuplicateState.SEPARATED.value, step="separate")
    duplicate.joined_to = None
    duplicate.joinings.known().update(known_to=timezone.now())
    _answer(duplicate, remaining, by, state=DuplicateState.SEPARATED, stays=None, reason=reason)
    _give_legs_back(duplicate, remaining)
    settle(
        duplicate,
        "accident.separate",
        by=by,
        reason=f"撤销合并：{reason}",
        columns=["joined_to"],
        from_=str(remaining.pk),
    )
    settle(remaining, "accident.give_twin_back", by=by, reason=f"撤销合并：{reason}", twin=str(accident_id))
    return duplicate


def _give_legs_back(duplicate: Accident, remaining: Accident) -> None:
    for leg in ReportLeg.objects.filter(accident=remaining, taken_from__accident=duplicate):
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
