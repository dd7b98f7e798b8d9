"""Grades, windows, “零事故”, ratios and ranking as tables (DOMAIN §2 and §7): what a safety officer can review."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accidents import rules
from accidents.rules import (
    Casualties,
    ReportedTotals,
    UnitPart,
    Windows,
    at_least,
    counted_in_statistics,
    due_at,
    effective_casualties,
    fen_of,
    is_late,
    read_grades,
    read_windows,
    window_kind,
)
from reference.terms import Category, Grade, UnitType, Window
from tests import law
from tests.cast.read_law import GRADES, POLICY, UNNAMED, WINDOWS
from zero_accident.rules import ranking
from zero_accident.rules.attribution import AttributedAccident, Override
from zero_accident.rules.breaking import breaks, effective_deaths, judge, proposes_veto
from zero_accident.rules.policy import AT, Policy, read_policy
from zero_accident.rules.ranking import RankRow
from zero_accident.rules.ratios import (
    UnitFacts,
    VillageFacts,
    broken_villages,
    in_unit_denominator,
    in_village_denominator,
    is_zero,
    period_of,
    ratio,
    spare,
    target_for,
)

CATEGORIES, VETO = POLICY.categories, POLICY.veto_grade_from
COUNTY_TIME = timezone(timedelta(hours=8))
V, W = "141123100201", "141123103205"  # two villages
DAY = date(2026, 3, 5)


# The rules by the law of the files, where a test does not say otherwise.
def grade_of(grades=GRADES, **figures):
    return rules.grade_of(grades=grades, **figures)


def window_end(occurred_on, kind="other", windows=WINDOWS):
    return rules.window_end(occurred_on, kind, windows)


def rank(rows, policy=POLICY):
    return ranking.rank(rows, policy)


def at(day, hour=12, minute=0, second=0, micro=0):
    return datetime(day.year, day.month, day.day, hour, minute, second, micro, COUNTY_TIME)


def accident(**fields):
    fields = {
        "id": "a1",
        "occurred_on": DAY,
        "category": "Z1",
        "nature": "production",
        "village": V,
        "casualties": Casualties(deaths=1),
        "grades": GRADES,
    } | fields
    return AttributedAccident(**fields)


def category(code, **changes):
    return replace(POLICY, categories=tuple(replace(c, **changes) if c.code == code else c for c in CATEGORIES))


def charged_subjects(policy, facts):
    return [(found.subject, found.key) for found in breaks(policy, facts)]


# ------------------------------------------------------------------------------------------------ 等级


@pytest.mark.parametrize(
    "figures, error",
    [
        ({"loss_yuan": 10_000_000.0}, TypeError),
        ({"loss_yuan": "10000000"}, TypeError),
        ({"loss_yuan": True}, TypeError),
        ({"loss_yuan": None}, TypeError),
        ({"loss_yuan": Decimal("NaN")}, ValueError),
        ({"loss_yuan": Decimal("Infinity")}, ValueError),
        ({"loss_yuan": Decimal("-0.01")}, ValueError),
        ({"deaths": -1}, ValueError),
        ({"deaths": 3.0}, TypeError),
        ({"deaths": True}, TypeError),
        ({"serious_injuries": -1}, ValueError),
    ],
)
def test_floats_booleans_and_negative_numbers_are_refused_as_figures(figures, error):
    with pytest.raises(error):
        grade_of(**figures)


@pytest.mark.parametrize(
    "yuan, fen",
    [
        (0, 0),
        (12, 1200),
        (Decimal("9999999.99"), 999_999_999),
        (Decimal("0.1"), 10),
        (Decimal("1E+3"), 100_000),
    ],
)
def test_money_is_converted_to_whole_fen(yuan, fen):
    assert fen_of(yuan) == fen


def test_a_fraction_of_a_fen_is_refused():
    with pytest.raises(ValueError):
        fen_of(Decimal("0.001"))


def test_the_grade_table_equals_the_dated_document():
    assert GRADES.rows == (  # 国务院令第493号 第三条
        ("extra_major", 30, 100, 100_000_000),
        ("major", 10, 50, 50_000_000),
        ("larger", 3, 10, 10_000_000),
    )
    assert (GRADES.missing_counts_as_death, GRADES.statistics_loss_yuan) == (False, 1_000_000)


def test_grading_uses_the_given_table_in_any_row_order():
    body = law.body("accident_grades")
    stricter = [{**row, "deaths_from": row["deaths_from"] // 3} for row in body["grades"]]
    grades = read_grades({**body, "grades": stricter[::-1]})
    assert [grade_of(deaths=n, grades=grades) for n in (0, 1, 3, 10)] == ["general", "larger", "major", "extra_major"]
    assert accident(grades=grades).grade == "larger"
    assert accident(grades=grades).grade != accident().grade
    none = replace(GRADES, statistics_loss_yuan=Decimal("0.01"))
    assert counted_in_statistics(accident(grades=none, casualties=Casualties(), loss_yuan=1))
    assert not counted_in_statistics(
        accident(grades=none, casualties=Casualties(), loss_yuan=None)
    )  # unknown is nothing


def test_the_loss_below_which_statistics_do_not_count_is_the_documents():
    body = law.body("accident_grades")
    assert read_grades({**body, "not_counted_below_loss_yuan": "500000.00"}).statistics_loss_yuan == 500_000


MISSING_COUNT = replace(GRADES, missing_counts_as_death=True)


@pytest.mark.parametrize(
    "deaths, missing, later, apart, together",
    [
        (2, 1, [], "general", "larger"),
        (0, 10, [], "general", "major"),
        (2, 1, [(10, 2, 0)], "general", "general"),  # found alive
        (2, 1, [(10, 3, 0)], "larger", "larger"),  # found dead: one death, not two
        (2, 1, [(40, 2, 0)], "general", "general"),  # found alive after the window: nobody died
        (2, 1, [(40, 3, 0)], "general", "larger"),  # declared dead after it: counted before, counts on
        (2, 1, [(40, 2, 1)], "general", "larger"),
        (2, 2, [(20, 3, 1), (40, 3, 0)], "larger", "larger"),
    ],
)
def test_the_missing_count_as_dead_for_the_grade_when_the_county_so_sets(deaths, missing, later, apart, together):
    reports = [
        ReportedTotals(DAY, at(DAY), deaths=deaths, missing=missing),
        *(later_report(days, dead, missing=m) for days, dead, m in later),
    ]
    found = effective_casualties(reports, last_day=window_end(DAY))
    assert accident(casualties=found).grade == apart
    assert accident(casualties=found, grades=MISSING_COUNT).grade == together


def test_counting_the_missing_changes_grade_and_veto_but_breaks_nobody():
    lost = accident(casualties=Casualties(missing=3, unfound=3), grades=MISSING_COUNT)
    assert (lost.grade, counted_in_statistics(lost), proposes_veto(lost, VETO)) == ("larger", True, True)
    assert breaks(POLICY, lost) == []  # min_deaths is the policy's own, and nobody has died
    apart = replace(lost, grades=GRADES)
    assert (apart.grade, counted_in_statistics(apart), proposes_veto(apart, VETO)) == ("general", False, False)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 10**11), st.integers(0, 40))
def test_more_harm_never_lowers_a_grade(deaths, injured, fen, more):
    loss = Decimal(fen) / 100
    grade = grade_of(deaths=deaths, serious_injuries=injured, loss_yuan=loss)
    for worse in ((deaths + more, injured, loss), (deaths, injured + more, loss), (deaths, injured, loss + more)):
        assert at_least(grade_of(deaths=worse[0], serious_injuries=worse[1], loss_yuan=worse[2]), grade)


# ------------------------------------------------------------------------------------------------ 时限


@pytest.mark.parametrize(
    "kind, count_from, last",
    [
        ("other", "next_day", date(2026, 4, 4)),  # 5 March + 30
        ("other", "same_day", date(2026, 4, 3)),
        ("road_traffic", "next_day", date(2026, 3, 12)),
        ("road_traffic", "same_day", date(2026, 3, 11)),
        ("fire", "next_day", date(2026, 3, 12)),
        ("fire", "same_day", date(2026, 3, 11)),
    ],
)
def test_the_window_for_later_deaths_ends_on_the_day_of_its_kind_and_setting(kind, count_from, last):
    assert window_end(DAY, kind, replace(WINDOWS, count_from=count_from)) == last


def test_the_window_crosses_february_and_the_year():
    assert window_end(date(2026, 2, 1)) == date(2026, 3, 3)
    assert window_end(date(2028, 2, 1)) == date(2028, 3, 2)
    assert window_end(date(2025, 12, 20)) == date(2026, 1, 19)


@pytest.mark.parametrize(
    "category_, sector, kind",
    [
        ("Z1", "coal_mine", "other"),
        ("Z1", "road_transport", "road_traffic"),
        ("Z1", "fire_safety", "fire"),
        ("Z2", None, "road_traffic"),
        ("Z4", None, "fire"),
        ("Z5", None, "fire"),
        ("Z6", None, "other"),
        (None, None, "other"),
    ],
)
def test_road_traffic_and_fire_have_seven_days(category_, sector, kind):
    assert window_kind(law.body("window_kinds"), category_, sector) == kind


def test_the_windows_equal_the_dated_document():
    assert Windows(30, {"road_traffic": 7, "fire": 7}, "next_day") == WINDOWS  # 国务院令第493号 第十三条


@pytest.mark.parametrize(
    "body",
    [
        {"days": 30, "count_from": "whenever"},
        {"days": -1, "count_from": "next_day"},
        {"days": 30, "count_from": "next_day", "shorter": [{"kind": "flood", "days": 3}]},
    ],
)
def test_a_wrong_window_document_is_refused(body):
    with pytest.raises(ValueError):
        read_windows(body)


# ------------------------------------------------------------------------------------------------ 有效伤亡

FIRST = ReportedTotals(held_on=DAY, known_at=at(DAY), deaths=1, serious_injuries=2)


def later_report(days, deaths, injured=0, *, known=None, **more):
    day = DAY + timedelta(days=days)
    return ReportedTotals(day, at(known or day, 18), deaths, injured, **more)


@pytest.mark.parametrize(
    "later, deaths, injured, late",
    [
        ([], 1, 2, 0),
        ([later_report(30, 2, 1)], 2, 1, 0),  # the last day of the window
        ([later_report(31, 2, 1)], 1, 2, 1),  # a day later: noted only
        ([later_report(10, 2, 1), later_report(31, 3, 0)], 2, 1, 1),
        ([later_report(31, 3, 0), later_report(10, 2, 1)], 2, 1, 1),  # order of arrival does not matter
        ([later_report(5, 3), later_report(5, 2, known=date(2026, 5, 1))], 2, 0, 0),  # a correction, known long after, held within
        ([later_report(40, 1, 2), later_report(41, 3)], 1, 2, 2),
        ([later_report(10, 1, 2, acute_poisonings=8)], 1, 10, 0),  # 急性工业中毒 is a serious injury
        ([later_report(10, 0)], 0, 0, 0),  # the dead man lived
        ([later_report(31, 0)], 0, 0, 0),  # a correction counts whenever it is told: they were never hurt
        ([later_report(31, 2, 1), later_report(40, 1, 2)], 1, 2, 0),  # also of a late death
    ],
)
def test_deaths_within_the_window_count_later_ones_are_noted(later, deaths, injured, late):
    found = effective_casualties([FIRST, *later], last_day=window_end(DAY))
    assert (found.deaths, found.serious_injuries, found.late_deaths) == (deaths, injured, late)


def test_missing_persons_are_kept_apart_as_last_reported():
    reports = [ReportedTotals(DAY, at(DAY), deaths=2, missing=3), later_report(2, 2, missing=1)]
    found = effective_casualties(reports, last_day=window_end(DAY))
    assert (found.deaths, found.missing) == (2, 1)
    assert grade_of(deaths=found.deaths) == Grade.GENERAL


def test_casualties_can_be_read_as_known_at_a_past_moment():
    reports = [FIRST, later_report(3, 3)]
    known = effective_casualties(reports, last_day=window_end(DAY), known_until=at(DAY + timedelta(days=2)))
    assert known.deaths == 1
    assert effective_casualties(reports, last_day=window_end(DAY)).deaths == 3
    assert effective_casualties(reports, last_day=window_end(DAY), known_until=at(DAY, 11)) == Casualties()


def test_a_death_after_the_window_changes_neither_grade_nor_breaks_by_default():
    hurt = accident(casualties=Casualties(serious_injuries=1, late_deaths=3))
    assert hurt.grade == Grade.GENERAL
    assert charged_subjects(POLICY, hurt) == []
    assert charged_subjects(replace(POLICY, late_death_breaks=True), hurt) == [("village", V)]
    assert effective_deaths(replace(POLICY, late_death_breaks=True), hurt) == 3


REPORTS = st.lists(
    st.builds(
        later_report,
        st.integers(0, 45),
        st.integers(0, 12),
        st.integers(0, 12),
        known=st.dates(date(2026, 3, 5), date(2026, 6, 1)),
    ),
    max_size=4,
)


@given(REPORTS)
def test_accident_reports_give_the_same_casualties_in_any_order_of_arrival(reports):
    answers = {effective_casualties(order, last_day=window_end(DAY)) for order in permutations(reports)}
    assert len(answers) == 1


# ------------------------------------------------------------------------------------------------ 迟报


@pytest.mark.parametrize(
    "reported, late",
    [
        (at(DAY, 9, 59, 59), False),
        (at(DAY, 10), False),  # the very moment is in time
        (at(DAY, 10, 0, 0, 1), True),
        (at(DAY, 10, 12), True),
        (datetime(2026, 3, 5, 2, 0, tzinfo=timezone.utc), False),  # noqa: UP017 - the same moment told in UTC
        (datetime(2026, 3, 5, 2, 0, 1, tzinfo=timezone.utc), True),  # noqa: UP017
    ],
)
def test_a_report_exactly_at_its_deadline_is_in_time(reported, late):
    assert is_late(due_at(at(DAY, 9), timedelta(hours=1)), reported) is late


# ------------------------------------------------------------------------------------------------ 统计, 一票否决


@pytest.mark.parametrize(
    "facts, counted",
    [
        ({}, True),
        ({"stat_status": "counted"}, True),
        ({"stat_status": "not_counted"}, False),
        ({"stat_status": "written_off"}, False),
        ({"nature": "non_production"}, False),
        ({"nature": "undetermined"}, False),
        ({"casualties": Casualties(), "loss_yuan": Decimal("999999.99")}, False),  # no casualties, under a million
        ({"casualties": Casualties(), "loss_yuan": 1_000_000}, True),
        ({"casualties": Casualties()}, False),
        ({"casualties": Casualties(), "light_injuries": 1}, True),
        ({"casualties": Casualties(serious_injuries=1)}, True),
        ({"casualties": Casualties(late_deaths=1)}, False),
    ],
)
def test_production_statistics_count_accidents_by_nature_status_and_harm(facts, counted):
    assert counted_in_statistics(accident(**facts)) is counted


@pytest.mark.parametrize(
    "facts, veto",
    [
        ({"casualties": Casualties(deaths=2)}, False),
        ({"casualties": Casualties(deaths=3)}, True),
        ({"casualties": Casualties(serious_injuries=10)}, True),
        ({"casualties": Casualties(), "loss_yuan": 10_000_000}, True),
        ({"casualties": Casualties(deaths=3), "nature": "non_production"}, False),
        ({"casualties": Casualties(deaths=3), "stat_status": "written_off"}, False),
        ({"casualties": Casualties(deaths=2, late_deaths=1)}, False),
    ],
)
def test_a_larger_production_accident_proposes_a_veto(facts, veto):
    assert proposes_veto(accident(**facts), VETO) is veto


# ------------------------------------------------------------------------------------------------ 政策


def test_the_policy_document_in_the_repository_equals_the_default():
    assert replace(POLICY, categories=()) == Policy(
        version="ZA-2021-1",
        mode="accident_only",
        standards_apply_to=("village", "unit"),
        categories=(),
        unnamed=replace(CATEGORIES[0], code="*", name="类别待定的事故", min_deaths=1),
        late_death_breaks=False,
        road_non_production_breaks_village=True,
        village_counts_unit_accidents=True,
        trunk_roads="counted",
        unit_types=("enterprise", "public_institution"),
        denominator="as_of_plus_closed_with_accident",
        virtual_villages_in_denominator=False,
        min_days_active=0,
        suspended="counted",
        merge_rule="successor_broken_if_any_predecessor_broken",
        undetermined="breaks_provisionally",
        roles_always=("occurring",),
        roles_when_responsible=("contractor", "owner"),
        rank_keys=(
            ("village_ratio", "desc"),
            ("unit_ratio", "desc"),
            ("deaths", "asc"),
            ("accidents", "asc"),
            ("on_time_rate", "desc"),
        ),
        rank_zone=False,
        veto_grade_from="larger",
    )
    assert {(each.min_deaths, each.min_serious_injuries, each.min_loss_yuan) for each in CATEGORIES} == {
        (1, None, None)
    }


def test_the_file_names_each_category_and_grade_as_the_terms_do():
    assert [(each.code, each.name) for each in CATEGORIES] == Category.choices
    assert sorted((row["code"], row["name"]) for row in law.body("accident_grades")["grades"]) == sorted(Grade.choices)
    assert {(row["kind"], row["name"]) for row in law.body("windows")["shorter"]} < set(Window.choices)


def test_a_parameter_that_is_not_there_is_refused_by_name():
    body = law.body("zero_accident_policy")
    del body["ranking"]["rank_zone"], body["mode"]
    with pytest.raises(ValueError, match=r"mode、ranking\.rank_zone"):
        read_policy(body, "T-1", UNNAMED)


@pytest.mark.parametrize(
    "body, wrong",
    [
        ({"mode": "sometimes"}, "mode"),
        ({"min_days_active": -1}, "min_days_active"),
        ({"min_days_active": True}, "min_days_active"),
        ({"late_death_breaks": 1}, "late_death_breaks"),
        ({"late_deaths_break": True}, "late_deaths_break"),  # a word we do not know
        ({"unit_types": "enterprise"}, "unit_types"),
        ({"unit_types": []}, "unit_types"),
        ({"unit_types": ["company"]}, "unit_types"),
        ({"unit_types": ["enterprise", "enterprise"]}, "unit_types"),
        ({"unit_types": [["enterprise"]]}, "unit_types"),
        ({"unit_types": {"enterprise": True}}, "unit_types"),
        ({"categories": []}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲"}, {"code": "Z1", "name": "乙"}]}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲", "min_deaths": -1}]}, "categories"),
        (
            {"categories": [{"code": "Z1", "name": "甲", "min_serious_injuries": 0}]},
            "categories",
        ),  # none is no threshold
        ({"categories": [{"code": "Z1", "name": "甲", "min_serious_injuries": 1.5}]}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲", "min_loss_yuan": 1.5}]}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲", "min_loss_yuan": "-1"}]}, "categories"),
        ({"categories": [{"code": "Z1", "name": "甲", "colour": "red"}]}, "categories"),
        ({"ranking": {"ties": "toss"}}, "ranking.ties"),
        ({"ranking": {"rank_zone": "no"}}, "ranking.rank_zone"),
        ({"ranking": {"keys": [{"key": "beauty", "order": "asc"}]}}, "ranking.keys"),
        ({"ranking": {"keys": []}}, "ranking.keys"),
        ({"ranking": []}, "ranking"),
        ({"attribution": {"village": "registered_address"}}, "attribution.village"),
        ({"display": {"rounding": "half_up"}}, "display.rounding"),
    ],
)
def test_a_policy_parameter_that_is_not_supported_is_refused_by_name(body, wrong):
    with pytest.raises(ValueError, match=wrong):
        read_policy({**law.body("zero_accident_policy"), **body}, "T-1", UNNAMED)


def test_a_policy_document_may_change_every_parameter():
    policy = read_policy(
        {
            "mode": "accident_and_standard",
            "standards_apply_to": ["village"],
            "late_death_breaks": True,
            "road_non_production_breaks_village": False,
            "village_counts_unit_accidents": False,
            "trunk_roads": "not_counted",
            "unit_types": ["enterprise", "individual_business"],
            "denominator": "as_of",
            "virtual_villages_in_denominator": True,
            "min_days_active": 30,
            "suspended": "not_counted",
            "merge_rule": "own_accidents_only",
            "undetermined": "does_not_break",
            "categories": [
                {"code": "Z4", "name": "火灾", "min_deaths": 0, "min_serious_injuries": 1, "min_loss_yuan": "5000.00"}
            ],
            "attribution": {"roles_always": ["occurring", "owner"], "roles_when_responsible": []},
            "ranking": {"rank_zone": True, "keys": [{"key": "deaths", "order": "asc"}], "veto_grade_from": "major"},
        },
        "T-1",
        {"min_deaths": 2},
    )
    unchanged = [name for name in AT if getattr(policy, name) == getattr(POLICY, name)]
    assert unchanged == []
    assert policy.category("Z4").min_loss_yuan == Decimal("5000.00")


def test_a_document_may_count_every_type_of_unit_and_say_money_in_whole_yuan():
    changes = {"unit_types": UnitType.values, "categories": [{"code": "Z4", "name": "火灾", "min_deaths": 1, "min_loss_yuan": 5000}]}
    policy = read_policy(law.body("zero_accident_policy") | changes, "T-1", UNNAMED)
    assert policy.unit_types == tuple(UnitType.values)
    assert policy.category("Z4").min_loss_yuan == 5000


# ------------------------------------------------------------------------------------------------ 谁被打破


@pytest.mark.parametrize("code", [c.code for c in CATEGORIES])
@pytest.mark.parametrize("deaths, broken", [(0, False), (1, True), (2, True)])
def test_every_accident_category_breaks_from_one_death_on(code, deaths, broken):
    found = breaks(POLICY, accident(category=code, casualties=Casualties(deaths=deaths, serious_injuries=9)))
    assert bool(found) is broken
    assert all(f"min_deaths.{code}" == line.line for line in found)


@pytest.mark.parametrize(
    "policy, facts, line",
    [
        (category("Z4", min_deaths=0), {"category": "Z4", "casualties": Casualties()}, "min_deaths.Z4"),
        (POLICY, {"category": "Z4", "casualties": Casualties()}, None),
        (
            category("Z1", min_serious_injuries=1),
            {"casualties": Casualties(serious_injuries=1)},
            "min_serious_injuries.Z1",
        ),
        (category("Z1", min_serious_injuries=2), {"casualties": Casualties(serious_injuries=1)}, None),
        (
            category("Z6", min_loss_yuan=5000),
            {"category": "Z6", "casualties": Casualties(), "loss_yuan": 5000},
            "min_loss_yuan.Z6",
        ),
        (
            category("Z6", min_loss_yuan=5000),
            {"category": "Z6", "casualties": Casualties(), "loss_yuan": Decimal("4999.99")},
            None,
        ),
        (category("Z6", min_loss_yuan=5000), {"category": "Z6", "casualties": Casualties(), "loss_yuan": None}, None),
        (category("Z1", min_deaths=2), {"casualties": Casualties(deaths=1)}, None),
        (replace(POLICY, categories=CATEGORIES[1:]), {}, None),  # Z1 switched off
        (POLICY, {"stat_status": "written_off"}, None),  # ZA10
        (POLICY, {"stat_status": "not_counted"}, "min_deaths.Z1"),  # the other counter
        (POLICY, {"excluded": True}, None),
        (POLICY, {"nature": "undetermined"}, "min_deaths.Z1"),
        (replace(POLICY, undetermined="does_not_break"), {"nature": "undetermined"}, None),
        (POLICY, {"category": None}, "min_deaths.*"),
        (POLICY, {"category": None, "casualties": Casualties()}, None),
        (replace(POLICY, unnamed=replace(POLICY.unnamed, min_deaths=2)), {"category": None}, None),
        (replace(POLICY, undetermined="does_not_break"), {"category": None}, None),
        (POLICY, {"casualties": Casualties(missing=4)}, None),  # 下落不明 is no death
    ],
)
def test_the_policy_line_that_makes_an_accident_count_is_named(policy, facts, line):
    found = breaks(policy, accident(**facts))
    assert [one.line for one in found] == ([line] if line else [])
    verdict = judge(policy, accident(**facts))
    assert verdict.breaks is bool(line)
    assert verdict.reason


U, CON, OWN = "u-mine", "u-contractor", "u-owner"
BOTH = (UnitPart(U), UnitPart(CON, "contractor", True), UnitPart(OWN, "owner", None))


@pytest.mark.parametrize(
    "policy, facts, whom",
    [
        # ZA7: a private car, one death inside V, no enterprise
        (POLICY, {"category": "Z2", "nature": "non_production"}, [V]),
        (replace(POLICY, road_non_production_breaks_village=False), {"category": "Z2", "nature": "non_production"}, []),
        (replace(POLICY, road_non_production_breaks_village=False), {}, [V]),
        # an enterprise inside the village
        (POLICY, {"roles": (UnitPart(U),)}, [V, U]),
        (replace(POLICY, village_counts_unit_accidents=False), {"roles": (UnitPart(U),)}, [U]),
        (replace(POLICY, village_counts_unit_accidents=False), {}, [V]),
        # occurring always, also when found without blame; contractor and owner only when found responsible
        (POLICY, {"roles": (UnitPart(U, "occurring", False),)}, [V, U]),
        (POLICY, {"roles": BOTH}, [V, CON, U]),
        (POLICY, {"roles": (UnitPart(U), UnitPart(OWN, "owner", True))}, [V, U, OWN]),
        (POLICY, {"roles": (UnitPart(U), UnitPart(OWN, "owner", False))}, [V, U]),
        (POLICY, {"roles": (UnitPart(U), UnitPart("u-x", "witness", True))}, [V, U]),
        (POLICY, {"roles": (UnitPart(U), UnitPart(U, "owner", True))}, [V, U]),  # charged once
        (POLICY, {"roles": (UnitPart(U), UnitPart("u-2"))}, [V, "u-2", U]),  # every occurring unit
        (replace(POLICY, roles_always=("occurring", "owner")), {"roles": BOTH}, [V, CON, U, OWN]),
        (replace(POLICY, roles_when_responsible=()), {"roles": BOTH}, [V, U]),
        # roads
        (POLICY, {"category": "Z2", "on_trunk_road": True}, [V]),
        (replace(POLICY, trunk_roads="not_counted"), {"category": "Z2", "on_trunk_road": True}, []),
        (replace(POLICY, trunk_roads="not_counted"), {"on_trunk_road": True, "roles": (UnitPart(U),)}, [U]),
        (replace(POLICY, trunk_roads="not_counted"), {}, [V]),
        # no village known
        (POLICY, {"village": None}, []),
        (POLICY, {"village": None, "roles": (UnitPart(U),)}, [U]),
        # approved changes
        (POLICY, {"overrides": (Override("village", W),)}, [W]),  # one village only
        (POLICY, {"village": None, "overrides": (Override("village", W),)}, [W]),
        (POLICY, {"overrides": (Override("village", V, False),)}, []),
        (POLICY, {"overrides": (Override("village", W, False),)}, [V]),
        (POLICY, {"roles": (UnitPart(U),), "overrides": (Override("unit", U, False),)}, [V]),
        (POLICY, {"overrides": (Override("unit", OWN),)}, [V, OWN]),
        (
            replace(POLICY, trunk_roads="not_counted"),
            {"on_trunk_road": True, "overrides": (Override("village", V),)},
            [V],
        ),
    ],
)
def test_an_accident_breaks_its_village_and_units_as_the_policy_says(policy, facts, whom):
    assert [key for _, key in charged_subjects(policy, accident(**facts))] == whom


def test_a_break_states_its_place_policy_line_and_open_question():
    village, unit = breaks(POLICY, accident(nature="undetermined", roles=(UnitPart(U),)))
    assert (village.attribution, unit.attribution) == ("place", "occurring")
    assert village.provisional and unit.provisional
    assert (
        village.reason
        == "2026-03-05发生生产安全死亡事故（Z1），死亡1人，达到1人及以上；事故发生地；性质待定，暂计入，核销后恢复"
    )
    assert not breaks(POLICY, accident())[0].provisional


@given(st.permutations(BOTH))
def test_breaks_do_not_depend_on_the_order_of_units(roles):
    assert breaks(POLICY, accident(roles=tuple(roles))) == breaks(POLICY, accident(roles=BOTH))


# ------------------------------------------------------------------------------------------------ 比例


@pytest.mark.parametrize(
    "zero, total, target, percent, met",
    [
        (323, 380, 85, "85.00", True),  # ZA1, inclusive
        (322, 380, 85, "84.73", False),  # ZA2
        (999, 1000, 90, "99.90", True),  # ZA4: units, not accidents
        (900, 1000, 90, "90.00", True),  # ZA5
        (899, 1000, 90, "89.90", False),
        (0, 0, 85, None, None),  # ZA13: neither 0 nor 100
        (0, 5, 85, "0.00", False),
        (5, 5, 85, "100.00", True),
        (16999, 20000, 85, "84.99", False),  # 84.995 % is never shown as 85.00
        (17000, 20000, 85, "85.00", True),
        (1, 3, 85, "33.33", False),
        (2, 3, None, "66.66", None),  # no target set
        (855, 1000, Decimal("85.5"), "85.50", True),
        (854, 1000, Decimal("85.5"), "85.40", False),
        (0, 7, 0, "0.00", True),
    ],
)
def test_a_ratio_is_compared_exactly_and_shown_rounded_down(zero, total, target, percent, met):
    found = ratio(zero, total, target)
    assert (found.percent, found.met) == (percent, met)


@pytest.mark.parametrize(
    "zero, total, target, error",
    [
        (6, 5, 85, ValueError),
        (-1, 5, 85, ValueError),
        (1.0, 5, 85, TypeError),
        (1, 5, 85.0, TypeError),
        (1, 5, -1, ValueError),
    ],
)
def test_an_impossible_ratio_is_refused(zero, total, target, error):
    with pytest.raises(error):
        ratio(zero, total, target)


@pytest.mark.parametrize(
    "zero, total, target, left",
    [
        (323, 380, 85, 0),
        (322, 380, 85, -1),
        (326, 380, 85, 3),
        (254, 254, 85, 38),
        (10, 10, 90, 1),
        (9, 10, 90, 0),
        (8, 10, 90, -1),
        (0, 0, 85, None),
        (5, 5, None, None),
        (855, 1000, Decimal("85.5"), 0),
        (7, 7, 0, 7),
    ],
)
def test_the_spare_is_how_many_more_may_break_and_still_meet_the_target(zero, total, target, left):
    assert spare(ratio(zero, total, target)) == left


COUNTS = st.integers(0, 3000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(COUNTS, st.integers(0, 100))
def test_a_target_is_met_exactly_when_the_shown_percentage_reaches_it(counts, target):
    zero, total = counts
    found = ratio(zero, total, target)
    if total:
        assert found.met is (Fraction(zero, total) >= Fraction(target, 100))
        assert found.met is (Decimal(found.percent) >= target)
        assert 0 <= Fraction(zero * 100, total) - Fraction(found.percent) < Fraction(1, 100)


@given(COUNTS, st.integers(0, 100))
def test_with_the_spare_used_the_target_is_met_and_with_one_more_it_is_missed(counts, target):
    zero, total = counts
    left = spare(ratio(zero, total, target))
    if left is not None and left >= 0:
        assert ratio(zero - left, total, target).met
        assert left == zero or not ratio(zero - left - 1, total, target).met
    elif left is not None:
        assert not ratio(zero, total, target).met
        assert ratio(zero - left, total, target).met


@pytest.mark.parametrize(
    "year, found",
    [
        (2020, None),
        (2021, (2021, 85)),
        (2022, (2021, 85)),
        (2024, (2024, 86)),
        (2026, (2024, 86)),
    ],
)
def test_a_year_without_a_target_uses_the_last_earlier_target(year, found):
    target = target_for({2021: 85, 2024: 86}, year)
    assert (target and (target.year, target.percent)) == found


# ------------------------------------------------------------------------------------------------ 分母

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize(
    "policy, unit, broken, counts",
    [
        (POLICY, {}, False, True),
        (POLICY, {"type": "public_institution"}, False, True),
        (POLICY, {"type": "individual_business"}, True, False),
        (POLICY, {"type": "state_organ"}, False, False),
        (POLICY, {"registered_on": AS_OF}, False, True),  # from registration on
        (POLICY, {"registered_on": date(2026, 7, 1)}, False, False),
        (replace(POLICY, min_days_active=30), {"registered_on": date(2026, 5, 31)}, False, True),
        (replace(POLICY, min_days_active=30), {"registered_on": date(2026, 6, 1)}, False, False),
        (replace(POLICY, min_days_active=30), {"registered_on": date(2026, 6, 1)}, True, True),
        (replace(POLICY, min_days_active=30), {}, False, True),  # day unknown: long there
        (POLICY, {"closed_on": date(2026, 7, 1)}, False, True),  # still open at as_of
        (POLICY, {"closed_on": AS_OF}, False, False),
        (POLICY, {"closed_on": AS_OF}, True, True),  # no cleaning by deregistration
        (POLICY, {"closed_on": date(2026, 1, 1)}, True, True),
        (POLICY, {"closed_on": date(2025, 12, 31)}, True, False),  # closed before the period
        (replace(POLICY, denominator="as_of"), {"closed_on": AS_OF}, True, False),
        (POLICY, {"suspended": True}, False, True),
        (replace(POLICY, suspended="not_counted"), {"suspended": True}, False, False),
        (replace(POLICY, suspended="not_counted"), {"suspended": True}, True, True),
    ],
)
def test_the_denominator_counts_units_by_type_and_state(policy, unit, broken, counts):
    facts = UnitFacts(**({"id": U, "type": "enterprise"} | unit))
    assert in_unit_denominator(policy, facts, AS_OF, broken=broken) is counts


def test_virtual_villages_are_not_counted_unless_the_policy_says_so():
    virtual = VillageFacts("141123400498", virtual=True)
    assert not in_village_denominator(POLICY, virtual)
    assert in_village_denominator(replace(POLICY, virtual_villages_in_denominator=True), virtual)
    assert in_village_denominator(POLICY, VillageFacts(V))


MERGED = [
    VillageFacts("new", predecessors=("a", "b")),
    VillageFacts("half1", predecessors=("c",)),
    VillageFacts("half2", predecessors=("c",)),
    VillageFacts("alone"),
]


@pytest.mark.parametrize(
    "broken, expected",
    [
        (set(), set()),
        ({"a"}, {"new"}),
        ({"a", "b"}, {"new"}),
        ({"c"}, {"half1", "half2"}),  # split: both come from it
        ({"half1"}, {"half1"}),
        ({"alone", "elsewhere"}, {"alone"}),
        ({"z"}, {"new"}),  # z went into a, a into new, in one year
    ],
)
def test_a_successor_is_broken_when_any_predecessor_was(broken, expected):
    assert broken_villages(POLICY, MERGED, broken, older={"a": ("z",), "z": ("a",)}) == expected


def test_a_successor_answers_for_every_branch_it_came_from():
    came_from = {"a": ("c", "e"), "b": ("d",), "c": ("f",)}
    for oldest in "cdef":
        assert broken_villages(POLICY, [VillageFacts("new", predecessors=("a", "b"))], {oldest}, older=came_from) == {
            "new"
        }, oldest


def test_merged_villages_stay_broken_unless_the_policy_counts_own_accidents_only():
    own = replace(POLICY, merge_rule="own_accidents_only")
    assert broken_villages(own, MERGED, {"a", "alone"}) == {"alone"}


@pytest.mark.parametrize(
    "mode, broken, accepted, zero",
    [
        ("accident_only", False, False, True),
        ("accident_only", True, True, False),
        ("accident_and_standard", False, True, True),
        ("accident_and_standard", False, False, False),
        ("accident_and_standard", True, True, False),
    ],
)
def test_in_the_standards_mode_unmet_standards_also_prevent_zero(mode, broken, accepted, zero):
    assert is_zero(replace(POLICY, mode=mode), broken=broken, standards_accepted=accepted) is zero


def test_whom_nobody_has_assessed_the_standards_do_not_count_as_zero():
    assert not is_zero(replace(POLICY, mode="accident_and_standard"), broken=False)


def test_the_period_of_figures_is_the_year_to_date():
    assert period_of(POLICY, AS_OF) == (date(2026, 1, 1), AS_OF)


# ------------------------------------------------------------------------------------------------ 排名


def row(region, village=(10, 10), unit=(10, 10), **more):
    return RankRow(region, ratio(*village, 85), ratio(*unit, 90), **more)


def test_the_development_zone_is_ranked_when_the_policy_says_so():
    rows = [row("b", (1, 9)), row("a", zone=True)]
    assert [one.rank for one in rank(rows, replace(POLICY, rank_zone=True))] == [1, 2]


def test_townships_are_ranked_by_the_keys_of_the_policy():
    by_deaths = replace(POLICY, rank_keys=(("deaths", "asc"),))
    rows = [row("a", deaths=1), row("b", (1, 9)), row("c", (1, 8))]
    assert [(one.rank, one.row.region) for one in rank(rows, by_deaths)] == [(1, "b"), (1, "c"), (3, "a")]


PAIRS = st.sampled_from([(0, 0), (0, 3), (1, 3), (2, 6), (2, 3), (3, 3)])
ROWS = st.lists(
    st.builds(
        row,
        st.text("0123456789", min_size=3, max_size=3),
        PAIRS,
        PAIRS,
        deaths=st.integers(0, 2),
        accidents=st.integers(0, 2),
        hazards_due=st.integers(0, 1),
        veto=st.booleans(),
        zone=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda one: one.region,
)


@given(ROWS, st.randoms())
def test_ranks_do_not_depend_on_the_order_of_townships(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert rank(shuffled) == rank(rows)


@given(ROWS)
def test_a_rank_is_one_more_than_the_number_of_better_townships(rows):
    ranked = [one for one in rank(rows) if one.rank is not None]
    assert [one.rank for one in ranked] == sorted(one.rank for one in ranked)
    assert {one.row.region for one in rank(rows)} == {one.region for one in rows}
    for one in ranked:
        assert one.rank == 1 + sum(other.rank < one.rank for other in ranked)
    assert all(one.rank is None for one in rank(rows) if one.row.zone)


@given(COUNTS, COUNTS)
def test_townships_are_ranked_by_their_exact_fractions(one, other):
    ranks = {found.row.region: found.rank for found in rank([row("a", one), row("b", other)])}
    if one[1] and other[1]:
        a, b = Fraction(*one), Fraction(*other)
        assert (ranks["a"] < ranks["b"], ranks["a"] == ranks["b"]) == (a > b, a == b)


@given(ROWS)
def test_no_vetoed_township_ranks_before_one_without_a_veto(rows):
    vetoes = [one.row.veto for one in rank(rows) if one.rank is not None]
    assert vetoes == sorted(vetoes)


def test_policy_and_windows_cannot_be_changed():
    for thing in (POLICY, WINDOWS):
        with pytest.raises(AttributeError):
            thing.count_from = "same_day"
    assert isinstance(POLICY, Policy) and isinstance(WINDOWS, Windows)
