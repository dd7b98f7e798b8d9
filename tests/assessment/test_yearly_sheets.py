"""年度考核表: what it counts, that every figure opens, who says what, and that what was confirmed stands."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import Error, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accidents.reports import deciding
from assessment.models import Sheet, SheetView
from assessment.yearly import sheets, vetoes
from assessment.yearly.rules import Party
from assessment.yearly.tasks import draft_the_year
from assessment.yearly.working_out import Year, work_out
from geo.models import Region
from reference import law
from reference.models import SectorDepartment
from safety_api.idempotency import fingerprint
from safety_api.models import TrailLine
from safety_api.problems import Problem
from tests.cast.accidents import bureau, report_accident
from tests.cast.units import a_unit
from tests.cast.yearly import COUNTY, OTHER_TOWN, TOWN, URL, YEAR, body, drafted, figure, figures, person, veto
from tests.cast.yearly_facts import a_year_of_facts

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def facts(people):
    return a_year_of_facts(a_unit())


def content(party: str, kind: str = "township", year: int = YEAR) -> dict:
    return work_out(Year(COUNTY, year, timezone.localdate()))[kind, party]


# --- what it counts --------------------------------------------------------------------------------------------------
def test_a_townships_figures_are_counted_from_the_facts_of_the_year(facts):
    found = figures(content(TOWN))
    assert found | {
        "accidents_counted": 2, "deaths_counted": 4, "accidents_general": 1, "accidents_larger": 1, "accidents_major": 0,
        "larger_accidents": 1, "breaking_accidents": 3, "breaking_deaths": 5, "findings_late": 1, "findings_concealed": 1,
        "findings_omitted": 0, "hazards_found": 3, "hazards_major_found": 1, "hazards_overdue": 1, "hazards_open": 1,
        "hazards_major_open": 1, "listings": 1, "listings_standing": 2, "listings_overdue": 1,
    } == found  # fmt: skip
    on_time = figure(content(TOWN), "hazards_on_time")
    assert (on_time["part"], on_time["of"], on_time["value"]) == (1, 3, "33.33")


def test_visits_of_a_year_in_which_they_were_a_figure_are_counted_by_month(facts, monkeypatch):
    monkeypatch.setattr("reference.bodies.not_counted", lambda on: frozenset())
    found, plan = figures(content(TOWN)), figure(content(TOWN), "plan_completion")
    assert (found["visits"], found["patrols"]) == (3, 1)
    assert (plan["part"], plan["of"], plan["value"]) == (1, 2, "50.00")
    assert figures(content("emergency", "department"))["visits"] == 4


def test_a_departments_sheet_counts_the_sectors_it_supervises(facts):
    found = figures(content("emergency", "department"))
    assert (found["accidents_counted"], found["larger_accidents"], found["hazards_found"]) == (2, 1, 3)
    transport = figures(content("transport", "department"))
    assert (transport["accidents_counted"], transport["breaking_accidents"], transport["hazards_found"]) == (1, 2, 0)
    sectors = {each["sector"] for each in content("emergency", "department")["party"]["sectors"]}
    assert {"coal_mine", "metallurgy_trade"} <= sectors and "road_transport" not in sectors
    assert "rank" not in found and "village_zero" not in found


def test_the_sheets_of_all_townships_add_up_to_the_county(facts):
    shown = work_out(Year(COUNTY, YEAR, timezone.localdate()))
    towns = [figures(each) for (kind, _), each in shown.items() if kind == "township"]
    assert sum(each["accidents_counted"] for each in towns) == 3
    assert sum(each["hazards_found"] for each in towns) == 4


def test_a_sheet_shows_the_rank_out_of_how_many_and_ratios_with_their_target(facts):
    rank, village = figure(content(TOWN), "rank"), figure(content(TOWN), "village_zero")
    assert rank["of"] == 15 and rank["value"] == rank["part"] == 15  # vetoed: after all others
    assert (village["target"], village["target_year"], village["met"]) == ("85.00", 2021, True)
    assert village["of"] - village["part"] == 1


def test_the_development_zone_has_a_sheet_but_no_rank(people):
    zone = content("141123400000")
    assert zone["party"]["zone"] and figure(zone, "rank")["value"] is None


@pytest.fixture
def coal_handed_over(people):
    """From 16 March coal is supervised by another department."""
    rows = SectorDepartment.objects.filter(sector="coal_mine", role="supervise")
    rows.update(valid_to=date(YEAR, 3, 15))
    SectorDepartment.objects.create(
        sector_id="coal_mine", department_id="energy", role="supervise", order=9, valid_from=date(YEAR, 3, 16)
    )
    law.forget()
    yield
    law.forget()


def test_a_sector_handed_over_in_the_year_counts_for_each_department_in_its_time(coal_handed_over, facts):
    before, after = (figures(content(code, "department")) for code in ("emergency", "energy"))
    assert (before["accidents_counted"], after["accidents_counted"]) == (1, 1)  # 5 March, 1 August
    assert (before["larger_accidents"], after["larger_accidents"]) == (1, 0)
    assert (before["hazards_found"], after["hazards_found"]) == (1, 2)  # February; April and September
    assert (before["hazards_major_open"], after["hazards_major_open"]) == (0, 1)  # what stands at the end


# --- every figure opens ----------------------------------------------------------------------------------------------
def rows_behind(client, shown: dict) -> list[dict]:
    found = []
    for each in shown["behind"]:
        answer = client.get(f"{each['route']}?{urlencode(each['parameters'])}")
        assert answer.status_code == 200, (each, answer.json())
        answered = answer.json()
        found += answered if isinstance(answered, list) else answered["results"]
    return found


SUMS = {"deaths_counted": "deaths", "breaking_deaths": "deaths"}


def check_all_open(client, fields: dict) -> None:
    for shown in fields["figures"]:
        rows = rows_behind(client, shown)
        key = shown["key"]
        if key == "rank":
            assert any(row["region"] == fields["party"]["code"] and row["rank"] == shown["value"] for row in rows)
        elif key.endswith("_zero"):
            assert len(rows) == shown["of"] - shown["part"], key
        elif key in SUMS:
            assert sum(row[SUMS[key]] for row in rows) == shown["value"], key
        else:
            assert len(rows) == (shown["value"] if shown["of"] is None else shown["of"]), key


def test_every_figure_of_a_township_sheet_lists_as_many_rows_as_it_counts(facts, as_):
    for town in (TOWN, OTHER_TOWN):
        check_all_open(as_("bureau"), content(town))


def test_every_figure_of_a_department_sheet_lists_as_many_rows_as_it_counts(facts, as_):
    for code in ("emergency", "transport", "fire_rescue"):
        check_all_open(as_("bureau"), content(code, "department"))


def test_a_figure_of_part_of_the_year_lists_only_the_rows_of_that_part(coal_handed_over, facts, as_):
    for code in ("emergency", "energy"):
        check_all_open(as_("bureau"), content(code, "department"))


# --- draft -----------------------------------------------------------------------------------------------------------
def test_every_township_and_every_member_department_gets_one_sheet(people):
    new = sheets.draft(COUNTY, YEAR)
    towns = Region.objects.filter(level="township", code__startswith="141123", valid_to=None).count()
    members = law.in_force("assessment", date(YEAR, 12, 31)).body["members"]
    assert len(new) == towns + len(members)
    assert {each.party for each in new if each.party_kind == "department"} == set(members)
    assert set(members) <= set(law.books().departments)
    assert sheets.draft(COUNTY, YEAR) == []


def test_the_january_task_drafts_last_years_sheets_once(people):
    year = timezone.localdate().year - 1
    first = draft_the_year()
    assert first == Sheet.objects.filter(year=year).count() > 0
    assert draft_the_year() == 0
    assert set(Sheet.objects.values_list("opened_by", flat=True)) == {None}


def test_sheets_of_a_future_or_too_early_year_are_refused(as_, people):
    answer = body(as_("bureau"), "sheets", year=timezone.localdate().year + 1)
    assert (answer.status_code, answer.json()["code"]) == (400, "in_the_future")
    assert body(as_("bureau"), "sheets", year=2020).status_code == 400
    assert body(as_("bureau"), "sheets").status_code == 400


def test_sheets_of_another_county_cannot_be_drafted(as_, people):
    answer = body(as_("bureau"), "sheets", year=YEAR, region="141124")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Sheet.objects.exists()


# --- the party's view ------------------------------------------------------------------------------------------------
def test_the_view_of_a_party_is_part_of_the_confirmed_sheet(as_, people):
    sheet = drafted()
    answer = body(as_("leader"), f"sheets/{sheet.pk}/state-view", text="3月5日事故责任不在本镇。")
    assert answer.status_code == 200, answer.json()
    assert answer.json()["content"]["views"][0]["text"] == "3月5日事故责任不在本镇。"
    sheets.confirm(sheet.pk, by=person("committee"), conclusion="qualified")
    sheet.refresh_from_db()
    assert sheet.content["views"][0]["by"] == "钱镇"


def test_a_party_can_state_its_view_only_on_its_own_sheet(as_, people):
    person("department", department_id="emergency")
    others = drafted(OTHER_TOWN)
    assert body(as_("leader"), f"sheets/{others.pk}/state-view", text="x").status_code == 404
    sheets.confirm(others.pk, by=person("committee"), conclusion="qualified")
    answer = body(as_("leader"), f"sheets/{others.pk}/state-view", text="x")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    own = drafted("emergency")
    assert body(as_("department"), f"sheets/{own.pk}/state-view", text="无异议").status_code == 200
    assert body(as_("department"), f"sheets/{drafted(TOWN).pk}/state-view", text="x").status_code == 404


def test_the_database_refuses_to_change_a_partys_view(people):
    sheet = drafted()
    sheets.state_view(sheet.pk, by=person("leader"), text="无异议")
    with pytest.raises(Error), transaction.atomic():
        SheetView.objects.update(text="有异议")


# --- confirm ---------------------------------------------------------------------------------------------------------
def test_confirming_a_sheet_fixes_its_content_and_digest(as_, facts):
    sheet, client = drafted(OTHER_TOWN), as_("committee")
    seen = client.get(f"{URL}/sheets/{sheet.pk}").json()
    answer = body(client, f"sheets/{sheet.pk}/confirm", conclusion="excellent", comment="完成目标", document="兴安委〔2026〕2号",
                  content_sha256=seen["content_sha256"])  # fmt: skip
    assert answer.status_code == 200, answer.json()
    answered = answer.json()
    assert (answered["state"], answered["conclusion_name"], answered["confirmed_name"]) == ("confirmed", "优秀", "王安")
    assert answered["content"] == seen["content"]
    sheet.refresh_from_db()
    assert answered["content_sha256"] == fingerprint(sheet.content) == sheet.content_sha256
    report_accident(9, region="141123101200", deaths=1)  # later facts leave it alone
    assert client.get(f"{URL}/sheets/{sheet.pk}").json()["content"] == seen["content"]
    assert TrailLine.objects.filter(verb="sheet.confirm", object_id=str(sheet.pk)).count() == 1


def test_confirming_a_sheet_whose_figures_changed_since_seen_is_refused(as_, people):
    sheet, client = drafted(), as_("committee")
    seen = client.get(f"{URL}/sheets/{sheet.pk}").json()["content_sha256"]
    report_accident(1, deaths=1)
    answer = body(client, f"sheets/{sheet.pk}/confirm", conclusion="qualified", content_sha256=seen)
    assert (answer.status_code, answer.json()["code"]) == (409, "figures_moved")
    assert Sheet.objects.get(pk=sheet.pk).state == "open"


def test_a_sheet_cannot_be_confirmed_before_its_year_is_over(as_, people):
    sheet = drafted(year=timezone.localdate().year)
    answer = body(as_("committee"), f"sheets/{sheet.pk}/confirm", conclusion="qualified")
    assert (answer.status_code, answer.json()["code"]) == (409, "year_not_over")


def test_an_undecided_veto_blocks_confirmation_and_a_confirmed_one_bars_excellent(as_, facts):
    sheet, client = drafted(), as_("committee")
    answer = body(client, f"sheets/{sheet.pk}/confirm", conclusion="qualified")
    assert (answer.status_code, answer.json()["code"]) == (409, "veto_undecided")
    vetoes.confirm(veto(facts["larger"]).pk, by=person("committee"), document="文")
    answer = body(client, f"sheets/{sheet.pk}/confirm", conclusion="excellent")
    assert (answer.status_code, answer.json()["code"]) == (409, "barred_by_veto")
    answered = body(client, f"sheets/{sheet.pk}/confirm", conclusion="qualified").json()
    assert [each["state"] for each in answered["content"]["vetoes"]] == ["confirmed"]


def test_a_lifted_veto_does_not_bar_the_conclusion_excellent(as_, facts):
    sheet, committee = drafted(), person("committee")
    vetoes.confirm(veto(facts["larger"]).pk, by=committee, document="文一")
    vetoes.lift(veto(facts["larger"]).pk, by=committee, document="文二", reason="申诉成立", on=date(YEAR, 12, 1))
    answered = body(as_("committee"), f"sheets/{sheet.pk}/confirm", conclusion="excellent").json()
    assert [(each["state"], each["lift_document"]) for each in answered["content"]["vetoes"]] == [("lifted", "文二")]


def test_a_veto_proposed_after_confirmation_is_shown_beside_the_confirmed_content(as_, people):
    sheet = drafted()
    sheets.confirm(sheet.pk, by=person("committee"), conclusion="excellent")
    from tests.assessment.test_yearly_vetoes import larger

    larger()
    answered = as_("committee").get(f"{URL}/sheets/{sheet.pk}").json()
    assert answered["content"]["vetoes"] == [] and [each["state"] for each in answered["vetoes_now"]] == ["proposed"]


@pytest.mark.parametrize(
    "fields, word",
    [({}, "required"), ({"conclusion": "perfect"}, "unknown_conclusion"), ({"conclusion": 1}, "invalid"),
     ({"conclusion": "qualified", "grade": "A"}, "unknown_field")],
)  # fmt: skip
def test_a_conclusion_must_be_one_of_the_years_assessment_document(as_, people, fields, word):
    sheet = drafted()
    answer = body(as_("committee"), f"sheets/{sheet.pk}/confirm", **fields)
    assert answer.status_code == 400
    assert word in {answer.json()["code"], *(each["code"] for each in answer.json()["errors"])}


def test_only_the_committee_or_a_bureau_leader_who_did_not_draft_confirms_a_sheet(as_, people):
    body(as_("bureau"), "sheets", year=YEAR)
    sheet = Sheet.objects.get(party=TOWN)
    assert body(as_("bureau"), f"sheets/{sheet.pk}/confirm", conclusion="qualified").json()["code"] == "leaders_only"
    person("bureau", is_leader=True)
    answer = body(as_("bureau"), f"sheets/{sheet.pk}/confirm", conclusion="qualified")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_preparation")
    assert body(as_("committee"), f"sheets/{sheet.pk}/confirm", conclusion="qualified").status_code == 200


def test_a_confirmed_sheet_accepts_no_confirmation_and_no_view(as_, people):
    sheet = drafted()
    for expected in (200, 409):
        answer = body(as_("committee"), f"sheets/{sheet.pk}/confirm", conclusion="qualified")
        assert answer.status_code == expected
    assert answer.json()["code"] == "wrong_step"
    assert body(as_("leader"), f"sheets/{sheet.pk}/state-view", text="太晚").json()["code"] == "wrong_step"


@pytest.mark.parametrize("change", [{"conclusion": "excellent"}, {"content": {}}, {"state": "open"}, {"comment": "x"}])
def test_the_database_refuses_to_change_a_confirmed_sheet(people, change):
    sheet = drafted()
    sheets.confirm(sheet.pk, by=person("committee"), conclusion="qualified")
    with pytest.raises(Error), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(**change)
    with pytest.raises(Error), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).delete()


def test_the_database_refuses_a_confirmation_without_a_conclusion(people):
    with pytest.raises(Error), transaction.atomic():
        Sheet.objects.filter(pk=drafted().pk).update(state="confirmed", confirmed_at=timezone.now())


# --- revise ----------------------------------------------------------------------------------------------------------
def test_correcting_a_confirmed_sheet_makes_another_revision_with_its_reason(as_, facts):
    client = as_("committee")
    sheet = drafted(OTHER_TOWN)
    sheets.confirm(sheet.pk, by=person("committee"), conclusion="qualified")
    before = figures(Sheet.objects.get(pk=sheet.pk).content)["accidents_counted"]
    deciding.write_off(facts["elsewhere"].pk, by=bureau(), reason="刑事案件", document="文", approved_by="省安委办")
    assert body(client, f"sheets/{sheet.pk}/revise").status_code == 400
    answer = body(client, f"sheets/{sheet.pk}/revise", reason="5月1日事故核销")
    assert answer.status_code == 201, answer.json()
    answered = answer.json()
    assert (answered["number"], answered["state"], answered["reason"]) == (2, "open", "5月1日事故核销")
    assert (before, figures(answered["content"])["accidents_counted"]) == (1, 0)
    assert body(client, f"sheets/{sheet.pk}/revise", reason="再来").json()["code"] == "wrong_step"  # one is in work
    bureau_leader = person("bureau", is_leader=True)
    with pytest.raises(Problem):  # who revised does not sign
        sheets.confirm(answered["id"], by=person("committee"), conclusion="qualified")
    sheets.confirm(answered["id"], by=bureau_leader, conclusion="excellent")
    assert figures(Sheet.objects.get(pk=sheet.pk).content)["accidents_counted"] == 1
    listed = client.get(f"{URL}/sheets?region=141123101").json()["results"]
    assert [(row["number"], row["conclusion"]) for row in listed] == [(2, "excellent")]
    assert len(client.get(f"{URL}/sheets?region=141123101&revisions=all").json()["results"]) == 2


def test_an_open_sheet_cannot_be_revised(as_, people):
    answer = body(as_("committee"), f"sheets/{drafted().pk}/revise", reason="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")


# --- who sees --------------------------------------------------------------------------------------------------------
def test_a_party_sees_its_own_draft_and_the_confirmed_sheets_of_all(as_, people):
    person("department", department_id="emergency")
    drafted()
    other = Sheet.objects.get(party=OTHER_TOWN)
    for who, own in (("leader", TOWN), ("township", TOWN), ("department", "emergency")):
        seen = {row["party"] for row in as_(who).get(f"{URL}/sheets?limit=100").json()["results"]}
        assert seen == {own}, who
        assert as_(who).get(f"{URL}/sheets/{other.pk}").status_code == 404
    sheets.confirm(other.pk, by=person("committee"), conclusion="qualified")
    for who, own in (("leader", TOWN), ("department", "emergency")):
        seen = {row["party"] for row in as_(who).get(f"{URL}/sheets?limit=100").json()["results"]}
        assert seen == {own, OTHER_TOWN}, who
    for who in ("enterprise", "inspector", "village", "duty"):
        assert as_(who).get(f"{URL}/sheets").status_code == 403


def test_sheets_of_another_county_are_not_found(as_, people):
    sheet = drafted()
    person("committee", region="141124")
    client = as_("committee")
    assert client.get(f"{URL}/sheets").json()["results"] == []
    assert client.get(f"{URL}/sheets/{sheet.pk}").status_code == 404
    assert body(client, f"sheets/{sheet.pk}/confirm", conclusion="qualified").status_code == 404


@pytest.mark.parametrize(
    "query, count",
    [("year=2025", 39), ("year=2024", 0), ("party_kind=township", 16), ("party_kind=department", 23), ("state=confirmed", 1),
     ("conclusion=qualified", 1), ("region=141123101", 1), ("department=emergency", 1), ("region=141123", 39)],
)  # fmt: skip
def test_the_list_is_filtered_by_its_parameters(as_, people, query, count):
    sheet = drafted(OTHER_TOWN)
    sheets.confirm(sheet.pk, by=person("committee"), conclusion="qualified")
    assert len(as_("committee").get(f"{URL}/sheets?limit=100&{query}").json()["results"]) == count


def test_an_unchanged_list_is_answered_304(as_, people):
    sheet, client = drafted(), as_("committee")
    tag = client.get(f"{URL}/sheets").headers["ETag"]
    assert client.get(f"{URL}/sheets", headers={"If-None-Match": tag}).status_code == 304
    Sheet.objects.filter(pk=sheet.pk).update(comment="x")
    assert client.get(f"{URL}/sheets").status_code == 200


def test_a_stale_confirmation_is_refused(as_, people):
    answer = as_("committee").post(
        f"{URL}/sheets/{drafted().pk}/confirm",
        {"conclusion": "qualified"},
        format="json",
        headers={"If-Match": '"0-1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


# --- cost ------------------------------------------------------------------------------------------------------------
def test_the_list_costs_the_same_at_one_row_as_at_thirty(as_, people, django_assert_max_num_queries):
    drafted()
    client = as_("committee")
    client.get(f"{URL}/sheets?limit=1")
    for limit in (1, 30):
        with django_assert_max_num_queries(4):
            assert len(client.get(f"{URL}/sheets?limit={limit}").json()["results"]) == limit


def test_computing_one_sheet_takes_as_many_queries_as_all_of_the_county(facts, django_assert_max_num_queries):
    asked = Year(COUNTY, YEAR, timezone.localdate())
    work_out(asked)
    for wanted in ([Party.township(TOWN)], None):
        with django_assert_max_num_queries(20):
            work_out(asked, wanted)


def test_the_figures_of_a_past_year_do_not_depend_on_the_day_of_reading(facts):
    first, later = (work_out(Year(COUNTY, YEAR, day))["township", TOWN] for day in (date(2026, 1, 1), TODAY))
    assert first == later


# --- workbook --------------------------------------------------------------------------------------------------------
def read(answer) -> list[list]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_the_sheets_of_a_year_are_exported_as_a_workbook(as_, facts, django_assert_max_num_queries):
    drafted()
    client = as_("committee")
    with django_assert_max_num_queries(30):
        answer = client.get(f"{URL}/sheets/export?year={YEAR}")
    assert answer.status_code == 200 and "spreadsheetml" in answer["Content-Type"]
    headings, *rows = read(answer)
    assert headings[:4] == ["年度", "类别", "被考核方", "修订号"] and "较大及以上生产安全事故起数" in headings
    assert len(rows) == 39
    mine = next(row for row in rows if row[2] == "蔚汾镇")
    assert mine[headings.index("较大及以上生产安全事故起数")] == "1"
    assert "较大事故（死亡3人）" in mine[headings.index("建议否决")]
    assert mine[headings.index("隐患按期整改率")] == "33.33"
    assert mine[headings.index("隐患按期整改率（分子/分母）")] == "1/3"
    assert TrailLine.objects.filter(verb="sheet.export").count() == 1


def test_a_township_exports_only_the_sheets_it_may_see(as_, facts):
    drafted()
    _, *rows = read(as_("leader").get(f"{URL}/sheets/export?year={YEAR}"))
    assert [row[2] for row in rows] == ["蔚汾镇"]
    assert as_("leader").get(f"{URL}/sheets/export").status_code == 400


def test_an_export_of_a_year_without_sheets_has_headings_only(as_, people):
    assert len(read(as_("committee").get(f"{URL}/sheets/export?year={YEAR}"))) == 1
