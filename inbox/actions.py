"""Sending, seeing, ending: a few statements however many messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from inbox.kinds import SENT, known, until_seen
from inbox.letters import Letter
from inbox.models import Address, Message, Seen
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.inserts import insert_all, insert_new
from safety_api.parts import in_parts
from safety_api.problems import NOT_FOUND
from safety_api.trail import line, record_many

A_TIME = 2000  # letters a statement
A_MESSAGE = 200  # messages a word of the outbox


# --- sending ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def send(letters: Sequence[Letter], *, at: datetime | None = None) -> list[int]:
    """Writes what was not said before, in the transaction at hand; the numbers of the new messages. Nobody addressed: not said.

    Raises UnknownKind.
    """
    moment = at or timezone.now()
    parts = in_parts([each for each in letters if each.to], A_TIME)
    return [number for part in parts for number in _send(part, moment)]


def _send(letters: list[Letter], moment: datetime) -> list[int]:
    rows = [_message(number, each, moment) for number, each in zip(_numbers(len(letters)), letters, strict=True)]
    new = insert_new(rows)
    made = [(row, each) for row, each in zip(rows, letters, strict=True) if row.pk in new]
    insert_all([_address(row, to) for row, each in made for to in each.to])
    _supersede([row for row, _ in made], moment)
    _announce([row for row, _ in made])
    return sorted(new)


def _numbers(count: int) -> list[int]:
    """Taken beforehand, so that addresses know their message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('inbox_message', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [number for (number,) in cursor.fetchall()]


def _message(number: int, letter: Letter, at: datetime) -> Message:
    return Message(
        id=number, kind=known(letter.kind).word, once=letter.once, thread=letter.thread, about_kind=letter.about_kind,
        about=letter.about, sentence=letter.sentence[:1000], details=dict(letter.details), day=letter.day, due_on=letter.due_on,
        region_code=letter.region_code, sector_id=letter.sector, department_id=letter.department, enterprise=letter.enterprise,
        made_at=at,
    )  # fmt: skip


def _address(message: Message, to: Any) -> Address:
    return Address(
        message=message, person_id=to.person, role=to.role, leaders=to.leaders, department_id=to.department,
        region_code=message.region_code, enterprise=to.enterprise or message.enterprise,
    )  # fmt: skip


def _supersede(made: Sequence[Message], at: datetime) -> None:
    """Of a thread only the newest is still to be seen to."""
    newest = {each.thread: each.pk for each in made if each.thread}
    if newest:
        threads = list(newest)
        _end(Message.objects.open().filter(thread__in=threads).exclude(pk__in=list(newest.values())), at)


def _announce(made: Sequence[Message]) -> None:
    outbox.send_many(SENT, [{"messages": chunk} for chunk in in_parts([each.pk for each in made], A_MESSAGE)])


# --- ending -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def end(*kinds: str, about: Iterable[UUID], at: datetime | None = None) -> int:
    """The matter is over for messages of these kinds: they are done. Repeating it changes nothing."""
    return _end(Message.objects.open().of(*kinds).filter(about__in=list(about)), at or timezone.now())


@transaction.atomic
def end_messages(messages: Iterable[int], *, at: datetime | None = None) -> int:
    return _end(Message.objects.open().filter(pk__in=list(messages)), at or timezone.now())


def _end(messages: Any, at: datetime) -> int:
    found = list(messages.values_list("pk", flat=True))
    for part in in_parts(found):
        Address.objects.filter(message__in=part).update(is_open=False)
        Message.objects.filter(pk__in=part, done_at=None).update(done_at=at)
    return len(found)


# --- whose they are now -----------------------------------------------------------------------------------------------
@transaction.atomic
def move(about: Iterable[UUID], *, region_code: str) -> None:
    """The matter lies elsewhere now: what is open of it is read by the posts of that place."""
    found = Message.objects.open().filter(about__in=list(about)).exclude(region_code=region_code)
    Address.objects.filter(message__in=found, person=None).update(region_code=region_code)
    found.update(region_code=region_code)


# --- seeing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def see(messages: Iterable[int], *, by: Actor) -> list[int]:
    """Whoever sees a message first leaves the time; again changes nothing. Raises NOT_FOUND when one is not this person's."""
    wanted = set(messages)
    found = list(Message.objects.visible_to(by).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise NOT_FOUND()
    return mark(found, by=by)


def mark(messages: Sequence[Message], *, by: Actor, verb: str = "inbox.see") -> list[int]:
    """The marks and their lines, for messages that the caller has found to be this person's; which were not seen before."""
    before = set(Seen.objects.filter(message__in=messages, user=by.pk).values_list("message", flat=True))
    seen = [each for each in messages if each.pk not in before]
    insert_new([Seen(message=each, user_id=by.pk, name=by.name) for each in seen])
    record_many([line(by, verb, each, kind=each.kind, matter=str(each.about or "")) for each in seen])
    _end(Message.objects.open().filter(pk__in=[each.pk for each in seen], kind__in=until_seen()), timezone.now())
    return [each.pk for each in seen]
