"""时钟 What a day does to all hazards: late ones marked, 8a, the township's loop handed up, reminders made.

A day is a handful of statements however many hazards there are: a partial index holds exactly those that a passing deadline
would still change. A day in work is finished in batches, each a transaction of its own; a missed day is caught up.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from hazards.actions.reporting import step_line
from hazards.clocks import (
    Audience,
    Call,
    Lapse,
    addressed,
    calls_of_escalation,
    calls_on,
    calls_reached,
    lapse,
    review_due,
    wording,
)
from hazards.messages import CLOCK
from hazards.models import ClockTurn, Hazard
from hazards.states import OPEN, State
from inbox import actions as inbox
from inbox.letters import Letter
from inbox.models import Message
from reference import law
from reference.terms import Loop
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.days import ONE_DAY, midnight
from safety_api.inserts import insert_all
from safety_api.problems import NOT_FOUND
from safety_api.trail import SYSTEM, line, record, record_many

BATCH = 2000  # hazards a transaction

# What a deadline that passes would still change: not yet marked late, or to be reviewed (8a), or to be handed up. The partial
# index `hazard_clock` has this very text (a test compares), so the index is the list of the work.
ENDED = "('closed', 'rejected', 'transferred', 'unit_closed', 'void', 'draft')"
BOUND = "('ordered', 'rectifying', 'review_requested', 'enforcement')"
LATE = "(review_requested_on IS NULL OR review_requested_on > due_on)"
PENDING = f"""(
  (overdue_since IS NULL AND {LATE} AND (state IN {BOUND} OR (state = 'closed' AND closed_on > due_on)))
  OR (state IN ('ordered', 'rectifying') AND loop IN ('county', 'township'))
  OR (loop = 'township' AND {LATE} AND state NOT IN {ENDED} AND state <> 'reported')
)"""

UNBOUND = "state = 'confirmed'"  # within `hazard_clock_unbound`


@dataclass(frozen=True)
class Turned:
    """How many days were finished, and what was done."""

    days: int = 0
    overdue: int = 0
    moved: int = 0
    escalated: int = 0
    reminders: int = 0

    def __add__(self, other: Turned) -> Turned:
        return Turned(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


# --- turning ------------------------------------------------------------------------------------------------------------
def turn(on: date, *, batch: int = BATCH) -> Turned:
    """Every day since the last one turned, up to `on`; the first time `on` alone. Turning again changes nothing.

    Raises NO_RULE for a day before our rules begin.
    """
    return sum((done for _, done in turning(on, batch=batch)), Turned())


def turning(on: date, *, batch: int = BATCH) -> Iterator[tuple[date, Turned]]:
    """The same, a transaction at a time: the day in work, and what this transaction did."""
    while (step := advance(on, batch=batch)) is not None:
        yield step


@transaction.atomic
def advance(on: date, *, batch: int = BATCH) -> tuple[date, Turned] | None:
    """One batch of the next day to turn, or None when `on` is done. Two at once: the second waits and goes on from there."""
    clock = _locked()
    day = on if clock.last_day is None else clock.last_day + ONE_DAY
    if day > on:
        return None
    hazards = list(_pending(day, batch))
    done = _let_lapse(hazards, day)
    if len(hazards) < batch:
        missed = _remind_missed(_never_reminded(day), day)  # before the day's own, which would hide what was missed
        done += Turned(days=1, reminders=missed + _remind(calls_on(day, _rows(day), law.calendar()), day))
        clock.last_day = day
    _note(clock, day, done)
    return day, done


def _locked() -> ClockTurn:
    clocks = ClockTurn.objects.select_for_update()
    if (clock := clocks.first()) is None:
        ClockTurn.objects.get_or_create(pk=1)
        clock = clocks.get()
    return clock


def _note(clock: ClockTurn, day: date, done: Turned) -> None:
    """One line in the trail for a day that is finished: it proves that the clock went."""
    total = Turned(**clock.so_far) + done
    clock.so_far = {} if done.days else asdict(total)
    clock.turned_at = timezone.now()
    clock.save(update_fields=["last_day", "turned_at", "so_far"])
    if done.days:
        counts = {name: count for name, count in asdict(total).items() if name != "days"}
        record(SYSTEM, "clock.turn", clock, day=day.isoformat(), **counts)


# --- by the worker ------------------------------------------------------------------------------------------------------
def begin_turn(on: date) -> bool:
    """Hands the work to the outbox, a message a batch, unless the day is done: no other message waits long."""
    if ClockTurn.objects.filter(last_day__gte=on).exists():
        return False
    outbox.send("clock.turn", {"on": on.isoformat()})
    return True


@transaction.atomic
def continue_turn(on: date) -> None:
    if advance(on) is not None:
        outbox.send("clock.turn", {"on": on.isoformat()})


# --- the deadline has passed --------------------------------------------------------------------------------------------
def _pending(day: date, batch: int) -> Any:
    rows = Hazard.objects.filter(due_on__lt=day).extra(where=[PENDING])  # noqa: S610 - no word of a caller
    rows = rows.only(
        "state", "loop", "region_code", "due_on", "review_requested_on", "review_due_on", "overdue_since", "closed_on"
    )
    return rows.order_by("due_on", "pk").select_for_update()[:batch]


def _let_lapse(hazards: list[Hazard], day: date) -> Turned:
    """Marks, moves and hands up; then makes the reminders that nobody could make while these deadlines passed."""
    if not hazards:
        return Turned()
    found = [(hazard, hazard.overdue_since, lapse(hazard, on=day)) for hazard in hazards]
    new = [hazard for hazard, before, what in found if what.overdue_since and before is None]
    due = {hazard: what for hazard, _, what in found}
    steps = _carry_out(due, day)
    record_many([line(SYSTEM, "hazard.overdue", hazard, due_on=str(hazard.due_on)) for hazard in new])
    moved, escalated = (sum(step.step == name for step in steps) for name in ("fall-due", "escalate"))
    return Turned(0, len(new), moved, escalated, _remind_lapsed(due, day))


def _carry_out(due: dict[Hazard, Lapse], day: date) -> list:
    """The steps of both kinds, with all that belongs to a step."""
    review_on = review_due(day, law.deadline("review", day), law.calendar())
    steps = []
    for hazard, what in due.items():
        hazard.overdue_since = what.overdue_since
        steps += [_fall_due(hazard, day, review_on)] if what.falls_due else []
        steps += [_escalate(hazard, day)] if what.escalates else []
    _save(due)
    insert_all(steps)
    record_many(
        [line(SYSTEM, f"hazard.{each.step}", each.hazard, before=each.before, **each.details) for each in steps]
    )
    outbox.send_many("hazard.moved", [{"hazard": str(each.hazard_id), "step": each.step} for each in steps])
    return steps


def _fall_due(hazard: Hazard, day: date, review_on: date) -> Any:
    """8a. `review_requested_on` stays empty: the unit did not ask, and the hazard stays overdue."""
    before, hazard.state, hazard.review_due_on = hazard.state, State.REVIEW_REQUESTED.value, review_on
    details = {"due_on": str(hazard.due_on), "review_due_on": str(review_on)}
    return _by_system(hazard, "fall-due", before, day, details)


def _escalate(hazard: Hazard, day: date) -> Any:
    before, hazard.loop = hazard.loop, Loop.COUNTY.value
    return _by_system(
        hazard, "escalate", hazard.state, day, {"from_loop": before, "to_loop": hazard.loop, "reason": "overdue"}
    )


def _by_system(hazard: Hazard, name: str, before: str, day: date, details: dict[str, Any]) -> Any:
    """It happened at the first minute of the day, whenever the clock came to it."""
    return step_line(hazard, name, before, by=SYSTEM, happened_at=midnight(day), details=details)


def _save(hazards: Iterable[Hazard]) -> None:
    columns = ("id", "state", "loop", "overdue_since", "review_due_on")
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE hazards_hazard h
               SET state = new.state, loop = new.loop, overdue_since = new.overdue_since, review_due_on = new.review_due_on
               FROM jsonb_to_recordset(%s::jsonb)
                 AS new (id uuid, state text, loop text, overdue_since date, review_due_on date)
               WHERE h.id = new.id""",
            [json.dumps([{name: getattr(each, name) for name in columns} for each in hazards], default=str)],
        )


# --- reminders ----------------------------------------------------------------------------------------------------------
# How a hazard is found by the date that a line speaks of. The days stand there twice: beside the states of the partial indexes they
# make the database look up these days, where a join alone would read everything open.
WHICH = {
    "deadline": f"""JOIN hazards_hazard h ON h.due_on = c.anchor AND h.due_on = ANY (%(days)s::date[]) AND h.state NOT IN {ENDED}
        AND (c.anchor >= %(on)s::date OR h.review_requested_on IS NULL OR h.review_requested_on > h.due_on)""",
    "escalation": f"JOIN hazards_hazard h ON h.due_on = c.anchor AND h.due_on = ANY (%(days)s::date[]) AND h.state NOT IN {ENDED}",
    "review": """JOIN hazards_hazard h ON h.review_due_on = c.anchor AND h.review_due_on = ANY (%(days)s::date[])
        AND h.state = 'review_requested'""",
    "extension": """JOIN hazards_extension e ON e.answer_due_on = c.anchor AND e.answer_due_on = ANY (%(days)s::date[])
        AND e.answer = 'asked' JOIN hazards_hazard h ON h.id = e.hazard_id""",
    "month": "JOIN hazards_hazard h ON h.listed_level <> ''",
    "report": """JOIN hazards_hazard h ON h.state = 'reported' AND (h.received_at AT TIME ZONE 'Asia/Shanghai')::date = c.anchor""",
}
MAKE = """
SELECT h.id, c.kind, c.name, c.level, c.audience, c.states, c.anchor, h.region_code, h.sector_id, h.department_id, h.enterprise_id,
       left(h.description, 80) AS description
FROM jsonb_to_recordset(%(calls)s::jsonb)
  AS c (kind text, name text, level text, loop text, audience text, states text[], anchor date, listed boolean)
{which}
WHERE h.loop = c.loop AND h.state = ANY (c.states) AND (c.audience <> 'unit' OR h.enterprise_id IS NOT NULL)
  AND (c.listed IS NULL OR c.listed = (h.listed_level <> '')) {only}
ORDER BY c.anchor, h.id
"""
ONLY = "AND h.id = ANY (%(only)s::uuid[])"


def _rows(day: date) -> list[dict[str, Any]]:
    """Of what is dated, and of what waits to be confirmed."""
    waiting = next(iter(law.all_in_force(day, "confirmation_reminders")), None)
    return [*law.in_force("reminders", day).body["rows"], *(waiting.body["rows"] if waiting else ())]


def _remind(calls: list[Call], day: date, only: Iterable[Hazard] | None = None) -> int:
    """One statement a kind of date. What stands already is not made, and not sent, again."""
    letters = [
        letter
        for source in WHICH
        if (said := [call for call in calls if call.source == source])
        for letter in _letters(source, said, day, only)
    ]
    return len(inbox.send(letters))


def _letters(source: str, calls: list[Call], day: date, only: Iterable[Hazard] | None) -> list[Letter]:
    with connection.cursor() as cursor:
        cursor.execute(
            MAKE.format(which=WHICH[source], only="" if only is None else ONLY),
            {
                "on": day,
                "days": sorted({call.anchor for call in calls}),
                "calls": json.dumps([vars(call) for call in calls], default=str, ensure_ascii=False),
                "only": [each.pk for each in only or ()],
            },
        )
        row = namedtuple("Row", [column.name for column in cursor.description])  # type: ignore[misc]
        found = [row(*values) for values in cursor.fetchall()]
    return [_letter(each, day) for each in found]


def _letter(row: Any, day: date) -> Letter:
    """Of a hazard, a kind and a level one a day; the next day's takes its place."""
    matter = f"reminder/{row.id}/{row.kind}/{row.level}"
    said = wording(row.name, (row.anchor - day).days)
    details = {name: getattr(row, name) for name in ("kind", "name", "level", "audience", "states")}
    return Letter(
        kind=CLOCK, once=f"{matter}/{day}", thread=matter, sentence=f"{said}：{row.description}", details=details, day=day,
        to=addressed(Audience(row.audience), row.department_id), about_kind="hazard", about=row.id, due_on=row.anchor,
        region_code=row.region_code, sector=row.sector_id, department=row.department_id, enterprise=row.enterprise_id,
    )  # fmt: skip


def end_reminders(hazard_id: UUID) -> None:
    """What spoke of a state that the hazard is no longer in is done."""
    state = Hazard.objects.filter(pk=hazard_id).values_list("state", flat=True).first()
    waiting = Message.objects.of(CLOCK).open().about_record("hazard", hazard_id)
    inbox.end_messages([each.pk for each in waiting if state not in each.details.get("states", OPEN)])


def _remind_lapsed(due: dict[Hazard, Lapse], day: date) -> int:
    """Those handed up; and those whose deadline passed earlier than yesterday, entered late or before the clock first went."""
    handed_up = [hazard for hazard, what in due.items() if what.escalates]
    reminded = _remind(calls_of_escalation(_deadlines(handed_up), _rows(day)), day, handed_up) if handed_up else 0
    return reminded + _remind_missed([each for each in due if each.due_on < day - ONE_DAY], day)  # type: ignore[operator]


def _remind_missed(hazards: list[Hazard], day: date) -> int:
    return _remind(calls_reached(_deadlines(hazards), day, _rows(day), law.calendar()), day, hazards) if hazards else 0


def _never_reminded(day: date) -> list[Hazard]:
    """Not yet ordered, past the deadline, and nobody was ever reminded: the others come by while they lapse."""
    reminded = Message.objects.of(CLOCK).filter(about=OuterRef("pk"), due_on=OuterRef("due_on"), day__gt=F("due_on"))
    rows = Hazard.objects.filter(due_on__lt=day - ONE_DAY).extra(where=[UNBOUND])  # noqa: S610 - no word of a caller
    return list(rows.exclude(Exists(reminded)).only("due_on"))


def _deadlines(hazards: list[Hazard]) -> list[date]:
    return [hazard.due_on for hazard in hazards if hazard.due_on]


# --- read ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def mark_seen(reminder_id: int, *, by: Actor) -> None:
    """The first time counts. Raises NOT_FOUND for a reminder that is not this person's."""
    reminder = Message.objects.of(CLOCK).visible_to(by).filter(pk=reminder_id).first()
    if reminder is None:
        raise NOT_FOUND()
    inbox.mark([reminder], by=by, verb="reminder.seen")
