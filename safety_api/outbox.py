"""发件箱 The outbox: what must follow a commit is written in the same transaction and done later by the worker.

The app that says what happened declares the word and what goes with it (topics.py), and sends it: `send("hazard.moved", …)`. Whoever
follows it, on the same floor or above, declares what it does: `@handles("hazard.moved")` on `on_hazard_moved` in its handlers.py.
docs/topics.md lists them all. A handler runs in one transaction with the removal of its message, and may run twice when the worker dies.
A message that keeps failing is parked with its error and shown, never dropped; one that fails because something is away (a Problem of 503:
the storage) waits for that without an end and is not parked. A dead Redis loses nothing: the table waits.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.logs import new_trace
from safety_api.models import OutboxMessage
from safety_api.problems import may_pass
from safety_api.trail import SYSTEM, line, record_many

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]


class Topic(NamedTuple):
    """`keys`: of its payload, all of them always. `waits_for`: the open issue that will hear it, while nobody does."""

    name: str
    says: str
    keys: tuple[str, ...]
    waits_for: int | None = None


class UnknownTopic(LookupError):
    """A word that no app declares."""


class WrongPayload(ValueError):
    """Other keys than the topic declares."""


TOPICS: dict[str, Topic] = {}
HANDLERS: dict[str, list[Handler]] = {}
LEASE = timedelta(seconds=30)  # a message whose worker was killed comes back after it; whoever is at it holds the row itself
PATIENCE = 120  # seconds a drain goes on: far below the task limit, so that no handler is cut off in the middle
MOST_ATTEMPTS = 8
RETRY_AFTER = (5, 15, 60, 300, 900, 3600, 3600)  # seconds after the first, second … failure
AWAY_AGAIN = timedelta(seconds=30)  # to what something is missing that is away


def declare(*topics: Topic) -> tuple[Topic, ...]:
    """What an app says; in its topics.py."""
    TOPICS.update({each.name: each for each in topics})
    return topics


def known(topic: str) -> Topic:
    """Raises UnknownTopic."""
    if topic not in TOPICS:
        raise UnknownTopic(f"no app declares the topic {topic} in its topics.py")
    return TOPICS[topic]


def send(topic: str, payload: dict[str, Any]) -> None:
    """Writes a message in the transaction at hand. `payload` is JSON and holds ids, not records."""
    send_many(topic, [payload])


def send_many(topic: str, payloads: list[dict[str, Any]]) -> None:
    send_all([(topic, payload) for payload in payloads])


def send_all(messages: list[tuple[str, dict[str, Any]]]) -> None:
    """Messages of several topics in one statement. Raises UnknownTopic, WrongPayload."""
    for topic, payload in messages:
        if payload.keys() != set(known(topic).keys):
            raise WrongPayload(f"{topic} says {known(topic).keys}, not {tuple(payload)}")
    insert_all([OutboxMessage(topic=topic, payload=payload) for topic, payload in messages])


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Declares what an app does about a topic; safe to repeat. Raises UnknownTopic."""
    handlers = HANDLERS.setdefault(known(topic).name, [])

    def register(handler: Handler) -> Handler:
        if handler not in handlers:
            handlers.append(handler)
        return handler

    return register


def drain(limit: int = 500, *, after_each: Callable[[], None] = lambda: None) -> int:
    """Handles what is due, each message on its own; returns how many succeeded. Stops after PATIENCE: beat calls again.

    Of a topic for which something is away one message is tried, so that nothing else waits behind them all.
    """
    done, started, away = 0, time.monotonic(), set[str]()
    for _ in range(limit):
        message = _claim(away) if time.monotonic() - started < PATIENCE else None
        if message is None:
            break
        done += _handle(message, away)
        after_each()
    return done


@transaction.atomic
def _claim(away: set[str]) -> OutboxMessage | None:
    """Takes the next due message and counts the attempt before it is made, so that one that kills its worker is parked too."""
    due = OutboxMessage.objects.filter(parked_at=None, due_at__lte=timezone.now()).order_by("due_at", "id")
    due = due.exclude(topic__in=away) if away else due
    while (message := due.select_for_update(skip_locked=True).first()) and message.attempts >= MOST_ATTEMPTS:
        _park_killer(message)
    if message is None:
        return None
    message.attempts += 1
    message.due_at = timezone.now() + LEASE
    message.save(update_fields=["attempts", "due_at"])
    return message


def _park_killer(message: OutboxMessage) -> None:
    """All its attempts were made and none came back with an answer: it has taken its worker with it each time."""
    message.parked_at = timezone.now()
    message.error = message.error or f"{message.attempts} attempts ended without an answer: the worker was killed"
    message.save(update_fields=["parked_at", "error"])


def _handle(message: OutboxMessage, away: set[str]) -> bool:
    new_trace()
    try:
        with transaction.atomic():
            if not _is_still_ours(message):
                return False
            for handler in HANDLERS.get(message.topic, ()):
                handler(message.payload)
            message.delete()
    except Exception as error:
        log.warning(
            "outbox message failed", exc_info=error, extra={"topic": message.topic, "attempts": message.attempts}
        )
        if may_pass(error):
            away.add(message.topic)
            _wait(message)
        else:
            _put_back(message)
        return False
    return True


def _is_still_ours(message: OutboxMessage) -> bool:
    """Locked until the handlers are done: no lease that runs out lets two be at one message. It waits for a lock: another claim may hold
    the row for a moment, having found it due before this one was committed, and lets go of it unclaimed."""
    ours = OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts)
    return ours.select_for_update().values_list("pk", flat=True).first() is not None


def _put_back(message: OutboxMessage) -> None:
    now = timezone.now()
    tried_enough = message.attempts >= MOST_ATTEMPTS
    wait = RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
    _update(message, parked_at=now if tried_enough else None, due_at=now + timedelta(seconds=wait))


def _wait(message: OutboxMessage) -> None:
    """The attempt does not count: it was none of the message's own."""
    _update(message, attempts=message.attempts - 1, due_at=timezone.now() + AWAY_AGAIN)


def _update(message: OutboxMessage, **fields: Any) -> None:
    error = traceback.format_exc()[-4000:].replace("\x00", "").encode("utf-8", "replace").decode()
    OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts).update(error=error, **fields)


@transaction.atomic
def unpark(topic: str | None = None, *, messages: QuerySet[OutboxMessage] | None = None, by: Actor = SYSTEM) -> int:
    """Gives parked messages a new set of attempts: all, those of a topic, or those of `messages`; returns how many."""
    parked = (OutboxMessage.objects.all() if messages is None else messages).exclude(parked_at=None)
    parked = parked.filter(topic=topic) if topic else parked
    found = list(parked.order_by().select_for_update(skip_locked=True))
    record_many([line(by, "outbox.unpark", message, topic=message.topic) for message in found])
    chosen = OutboxMessage.objects.filter(pk__in=[message.pk for message in found])
    return chosen.update(parked_at=None, attempts=0, due_at=timezone.now())


def waiting() -> dict[str, int]:
    """What an operator watches: messages due, and messages parked."""
    messages = OutboxMessage.objects.all()
    return {
        "due": messages.filter(parked_at=None, due_at__lte=timezone.now()).count(),
        "retrying": messages.filter(parked_at=None, attempts__gt=0).count(),
        "parked": messages.exclude(parked_at=None).count(),
    }
