"""How lists become history: pure, without a database."""

from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.rules import Edition, Line, core_name, history, is_virtual, read, successions

COUNTY, TOWN, OTHER = "141123000000", "141123201000", "141123204000"
Y16, Y20, Y23 = date(2016, 7, 31), date(2020, 6, 30), date(2023, 6, 30)
LEVELS = frozenset({"county", "township", "village"})


def edition(on, lines, levels=LEVELS, scope="141123"):
    named = {code: Line(code, name) for code, name in {COUNTY: "兴县", **lines}.items()}
    return Edition(f"list of {on}", on, scope, levels, named)


def spans(*editions, code):
    return [(span.name, span.valid_from, span.valid_to) for span in history(editions).get(code, [])]


def successors(*editions):
    return {each.predecessor: (each.successor, each.basis) for each in successions(editions)}


def test_the_first_region_list_holds_backwards_without_limit():
    assert spans(edition(Y23, {TOWN: "恶虎滩乡"}), code=TOWN) == [("恶虎滩乡", None, None)]


def test_a_region_missing_from_a_later_list_ends_on_its_day():
    assert spans(edition(Y16, {TOWN: "恶虎滩乡"}), edition(Y23, {}), code=TOWN) == [("恶虎滩乡", None, Y23)]


def test_a_region_only_in_a_later_list_begins_on_its_day():
    assert spans(edition(Y16, {}), edition(Y23, {OTHER: "奥家湾乡"}), code=OTHER) == [("奥家湾乡", Y23, None)]


def test_a_new_name_ends_one_span_and_begins_the_next():
    lists = edition(Y16, {TOWN: "旧名乡"}), edition(Y23, {TOWN: "新名乡"})
    assert spans(*lists, code=TOWN) == [("旧名乡", None, Y23), ("新名乡", Y23, None)]


def test_a_region_code_that_returns_has_two_spans():
    lists = edition(Y16, {TOWN: "甲乡"}), edition(Y20, {}), edition(Y23, {TOWN: "甲乡"})
    assert spans(*lists, code=TOWN) == [("甲乡", None, Y20), ("甲乡", Y23, None)]


def test_a_list_without_villages_ends_no_village():
    townships = edition(Y23, {TOWN: "甲乡"}, levels=frozenset({"county", "township"}))
    assert spans(edition(Y16, {TOWN: "甲乡", "141123201200": "一村村委会"}), townships, code="141123201200") == [
        ("一村村委会", None, None)
    ]


def test_a_list_of_another_county_ends_nothing_here():
    other = edition(Y23, {"141124000000": "临县"}, scope="141124")
    assert spans(edition(Y16, {TOWN: "甲乡"}), other, code=TOWN) == [("甲乡", None, None)]


VILLAGES = [f"1411232{town:02d}2{village:02d}" for town in (1, 4) for village in (0, 1)]
LISTS = st.dictionaries(st.sampled_from([TOWN, OTHER, *VILLAGES]), st.sampled_from(["甲村委会", "乙村委会", "丙"]))


@given(st.tuples(LISTS, LISTS, LISTS))
def test_history_is_the_same_whatever_the_order_of_loading(lists):
    editions = [edition(on, lines) for on, lines in zip((Y16, Y20, Y23), lists, strict=True)]
    first = history(editions), successions(editions)
    assert all((history(order), successions(order)) == first for order in permutations(editions))


@given(st.tuples(LISTS, LISTS, LISTS))
def test_spans_of_a_code_never_overlap_and_never_are_empty(lists):
    editions = [edition(on, lines) for on, lines in zip((Y16, Y20, Y23), lists, strict=True)]
    for of_code in history(editions).values():
        assert all(span.valid_from is None or span.valid_to is None or span.valid_from < span.valid_to for span in of_code)
        assert all(one.valid_to and two.valid_from and one.valid_to <= two.valid_from for one, two in pairwise(of_code))


# --- successors


def test_a_village_with_a_new_code_and_its_old_name_is_its_own_successor():
    before = edition(Y16, {TOWN: "恶虎滩乡", OTHER: "奥家湾乡", "141123201202": "下会村委会"})
    after = edition(Y23, {OTHER: "奥家湾乡", "141123204225": "下会村委会"})
    assert successors(before, after) == {"141123201202": ("141123204225", "name"), TOWN: (OTHER, "majority")}


def test_a_village_of_the_same_name_in_another_township_is_another_place():
    before = edition(Y16, {TOWN: "恶虎滩乡", OTHER: "奥家湾乡", "141123201209": "郭家圪台村委会", "141123204220": "郭家圪台村委会"})
    after = edition(Y23, {OTHER: "奥家湾乡", "141123204220": "郭家圪台村委会"})
    assert successors(before, after)["141123201209"] == (None, "none")


def test_a_township_is_succeeded_by_the_township_of_most_of_its_villages():
    names = {"200": "一", "201": "二", "202": "三"}
    before = edition(Y16, {TOWN: "甲乡"} | {f"141123201{at}": f"{name}村委会" for at, name in names.items()})
    after = edition(Y23, {"141123204230": "一村委会", "141123204231": "二村委会", "141123100230": "三村委会"})
    assert successors(before, after)[TOWN] == (OTHER, "majority")


def test_a_township_whose_villages_split_evenly_is_left_undecided():
    before = edition(Y16, {TOWN: "甲乡", "141123201200": "一村委会", "141123201201": "二村委会"})
    after = edition(Y23, {"141123204230": "一村委会", "141123100230": "二村委会"})
    assert successors(before, after)[TOWN] == (None, "none")


def test_villages_of_the_same_name_are_told_apart_by_their_townships_successor():
    before = edition(Y16, {TOWN: "甲乡", "141123201200": "一村委会", "141123201201": "王家村委会",
                           "141123206000": "乙乡", "141123206200": "二村委会", "141123206201": "王家村委会"})  # fmt: skip
    after = edition(Y23, {"141123204230": "一村委会", "141123204231": "王家村委会",
                          "141123207230": "二村委会", "141123207231": "王家村委会"})  # fmt: skip
    found = successors(before, after)
    assert found["141123201201"] == ("141123204231", "name")
    assert found["141123206201"] == ("141123207231", "name")


def test_a_village_without_a_namesake_is_left_undecided():
    assert successors(edition(Y16, {"141123100209": "麦地山村委会"}), edition(Y23, {})) == {"141123100209": (None, "none")}


@pytest.mark.parametrize(
    "name, body",
    [
        ("东城居委会", "东城"),
        ("东城社区居委会", "东城"),
        ("后沟村委", "后沟"),
        ("四兴村村委会", "四兴村"),
        ("蔚汾镇", "蔚汾镇"),
    ],
)
def test_names_are_compared_without_the_committee_suffix(name, body):
    assert core_name(name) == body


def test_a_virtual_community_is_recognised_by_its_name():
    assert is_virtual("兴县经济技术开发区虚拟社区") and not is_virtual("东关村委会")


# --- reading a list


def rows(*codes_and_names, **more):
    return [{"code": code, "name": name, **more} for code, name in ((COUNTY, "兴县"), *codes_and_names)]


@pytest.mark.parametrize(
    "line, words",
    [
        (("14112310000", "短"), "12位数字"),
        (("1411231000OO", "字母"), "12位数字"),
        ((COUNTY, "再一次"), "重复"),
        ((TOWN, ""), "名称"),
        ((TOWN, "长" * 61), "名称"),
        ((TOWN, "坏\x00名"), "名称"),
        (("141123201200", "没有乡的村"), "上级"),
    ],
)
def test_an_invalid_line_of_a_region_list_is_named_with_its_number(line, words):
    fault = read(rows(line)).faults[0]
    assert fault.line == 3 and words in fault.detail


@pytest.mark.parametrize("column, value", [("level", "village"), ("parent_code", "140000000000"), ("urban_rural_code", "999")])
def test_a_column_that_contradicts_the_code_is_a_fault(column, value):
    listing = read([{"code": COUNTY, "name": "兴县"}, {"code": TOWN, "name": "乡", column: value}])
    assert [fault.line for fault in listing.faults] == [3]


def test_all_invalid_lines_are_reported_at_once():
    assert len(read(rows(("1", "甲"), ("2", "乙"), ("3", "丙"))).faults) == 3


def test_a_region_list_has_a_scope_and_levels():
    listing = read(rows((TOWN, "乡"), ("141123201200", "村")))
    assert (listing.scope, listing.levels) == ("141123", LEVELS)


def test_a_list_of_townships_needs_its_county_to_be_loaded():
    lines = [{"code": TOWN, "name": "甲乡"}, {"code": OTHER, "name": "乙乡"}]
    assert "不存在" in read(lines).faults[0].detail
    assert read(lines, frozenset({COUNTY})).scope == "141123"


def test_an_empty_region_list_is_refused():
    assert read([]).faults
