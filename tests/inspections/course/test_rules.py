"""What is remarkable of the course of a visit, and what a visit counts as: tables of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from inspections.course.rules import Approval, CourseFacts, CourseRule, counted, remarks
from tests.cast.units import CODE, OTHER_CODE
from tests.law import document

RULE = CourseRule.read(document("inspection_course"))
BEFORE_SCANS = replace(RULE, scan_required=False)
START, END = datetime.fromisoformat("2026-11-20T09:00:00+08:00"), datetime.fromisoformat("2026-11-20T10:20:00+08:00")
HOUR = timedelta(hours=1)
OFFICER, COMPANION, CHIEF = UUID(int=1), UUID(int=2), UUID(int=3)
OURS, OTHERS = CODE, OTHER_CODE
WHOLE = CourseFacts(
    started_at=START, finished_at=END, type="daily", source={"kind": "plan"}, officers=frozenset({OFFICER, COMPANION}),
    officer_names=frozenset({"张巡", "李查"}), approval=Approval(at=START - HOUR, approver=CHIEF, is_leader=True), notice=True,
    notice_at=START, scan={"code": "x"},
)  # fmt: skip
SPECIAL = {"type": "special", "source": {"kind": "plan", "number": "兴政〔2026〕1号"}}
URGENT = Approval(at=END + HOUR, urgent=True, reported_at=START)
CASES = [
    ({}, []),
    ({"type": "", "source": {}}, ["type_assumed"]),
    ({"source": {}}, ["no_source"]),
    (SPECIAL, []),
    ({"type": "special"}, ["special_unordered"]),
    ({"type": "special", "source": {"kind": "complaint", "number": "12345-7"}}, ["special_unordered"]),
    ({"type": "case", "source": {"kind": "complaint"}}, []),
    ({"approval": None}, ["no_approval"]),
    ({"approval": Approval(name="吴长")}, []),
    ({"approval": Approval(at=START, name="吴长")}, ["approved_late"]),
    ({"approval": Approval(at=START - timedelta(seconds=1), name="吴长")}, []),
    ({"approval": URGENT}, []),
    ({"approval": replace(URGENT, at=START + 24 * HOUR)}, []),
    ({"approval": replace(URGENT, at=START + 24 * HOUR + timedelta(seconds=1))}, ["approved_late"]),
    ({"approval": replace(URGENT, reported_at=None)}, ["approved_late"]),
    ({"approval": replace(URGENT, at=None)}, ["no_approval"]),
    ({"approval": Approval(approver=OFFICER, is_leader=True)}, ["approver_took_part"]),
    ({"approval": Approval(approver=COMPANION, is_leader=False)}, ["approver_took_part"]),
    ({"approval": Approval(name="李查")}, ["approver_took_part"]),
    ({"approval": Approval(approver=CHIEF, is_leader=False)}, ["approver_no_leader"]),
    ({"notice": False, "notice_at": None}, ["no_notice"]),
    ({"notice_at": END + HOUR}, ["notice_late"]),
    ({"scan": {}}, ["not_scanned"]),
    ({"scan": {"exempt_reason": "平台故障"}}, []),
    ({"scan": {"code": f"https://x/?uscc={OTHERS}"}, "credit_code": OURS}, ["scan_elsewhere"]),
    ({"scan": {"code": OTHERS.lower()}, "credit_code": OURS}, ["scan_elsewhere"]),
    ({"scan": {"code": f"{OTHERS} {OURS}"}, "credit_code": OURS}, []),
    ({"scan": {"code": OTHERS[:-1] + "9"}, "credit_code": OURS}, []),  # only looks like one
    ({"scan": {"code": OTHERS}}, []),  # nobody knows the unit's own
]


@pytest.mark.parametrize("fields, words", CASES)
def test_each_gap_of_the_course_has_its_word(fields, words):
    assert remarks(replace(WHOLE, **fields), RULE) == words


IDS = [(UUID(int=8), UUID(int=9), []), (UUID(int=9), UUID(int=9), ["scan_elsewhere"])]


@pytest.mark.parametrize("scanned, another, words", IDS)
def test_an_id_in_a_code_is_held_against_a_visit_only_when_it_is_a_units(scanned, another, words):
    facts = replace(WHOLE, scan={"code": f"xx:{scanned}"}, other_units=frozenset({str(another).upper()}))
    assert remarks(facts, RULE) == words


def test_nothing_is_said_of_a_course_before_there_was_one():
    assert remarks(replace(WHOLE, type="", approval=None, notice=False, scan={}), None) == []


def test_a_scan_is_missed_only_from_the_day_of_the_switch():
    assert remarks(replace(WHOLE, scan={}), BEFORE_SCANS) == []


ABOVE = {"kind": "campaign", "number": "晋安办〔2026〕9号", "ordered_by": "省安委办"}
COUNTED = [
    ("administrative", "routine", "daily", {"kind": "plan"}, ("daily", True)),
    ("administrative", "special", "special", SPECIAL["source"], ("special", True)),
    ("administrative", "special", "special", ABOVE, ("special", False)),
    ("administrative", "special", "special", ABOVE | {"number": ""}, ("special", True)),
    ("administrative", "special", "special", ABOVE | {"ordered_by": ""}, ("special", True)),
    ("administrative", "routine", "daily", ABOVE, ("daily", True)),
    ("administrative", "routine", "case", {"kind": "complaint"}, ("case", False)),
    ("administrative", "review", "daily", {"kind": "plan"}, ("daily", False)),
    ("supervision", "unannounced", "daily", {}, ("supervision", False)),
    ("patrol", "routine", "daily", {}, ("", False)),
    ("self_check", "routine", "daily", {}, ("", False)),
]


@pytest.mark.parametrize("authority, kind, type, source, expected", COUNTED)
def test_what_a_visit_counts_as_is_read_from_the_dated_rule(authority, kind, type, source, expected):
    assert counted(RULE, authority=authority, kind=kind, type=type, source=source) == expected


@pytest.mark.parametrize("kind, counts", [("routine", True), ("special", True), ("review", False)])
def test_before_2025_every_inspection_but_a_review_counts(kind, counts):
    assert counted(None, authority="administrative", kind=kind, type="", source={}) == ("", counts)
