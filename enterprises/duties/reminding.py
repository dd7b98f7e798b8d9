"""What falls due for a unit is said to its people before the day and after it, by the one inbox; said once each, and done with its matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from enterprises.duties import reading, rules
from enterprises.duties.rules import Due
from enterprises.kinds import Status
from enterprises.messages import DUE
from enterprises.models import Insurance, StatedFact
from inbox import actions as inbox
from inbox.letters import Letter, posts
from inbox.models import Message
from reference import law
from safety_api.parts import in_parts
from safety_api.roles import DEPARTMENTS, ENTERPRISE

AT_ONCE = 500  # units


def remind(on: date) -> int:
    """How many messages are new. Twice a day is once; what was put right since yesterday is done."""
    facts = StatedFact.objects.known().begun(on).filter(kind__in=(rules.PLAN, rules.OPERATION))
    policies = Insurance.objects.known().begun(on)
    units = sorted({*_units_of(facts), *_units_of(policies)})
    letters = [letter for part in in_parts(units, AT_ONCE) for letter in _letters(part, facts, policies, on)]
    _end_all_but({letter.thread for letter in letters})
    return len(inbox.send(letters))


def _units_of(rows: Any) -> Iterable[Any]:
    return rows.exclude(enterprise__status=Status.CLOSED).order_by().values_list("enterprise", flat=True).distinct()


def _letters(units: list[Any], facts: Any, policies: Any, on: date) -> Iterator[Letter]:
    stated, held = _by_unit(facts, units), _by_unit(policies, units)
    for key in units:
        mine, paid = stated.get(key, []), held.get(key, [])
        unit = (mine or paid)[0].enterprise
        for due in reading.dues(unit, mine, paid, on):
            if due.fact and due.kind != rules.DRILL and due.within(on, reading.remind_days(due.kind, on)):
                yield _letter(unit, due, on)


def _by_unit(rows: Any, units: list[Any]) -> dict[Any, list[Any]]:
    found = (
        rows.filter(enterprise__in=units).select_related("enterprise").order_by("enterprise", "held_from", "known_from")
    )
    return {key: list(mine) for key, mine in groupby(found, key=lambda row: row.enterprise_id)}


def _letter(unit: Any, due: Due, on: date) -> Letter:
    """To the unit; what is late, or the authority's own, to the department that supervises it too."""
    late, thread = due.overdue(on), f"enterprise.due/{due.fact}/{due.what}"
    department = law.lead_department(unit.sector_id, on)
    office = posts(DEPARTMENTS, department=department) if late or due.of == "authority" else ()
    when = f"应于 {due.due_on} 前办理，已逾期" if late else f"{due.due_on} 到期"
    return Letter(
        kind=DUE, once=f"{thread}/{due.due_on}/{'late' if late else 'soon'}", thread=thread, day=on, due_on=due.due_on,
        sentence=f"{unit.name}：{due.name}，{when}（{due.article}）", to=(*_unit_people(due), *office),
        about_kind="enterprise", about=due.fact, region_code=unit.region_code, sector=unit.sector_id, department=department,
        enterprise=unit.pk,
    )  # fmt: skip


def _unit_people(due: Due) -> tuple[Any, ...]:
    return posts(ENTERPRISE) if due.of == "unit" else ()


def _end_all_but(threads: set[str]) -> None:
    opened = Message.objects.open().of(DUE).values_list("pk", "thread")
    inbox.end_messages([key for key, thread in opened if thread not in threads])
