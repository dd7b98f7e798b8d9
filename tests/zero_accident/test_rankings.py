"""The same numbers by township, county and sector, ranked by all keys or by one subject's; one rule for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast.accidents import OTHER_TOWN, TOWN, V2, YEAR, ZONE, V, W, at, occurring, report_accident
from tests.cast.units import unit
from zero_accident.figures import query as figures_query
from zero_accident.figures import ranking, rebuilding
from zero_accident.figures import ratios as zero_ratios
from zero_accident.figures.ranking import TOWNSHIPS, Ranking

pytestmark = pytest.mark.django_db
COUNTY = "141123"
API = "/api/v1/zero-accident/"


def asked(as_of: date | None = None) -> figures_query.FigureQuery:
    return figures_query.figure_query(YEAR, as_of)


def rows(wanted: Ranking = TOWNSHIPS, as_of: date | None = None) -> dict[str, dict]:
    return {row["sector"] or row["region"]: row for row in ranking.ranking_rows(asked(as_of), COUNTY, wanted)}


def some_units() -> dict[str, object]:
    """Two coal mines at home, one of them broken; a mine and a builder in the other township, the builder broken."""
    found = {
        "one": unit("甲矿有限公司", region=V), "two": unit("乙矿有限公司", region=V2), "three": unit("丙矿有限公司", region=W),
        "builder": unit("丁建筑有限公司", region=W, sector="urban_construction"),
    }  # fmt: skip
    report_accident(1, units=occurring(found["one"]), deaths=2)
    report_accident(2, units=occurring(found["builder"]), region=W, occurred_at=at(4, 1))
    return found


# --- rankings ----------------------------------------------------------------------------------------------------------------
def test_a_ranking_by_villages_ignores_units_and_the_reverse():
    some_units()
    villages, of_units = rows(Ranking(by="village")), rows(Ranking(by="unit"))
    assert villages[TOWN]["rank"] < villages[OTHER_TOWN]["rank"]  # 36 of 37 before 22 of 23
    assert (of_units[TOWN]["unit_ratio"], of_units[OTHER_TOWN]["unit_ratio"]) == ("50.00", "50.00")
    assert (of_units[OTHER_TOWN]["rank"], of_units[TOWN]["rank"]) == (1, 2)  # as many broken, fewer dead
    assert of_units["141123102000"]["rank"] == 3  # no units, no ratio: behind all that have one


def test_tied_townships_share_a_rank():
    ranked = [row["rank"] for row in ranking.ranking_rows(asked(), COUNTY, Ranking(by="village"))]
    assert ranked == [1] * 15 + [None]


def test_a_vetoed_township_is_last_in_every_ranking():
    some_units()
    report_accident(3, region=V2, deaths=3, occurred_at=at(5, 1), units=[])
    for wanted in (Ranking(), Ranking(by="village"), Ranking(by="unit"), Ranking(by="unit", sector="coal_mine")):
        ranked = rows(wanted)
        assert (ranked[TOWN]["veto"], ranked[TOWN]["rank"]) == (True, 15)


def test_the_development_zone_has_no_rank_by_default():
    assert rows(Ranking(by="unit"))[ZONE]["rank"] is None


def test_a_township_ranking_by_sector_counts_only_that_sectors_accidents():
    some_units()
    found = rows(Ranking(by="unit", sector="urban_construction"))
    assert (found[OTHER_TOWN]["unit_zero"], found[OTHER_TOWN]["unit_total"], found[OTHER_TOWN]["deaths"], found[OTHER_TOWN]["accidents"]) == (0, 1, 1, 1)
    assert (found[TOWN]["unit_total"], found[TOWN]["unit_ratio"], found[TOWN]["deaths"]) == (0, None, 0)
    assert found[OTHER_TOWN]["rank"] == 1
    mines = rows(Ranking(by="unit", sector="coal_mine"))
    assert (mines[OTHER_TOWN]["rank"], mines[TOWN]["rank"], mines[TOWN]["deaths"]) == (1, 2, 2)
    assert (mines[TOWN]["village_zero"], mines[TOWN]["village_total"]) == (36, 37)  # shown as ever


def test_sectors_are_ranked_by_unit_ratio_then_by_deaths():
    some_units()
    found = rows(Ranking(of="sector", by="unit"))
    assert list(found) == ["coal_mine", "urban_construction"]
    assert (found["coal_mine"]["rank"], found["coal_mine"]["unit_zero"], found["coal_mine"]["unit_total"]) == (1, 2, 3)
    assert (found["coal_mine"]["deaths"], found["coal_mine"]["accidents"], found["coal_mine"]["name"]) == (2, 1, "煤矿")
    assert (found["urban_construction"]["rank"], found["urban_construction"]["region"]) == (2, "141123000000")


def test_an_accident_that_broke_two_units_of_a_sector_counts_once():
    both = [*occurring(unit("甲矿有限公司", region=V)), *occurring(unit("乙矿有限公司", region=V))]
    report_accident(1, units=both)
    found = rows(Ranking(of="sector", by="unit"))["coal_mine"]
    assert (found["unit_broken"], found["accidents"], found["deaths"]) == (2, 1, 1)


def test_county_ranking_figures_are_the_sum_of_its_townships():
    some_units()
    county, towns = rows(Ranking(of="county"))["141123000000"], rows().values()
    for name in ("village_zero", "village_total", "unit_zero", "unit_total", "deaths", "accidents", "hazards_due"):
        assert county[name] == sum(row[name] for row in towns)
    assert (county["rank"], county["name"], county["unit_ratio"]) == (1, "兴县", "50.00")


@pytest.mark.parametrize("wanted", [Ranking(), Ranking(by="unit"), Ranking(of="county"), Ranking(of="sector", by="unit"), Ranking(by="unit", sector="coal_mine"), Ranking("county", "unit", "coal_mine")])
def test_every_ranking_computed_anew_equals_the_kept_one(wanted):
    some_units()
    kept = ranking.ranking_rows(asked(), COUNTY, wanted)
    afresh = ranking.ranking_rows(figures_query.FigureQuery(asked().of, kept=False), COUNTY, wanted)
    recalled = ranking.ranking_rows(figures_query.figure_query(YEAR, None, known_at=timezone.now()), COUNTY, wanted)
    assert [{**row, "revision": 0} for row in kept] == [{**row, "revision": 0} for row in afresh] == [{**row, "revision": 0} for row in recalled]


@pytest.mark.parametrize(
    "wanted, most",
    [(Ranking(), 1), (Ranking(by="village"), 1), (Ranking(of="county"), 2), (Ranking(of="sector", by="unit"), 4), (Ranking(by="unit", sector="coal_mine"), 4)],
)
@pytest.mark.parametrize("accidents", [1, 30])
def test_a_kept_ranking_takes_a_bounded_number_of_queries_at_any_number_of_accidents(wanted, most, accidents):
    own = occurring(unit("甲矿有限公司", region=V))
    for number in range(accidents):
        report_accident(number, units=own)
    with CaptureQueriesContext(connection) as queries:
        ranking.ranking_rows(asked(), COUNTY, wanted)
    assert len(queries) <= most
    assert not any(table in each["sql"] for each in queries for table in ('"zero_accident_accident"', '"zero_accident_statement"'))


@pytest.mark.parametrize(
    "door, query, code",
    [
        ("ranking", "by=luck", "invalid"), ("ranking", "of=planet", "invalid"), ("ranking", "sector=magic", "unknown_sector"),
        ("ranking", "sector=coal_mine&by=village", "bad_parameter"), ("ranking", "of=sector&by=overall", "bad_parameter"),
        ("ranking", "of=sector&sector=coal_mine", "bad_parameter"), ("breakdown", "by=luck", "invalid"),
        ("breakdown", "by=sector&sector=coal_mine", "bad_parameter"), ("breakdown", "region=999999", "unknown_region"),
        ("ratios", "sector=magic", "unknown_sector"), ("ratios", "colour=red", "bad_parameter"), ("broken", "sector=magic", "unknown_sector"),
        ("broken", "accident=1", "invalid"), ("broken", "as_of=2024-01-01&year=2025", "bad_parameter"),
        ("policies", "version=ZA-1900-1", "unknown_policy"), ("policies", "line=min_deaths.Z99", "unknown_policy_line"),
        ("revisions", "region=999999", "unknown_region"), ("revisions", "year=2199", "in_the_future"), ("notices", "seen=perhaps", "invalid"),
        ("notices", "kind=weather", "invalid"),
    ],
)  # fmt: skip
def test_a_ranking_with_contradictory_parameters_is_refused_with_a_code(as_, door, query, code):
    answer = as_("leader").get(f"{API}{door}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.content


# --- ratios by part ------------------------------------------------------------------------------------------------------------
def test_sector_ratios_count_the_sectors_units_and_all_villages(as_):
    some_units()
    found = as_("leader").get(f"{API}ratios?year={YEAR}&sector=urban_construction").json()
    assert (found["units"]["zero"], found["units"]["total"], found["units"]["met"]) == (0, 1, False)
    assert (found["villages"]["zero"], found["villages"]["total"]) == (251, 253)
    assert "sector=urban_construction" in found["units"]["broken_list"]
    whole = as_("leader").get(f"{API}ratios?year={YEAR}").json()["units"]
    assert {code: (each["zero"], each["total"]) for code, each in whole["sectors"].items()} == {"coal_mine": (2, 3), "urban_construction": (0, 1)}


def test_breakdowns_by_township_and_sector_add_up_to_the_county(as_):
    some_units()
    leader = as_("leader")
    whole = leader.get(f"{API}ratios?year={YEAR}").json()
    towns, sectors, counties = (leader.get(f"{API}breakdown?year={YEAR}&by={by}").json() for by in ("township", "sector", "county"))
    assert (len(towns), len(sectors), len(counties)) == (16, 2, 1)
    for figure in ("zero", "total", "broken", "provisional"):
        for what in ("villages", "units"):
            assert sum(row[what][figure] for row in towns if row[what]) == whole[what][figure] == counties[0][what][figure]
        assert sum(row["units"][figure] for row in sectors) == whole["units"][figure]
    assert all(row["name"] and row["villages"] is None for row in sectors)
    zone = next(row for row in towns if row["region"] == ZONE)
    assert (zone["villages"]["ratio"], zone["villages"]["forecast"]) == (None, "没有计入的村，不计算零事故率。")
    home = next(row for row in towns if row["region"] == TOWN)
    assert (home["name"], home["villages"]["zero"], home["units"]["total"]) == ("蔚汾镇", 36, 2)
    assert home["villages"]["forecast"] == "全年已结束，达到85.00%的目标，还余4个村。"


@pytest.mark.parametrize("by, most", [("township", 3), ("county", 4), ("sector", 2)])
@pytest.mark.parametrize("units", [1, 30])
def test_a_breakdown_takes_few_queries_at_any_number_of_units(by, most, units, django_assert_max_num_queries):
    for number in range(units):
        unit(f"{number}号有限公司", region=V)
    rebuilding.rebuild(YEAR)
    with django_assert_max_num_queries(most):
        assert zero_ratios.breakdown(asked(), COUNTY, by)


def test_a_forecast_looks_ahead_until_the_year_has_ended():
    report_accident()
    seen = [zero_ratios.ratios(each, COUNTY)["villages"]["forecast"] for each in (
        figures_query.figure_query(YEAR, date(YEAR, 6, 30)), figures_query.figure_query(YEAR, None, date(YEAR, 12, 31)), figures_query.figure_query(YEAR, None, date(YEAR + 1, 1, 1)))]  # fmt: skip
    assert seen == [
        "还可再有36个村破零；再破第37个，全年就达不到85.00%的目标。",
        "还可再有37个村破零；再破第38个，全年就达不到85.00%的目标。",  # nobody had told yet
        "全年已结束，达到85.00%的目标，还余37个村。",
    ]


# --- taken apart -----------------------------------------------------------------------------------------------------------------
def test_a_ratio_leads_to_its_list_its_accidents_and_the_policy_line(as_):
    some_units()
    bureau = as_("bureau")
    ratios = bureau.get(f"{API}ratios?year={YEAR}").json()
    assert ratios["villages"]["broken"] == 2
    listed = bureau.get(ratios["villages"]["broken_list"]).json()["results"]
    assert [row["key"] for row in listed] == [V, W]
    why = listed[0]["accidents"][0]
    assert (why["line"], why["attribution"]) == ("min_deaths.Z1", "place")
    assert why["parameter"]["value"] == 1 and why["parameter"]["name"] == "生产安全死亡事故：死亡"
    accident = bureau.get(f"/api/v1/accidents/{why['accident']}").json()
    assert {each["line"] for each in accident["breaks"]} == {"min_deaths.Z1"}
    assert accident["breaks"][0]["parameter"]["source"].startswith("山西省")
    [policy] = bureau.get(f"{API}policies?version={listed[0]['policy']}&line={why['line']}").json()
    assert (policy["version"], [each["code"] for each in policy["parameters"]]) == ("ZA-2021-1", ["min_deaths.Z1"])
    own = bureau.get(f"{API}broken?year={YEAR}&accident={why['accident']}").json()["results"]
    assert {row["kind"] for row in own} == {"village", "unit"}
    assert [row["sector"] for row in bureau.get(f"{API}broken?year={YEAR}&sector=urban_construction").json()["results"]] == ["urban_construction"]


def test_an_open_question_of_the_policy_shows_the_default_until_it_is_decided(as_):
    [policy] = as_("enterprise").get(f"{API}policies?line=trunk_roads").json()
    [line] = policy["parameters"]
    assert (line["open_question"], line["default"], line["said"]) == ("OPEN-14", "计入", "计入途经村")
    assert line["question"]


@pytest.mark.parametrize("when", [{}, {"as_of": f"{YEAR}-12-30"}])
def test_the_broken_list_pages_alike_for_kept_and_computed_figures(as_, when):
    for number, village in enumerate([V, V2, W, "141123102200", "141123103200"]):
        report_accident(number, region=village, units=occurring(unit(f"{number}号有限公司", region=village)))
    leader, seen, back = as_("leader"), [], []
    page = leader.get(f"{API}broken", {"year": YEAR, "limit": 4, "count": "true", **when}).json()
    assert page["total"] == 10 and page["previous"] is None
    seen += page["results"]
    while page["next"]:
        page = leader.get(page["next"]).json()
        seen += page["results"]
    assert len(seen) == 10 and seen == leader.get(f"{API}broken", {"year": YEAR, **when}).json()["results"]
    while page["previous"]:
        page = leader.get(page["previous"]).json()
        back = page["results"] + back
    assert back == seen[: len(back)] and len(back) == 8
    assert leader.get(f"{API}broken", {"year": YEAR, "cursor": "junk", **when}).json()["code"] == "bad_cursor"


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("when", [{}, {"as_of": f"{YEAR}-12-30"}])
def test_the_broken_list_takes_a_bounded_number_of_queries_at_any_length(as_, number, when):
    for each in range(number):
        report_accident(each, units=occurring(unit(f"{each}号有限公司", region=V)))
    leader = as_("leader")
    with CaptureQueriesContext(connection) as queries:
        assert leader.get(f"{API}broken", {"year": YEAR, **when}).status_code == 200
    assert len(queries) <= (22 if when else 8)
