"""What is due goes: one parcel at a time on each outlet, all outlets side by side, so that a dead one costs the others nothing.

An attempt is on record before it is made. Whoever is killed in the middle of one leaves it to be made again after LEASE: it may then
arrive twice, never more often than workers were killed at it (docs/channels.md).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from inbox.deliveries import outlets, wording
from inbox.deliveries.answers import Away, Later, NotTaken, Refused
from inbox.deliveries.outlets import PACE, Parcel
from inbox.deliveries.rules import pause
from inbox.deliveries.table import table
from inbox.models import Delivery, DeliveryState, Outlet, Seen

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # above HARD: nobody else is at an outlet meanwhile
HARD = 30.0  # seconds until an attempt counts as unanswered, whatever drips in
PATIENCE = 15.0  # seconds in which new attempts are begun: beat calls again
MOST_OUTLETS = 20  # at once
MOST_A_PARCEL = 50
KEPT = timedelta(days=180)


class Attempt(NamedTuple):
    parcel: Parcel
    deliveries: list[int]
    begun: float


Outcome = tuple[Attempt, NotTaken | None]


def deliver(carry: Callable[[Parcel], None] = outlets.carry) -> int:
    """How many deliveries went out."""
    started, went = time.monotonic(), 0
    answers: SimpleQueue[Outcome] = SimpleQueue()
    under_way: dict[str, Attempt] = {}
    while True:
        if time.monotonic() - started < PATIENCE:
            for attempt in _begin(MOST_OUTLETS - len(under_way)):
                under_way[attempt.parcel.outlet] = attempt
                Thread(target=_try, args=(attempt, carry, answers), daemon=True).start()
        if not under_way:
            return went
        attempt, answer = _next(answers, under_way)
        if under_way.get(attempt.parcel.outlet) is attempt:  # else it was given up already
            del under_way[attempt.parcel.outlet]
            went += settle(attempt, answer)


def _try(attempt: Attempt, carry: Callable[[Parcel], None], answers: SimpleQueue[Outcome]) -> None:
    """In a thread of its own, without the database."""
    try:
        carry(attempt.parcel)
    except NotTaken as answer:
        answers.put((attempt, answer))
    except Exception as error:  # a gateway of theirs may do anything; the others go on
        log.exception("an outlet failed", extra={"outlet": attempt.parcel.outlet})
        answers.put((attempt, Away(f"出错：{type(error).__name__}")))
    else:
        answers.put((attempt, None))


def _next(answers: SimpleQueue[Outcome], under_way: dict[str, Attempt]) -> Outcome:
    oldest = min(under_way.values(), key=lambda each: each.begun)
    try:
        return answers.get(timeout=max(oldest.begun + HARD - time.monotonic(), 0))
    except Empty:
        return oldest, Away("没有按时答复")


# --- beginning ----------------------------------------------------------------------------------------------------------
def _begin(most: int) -> list[Attempt]:
    """An attempt for each free outlet that has something to send."""
    if most <= 0 or not outlets.names():
        return []
    now = timezone.now()
    has = Delivery.objects.due(now).filter(outlet=OuterRef("name"))
    free = Outlet.objects.filter(Exists(has), name__in=outlets.names(), next_at__lte=now).order_by("next_at", "name")
    begun = [_attempt(name, now) for name in free.values_list("name", flat=True)[:most]]
    return [each for each in begun if each]


@transaction.atomic
def _attempt(outlet: str, now: datetime) -> Attempt | None:
    """Whoever wins the outlet has it for LEASE."""
    if not Outlet.objects.filter(name=outlet, next_at__lte=now).update(next_at=now + LEASE):
        return None
    _let_sleep(outlet, now)
    while head := Delivery.objects.due(now).filter(outlet=outlet).order_by("-urgent", "due_at", "id").first():
        if attempt := _of_recipient(head, now):
            return attempt
    Outlet.objects.filter(name=outlet).update(next_at=now)
    return None


def _let_sleep(outlet: str, now: datetime) -> None:
    """What is tried again wakes nobody either."""
    local = timezone.localtime(now)
    quiet = table(local.date()).quiet
    if outlets.way_of(outlet) in quiet.ways and quiet.covers(local):
        Delivery.objects.due(now).filter(outlet=outlet, urgent=False).update(due_at=quiet.end(local))


def _of_recipient(head: Delivery, now: datetime) -> Attempt | None:
    """All that waits for the same recipient, but for what waits for the morning. None when nothing of it is to go."""
    gathered = now + table(timezone.localdate(now)).gather
    rows = Delivery.objects.due(gathered).same_recipient(head).order_by("-urgent", "due_at", "id")
    found = list(rows.select_related("message", "person", "robot").select_for_update(of=("self",))[:MOST_A_PARCEL])
    left = [each for each in found if not _ended_before(each, now)]
    if not left:
        return None
    keys = [each.pk for each in left]
    Delivery.objects.filter(pk__in=keys).update(attempts=F("attempts") + 1, due_at=now + LEASE)
    return Attempt(_parcel(left), keys, time.monotonic())


def _ended_before(delivery: Delivery, now: datetime) -> bool:
    ended = _why_not(delivery, now)
    if ended:
        _end(Delivery.objects.filter(pk=delivery.pk), *ended)
    return ended is not None


def _why_not(delivery: Delivery, now: datetime) -> tuple[DeliveryState, str] | None:
    """What has changed since it was made: it need not, or cannot, go any more."""
    message, person = delivery.message, delivery.person
    if message.done_at:
        return DeliveryState.UNNEEDED, "事项已办结"
    if person and Seen.objects.filter(message=message, user=person.pk).exists():
        return DeliveryState.UNNEEDED, "本人已阅"
    if delivery.made_at < now - table(timezone.localdate(now)).ends_after:
        return DeliveryState.GIVEN_UP, delivery.reason or "过期未能发出"
    if person and not person.is_active:
        return DeliveryState.REFUSED, "账号已停用"
    if person and not _address(delivery):
        return DeliveryState.REFUSED, "没有登记手机号或邮箱"
    if delivery.robot and not delivery.robot.is_active:
        return DeliveryState.REFUSED, "群机器人已停用"
    return None


def _address(delivery: Delivery) -> str:
    return outlets.address_on(outlets.way_of(delivery.outlet), delivery.person) if delivery.person else ""


def _parcel(deliveries: list[Delivery]) -> Parcel:
    first, messages = deliveries[0], [each.message for each in deliveries]
    group = first.robot.label if first.robot else ""
    text = wording.text(messages, group=group)
    return Parcel(
        first.outlet, _address(first), wording.title(messages), text, f"notice-{min(each.pk for each in deliveries)}"
    )


# --- settling -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def settle(attempt: Attempt, answer: NotTaken | None) -> int:
    """What became of it, on the deliveries and on the outlet; how many went out."""
    rows = Delivery.objects.waiting().filter(pk__in=attempt.deliveries)
    outlet = Outlet.objects.select_for_update().get(name=attempt.parcel.outlet)
    now = timezone.now()
    if isinstance(answer, Away):
        _fails(outlet, answer, now)
        rows.update(due_at=outlet.next_at, reason=answer.reason)
        return 0
    way = outlets.way_of(outlet.name)
    outlet.next_at, outlet.failures, outlet.failing_since, outlet.reason = (
        now + PACE.get(way, timedelta(0)),
        0,
        None,
        "",
    )
    outlet.sent_at = outlet.sent_at if answer else now
    outlet.save()
    if isinstance(answer, Later):
        for each in rows:
            each.due_at, each.reason = now + pause(each.attempts), answer.reason
            each.save(update_fields=["due_at", "reason"])
        return 0
    if isinstance(answer, Refused):
        _end(rows, DeliveryState.REFUSED, answer.reason)
        return 0
    mask = outlets.MASK.get(way)
    return _end(rows, DeliveryState.SENT, "", sent_to=mask(attempt.parcel.address) if mask else "")


def _fails(outlet: Outlet, answer: Away, now: datetime) -> None:
    """One that says for how long it takes nothing is not broken."""
    if answer.pause is None:
        outlet.failures += 1
        outlet.failing_since = outlet.failing_since or now
    outlet.reason = answer.reason
    outlet.next_at = now + (answer.pause or pause(outlet.failures))
    outlet.save()


def _end(rows: QuerySet[Delivery], state: DeliveryState, reason: str, **fields: Any) -> int:
    return rows.filter(state=DeliveryState.WAITING).update(
        state=state, reason=reason, ended_at=timezone.now(), **fields
    )


def forget_old() -> int:
    """What ended half a year ago, and what waits for an outlet that is not there any more."""
    now = timezone.now()
    late = Delivery.objects.waiting().filter(made_at__lt=now - table(timezone.localdate(now)).ends_after)
    gone = _end(late.exclude(outlet__in=outlets.names()), DeliveryState.GIVEN_UP, "通道已关闭")
    return gone + Delivery.objects.older_than(now - KEPT).delete()[0]
