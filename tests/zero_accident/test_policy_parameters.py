"""Every parameter of DOMAIN §7.2 and §7.3 from facts to kept figures, under the default and under every other value.

A row is read by a safety officer: the parameter, the facts, what stands by default, what stands when the county decides
otherwise. `乡镇甲` is 蔚汾镇 (37 villages), `乡镇乙` 魏家滩镇 (23), `开发区` the development zone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from accidents.reports import deciding, reporting
from enterprises import actions as enterprises
from reference import law, shapes
from reference.terms import Standard, UnitType
from safety_api.trail import SYSTEM
from tests.cast.accidents import (
    OTHER_TOWN,
    PAPER,
    TOWN,
    V2,
    YEAR,
    ZONE,
    V,
    W,
    at,
    bureau,
    key,
    occurring,
    report_accident,
)
from tests.cast.figures import broken_keys, set_policy, township_figures  # fmt: skip
from tests.cast.read_law import POLICY, UNNAMED
from tests.cast.region_changes import merge, move, split
from tests.cast.units import mine, unit
from zero_accident.figures import query, ranking, ratios, rebuilding
from zero_accident.rules import policy as rules_policy
from zero_accident.rules.policy import LISTS, SWITCHES, WORDS, read_policy
from zero_accident.standards.assessing import Result, assess_standards

pytestmark = pytest.mark.django_db
VIRTUAL, V3 = "141123400498", "141123100203"


@pytest.fixture(autouse=True)
def law_cache_cleared():
    yield
    law.forget()


# --- what is measured ------------------------------------------------------------------------------------------------
def township(code: str) -> str:
    row = township_figures(code)
    short = f" 欠标准{row.villages_short}/{row.units_short}" if row.villages_short or row.units_short else ""
    return (
        f"村{row.villages_broken}/{row.villages_total} 单位{row.units_broken}/{row.units_total} 死{row.deaths}{short}"
    )


def figures_of_a() -> str:
    return township(TOWN)


def figures_of_b() -> str:
    return township(OTHER_TOWN)


def figures_of_zone() -> str:
    return township(ZONE)


def figures_of_both() -> str:
    return f"甲 {figures_of_a()}；乙 {figures_of_b()}"


def county() -> str:
    found = ratios.ratios(query.figure_query(YEAR, None), "141123")
    return f"村{found['villages']['ratio']} 单位{found['units']['ratio']}"


def ranked() -> dict[str, dict]:
    return {row["region"]: row for row in json.loads(ranking.ranking(query.figure_query(YEAR, None), "141123"))}


def places() -> str:
    """Places of 甲, 乙 and the zone; * is a veto."""
    rows = ranked()
    said = {"甲": rows[TOWN], "乙": rows[OTHER_TOWN], "开发区": rows[ZONE]}
    return " ".join(f"{name}{row['rank'] or '—'}{'*' if row['veto'] else ''}" for name, row in said.items())


def provisional() -> str:
    return f"暂计{ratios.ratios(query.figure_query(YEAR, None), '141123')['villages']['provisional']} {figures_of_a()}"


# --- facts -----------------------------------------------------------------------------------------------------------
def accidents_reported(*each: dict[str, Any]) -> Callable[[], None]:
    def facts() -> None:
        for number, fields in enumerate(each, start=1):
            report_accident(number, **fields)

    return facts


def at_the_mine(**fields: Any) -> Callable[[], None]:
    return lambda: report_accident(units=occurring(mine(**fields)))  # type: ignore[return-value]


def contractor(responsible: bool | None, role: str = "contractor", *, owner: bool = True) -> Callable[[], None]:
    def facts() -> None:
        made = unit("外来工程有限公司", region=W, sector="urban_construction")
        own = occurring(mine()) if owner else []
        report_accident(units=[*own, *occurring(made, role)])
        parts = [
            {**each, "responsible": responsible if each["role"] == role else None}
            for each in [*own, *occurring(made, role)]
        ]
        deciding.decide(
            key(1),
            by=bureau(),
            units=[{**each, "enterprise": made.pk if each["role"] == role else mine_key()} for each in parts],
        )

    return facts


def mine_key() -> Any:
    from tests.cast.people import MINE

    return MINE


def later_death(month: int, day: int) -> Callable[[], None]:
    def facts() -> None:
        report_accident(deaths=0)
        reporting.add_report(key(1), by=bureau(), kind="supplement", held_at=at(month, day), deaths=1)

    return facts


def closed(broken_too: bool, on: date = date(YEAR, 9, 1), reopened: date | None = None) -> Callable[[], None]:
    def facts() -> None:
        made = mine(opened_on=date(YEAR - 3, 1, 1))
        report_accident(units=occurring(made) if broken_too else [])
        enterprises.set_status(made.pk, by=SYSTEM, status="closed", on=on, reason="注销")
        if reopened:
            enterprises.set_status(made.pk, by=SYSTEM, status="operating", on=reopened, reason="复业")

    return facts


def moved_unit(broken_too: bool) -> Callable[[], None]:
    def facts() -> None:
        made = mine(opened_on=date(YEAR - 3, 1, 1))
        report_accident(units=occurring(made) if broken_too else [])
        enterprises.update(made.pk, by=SYSTEM, region=W, since=date(YEAR, 5, 1))

    return facts


def merged(*villages: str, then: Callable[[], None] | None = None) -> Callable[[], None]:
    def facts() -> None:
        report_accident(region=villages[0])
        merge(*villages)
        if then:
            then()

    return facts


def merged_twice() -> None:
    """V into V2 in April, V2 into its neighbour in July."""
    report_accident()
    merge(V, into=V2, on=date(YEAR, 4, 1))
    merge(V2, into=V3, on=date(YEAR, 7, 1))


def split_village() -> None:
    report_accident(units=occurring(mine()))
    split(V)


def moved_village() -> None:
    """W of 乙, with an accident, a broken unit and an idle one, becomes a village of 甲."""
    own = unit("魏家滩矿业有限公司", region=W)
    unit("魏家滩商贸有限公司", region=W, sector="metallurgy_trade")
    report_accident(region=W, units=occurring(own))
    move()


def accepted(*villages: str, units: tuple[Any, ...] = (), but: str = "") -> None:
    results = [Result(code, code != but, "未开展" if code == but else "") for code in Standard.values]
    assess_standards(
        by=bureau(),
        year=YEAR,
        held_on=date(YEAR, 11, 1),
        villages=list(villages),
        enterprises=[each.pk for each in units],
        results=results,
    )


def standards_of_a_village_and_two_units() -> None:
    """V and one unit passed all nine; V2 eight of nine; V broke all the same; nobody else was assessed."""
    good, poor = mine(), unit("未评单位有限公司", region=W)
    report_accident(region=V)
    accepted(V, W, units=(good,))
    accepted(V2, units=(poor,), but="meetings")


# --- the table -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Case:
    parameter: str
    facts: Callable[[], Any]
    default: str
    other: dict[str, Any]
    then: str
    measure: Callable[[], str] = figures_of_a
    given: dict[str, Any] = field(default_factory=dict)  # other parameters, under both


HELD = [{"code": each.code, "name": each.name, "min_deaths": 1} for each in POLICY.categories]


def only(code: str) -> list[dict[str, Any]]:
    return [each for each in HELD if each["code"] == code]


def threshold(code: str, **at_least: Any) -> list[dict[str, Any]]:
    return [{**each, **at_least} if each["code"] == code else each for each in HELD]


STRICT = {"mode": "accident_and_standard"}
CASES = {
    # --- mode
    "默认只看事故；按标准创建时九项未全部通过的也不算零事故": Case(
        "mode", standards_of_a_village_and_two_units,
        "甲 村1/37 单位0/1 死1；乙 村0/23 单位0/1 死0", STRICT,
        "甲 村1/37 单位0/1 死1 欠标准36/0；乙 村0/23 单位0/1 死0 欠标准22/1", figures_of_both),
    "按标准创建时的比例": Case("mode", standards_of_a_village_and_two_units, "村99.60 单位100.00", STRICT, "村0.39 单位50.00", county),
    "标准可以只用于村": Case(
        "standards_apply_to", standards_of_a_village_and_two_units,
        "村1/37 单位0/1 死1 欠标准36/0", {"standards_apply_to": ["village"]}, "村1/37 单位0/1 死1 欠标准36/0", given=STRICT),
    "标准可以只用于单位": Case(
        "standards_apply_to", standards_of_a_village_and_two_units,
        "村0/23 单位0/1 死0 欠标准22/1", {"standards_apply_to": ["unit"]}, "村0/23 单位0/1 死0 欠标准0/1", figures_of_b, given=STRICT),
    # --- categories and thresholds
    "不在范围内的类别": Case("categories", accidents_reported({"category": "Z3"}), "村1/37 单位0/0 死1", {"categories": only("Z1")}, "村0/37 单位0/0 死0"),
    "无人死亡的火灾": Case("min_deaths", accidents_reported({"category": "Z4", "deaths": 0}), "村0/37 单位0/0 死0",
                    {"categories": threshold("Z4", min_deaths=0)}, "村1/37 单位0/0 死0"),
    "死亡起点改为两人": Case("min_deaths", accidents_reported({"deaths": 1}, {"deaths": 2, "region": V2}), "村2/37 单位0/0 死3",
                     {"categories": threshold("Z1", min_deaths=2)}, "村1/37 单位0/0 死2"),
    "一人重伤": Case("min_serious_injuries", accidents_reported({"deaths": 0, "serious_injuries": 1}), "村0/37 单位0/0 死0",
                 {"categories": threshold("Z1", min_serious_injuries=1)}, "村1/37 单位0/0 死0"),
    "急性工业中毒算重伤": Case("min_serious_injuries", accidents_reported({"deaths": 0, "acute_poisonings": 2}), "村0/37 单位0/0 死0",
                      {"categories": threshold("Z1", min_serious_injuries=2)}, "村1/37 单位0/0 死0"),
    "损失恰好达到五千元": Case("min_loss_yuan", accidents_reported({"category": "Z6", "deaths": 0, "direct_loss_yuan": "5000.00"}), "村0/37 单位0/0 死0",
                      {"categories": threshold("Z6", min_loss_yuan="5000.00")}, "村1/37 单位0/0 死0"),
    "损失差一分": Case("min_loss_yuan", accidents_reported({"category": "Z6", "deaths": 0, "direct_loss_yuan": "4999.99"}), "村0/37 单位0/0 死0",
                  {"categories": threshold("Z6", min_loss_yuan="5000.00")}, "村0/37 单位0/0 死0"),
    "期限外死亡": Case("late_death_breaks", later_death(4, 5), "村0/37 单位0/0 死0", {"late_death_breaks": True}, "村1/37 单位0/0 死1"),
    "期限内死亡": Case("late_death_breaks", later_death(4, 4), "村1/37 单位0/0 死1", {"late_death_breaks": True}, "村1/37 单位0/0 死1"),
    # --- attribution
    "私家车死亡事故": Case("road_non_production_breaks_village", accidents_reported({"category": "Z2", "nature": "non_production"}), "村1/37 单位0/0 死1",
                    {"road_non_production_breaks_village": False}, "村0/37 单位0/0 死0"),
    "私家车死亡事故，没有写明村": Case(
        "road_non_production_breaks_village", accidents_reported({"category": "Z2", "nature": "non_production", "region": TOWN}), "村0/37 单位0/0 死1",
        {"road_non_production_breaks_village": False}, "村0/37 单位0/0 死0"),
    "村域内企业的事故": Case("village_counts_unit_accidents", at_the_mine(), "村1/37 单位1/1 死1",
                     {"village_counts_unit_accidents": False}, "村0/37 单位1/1 死1"),
    "没有单位的事故仍计入村": Case("village_counts_unit_accidents", accidents_reported({}), "村1/37 单位0/0 死1",
                        {"village_counts_unit_accidents": False}, "村1/37 单位0/0 死1"),
    "只有负有责任的承包单位，也是企业的事故": Case(
        "village_counts_unit_accidents", contractor(True, owner=False), "甲 村1/37 单位0/0 死1；乙 村0/23 单位1/1 死0",
        {"village_counts_unit_accidents": False}, "甲 村0/37 单位0/0 死1；乙 村0/23 单位1/1 死0", figures_of_both),
    "国省干线上的事故": Case("trunk_roads", accidents_reported({"on_trunk_road": True}), "村1/37 单位0/0 死1", {"trunk_roads": "not_counted"}, "村0/37 单位0/0 死0"),
    "国省干线上的单位仍破零": Case("trunk_roads", lambda: report_accident(on_trunk_road=True, units=occurring(mine())), "村1/37 单位1/1 死1",
                        {"trunk_roads": "not_counted"}, "村0/37 单位1/1 死1"),
    "负有责任的发包单位": Case("attribution.roles_when_responsible", contractor(True, "owner"), "村0/23 单位1/1 死0",
                      {"attribution": {"roles_when_responsible": ["contractor"]}}, "村0/23 单位0/1 死0", figures_of_b),
    "负有责任的承包单位": Case("attribution.roles_when_responsible", contractor(True), "村0/23 单位1/1 死0",
                      {"attribution": {"roles_when_responsible": ["owner"]}}, "村0/23 单位0/1 死0", figures_of_b),
    "没有责任的承包单位": Case("attribution.roles_always", contractor(False), "村0/23 单位0/1 死0",
                      {"attribution": {"roles_always": ["occurring", "contractor"]}}, "村0/23 单位1/1 死0", figures_of_b),
    "责任未认定的发包单位": Case("attribution.roles_always", contractor(None, "owner"), "村0/23 单位0/1 死0",
                       {"attribution": {"roles_always": ["occurring", "owner"]}}, "村0/23 单位1/1 死0", figures_of_b),
    "发生单位须有责任才计": Case("attribution.roles_always", at_the_mine(), "村1/37 单位1/1 死1",
                       {"attribution": {"roles_always": [], "roles_when_responsible": ["occurring"]}}, "村1/37 单位0/1 死1"),
    # --- who is counted
    "个体工商户": Case("unit_types", at_the_mine(unit_type="individual_business"), "村1/37 单位0/0 死1",
                  {"unit_types": ["enterprise", "individual_business"]}, "村1/37 单位1/1 死1"),
    "机关": Case("unit_types", at_the_mine(unit_type="state_organ"), "村1/37 单位0/0 死1", {"unit_types": ["state_organ"]}, "村1/37 单位1/1 死1"),
    "事业单位不再计": Case("unit_types", lambda: mine(unit_type="public_institution"), "村0/37 单位0/1 死0",
                    {"unit_types": ["enterprise"]}, "村0/37 单位0/0 死0"),
    "当年注销而破零的单位": Case("denominator", closed(True), "村1/37 单位1/1 死1", {"denominator": "as_of"}, "村1/37 单位0/0 死1"),
    "当年注销而未破零的单位": Case("denominator", closed(False), "村1/37 单位0/0 死1", {"denominator": "as_of"}, "村1/37 单位0/0 死1"),
    "注销后复业的单位": Case("denominator", closed(True, date(YEAR, 4, 1), date(YEAR, 6, 1)), "村1/37 单位1/1 死1",
                     {"denominator": "as_of"}, "村1/37 单位1/1 死1"),
    "年中迁往他乡镇的破零单位": Case("denominator", moved_unit(True), "甲 村1/37 单位0/0 死1；乙 村0/23 单位1/1 死0",
                         {"denominator": "as_of"}, "甲 村1/37 单位0/0 死1；乙 村0/23 单位1/1 死0", figures_of_both),
    "虚拟社区": Case("virtual_villages_in_denominator", accidents_reported({"region": VIRTUAL}), "村0/0 单位0/0 死1",
                 {"virtual_villages_in_denominator": True}, "村1/1 单位0/0 死1", figures_of_zone),
    "新办二十九天": Case("min_days_active", lambda: mine(opened_on=date(YEAR, 12, 2)), "村0/37 单位0/1 死0", {"min_days_active": 30}, "村0/37 单位0/0 死0"),
    "新办三十天": Case("min_days_active", lambda: mine(opened_on=date(YEAR, 12, 1)), "村0/37 单位0/1 死0", {"min_days_active": 30}, "村0/37 单位0/1 死0"),
    "新办而破零": Case("min_days_active", lambda: report_accident(units=occurring(mine(opened_on=date(YEAR, 12, 1))), occurred_at=at(12, 5)),
                  "村1/37 单位1/1 死1", {"min_days_active": 90}, "村1/37 单位1/1 死1"),
    "停产停业": Case("suspended", lambda: mine(status="suspended", status_on=date(YEAR, 2, 1)), "村0/37 单位0/1 死0",
                 {"suspended": "not_counted"}, "村0/37 单位0/0 死0"),
    "责令停产停业": Case("suspended", lambda: mine(status="stopped_by_order", status_on=date(YEAR, 2, 1)), "村0/37 单位0/1 死0",
                   {"suspended": "not_counted"}, "村0/37 单位0/0 死0"),
    "停产而破零": Case("suspended", at_the_mine(status="suspended", status_on=date(YEAR, 6, 1)), "村1/37 单位1/1 死1",
                  {"suspended": "not_counted"}, "村1/37 单位1/1 死1"),
    # --- places that change
    "合并：任一前身破零即破零": Case("merge_rule", merged(V), "村1/36 单位0/0 死1", {"merge_rule": "own_accidents_only"}, "村0/36 单位0/0 死1"),
    "一年内合并两次": Case("merge_rule", merged_twice, "村1/35 单位0/0 死1", {"merge_rule": "own_accidents_only"}, "村0/35 单位0/0 死1"),
    "合并后本村又发生事故": Case("merge_rule", merged(V, then=lambda: report_accident(2, region=V2, occurred_at=at(9, 1))), "村1/36 单位0/0 死2",
                       {"merge_rule": "own_accidents_only"}, "村1/36 单位0/0 死2"),
    "一村分属两乡镇：两村都破零，单位和死亡只计一次": Case(
        "merge_rule", split_village, "甲 村1/37 单位1/1 死1；乙 村1/24 单位0/0 死0",
        {"merge_rule": "own_accidents_only"}, "甲 村0/37 单位1/1 死1；乙 村0/24 单位0/0 死0", figures_of_both),
    "村划归另一乡镇：村、单位、死亡一并过去": Case(
        "merge_rule", moved_village, "甲 村1/38 单位1/2 死1；乙 村0/22 单位0/0 死0",
        {"merge_rule": "own_accidents_only"}, "甲 村0/38 单位1/2 死1；乙 村0/22 单位0/0 死0", figures_of_both),
    # --- undetermined
    "性质待定": Case("undetermined", lambda: report_accident(by="township"), "暂计1 村1/37 单位0/0 死1",
                 {"undetermined": "does_not_break"}, "暂计0 村0/37 单位0/0 死0", provisional),
    "类别待定": Case("undetermined", accidents_reported({"category": None}), "暂计1 村1/37 单位0/0 死1",
                 {"undetermined": "does_not_break"}, "暂计0 村0/37 单位0/0 死0", provisional),
    # --- ranking (§7.3)
    "开发区参加排名": Case("ranking.rank_zone", accidents_reported({"region": VIRTUAL}), "甲1 乙1 开发区—", {"ranking": {"rank_zone": True}}, "甲1 乙1 开发区16", places),
    "先比死亡人数": Case("ranking.keys", accidents_reported({"deaths": 2}, {"region": W}), "甲14 乙15 开发区—",
                   {"ranking": {"keys": [{"key": "deaths", "order": "asc"}]}}, "甲15 乙14 开发区—", places),
    "较大事故即否决": Case("ranking.veto_grade_from", accidents_reported({"deaths": 3}, {"region": W}, {"region": "141123101201", "occurred_at": at(4, 1)}),
                    "甲15* 乙14 开发区—", {"ranking": {"veto_grade_from": "major"}}, "甲14 乙15 开发区—", places),
    "一般事故即否决": Case("ranking.veto_grade_from", accidents_reported({"deaths": 1}), "甲15 乙1 开发区—", {"ranking": {"veto_grade_from": "general"}},
                    "甲15* 乙1 开发区—", places),
    "重大事故才否决": Case("ranking.veto_grade_from", accidents_reported({"deaths": 10}), "甲15* 乙1 开发区—", {"ranking": {"veto_grade_from": "extra_major"}},
                    "甲15 乙1 开发区—", places),
}  # fmt: skip
ONE_VALUE = ("period", "attribution.village", "attribution.township_of_unit", "display.decimals", "display.rounding",
             "ranking.ties", "ranking.null_ratio")  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_policy_parameter_changes_the_figures_as_its_case_states(name):
    case = CASES[name]
    if case.given:
        set_policy(**case.given)
    case.facts()
    rebuilding.rebuild(YEAR)
    assert case.measure() == case.default
    assert rebuilding.rebuild(YEAR, check=True).lines == []
    set_policy(**{**case.given, **case.other})
    rebuilding.rebuild(YEAR)
    assert case.measure() == case.then
    assert rebuilding.rebuild(YEAR, check=True).lines == []
    kept_figures_equal_computed_ones()


def kept_figures_equal_computed_ones() -> None:
    asked = query.figure_query(YEAR, None)
    afresh = query.FigureQuery(asked.of, kept=False)
    for place in ("141123", TOWN[:9], OTHER_TOWN[:9]):
        kept, made = ratios.ratios(asked, place), ratios.ratios(afresh, place)
        assert {name: kept[name] for name in ("villages", "units")} == {
            name: made[name] for name in ("villages", "units")
        }


def test_every_policy_parameter_has_a_case():
    shown = {case.parameter for case in CASES.values()}
    known = {*WORDS, *SWITCHES, *LISTS, "categories", "min_days_active", "ranking.keys"} | set(
        rules_policy.CATEGORY_FITS
    ) - {"code", "name"}
    assert known - shown == set(ONE_VALUE)
    assert all(len(WORDS[name]) == 1 for name in ONE_VALUE)


def test_every_value_of_a_policy_parameter_has_a_case():
    tried: dict[str, set] = {}
    for case in CASES.values():
        for name, value in {**case.given, **case.other}.items():
            parts = (
                {f"{name}.{inner}": part for inner, part in value.items()} if isinstance(value, dict) else {name: value}
            )
            for path, part in parts.items():
                tried.setdefault(path, set()).update(part if isinstance(part, list) and path in LISTS else [repr(part)])
    default = POLICY
    for path, values in WORDS.items():
        if path not in ONE_VALUE:
            usual = getattr(default, path.rpartition(".")[2])
            assert {repr(str(value)) for value in values} <= tried[path] | {repr(str(usual))}, path


# --- one set of words --------------------------------------------------------------------------------------------------
def body(**changes: Any) -> dict[str, Any]:
    return {**law.in_force("zero_accident_policy", date(YEAR, 6, 1)).body, **changes}


def loader_accepts(changed: dict[str, Any]) -> bool:
    try:
        shapes.ZERO_ACCIDENT_POLICY(changed, "body")
    except shapes.Wrong:
        return False
    return True


def rules_accept(changed: dict[str, Any]) -> bool:
    try:
        read_policy(changed, "ZA-T-1", UNNAMED)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "changes",
    [
        *({name: value} for name, values in WORDS.items() if "." not in name for value in (*values, "another_word", None, 1)),
        *({"unit_types": [name]} for name in (*UnitType.values, "company")),
        {"unit_types": []}, {"unit_types": ["enterprise", "enterprise"]}, {"standards_apply_to": ["village"]}, {"standards_apply_to": []},
        {"standards_apply_to": ["township"]}, {"min_days_active": -1}, {"min_days_active": 1.5}, {"min_days_active": 365},
    ],
)  # fmt: skip
def test_the_loader_accepts_exactly_the_values_the_rules_carry_out(changes):
    assert loader_accepts(body(**changes)) == rules_accept(body(**changes))


@pytest.mark.parametrize("part, name, values", [
    (path.split(".")[0], path.split(".")[1], values) for path, values in WORDS.items() if "." in path
])  # fmt: skip
def test_the_loader_accepts_exactly_the_nested_values_the_rules_carry_out(part, name, values):
    for value in (*(str(each) if isinstance(each, str) else each for each in values), "another_word", None):
        changed = body(**{part: {**body()[part], name: value}})
        assert loader_accepts(changed) == rules_accept(changed) == (value in values)


def test_units_of_a_village_that_changed_township_in_an_earlier_year_move_with_it():
    """A unit keeps the code under which it was registered, however long ago the village moved."""
    unit("老矿有限公司", region=W)
    move(on=date(YEAR - 2, 7, 1))
    report_accident(1)
    assert figures_of_both() == "甲 村1/38 单位0/1 死1；乙 村0/22 单位0/0 死0"
    own = unit("二矿有限公司", region=W)
    report_accident(2, units=occurring(own))
    assert figures_of_both() == "甲 村1/38 单位1/2 死2；乙 村0/22 单位0/0 死0"
    assert broken_keys("unit") == {str(own.pk)}
    report_accident(3, region="141123101202")  # the township it left is worked out alone, and takes nothing back
    assert figures_of_both() == "甲 村1/38 单位1/2 死2；乙 村1/22 单位0/0 死1"
    deciding.write_off(key(2), by=bureau(), **PAPER)
    assert broken_keys("unit") == set()
    assert rebuilding.rebuild(YEAR, check=True).lines == []
