"""What a leader reads aloud: how the year may still end. And every line of the policy by its code."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from accidents.rules import Casualties
from tests.cast.read_law import GRADES, POLICY
from zero_accident import rules
from zero_accident.rules.attribution import AttributedAccident
from zero_accident.rules.forecasting import Outlook, forecast
from zero_accident.rules.policy import CategoryLine, Policy
from zero_accident.rules.ratios import ratio

D = Decimal
STAY = "破零当年不能自行恢复，只有核销或认定变更才能恢复。"


def share_with_target(broken: int, total: int, target: str | None = "85", subject: str = "village", short: int = 0, **more) -> Outlook:
    found = ratio(total - broken - short, total, None if target is None else D(target))
    return Outlook(subject, found, broken, short=short, **more)


@pytest.mark.parametrize(
    "seen, said",
    [
        # some may still break
        (share_with_target(54, 380), "还可再有3个村破零；再破第4个，全年就达不到85.00%的目标。"),
        (share_with_target(0, 380), "还可再有57个村破零；再破第58个，全年就达不到85.00%的目标。"),
        (share_with_target(98, 1000, "90", "unit"), "还可再有2家单位破零；再破第3家，全年就达不到90.00%的目标。"),
        (share_with_target(4, 40, "87.50"), "还可再有1个村破零；再破第2个，全年就达不到87.50%的目标。"),
        # none left: exactly at the target, or not quite another one
        (share_with_target(57, 380), "恰好达到85.00%的目标：再有1个村破零，全年就达不到85.00%的目标。"),
        (share_with_target(37, 253), "已没有余地：再有1个村破零，全年就达不到85.00%的目标。"),
        (share_with_target(100, 1000, "90", "unit"), "恰好达到90.00%的目标：再有1家单位破零，全年就达不到90.00%的目标。"),
        (share_with_target(0, 253, "100"), "恰好达到100.00%的目标：再有1个村破零，全年就达不到100.00%的目标。"),
        # missed
        (share_with_target(59, 380), f"达不到85.00%的目标，已多破2个村：{STAY}"),
        (share_with_target(1, 1, "90", "unit"), f"达不到90.00%的目标，已多破1家单位：{STAY}"),
        (share_with_target(380, 380), f"达不到85.00%的目标，已多破323个村：{STAY}"),
        # some are undetermined
        (share_with_target(54, 380, provisional=2), "还可再有3个村破零；再破第4个，全年就达不到85.00%的目标。已破零的54个村中，2个性质待定，核销后可恢复。"),
        (share_with_target(59, 380, provisional=2), f"达不到85.00%的目标，已多破2个村：{STAY}已破零的59个村中，2个性质待定，核销后可恢复，恢复2个即可达标。"),
        (share_with_target(59, 380, provisional=1), f"达不到85.00%的目标，已多破2个村：{STAY}已破零的59个村中，1个性质待定，核销后可恢复。"),
        (
            share_with_target(58, 380, provisional=1),
            f"达不到85.00%的目标，已多破1个村：{STAY}已破零的58个村中，1个性质待定，核销后可恢复，恢复1个即可达标。",
        ),
        (
            share_with_target(57, 380, provisional=1),
            "恰好达到85.00%的目标：再有1个村破零，全年就达不到85.00%的目标。已破零的57个村中，1个性质待定，核销后可恢复。",
        ),
        # some are short of the standards
        (share_with_target(15, 100, short=3), "达不到85.00%的目标，还差3个村；有3个村未破零而未达创建标准，通过其中3个即可达标。"),
        (
            share_with_target(16, 100, short=3),
            f"达不到85.00%的目标，还差4个村；即使3个村未达创建标准的全部通过，仍差1个村：{STAY}",
        ),
        (share_with_target(10, 100, short=10), "达不到85.00%的目标，还差5个村；有10个村未破零而未达创建标准，通过其中5个即可达标。"),
        (share_with_target(18, 100, short=2), f"达不到85.00%的目标，还差5个村；即使2个村未达创建标准的全部通过，仍差3个村：{STAY}"),
        (share_with_target(10, 100, short=2), "还可再有3个村破零；再破第4个，全年就达不到85.00%的目标。"),
        # the year is over
        (share_with_target(54, 380, over=True), "全年已结束，达到85.00%的目标，还余3个村。"),
        (share_with_target(57, 380, over=True), "全年已结束，达到85.00%的目标，没有余地。"),
        (share_with_target(58, 380, over=True), f"全年已结束，达不到85.00%的目标，已多破1个村：{STAY}"),
        # nothing to say
        (share_with_target(0, 0), "没有计入的村，不计算零事故率。"),
        (share_with_target(0, 0, subject="unit"), "没有计入的单位，不计算零事故率。"),
        (share_with_target(2, 10, None), "没有目标值，现为8/10。"),
        (share_with_target(2, 10, "0"), "即使全部破零，也不低于0.00%的目标。"),
        (share_with_target(10, 10, "0"), "即使全部破零，也不低于0.00%的目标。"),
    ],
)
def test_a_forecast_says_how_many_more_may_break_this_year(seen, said):
    assert forecast(seen) == said


@pytest.mark.parametrize("total", [1, 7, 20, 253, 380])
@pytest.mark.parametrize("target", ["85", "90", "87.5", "99.99"])
def test_the_forecast_number_is_the_most_that_may_break_and_still_meet_the_target(total, target):
    for broken in range(total + 1):
        left = rules.spare(ratio(total - broken, total, D(target)))
        said = forecast(share_with_target(broken, total, target))
        if left > 0 and left < total - broken:
            assert f"还可再有{left}个村破零" in said
            assert ratio(total - broken - left, total, D(target)).met is True
            assert ratio(total - broken - left - 1, total, D(target)).met is False
        elif left < 0:
            assert f"已多破{-left}个村" in said
            assert ratio(total - broken - left, total, D(target)).met is True
            assert ratio(total - broken - left - 1, total, D(target)).met is False


# --- the lines of the policy -------------------------------------------------------------------------------------------------
def lines(policy: Policy = POLICY) -> dict[str, rules.Parameter]:
    return {each.code: each for each in rules.parameters_of(policy)}


def test_every_parameter_of_a_policy_has_a_line_with_its_name_value_and_source():
    codes = lines().keys()
    for field in fields(Policy):
        if field.name not in ("version", "categories", "unnamed", "amended"):
            assert any(code.rpartition(".")[2] in (field.name, field.name.removeprefix("rank_")) for code in codes), field.name
    assert all(f"min_deaths.{each.code}" in codes for each in (*POLICY.categories, POLICY.unnamed))
    assert all(each.name and each.said and each.source for each in lines().values())
    assert len(lines()) == len(rules.parameters_of(POLICY))


@pytest.mark.parametrize(
    "code, value, said, asked",
    [
        ("min_deaths.Z1", 1, "1人及以上即破零", None),
        ("min_deaths.Z4", 1, "1人及以上即破零", "OPEN-4"),
        ("unit_types", ["enterprise", "public_institution"], "企业、事业单位", "OPEN-5"),
        ("ranking.rank_zone", False, "否", "OPEN-6"),
        ("trunk_roads", "counted", "计入途经村", "OPEN-14"),
        ("ranking.veto_grade_from", "larger", "较大事故及以上", None),
        ("min_days_active", 0, "0天", None),
        ("written_off", None, "不计入", None),
    ],
)
def test_a_policy_line_is_found_by_its_code(code, value, said, asked):
    line = lines()[code]
    assert (line.value, line.said, line.open_question) == (value, said, asked)


def test_a_policy_line_states_the_threshold_set_in_the_policy():
    other = replace(
        POLICY,
        categories=(CategoryLine("Z4", "火灾事故", min_deaths=0, min_serious_injuries=1, min_loss_yuan=D("500000.00")),),
    )
    found = {code: each.said for code, each in lines(other).items() if code.startswith("min_")}
    assert found["min_deaths.Z4"] == "此类事故发生即破零"
    assert found["min_serious_injuries.Z4"] == "1人及以上即破零"
    assert found["min_loss_yuan.Z4"] == "500000.00元及以上即破零"


@pytest.mark.parametrize("category", [None, "Z1", "Z8", "Z99"])
@pytest.mark.parametrize("status", ["provisional", "written_off"])
@pytest.mark.parametrize("deaths", [0, 1])
def test_every_verdict_on_an_accident_names_an_existing_policy_line(category, status, deaths):
    accident = AttributedAccident("1", date(2025, 3, 5), category, "production", status, grades=GRADES,
                                   casualties=Casualties(deaths))  # fmt: skip
    assert rules.judge(POLICY, accident).line in lines()
