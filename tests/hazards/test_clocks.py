"""时限: what a day does to hazards, as tables a safety officer can read; no test here knows today."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards import clocks
from hazards.actions import clocks as turning
from hazards.actions.clocks import Turned, begin_turn, turn
from hazards.clocks import Lapse, anchors, lapse, month_anchor, review_due, wording
from hazards.messages import CLOCK
from hazards.models import ClockTurn, Extension, Hazard, HazardStep
from hazards.states import FLOW, OPEN, State
from inbox.models import Message
from reference import law
from reference.files import holidays
from reference.rules import is_working_day
from reference.terms import HazardLevel, Loop
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.people import HOME, VILLAGE
from tests.cast.units import mine
from tests.conftest import tries

ONE_DAY = timedelta(days=1)


def day(text: str, year: int = 2026) -> date:
    return date.fromisoformat(f"{year}-{text}")


@pytest.fixture(scope="module")
def calendar() -> dict[date, bool]:
    """The notices of the State Council for 2024 and 2026, from their files."""
    from reference.files import DATA

    rows = [row for year in (2024, 2026) for row in holidays(DATA / "holidays" / f"{year}.toml")]
    return {row["day"]: row["is_workday"] for row in rows}


# --- the deadline passes: the rule -----------------------------------------------------------------------------------------
D, NEXT = day("03-10"), day("03-11")  # the deadline, and the first day after it
RULE = [  # state, loop, asked for a review, closed, marked before; turned on; late since, to review (8a), to the county
    ("ordered", "county", None, None, None, D, None, False, False),  # the last day is in time
    ("ordered", "county", None, None, None, NEXT, NEXT, True, False),
    ("rectifying", "county", None, None, None, NEXT, NEXT, True, False),
    (
        "rectifying",
        "county",
        None,
        None,
        None,
        NEXT + 9 * ONE_DAY,
        NEXT,
        True,
        False,
    ),  # the first late day, whenever turned
    ("rectifying", "township", None, None, None, NEXT, NEXT, True, True),
    ("rectifying", "unit", None, None, None, NEXT, NEXT, False, False),  # the unit's own finding stays the unit's
    ("review_requested", "county", D, None, None, NEXT, None, False, False),  # asked on the last day
    ("review_requested", "township", D, None, None, NEXT, None, False, False),
    ("review_requested", "county", NEXT, None, None, NEXT + ONE_DAY, NEXT, False, False),  # asked too late
    ("review_requested", "township", NEXT, None, None, NEXT + ONE_DAY, NEXT, False, True),
    ("enforcement", "county", None, None, None, NEXT, NEXT, False, False),
    ("reported", "county", None, None, None, NEXT, None, False, False),  # nobody was bound yet
    ("confirmed", "county", None, None, None, NEXT, None, False, False),
    ("reported", "township", None, None, None, NEXT, None, False, False),  # not due: nobody confirmed it
    ("confirmed", "township", None, None, None, NEXT, None, False, True),  # the township sat on it
    (
        "rectifying",
        "county",
        None,
        None,
        day("01-05"),
        NEXT,
        day("01-05"),
        True,
        False,
    ),  # late once before: that day stays
    ("rectifying", "county", None, None, day("01-05"), D, day("01-05"), False, False),  # and no extension clears it
    ("closed", "county", None, D, None, NEXT, None, False, False),
    ("closed", "county", None, NEXT, None, NEXT, NEXT, False, False),  # closed too late, on a day when no clock went
    ("closed", "county", D, NEXT, None, NEXT, None, False, False),  # asked in time, reviewed later: in time
    ("void", "county", None, None, None, NEXT, None, False, False),
    ("draft", "county", None, None, None, NEXT, None, False, False),
]


@pytest.mark.parametrize("state, loop, asked, closed, marked, on, since, falls_due, escalates", RULE)
def test_a_hazard_becomes_overdue_falls_due_and_escalates_on_the_days_of_the_table(
    state, loop, asked, closed, marked, on, since, falls_due, escalates
):
    hazard = SimpleNamespace(
        state=state, loop=loop, due_on=D, review_requested_on=asked, closed_on=closed, overdue_since=marked
    )
    assert lapse(hazard, on=on) == Lapse(since, falls_due, escalates)


def test_a_hazard_without_a_deadline_is_never_overdue():
    hazard = SimpleNamespace(
        state="ordered", loop="township", due_on=None, review_requested_on=None, closed_on=None, overdue_since=None
    )
    assert lapse(hazard, on=day("12-31")) == Lapse(None)


TEN, TEN_WORKING = {"days": 10, "day_kind": "calendar"}, {"days": 10, "day_kind": "working"}
REVIEWS = [  # the day after the deadline, ten days to review, ten working days
    (day("03-11"), day("03-20"), day("03-24")),
    (day("02-29", 2024), day("03-09", 2024), day("03-13", 2024)),  # leap day
    (day("03-01", 2024), day("03-10", 2024), day("03-14", 2024)),  # the deadline was the leap day
    (day("03-01"), day("03-10"), day("03-13")),  # 28 February 2026 is a worked Saturday
    (day("10-01"), day("10-10"), day("10-20")),  # over National Day; 10 October is a worked Saturday
    (
        day("12-28", 2024),
        date(2025, 1, 6),
        date(2025, 1, 10),
    ),  # over the year's end; of 2025 the fixture knows weekends only
]


@pytest.mark.parametrize("on, due, due_working", REVIEWS)
def test_a_review_is_due_ten_days_after_the_deadline(on, due, due_working, calendar):
    assert review_due(on, TEN, calendar) == due
    assert review_due(on, TEN_WORKING, calendar) == due_working


# --- when a reminder is due: the rule ------------------------------------------------------------------------------------
def _row(days: list[int], kind: str = "calendar") -> dict[str, Any]:
    return {"from": "deadline", "days": days, "day_kind": kind}


BEFORE = [  # deadline; reminded three and one calendar days before; three and one working days before
    ("2026-03-11", "2026-03-08", "2026-03-10", "2026-03-06", "2026-03-10"),  # a Wednesday
    ("2026-03-01", "2026-02-26", "2026-02-28", "2026-02-26", "2026-02-28"),  # a Sunday after a worked Saturday
    ("2024-03-01", "2024-02-27", "2024-02-29", "2024-02-27", "2024-02-29"),  # over the leap day
    ("2026-10-04", "2026-10-01", "2026-10-03", "2026-09-28", "2026-09-30"),  # in a holiday: before it begins
    ("2026-10-08", "2026-10-05", "2026-10-07", "2026-09-28", "2026-09-30"),
    (
        "2026-02-24",
        "2026-02-21",
        "2026-02-23",
        "2026-02-12",
        "2026-02-14",
    ),  # after 春节; the Saturday before it is worked
    ("2026-01-01", "2025-12-29", "2025-12-31", "2025-12-29", "2025-12-31"),  # the year's end
    ("2026-05-31", "2026-05-28", "2026-05-30", "2026-05-27", "2026-05-29"),  # a month's end, a Sunday
]


@pytest.mark.parametrize("deadline, three, one, three_working, one_working", BEFORE)
def test_a_reminder_comes_the_set_number_of_days_before_the_deadline(deadline, three, one, three_working, one_working, calendar):
    due = date.fromisoformat(deadline)
    for n, kind, expected in (
        (-3, "calendar", three), (-1, "calendar", one), (-3, "working", three_working), (-1, "working", one_working),
    ):  # fmt: skip
        days = [due + ONE_DAY * k for k in range(-30, 31)]
        assert [each for each in days if due in anchors(_row([n], kind), each, calendar)] == [
            date.fromisoformat(expected)
        ]


def test_before_a_holiday_all_deadlines_within_it_are_reminded_of(calendar):
    found = anchors(_row([-1], "working"), day("09-30"), calendar)
    assert found == [day("10-01") + ONE_DAY * k for k in range(8)]  # 1 to 7 October, and the 8th, when work begins


def test_reminders_counted_in_working_days_never_fall_on_a_holiday(calendar):
    assert anchors(_row([-3, -1, 1], "working"), day("10-03"), calendar) == []
    assert anchors(_row([0], "working"), day("10-03"), calendar) == [
        day("10-03")
    ]  # the last day itself is the last day


MONTHS = [  # month, day of the month, when
    ("2026-01", 25, "2026-01-23"),  # a Sunday: the Friday before
    ("2026-02", 25, "2026-02-25"),
    ("2026-02", 28, "2026-02-28"),  # a worked Saturday
    ("2026-02", 31, "2026-02-28"),  # the month's end
    ("2024-02", 31, "2024-02-29"),  # of a leap year
    ("2026-04", 31, "2026-04-30"),
    ("2026-09", 25, "2026-09-24"),  # 中秋节
    ("2026-10", 7, "2026-09-30"),  # a whole holiday back, into the month before
    ("2026-12", 31, "2026-12-31"),
]


@pytest.mark.parametrize("month, month_day, expected", MONTHS)
def test_a_monthly_report_due_on_a_day_off_moves_to_the_last_working_day_before(month, month_day, expected, calendar):
    assert month_anchor(date.fromisoformat(f"{month}-01"), month_day, calendar) == date.fromisoformat(expected)


@given(st.dates(day("01-20"), day("11-20")), st.integers(-20, 20), st.sampled_from(["calendar", "working"]))
def test_a_deadline_is_found_again_from_the_day_of_its_reminder(deadline, n, kind):
    from reference.rules import days_after

    calendar = {day("10-01") + ONE_DAY * k: False for k in range(7)} | {day("10-10"): True}
    on = days_after(deadline, n, kind, calendar)
    assert deadline in anchors(_row([n], kind), on, calendar)


@pytest.mark.parametrize("days, text", [(3, "期限：还有 3 天"), (0, "期限：今天到期"), (-2, "期限：已过 2 天")])
def test_a_reminder_says_how_many_days(days, text):
    assert wording("期限", days) == text


# --- the table ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def rows(db) -> list[dict[str, Any]]:
    return law.in_force("reminders", day("11-23")).body["rows"]


def test_the_reminder_table_names_only_known_states_loops_and_levels(rows):
    assert {row["level"] for row in rows} == set(clocks.Rung)
    assert {state for row in rows for state in row["states"]} <= OPEN
    assert {loop for row in rows for loop in row["loops"]} == set(Loop)
    assert {row["from"] for row in rows} == set(turning.WHICH) - {"report"}  # that is `confirmation_reminders`
    assert all(("month_day" in row) == (row["from"] == "month") for row in rows)


def test_overdue_reminders_go_to_the_responsible_levels_of_each_loop(rows):
    rungs = {
        loop: [
            (n, row["level"]) for row in rows if row["kind"] == "overdue" and loop in row["loops"] for n in row["days"]
        ]
        for loop in Loop
    }
    official = [(1, "unit"), (1, "officer"), (3, "leader"), (7, "county")]
    assert rungs == {"county": official, "township": official, "unit": [(1, "unit"), (3, "unit"), (7, "officer")]}


def test_only_the_steps_of_the_clock_have_no_acting_party():
    assert [step.name for step in FLOW if not step.by] == ["fall-due"]


# --- hazards ---------------------------------------------------------------------------------------------------------------
def a_hazard(number: int, state: str, due: date | None, **fields: Any) -> Hazard:
    """Nobody's in particular: found ten days before its deadline in the home village."""
    found = timezone.make_aware(datetime.combine((due or day("01-11")) - 10 * ONE_DAY, datetime.min.time()))
    hazard = Hazard(**{
        "id": UUID(int=number), "state": state, "level": HazardLevel.GENERAL, "origin": "inspection", "loop": Loop.COUNTY,
        "sector_id": "coal_mine", "department_id": "emergency", "region_code": VILLAGE, "place": "演示地点", "description": "演示",
        "reported_by": UUID(int=7), "reporter_name": "张巡", "found_at": found, "received_at": found, "due_on": due, **fields,
    })  # fmt: skip
    hazard.save(force_insert=True)
    return hazard


def reminders_of(number: int, *, long: bool = False) -> list[tuple]:
    """Month and day, kind and level of its reminders, in the order of days; `long` with their audience."""
    rows = Message.objects.of(CLOCK).filter(about=UUID(int=number)).order_by("day", "details__kind", "details__level")
    names = ("kind", "level", "audience") if long else ("kind", "level")
    return [(f"{row.day:%m-%d}", *(row.details[name] for name in names)) for row in rows]


def steps_of(number: int) -> list[tuple]:
    rows = HazardStep.objects.filter(hazard=UUID(int=number)).order_by("id")
    return [(f"{timezone.localtime(row.happened_at):%m-%d %H:%M}", row.step, row.before, row.after) for row in rows]


def hazard_now(number: int) -> Hazard:
    return Hazard.objects.get(pk=UUID(int=number))


def update_hazard(number: int, **fields: Any) -> None:
    """What a verb of the flow leaves behind."""
    Hazard.objects.filter(pk=UUID(int=number)).update(**fields)


# --- a year ---------------------------------------------------------------------------------------------------------------
ORDERED, TOWNSHIP_S, UNIT_S, UNCONFIRMED, LISTED, EXTENDED, UNREVIEWED = range(1, 8)
EVENTS: dict[date, Callable[[], object]] = {
    day("03-02"): lambda: Extension.objects.create(
        hazard_id=UUID(int=EXTENDED), reason="雨季", interim_measures="停用", old_due_on=day("03-10"),
        new_due_on=day("03-25"), asked_by=UUID(int=9), asked_by_name="褚主", answer_due_on=day("03-07"),
    ),
    day("03-13"): lambda: (
        Extension.objects.update(answer="granted", answered_at=timezone.now()),
        update_hazard(EXTENDED, state="rectifying", due_on=day("03-25"), review_due_on=None),
    ),
    day("03-24"): lambda: update_hazard(
        EXTENDED, state="review_requested", review_requested_on=day("03-24"), review_due_on=day("04-03")
    ),
    day("03-27"): lambda: update_hazard(EXTENDED, state="closed", closed_on=day("03-27")),
    day("08-31"): lambda: update_hazard(
        UNREVIEWED, state="review_requested", review_requested_on=day("08-31"), review_due_on=day("09-10")
    ),
}  # fmt: skip


@pytest.fixture
def year(db):
    """2026 from its first day to its last, in the office's order: first the clock, then people."""
    unit = mine()
    a_hazard(ORDERED, "ordered", day("09-30"), enterprise=unit)
    a_hazard(TOWNSHIP_S, "rectifying", day("05-01"), loop=Loop.TOWNSHIP, origin="patrol")
    a_hazard(UNIT_S, "rectifying", day("06-30"), loop=Loop.UNIT, origin="self", enterprise=unit)
    a_hazard(UNCONFIRMED, "reported", day("02-14"))
    a_hazard(LISTED, "rectifying", date(2027, 3, 31), listed_level="county", level="major")
    a_hazard(EXTENDED, "rectifying", day("03-10"), enterprise=unit)
    a_hazard(UNREVIEWED, "rectifying", day("08-31"))
    for n in range(365):
        on = day("01-01") + n * ONE_DAY
        turn(on)
        EVENTS.get(on, lambda: None)()


def test_reminders_of_a_whole_year_come_on_the_expected_days(year):
    # ordered until the last day before National Day: the officer hears in working days, the unit in calendar days
    assert reminders_of(ORDERED, long=True) == [
        ("09-24", "deadline_near", "officer", "department"),  # 25 to 27 September is 中秋节
        ("09-27", "deadline_near", "unit", "unit"),
        ("09-29", "deadline_near", "officer", "department"),
        ("09-29", "deadline_near", "unit", "unit"),
        ("09-30", "deadline_near", "officer", "department"),
        ("09-30", "deadline_near", "unit", "unit"),
        ("10-01", "overdue", "officer", "department"),
        ("10-01", "overdue", "unit", "unit"),
        ("10-03", "overdue", "leader", "department_leader"),
        ("10-07", "overdue", "county", "county"),
        ("10-09", "review_near", "officer", "department"),
        ("10-10", "review_near", "officer", "department"),  # a worked Saturday, the tenth day
        ("10-11", "review_overdue", "leader", "department_leader"),
        ("10-15", "review_overdue", "county", "county"),
    ]
    assert steps_of(ORDERED) == [("10-01 00:00", "fall-due", "ordered", "review_requested")]
    hazard = hazard_now(ORDERED)
    assert (hazard.overdue_since, hazard.review_due_on) == (day("10-01"), day("10-10"))
    assert hazard.review_requested_on is None
    assert hazard.is_overdue(on=day("12-31"))  # moved by the clock, and late all the same

    # the township's own, late on Labour Day: it goes to the county, and its leader hears of it
    assert reminders_of(TOWNSHIP_S, long=True) == [
        ("04-28", "deadline_near", "officer", "township"),
        ("04-30", "deadline_near", "officer", "township"),
        ("05-01", "deadline_near", "officer", "township"),
        ("05-02", "escalated", "leader", "township_leader"),
        ("05-02", "overdue", "officer", "department"),
        ("05-04", "overdue", "leader", "department_leader"),
        ("05-07", "review_near", "officer", "department"),
        ("05-08", "overdue", "county", "county"),
        ("05-09", "review_near", "officer", "department"),  # a worked Saturday; the tenth day is the Monday after
        ("05-11", "review_near", "officer", "department"),
        ("05-12", "review_overdue", "leader", "department_leader"),
        ("05-16", "review_overdue", "county", "county"),
    ]
    assert steps_of(TOWNSHIP_S) == [
        ("05-02 00:00", "fall-due", "rectifying", "review_requested"),
        ("05-02 00:00", "escalate", "review_requested", "review_requested"),
    ]
    assert hazard_now(TOWNSHIP_S).loop == Loop.COUNTY

    # found by the unit itself: it stays the unit's, and on the seventh day the township hears
    assert reminders_of(UNIT_S, long=True) == [
        ("06-27", "deadline_near", "unit", "unit"),
        ("06-29", "deadline_near", "unit", "unit"),
        ("06-30", "deadline_near", "unit", "unit"),
        ("07-01", "overdue", "unit", "unit"),
        ("07-03", "overdue", "unit", "unit"),
        ("07-07", "overdue", "officer", "township"),
    ]
    assert (hazard_now(UNIT_S).state, hazard_now(UNIT_S).overdue_since, steps_of(UNIT_S)) == ("rectifying", day("07-01"), [])

    # nobody confirmed it: it is not due, and whoever has to confirm it hears of that, two and five working days after the report
    assert reminders_of(UNCONFIRMED, long=True) == [
        ("02-06", "unconfirmed", "officer", "department"),
        ("02-11", "unconfirmed", "leader", "department_leader"),
    ]
    assert (hazard_now(UNCONFIRMED).state, hazard_now(UNCONFIRMED).overdue_since) == ("reported", None)

    # listed: progress is due on the 25th, on the working day before when that is none
    assert [when for when, kind, _ in reminders_of(LISTED) if kind == "listed_progress"] == [
        "01-20", "01-23", "02-22", "02-25", "03-22", "03-25", "04-21", "04-24", "05-22", "05-25", "06-22", "06-25",
        "07-21", "07-24", "08-22", "08-25", "09-21", "09-24", "10-20", "10-23", "11-22", "11-25", "12-22", "12-25",
    ]  # fmt: skip

    # the extension was answered late: the past stays, the new deadline is reminded of anew and kept
    assert reminders_of(EXTENDED) == [
        ("03-05", "deadline_near", "officer"),
        ("03-06", "extension_unanswered", "leader"),  # the last working day before Saturday the 7th
        ("03-07", "deadline_near", "unit"),
        ("03-08", "extension_unanswered", "county"),
        ("03-09", "deadline_near", "officer"),
        ("03-09", "deadline_near", "unit"),
        ("03-10", "deadline_near", "officer"),
        ("03-10", "deadline_near", "unit"),
        ("03-11", "overdue", "officer"),
        ("03-11", "overdue", "unit"),
        ("03-13", "overdue", "leader"),
        ("03-20", "deadline_near", "officer"),
        ("03-22", "deadline_near", "unit"),
        ("03-24", "deadline_near", "officer"),
        ("03-24", "deadline_near", "unit"),
    ]
    assert (hazard_now(EXTENDED).state, hazard_now(EXTENDED).overdue_since) == ("closed", day("03-11"))

    # asked on the last day: never late, but the review is
    assert reminders_of(UNREVIEWED)[3:] == [
        ("09-07", "review_near", "officer"),
        ("09-09", "review_near", "officer"),
        ("09-10", "review_near", "officer"),
        ("09-11", "review_overdue", "leader"),
        ("09-15", "review_overdue", "county"),
    ]
    assert hazard_now(UNREVIEWED).overdue_since is None


def test_each_step_of_the_clock_is_written_to_the_trail_and_sent_as_a_message(db):
    a_hazard(1, "rectifying", day("03-10"), loop=Loop.TOWNSHIP)
    turn(day("03-08"))
    turn(day("03-12"))
    lines = TrailLine.objects.filter(actor_name="系统", verb__regex=r"^(clock|hazard)\.").order_by("id")
    assert list(lines.values_list("verb", flat=True)) == [
        "clock.turn", "clock.turn", "clock.turn", "hazard.fall-due", "hazard.escalate", "hazard.overdue", "clock.turn", "clock.turn",
    ]  # fmt: skip
    assert lines.filter(verb="clock.turn")[3].details == {
        "day": "2026-03-11", "overdue": 1, "moved": 1, "escalated": 1, "reminders": 2,
    }  # fmt: skip
    assert lines.get(verb="hazard.fall-due").details == {
        "before": "rectifying", "due_on": "2026-03-10", "review_due_on": "2026-03-20",
    }  # fmt: skip
    sent = OutboxMessage.objects.order_by("id")
    assert [each.payload["step"] for each in sent.filter(topic="hazard.moved")] == ["fall-due", "escalate"]
    made = [number for each in sent.filter(topic="inbox.sent") for number in each.payload["messages"]]
    assert sorted(made) == sorted(Message.objects.of(CLOCK).values_list("id", flat=True))


# --- again, and after a gap -------------------------------------------------------------------------------------------------
def stored_rows() -> dict[str, list]:
    """All that a turn may write, without numbers and times of writing."""
    return {
        "hazards": list(Hazard.objects.order_by("pk").values_list(
            "pk", "state", "loop", "overdue_since", "review_requested_on", "review_due_on", "due_on", "epoch",
        )),
        "steps": list(HazardStep.objects.order_by("hazard", "id").values_list(
            "hazard", "step", "before", "after", "happened_at", "by_name", "due_on", "details",
        )),
        "reminders": sorted(Message.objects.of(CLOCK).values_list(
            "about", "details", "day", "due_on", "region_code", "department", "enterprise",
        ), key=str),
        "trail": sorted(TrailLine.objects.filter(actor_name="系统", verb__regex=r"^(clock|hazard)\.").values_list("verb", "object_id", "details"), key=str),
        "moved": sorted(OutboxMessage.objects.filter(topic="hazard.moved").values_list("payload", flat=True), key=str),
    }  # fmt: skip


def test_running_the_clock_again_for_the_same_day_writes_nothing(db):
    a_hazard(1, "ordered", day("03-10"))
    turn(day("03-09"))
    first = turn(day("03-11"))
    before, counted = stored_rows(), ClockTurn.objects.values().get()
    assert first == Turned(days=2, overdue=1, moved=1, escalated=0, reminders=2)
    assert turn(day("03-11")) == turn(day("03-01")) == Turned()
    assert (stored_rows(), ClockTurn.objects.values().get()) == (before, counted)


def test_the_first_run_of_the_clock_reminds_of_all_hazards_already_overdue(db):
    a_hazard(1, "ordered", day("01-10"), enterprise=mine())
    a_hazard(2, "confirmed", day("01-10"))
    a_hazard(3, "confirmed", day("03-08"))
    a_hazard(4, "reported", day("01-10"))  # not due
    assert turn(day("03-11")).days == 1
    assert (hazard_now(1).overdue_since, hazard_now(1).review_due_on) == (day("01-11"), day("03-20"))
    assert reminders_of(1) == [
        ("03-11", "overdue", "county"), ("03-11", "overdue", "leader"), ("03-11", "overdue", "officer"), ("03-11", "overdue", "unit"),
    ]  # fmt: skip
    assert reminders_of(2) == [("03-11", "overdue", level) for level in ("county", "leader", "officer")]
    assert reminders_of(3) == [("03-11", "overdue", level) for level in ("leader", "officer")]
    turn(day("03-15"))
    assert reminders_of(3)[2:] == [("03-15", "overdue", "county")]
    assert len(reminders_of(2)) == 3  # told once
    assert reminders_of(4) == []


def test_a_hazard_entered_long_after_its_deadline_is_still_reminded_and_escalated(db):
    turn(day("03-20"))
    a_hazard(1, "confirmed", day("03-10"))
    a_hazard(2, "rectifying", day("03-19"), loop=Loop.TOWNSHIP)
    turn(day("03-21"))
    assert [level for _, _, level in reminders_of(1)] == ["county", "leader", "officer"]
    assert reminders_of(2, long=True) == [
        ("03-21", "escalated", "leader", "township_leader"), ("03-21", "overdue", "officer", "department"),
    ]  # fmt: skip


def test_a_hazard_closed_late_before_the_clock_ran_is_marked_as_overdue(db):
    turn(day("03-10"))
    a_hazard(1, "closed", day("03-10"), closed_on=day("03-12"))
    a_hazard(2, "closed", day("03-10"), closed_on=day("03-10"))
    turn(day("03-14"))
    assert (hazard_now(1).overdue_since, hazard_now(2).overdue_since) == (day("03-11"), None)
    assert reminders_of(1) == steps_of(1) == []


@pytest.mark.parametrize("listed, first", [("", ("03-06", "leader")), ("city", ("03-06", "county"))])
def test_an_unanswered_extension_reminds_its_decider_on_the_last_working_day(db, listed, first):
    a_hazard(1, "ordered", day("03-31"), listed_level=listed)
    Extension.objects.create(
        hazard_id=UUID(int=1), reason="雨季", interim_measures="停用", old_due_on=day("03-31"), new_due_on=day("04-20"),
        asked_by=UUID(int=9), asked_by_name="褚主", answer_due_on=day("03-08"),
    )  # fmt: skip
    turn(day("03-01"))
    turn(day("03-12"))
    assert reminders_of(1) == [
        (first[0], "extension_unanswered", first[1]),
        ("03-09", "extension_unanswered", "county"),
    ]


SORTS = st.fixed_dictionaries({
    "state": st.sampled_from(["reported", "confirmed", "ordered", "rectifying", "review_requested", "enforcement", "closed", "void"]),
    "loop": st.sampled_from(list(Loop)),
    "due": st.integers(-12, 24),
    "asked": st.none() | st.integers(-12, 3),
    "listed": st.booleans(),
    "unit": st.booleans(),
})  # fmt: skip
START = day("09-18")  # 中秋节 and National Day lie ahead


def _write(sorts: list[dict[str, Any]], unit: Any) -> None:
    for number, sort in sorts:
        due = START + sort["due"] * ONE_DAY
        asked = None if sort["asked"] is None or sort["state"] == "reported" else due + sort["asked"] * ONE_DAY
        a_hazard(
            number, sort["state"], due, loop=sort["loop"], review_requested_on=asked,
            review_due_on=due + 10 * ONE_DAY if sort["state"] == "review_requested" else None,
            closed_on=due + ONE_DAY if sort["state"] == "closed" else None,
            listed_level="county" if sort["listed"] else "", enterprise=unit if sort["unit"] else None,
        )  # fmt: skip


def _world(sorts: list[tuple[int, dict[str, Any]]], unit: Any, act: Callable[[], object]) -> dict[str, list]:
    """What stands after `act`, and then as if nothing had been."""
    with transaction.atomic():
        turn(START - ONE_DAY)
        _write(sorts, unit)
        act()
        found = stored_rows()
        transaction.set_rollback(True)
    return found


@settings(max_examples=tries(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sorts=st.lists(SORTS, min_size=1, max_size=6), days=st.integers(1, 18))
def test_running_the_clock_daily_or_once_after_a_gap_gives_the_same_result(db, sorts, days):
    unit, numbered = _a_unit(), list(enumerate(sorts, start=1))
    last = START + days * ONE_DAY

    def daily() -> None:
        for n in range(days + 1):
            turn(START + n * ONE_DAY)
            turn(START + n * ONE_DAY)

    day_by_day = _world(numbered, unit, daily)
    assert _world(numbered, unit, lambda: turn(last)) == day_by_day
    assert _world(numbered[::-1], unit, lambda: turn(last)) == day_by_day
    assert _world(numbered, unit, lambda: turn(last, batch=1)) == day_by_day


def _a_unit() -> Any:
    from enterprises.models import Enterprise
    from tests.cast.people import MINE

    return Enterprise.objects.filter(pk=MINE).first() or mine()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("loop", Loop)
def test_a_hazard_processed_by_the_clock_is_no_longer_pending(db, state, loop):
    """Else the same rows would be read every night, and a full batch would come back for ever."""
    for number, asked in enumerate((None, day("03-09"), day("03-12")), start=1):
        a_hazard(
            number,
            state,
            day("03-10"),
            loop=loop,
            review_requested_on=asked,
            closed_on=day("03-13") if state == "closed" else None,
        )
    turn(day("03-14"))
    assert list(turning._pending(day("03-15"), 10)) == []


def test_two_concurrent_runs_of_the_clock_do_the_work_once(committed):
    for number in range(1, 8):
        a_hazard(number, "rectifying", day("03-10"), loop=Loop.TOWNSHIP)
    turn(day("03-08"))

    def go(_: int) -> Turned:
        try:
            return turn(day("03-14"), batch=2)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as hands:
        done = sum(hands.map(go, range(2)), Turned())
    assert (done.days, done.overdue, done.moved, done.escalated) == (6, 7, 7, 7)
    assert HazardStep.objects.count() == 14


def test_the_clock_waits_for_a_persons_open_change_and_then_respects_it(committed):
    a_hazard(1, "rectifying", day("03-10"))
    turn(day("03-10"))
    with ThreadPoolExecutor(1) as hand, transaction.atomic():  # the commit comes before the waiting for the other hand
        Hazard.objects.select_for_update().get(pk=UUID(int=1))
        going = hand.submit(lambda: (turn(day("03-11")), connection.close())[0])
        _until_a_lock_wait()
        update_hazard(1, state="closed", closed_on=day("03-10"))
    assert going.result().moved == 0
    assert steps_of(1) == []


def _until_a_lock_wait() -> None:
    from tests.ground.connections import until

    def waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees for ever what it saw first
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
            )
            return cursor.fetchone()[0]

    until(waiting)


# --- what it costs ------------------------------------------------------------------------------------------------------------
def test_a_day_of_the_clock_takes_as_many_queries_for_30_hazards_as_for_one(db):
    def statements(first: int, count: int, on: date) -> int:
        for number in range(first, first + count):
            a_hazard(number, "ordered", on - ONE_DAY, loop=Loop.TOWNSHIP)
        with CaptureQueriesContext(connection) as seen:
            assert turn(on).moved == count
        return len(seen)

    turn(day("03-09"))
    one, thirty = statements(1, 1, day("03-10")), statements(100, 30, day("03-11"))
    assert thirty == one
    assert one <= 40  # with savepoints


def test_starting_the_clock_for_a_finished_day_takes_one_query(db, django_assert_num_queries):
    turn(day("03-10"))
    with django_assert_num_queries(1):
        assert begin_turn(day("03-10")) is False


def test_the_query_of_the_clock_uses_its_partial_index(db):
    migration = import_module("hazards.migrations.0016_the_clock_passes_by_what_is_unconfirmed")
    assert migration.PENDING == turning.PENDING
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM hazards_hazard WHERE due_on < '2026-03-11' AND {turning.PENDING} ORDER BY due_on, id LIMIT 9"
        )
        assert "hazard_clock_told " in "\n".join(line for (line,) in cursor.fetchall())


# --- doors ----------------------------------------------------------------------------------------------------------------------
def test_the_worker_runs_the_clock_one_message_per_batch(db):
    a_hazard(1, "rectifying", day("03-10"))
    turn(day("03-08"))
    OutboxMessage.objects.all().delete()
    assert begin_turn(day("03-11")) is True
    outbox.drain()
    assert (hazard_now(1).state, ClockTurn.objects.get().last_day) == ("review_requested", day("03-11"))
    assert not OutboxMessage.objects.filter(topic="clock.turn").exists()


def test_the_clock_command_prints_the_counts_of_each_day(db, capsys):
    a_hazard(1, "rectifying", day("03-10"))
    turn(day("03-10"))
    call_command("turn_clocks", "--on", "2026-03-12")
    assert capsys.readouterr().out.splitlines() == [
        "2026-03-11：逾期 1，转复查 1，转县级 0，提醒 1",
        "2026-03-12：逾期 0，转复查 0，转县级 0，提醒 0",
        "已走到 2026-03-12，共 2 天。",
    ]


def test_the_clock_command_refuses_future_days_and_days_before_the_rules(db):
    with pytest.raises(CommandError, match="还没有到"):
        call_command("turn_clocks", "--on", "2999-01-01")
    with pytest.raises(CommandError):
        call_command("turn_clocks", "--on", "1999-01-01")  # before our rules begin


def test_the_calendar_used_in_tests_equals_the_loaded_calendar(db, calendar):
    assert all(is_working_day(each, law.calendar()) == worked for each, worked in calendar.items())
    assert HOME in VILLAGE
