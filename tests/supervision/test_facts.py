"""Every fact of a class through the database it comes from, as of a day; the same number of statements for one unit and for thirty."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reference.rules import window_begins
from supervision.facts import gather
from supervision.rules import FACTS, read_facts, whole_months
from tests.cast.class_facts import ON, accident, good_mine, hazard, mine_without_facts, stated, visited
from tests.cast.people import MINE
from tests.cast.units import elsewhere, unit

pytestmark = pytest.mark.django_db


def facts_of(mine, on=ON):
    return gather([mine.pk], on)[mine.pk]


def hazards_of(mine, on=ON):
    found = facts_of(mine, on)["hazards"]
    return found["due_12m"], found["on_time_12m"]


def majors_of(mine, on=ON):
    found = facts_of(mine, on)["hazards"]
    return found["major_open"], found["major_overdue"]


# --- the whole -----------------------------------------------------------------------------------------------------------
def test_gathered_facts_have_the_names_of_the_contract_and_are_valid():
    shown = facts_of(good_mine())
    assert set(shown) == set(FACTS) and read_facts(shown) == shown


def test_a_mine_without_any_stated_facts_lacks_two_bases():
    assert facts_of(mine_without_facts())["missing_bases"] == ["standardization", "risk_control"]


def test_stated_facts_come_from_the_registry():
    mine = good_mine(level=2)
    stated(mine, "penalty", "2026-01-05", severity="heavy")
    stated(mine, "dishonesty_listing", "2026-01-05", "2029-01-04")
    shown = facts_of(mine)
    assert (shown["sector"], shown["months_operating"]) == ("coal_mine", 120)
    assert shown["standardization"] == {"applicable": True, "level": 2, "minimum": 2, "expired_days": 0}
    assert shown["risk_control"] == {"reviewed_12m": True, "red_orange_controlled": True, "self_check_rate": 98}
    assert shown["penalties"] == {"ordinary_12m": 0, "heavy_12m": 1}
    assert shown["emergency"] == dict.fromkeys(FACTS["emergency"], True)
    assert shown["dishonesty_listed"] and not shown["stopped_by_order"] and shown["missing_bases"] == []


def test_a_unit_not_yet_opened_has_no_facts():
    assert gather([mine_without_facts(opened_on=date(2026, 3, 4)).pk], ON) == {}


# --- hazards ---------------------------------------------------------------------------------------------------------------
CLOSED_IN_TIME = (("confirmed", "2026-01-06"), ("review_requested", "2026-02-01"), ("closed", "2026-02-09"))
HAZARDS = [
    # what happened to a hazard of 5 January due on 1 February, and (due, on time) on 3 March
    ("asked on the last day and passed later", CLOSED_IN_TIME, (1, 1)),
    ("asked a day late", (("confirmed", "2026-01-06"), ("review_requested", "2026-02-02"), ("closed", "2026-02-03")), (1, 0)),
    ("closed on the spot", (("closed", "2026-01-05"),), (1, 1)),
    ("still open", (("confirmed", "2026-01-06"),), (1, 0)),
    ("only reported", (), (0, 0)),
    ("asked in time, not yet passed", (("confirmed", "2026-01-06"), ("review_requested", "2026-01-30")), (0, 0)),  # the authority's own affair
    (
        "failed, and asked again too late",
        (("review_requested", "2026-01-20"), ("rectifying", "2026-01-22"), ("review_requested", "2026-02-05"), ("closed", "2026-02-06")),
        (1, 0),
    ),
    ("a longer deadline in force", (("ordered", "2026-01-06", "2026-02-20"), ("review_requested", "2026-02-15"), ("closed", "2026-02-16")), (1, 1)),
    ("a longer deadline that has not come", (("ordered", "2026-01-06", "2026-04-01"),), (0, 0)),
    ("no hazard after all", (("rejected", "2026-01-06"),), (0, 0)),
    ("withdrawn", (("void", "2026-01-06"),), (0, 0)),
    ("handed over", (("transferred", "2026-01-06"),), (0, 0)),
]


@pytest.mark.parametrize(("_", "steps", "counted"), HAZARDS, ids=[case[0] for case in HAZARDS])
def test_hazards_count_as_due_and_on_time_by_their_steps(_, steps, counted):
    mine = good_mine()
    hazard(mine, *steps)
    assert hazards_of(mine) == counted


@pytest.mark.parametrize(
    ("due", "counted"),
    [("2025-03-03", 0), ("2025-03-04", 1), ("2026-03-02", 1), ("2026-03-03", 0)],
    ids=["twelve months ago", "a day less", "yesterday", "its last day is not over"],
)
def test_hazards_due_within_the_last_twelve_months_count(due, counted):
    mine = good_mine()
    hazard(mine, ("confirmed", "2025-02-02"), found="2025-02-01", due=due)
    assert hazards_of(mine)[0] == counted


def test_facts_of_a_past_day_use_the_hazards_state_on_that_day():
    mine = good_mine()
    hazard(mine, ("confirmed", "2026-01-06"), ("review_requested", "2026-02-20", "2026-02-25"), ("closed", "2026-02-26"), level="major")
    assert hazards_of(mine, date(2026, 1, 31)) == (0, 0)
    assert (majors_of(mine, date(2026, 1, 5)), majors_of(mine, date(2026, 1, 6))) == ((0, 0), (1, 0))
    assert majors_of(mine, date(2026, 2, 10)) == (1, 1)  # the deadline was still that of February 1st
    assert (hazards_of(mine), majors_of(mine)) == ((1, 1), (0, 0))


MAJORS = [
    ("only reported", {}, (), (0, 0)),
    ("confirmed, in time", {"due": "2026-04-01"}, (("confirmed", "2026-01-06"),), (1, 0)),
    ("confirmed, overdue", {}, (("confirmed", "2026-01-06"),), (1, 1)),
    ("review asked for in time", {}, (("ordered", "2026-01-06"), ("review_requested", "2026-02-01")), (1, 0)),
    ("in enforcement", {"due": "2026-04-01"}, (("enforcement", "2026-01-06"),), (1, 0)),
    ("closed", {}, CLOSED_IN_TIME, (0, 0)),
    ("found by the unit itself, in time", {"origin": "self", "due": "2026-04-01"}, (("confirmed", "2026-01-06"),), (0, 0)),
    ("found by the unit itself, overdue", {"origin": "self"}, (("confirmed", "2026-01-06"),), (1, 1)),
    ("found on patrol", {"origin": "patrol", "due": "2026-04-01"}, (("rectifying", "2026-01-06"),), (1, 0)),
    ("years overdue", {"found": "2022-01-05", "due": "2022-02-01"}, (("confirmed", "2022-01-06"),), (1, 1)),
]


@pytest.mark.parametrize(("_", "fields", "steps", "counted"), MAJORS, ids=[case[0] for case in MAJORS])
def test_major_hazards_count_as_open_or_overdue_by_their_steps(_, fields, steps, counted):
    mine = good_mine()
    hazard(mine, *steps, level="major", **fields)
    assert majors_of(mine) == counted


def test_a_hazard_without_recorded_steps_counts_by_its_current_state():
    mine = good_mine()
    hazard(mine, ("closed", "2026-01-10")).steps.all().delete()
    assert hazards_of(mine) == (1, 1)


# --- inspections -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "authority", "counts"),
    [
        ("2026-03-03", "administrative", True), ("2025-03-04", "patrol", True), ("2026-01-01", "supervision", True),
        ("2025-03-03", "administrative", False), ("2026-03-04", "administrative", False), ("2026-01-01", "self_check", False),
    ],
)  # fmt: skip
def test_an_inspection_counts_if_by_an_authority_within_twelve_months(day, authority, counts):
    mine = mine_without_facts()
    visited(mine, day, authority)
    assert facts_of(mine)["hazards"]["inspected_12m"] is counts


# --- accidents -------------------------------------------------------------------------------------------------------------
ACCIDENTS = [
    # fields; months since fatal, since larger, serious, other in the year
    ({"deaths": 1}, (5, None, 0, 0)),
    ({"deaths": 3, "grade": "larger"}, (5, 5, 0, 0)),
    ({"serious_injuries": 10, "grade": "larger"}, (None, 5, 1, 0)),
    ({"serious_injuries": 2}, (None, None, 1, 0)),
    ({}, (None, None, 0, 1)),
    ({"deaths": 1, "responsible": None}, (5, None, 0, 0)),
    ({"deaths": 1, "responsible": False}, (None, None, 0, 0)),
    ({"deaths": 1, "stat_status": "written_off"}, (None, None, 0, 0)),
    ({"deaths": 1, "nature": "undetermined", "responsible": None}, (5, None, 0, 0)),
    ({"deaths": 1, "nature": "non_production", "responsible": None}, (None, None, 0, 0)),
    ({"deaths": 1, "nature": "non_production"}, (5, None, 0, 0)),
    ({"late_deaths": 1, "serious_injuries": 1}, (None, None, 1, 0)),
]


def accidents_of(mine, on=ON):
    shown = facts_of(mine, on)
    names = ("months_since_fatal", "months_since_larger", "serious_injury_accidents_12m", "other_accidents_12m")
    return tuple(shown[name] for name in names)


@pytest.mark.parametrize(("fields", "counted"), ACCIDENTS)
def test_only_accidents_a_unit_is_responsible_for_count(fields, counted):
    mine = mine_without_facts()
    accident(mine, "2025-09-20", **fields)
    assert accidents_of(mine) == counted


def test_the_last_accident_sets_the_months_and_counts_end_after_twelve_months():
    mine = mine_without_facts()
    accident(mine, "2020-01-01", deaths=3, grade="larger"), accident(mine, "2025-09-20", deaths=1)
    accident(mine, "2025-03-03", serious_injuries=1), accident(mine, "2025-03-04", serious_injuries=1)
    accident(mine, "2026-03-04", deaths=1)  # has not happened yet
    assert accidents_of(mine) == (5, 74, 1, 0)


def test_an_accident_does_not_count_for_a_unit_no_longer_named_in_it():
    mine = mine_without_facts()
    accident(mine, "2025-09-20", deaths=1).units.update(known_to="2025-10-01T00:00:00+08:00")
    assert accidents_of(mine) == (None, None, 0, 0)


def test_an_accident_after_midnight_counts_on_its_day_in_county_time():
    mine = mine_without_facts()
    accident(mine, "2025-01-01", deaths=1, occurred_at="2025-01-01T00:30:00+08:00")
    assert facts_of(mine, date(2026, 1, 1))["months_since_fatal"] == 12


@pytest.mark.parametrize("on", [date(2026, 3, 3), date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 31), date(2026, 1, 1)])
def test_the_twelve_month_window_has_fewer_than_twelve_whole_months(on):
    first = window_begins(on, 12)
    assert whole_months(first, on) == 11
    assert whole_months(date.fromordinal(first.toordinal() - 1), on) == 12


# --- many ------------------------------------------------------------------------------------------------------------------
def test_thirty_units_cost_as_many_statements_as_one():
    costs = []
    for wanted in (1, 30):
        units = [unit(f"第{n}家", id=UUID(int=wanted * 1000 + n)) for n in range(wanted)]
        for each in units:
            hazard(each, *CLOSED_IN_TIME), visited(each, "2026-01-10"), accident(each, "2025-09-20", deaths=1)
        with CaptureQueriesContext(connection, ) as asked:
            assert len(gather([each.pk for each in units], ON)) == wanted
        costs.append(len(asked))
    # conditions · certificates · licences · insurances · facts · hazards · inspections · accidents · risk points
    assert costs == [9, 9]


def test_facts_of_one_unit_do_not_count_for_another():
    mine, other = good_mine(), elsewhere()
    accident(mine, "2025-09-20", deaths=1), hazard(mine, *CLOSED_IN_TIME)
    found = gather([mine.pk, other.pk], ON)
    assert (found[MINE]["months_since_fatal"], found[other.pk]["months_since_fatal"]) == (5, None)
    assert (found[MINE]["hazards"]["due_12m"], found[other.pk]["hazards"]["due_12m"]) == (1, 0)
