"""隐患的规则: deadlines, what a level needs and what counts as on time, as tables a safety officer can check."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from hazards import rules
from hazards.states import State
from reference.files import DATA

D = date(2026, 11, 20)


def body(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))["body"]


LIMITS = {row["code"]: row for row in body("deadlines/2021.toml")["items"]}
STEPS = body("hazard_steps/2021-1.toml")


# --- deadlines -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("limit, days", [("general_on_spot", 0), ("general", 7), ("major", 30)])
def test_a_deadline_nobody_named_is_counted_from_the_day_after_the_finding(limit, days):
    assert rules.default_due(D, LIMITS[limit]) == D + timedelta(days)


FIRST = [  # days from the finding that counts: the finding as stated, the deadline as stated, the one that stands; by rule, remark
    (0, None, 7, True, None),
    (0, 0, 0, False, None),
    (0, 5, 5, False, None),
    (0, 400, 400, False, None),  # long, and warned of
    (0, -1, 7, True, "deadline_not_credible"),  # a slip of the finger
    (-45, None, 7, True, None),  # a phone that was away
    (-45, -38, 7, False, "deadline_moved"),
    (-45, 3, 3, False, None),  # still to come: as stated
    (-45, 400, 400, False, None),
    (-45, -50, 7, True, "deadline_not_credible"),
    (3650, 3657, 7, False, "deadline_moved"),  # a phone of 2036
    (3650, 5, 5, False, None),  # whose owner knew the day
    (-20000, -19995, 5, False, "deadline_moved"),  # and one of 1970
    (-20000, -1, 7, True, "deadline_not_credible"),
]


@pytest.mark.parametrize("told, stated, stands, by_rule, remark", FIRST)
def test_the_first_deadline_is_never_before_the_day_of_finding_that_counts(told, stated, stands, by_rule, remark):
    deadline = None if stated is None else D + timedelta(stated)
    found = rules.first_deadline(deadline, found_on=D, told_on=D + timedelta(told), row=LIMITS["general"])
    assert (found.due_on, found.by_rule, found.remark) == (D + timedelta(stands), by_rule, remark)


WARNINGS = [  # limit, days from the finding, what is said
    ("general", 15, []),
    ("general", 16, ["deadline_long"]),
    ("general", 30, ["deadline_long"]),
    ("general", 31, ["deadline_too_long"]),
    ("major", 90, []),
    ("major", 91, ["deadline_too_long"]),
    ("review", 400, []),  # the table sets no greatest
]


@pytest.mark.parametrize("limit, days, said", WARNINGS)
def test_a_long_deadline_is_warned_of_in_the_field(limit, days, said):
    assert rules.due_warnings(D, D + timedelta(days), LIMITS[limit]) == said


REFUSALS = [  # limit, days from today, a leader sets it, the hazard is listed, refused with
    ("general", -1, False, False, "in_the_past"),
    ("general", -1, True, True, "in_the_past"),
    ("general", 0, False, False, None),
    ("general", 15, False, False, None),
    ("general", 16, False, False, "deadline_needs_leader"),
    ("general", 16, True, False, None),
    ("general", 30, True, False, None),
    ("general", 31, True, False, "deadline_too_long"),
    ("general", 31, False, False, "deadline_too_long"),
    ("general", 31, True, True, None),  # 挂牌督办
    ("general", 31, False, True, "deadline_needs_leader"),
    ("major", 90, False, False, None),
    ("major", 91, True, False, "deadline_too_long"),
    ("major", 91, False, True, None),
    ("review", 400, False, False, None),
]


@pytest.mark.parametrize("limit, days, leader, listed, refused", REFUSALS)
def test_a_deadline_that_the_office_may_not_set(limit, days, leader, listed, refused):
    assert rules.deadline_refusal(D, D + timedelta(days), LIMITS[limit], leader=leader, listed=listed) == refused


OVERDUE = [  # days from today to the deadline, to the request of a review; state; overdue today
    (None, None, State.RECTIFYING, False),
    (-1, None, State.RECTIFYING, True),
    (0, None, State.RECTIFYING, False),  # the last day is in time
    (-1, None, State.REPORTED, False),  # nobody confirmed it
    (-1, None, State.CONFIRMED, True),
    (-1, None, State.DRAFT, False),
    (-1, None, State.CLOSED, False),
    (-2, -2, State.REVIEW_REQUESTED, False),  # asked for on the last day
    (-2, -1, State.REVIEW_REQUESTED, True),  # asked for a day late
]


@pytest.mark.parametrize("due, asked, state, overdue", OVERDUE)
def test_a_hazard_is_overdue_from_the_day_after_its_deadline(due, asked, state, overdue):
    due_on, asked_on = (None if days is None else D + timedelta(days) for days in (due, asked))
    assert rules.is_overdue(SimpleNamespace(due_on=due_on, review_requested_on=asked_on, state=state), on=D) is overdue


ON_TIME = [  # due, asked, closed, overdue since, on time
    (D, D, D + timedelta(9), None, True),  # asked on the last day, reviewed later
    (D, D + timedelta(1), D + timedelta(3), D + timedelta(1), False),
    (D, None, D, None, True),  # closed on the spot
    (D, None, D + timedelta(1), None, False),
    (D, D + timedelta(1), D, None, True),
    (D, D, D, D - timedelta(9), False),  # overdue once, extended late
    (None, None, D, None, False),
    (D, D, None, None, False),
]


@pytest.mark.parametrize("due, asked_on, closed, since, expected", ON_TIME)
def test_a_hazard_is_on_time_if_review_was_requested_by_the_deadline_and_passed(
    due, asked_on, closed, since, expected
):
    facts = {"due_on": due, "review_requested_on": asked_on, "closed_on": closed, "overdue_since": since}
    assert rules.closed_on_time(**facts) is expected


# --- what a step needs ---------------------------------------------------------------------------------------------------
BASES = [  # level, clause of the standard, an expert's judgement, missing
    ("major", "", "", True),
    ("major", " ", "\n", True),  # blanks are no clause
    ("major", "第四条（一）", "", False),
    ("major", "", "专家组意见", False),
    ("general", "", "", False),
]


@pytest.mark.parametrize("level, clause, expert, missing", BASES)
def test_a_major_hazard_names_the_clause_or_the_expert(level, clause, expert, missing):
    assert rules.basis_missing(level, clause, expert) is missing


PLANS = [  # level, what the plan states, what it lacks of 五落实
    ("general", "", "responsible_person measures deadline"),
    ("general", "responsible_person measures deadline", ""),
    ("major", "", "responsible_person measures funds_yuan deadline emergency_plan"),
    ("major", "responsible_person measures deadline", "funds_yuan emergency_plan"),
    ("major", "responsible_person measures funds_yuan deadline emergency_plan", ""),
]


@pytest.mark.parametrize("level, stated, lacking", PLANS)
def test_a_plan_states_all_that_its_level_asks_for(level, stated, lacking):
    plan = dict.fromkeys(stated.split(), "有")
    assert rules.not_in_place(STEPS, level, plan) == lacking.split()
    assert (
        rules.not_in_place(STEPS, level, {**dict.fromkeys(lacking.split(), ""), **plan}) == lacking.split()
    )  # blank is not stated


def test_no_money_is_a_statement_too():
    assert "funds_yuan" not in rules.not_in_place(STEPS, "major", {"funds_yuan": Decimal("0.00")})


REVIEWERS = [  # who reviews, who ordered, only those who ordered
    ("ab", "", False),  # nobody ordered: anybody is somebody else
    ("ab", "bac", True),
    ("ab", "ab", True),  # the same two
    ("ad", "ab", False),
]


@pytest.mark.parametrize("reviewers, ordered_by, only", REVIEWERS)
def test_those_who_ordered_do_not_review_alone(reviewers, ordered_by, only):
    assert rules.only_ordered(reviewers, ordered_by) is only


ALL_THREE = ["chief", "mine_safety_office", "government"]
APPROVALS = [  # sector, stopped, whose approval there is, whose is missing
    ("coal_mine", True, [], ALL_THREE),
    ("coal_mine", True, ["chief"], ["mine_safety_office", "government"]),
    ("coal_mine", True, ALL_THREE, []),
    ("coal_mine", False, [], []),
    ("non_coal_mine", True, [], []),
]


@pytest.mark.parametrize("sector, stopped, given, missing", APPROVALS)
def test_a_stopped_coal_mine_resumes_with_three_approvals(sector, stopped, given, missing):
    assert rules.approvals_missing(STEPS, sector, stopped, dict.fromkeys(given, "同意")) == missing


ENFORCED = [  # reason, state, reviews failed, overdue now or once, the record bears it out
    ("overdue", "review_requested", 0, True, True),
    ("overdue", "rectifying", 2, False, False),
    ("repeated_failure", "rectifying", 1, True, False),
    ("repeated_failure", "review_requested", 2, False, True),
    ("repeated_failure", "review_requested", 3, False, True),
    ("refusal", "ordered", 0, False, True),
    ("refusal", "rectifying", 0, False, True),
    ("refusal", "review_requested", 2, True, False),  # who asks for a review does not refuse
]


@pytest.mark.parametrize("reason, state, failed, overdue, holds", ENFORCED)
def test_what_the_record_bears_out_is_enforced(reason, state, failed, overdue, holds):
    assert rules.enforcement_borne_out(STEPS, reason, state=state, failed=failed, overdue=overdue) is holds


ESCALATED = [  # a township's reason, state, overdue, the record bears it out
    ("overdue", "ordered", True, True),
    ("overdue", "ordered", False, False),
    ("refused", "ordered", False, True),
    ("refused", "rectifying", False, True),
    ("refused", "confirmed", True, False),
    ("major", "confirmed", False, True),  # the township's own judgement
]


@pytest.mark.parametrize("reason, state, overdue, holds", ESCALATED)
def test_what_a_township_hands_to_the_county(reason, state, overdue, holds):
    assert rules.escalation_borne_out(reason, state=state, overdue=overdue) is holds
