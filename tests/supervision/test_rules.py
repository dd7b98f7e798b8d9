"""A/B/C/D: every worked example, every cap, every edge on both sides (DOMAIN §5.2 and §5.3 with the corrections)."""

import json
import tomllib
from copy import deepcopy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.rules import (
    CLASSES,
    BadDocument,
    ClassHeld,
    Manual,
    add_months,
    document,
    effective_class,
    evaluate,
    in_force,
    is_review_day,
    next_upgrade_day,
    read_facts,
    read_scheme,
    replay,
    whole_months,
)

FILE = Path(__file__).parents[2] / "reference" / "data" / "supervision_scheme" / "XX-ABCD-1.toml"
DOCUMENT = tomllib.loads(FILE.read_text("utf-8"))
SCHEME = read_scheme(DOCUMENT["body"], DOCUMENT["version"])

GOOD = {  # a coal mine with nothing to blame: example 1
    "on": "2026-11-23", "sector": "coal_mine",
    "months_since_fatal": 40, "months_since_larger": None, "months_operating": 120,
    "serious_injury_accidents_12m": 0, "other_accidents_12m": 0,
    "standardization": {"applicable": True, "level": 1, "minimum": 2, "expired_days": 0},
    "risk_control": {"reviewed_12m": True, "red_orange_controlled": True, "self_check_rate": 98},
    "hazards": {"due_12m": 20, "on_time_12m": 20, "inspected_12m": True, "major_open": 0, "major_overdue": 0},
    "penalties": {"ordinary_12m": 0, "heavy_12m": 0},
    "emergency": {"plan_filed": True, "drill_on_time": True, "people_certified": True, "training_done": True, "insured": True},
    "stopped_by_order": False, "licence_invalid": False, "dishonesty_listed": False, "months_since_concealment": None,
    "refused_inspection": False, "stopped_months": 0, "special_geology": False, "missing_bases": [],
}


def facts(changes=None, **more):
    """GOOD with changes, told by dotted names: {"hazards.due_12m": 3}."""
    sent = deepcopy(GOOD)
    for name, value in {**(changes or {}), **more}.items():
        *path, last = name.split(".")
        place = sent
        for step in path:
            place = place[step]
        place[last] = value
    return sent


def judged(changes=None, **more):
    return evaluate(read_facts(facts(changes, **more)), SCHEME)


def shown(changes=None, **more):
    return judged(changes, **more).answer()


def cap_ids(answer):
    return [cap["id"] for cap in answer["caps"]]


def ranked(class_):
    return CLASSES.index(class_)


NO_SCHEME = {"standardization.applicable": False, "standardization.level": None, "standardization.minimum": None}

# ------------------------------------------------------------------------------------------------ §5.3

WORKED = [  # no., changes, S, T, R, total, by score, caps, class
    (1, {}, "30.0", "30.0", "40.0", "100.0", "A", [], "A"),
    (2, {"standardization.level": 2, "hazards.on_time_12m": 18, "penalties.ordinary_12m": 1},
     "30.0", "24.0", "35.5", "89.5", "B", [], "B"),
    (3, {"special_geology": True}, "30.0", "30.0", "40.0", "100.0", "A", ["K15"], "B"),
    (4, {"standardization.level": 3}, "30.0", "9.0", "40.0", "79.0", "B", ["K14"], "C"),
    (5, {"sector": "hazardous_chemicals", "months_since_fatal": 5, "standardization.level": 2, "standardization.minimum": 3,
         "penalties.heavy_12m": 1}, "0.0", "24.0", "34.0", "58.0", "D", ["K01"], "D"),
    (6, {"sector": "hazardous_chemicals", "months_since_fatal": 14, "standardization.minimum": 3},
     "18.0", "30.0", "40.0", "88.0", "B", ["K04"], "B"),
    (10, {**NO_SCHEME, "months_since_fatal": None, "months_operating": 3, "hazards.due_12m": 0, "hazards.on_time_12m": 0,
          "hazards.inspected_12m": False}, "15.0", None, "34.0", "70.0", "C", [], "C"),
    (13, {"months_since_fatal": 60, "dishonesty_listed": True}, "30.0", "30.0", "40.0", "100.0", "A", ["K09"], "D"),
]


@pytest.mark.parametrize("no, changes, s, t, r, score, by_score, caps, class_", WORKED)
def test_worked_examples_give_the_expected_parts_score_and_class(no, changes, s, t, r, score, by_score, caps, class_):
    found = shown(changes)
    assert (found["parts"]["S"], found["parts"]["T"], found["parts"]["R"]) == (s, t, r)
    assert (found["score"], found["by_score"], cap_ids(found), found["class"]) == (score, by_score, caps, class_)


def test_the_answer_has_the_names_of_the_contract_and_one_decimal_strings():
    found = shown({"standardization.level": 2})
    assert list(found) == ["class", "score", "by_score", "parts", "caps", "provisional", "reasons"]
    assert list(found["parts"]) == ["S", "T", "R", "R1", "R2", "R3", "R4"]
    assert found["parts"] == {"S": "30.0", "T": "24.0", "R": "40.0", "R1": "10.0", "R2": "15.0", "R3": "10.0", "R4": "5.0"}
    assert json.loads(json.dumps(found)) == found


# ------------------------------------------------------------------------------------------------ S

@pytest.mark.parametrize("fatal, operating, injuries, others, points", [
    (0, 500, 0, 0, "0.0"),
    (5, 500, 0, 0, "0.0"),
    (6, 500, 0, 0, "10.0"),
    (11, 500, 0, 0, "10.0"),
    (12, 500, 0, 0, "18.0"),
    (23, 500, 0, 0, "18.0"),
    (24, 500, 0, 0, "25.0"),
    (35, 500, 0, 0, "25.0"),
    (36, 500, 0, 0, "30.0"),
    (400, 3, 0, 0, "30.0"),          # the fatal accident decides, not how long it has run
    (None, 0, 0, 0, "15.0"),         # never fatal: at least 15
    (None, 11, 0, 0, "15.0"),
    (None, 12, 0, 0, "18.0"),
    (None, 24, 0, 0, "25.0"),
    (None, 36, 0, 0, "30.0"),
    (None, None, 0, 0, "15.0"),
    (40, 500, 1, 0, "25.0"),
    (40, 500, 0, 1, "27.0"),
    (40, 500, 2, 3, "11.0"),
    (40, 500, 6, 0, "0.0"),
    (40, 500, 5, 2, "0.0"),          # 30 − 25 − 6: never below nought
    (5, 500, 1, 1, "0.0"),
    (None, 3, 1, 0, "10.0"),         # the 15 come first, then what is taken off
    (None, 3, 0, 5, "0.0"),
])
def test_safe_period_points_follow_months_since_the_last_fatal_accident(fatal, operating, injuries, others, points):
    found = shown(months_since_fatal=fatal, months_operating=operating, serious_injury_accidents_12m=injuries,
                  other_accidents_12m=others)
    assert found["parts"]["S"] == points


# ------------------------------------------------------------------------------------------------ T

@pytest.mark.parametrize("level, minimum, expired, points, k14", [
    (1, 2, 0, "30.0", False),
    (2, 2, 0, "24.0", False),        # 二级及以上 includes level 2
    (3, 2, 0, "9.0", True),          # below the minimum: half, and K14
    (3, 3, 0, "18.0", False),
    (3, None, 0, "18.0", False),     # a voluntary level counts
    (2, 1, 0, "12.0", True),
    (None, 2, 0, "0.0", True),
    (None, None, 0, "0.0", False),   # none, and none prescribed
    (None, 2, None, "0.0", True),
    (1, 2, None, "30.0", False),
    (1, 2, 1, "15.0", False),        # expired 1–90 days: half
    (1, 2, 90, "15.0", False),
    (1, 2, 91, "0.0", True),         # longer: no level
    (2, 2, 90, "12.0", False),
    (3, 2, 1, "4.5", True),          # both halvings multiply
    (3, 2, 90, "4.5", True),
    (3, 2, 91, "0.0", True),
    (2, 1, 30, "6.0", True),
    (1, None, 91, "0.0", False),     # nobody prescribes a level here
    (3, None, 90, "9.0", False),
])
def test_standardization_points_follow_level_minimum_and_expiry(level, minimum, expired, points, k14):
    found = shown({"standardization.level": level, "standardization.minimum": minimum, "standardization.expired_days": expired})
    assert (found["parts"]["T"], "K14" in cap_ids(found)) == (points, k14)


@pytest.mark.parametrize("changes, score, by_score", [
    ({}, "100.0", "A"),
    ({"penalties.ordinary_12m": 2, "penalties.heavy_12m": 0, "emergency.insured": False}, "90.0", "A"),     # 63·100/70
    ({"hazards.due_12m": 150, "hazards.on_time_12m": 79}, "89.9", "B"),      # (30+32.9)·100/70 = 89.857…
    ({"months_since_fatal": None, "months_operating": 3, "hazards.due_12m": 30, "hazards.on_time_12m": 25}, "75.0", "B"),
    ({"months_since_fatal": None, "months_operating": 3, "hazards.due_12m": 150, "hazards.on_time_12m": 124}, "74.9", "C"),
])
def test_without_a_standardization_scheme_the_other_points_are_scaled_to_100(changes, score, by_score):
    found = shown({**NO_SCHEME, **changes})
    assert (found["parts"]["T"], found["score"], found["by_score"]) == (None, score, by_score)


def test_an_inapplicable_standardization_never_caps_the_class():
    assert cap_ids(shown({"standardization.applicable": False, "standardization.level": None})) == []


# ------------------------------------------------------------------------------------------------ R1–R4

@pytest.mark.parametrize("reviewed, controlled, rate, points", [
    (True, True, 100, "10.0"),
    (True, True, 95, "10.0"),
    (True, True, 94, "9.0"),
    (True, True, 94.9, "9.0"),
    (True, True, "94.99", "9.0"),
    (True, True, "95.0", "10.0"),
    (True, True, 80, "9.0"),
    (True, True, 79, "8.0"),
    (True, True, Decimal("79.9"), "8.0"),
    (True, True, 60, "8.0"),
    (True, True, 59, "7.0"),
    (True, True, 0, "7.0"),
    (True, True, None, "7.0"),
    (False, True, 98, "6.0"),
    (True, False, 98, "7.0"),
    (None, True, 98, "6.0"),
    (True, None, 98, "7.0"),
    (None, None, None, "0.0"),
])
def test_dual_prevention_points_follow_review_control_and_self_check_rate(reviewed, controlled, rate, points):
    found = shown({"risk_control": {"reviewed_12m": reviewed, "red_orange_controlled": controlled, "self_check_rate": rate}})
    assert found["parts"]["R1"] == points


@pytest.mark.parametrize("due, on_time, inspected, points", [
    (20, 20, True, "15.0"),
    (20, 18, True, "13.5"),
    (12, 9, True, "11.3"),           # 11.25: halves round up
    (3, 1, True, "5.0"),
    (7, 3, True, "6.4"),             # 6.428…
    (300, 1, True, "0.1"),           # 0.05 rounds up
    (301, 1, True, "0.0"),
    (8, 7, False, "13.1"),           # 13.125
    (5, 0, True, "0.0"),
    (0, 0, True, "15.0"),
    (0, 0, False, "9.0"),
    (0, 0, None, "9.0"),
])
def test_rectification_points_follow_the_on_time_share_and_inspection(due, on_time, inspected, points):
    found = shown({"hazards.due_12m": due, "hazards.on_time_12m": on_time, "hazards.inspected_12m": inspected})
    assert found["parts"]["R2"] == points


@pytest.mark.parametrize("ordinary, heavy, points", [
    (0, 0, "10.0"), (1, 0, "7.0"), (2, 0, "4.0"), (3, 0, "1.0"), (4, 0, "0.0"),
    (0, 1, "4.0"), (1, 1, "1.0"), (2, 1, "0.0"), (0, 2, "0.0"), (1_000_000, 1_000_000, "0.0"),
])
def test_compliance_points_fall_with_ordinary_and_heavy_penalties(ordinary, heavy, points):
    assert shown({"penalties.ordinary_12m": ordinary, "penalties.heavy_12m": heavy})["parts"]["R3"] == points


EMERGENCY = ("plan_filed", "drill_on_time", "people_certified", "training_done", "insured")


@pytest.mark.parametrize("item", EMERGENCY)
@pytest.mark.parametrize("done, points", [(True, "5.0"), (False, "4.0"), (None, "5.0")])      # not applicable = 1
def test_each_emergency_item_not_done_costs_one_point(item, done, points):
    assert shown({f"emergency.{item}": done})["parts"]["R4"] == points


def test_with_no_emergency_item_done_the_part_is_zero():
    assert shown({"emergency": dict.fromkeys(EMERGENCY, False)})["parts"]["R4"] == "0.0"


# ------------------------------------------------------------------------------------------------ classes by score

@pytest.mark.parametrize("changes, score, class_", [
    ({"penalties.heavy_12m": 1, "penalties.ordinary_12m": 1, "emergency.insured": False}, "90.0", "A"),
    ({"penalties.heavy_12m": 1, "penalties.ordinary_12m": 1, "hazards.due_12m": 150, "hazards.on_time_12m": 139}, "89.9", "B"),
    ({"standardization.level": None, "standardization.minimum": None, "risk_control.self_check_rate": 70,
      "penalties.ordinary_12m": 1}, "65.0", "C"),
    ({"months_since_fatal": 24, "standardization.level": 3, "standardization.minimum": 3, "penalties.ordinary_12m": 2,
      "emergency.insured": False, "emergency.plan_filed": False}, "75.0", "B"),
    ({"months_since_fatal": 24, "standardization.level": 3, "standardization.minimum": 3, "penalties.ordinary_12m": 2,
      "hazards.due_12m": 150, "hazards.on_time_12m": 129}, "74.9", "C"),
    ({"standardization.level": None, "standardization.minimum": None, "penalties.heavy_12m": 2}, "60.0", "C"),
    ({"standardization.level": None, "standardization.minimum": None, "penalties.heavy_12m": 2,
      "hazards.due_12m": 150, "hazards.on_time_12m": 149}, "59.9", "D"),
])
def test_the_lower_bound_of_a_band_belongs_to_it(changes, score, class_):
    found = shown(changes)
    assert (found["score"], found["by_score"]) == (score, class_)


# ------------------------------------------------------------------------------------------------ caps

@pytest.mark.parametrize("changes, caps, class_", [
    ({"months_since_fatal": 0}, ["K01"], "C"),
    ({"months_since_fatal": 11}, ["K01"], "C"),
    ({"months_since_fatal": 12}, ["K04"], "B"),
    ({"months_since_fatal": 23}, ["K04"], "B"),
    ({"months_since_fatal": 24}, [], "A"),
    ({"months_since_larger": 0}, ["K02"], "D"),
    ({"months_since_larger": 11}, ["K02"], "D"),
    ({"months_since_larger": 12}, ["K03"], "C"),
    ({"months_since_larger": 23}, ["K03"], "C"),
    ({"months_since_larger": 24}, ["K05"], "B"),
    ({"months_since_larger": 35}, ["K05"], "B"),
    ({"months_since_larger": 36}, [], "A"),
    ({"months_since_larger": None}, [], "A"),
    ({"months_since_fatal": 5, "months_since_larger": 30}, ["K01", "K05"], "C"),
    ({"months_since_fatal": 14, "months_since_larger": 14}, ["K03", "K04"], "C"),
    ({"hazards.major_overdue": 1}, ["K06"], "D"),
    ({"hazards.major_open": 1}, ["K07"], "C"),
    ({"hazards.major_open": 1, "hazards.major_overdue": 1}, ["K06"], "D"),       # open, but overdue: K06 says it
    ({"hazards.major_open": 2, "hazards.major_overdue": 1}, ["K06", "K07"], "D"),
    ({"stopped_by_order": True}, ["K08"], "D"),
    ({"licence_invalid": True}, ["K08"], "D"),
    ({"stopped_by_order": True, "licence_invalid": True}, ["K08"], "D"),         # one cap, told once
    ({"dishonesty_listed": True}, ["K09"], "D"),
    ({"months_since_concealment": 0}, ["K10"], "D"),
    ({"months_since_concealment": 11}, ["K10"], "D"),
    ({"months_since_concealment": 12}, ["K11"], "C"),
    ({"months_since_concealment": 35}, ["K11"], "C"),
    ({"months_since_concealment": 36}, [], "A"),
    ({"refused_inspection": True}, ["K12"], "D"),
    ({"stopped_months": 5}, [], "A"),
    ({"stopped_months": 6}, ["K13"], "D"),
    ({"stopped_months": None}, [], "A"),
    ({"standardization.level": None}, ["K14"], "C"),
    ({"standardization.expired_days": 90}, [], "B"),
    ({"standardization.expired_days": 91}, ["K14"], "C"),
    ({"special_geology": True}, ["K15"], "B"),
    ({"special_geology": True, "sector": "non_coal_mine"}, [], "A"),              # coal only
    ({"missing_bases": ["standardization"]}, ["K16"], "C"),
    ({"missing_bases": ["S", "T", "R"]}, ["K16"], "C"),
    ({"months_since_fatal": 5, "special_geology": True, "refused_inspection": True}, ["K01", "K12", "K15"], "D"),
])
def test_every_cap_applies_exactly_from_its_threshold(changes, caps, class_):
    found = shown(changes)
    assert (cap_ids(found), found["class"]) == (caps, class_)
    assert found["class"] == max([found["by_score"], *(cap["class"] for cap in found["caps"])], key=ranked)


def test_the_scheme_has_the_sixteen_caps_with_their_best_class():
    assert [(cap["id"], cap["at_best"]) for cap in SCHEME["caps"]] == [
        ("K01", "C"), ("K02", "D"), ("K03", "C"), ("K04", "B"), ("K05", "B"), ("K06", "D"), ("K07", "C"), ("K08", "D"),
        ("K09", "D"), ("K10", "D"), ("K11", "C"), ("K12", "D"), ("K13", "D"), ("K14", "C"), ("K15", "B"), ("K16", "C")]


@pytest.mark.parametrize("changes, provisional", [
    ({}, False), ({"missing_bases": ["risk_control"]}, True), ({"missing_bases": ["risk_control"], "refused_inspection": True}, True),
    ({"hazards.major_open": 1}, False),
])
def test_a_class_without_one_of_its_bases_is_provisional(changes, provisional):
    assert shown(changes)["provisional"] is provisional


@pytest.mark.parametrize("changes, d_reason", [
    ({}, None),
    ({"special_geology": True}, None),
    ({"refused_inspection": True}, "cap:K12"),
    ({"dishonesty_listed": True, "refused_inspection": True}, "cap:K09"),         # the first in the scheme's order
    ({"months_since_fatal": 5, "refused_inspection": True}, "cap:K12"),           # K01 caps at C only
    ({"stopped_months": 6}, "stopped"),
    ({"stopped_months": 6, "stopped_by_order": True}, "stopped"),
    (WORKED[4][1], "score"),                                                      # lower than its cap already
    ({**WORKED[4][1], "refused_inspection": True}, "score"),
])
def test_a_class_d_states_the_cap_or_score_that_caused_it(changes, d_reason):
    assert judged(changes).d_reason == d_reason


# ------------------------------------------------------------------------------------------------ the explanation

@pytest.mark.parametrize("changes, sentence", [
    ({}, "安全生产周期：距最近一次负有责任的死亡事故40个月，得30分（满分30分）"),
    ({"serious_injury_accidents_12m": 1, "other_accidents_12m": 2},
     "安全生产周期：距最近一次负有责任的死亡事故40个月，对应30分，近12个月重伤事故1起扣5分，近12个月其他事故2起扣6分，得19分（满分30分）"),
    ({"months_since_fatal": None, "months_operating": 3},
     "安全生产周期：从未发生负有责任的死亡事故（不低于15分），已运营3个月，得15分（满分30分）"),
    ({"standardization.level": 3, "standardization.expired_days": 10},
     "安全标准化三级，证书过期10天折半，低于规定的最低等级二级折半，得4.5分（满分30分）"),
    ({"standardization.expired_days": 91}, "安全标准化一级证书过期91天，超过90天按无等级计，安全标准化得0分（满分30分）"),
    ({"standardization.level": None}, "没有安全标准化等级，安全标准化得0分（满分30分）"),
    (NO_SCHEME, "此类单位没有安全标准化体系，不计此项，总分按其余两项×100÷70折算"),
    ({"risk_control.reviewed_12m": False, "risk_control.self_check_rate": "94.9"},
     "双重预防：近12个月未评审风险辨识计0分，红色橙色风险的措施和责任人齐全计3分，自查任务完成率94.9%计2分，得5分（满分10分）"),
    ({"hazards.on_time_12m": 18}, "近12个月到期隐患20条，按期整改18条，得13.5分（满分15分）"),
    ({"hazards.due_12m": 0, "hazards.on_time_12m": 0}, "近12个月没有到期隐患，接受过监管部门检查，得15分（满分15分）"),
    ({"penalties.ordinary_12m": 1}, "近12个月一般处罚1次扣3分，重处罚0次扣0分，得7分（满分10分）"),
    ({"emergency.insured": False}, "应急与人员5项，未达到：投保安全生产责任保险，得4分（满分5分）"),
    (WORKED[1][1], "总分30＋24＋35.5＝89.5分，按分数为B类，距A类差0.5分"),
    (WORKED[6][1], "总分（15＋34）×100÷70＝70.0分，按分数为C类，距B类差5分"),
    ({"months_since_fatal": 14}, "K04：发生负有责任的一般死亡事故满 12 个月、不满 24 个月（距今14个月），最高为B类"),
    ({"hazards.major_overdue": 2}, "K06：重大事故隐患逾期未整改（2条），最高为D类"),
    ({"missing_bases": ["standardization", "别的"]},
     "K16：三项依据中有一项缺少数据，结果为暂定（缺：安全标准化等级、别的），最高为C类"),
    ({"refused_inspection": True}, "按K12封顶，评定为D类"),
    ({"missing_bases": ["T"]}, "按K16封顶，评定为C类（暂定）"),
    ({}, "评定为A类"),
])
def test_the_reasons_explain_the_figures(changes, sentence):
    assert sentence in shown(changes)["reasons"]


def test_every_part_every_cap_the_total_and_the_class_have_a_sentence():
    found = shown({"months_since_fatal": 5, "special_geology": True, "missing_bases": ["R"]})
    assert len(found["reasons"]) == 6 + 1 + len(found["caps"]) + 1
    assert all(sentence for sentence in found["reasons"])


# ------------------------------------------------------------------------------------------------ what-if: hostile facts

def refused(fields):
    with pytest.raises(BadDocument) as found:
        read_facts(fields)
    return [(fault.pointer, fault.code) for fault in found.value.faults]


@pytest.mark.parametrize("name, value, code", [
    ("months_since_fatal", -1, "out_of_range"),
    ("months_since_fatal", 3.0, "not_an_integer"),
    ("months_since_fatal", True, "not_an_integer"),
    ("months_since_fatal", "40", "not_an_integer"),
    ("months_since_fatal", float("nan"), "not_an_integer"),
    ("months_since_fatal", float("inf"), "not_an_integer"),
    pytest.param("months_since_fatal", 10**400, "out_of_range", id="months-of-400-digits"),
    ("months_operating", [], "not_an_integer"),
    ("serious_injury_accidents_12m", None, "not_an_integer"),
    ("serious_injury_accidents_12m", -1, "out_of_range"),
    ("other_accidents_12m", False, "not_an_integer"),
    ("standardization", None, "not_an_object"),
    ("standardization", [1], "not_an_object"),
    ("standardization.level", 0, "out_of_range"),
    ("standardization.level", 4, "out_of_range"),
    ("standardization.level", "1", "not_an_integer"),
    ("standardization.minimum", 1.0, "not_an_integer"),
    ("standardization.applicable", None, "not_a_boolean"),
    ("standardization.applicable", 1, "not_a_boolean"),
    ("standardization.expired_days", -1, "out_of_range"),
    ("risk_control.self_check_rate", float("nan"), "not_a_number"),
    ("risk_control.self_check_rate", float("inf"), "not_a_number"),
    ("risk_control.self_check_rate", "NaN", "not_a_number"),
    ("risk_control.self_check_rate", "98%", "not_a_number"),
    ("risk_control.self_check_rate", "９８", "not_a_number"),
    ("risk_control.self_check_rate", True, "not_a_number"),
    ("risk_control.self_check_rate", -0.1, "out_of_range"),
    ("risk_control.self_check_rate", 100.1, "out_of_range"),
    pytest.param("risk_control.self_check_rate", 10**5000, "out_of_range", id="rate-of-5000-digits"),
    ("risk_control.reviewed_12m", "true", "not_a_boolean"),
    ("hazards.due_12m", 20.0, "not_an_integer"),
    ("hazards.on_time_12m", 21, "more_than_due"),
    ("hazards.major_open", None, "not_an_integer"),
    ("penalties.heavy_12m", -1, "out_of_range"),
    ("emergency.insured", 0, "not_a_boolean"),
    ("stopped_by_order", None, "not_a_boolean"),
    ("special_geology", "no", "not_a_boolean"),
    ("on", "2026-02-30", "not_a_date"),
    ("on", "20261123", "not_a_date"),
    ("on", "2026-W47-1", "not_a_date"),
    ("on", "2026-11-23T00:00:00Z", "not_a_date"),
    ("on", None, "not_a_date"),
    ("on", "２０２６-11-23", "not_a_date"),
    ("sector", "", "not_text"),
    ("sector", "coal\0mine", "not_text"),
    ("sector", "c" * 41, "not_text"),
    ("sector", None, "not_text"),
    pytest.param("sector", "\ud800", "not_text", id="sector-broken-utf8"),
    ("missing_bases", "standardization", "not_a_list"),
    ("missing_bases", None, "not_a_list"),
    ("missing_bases", ["x"] * 201, "too_many"),
])
def test_an_invalid_fact_is_refused_with_its_pointer(name, value, code):
    assert refused(facts({name: value})) == [("/" + name.replace(".", "/"), code)]


@pytest.mark.parametrize("fields", [None, [], "x", 1, True, [GOOD]])
def test_facts_that_are_no_object_are_refused(fields):
    assert refused(fields) == [("", "not_an_object")]


def test_every_fact_is_required_and_unknown_ones_are_refused():
    found = refused({"hazards": {"due": 1}, "a/b~c": 1})
    assert {("/on", "required"), ("/hazards/due_12m", "required"), ("/hazards/due", "unknown_field"),
            ("/standardization", "required"), ("/a~1b~0c", "unknown_field")} <= set(found)


def test_all_faults_are_reported_at_once_up_to_a_hundred():
    assert len(refused(facts(on="never", months_operating=-1, missing_bases=["", "\0"]))) == 4
    assert len(refused(GOOD | {f"key{number}": 1 for number in range(10_000)})) == 100


def test_a_deeply_nested_value_is_refused_without_recursion():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert refused(facts(missing_bases=deep)) == [("/missing_bases/0", "not_text")]


@pytest.mark.parametrize("rate, kept", [(98, 98), (94.9, "94.9"), ("95.50", "95.50"), (Decimal("79.9"), "79.9"), (None, None)])
def test_facts_read_are_json_serializable_without_loss(rate, kept):
    read = read_facts(facts({"risk_control.self_check_rate": rate}))
    assert read["risk_control"]["self_check_rate"] == kept
    assert read_facts(json.loads(json.dumps(read))) == read


def test_reading_facts_does_not_change_the_input():
    sent = facts()
    read_facts(sent)["hazards"]["due_12m"] = 7
    assert sent == facts()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)
PLACES = [name if not isinstance(value, dict) else f"{name}.{inner}" for name, value in GOOD.items()
          for inner in (value if isinstance(value, dict) else [""])]


@given(st.dictionaries(st.sampled_from(PLACES + list(GOOD)), JSON_VALUES, max_size=4))
def test_any_input_gives_a_class_or_a_list_of_faults(changes):
    sent = deepcopy(GOOD)
    for name, value in changes.items():
        outer, _, inner = name.partition(".")
        if inner and isinstance(sent[outer], dict):
            sent[outer][inner] = value
        elif not inner:
            sent[outer] = value
    try:
        assert evaluate(read_facts(sent), SCHEME).class_ in CLASSES
    except BadDocument as bad:
        assert bad.faults


# ------------------------------------------------------------------------------------------------ properties

NATURAL = st.integers(0, 60)
HELD = st.one_of(st.none(), NATURAL)
SOUND = st.fixed_dictionaries({
    "months_since_fatal": HELD, "months_since_larger": HELD, "months_operating": HELD,
    "serious_injury_accidents_12m": st.integers(0, 3), "other_accidents_12m": st.integers(0, 3),
    "standardization.applicable": st.booleans(), "standardization.level": st.sampled_from([None, 1, 2, 3]),
    "standardization.minimum": st.sampled_from([None, 2, 3]), "standardization.expired_days": st.integers(0, 100),
    "risk_control.reviewed_12m": st.booleans(), "risk_control.self_check_rate": st.integers(0, 100),
    "penalties.ordinary_12m": st.integers(0, 3), "penalties.heavy_12m": st.integers(0, 2),
    "hazards.major_open": st.integers(0, 1), "hazards.major_overdue": st.integers(0, 1),
    "stopped_by_order": st.booleans(), "special_geology": st.booleans(), "stopped_months": st.integers(0, 8),
    "missing_bases": st.sampled_from([[], ["T"]]), "months_since_concealment": HELD,
})
COUNTS = st.integers(0, 40).flatmap(lambda due: st.tuples(st.just(due), st.integers(0, due)))


@given(SOUND, COUNTS)
def test_a_cap_never_improves_a_class_and_the_parts_add_up_to_the_score(changes, counts):
    found = judged({**changes, "hazards.due_12m": counts[0], "hazards.on_time_12m": counts[1]})
    assert ranked(found.class_) >= ranked(found.by_score)
    assert found.class_ == max([found.by_score, *(cap.at_best for cap in found.caps)], key=ranked)
    parts = found.parts
    assert parts["R"] == parts["R1"] + parts["R2"] + parts["R3"] + parts["R4"] <= 40
    assert 0 <= found.score <= 100 and found.score.as_tuple().exponent == -1
    if parts["T"] is not None:
        assert found.score == parts["S"] + parts["T"] + parts["R"]


@given(SOUND, COUNTS.filter(lambda counts: counts[1] < counts[0]))
def test_one_more_hazard_on_time_never_worsens_a_class(changes, counts):
    due, on_time = counts
    less = judged({**changes, "hazards.due_12m": due, "hazards.on_time_12m": on_time})
    more = judged({**changes, "hazards.due_12m": due, "hazards.on_time_12m": on_time + 1})
    assert ranked(more.class_) <= ranked(less.class_) and more.score >= less.score


@given(SOUND, st.sampled_from(["penalties.heavy_12m", "penalties.ordinary_12m", "serious_injury_accidents_12m",
                               "other_accidents_12m", "hazards.major_overdue", "hazards.major_open", "stopped_months"]))
def test_one_more_penalty_accident_or_major_hazard_never_improves_a_class(changes, name):
    worse = judged({**changes, name: changes[name] + 1})
    assert ranked(worse.class_) >= ranked(judged(changes).class_)


@given(SOUND, st.sampled_from(["months_since_fatal", "months_since_larger", "months_since_concealment"]), NATURAL)
def test_more_months_since_an_accident_never_worsen_a_class(changes, name, months):
    before, after = judged({**changes, name: months}), judged({**changes, name: months + 1})
    assert ranked(after.class_) <= ranked(before.class_)


@given(COUNTS.filter(lambda counts: counts[0]))
def test_points_are_the_exact_fraction_rounded_half_up_to_one_decimal(counts):
    due, on_time = counts
    shown_ = Fraction(judged({"hazards.due_12m": due, "hazards.on_time_12m": on_time}).parts["R2"])
    exact = Fraction(15 * on_time, due)
    assert shown_ == Fraction(int(exact * 10 + Fraction(1, 2)), 10)


# ------------------------------------------------------------------------------------------------ the scheme as data

def changed(path, value):
    body = deepcopy(DOCUMENT["body"])
    *steps, last = path
    place = body
    for step in steps:
        place = place[step]
    place[last] = value
    return body


@pytest.mark.parametrize("path, value, pointer", [
    (("bands", 0, "class"), "E", "/bands/0/class"),
    (("bands", 0, "score_from"), 70, "/bands"),                      # no longer falling
    (("bands",), DOCUMENT["body"]["bands"][:3], "/bands"),           # D is missing
    (("safe_period", "points", 4, "months_from"), 1, "/safe_period/points"),
    (("caps", 0, "at_best"), "F", "/caps/0/at_best"),
    (("caps", 0, "when", 0, "fact"), "months_since_dinner", "/caps/0/when/0/fact"),
    (("caps", 0, "when", 0, "is"), True, "/caps/0/when/0"),          # from and is at once
    (("change", "review_days", 0), "13-45", "/change/review_days/0"),
    (("change", "review_days", 0), "02-29", "/change/review_days/0"),
    (("change", "months_in_class_before_upgrade", "D"), -1, "/change/months_in_class_before_upgrade/D"),
    (("rounding",), "down", "/rounding"),
    (("standardization", "level_points", "2"), 24.5, None),
    (("standardization", "level_points", "2"), "24.5", None),
    (("colour",), "red", "/colour"),
    (("risk_control", "R4", "items", 0), "tea_served", "/risk_control/R4/items/0"),
])
def test_an_invalid_scheme_is_refused_with_its_pointer(path, value, pointer):
    body = changed(path, value)
    if pointer is None:
        assert read_scheme(body, "T-1").version == "T-1"
        return
    with pytest.raises(BadDocument) as found:
        read_scheme(body, "T-1")
    assert {fault.pointer for fault in found.value.faults} == {pointer}


def test_a_scheme_with_other_bands_gives_another_class():
    milder = read_scheme(changed(("bands", 0, "score_from"), 89), "T-1")
    assert evaluate(read_facts(facts(WORKED[1][1])), milder).class_ == "A"
    assert evaluate(read_facts(facts(WORKED[1][1])), milder).scheme == "T-1"


# ------------------------------------------------------------------------------------------------ computed → effective

def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("present, since, computed, on, accepted, class_, step", [
    # down at once, on any day, however far
    ("A", "2025-01-01", "D", "2026-03-03", None, "D", "down"),
    ("A", "2026-03-01", "B", "2026-03-02", None, "B", "down"),
    ("C", "2025-01-01", "D", "2026-04-01", None, "D", "down"),
    # up one step at a review
    ("C", "2025-01-01", "A", "2026-04-01", None, "B", "up"),
    ("B", "2025-01-01", "A", "2026-04-01", None, "A", "up"),
    ("C", "2025-01-01", "B", "2026-04-01", None, "B", "up"),
    ("C", "2025-01-01", "A", "2026-04-02", None, "C", "kept"),         # no review day
    ("C", "2025-01-01", "A", "2026-03-31", None, "C", "kept"),
    ("C", "2025-10-01", "A", "2026-04-01", None, "B", "up"),           # six months to the day
    ("C", "2025-10-02", "A", "2026-04-01", None, "C", "kept"),
    ("B", "2026-01-02", "A", "2026-07-01", None, "B", "kept"),
    ("B", "2026-01-01", "A", "2026-07-01", None, "A", "up"),
    # out of D: three months and an acceptance, never further than C
    ("D", "2026-03-03", "A", "2026-07-01", "2026-06-20", "C", "up"),
    ("D", "2026-03-03", "A", "2026-07-01", None, "D", "kept"),
    ("D", "2024-03-03", "A", "2026-07-01", None, "D", "kept"),         # however long
    ("D", "2026-03-03", "A", "2026-04-01", "2026-03-30", "D", "kept"), # 29 days
    ("D", "2026-01-01", "A", "2026-04-01", "2026-03-30", "C", "up"),
    ("D", "2026-01-02", "A", "2026-04-01", "2026-03-30", "D", "kept"),
    ("D", "2026-03-03", "A", "2026-07-01", "2026-03-02", "D", "kept"), # an acceptance before this stay in D
    ("D", "2026-03-03", "A", "2026-07-01", "2026-03-03", "C", "up"),
    ("D", "2026-03-03", "A", "2026-07-01", "2026-07-01", "C", "up"),                   # on the day of the review
    ("D", "2026-03-03", "A", "2026-07-01", "2026-07-02", "D", "kept"), # not yet accepted
    ("D", "2026-03-03", "C", "2026-07-01", "2026-06-20", "C", "up"),
    # nothing to do
    ("B", "2025-01-01", "B", "2026-04-01", None, "B", "kept"),
    ("D", "2025-01-01", "D", "2026-04-01", "2026-03-01", "D", "kept"),
])
def test_the_effective_class_falls_at_once_and_rises_only_at_reviews(present, since, computed, on, accepted, class_, step):
    decision = effective_class(ClassHeld(present, day(since)), computed, day(on), SCHEME,
                               accepted_on=accepted and day(accepted))
    assert (decision.held.class_, decision.step) == (class_, step)
    assert decision.held.since == (day(since) if step == "kept" else day(on))
    assert decision.reason


def test_the_first_class_is_the_computed_one():
    assert effective_class(None, "C", day("2026-05-06"), SCHEME).held == ClassHeld("C", day("2026-05-06"))


@pytest.mark.parametrize("class_, since, first", [
    ("D", "2026-03-03", "2026-07-01"),       # 3 June, so the review of July
    ("D", "2026-01-01", "2026-04-01"),
    ("D", "2026-01-02", "2026-07-01"),
    ("C", "2026-01-01", "2026-07-01"),
    ("C", "2026-01-02", "2026-10-01"),
    ("B", "2026-07-15", "2027-04-01"),
    ("D", "2026-09-30", "2027-01-01"),
    ("A", "2026-01-01", None),
])
def test_the_next_upgrade_day_is_the_first_review_after_the_waiting_months(class_, since, first):
    assert next_upgrade_day(ClassHeld(class_, day(since)), SCHEME) == (first and day(first))


def test_a_mine_downgraded_to_d_on_3_march_is_class_a_again_after_16_months():
    quarters = [date(year, month, 1) for year in (2026, 2027) for month in (1, 4, 7, 10)]
    computed = [(on, "A") for on in quarters] + [(day("2026-03-03"), "D"), (day("2026-03-10"), "A")]
    decisions = replay(computed, SCHEME, acceptances=[day("2026-06-20")])
    assert replay(computed, SCHEME, acceptances=[day("2026-07-01")]) == decisions  # an acceptance counts on its own day
    moves = [(on.isoformat(), found.held.class_) for on, found in decisions if found.step != "kept"]
    assert moves == [("2026-01-01", "A"), ("2026-03-03", "D"), ("2026-07-01", "C"), ("2027-01-01", "B"), ("2027-07-01", "A")]
    assert replay(computed[::-1], SCHEME, [day("2026-06-20")]) == decisions


def test_a_class_waiting_for_an_upgrade_states_the_reason():
    present = ClassHeld("D", day("2026-03-03"))
    waits = [effective_class(present, "A", day(on), SCHEME).reason for on in ("2026-03-20", "2026-04-01", "2026-07-01")]
    assert waits == ["计算为A类，执行类别保持D类：只在定期评审日升级", "计算为A类，执行类别保持D类：在D类满0个月，须满3个月",
                     "计算为A类，执行类别保持D类：没有现场验收记录"]


def test_a_manual_class_holds_from_its_first_to_its_last_day():
    present, manual = ClassHeld("A", day("2026-01-01")), Manual("C", day("2026-02-01"), day("2026-02-28"))
    held = [in_force(present, manual, day(on)) for on in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")]
    assert held == ["A", "C", "C", "A"]
    assert in_force(present, None, day("2026-02-01")) == "A"


def test_a_decision_on_a_class_can_be_written_as_a_document():
    assert document(effective_class(None, "C", day("2026-05-06"), SCHEME)) == {
        "class": "C", "since": "2026-05-06", "step": "first", "reason": "首次评定为C类"}


@pytest.mark.parametrize("since, until, months", [
    ("2026-01-15", "2026-02-14", 0), ("2026-01-15", "2026-02-15", 1), ("2026-01-31", "2026-02-28", 1),
    ("2026-01-31", "2026-02-27", 0), ("2025-11-30", "2026-02-28", 3), ("2024-02-29", "2025-02-28", 12),
    ("2024-02-29", "2025-02-27", 11), ("2026-01-01", "2026-01-01", 0), ("2023-07-24", "2026-11-23", 39),
])
def test_whole_months_between_two_days_are_counted_by_day_of_month(since, until, months):
    assert whole_months(day(since), day(until)) == months


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_whole_months_equal_those_of_dateutil(one, other):
    relativedelta = pytest.importorskip("dateutil.relativedelta").relativedelta
    since, until = sorted((one, other))
    between = relativedelta(until, since)
    assert whole_months(since, until) == between.years * 12 + between.months
    assert add_months(since, 7) == since + relativedelta(months=7)


def test_counting_months_backwards_is_refused():
    with pytest.raises(ValueError):
        whole_months(day("2026-02-01"), day("2026-01-01"))


STEPS = st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from(CLASSES)), max_size=12,
                 unique_by=lambda step: step[0])


@given(STEPS, st.lists(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=3))
def test_no_class_exceeds_the_computed_one_or_rises_off_a_review_day(computed, acceptances):
    before = None
    for (on, decision), (_, class_) in zip(replay(computed, SCHEME, acceptances), sorted(computed), strict=True):
        now = decision.held
        assert ranked(now.class_) >= ranked(class_)
        if before and ranked(now.class_) < ranked(before.class_):
            assert is_review_day(on, SCHEME) and ranked(before.class_) - ranked(now.class_) == 1
            assert whole_months(before.since, on) >= (3 if before.class_ == "D" else 6)
        before = now
