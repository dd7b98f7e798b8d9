"""Ratios and ranks where the difference is smallest, and where there is nothing to divide."""

from tests.cast.read_law import POLICY
from zero_accident.rules.ranking import RankRow, rank
from zero_accident.rules.ratios import Ratio, ratio


def test_the_smallest_difference_of_large_totals_decides():
    ahead, behind = ratio(99_999_999_999, 100_000_000_000), ratio(99_999_999_998, 99_999_999_999)
    found = rank([RankRow("a", behind, behind), RankRow("b", ahead, ahead)], POLICY)
    assert [(each.rank, each.row.region) for each in found] == [(1, "b"), (2, "a")]


def test_nothing_over_nothing_keeps_its_numbers_and_its_target():
    assert ratio(0, 0, 85) == Ratio(zero=0, total=0, target=85, percent=None, met=None)
