"""The rules of the year, from tables: who is vetoed, how a veto follows, what makes a township a proposal for key patrol."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.yearly.behind import Scope, Window, hazards
from assessment.yearly.rules import (
    Disaster,
    Reaction,
    Tenure,
    TownshipFacts,
    YearAccident,
    grounds,
    reaction,
    read_criteria,
    said,
    vetoed,
)
from assessment.yearly.states import ENTRY, PATROL, SHEET, VETO, EntryState, PatrolState, SheetState, VetoState
from safety_api.days import month_end
from safety_api.problems import Problem
from tests import law

DAY = date(2025, 3, 5)
CRITERIA = read_criteria(law.body("assessment", DAY), law.body("open_questions", DAY))


def accident(number: int = 1, **facts) -> YearAccident:
    sent = {
        "id": f"{number:032}",
        "on": DAY,
        "township": "A",
        "place": "二采区",
        "grade": "general",
        "nature": "production",
    }
    return YearAccident(**{**sent, "deaths": 1, "counted": True, **facts})


# --- whom it proposes ------------------------------------------------------------------------------------------------
TENURES = [
    Tenure("emergency", "coal_mine", date(2021, 1, 1)),
    Tenure("energy", "coal_mine", date(2021, 1, 1), date(2025, 3, 4)),
    Tenure("natural_resources", "coal_mine", date(2025, 3, 5)),
    Tenure("transport", "road_transport", date(2021, 1, 1)),
]


@pytest.mark.parametrize(
    "sector, on, departments",
    [
        ("coal_mine", date(2025, 3, 4), {"emergency", "energy"}),  # its last day is included
        ("coal_mine", date(2025, 3, 5), {"emergency", "natural_resources"}),  # its first too
        ("road_transport", DAY, {"transport"}),
        ("fire_safety", DAY, set()),
        (None, DAY, set()),
    ],
)
def test_a_larger_accident_proposes_a_veto_of_township_and_supervising_departments(sector, on, departments):
    assert vetoed("A", sector, on, TENURES) == {("township", "A")} | {("department", code) for code in departments}


@pytest.mark.parametrize(
    "state, ground, worse, was_lost, expected",
    [
        (None, True, False, False, Reaction.PROPOSE),
        (None, False, False, False, Reaction.NOTHING),
        (VetoState.PROPOSED, True, False, False, Reaction.REFRESH),
        (VetoState.PROPOSED, False, False, False, Reaction.WITHDRAW),
        (VetoState.WITHDRAWN, True, False, False, Reaction.RETURN),
        (VetoState.WITHDRAWN, False, False, False, Reaction.NOTHING),
        (VetoState.CONFIRMED, False, False, False, Reaction.LOSE),  # what a person confirmed a person lifts
        (VetoState.CONFIRMED, True, True, True, Reaction.REGAIN),
        (VetoState.REJECTED, True, False, False, Reaction.NOTHING),
        (VetoState.REJECTED, True, True, False, Reaction.PROPOSE),  # graver than what was rejected
        (VetoState.REJECTED, False, True, False, Reaction.NOTHING),
        (VetoState.LIFTED, True, True, False, Reaction.NOTHING),  # lifted though the ground stood
        (VetoState.LIFTED, True, False, True, Reaction.PROPOSE),  # lifted because it had gone
    ],
)
def test_a_veto_reacts_to_its_accident_by_this_table(state, ground, worse, was_lost, expected):
    assert reaction(state, ground=ground, worse=worse, was_lost=was_lost) is expected


FLOWS = {flow.states: flow for flow in (SHEET, VETO, PATROL, ENTRY)}


@pytest.mark.parametrize(
    "state, step, ends",
    [
        (SheetState.OPEN, "confirm", SheetState.CONFIRMED),
        (SheetState.CONFIRMED, "confirm", None),
        (SheetState.CONFIRMED, "state_view", None),
        (SheetState.OPEN, "revise", None),
        (SheetState.CONFIRMED, "revise", SheetState.CONFIRMED),
        (VetoState.PROPOSED, "confirm", VetoState.CONFIRMED),
        (VetoState.PROPOSED, "reject", VetoState.REJECTED),
        (VetoState.PROPOSED, "lift", None),
        (VetoState.CONFIRMED, "lift", VetoState.LIFTED),
        (VetoState.CONFIRMED, "reject", None),
        (VetoState.CONFIRMED, "withdraw", None),
        (VetoState.WITHDRAWN, "confirm", None),
        (VetoState.LIFTED, "lift", None),
        (EntryState.REMOVED, "confirm", EntryState.CONFIRMED),
        (EntryState.REMOVED, "remove", None),
        (PatrolState.FIXED, "fix", None),
        (PatrolState.FIXED, "add", None),
    ],
)
def test_a_state_allows_only_the_steps_of_its_table(state, step, ends):
    if ends is not None:
        assert FLOWS[type(state)].after(state, step) is ends
        return
    with pytest.raises(Problem) as refused:
        FLOWS[type(state)].after(state, step)
    assert refused.value.kind.code == "wrong_step"


def test_every_state_is_named_in_its_table_of_steps():
    for states, flow in FLOWS.items():
        named = {state for step in flow for state in (*step.before, step.after) if state is not None}
        assert named == set(states), states


# --- key patrol ------------------------------------------------------------------------------------------------------
def kinds(*accidents: YearAccident, disasters: list[Disaster] | None = None, **criteria) -> dict[str, list[str]]:
    found = grounds(replace(CRITERIA, **criteria), TownshipFacts(list(accidents), disasters or []))
    return {town: [each["kind"] for each in why] for town, why in found.items()}


@pytest.mark.parametrize(
    "accidents, expected",
    [
        ([accident(1)], {}),
        ([accident(1), accident(2)], {}),
        ([accident(1), accident(2), accident(3)], {"A": ["many_accidents"]}),  # 3起以上 includes 3
        ([accident(1, deaths=1), accident(2, deaths=2)], {"A": ["many_accidents"]}),  # 死亡3人以上
        ([accident(n, counted=False) for n in (1, 2, 3)], {}),  # not counted in statistics
        ([accident(1, grade="larger", deaths=3)], {"A": ["larger_accident", "many_accidents"]}),
        ([accident(1, grade="larger", deaths=0, serious_injuries=10)], {"A": ["larger_accident"]}),
        ([accident(1, grade="major", deaths=10, counted=False)], {"A": ["larger_accident"]}),
        ([accident(1, grade="larger", deaths=3, nature="non_production", counted=False)], {"A": ["larger_accident"]}),
        ([accident(1), accident(2), accident(3, township="B")], {}),  # each township by itself
    ],
)
def test_a_township_is_proposed_for_key_patrol_by_this_table(accidents, expected):
    assert kinds(*accidents) == expected


def test_the_thresholds_for_key_patrol_can_be_set_by_the_county():
    assert kinds(accident(1), accident(2), accidents_from=2) == {"A": ["many_accidents"]}
    private = accident(1, grade="larger", deaths=3, nature="non_production", counted=False)
    assert kinds(private, natures=("production",)) == {}
    assert kinds(accident(1, grade="larger", deaths=0), grade_from="major") == {}


def test_a_larger_disaster_alone_is_a_ground_and_names_its_document():
    flood = Disaster("1", date(2025, 7, 21), "B", "山洪", "兴减灾办〔2025〕6号")
    [ground] = grounds(CRITERIA, TownshipFacts([], [flood]))["B"]
    assert ground["kind"] == "larger_disaster"
    assert ground["said"] == "发生较大自然灾害1起：2025年7月21日山洪（兴减灾办〔2025〕6号）"


def test_a_ground_describes_its_accidents_in_official_wording():
    one = accident(1, grade="larger", deaths=3, serious_injuries=1)
    assert said(one) == "2025年3月5日二采区较大事故（死亡3人、重伤1人）"
    first, _ = grounds(CRITERIA, TownshipFacts([one]))["A"]
    assert first["said"] == "发生较大及以上事故1起、死亡3人：2025年3月5日二采区较大事故（死亡3人、重伤1人）"
    assert first["accidents"] == [one.id]


def test_a_ground_of_many_accidents_names_the_first_twenty_and_counts_all():
    [ground] = grounds(CRITERIA, TownshipFacts([accident(n) for n in range(1, 31)]))["A"]
    assert ground["said"].count("二采区") == 20 and "30起" in ground["said"] and ground["said"].endswith("等")
    assert len(ground["accidents"]) == 30


HAPPENED = st.builds(
    accident,
    st.integers(1, 10**6),
    on=st.integers(0, 364).map(lambda n: date(2025, 1, 1) + timedelta(days=n)),
    township=st.sampled_from("ABC"),
    grade=st.sampled_from(["general", "larger", "major"]),
    nature=st.sampled_from(["production", "non_production", "undetermined"]),
    deaths=st.integers(0, 12),
    counted=st.booleans(),
)
DISASTERS = st.builds(
    lambda n, town: Disaster(str(n), DAY, town, "山洪", "文"), st.integers(1, 10**6), st.sampled_from("ABC")
)
LISTS = st.tuples(
    st.lists(HAPPENED, max_size=8, unique_by=lambda each: each.id),
    st.lists(DISASTERS, max_size=3, unique_by=lambda each: each.id),
)


@given(LISTS, st.randoms(use_true_random=False))
def test_proposals_do_not_depend_on_the_order_of_the_facts(lists, chance):
    accidents, disasters = lists
    expected = grounds(CRITERIA, TownshipFacts(list(accidents), list(disasters)))
    chance.shuffle(accidents)
    chance.shuffle(disasters)
    assert grounds(CRITERIA, TownshipFacts(accidents, disasters)) == expected


@given(LISTS, HAPPENED)
def test_one_more_accident_never_removes_a_proposed_township(lists, more):
    accidents, disasters = lists
    before = grounds(CRITERIA, TownshipFacts(accidents, disasters)).keys()
    assert before <= grounds(CRITERIA, TownshipFacts([*accidents, more], disasters)).keys()


@given(LISTS)
def test_a_proposal_names_only_accidents_of_its_own_township(lists):
    accidents, disasters = lists
    home = {each.id: each.township for each in accidents}
    for town, why in grounds(CRITERIA, TownshipFacts(accidents, disasters)).items():
        assert {home[each] for ground in why for each in ground["accidents"]} <= {town}


# --- windows ---------------------------------------------------------------------------------------------------------
YEAR = date(2025, 1, 1), date(2025, 12, 31)


def scope(*windows: Window) -> Scope:
    return Scope(2025, date(2025, 12, 31), "141123", "ZA-2021-1", windows)


@pytest.mark.parametrize(
    "first, last, months",
    [
        (*YEAR, (1, 12)),
        (date(2025, 3, 15), YEAR[1], (3, 12)),  # March is theirs who hold it on its last day
        (YEAR[0], date(2025, 3, 14), (1, 2)),
        (date(2025, 3, 2), date(2025, 3, 30), None),
        (date(2025, 3, 31), date(2025, 3, 31), (3, 3)),
    ],
)
def test_a_month_counts_for_the_department_supervising_on_its_last_day(first, last, months):
    window = Window("141123", first, last, "coal_mine")
    assert scope(window).months(window) == months
    assert len(hazards("due")(scope(window))) == (1 if months else 0)


def test_the_last_day_of_a_month_respects_its_length():
    assert [month_end(date(2024, month, 1)).day for month in (2, 4, 12)] == [29, 30, 31]
