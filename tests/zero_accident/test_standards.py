"""The nine creation standards: told of a day, corrected, taken over, counted under the mode that asks for them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from reference import law
from reference.terms import Standard
from safety_api.models import TrailLine
from safety_api.problems import Problem
from tests.cast.accidents import OTHER_TOWN, TOWN, V2, YEAR, V, W, bureau, report_accident
from tests.cast.figures import set_policy, township_figures
from tests.cast.people import OTHER_VILLAGE
from tests.cast.region_changes import MOVED, merge, move
from tests.cast.units import elsewhere, mine, unit
from zero_accident.figures import query, ranking, ratios, rebuilding
from zero_accident.models import FigureRevision, StandardMark, StandardSheet, TownshipCount, TownshipFigures
from zero_accident.standards.assessing import Result, assess_standards

pytestmark = pytest.mark.django_db
URL, UNMET = "/api/v1/zero-accident/standards", "/api/v1/zero-accident/short"
ALL_STANDARDS = Standard.values
MAY_DAY = date(YEAR, 5, 1)


@pytest.fixture(autouse=True)
def law_cache_cleared():
    yield
    law.forget()


@pytest.fixture
def standards_mode():
    set_policy(mode="accident_and_standard")


def results(but: str = "", reason: str = "未开展") -> list[Result]:
    return [Result(code, code != but, reason if code == but else "") for code in ALL_STANDARDS]


def assess(*villages: str, units: tuple = (), on: date = MAY_DAY, but: str = "", by: str = "bureau", year: int = YEAR, **more):
    return assess_standards(
        by=User.objects.get(username=by), year=year, held_on=on, villages=list(villages), enterprises=[each.pk for each in units],
        **{"results": results(but), **more},
    )  # fmt: skip


def villages(as_of: date | None = None, region: str = "141123") -> tuple[int, int, int]:
    found = ratios.ratios(query.figure_query(YEAR, as_of), region)["villages"]
    return found["zero"], found["broken"], found["short"]


def unmet_standards(row: TownshipFigures) -> tuple[int, int]:
    return row.villages_short, row.units_short


# --- figures -------------------------------------------------------------------------------------------------------------
def test_by_default_an_assessment_of_standards_changes_no_figure():
    report_accident()
    before = FigureRevision.objects.count()
    assess(V2, but="meetings")
    assert FigureRevision.objects.count() == before
    assert villages() == (252, 1, 0)


def test_by_default_an_assessment_does_not_query_the_figures():
    with CaptureQueriesContext(connection) as asked:
        assess(V)
    assert not [each for each in asked if "zero_accident_tally" in each["sql"] or "zero_accident_standing" in each["sql"]]


def test_by_default_figures_do_not_query_the_standards():
    with CaptureQueriesContext(connection) as asked:
        report_accident(units=[{"enterprise": str(mine().pk)}])
    assert not [each for each in asked if "zero_accident_standard" in each["sql"]]


def test_zero_accident_means_neither_broken_nor_with_unmet_standards(standards_mode):
    report_accident()
    assess(V, V2, W)
    assert villages() == (2, 1, 250)
    assert unmet_standards(township_figures(TOWN)) == (35, 0)
    assert unmet_standards(township_figures(OTHER_TOWN)) == (22, 0)


def test_an_assessment_updates_only_the_figures_of_its_place_at_once(standards_mode):
    report_accident()
    untouched = TownshipFigures.objects.get(region_code=OTHER_TOWN, year=YEAR)
    number = FigureRevision.objects.count()
    assess(V2)
    assert unmet_standards(township_figures(TOWN)) == (35, 0)
    assert TownshipFigures.objects.get(pk=untouched.pk).xid == untouched.xid
    assert FigureRevision.objects.count() == number + 1
    assert FigureRevision.objects.latest("number").reason == "创建标准评定"
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_units_are_assessed_against_the_standards_one_by_one(standards_mode):
    good, poor = mine(), elsewhere()
    unit("未评单位有限公司", region=V)
    report_accident()
    assess(units=(good,))
    assess(units=(poor,), but="reporting")
    assert unmet_standards(township_figures(TOWN)) == (36, 1)
    assert unmet_standards(township_figures(OTHER_TOWN)) == (23, 1)
    found = ratios.ratios(query.figure_query(YEAR, None), "141123")["units"]
    assert (found["zero"], found["total"], found["short"], found["ratio"]) == (1, 3, 2, "33.33")


def test_a_broken_unit_stays_broken_even_if_it_meets_the_standards(standards_mode):
    own = mine()
    report_accident(units=[{"enterprise": str(own.pk)}])
    assert (township_figures().units_broken, township_figures().units_short) == (1, 0)
    assess(units=(own,))
    assert (township_figures().units_broken, township_figures().units_short, township_figures().unit_ratio) == (1, 0, "0.00")


@pytest.mark.parametrize(
    "assessments, accepted_on",
    [
        ([(date(YEAR, 5, 1), "")], [False, True, True]),
        ([(date(YEAR, 5, 1), ""), (date(YEAR, 9, 1), "meetings")], [False, True, False]),
        ([(date(YEAR, 9, 1), "meetings"), (date(YEAR, 5, 1), "")], [False, True, False]),  # told in another order
        ([(date(YEAR, 5, 1), "meetings"), (date(YEAR, 9, 1), "")], [False, False, True]),
        ([(date(YEAR, 5, 1), "meetings"), (date(YEAR, 5, 1), "")], [False, True, True]),  # corrected the same day
        ([(date(YEAR + 1, 1, 10), "")], [False, False, True]),  # after the year, for the year
        ([(date(YEAR, 5, 1), ""), (date(YEAR + 1, 1, 10), "meetings")], [False, True, False]),
    ],
)
def test_an_assessment_holds_from_its_day_until_the_next(standards_mode, assessments, accepted_on):
    for day, but in assessments:
        assess(V, on=day, but=but)
    rebuilding.rebuild(YEAR)
    days = (date(YEAR, 4, 30), date(YEAR, 8, 31), date(YEAR, 12, 31))
    assert [villages(day, V)[0] == 1 for day in days] == accepted_on
    assert (township_figures().villages_short == 36) is accepted_on[-1]
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_nine_standards_passed_on_nine_days_all_count(standards_mode):
    report_accident()
    for place, each in enumerate(ALL_STANDARDS):
        assert township_figures().villages_short == 36
        assess(V2, on=MAY_DAY + timedelta(days=place), results=[Result(each, True)])
    assert township_figures().villages_short == 35


def test_repeating_an_assessment_changes_nothing():
    first = assess(V, V2, units=(mine(),))
    lines = TrailLine.objects.count()
    again = assess(V, V2, units=(same_mine(),))
    assert (first.marks, again.marks) == (27, 0)
    assert TrailLine.objects.count() == lines
    assert StandardMark.objects.count() == 27 and StandardSheet.objects.count() == 3


def same_mine():
    from enterprises.models import Enterprise
    from tests.cast.people import MINE

    return Enterprise.objects.get(pk=MINE)


def test_correcting_an_assessment_keeps_the_earlier_marks(standards_mode):
    assess(V, but="meetings")
    moment = timezone.now()
    assess(V)
    dropped = StandardMark.objects.exclude(known_to=None)
    assert [(each.standard, each.passed) for each in dropped] == [("meetings", False)]
    last = date(YEAR, 12, 31)
    stood = StandardMark.objects.stood(YEAR, last, moment).filter(passed=True)
    assert (stood.count(), StandardMark.objects.stood(YEAR, last).filter(passed=True).count()) == (8, 9)


def test_a_ratio_as_known_at_a_moment_counts_the_standards_assessed_by_then(standards_mode):
    report_accident()
    moments = [timezone.now()]
    for but in ("meetings", ""):
        assess(V2, but=but)
        moments.append(timezone.now())
    asked = [query.figure_query(YEAR, None, known_at=moment) for moment in moments]
    assert [ratios.ratios(each, V2)["villages"]["zero"] for each in asked] == [0, 0, 1]
    assert [ratios.ratios(each, "141123")["villages"]["short"] for each in asked] == [252, 252, 251]


def test_every_assessed_village_gets_its_own_trail_line():
    assess(V, W, but="meetings")
    rows = TrailLine.objects.filter(verb="zero_accident.assess_standards").order_by("object_id")
    assert [(row.object_id, row.region_code) for row in rows] == [(V, V), (W, W)]
    assert rows[0].details["failed"] == {"meetings": "未开展"}


# --- places that change --------------------------------------------------------------------------------------------------
def test_a_village_with_a_new_code_keeps_its_passed_standards(standards_mode):
    assess(W)
    report_accident()
    assert unmet_standards(township_figures(OTHER_TOWN)) == (22, 0)
    move()
    rebuilding.rebuild(YEAR)
    assert unmet_standards(township_figures(OTHER_TOWN)) == (22, 0)  # 22 are left, none of them assessed
    assert unmet_standards(township_figures(TOWN)) == (36, 0)  # 37 unassessed, one of them broken; the one that came is accepted
    assert villages(region=MOVED) == (1, 0, 0)
    assert rebuilding.rebuild(YEAR, check=True).lines == []


def test_a_merged_village_passes_by_all_its_predecessors_or_by_its_own_marks(standards_mode):
    assess(V)
    assess("141123100203", but="meetings")
    merge(V, "141123100203", into=V2)
    rebuilding.rebuild(YEAR)
    assert villages(region=V2) == (0, 0, 1)
    assess(V2, on=date(YEAR, 8, 1), results=[Result("meetings", True)])
    assert villages(region=V2) == (1, 0, 0)
    set_policy(mode="accident_and_standard", merge_rule="own_accidents_only")
    rebuilding.rebuild(YEAR)
    assert villages(region=V2) == (0, 0, 1)


def test_unmet_standards_of_townships_add_up_to_the_county(standards_mode):
    assess(V, W)
    assess(V2, but="meetings")
    report_accident(region=W)
    county = villages()
    towns = [villages(region=row.region_code[:9]) for row in TownshipFigures.objects.filter(year=YEAR)]
    assert tuple(map(sum, zip(*towns, strict=True))) == county
    assert sum(row.short for row in TownshipCount.objects.filter(year=YEAR)) == county[2]


# --- doors ---------------------------------------------------------------------------------------------------------------
def body(**fields) -> dict:
    sent = [{"standard": code, "passed": True} for code in ALL_STANDARDS]
    return {"year": YEAR, "held_on": "2025-05-01", "villages": [V], "results": sent, "document": "验收表", **fields}


def test_a_township_officer_assesses_a_village_and_reads_it(as_):
    answer = as_("township").post(URL, body(), format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["new_marks"] == 9
    sheet = answer.json()["sheets"][0]
    assert (sheet["region"], sheet["accepted"], sheet["missing"], len(sheet["marks"])) == (V, True, [], 9)
    assert sheet["marks"][0]["by_name"] == "赵安"
    assert as_("township").post(URL, body(), format="json").status_code == 200
    found = as_("bureau").get(URL, {"year": YEAR, "accepted": "true", "region": TOWN}).json()["results"]
    assert [row["name"] for row in found] == [sheet["region_name"]]


@pytest.mark.parametrize("fields, pointer, word", [
    ({"results": [{"standard": "tidiness", "passed": True}]}, "/results/0/standard", "unknown_standard"),
    ({"results": []}, "/results", "min_length"),
    ({"results": [{"standard": "meetings", "passed": False}]}, "/results/0/reason", "reason_required"),
    ({"results": [{"standard": "meetings", "passed": True}, {"standard": "meetings", "passed": True}]}, "/results/1/standard", "twice"),
    ({"results": [{"standard": "meetings"}]}, "/results/0/passed", "required"),
    ({"year": 2199}, "/year", "in_the_future"),
    ({"held_on": "2199-01-01"}, "/held_on", "in_the_future"),
    ({"held_on": "2024-12-31"}, "/held_on", "before_the_year"),
    ({"villages": [V, V]}, "/villages/1", "twice"),
    ({"villages": [V, W]}, "/villages/1", "unknown_region"),
    ({"villages": ["141123100999"]}, "/villages/0", "unknown_region"),
    ({"villages": [TOWN]}, "/villages/0", "unknown_region"),
    ({"villages": [], "enterprises": ["00000000-0000-4000-8000-000000000002"]}, "/enterprises/0", "unknown_enterprise"),
    ({"villages": []}, "", "nobody_named"),
    ({"villages": [V], "score": 95}, "/score", "unknown_field"),
])  # fmt: skip
def test_an_invalid_assessment_of_standards_stores_nothing(as_, fields, pointer, word):
    elsewhere()
    answer = as_("township").post(URL, body(**fields), format="json")
    assert answer.status_code == 400, answer.content
    answered = [(each["pointer"].removesuffix("/non_field_errors"), each["code"]) for each in answer.json()["errors"]]
    assert (pointer, word) in answered
    assert not StandardSheet.objects.exists() and not StandardMark.objects.exists()


def test_an_assessed_village_must_exist_on_the_day_of_the_assessment():
    merge(V, into=V2, on=date(YEAR, 7, 1))
    assess(V, on=date(YEAR, 6, 30))
    with pytest.raises(Problem) as refused:
        assess(V, on=date(YEAR, 7, 1))
    assert refused.value.kind.code == "unknown_region"


def test_standard_sheets_are_visible_only_within_the_own_jurisdiction(as_):
    own = mine()
    assess(V, OTHER_VILLAGE, units=(own, elsewhere()))
    for who, seen in (("bureau", 4), ("township", 2), ("inspector2", 2), ("village", 2), ("enterprise", 1), ("department", 4)):
        assert len(as_(who).get(URL).json()["results"]) == seen, who


def test_the_list_of_unmet_standards_explains_the_number_in_the_figures(as_, standards_mode):
    report_accident()
    assess(V2, W, but="meetings")
    leader = as_("leader")
    listed = leader.get(UNMET, {"year": YEAR, "count": "true"}).json()
    assert listed["total"] == villages()[2] == 252
    row = next(row for row in listed["results"] if row["region"] == V2)
    assert row["line"] == row["parameter"]["code"] == "mode.accident_and_standard"
    assert "信息报告及时" in row["parameter"]["said"]
    assert row["missing"] == [{"standard": "meetings", "name": "会议制度落实", "state": "not_passed", "reason": "未开展"}]
    assert row["sentence"] == "年度创建标准尚有1项未通过：会议制度落实"
    other = leader.get(UNMET, {"year": YEAR, "region": W}).json()["results"][0]
    assert other["missing"][0]["reason"] is None  # not the leader's township
    unassessed = listed["results"][0]
    assert {each["state"] for each in unassessed["missing"]} == {"not_assessed"} and len(unassessed["missing"]) == 9


def test_units_with_unmet_standards_are_named_only_within_their_jurisdiction(as_, standards_mode):
    mine(), elsewhere()
    report_accident()
    assess(units=(same_mine(),), but="meetings")
    found = as_("leader").get(UNMET, {"year": YEAR, "kind": "unit"}).json()["results"]
    assert [(row["name"], len(row["missing"])) for row in found] == [("兴县示例煤业有限公司", 1), (None, 9)]
    assert sum(row.units_short for row in TownshipFigures.objects.filter(year=YEAR)) == 2


def test_by_default_the_list_of_unmet_standards_is_empty(as_):
    report_accident()
    assert as_("leader").get(UNMET, {"year": YEAR}).json()["results"] == []


def test_the_ranking_counts_unmet_standards_in_the_standards_mode(standards_mode):
    report_accident(region="141123101201")
    assess(W)
    rows = {row["region"]: row for row in json.loads(ranking.ranking(query.figure_query(YEAR, None), "141123"))}
    assert (rows[OTHER_TOWN]["rank"], rows[OTHER_TOWN]["village_zero"], rows[OTHER_TOWN]["village_short"]) == (1, 1, 21)
    assert (rows[TOWN]["village_ratio"], rows[TOWN]["village_short"]) == ("0.00", 37)


@pytest.mark.parametrize("many", [1, 30])
def test_lists_of_standards_take_a_bounded_number_of_queries_at_any_length(as_, standards_mode, many):
    from geo.models import Region

    codes = Region.objects.today().villages(virtual=False).within("141123").order_by("code").values_list("code", flat=True)[:many]
    assess(*codes, but="meetings")
    phone = as_("bureau")
    for url, most in ((URL, 9), (UNMET, 16)):
        with CaptureQueriesContext(connection) as asked:
            assert phone.get(url, {"year": YEAR, "limit": 30}).status_code == 200
        assert len(asked) <= most, (url, len(asked))


@pytest.mark.parametrize("many", [1, 30])
def test_an_assessment_takes_a_bounded_number_of_queries_at_any_length(standards_mode, many):
    report_accident()
    from geo.models import Region

    codes = Region.objects.today().villages(virtual=False).within(TOWN[:9]).order_by("code").values_list("code", flat=True)[:many]
    with CaptureQueriesContext(connection) as asked:
        assess(*codes)
    assert len(asked) <= 39, len(asked)
    assert bureau()
