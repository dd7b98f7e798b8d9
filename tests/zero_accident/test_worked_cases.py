"""The worked cases of DOMAIN §2.1, §2.2, §7.3 and §7.4 as one table that a safety officer can review: number, facts, expected.

Grades, windows and ZA cases go from a report through the database to what is kept; the ranking cases are told as townships'
figures. 「以上」 includes the number, 「以下」 excludes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accidents.models import Accident
from accidents.reports import deciding, reporting
from accidents.rules import grade_of
from enterprises import actions as enterprises
from enterprises.models import Enterprise
from geo.models import Region
from reference import law
from safety_api.trail import SYSTEM
from tests.cast import read_law
from tests.cast.accidents import OTHER_TOWN, PAPER, TOWN, YEAR, V, W, at, bureau, key, occurring, report_accident
from tests.cast.figures import broken_keys, categories, set_policy, township_figures  # fmt: skip
from tests.cast.region_changes import relist
from tests.cast.units import mine
from zero_accident.figures import query, ranking, ratios, rebuilding
from zero_accident.models import FigureRevision
from zero_accident.rules.ranking import RankRow, rank
from zero_accident.rules.ratios import Ratio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law_cache_cleared():
    yield
    law.forget()


# --- §2.1 等级 -----------------------------------------------------------------------------------------------------------
GRADES = {  # number: (死亡, 重伤（含急性工业中毒）, 直接经济损失（元）, 等级)
    "G01": (0, 0, "0.00", "一般事故"),
    "G02": (2, 0, "0.00", "一般事故"),
    "G03": (3, 0, "0.00", "较大事故"),  # 3人以上，含3人
    "G04": (9, 0, "0.00", "较大事故"),
    "G05": (10, 0, "0.00", "重大事故"),
    "G06": (29, 0, "0.00", "重大事故"),
    "G07": (30, 0, "0.00", "特别重大事故"),
    "G08": (0, 9, "0.00", "一般事故"),
    "G09": (0, 10, "0.00", "较大事故"),
    "G10": (0, 49, "0.00", "较大事故"),
    "G11": (0, 50, "0.00", "重大事故"),
    "G12": (0, 99, "0.00", "重大事故"),
    "G13": (0, 100, "0.00", "特别重大事故"),
    "G14": (0, 0, "9999999.99", "一般事故"),
    "G15": (0, 0, "10000000.00", "较大事故"),
    "G16": (0, 0, "49999999.99", "较大事故"),
    "G17": (0, 0, "50000000.00", "重大事故"),
    "G18": (0, 0, "99999999.99", "重大事故"),
    "G19": (0, 0, "100000000.00", "特别重大事故"),
    "G20": (2, 9, "9999999.99", "一般事故"),  # 三项都差一点：不相加
    "G21": (2, 10, "0.00", "较大事故"),  # 任一项达到即可
    "G22": (3, 50, "0.00", "重大事故"),  # 取最高的一项
    "G23": (10, 0, "100000000.00", "特别重大事故"),
    "G24": (300, 0, "0.00", "特别重大事故"),
}


@pytest.mark.parametrize("number", GRADES)
def test_worked_cases_of_accident_grades(number):
    deaths, injured, loss, grade = GRADES[number]
    found = report_accident(deaths=deaths, serious_injuries=injured, direct_loss_yuan=loss)
    assert found.get_grade_display() == grade
    assert (
        grade_of(deaths=deaths, serious_injuries=injured, loss_yuan=Decimal(loss), grades=read_law.GRADES)
        == found.grade
    )


def test_g25_acute_poisoning_is_a_serious_injury():
    """G25 重伤4人、急性工业中毒6人 → 较大事故；轻伤再多也不定级。"""
    assert report_accident(deaths=0, serious_injuries=4, acute_poisonings=6, light_injuries=200).grade == "larger"
    assert report_accident(2, deaths=0, serious_injuries=4, acute_poisonings=5, light_injuries=200).grade == "general"


def test_g26_missing_persons_are_kept_apart_from_deaths():
    """G26 死亡2人、下落不明5人 → 一般事故，下落不明另列。"""
    found = report_accident(deaths=2, missing=5)
    assert (found.grade, found.deaths, found.missing) == ("general", 2, 5)


# --- §2.2 期限 -----------------------------------------------------------------------------------------------------------
WINDOWS = {  # number: (类别, 行业领域, 事故后第几天又死一人, 计入死亡, 期限外死亡)；次日起算
    "W01": ("Z1", "coal_mine", 30, 2, 0),
    "W02": ("Z1", "coal_mine", 31, 1, 1),
    "W03": ("Z1", "road_transport", 7, 2, 0),
    "W04": ("Z1", "road_transport", 8, 1, 1),
    "W05": ("Z2", None, 7, 2, 0),
    "W06": ("Z2", None, 8, 1, 1),
    "W07": ("Z4", "fire_safety", 7, 2, 0),
    "W08": ("Z4", "fire_safety", 8, 1, 1),
    "W09": ("Z6", "urban_construction", 30, 2, 0),
    "W10": ("Z6", "urban_construction", 31, 1, 1),
}


@pytest.mark.parametrize("number", WINDOWS)
def test_worked_cases_of_windows_for_later_deaths(number):
    category, sector, days, deaths, late = WINDOWS[number]
    report_accident(category=category, sector=sector)
    reporting.add_report(key(1), by=bureau(), kind="supplement", held_at=at(3, 5, 23) + timedelta(days=days), deaths=2)
    found = Accident.objects.get()
    assert (found.deaths, found.late_deaths) == (deaths, late)


# --- §7.4 零事故 ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Case:
    facts: str
    happens: Callable[[], Iterable[str]]  # what is seen after each step
    expected: tuple[str, ...]


def ratio_sentence(what: str, region: str = "141123") -> str:
    found = ratios.ratios(query.figure_query(YEAR, None), region)[what]
    met = {True: "达标", False: "未达标", None: "不评"}[found["met"]]
    return f"{found['zero']}/{found['total']} {found['ratio'] or '无'}{'%' if found['ratio'] else ''} {met}"


def county_of_380_villages() -> list[str]:
    """127 of them only for the test; the virtual one is not counted."""
    new = tuple(f"1411232030{n:02}" for n in range(1, 100)) + tuple(f"1411232031{n:02}" for n in range(28))
    relist(date(YEAR - 1, 1, 1), new=new, heirs=[])
    return list(Region.objects.today().villages(virtual=False).order_by("code").values_list("code", flat=True))


def thousand_units() -> list[Enterprise]:
    made = [
        Enterprise(
            name=f"第{n}家有限公司", unit_type="enterprise", sector_id="metallurgy_trade", region_code=V,
            no_credit_code_reason="办理中", opened_on=date(YEAR - 1, 1, 1),
        )
        for n in range(1000)
    ]  # fmt: skip
    enterprises.enrol(made, by=SYSTEM, announce=False)
    return list(Enterprise.objects.order_by("name"))


def units_broken(units: list[Enterprise], first: int) -> None:
    """Fifty at a time, which an accident may name."""
    for number, start in enumerate(range(0, len(units), 50), start=first):
        report_accident(number, units=[part for each in units[start : start + 50] for part in occurring(each)])


def za1_and_2() -> Iterable[str]:
    for number, village in enumerate(county_of_380_villages()[:58], start=1):
        report_accident(number, region=village)
        if number >= 57:
            yield ratio_sentence("villages")


def za4() -> Iterable[str]:
    one = thousand_units()[0]
    report_accident(1, units=occurring(one))
    report_accident(2, units=occurring(one), occurred_at=at(4, 1))
    yield ratio_sentence("units")
    yield f"死亡{township_figures().deaths} 起数{township_figures().accidents}"


def za5() -> Iterable[str]:
    units = thousand_units()
    units_broken(units[:100], 1)
    yield ratio_sentence("units")
    units_broken(units[100:101], 10)
    yield ratio_sentence("units")


def za7() -> Iterable[str]:
    mine()
    accident = report_accident(category="Z2", nature="non_production", sector="road_transport")
    yield f"破零：{'本村' if broken_keys() == {V} else broken_keys()}"
    yield f"单位 {ratio_sentence('units')}"
    yield f"生产安全事故统计：{'计入' if accident.in_statistics else '不计'}"


def za10() -> Iterable[str]:
    own = mine()
    deciding.decide(report_accident(units=occurring(own)).pk, by=bureau(), stat_status="counted")
    yield f"村 {ratio_sentence('villages')}；单位 {ratio_sentence('units')}"
    first = FigureRevision.objects.filter(year=YEAR).latest("number")
    deciding.write_off(key(1), by=bureau(), **PAPER)
    yield f"村 {ratio_sentence('villages')}；单位 {ratio_sentence('units')}"
    second = FigureRevision.objects.filter(year=YEAR).latest("number")
    kept = FigureRevision.objects.get(pk=first.pk)
    yield f"修订加{second.number - first.number}，原因“{second.reason}”"
    yield f"旧修订仍可读：破零{len(kept.changes['broken'])}个，本次恢复{len(second.changes['restored'])}个"


def za11() -> Iterable[str]:
    own = mine(registered_region_code=OTHER_TOWN[:9])
    report_accident(units=occurring(own))
    yield f"破零：{'村和单位' if broken_keys() == {V, str(own.pk)} else broken_keys()}"
    for name, town in (("乙", TOWN), ("甲", OTHER_TOWN)):
        row = township_figures(town)
        yield f"{name}：单位{row.units_broken}/{row.units_total} 破零村{row.villages_broken} 死亡{row.deaths}"


def za13() -> Iterable[str]:
    report_accident()
    yield ratio_sentence("units")


def za15() -> Iterable[str]:
    report_accident(category="Z4", deaths=0)
    yield f"破零{len(broken_keys())}"
    set_policy(categories=categories(Z4=0))
    rebuilding.rebuild(YEAR)
    yield f"破零{len(broken_keys())}"


ZA = {
    "ZA1、ZA2": Case("380个村，57个破零；再破1个", za1_and_2, ("323/380 85.00% 达标", "322/380 84.73% 未达标")),
    "ZA4": Case("1000家单位，一家发生两起死亡事故", za4, ("999/1000 99.90% 达标", "死亡2 起数2")),
    "ZA5": Case("1000家单位，100家破零，再破1家", za5, ("900/1000 90.00% 达标", "899/1000 89.90% 未达标")),
    "ZA7": Case(
        "私家车在村内事故，死1人，不涉及单位", za7,
        ("破零：本村", "单位 1/1 100.00% 达标", "生产安全事故统计：不计")),
    "ZA10": Case(
        "先计入，后认定为刑事案件，批准核销", za10,
        ("村 252/253 99.60% 达标；单位 0/1 0.00% 未达标", "村 253/253 100.00% 达标；单位 1/1 100.00% 达标",
         "修订加1，原因“核销：经公安机关认定为刑事案件”", "旧修订仍可读：破零2个，本次恢复2个")),
    "ZA11": Case(
        "单位登记在甲乡镇，矿井在乙乡镇的村里，井下死1人", za11,
        ("破零：村和单位", "乙：单位1/1 破零村1 死亡1", "甲：单位0/0 破零村0 死亡0")),
    "ZA13": Case("没有一家在统计范围内的单位", za13, ("0/0 无 不评",)),
    "ZA15": Case("村内火灾无人死亡，政策由1人改为0人", za15, ("破零0", "破零1")),
}  # fmt: skip


@pytest.mark.parametrize("number", ZA)
def test_worked_cases_of_zero_accident(number):
    case = ZA[number]
    assert tuple(case.happens()) == case.expected
    assert rebuilding.rebuild(YEAR, check=True).lines == []


# --- §7.3 排名 -----------------------------------------------------------------------------------------------------------
def town(name: str, village: tuple[int, int] = (10, 10), unit_: tuple[int, int] = (10, 10), **more: Any) -> RankRow:
    return RankRow(name, Ratio(*village), Ratio(*unit_), **more)


@dataclass(frozen=True)
class Ranking:
    facts: str
    towns: tuple[RankRow, ...]
    expected: str


RANKINGS = {
    "R01": Ranking("全部相同：并列第一", (town("甲"), town("乙"), town("丙")), "甲1 乙1 丙1"),
    "R02": Ranking("一、二、二、四", (town("甲"), town("乙", (9, 10)), town("丙", (9, 10)), town("丁", (8, 10))), "甲1 乙2 丙2 丁4"),
    "R03": Ranking("村率高者在前", (town("甲", (1, 3)), town("乙", (33, 100))), "甲1 乙2"),
    "R04": Ranking("显示同为33.33，按分数比较", (town("甲", (3333, 10000)), town("乙", (1, 3))), "乙1 甲2"),
    "R05": Ranking("三分之一与六分之二相等", (town("甲", (1, 3)), town("乙", (2, 6))), "甲1 乙1"),
    "R06": Ranking("村率相同，单位率高者在前", (town("甲", unit_=(99, 100)), town("乙", unit_=(100, 100))), "乙1 甲2"),
    "R07": Ranking("再比死亡，少者在前", (town("甲", deaths=2, accidents=1), town("乙", deaths=1, accidents=5)), "乙1 甲2"),
    "R08": Ranking("再比起数，少者在前", (town("甲", deaths=1, accidents=2), town("乙", deaths=1, accidents=1)), "乙1 甲2"),
    "R09": Ranking(
        "再比隐患按期整改率", (town("甲", hazards_due=10, hazards_on_time=9), town("乙", hazards_due=2, hazards_on_time=2)), "乙1 甲2"),
    "R10": Ranking("没有到期隐患的排在该项之后", (town("甲"), town("乙", hazards_due=2, hazards_on_time=0)), "乙1 甲2"),
    "R11": Ranking("没有单位的，单位率排在该项之后", (town("甲", unit_=(0, 0)), town("乙", unit_=(0, 9))), "乙1 甲2"),
    "R12": Ranking("都没有单位：并列", (town("甲", unit_=(0, 0)), town("乙", unit_=(0, 0))), "甲1 乙1"),
    "R13": Ranking("没有村的，村率排在该项之后", (town("甲", (0, 0)), town("乙", (1, 9))), "乙1 甲2"),
    "R14": Ranking("较大及以上事故排在所有未否决者之后", (town("甲", veto=True), town("乙", (1, 9))), "乙1 甲2"),
    "R15": Ranking("否决的之间照常比较", (town("甲", veto=True), town("乙", veto=True), town("丙")), "丙1 乙2 甲2"),
    "R16": Ranking("开发区列示，不排名", (town("开发区", zone=True), town("乙", (1, 9))), "乙1 开发区—"),
    "R17": Ranking(
        "并列之内按代码，否决在后，开发区在末",
        (town("400", zone=True), town("203"), town("100"), town("202", veto=True)), "1001 2031 2023 400—"),
}  # fmt: skip


@pytest.mark.parametrize("number", RANKINGS)
def test_worked_cases_of_ranking(number):
    case = RANKINGS[number]
    found = " ".join(f"{each.row.region}{each.rank or '—'}" for each in rank(case.towns, read_law.POLICY))
    assert set(found.split()) == set(case.expected.split())
    assert number != "R17" or found == case.expected


def test_r18_fifteen_townships_and_a_zone_are_ranked_from_their_facts():
    """R18 蔚汾镇一起、魏家滩镇一起，各死1人：其余十三个并列第一，36/37高于22/23。"""
    report_accident(1)
    report_accident(2, region=W)
    rows = ranking.ranking_rows(query.figure_query(YEAR, None), "141123")
    assert sorted(row["rank"] for row in rows if row["rank"]) == [1] * 13 + [14, 15]
    assert [row["rank"] for row in rows if row["zone"]] == [None] and len(rows) == 16
    assert {row["region"]: row["rank"] for row in rows if row["rank"] and row["rank"] > 1} == {TOWN: 14, OTHER_TOWN: 15}
