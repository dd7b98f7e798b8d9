"""The sentences by which a unit is told how its class came about, and by which a scheme is refused."""

import pytest

from supervision.rules import BadDocument, Fault, evaluate, read_facts, read_scheme
from tests.supervision.test_rules import DOCUMENT, changed, facts, shown


def reason(changes, begins):
    [found] = [each for each in shown(changes)["reasons"] if each.startswith(begins)]
    return found


def test_how_long_a_unit_has_run_is_said_or_that_nobody_knows():
    ran = {"months_since_fatal": None}
    assert "已运营48个月，" in reason({**ran, "months_operating": 48}, "安全生产周期")
    assert "运营时间不详，" in reason({**ran, "months_operating": None}, "安全生产周期")


DUAL = [  # reviewed, measures in place, rate of self-checks, what is said of each
    (True, True, 98, ["近12个月已评审风险辨识", "红色橙色风险的措施和责任人齐全", "自查任务完成率98%"]),
    (False, False, None, ["近12个月未评审风险辨识", "红色橙色风险的措施和责任人不齐全", "自查任务完成率不详"]),
    (None, None, 0, ["近12个月未评审风险辨识", "红色橙色风险的措施和责任人不齐全", "自查任务完成率0%"]),
]


@pytest.mark.parametrize("reviewed, controlled, rate, said", DUAL)
def test_what_is_done_for_dual_prevention_is_said(reviewed, controlled, rate, said):
    facts = {"reviewed_12m": reviewed, "red_orange_controlled": controlled, "self_check_rate": rate}
    found = reason({"risk_control": facts}, "双重预防")
    assert [each.partition("计")[0] for each in found.removeprefix("双重预防：").split("，")[:3]] == said


SAID = [  # facts, where the sentence begins, what it says
    (
        {"hazards.due_12m": 0, "hazards.on_time_12m": 0, "hazards.inspected_12m": True},
        "近12个月没有到期隐患",
        "，接受过监管部门检查，",
    ),
    (
        {"hazards.due_12m": 0, "hazards.on_time_12m": 0, "hazards.inspected_12m": False},
        "近12个月没有到期隐患",
        "，未接受过监管部门检查，",
    ),
    ({"penalties.ordinary_12m": 0, "penalties.heavy_12m": 0}, "近12个月没有处罚", "没有处罚，得"),
    ({"penalties.ordinary_12m": 1, "penalties.heavy_12m": 0}, "近12个月一般处罚", "一般处罚1次扣"),
    (
        {"emergency.plan_filed": False, "emergency.drill_on_time": False},
        "应急与人员",
        "，未达到：应急预案备案、按期演练，",
    ),
    ({"emergency.insured": None}, "应急与人员", "，各项达到、不适用或不详，"),
    ({"months_since_fatal": 0}, "总分", "总分0＋30＋40＝70.0分，"),
    ({"dishonesty_listed": True, "stopped_by_order": True}, "按", "按K08、K09封顶，评定为D类"),
]


@pytest.mark.parametrize("changes, begins, said", SAID)
def test_what_made_the_points_is_said(changes, begins, said):
    assert said in reason(changes, begins)


def test_of_the_best_class_no_better_one_is_named():
    assert reason({}, "总分").endswith("分，按分数为A类")


def test_two_hundred_rows_are_not_too_many():
    assert read_facts(facts({"missing_bases": ["x"] * 200}))


def test_a_cap_without_a_figure_is_said_without_one():
    [cap] = [each for each in DOCUMENT["body"]["caps"] if each["id"] == "K09"]
    answer = shown({"dishonesty_listed": True})
    assert answer["caps"] == [{"id": "K09", "class": "D", "reason": cap["reason"]}]
    assert f"K09：{cap['reason']}，最高为D类" in answer["reasons"]


def test_the_figures_of_a_cap_are_told_one_after_another():
    when = [{"fact": "months_since_fatal", "from": 0, "below": 12}, {"fact": "stopped_months", "from": 6}]
    scheme = read_scheme(changed(("caps",), [{"id": "K99", "at_best": "C", "reason": "两样", "when": when}]), "T-1")
    found = evaluate(read_facts(facts({"months_since_fatal": 5, "stopped_months": 7})), scheme)
    assert "K99：两样（距今5个月，已停产7个月），最高为C类" in found.reasons


def test_of_a_scheme_too_the_first_hundred_faults_are_told():
    with pytest.raises(BadDocument) as found:
        read_scheme(changed(("caps",), ["no cap"] * 150), "T-1")
    assert len(found.value.faults) == 100


def test_every_fault_is_told_with_its_place():
    assert str(BadDocument([Fault("", "not_an_object"), Fault("/on", "required")])) == "/ 应为对象；/on 缺少此项"


BANDS = DOCUMENT["body"]["bands"]
LADDERS = [
    (("bands", 0, "score_from"), BANDS[1]["score_from"], "/bands"),  # two the same
    (("risk_control", "R1", "self_check_rate", 0, "rate_from"), 0, "/risk_control/R1/self_check_rate"),
]


@pytest.mark.parametrize("path, value, pointer", LADDERS)
def test_a_ladder_that_does_not_fall_is_refused_at_its_place(path, value, pointer):
    with pytest.raises(BadDocument) as found:
        read_scheme(changed(path, value), "T-1")
    assert {fault.pointer for fault in found.value.faults} == {pointer}
