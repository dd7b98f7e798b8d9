"""What stands of a village by the nine creation standards, its own marks or those of the villages it took over."""

import pytest

from reference.terms import Standard
from zero_accident import rules

NINE = Standard.values
YES, NO = dict.fromkeys(NINE, True), dict.fromkeys(NINE, False)
EIGHT = {**YES, "meetings": False}


@pytest.mark.parametrize(
    "own, came_from, missing",
    [
        ({"v": YES}, {}, 0),
        ({}, {}, 9),
        ({"v": EIGHT}, {}, 1),
        ({"a": YES, "b": YES}, {"v": ("a", "b")}, 0),  # both predecessors passed
        ({"a": YES, "b": EIGHT}, {"v": ("a", "b")}, 1),  # one of them failed in one
        ({"a": YES}, {"v": ("a", "b")}, 9),  # of one of them nobody knows
        ({"a": YES, "b": NO, "v": YES}, {"v": ("a", "b")}, 0),  # the village's own prevail
        ({"a": YES, "v": {"meetings": False}}, {"v": ("a",)}, 1),
        ({"a": YES}, {"v": ("m",), "m": ("a",)}, 0),  # merged twice
        ({"a": YES}, {"v": ("a",), "a": ("v",)}, 0),  # a circle in the records does no harm
    ],
)
def test_a_village_inherits_standards_only_if_all_its_predecessors_passed(own, came_from, missing):
    assert len(rules.missing(rules.marks_of("v", own, came_from))) == missing


def test_the_nine_standards_have_the_names_and_order_of_the_notice():
    assert [label[-2:] for label in Standard.labels] == ["到位"] * 5 + ["健全"] * 2 + ["落实", "及时"]


def test_whoever_passed_all_nine_is_accepted():
    assert rules.is_accepted(YES)
    assert not rules.is_accepted(EIGHT)
    assert not rules.is_accepted({})
