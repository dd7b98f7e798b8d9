"""频次上限: how often whom, by which document and which key; pure rows of the published tables and of our own factors."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from enterprises.inspection_keys import Grade, UnitOnDay
from inspections.ceilings.reading import beyond_by_case, would_exceed
from inspections.ceilings.rules import ceiling, floor, required
from inspections.ceilings.wording import spoken
from reference import shapes
from reference.shapes import Wrong
from tests import law

SINCE = date(2025, 4, 23)
PUBLISHED = law.body("inspection_ceilings", code="emergency")
OURS = law.body("frequencies")
BEFORE_2025 = law.body("frequencies", date(2022, 1, 1))


def unit(sector: str, traits: tuple[str, ...] = (), class_: str = "C", **grades: str) -> UnitOnDay:
    return UnitOnDay(sector, frozenset(traits), class_, {key: Grade(grade, "某文") for key, grade in grades.items()})


LEVEL = "standardization"
TABLE = [  # as the department published it: unit, times
    *((unit("coal_mine", coal_assurance=grade), times) for grade, times in zip("ABCD", (2, 4, 6, 4), strict=True)),
    *((unit("non_coal_mine", mine_risk=grade), times) for grade, times in zip("ABCD", (1, 1, 2, 4), strict=True)),
    *((unit("hazardous_chemicals", standardization=level), times) for level, times in (("1", 2), ("2", 4), ("3", 8), ("none", 12))),
    *((unit("metallurgy_trade", ("metal_smelting",), standardization=level), times)
      for level, times in (("1", 2), ("2", 4), ("3", 8), ("none", 12))),
    *((unit("metallurgy_trade", standardization=level), times) for level, times in (("1", 1), ("2", 2), ("3", 4), ("none", 6))),
    (unit("other", standardization="none"), 6),
]  # fmt: skip


@pytest.mark.parametrize("row", range(len(TABLE)))
def test_each_line_of_the_published_table_has_its_key_and_its_times(row):
    whose, times = TABLE[row]
    found = ceiling(PUBLISHED, OURS, whose, directly=True)
    assert (found.times, found.ours, found.document, found.missing) == (times, False, "某文", ())


NO_CEILING = [
    (unit("coal_mine"), "coal_assurance"),
    (unit("coal_mine", mine_risk="A", standardization="1"), "coal_assurance"),  # another's key is none
    (unit("non_coal_mine", coal_assurance="A"), "mine_risk"),
]


@pytest.mark.parametrize("whose, missing", NO_CEILING)
def test_without_its_key_a_unit_has_no_ceiling_and_it_is_said_which_lacks(whose, missing):
    found = ceiling(PUBLISHED, OURS, whose, directly=True)
    assert (found.times, found.missing) == (None, (missing,)) and found.note.endswith("。")


def test_units_that_the_published_table_is_not_about_keep_our_factors():
    found = ceiling(PUBLISHED, OURS, unit("fire_safety", class_="A", standardization="1"), directly=False)
    assert (found.times, found.ours, found.key) == (2, True, "class")


OF_OURS = [
    (OURS, unit("coal_mine", class_="C"), 12, ()),
    (OURS, unit("coal_mine", class_="A"), 4, ()),
    (OURS, unit("fire_safety", class_="A"), 2, ()),
    (OURS, unit("metallurgy_trade", ("fireworks",), class_="D"), 24, ()),
    (OURS, unit("fire_safety", class_=""), None, ("class",)),
    (BEFORE_2025, unit("fire_safety", class_="A"), None, ()),
    (None, unit("fire_safety", class_="A"), None, ()),
]


@pytest.mark.parametrize("frequencies, whose, times, missing", OF_OURS)
def test_who_published_none_goes_by_our_factors_and_they_are_shown_as_ours(frequencies, whose, times, missing):
    found = ceiling(None, frequencies, whose, directly=True)
    assert (found.times, found.missing, found.ours) == (times, missing, True)


FLOORS = [  # class, grade, floor, ceiling, what applies
    ("A", "A", 2, 2, 2), ("B", "A", 4, 2, 2), ("C", "C", 12, 6, 6), ("D", "D", 24, 4, 4), ("B", "C", 4, 6, 4),
]  # fmt: skip


@pytest.mark.parametrize("class_, grade, least, most, applies", FLOORS)
def test_of_floor_and_ceiling_the_lower_applies_and_both_are_shown(class_, grade, least, most, applies):
    mine = unit("coal_mine", class_=class_, coal_assurance=grade)
    found = floor(OURS, mine), ceiling(PUBLISHED, OURS, mine, directly=True).times
    assert found == (least, most) and required(*found) == applies


def test_an_unknown_ceiling_lowers_no_floor():
    assert (required(12, None), required(None, 4), required(None, None)) == (12, None, None)


def rows_with(place: int = 0, **changed: Any) -> list[dict[str, Any]]:
    rows = law.body("inspection_ceilings", code="emergency")["rows"]
    rows[place] = {name: each for name, each in {**rows[place], **changed}.items() if each is not None}
    return rows


WRONG = [  # a line, where it is refused
    ({"key": None}, "rows[0].key"),
    ({"key": "class"}, "rows[0].key"),
    ({"key": "standardization"}, "rows[0].times.A"),
    ({"times": {"A": 2, "B": 4, "C": 6}}, "rows[0].times"),
    ({"times": {"A": 2, "B": 4, "C": 6, "D": -1}}, "rows[0].times.D"),
    ({"sectors": None}, "rows[0]"),
    ({"sectors": ["non_coal_mine"]}, "rows"),
    ({"directly_supervised": True}, "rows[0]"),
]


@pytest.mark.parametrize("changed, where", WRONG)
def test_a_table_without_key_grades_or_units_is_refused_with_its_place(changed, where):
    body = {**law.body("inspection_ceilings", code="emergency"), "rows": rows_with(**changed)}
    with pytest.raises(Wrong) as refused:
        shapes.INSPECTION_CEILINGS(body, "body")
    assert refused.value.key == f"body.{where}"


YEAR = {"ceiling": 2, "counted": 2, "case": 0, "supervision": 3, "supervision_ceiling": 3}
ONE_MORE = [  # what stands, what comes, passes
    (YEAR, "daily", True, True), (YEAR, "special", True, True), (YEAR, "special", False, False),
    (YEAR, "case", False, True), (YEAR, "supervision", False, True),
    ({**YEAR, "counted": 1}, "daily", True, False), ({**YEAR, "counted": 1, "case": 1}, "case", False, True),
    ({**YEAR, "ceiling": None}, "daily", True, False), ({**YEAR, "supervision": 2}, "supervision", False, False),
    ({**YEAR, "supervision_ceiling": None}, "supervision", False, False),
]  # fmt: skip


@pytest.mark.parametrize("year, word, counts, passes", ONE_MORE)
def test_one_more_visit_passes_the_ceiling_where_nothing_is_left(year, word, counts, passes):
    assert would_exceed(year, word=word, counts=counts) is passes


@pytest.mark.parametrize("counted, cases, beyond", [(2, 0, 0), (2, 1, 1), (1, 2, 1), (0, 2, 0), (32, 4, 4), (5, 0, 0)])
def test_no_more_is_beyond_by_cases_than_there_were_cases(counted, cases, beyond):
    assert beyond_by_case(counted, cases, most=2) == beyond


def test_the_published_table_is_in_force_from_its_day_and_not_before():
    assert law.document("inspection_ceilings", SINCE, "emergency").version == "SX-2025-04"
    with pytest.raises(AssertionError):
        law.document("inspection_ceilings", date(2025, 4, 22), "emergency")


SAID = {
    "year": 2026, "counted": 2, "ceiling": 6, "supervision_ceiling": 3, "ours": False, "published_by": "山西省应急管理厅", "note": "",
}  # fmt: skip
SENTENCES = [
    ({}, 3, "daily", "2026年度第3次，全年上限6次（山西省应急管理厅公布）"),
    ({"ours": True, "published_by": ""}, 3, "special", "2026年度第3次，全年上限6次（县里自定）"),
    ({}, None, "case", "个案检查，不计入上限；2026年度已计入2次，全年上限6次（山西省应急管理厅公布）"),
    ({}, None, "special", "不计入上限；2026年度已计入2次，全年上限6次（山西省应急管理厅公布）"),
    ({}, 1, "supervision", "2026年度第1次，全年上限3次（山西省应急管理厅公布）"),
    (
        {"ceiling": None, "note": "没有登记等级，上限不明，请登记。"},
        3,
        "daily",
        "2026年度第3次，没有登记等级，上限不明，请登记",
    ),
    ({"ceiling": None}, 3, "daily", "2026年度第3次，没有规定上限"),
]


@pytest.mark.parametrize("changed, number, word, sentence", SENTENCES)
def test_a_paper_says_which_visit_of_the_year_it_is_and_how_many_may_be(changed, number, word, sentence):
    assert spoken({**SAID, **changed}, number, word) == sentence
