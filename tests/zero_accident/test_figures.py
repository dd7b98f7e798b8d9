"""From facts to figures through the database, and that nothing but facts moves them. The worked cases: test_worked_cases.py."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accidents.models import Accident, AccidentReport
from accidents.reports import deciding, reporting
from enterprises import actions as enterprises
from geo.actions import load_edition
from geo.models import Region
from hazards.models import Hazard
from reference import files, law
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
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
from tests.cast.figures import all_kept_figures, broken_keys, set_policy, township_figures
from tests.cast.units import mine, unit
from zero_accident.attribution import actions
from zero_accident.figures import query, rebuilding
from zero_accident.figures import ranking as township_ranking
from zero_accident.figures import ratios as zero_ratios
from zero_accident.models import Broken, TownshipCount, TownshipFigures

pytestmark = pytest.mark.django_db
VILLAGES, IN_TOWN = 253, 37


@pytest.fixture(autouse=True)
def law_cache_cleared():
    yield
    law.forget()


def ratios(region: str = "141123", as_of: date | None = None, year: int = YEAR) -> dict:
    return zero_ratios.ratios(query.figure_query(year, as_of), region)


def zero_total_ratio(found: dict) -> tuple:
    return found["zero"], found["total"], found["ratio"]


# --- what breaks, and where ------------------------------------------------------------------------------------------------
def test_an_accident_changes_only_the_figures_of_its_own_places():
    report_accident(1)
    untouched = TownshipFigures.objects.get(region_code=OTHER_TOWN, year=YEAR)
    report_accident(2, region=V2)
    assert township_figures(TOWN).villages_broken == 2
    assert TownshipFigures.objects.get(pk=untouched.pk).xid == untouched.xid
    assert TownshipFigures.objects.get(pk=untouched.pk).revision == untouched.revision == 1


def test_a_virtual_village_is_not_counted_in_the_denominator():
    report_accident(region="141123400498")
    assert broken_keys() == set()
    zone = township_figures(ZONE)
    assert (zone.zone, zone.villages_total, zone.village_ratio, zone.deaths) == (True, 0, None, 1)


def test_an_accident_without_a_village_counts_for_its_township():
    report_accident(region=TOWN[:9])
    assert broken_keys() == set()
    assert (township_figures().deaths, township_figures().accidents, township_figures().villages_broken) == (1, 1, 0)


def test_a_contractor_breaks_only_when_found_responsible():
    own, other = mine(), unit("别家工程有限公司", region=W, sector="urban_construction")
    both = [*occurring(own), *occurring(other, "contractor")]
    report_accident(units=both)
    assert broken_keys("unit") == {str(own.pk)}
    deciding.decide(key(1), by=bureau(), units=[dict(both[0], enterprise=own.pk), dict(both[1], enterprise=other.pk, responsible=True)])
    assert broken_keys("unit") == {str(own.pk), str(other.pk)}
    assert (township_figures(OTHER_TOWN).units_broken, township_figures(OTHER_TOWN).deaths) == (1, 0)  # the dead are counted once, where it happened


def test_an_override_charges_another_village_or_excludes_a_unit():
    own = mine()
    report_accident(units=occurring(own))
    actions.override(key(1), by=bureau(), subject="village", village=W, effect="charge", **PAPER)
    actions.override(key(1), by=bureau(), subject="unit", enterprise=own.pk, effect="exclude", **PAPER)
    assert broken_keys() == {W}
    assert (township_figures(TOWN).deaths, township_figures(OTHER_TOWN).deaths) == (0, 1)
    actions.override(key(1), by=bureau(), subject="accident", effect="exclude", **PAPER)
    assert broken_keys() == set()


def test_charging_a_second_village_replaces_the_first():
    report_accident()
    for village in (W, V2):
        actions.override(key(1), by=bureau(), subject="village", village=village, effect="charge", **PAPER)
    assert broken_keys() == {V2}


def test_an_undetermined_accident_breaks_provisionally_until_it_is_decided():
    report_accident(by="township")
    assert ratios()["villages"]["provisional"] == 1
    deciding.decide(key(1), by=bureau(), nature="production")
    assert ratios()["villages"]["provisional"] == 0
    assert ratios()["villages"]["broken"] == 1


def test_a_larger_production_accident_vetoes_its_township_to_the_last_rank():
    report_accident(deaths=3)
    ranked = ranking()
    assert (ranked[TOWN]["veto"], ranked[TOWN]["rank"]) == (True, 15)


def ranking(as_of: date | None = None) -> dict[str, dict]:
    return {row["region"]: row for row in json.loads(township_ranking.ranking(query.figure_query(YEAR, as_of), "141123"))}


# --- later deaths ------------------------------------------------------------------------------------------------------------
def later_deaths(deaths: int, *moment, number: int = 1, **more):
    return reporting.add_report(key(number), by=bureau(), kind="supplement", held_at=at(*moment), deaths=deaths, **more)


def test_a_death_inside_the_window_changes_the_grade_and_one_outside_is_only_noted():
    report_accident(deaths=2)
    later_deaths(3, 4, 4)  # the thirtieth day
    accident = Accident.objects.get()
    assert (accident.grade, accident.deaths, accident.late_deaths) == ("larger", 3, 0)
    later_deaths(4, 4, 5)
    accident.refresh_from_db()
    assert (accident.grade, accident.deaths, accident.late_deaths) == ("larger", 3, 1)
    assert township_figures().deaths == 3


@pytest.mark.parametrize("sector", ["fire_safety", "road_transport"])
def test_a_units_sector_alone_does_not_shorten_the_window_of_thirty_days(sector):
    accident = report_accident(deaths=0, serious_injuries=1, units=occurring(unit(sector=sector)))
    assert accident.sector_id == sector  # by its unit; nobody has said that it was a fire or on the road
    reporting.add_report(key(1), by=bureau(), kind="supplement", held_at=at(3, 20), deaths=1, reason="第15日死亡")
    accident.refresh_from_db()
    assert (accident.deaths, accident.late_deaths, broken_keys("village")) == (1, 0, {V})
    deciding.decide(key(1), by=bureau(), sector=sector, reason="认定为该行业的事故")
    accident.refresh_from_db()
    assert (accident.deaths, accident.late_deaths, broken_keys()) == (0, 1, set())


def test_a_correction_counts_even_after_the_window_has_ended():
    accident = report_accident(deaths=3)
    assert accident.grade == "larger"
    reporting.add_report(key(1), by=bureau(), kind="supplement", held_at=at(9, 1), deaths=1, reason="误报，实为1人死亡")
    accident.refresh_from_db()
    assert (accident.grade, accident.deaths, accident.late_deaths, township_figures().vetoes) == ("general", 1, 0, 0)


def test_a_unit_of_another_township_raises_a_warning():
    assert report_accident(1, units=occurring(unit(region="141123101200"))).warnings == ["unit_elsewhere"]
    assert report_accident(2, units=occurring(unit("本镇某矿"))).warnings == []


def test_a_late_report_about_an_earlier_moment_does_not_replace_a_later_one():
    report_accident(deaths=1)
    later_deaths(3, 3, 5, 16)
    later_deaths(2, 3, 5, 12)
    assert Accident.objects.get().deaths == 3


def test_values_left_out_of_a_follow_up_keep_their_reported_value():
    report_accident(deaths=2, direct_loss_yuan="9999999.99")
    reporting.add_report(key(1), by=bureau(), kind="follow_up", held_at=at(3, 6), serious_injuries=4)
    accident = Accident.objects.get()
    assert (accident.deaths, accident.serious_injuries, accident.direct_loss_yuan, accident.grade) == (2, 4, Decimal("9999999.99"), "general")
    reporting.add_report(key(1), by=bureau(), kind="follow_up", held_at=at(3, 7), direct_loss_yuan=Decimal("10000000.00"))
    assert Accident.objects.get().grade == "larger"


def test_accident_reports_can_be_neither_edited_nor_deleted():
    report_accident()
    for attempt in (lambda rows: rows.update(deaths=0), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt(AccidentReport.objects.all())


# --- units and hazards move denominators -----------------------------------------------------------------------------------
def drain() -> None:
    while outbox.drain():
        pass
    assert not OutboxMessage.objects.exclude(error="").exists(), OutboxMessage.objects.exclude(error="").first().error


def test_a_unit_is_counted_in_its_current_township_until_it_closes():
    report_accident()
    made = unit(opened_on=date(YEAR, 1, 10))
    drain()
    assert (township_figures(TOWN).units_total, township_figures(OTHER_TOWN).units_total) == (1, 0)
    enterprises.update(made.pk, by=SYSTEM, region=W, since=date(YEAR, 5, 1))
    drain()
    assert (township_figures(TOWN).units_total, township_figures(OTHER_TOWN).units_total) == (0, 1)
    enterprises.set_status(made.pk, by=SYSTEM, status="closed", on=date(YEAR, 9, 1), reason="注销")
    drain()
    assert township_figures(OTHER_TOWN).units_total == 0
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_a_broken_unit_that_closes_stays_in_the_denominator():
    made = unit(opened_on=date(YEAR - 1, 1, 10))
    report_accident(units=occurring(made))
    enterprises.set_status(made.pk, by=SYSTEM, status="closed", on=date(YEAR, 9, 1), reason="注销")
    drain()
    assert zero_total_ratio(ratios()["units"]) == (0, 1, "0.00")
    assert zero_total_ratio(ratios(as_of=date(YEAR, 10, 1))["units"]) == (0, 1, "0.00")


@pytest.mark.parametrize(
    "fields, counted",
    [
        ({}, 1),
        ({"unit_type": "public_institution"}, 1),
        ({"unit_type": "individual_business"}, 0),
        ({"unit_type": "state_organ"}, 0),
        ({"status": "suspended", "status_on": date(YEAR, 2, 1)}, 1),
        ({"status": "closed", "status_on": date(YEAR, 2, 1)}, 0),
        ({"opened_on": date(YEAR, 12, 31)}, 1),
        ({"opened_on": date(YEAR + 1, 1, 1)}, 0),
    ],
)
def test_the_denominator_counts_units_by_type_and_state(fields, counted):
    unit(**fields)
    assert ratios()["units"]["total"] == counted


@pytest.mark.parametrize("fields", [{"status": "suspended", "status_on": date(YEAR, 2, 1)}, {"opened_on": date(YEAR, 12, 1)}])
@pytest.mark.parametrize("is_broken", [True, False])
def test_a_policy_may_leave_out_suspended_or_new_units_unless_they_are_broken(fields, is_broken):
    set_policy(suspended="not_counted", min_days_active=90)
    own = unit(**fields)
    report_accident(units=occurring(own) if is_broken else [], occurred_at=at(12, 5))
    assert ratios()["units"]["total"] == int(is_broken)
    assert ratios(as_of=date(YEAR, 12, 30))["units"]["total"] == int(is_broken)


def hazard(number: int, **fields) -> Hazard:
    return Hazard.objects.create(
        **{
            "id": key(900 + number), "state": "closed", "level": "general", "origin": "patrol", "sector_id": "fire_safety", "region_code": V,
            "place": "村口", "description": "通道堵塞", "reported_by": key(1), "reporter_name": "张巡", "found_at": at(3, 1),
            "due_on": date(YEAR, 3, 10), "closed_on": date(YEAR, 3, 9), **fields,
        }
    )  # fmt: skip


def test_the_on_time_rate_counts_hazards_due_in_the_year():
    report_accident()
    hazard(1)
    hazard(2, closed_on=date(YEAR, 3, 15), review_requested_on=date(YEAR, 3, 10))  # asked for in time, and passed
    hazard(3, closed_on=date(YEAR, 3, 15))
    hazard(4, state="rectifying", closed_on=None)
    hazard(5, state="void", closed_on=None)
    hazard(6, due_on=date(YEAR - 1, 12, 31), closed_on=date(YEAR, 1, 5))
    outbox.send("hazard.moved", {"hazard": str(key(901)), "step": "pass"})
    drain()
    found = township_figures()
    assert (found.hazards_on_time, found.hazards_due, found.on_time_rate) == (2, 4, "50.00")
    assert township_figures(OTHER_TOWN).on_time_rate is None
    assert ranking(date(YEAR, 3, 9))[TOWN]["hazards_due"] == 0


# --- a past day ------------------------------------------------------------------------------------------------------------
def test_figures_as_of_a_day_count_facts_up_to_that_day():
    early, late = unit("先立有限公司", region=V), unit("后立有限公司", region=V, opened_on=date(YEAR, 8, 1))
    report_accident(1, units=occurring(early))
    report_accident(2, region=W, occurred_at=at(9, 1), units=occurring(late))
    assert [ratios(as_of=day)["villages"]["broken"] for day in (date(YEAR, 3, 4), date(YEAR, 3, 5), date(YEAR, 9, 1))] == [0, 1, 2]
    assert zero_total_ratio(ratios(as_of=date(YEAR, 7, 31))["units"]) == (0, 1, "0.00")
    assert zero_total_ratio(ratios(as_of=date(YEAR, 8, 31))["units"]) == (1, 2, "50.00")
    assert ranking(date(YEAR, 3, 4))[TOWN]["deaths"] == 0


def test_figures_computed_for_the_last_day_equal_the_kept_figures():
    report_accident(units=occurring(mine()))
    hazard(1)
    rebuilding.rebuild(YEAR)
    asked = query.figure_query(YEAR, None)
    afresh = query.FigureQuery(asked.of, kept=False)
    assert zero_ratios.ratios(asked, "141123") == zero_ratios.ratios(afresh, "141123")
    kept, made = (json.loads(township_ranking.ranking(each, "141123")) for each in (asked, afresh))
    assert [row | {"revision": 0} for row in kept] == [row | {"revision": 0} for row in made]


def test_figures_of_a_single_village_can_be_requested():
    report_accident()
    unit(region=V)
    unit("别村有限公司", region=V2)
    found = ratios(V)
    assert zero_total_ratio(found["villages"]) == (0, 1, "0.00")
    assert found["units"]["total"] == 1


# --- places change ---------------------------------------------------------------------------------------------------------
def merge(on: date, *gone: str) -> None:
    """The list without these villages of 蔚汾镇, all of which `V2` took over."""
    rows = [{"code": code, "name": name} for code, name in Region.objects.today().values_list("code", "name") if code not in gone]
    load_edition(rows, label=f"合并 {on}", cut_off=on, successors=[{"predecessor": code, "successor": V2} for code in gone])


def test_a_merged_village_passes_its_accident_on_and_each_day_has_its_own_total():
    report_accident()
    merge(date(YEAR, 7, 1), V)
    rebuilding.rebuild(YEAR)
    assert broken_keys("village") == {V2}
    assert ratios()["villages"]["total"] == VILLAGES - 1
    assert ratios(as_of=date(YEAR, 6, 30))["villages"]["total"] == VILLAGES
    assert ratios(V, as_of=date(YEAR, 6, 30))["villages"]["broken"] == 1
    deciding.write_off(key(1), by=bureau(), **PAPER)
    assert broken_keys() == set()
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_loading_an_edition_refreshes_the_figures_it_touches_and_says_so():
    report_accident()
    merge(date(YEAR, 7, 1), V)
    assert broken_keys("village") == {V2}
    assert ratios()["villages"]["total"] == VILLAGES - 1
    line = TrailLine.objects.filter(verb="regions.load").latest("pk")
    assert line.details["followed"][0].startswith(f"零事故指标：{YEAR}年 1 个乡镇重新计算，")
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_loading_a_policy_refreshes_the_figures_of_its_years_and_says_so(tmp_path):
    report_accident(category="Z2")
    assert broken_keys("village") == {V}
    folder = shutil.copytree(files.DATA, tmp_path / "data")
    change = '[[changes]]\nat = "/categories/Z2/min_deaths"\neffective_from = 2025-02-01\nvalue = 3\nsource = "兴安委〔2026〕31号"\n'
    (folder / "zero_accident_policy" / "2025.toml").write_text(change, encoding="utf-8")
    out = StringIO()
    call_command("load_reference", folder, replace=True, stdout=out)
    assert f"零事故指标：{YEAR}" in out.getvalue()
    assert rebuilding.rebuild(YEAR, check=True).lines == []
    assert {policy for policy, in Broken.objects.filter(year=YEAR).values_list("policy")} == {"ZA-2021-1"}


def test_a_dissolved_townships_deaths_and_units_pass_to_its_successor():
    gone = [code for code, in Region.objects.filter(code__startswith="141123101").values_list("code")]
    unit(region=W)
    report_accident(region=W)
    rows = [{"code": code, "name": name} for code, name in Region.objects.today().values_list("code", "name") if code not in gone]
    load_edition(
        rows, label="撤乡", cut_off=date(YEAR, 7, 1),
        successors=[{"predecessor": code, "successor": TOWN if code.endswith("000") else V} for code in gone],
    )  # fmt: skip
    rebuilding.rebuild(YEAR)
    assert not TownshipFigures.objects.filter(region_code=OTHER_TOWN, year=YEAR).exists()
    found = township_figures(TOWN)
    assert (found.deaths, found.units_total, found.villages_broken) == (1, 1, 1)
    report_accident(2, region=V2, occurred_at=at(9, 1))
    assert rebuilding.rebuild(YEAR, check=True).lines == []


# --- one truth -------------------------------------------------------------------------------------------------------------
def test_a_check_reports_figures_changed_by_hand_and_writes_nothing():
    report_accident(units=occurring(mine()))
    assert rebuilding.rebuild(YEAR, check=True).lines == []
    TownshipFigures.objects.filter(region_code=TOWN).update(deaths=0)
    TownshipCount.objects.filter(region_code=OTHER_TOWN, subject="village").delete()
    Accident.objects.update(grade="major")
    report = rebuilding.rebuild(YEAR, check=True)
    assert report.count == 3
    assert rebuilding.rebuild(YEAR, check=True).count == 3
    assert rebuilding.rebuild(YEAR).count == 3
    assert rebuilding.rebuild(YEAR, check=True).count == 0


def test_township_figures_add_up_to_the_county():
    unit("甲有限公司", region=V)
    report_accident(1, units=occurring(mine()))
    report_accident(2, region=W)
    county = ratios()
    towns = [ratios(code[:9]) for code in Region.objects.today().townships().values_list("code", flat=True)]
    for what in ("villages", "units"):
        for figure in ("zero", "total", "broken"):
            assert sum(town[what][figure] for town in towns) == county[what][figure]


def test_a_year_without_kept_figures_is_computed_on_request():
    assert ratios(year=2024)["villages"]["zero"] == VILLAGES
    assert ratios(year=2024)["revision"] == 0
    today = timezone.localdate()
    assert ratios(year=today.year)["as_of"] == today.isoformat()


def test_reading_a_ranking_does_not_query_accidents(django_assert_num_queries):
    report_accident(units=occurring(mine()))
    with django_assert_num_queries(1) as asked:
        township_ranking.ranking(query.figure_query(YEAR, None), "141123")
    assert "zero_accident_standing" in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize("more", [0, 10])
def test_recording_an_accident_takes_as_many_queries_at_any_number_of_accidents(more):
    own = occurring(mine())
    for number in range(more):
        report_accident(number + 10, region=W)
    report_accident(1)
    with CaptureQueriesContext(connection) as asked:
        report_accident(2, units=own)
    assert len(asked) <= 53, len(asked)
    assert all_kept_figures()
