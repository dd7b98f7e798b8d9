"""Theirs against ours, as a table: what is proposed, with how many points and why; what differs; what is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.closings.reconciliation.matching import (
    Decision,
    ListedAccident,
    OurAccident,
    compare,
    facts_of_accident,
    facts_of_row,
    propose,
    reconcile,
    score,
)
from assessment.closings.rules import read_rules
from assessment.closings.words import DifferenceKind, SettlementKind
from tests.law import document

DOCUMENT = document("closing")
RULES = read_rules(DOCUMENT.version, DOCUMENT.body)
A, B = UUID(int=1), UUID(int=2)
VILLAGE, OTHER_VILLAGE, TOWNSHIP, ELSEWHERE = "141123100200", "141123100201", "141123100000", "141123101200"
ROW = ListedAccident(1, "police", 3, "K1", date(2025, 3, 5), VILLAGE, 1, None, "Z2")
OURS = OurAccident(A, date(2025, 3, 5), VILLAGE, 1, 0, "Z2")


@pytest.mark.parametrize(
    "said, points, reasons",
    [
        ({}, 100, ("同日", "同村", "死亡均为 1 人", "类别相同")),
        ({"day": date(2025, 3, 6)}, 90, ("日期相差 1 日", "同村", "死亡均为 1 人", "类别相同")),
        ({"day": date(2025, 3, 4)}, 90, ("日期相差 1 日", "同村", "死亡均为 1 人", "类别相同")),
        ({"day": date(2025, 3, 7)}, None, ()),  # two days apart
        ({"region": TOWNSHIP}, 90, ("同日", "同乡镇", "死亡均为 1 人", "类别相同")),
        ({"region": OTHER_VILLAGE}, 80, ("同日", "同乡镇，不同村", "死亡均为 1 人", "类别相同")),
        ({"region": ELSEWHERE}, None, ()),  # another township
        ({"deaths": 2}, 85, ("同日", "同村", "死亡人数相差 1 人", "类别相同")),
        ({"deaths": 3}, 75, ("同日", "同村", "类别相同")),
        ({"category": ""}, 90, ("同日", "同村", "死亡均为 1 人", "一方未写类别")),
        ({"category": "Z1"}, 85, ("同日", "同村", "死亡均为 1 人")),
        ({"gone": "已核销"}, None, ()),
    ],
)
def test_a_pair_is_scored_by_day_place_deaths_and_category_with_reasons(said, points, reasons):
    found = score(ROW, replace(OURS, **said), RULES.matching)
    assert (found and found.score, found.reasons if found else ()) == (points, reasons)


def test_proposals_below_the_threshold_are_left_out_and_the_best_comes_first():
    far = replace(OURS, id=B, day=date(2025, 3, 6), region=OTHER_VILLAGE, deaths=4, category="Z8")
    near = replace(OURS, id=UUID(int=3), day=date(2025, 3, 6))
    assert [each.accident for each in propose(ROW, [far, near, OURS], RULES.matching)] == [A, UUID(int=3)]


@pytest.mark.parametrize(
    "theirs, ours, fields",
    [
        ({}, {}, []),
        ({"deaths": 2}, {}, [("deaths", 2, 1)]),
        ({"day": date(2025, 3, 6)}, {}, [("day", "2025-03-06", "2025-03-05")]),
        ({"region": OTHER_VILLAGE}, {}, []),  # the village is ours to say
        ({"region": ELSEWHERE}, {}, [("region", ELSEWHERE, VILLAGE)]),
        ({"serious_injuries": None}, {"serious_injuries": 3}, []),  # they do not say
        ({"serious_injuries": 0}, {"serious_injuries": 3}, [("serious_injuries", 0, 3)]),
        ({"category": ""}, {"category": "Z1"}, []),
        ({"category": "Z2"}, {"category": ""}, [("category", "Z2", "")]),
        ({}, {"gone": "已核销"}, [("standing", "列入月报", "已核销")]),
    ],
)
def test_the_differing_fields_of_a_matched_pair_are_named(theirs, ours, fields):
    found = compare(replace(ROW, **theirs), replace(OURS, **ours))
    assert [(each.name, each.theirs, each.ours) for each in found] == fields


LISTED = {("police", 3): RULES.source("police")}


def matched(**more) -> Decision:
    return Decision(9, "police", 3, SettlementKind.MATCHED, "K1", A, facts_of_row(ROW), facts_of_accident(OURS), **more)


def unlisted() -> Decision:
    return Decision(8, "police", 3, SettlementKind.UNLISTED, "", A, {}, facts_of_accident(OURS), True)


def aside(row: ListedAccident = ROW) -> Decision:
    return Decision(7, "police", 3, SettlementKind.SET_ASIDE, "K1", None, facts_of_row(row), {}, True)


@pytest.mark.parametrize(
    "rows, ours, known, expected",
    [
        ([], [], [], []),
        ([ROW], [], [], [(DifferenceKind.ONLY_THEIRS, False)]),
        ([ROW], [OURS], [], [(DifferenceKind.ONLY_THEIRS, False), (DifferenceKind.ONLY_OURS, False)]),
        ([ROW], [OURS], [matched()], [(DifferenceKind.NONE, True)]),
        ([replace(ROW, deaths=2)], [OURS], [matched()], [(DifferenceKind.DIFFERS, False)]),
        (
            [replace(ROW, deaths=2)],
            [OURS],
            [matched(accepted=True)],
            [(DifferenceKind.DIFFERS, False)],
        ),  # it said otherwise then
        ([], [OURS], [matched()], [(DifferenceKind.ONLY_OURS, False)]),  # the row is gone from the new edition
        ([], [OURS], [unlisted()], [(DifferenceKind.ONLY_OURS, True)]),
        ([ROW], [], [aside()], [(DifferenceKind.ONLY_THEIRS, True)]),
        ([replace(ROW, deaths=2)], [], [aside()], [(DifferenceKind.ONLY_THEIRS, False)]),  # decided upon other figures
        ([], [replace(OURS, category="Z8")], [], []),  # not theirs to list
        ([], [replace(OURS, deaths=0)], [], []),
        ([], [replace(OURS, day=date(2025, 4, 1))], [], []),  # of another month
        ([], [replace(OURS, gone="已核销")], [], []),
        ([], [OURS], [replace(matched(), month=4)], []),  # the neighbouring month's list has it
    ],
)
def test_a_month_is_reconciled_into_differences_settled_or_open(rows, ours, known, expected):
    found = reconcile(rows, {each.id: each for each in ours}, known, LISTED, RULES.matching)
    assert [(each.kind, each.settled) for each in found] == expected


def test_an_accepted_difference_stays_settled_until_either_side_changes():
    theirs = replace(ROW, deaths=2)
    known = replace(matched(accepted=True), theirs=facts_of_row(theirs))
    stands = reconcile([theirs], {A: OURS}, [known], LISTED, RULES.matching)
    moved = reconcile([theirs], {A: replace(OURS, deaths=3)}, [known], LISTED, RULES.matching)
    assert [each.settled for each in stands + moved] == [True, False]


def test_an_accident_is_no_difference_before_its_source_list_arrives():
    assert reconcile([], {A: OURS}, [], {}, RULES.matching) == []


DAYS = st.dates(date(2025, 2, 27), date(2025, 4, 2))
PLACES = st.sampled_from([VILLAGE, OTHER_VILLAGE, TOWNSHIP, ELSEWHERE])
ROWS = st.lists(st.tuples(DAYS, PLACES, st.integers(0, 3)), max_size=6)


@given(rows=ROWS, ours=ROWS)
def test_every_row_and_every_accident_to_be_listed_appears_exactly_once(rows, ours):
    theirs = [
        ListedAccident(n, "police", 3, f"K{n}", day, place, deaths, None, "Z2")
        for n, (day, place, deaths) in enumerate(rows)
    ]
    known = {
        UUID(int=n): OurAccident(UUID(int=n), day, place, deaths, 0, "Z2")
        for n, (day, place, deaths) in enumerate(ours)
    }
    found = reconcile(theirs, known, [], LISTED, RULES.matching)
    assert [each.theirs.row for each in found if each.theirs] == list(range(len(rows)))
    listed = [each.ours.id for each in found if each.kind == DifferenceKind.ONLY_OURS]
    assert sorted(listed) == sorted(each.id for each in known.values() if each.day.month == 3 and each.deaths)
    assert all(known[one.accident].region[:9] == each.theirs.region[:9] for each in found for one in each.proposals)
