"""时限 What a day brings for hazards: pure rules over the dated table `reminders` (reference/data/reminders) and the holidays.

No rule here knows today: the day is an argument, in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices

from hazards.states import STEPS, TOLD, State
from inbox.letters import To, posts
from reference.rules import Calendar, add_months, days_after, days_from, is_working_day
from reference.terms import Loop, Rung
from safety_api.days import ONE_DAY
from safety_api.roles import Role

UNDER_WAY = STEPS["fall-due"][0].before
# Somebody is bound by the deadline: it was ordered, or the unit began by itself. Until then it is only the office's own, and
# a unit is not late for ever because an officer was slow; the lists and reminders call such a hazard overdue all the same.
BOUND = TOLD - {State.CONFIRMED}
# An enterprise's own finding was never ordered, so no authority owes it a review: it stays with the unit, late and said so.
# Sending it to the county would punish whoever enters what he finds (DESIGN §11).
FALLS_DUE = frozenset({Loop.COUNTY, Loop.TOWNSHIP})


# --- the deadline passes ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lapse:
    """What the day does to a hazard itself."""

    overdue_since: date | None
    falls_due: bool = False  # 8a 期满转复查
    escalates: bool = False  # the township's loop did not close it in time


def lapse(hazard: Any, *, on: date) -> Lapse:
    """At the first minute of `on`. The deadline's own day is in time; a request made by then keeps a hazard from being late.

    One closed in the meantime was late too when it was closed after its deadline: a day on which no clock went hides nothing.
    """
    due, asked = hazard.due_on, hazard.review_requested_on
    if due is None or due >= on:
        return Lapse(hazard.overdue_since)
    is_told, late = hazard.state in TOLD, asked is None or asked > due
    closed_late = hazard.state == State.CLOSED and hazard.closed_on > due
    marked = hazard.overdue_since or (due + ONE_DAY if late and (hazard.state in BOUND or closed_late) else None)
    falls_due = hazard.state in UNDER_WAY and hazard.loop in FALLS_DUE
    return Lapse(marked, falls_due, late and is_told and hazard.loop == Loop.TOWNSHIP)


def review_due(on: date, row: dict[str, Any], calendar: Calendar) -> date:
    """The last day of a review that the clock asks for on `on`: counted from the day before, the deadline's own as a rule.

    What was entered long after its deadline gets the full time too. `row` is `review` of the table `deadlines`.
    """
    return days_after(on - ONE_DAY, row["days"], row["day_kind"], calendar)


# --- reminders ----------------------------------------------------------------------------------------------------------
class Audience(TextChoices):
    """Whom a reminder is for: a post within a region, a sector, a department or a unit, never a person, so that a transfer strands none."""

    UNIT = "unit", "单位"
    TOWNSHIP = "township", "乡镇安监员"
    TOWNSHIP_LEADER = "township_leader", "乡镇领导"
    DEPARTMENT = "department", "主管部门承办人员"
    DEPARTMENT_LEADER = "department_leader", "主管部门负责人"
    COUNTY = "county", "安委办和应急管理局"


OF_DEPARTMENTS = frozenset({Audience.DEPARTMENT, Audience.DEPARTMENT_LEADER})
LEADERS = frozenset({Audience.DEPARTMENT_LEADER})  # of a township they have a role of their own
AUDIENCE = {  # (rung, loop): who sees to a hazard in this loop
    (Rung.OFFICER, Loop.COUNTY): Audience.DEPARTMENT,
    (Rung.LEADER, Loop.COUNTY): Audience.DEPARTMENT_LEADER,
    (Rung.OFFICER, Loop.TOWNSHIP): Audience.TOWNSHIP,
    (Rung.LEADER, Loop.TOWNSHIP): Audience.TOWNSHIP_LEADER,
    (Rung.OFFICER, Loop.UNIT): Audience.TOWNSHIP,
    (Rung.LEADER, Loop.UNIT): Audience.TOWNSHIP_LEADER,
    **{(Rung.UNIT, loop): Audience.UNIT for loop in Loop},
    **{(Rung.COUNTY, loop): Audience.COUNTY for loop in Loop},
}
HEARS = {  # whose posts are reminded; a department's leader of what its officers are, and more
    Audience.UNIT: {Role.ENTERPRISE_OFFICER},
    Audience.TOWNSHIP: {Role.TOWNSHIP_OFFICER},
    Audience.TOWNSHIP_LEADER: {Role.TOWNSHIP_LEADER},
    Audience.DEPARTMENT: {Role.INSPECTOR, Role.DEPARTMENT_OFFICER, Role.BUREAU_OFFICER},
    Audience.DEPARTMENT_LEADER: {Role.INSPECTOR, Role.DEPARTMENT_OFFICER, Role.BUREAU_OFFICER},
    Audience.COUNTY: {Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER},
}


def addressed(audience: Audience, department: str | None) -> tuple[To, ...]:
    """Department's reminders go to that department only; of a hazard that has none, to each by its sectors."""
    own = department if audience in OF_DEPARTMENTS else None
    return posts(HEARS[audience], department=own, leaders=audience in LEADERS)


@dataclass(frozen=True)
class Call:
    """One line of a day: hazards of this loop in one of these states whose date (`source`) is `anchor`."""

    source: str
    kind: str
    name: str
    level: str
    loop: str
    audience: str
    states: tuple[str, ...]
    anchor: date
    listed: bool | None = None  # only of listed hazards, only of others, or of both


def calls_on(on: date, rows: Iterable[dict[str, Any]], calendar: Calendar) -> list[Call]:
    """Everything that the table says for this day."""
    dated = (row for row in rows if row["from"] != "escalation")
    return [call for row in dated for anchor in anchors(row, on, calendar) for call in _calls(row, anchor)]


def calls_reached(due: Iterable[date], on: date, rows: Iterable[dict[str, Any]], calendar: Calendar) -> list[Call]:
    """What has been missed by hazards that come under the clock with their deadline already past: every rung passed by now."""
    after = [row for row in rows if row["from"] == "deadline" and max(row["days"]) > 0]
    return [
        call
        for anchor in sorted(set(due))
        for row in after
        if any(n > 0 and days_after(anchor, n, row["day_kind"], calendar) <= on for n in row["days"])
        for call in _calls(row, anchor)
    ]


def calls_of_escalation(due: Iterable[date], rows: Iterable[dict[str, Any]]) -> list[Call]:
    """Who is reminded that a hazard left the loop: the loop that it left. By now it stands in the county's."""
    escalated = [row for row in rows if row["from"] == "escalation"]
    return [
        replace(call, loop=Loop.COUNTY.value)
        for anchor in sorted(set(due))
        for row in escalated
        for call in _calls(row, anchor)
    ]


def _calls(row: dict[str, Any], anchor: date) -> Iterator[Call]:
    said = (row["from"], row["kind"], row["name"], row["level"])
    for loop in row["loops"]:
        audience = AUDIENCE[Rung(row["level"]), Loop(loop)].value
        yield Call(*said, loop, audience, _states(row), anchor, row.get("listed"))


def _states(row: dict[str, Any]) -> tuple[str, ...]:
    """Of a deadline nobody is reminded while the hazard is only reported: it is not due."""
    by_deadline = row["from"] in ("deadline", "escalation")
    return tuple(state for state in row["states"] if not (by_deadline and state == State.REPORTED))


def anchors(row: dict[str, Any], on: date, calendar: Calendar) -> list[date]:
    """The dates that this row speaks of on `on`: several when a holiday lies between, none on a holiday itself."""
    return sorted(
        {
            anchor
            for n in row["days"]
            for anchor in _candidates(row, on, n, calendar)
            if days_after(anchor, n, row["day_kind"], calendar) == on
        }
    )


def _candidates(row: dict[str, Any], on: date, n: int, calendar: Calendar) -> list[date]:
    if row["from"] == "month":
        return [month_anchor(add_months(on.replace(day=1), k), row["month_day"], calendar) for k in range(-2, 4)]
    if row["day_kind"] == "calendar" or n == 0:
        return [on - ONE_DAY * n]
    reach = 15 + 3 * abs(n)  # the longest holiday is ten days; a working day is at least every third otherwise
    step = 1 if n < 0 else -1
    return [on + ONE_DAY * step * k for k in range(1, reach + 1)]


def month_anchor(first: date, month_day: int, calendar: Calendar) -> date:
    """That day of the month, its last where it has no such day; the working day before when it is none (节假日提前)."""
    last = add_months(first, 1) - ONE_DAY
    day = min(first + ONE_DAY * (month_day - 1), last)
    return day if is_working_day(day, calendar) else next(d for d in days_from(day, -1) if is_working_day(d, calendar))


def wording(name: str, days: int) -> str:
    """`days` until the date, negative when it has passed."""
    if days == 0:
        return f"{name}：今天到期"
    return f"{name}：还有 {days} 天" if days > 0 else f"{name}：已过 {-days} 天"
