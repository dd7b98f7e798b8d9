"""The clock of a report and the terms of an investigation as tables: every boundary on both sides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accidents.choices import LessonMark
from accidents.rules import investigation, reporting
from accidents.rules.accidents import Windows, read_windows, window_end
from accidents.rules.reporting import Case, RiskLimits
from tests import law
from tests.cast.read_law import WINDOWS

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
BODY = law.body("report_limits") | law.body("report_desk")
LIMITS = reporting.read_limits(BODY)
TERMS = investigation.read_terms(law.body("investigation"))
NINE = datetime(2026, 11, 23, 9, tzinfo=COUNTY_TIME)


def minutes(found) -> dict[tuple, int]:
    return {each.key: round((each.due_at - each.received_at).total_seconds() / 60) for each in found}


ENTERPRISE = {("R1", "enterprise", "county"): 60, ("L1", "enterprise", "county"): 30,
              ("L2", "enterprise", "county"): 60, ("L3", "enterprise", "township"): 30}  # fmt: skip
COUNTY = {("R2", "county", "government"): 120, ("R2", "county", "city"): 120, ("R3", "county", "organs"): 120}
QUICK = {("R4", "county", "province"): 60}
OTHER = {("R1", "enterprise", "department"): 60}
MINES = {("R2", "county", "mine_safety"): 120}


@pytest.mark.parametrize(
    "case, known, expected",
    [
        (Case(other_department=False), {"enterprise": NINE}, ENTERPRISE),
        (Case(), {"enterprise": NINE}, ENTERPRISE | OTHER),
        (Case(has_unit=False), {"enterprise": NINE}, {}),
        (Case(), {"township": NINE}, {("R2", "township", "county"): 120, ("L4", "township", "county"): 30}),
        (Case(), {"township": NINE, "county": NINE}, COUNTY),  # the county knows: nobody need tell it again
        (Case(), {"county": NINE}, COUNTY),
        (Case(coal_mine=True), {"county": NINE}, COUNTY | MINES),
        (Case(grade="larger"), {"county": NINE}, COUNTY | QUICK),
        (Case(grade="extra_major"), {"county": NINE}, COUNTY | QUICK),
        (Case(grade="general"), {"city": NINE}, {}),  # a general accident goes no further than the city
        (Case(grade="larger"), {"city": NINE}, {("R2", "city", "province"): 120}),
        (Case(grade="larger"), {"province": NINE}, {}),
        (Case(grade="major"), {"province": NINE}, {("R2", "province", "state"): 120}),
        (Case(grade="", kind="serious_risk_event", coal_mine=True), {"county": NINE}, COUNTY),
        (Case(grade="", kind="serious_risk_event"), {"city": NINE}, {}),
        (Case(owed=False), {"enterprise": NINE, "county": NINE}, {}),
        (Case(), {}, {}),
    ],
)
def test_the_reports_owed_follow_from_who_knew_of_the_accident_and_when(case, known, expected):
    assert minutes(reporting.owed(LIMITS, case, known)) == expected


def test_the_township_still_owes_its_report_if_the_county_was_informed_later():
    sent = {"township": NINE, "county": NINE + timedelta(minutes=1)}
    assert ("R2", "township", "county") in minutes(reporting.owed(LIMITS, Case(), sent))


def test_a_deadline_of_a_higher_grade_runs_from_when_the_grade_was_known():
    later = NINE + timedelta(days=5)
    due = {each.key: each.due_at for each in reporting.owed(LIMITS, Case(grade="larger"), {"county": NINE}, later)}
    assert due["R4", "county", "province"] == later + timedelta(minutes=60)
    assert {
        line.channel for line in reporting.owed(LIMITS, Case(grade="larger"), {"county": NINE}) if line.code == "R4"
    } == {"telephone"}
    assert due["R2", "county", "city"] == NINE + timedelta(minutes=120)


@pytest.mark.parametrize("grade, teller, receiver", [("larger", "city", "province"), ("major", "province", "state")])
def test_above_the_city_a_level_tells_the_next_from_when_the_grade_was_known(grade, teller, receiver):
    later = NINE + timedelta(days=5)
    due = {each.key: each.due_at for each in reporting.owed(LIMITS, Case(grade=grade), {teller: NINE}, later)}
    assert due["R2", teller, receiver] == later + timedelta(minutes=120)


def test_where_general_accidents_stay_in_the_county_the_city_is_not_told_of_them():
    no_higher = reporting.read_limits({**BODY, "highest_level": {**BODY["highest_level"], "general": "county"}})
    assert ("R2", "county", "city") not in minutes(reporting.owed(no_higher, Case(), {"county": NINE}))
    assert ("R2", "county", "city") in minutes(reporting.owed(no_higher, Case(grade="larger"), {"county": NINE}))


STATISTICS = law.body("statistics_entry")
ENTERED, COMPLETE = {("S1", "county", "statistics"): 24 * 60}, {("S2", "county", "statistics"): 7 * 24 * 60}


@pytest.mark.parametrize(
    "case, reminded_of",
    [
        (Case(), ENTERED | COMPLETE),
        (Case(counted=False), ENTERED),  # decided not to count: nothing is left to complete
        (Case(grade="", kind="serious_risk_event"), {}),
        (Case(owed=False), {}),
    ],
)
def test_what_the_county_is_reminded_to_enter_for_statistics(case, reminded_of):
    limits = reporting.read_limits({**BODY, "statistics": STATISTICS})
    owed = [each for each in reporting.owed(limits, case, {"county": NINE}) if each.to == "statistics"]
    assert minutes(owed) == reminded_of
    assert all(each.warning for each in owed)  # never 迟报


def test_local_deadlines_are_warnings_that_a_setting_turns_off():
    warned = {
        each.key for each in reporting.owed(LIMITS, Case(), {"enterprise": NINE, "township": NINE}) if each.warning
    }
    assert {code for code, *_ in warned} == {"L1", "L2", "L3", "L4"}
    off = reporting.read_limits({**BODY, "local": {**BODY["local"], "enabled": False}})
    assert not any(line.warning for line in off.lines)
    assert len(off.lines) == len(LIMITS.lines) - 4


@pytest.mark.parametrize(
    "weight, level",
    [
        ("general", "city"),
        ("larger", "province"),
        ("major", "state"),
        ("extra_major", "state"),
        ("serious_risk_event", "city"),
    ],
)
def test_each_grade_is_reported_up_to_its_highest_level(weight, level):
    assert reporting.highest_level(LIMITS, weight) == level


@pytest.mark.parametrize(
    "channel, wanted, serves",
    [
        ("telephone", "telephone", True), ("app", "telephone", False), ("written", "telephone", False),
        ("app", "written", True), ("written", "written", True), ("platform", "written", True), ("telephone", "written", False),
        ("app", "", True), ("telephone", "", True), ("written", "", True),
    ],
)  # fmt: skip
def test_a_reporting_channel_meets_only_the_legs_it_is_allowed_for(channel, wanted, serves):
    assert reporting.serves(LIMITS, channel, wanted) is serves


def test_the_county_may_set_that_an_app_report_alone_does_not_count():
    strict = reporting.read_limits({**BODY, "app_report_counts": False})
    assert not reporting.serves(strict, "app", "") and reporting.serves(strict, "app", "written")


@pytest.mark.parametrize(
    "after, times, due",
    [
        ((23, 9, 0), 1, (25, 0, 0)), ((23, 0, 0), 1, (25, 0, 0)), ((23, 23, 59), 1, (25, 0, 0)),
        ((23, 9, 0), 2, (24, 0, 0)), ((23, 11, 59), 2, (24, 0, 0)), ((23, 12, 0), 2, (24, 12, 0)), ((23, 23, 59), 2, (24, 12, 0)),
    ],
)  # fmt: skip
def test_the_next_follow_up_is_due_by_the_end_of_the_next_day_or_half_day(after, times, due):
    moment = datetime(2026, 11, *after, tzinfo=COUNTY_TIME)
    assert reporting.follow_up_due(moment, times) == datetime(2026, 11, *due, tzinfo=COUNTY_TIME)


def test_a_follow_up_is_due_at_the_end_of_its_part_of_the_day_whatever_the_second():
    moment = datetime(2026, 11, 23, 9, 0, 30, 5, tzinfo=COUNTY_TIME)
    assert reporting.follow_up_due(moment, 2) == datetime(2026, 11, 24, tzinfo=COUNTY_TIME)


@pytest.mark.parametrize(
    "grade, times", [("general", 1), ("larger", 1), ("major", 2), ("extra_major", 2), ("serious_risk_event", 1)]
)
def test_follow_ups_are_due_once_or_twice_a_day_by_grade(grade, times):
    assert LIMITS.times_per_day[grade] == times


@pytest.mark.parametrize(
    "fields, reasons",
    [
        ({"endangered": 9}, []), ({"endangered": 10}, ["endangered"]),
        ({"trapped": 2}, []), ({"trapped": 3}, ["trapped_or_missing"]), ({"trapped": 1, "missing": 2}, ["trapped_or_missing"]),
        ({"evacuated": 499}, []), ({"evacuated": 500}, ["evacuated"]),
        ({"dangers": ["pollution", "important_place"]}, ["pollution", "important_place"]), ({}, []),
    ],
)  # fmt: skip
def test_a_serious_risk_event_is_defined_by_its_thresholds(fields, reasons):
    assert reporting.risk_reasons(LIMITS.risk, **fields) == reasons


def test_what_is_not_said_endangers_nobody_however_strict_the_limits():
    assert reporting.risk_reasons(RiskLimits(endangered=1, trapped_or_missing=1, evacuated=1)) == []


def test_a_report_is_complete_when_all_six_groups_are_complete():
    everything = {"units", "occurred_at", "village", "place", "scene", "description", "deaths", "serious_injuries", "missing",
                  "direct_loss_yuan", "measures", "other"}  # fmt: skip
    assert all(each.complete for each in reporting.completeness(everything))
    assert [each.name for each in reporting.completeness(())] == [
        "事故发生单位概况", "时间、地点以及现场情况", "简要经过", "伤亡、下落不明人数和初步估计的直接经济损失", "已经采取的措施",
        "其他应当报告的情况",
    ]  # fmt: skip
    lacking = {each.code: each.missing for each in reporting.completeness({"occurred_at"})}
    assert lacking == {
        "unit": ("units",), "scene": ("village", "place", "scene"), "course": ("description",),
        "casualties": ("deaths", "serious_injuries", "missing", "direct_loss_yuan"), "measures": ("measures",), "other": ("other",),
    }  # fmt: skip


# --- windows ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "kind, count_from, last",
    [
        ("other", "next_day", date(2026, 3, 31)), ("other", "same_day", date(2026, 3, 30)),
        ("road_traffic", "next_day", date(2026, 3, 8)), ("road_traffic", "same_day", date(2026, 3, 7)),
        ("fire", "next_day", date(2026, 3, 8)), ("fire", "same_day", date(2026, 3, 7)),
    ],
)  # fmt: skip
def test_the_last_day_of_the_window_follows_the_counting_rule(kind, count_from, last):
    windows = Windows(WINDOWS.days, WINDOWS.shorter, count_from)
    assert window_end(date(2026, 3, 1), kind, windows) == last


@pytest.mark.parametrize("count_from", ["next_day", "same_day"])
def test_the_windows_are_read_from_the_document(count_from):
    body = law.body("windows")
    assert read_windows({**body, "count_from": count_from}) == Windows(30, {"road_traffic": 7, "fire": 7}, count_from)


def test_every_kind_of_accident_may_have_a_window_of_its_own():
    own = [{"kind": kind, "days": 5} for kind in ("other", "road_traffic", "fire")]
    assert read_windows({"days": 30, "count_from": "next_day", "shorter": own}).shorter == {
        "other": 5,
        "road_traffic": 5,
        "fire": 5,
    }


@pytest.mark.parametrize("wrong", [{"count_from": "sometime"}, {"shorter": [{"kind": "mine", "days": 5}]}])
def test_windows_we_do_not_carry_out_are_refused(wrong):
    with pytest.raises(ValueError, match=r"^伤亡变化补报期限的参数有误$"):
        read_windows({"days": 30, "count_from": "next_day", **wrong})


# --- investigations ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "grade, coal, level",
    [
        ("general", False, "county"), ("larger", False, "city"), ("major", False, "province"), ("extra_major", False, "state"),
        ("general", True, "mine_safety"), ("larger", True, "mine_safety"), ("major", True, "mine_safety"), ("extra_major", True, "state"),
    ],
)  # fmt: skip
def test_the_investigating_level_follows_grade_and_coal_mine(grade, coal, level):
    assert investigation.level_of(TERMS, grade, coal_mine=coal) == level
    assert coal or investigation.level_of(TERMS, grade) == level  # a coal mine only where it is said


@pytest.mark.parametrize(
    "level, grade, more, may",
    [
        ("county", "general", {}, True), ("city", "general", {}, True), ("county", "larger", {}, False), ("state", "larger", {}, True),
        ("unit", "general", {}, False), ("unit", "general", {"casualties": False}, True), ("unit", "larger", {"casualties": False}, False),
        ("county", "general", {"coal_mine": True}, False), ("province", "major", {"coal_mine": True}, False),
        ("mine_safety", "general", {"coal_mine": True}, True), ("mine_safety", "general", {}, False),
        ("state", "general", {"coal_mine": True}, True), ("state", "major", {"coal_mine": True}, True),
        ("mine_safety", "extra_major", {"coal_mine": True}, False), ("unit", "general", {"coal_mine": True, "casualties": False}, False),
    ],
)  # fmt: skip
def test_the_levels_allowed_to_investigate_follow_the_grade(level, grade, more, may):
    assert investigation.may_investigate(TERMS, level, grade, **more) is may


@pytest.mark.parametrize(
    "extension, appraisal, due",
    [(0, 0, date(2026, 3, 2)), (60, 0, date(2026, 5, 1)), (0, 12, date(2026, 3, 14)), (60, 12, date(2026, 5, 13))],
)
def test_an_investigation_report_is_due_in_60_days_plus_extension_and_appraisal(extension, appraisal, due):
    found = investigation.report_due(TERMS, date(2026, 1, 1), extension=extension, appraisal_days=appraisal)
    assert found == due
    assert extension or appraisal or investigation.report_due(TERMS, date(2026, 1, 1)) == due


JAN = [date(2026, 1, day) for day in range(1, 32)]


@pytest.mark.parametrize(
    "spells, extension, moved",
    [
        ([], 0, 0), ([(JAN[1], JAN[11])], 0, 11), ([(JAN[0], JAN[1])], 0, 1),  # the accident's own day was never counted
        ([(date(2026, 3, 2), date(2026, 3, 11))], 0, 10), ([(date(2026, 3, 3), date(2026, 3, 11))], 0, 0),  # the limit is 2 March
        ([(date(2026, 3, 3), date(2026, 3, 11))], 60, 9), ([(JAN[1], JAN[3]), (date(2026, 3, 5), date(2026, 3, 6))], 0, 5),
        ([(JAN[1], JAN[3]), (date(2026, 3, 6), date(2026, 3, 7))], 0, 3), ([(JAN[9], JAN[19]), (JAN[14], JAN[29])], 0, 21),
        ([(date(2026, 3, 2), None)], 0, 92),  # still going on at the first of June: the limit is ahead
    ],
)  # fmt: skip
def test_an_appraisal_moves_the_deadline_only_if_it_begins_by_the_deadline(spells, extension, moved):
    assert investigation.days_not_counted(TERMS, JAN[0], spells, date(2026, 6, 1), extension=extension) == moved
    assert extension or investigation.days_not_counted(TERMS, JAN[0], spells, date(2026, 6, 1)) == moved


@pytest.mark.parametrize(
    "grade, extension, due",
    [
        ("general", 0, date(2026, 1, 16)),
        ("major", 30, date(2026, 1, 16)),
        ("extra_major", 0, date(2026, 1, 31)),
        ("extra_major", 30, date(2026, 3, 2)),
    ],
)
def test_an_investigation_report_is_approved_within_the_days_of_its_grade(grade, extension, due):
    assert investigation.approval_due(TERMS, date(2026, 1, 1), grade, extension=extension) == due
    assert extension or investigation.approval_due(TERMS, date(2026, 1, 1), grade) == due


@pytest.mark.parametrize(
    "approved, due",
    [
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_rectification_is_assessed_within_a_year_of_approval(approved, due):
    assert investigation.assessment_due(TERMS, approved) == due


def test_an_assessment_needs_all_four_marks():
    assert investigation.missing_marks(["cause", "measures"]) == ["responsible", "educated"]
    assert investigation.missing_marks(LessonMark.values) == []


def test_what_statistics_still_require_is_named_in_its_order():
    assert reporting.lacking({"village", "deaths", "course"}) == [
        "category",
        "nature",
        "units",
        "serious_injuries",
        "direct_loss_yuan",
    ]
    assert reporting.lacking(reporting.REQUIRED) == []
