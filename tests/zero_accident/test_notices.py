"""Townships are told when their rank or state changes, with the reason; every revision can be read back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accidents.reports import deciding, reporting
from geo.models import Region
from inbox import actions as inbox
from inbox.letters import Letter, posts
from inbox.models import Message
from safety_api import outbox
from safety_api.roles import TOWNSHIP
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
from tests.cast.units import elsewhere, mine, unit
from zero_accident.figures import keeping, rebuilding
from zero_accident.models import FigureRevision, TownshipFigures

pytestmark = pytest.mark.django_db
API = "/api/v1/zero-accident/"


@pytest.fixture
def year_with_figures():
    rebuilding.rebuild(YEAR)


def notice_sentences(township: str = TOWN, **chosen: Any) -> dict[str, str]:
    """Of each kind the last."""
    rows = notices(township, **chosen).order_by("id")
    return {each.details["kind"]: each.sentence for each in rows}


def notices(township: str | None = None, **details: Any):
    rows = Message.objects.of("zero_accident.notice").filter(**{f"details__{name}": value for name, value in details.items()})
    return rows.filter(region_code=township) if township else rows


# --- what is told ------------------------------------------------------------------------------------------------------------
def test_the_first_figures_of_a_year_send_no_notice():
    report_accident(units=occurring(mine()))
    assert FigureRevision.objects.filter(year=YEAR).count() == 1
    assert not notices().exists()


def test_a_broken_village_sends_its_township_a_notice_with_reason_and_rank_impact(year_with_figures):
    accident = report_accident()
    name = Region.objects.get(code=V).name
    found = notice_sentences()
    assert found["broken"] == f"新增破零：{name}（事故上报：{accident}）。"
    assert found["rank"] == f"零事故排名由第1名下降到第15名（事故上报：{accident}）。"
    assert found.keys() == {"broken", "rank"}
    notice = notices(TOWN, kind="rank").get()
    assert notice.details == {
        "kind": "rank", "rank_before": 1, "rank_after": 15, "better": False, "revision": 2, "year": YEAR, "policy": "ZA-2021-1",
    }  # fmt: skip


def test_other_townships_get_a_notice_without_the_reason_if_their_rank_changes(year_with_figures):
    report_accident(1)
    assert notices().exclude(region_code=TOWN).count() == 0  # the others share the first rank as before
    report_accident(2, region=W, description="井下事故")
    assert notice_sentences(revision=3)["rank"] == "零事故排名由第15名上升到第14名（其他乡镇数字变化）。"
    assert notice_sentences(OTHER_TOWN)["rank"].startswith("零事故排名由第1名下降到第15名（事故上报：")


def test_a_write_off_sends_a_notice_of_restored_zero_accident(year_with_figures):
    report_accident(units=occurring(mine()))
    deciding.write_off(key(1), by=bureau(), **PAPER)
    found = notice_sentences(revision=3)
    assert found["restored"] == f"恢复零事故：{Region.objects.get(code=V).name}、兴县示例煤业有限公司（核销：{PAPER['reason']}）。"
    assert notices(TOWN, kind="rank", revision=3).get().details["better"] is True


def test_missing_a_target_and_meeting_it_again_send_notices(year_with_figures):
    villages = Region.objects.today().villages(virtual=False).filter(code__startswith=TOWN[:9]).values_list("code", flat=True)
    for number, village in enumerate(sorted(villages)[:6]):
        report_accident(number, region=village)
    assert notice_sentences(kind="village_target") == {"village_target": notice_sentences()["village_target"]}
    assert "村零事故率由86.48%变为83.78%，未达到85.00%的目标" in notice_sentences()["village_target"]
    deciding.write_off(key(0), by=bureau(), **PAPER)
    last = notices(kind="village_target").latest("id")
    assert (last.details["better"], last.sentence) == (True, f"村零事故率由83.78%变为86.48%，达到85.00%的目标（核销：{PAPER['reason']}）。")


def test_a_larger_accident_and_its_write_off_send_veto_notices(year_with_figures):
    report_accident(deaths=3)
    assert notice_sentences()["veto"].startswith("发生较大及以上生产安全事故，排在未被否决的乡镇之后（")
    deciding.write_off(key(1), by=bureau(), **PAPER)
    assert notice_sentences(revision=3)["veto"].startswith("不再有较大及以上生产安全事故")


def test_a_township_gets_a_notice_when_its_unit_breaks_elsewhere(year_with_figures):
    own = elsewhere()
    while outbox.drain():
        pass
    notices().delete()
    report_accident(units=occurring(own))
    assert notice_sentences(OTHER_TOWN)["broken"].startswith("新增破零：魏家滩别处煤业有限公司（")
    assert "unit_target" in notice_sentences(OTHER_TOWN)
    assert notice_sentences()["broken"].startswith(f"新增破零：{Region.objects.get(code=V).name}（")


def test_the_development_zone_gets_notices_of_breaks_but_not_of_rank(year_with_figures):
    own = unit("开发区有限公司", region="141123400498")
    rebuilding.rebuild(YEAR)
    report_accident(region="141123400498", units=occurring(own))
    assert notice_sentences(ZONE).keys() == {"broken", "unit_target"}


def test_a_report_that_changes_no_figure_sends_no_notice(year_with_figures):
    report_accident()
    before = notices().count()
    reporting.add_report(key(1), by=bureau(), kind="follow_up", held_at=at(3, 6), serious_injuries=1)
    assert notices().count() == before


def test_a_check_of_the_figures_sends_no_notice(year_with_figures):
    TownshipFigures.objects.filter(region_code=TOWN).update(villages_broken=9)
    rebuilding.rebuild(YEAR, check=True)
    assert not notices().exists()


@pytest.mark.parametrize("many", [1, 30])
def test_notices_take_as_many_queries_at_any_number_of_accidents(many, year_with_figures):
    for number in range(many):
        report_accident(number + 10, region=V2)
    with CaptureQueriesContext(connection) as asked:
        report_accident(2, region=W, units=occurring(mine()))
    own = [each["sql"] for each in asked if 'INTO "inbox_message"' in each["sql"] or '"zero_accident_standing"' in each["sql"]]
    assert len(own) <= 4  # before and after, one write of the figures, one of the notices
    assert notices(revision=many + 2).count() >= 4


# --- the door ----------------------------------------------------------------------------------------------------------------
def test_a_township_reads_its_own_notices_and_acknowledges_each_once(as_, people, year_with_figures):
    report_accident(1), report_accident(2, region=W)
    leader, officer, county = as_("leader"), as_("township"), as_("bureau")
    mine_, all_ = (who.get(API + "notices").json()["results"] for who in (leader, county))
    assert {each["township"] for each in mine_} == {TOWN}
    assert {each["township"] for each in all_} >= {TOWN, OTHER_TOWN}
    first = mine_[0]["id"]
    answer = leader.post(f"{API}notices/{first}/seen")
    assert (answer.status_code, answer.json()["seen_name"]) == (200, people["leader"].name)
    again = officer.post(f"{API}notices/{first}/seen").json()
    assert again["seen_name"] == people["leader"].name  # whoever read it first
    unseen = leader.get(API + "notices?seen=false").json()["results"]
    assert first not in {each["id"] for each in unseen} and len(unseen) == len(mine_) - 1
    assert [each["id"] for each in leader.get(API + "notices?seen=true").json()["results"]] == [first]
    assert leader.get(API + "notices?year=2024").json()["results"] == []
    assert {each["kind"] for each in leader.get(API + "notices?kind=broken").json()["results"]} == {"broken"}


def test_a_notice_of_another_township_is_not_found(as_, year_with_figures):
    report_accident(region=W)
    other = notices(OTHER_TOWN).first()
    answer = as_("leader").post(f"{API}notices/{other.pk}/seen")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert as_("bureau").post(f"{API}notices/{other.pk}/seen").status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_notices_is_paged_and_takes_three_queries(as_, number, year_with_figures, django_assert_max_num_queries):
    details = {"policy": "ZA-2021-1", "year": YEAR, "revision": 1, "kind": "rank", "better": None, "rank_before": 1, "rank_after": 1}
    known = {"kind": "zero_accident.notice", "sentence": "…", "day": at(3, 5).date(), "region_code": TOWN, "details": details}
    inbox.send([Letter(once=f"notice/{each}", to=posts(TOWNSHIP), **known) for each in range(number)])
    leader = as_("leader")
    with django_assert_max_num_queries(3):
        page = leader.get(API + "notices?limit=20").json()
    assert len(page["results"]) == min(20, number)
    assert bool(page["next"]) == (number > 20)
    if page["next"]:
        assert len(leader.get(page["next"]).json()["results"]) == 10


# --- revisions ---------------------------------------------------------------------------------------------------------------
def test_a_revision_lists_what_changed_why_and_which_places(as_, year_with_figures):
    accident = report_accident(units=occurring(mine()))
    deciding.write_off(key(1), by=bureau(), **PAPER)
    last, first, kept = as_("bureau").get(f"{API}revisions?year={YEAR}").json()["results"]
    assert [each["number"] for each in (last, first, kept)] == [3, 2, 1]
    assert (first["reason"], first["accident"], first["policy"]) == (f"事故上报：{accident}", str(key(1)), "ZA-2021-1")
    assert [(each["kind"], each["name"]) for each in first["broken"]] == [("unit", "兴县示例煤业有限公司"), ("village", Region.objects.get(code=V).name)]
    assert (last["reason"], last["restored"]) == (f"核销：{PAPER['reason']}", first["broken"])
    [town] = first["townships"]
    assert (town["region"], town["name"]) == (TOWN, "蔚汾镇")
    assert (town["before"]["villages_broken"], town["after"]["villages_broken"]) == (0, 1)
    assert set(town["changed"]) >= {"villages_broken", "village_ratio", "deaths", "accidents"}
    assert len(kept["townships"]) == 16 and kept["townships"][0]["before"] is None


def test_a_revision_of_another_township_shows_figures_but_no_accident(as_, year_with_figures):
    report_accident(region=W, units=occurring(elsewhere()))
    revision = as_("leader").get(f"{API}revisions?year={YEAR}").json()["results"][0]
    assert (revision["accident"], revision["reason"]) == (None, "事故上报")
    names = {each["kind"]: each["name"] for each in revision["broken"]}
    assert names["unit"] is None and names["village"]
    assert [each["region"] for each in revision["townships"]] == [OTHER_TOWN]


def test_revisions_filtered_by_township_are_those_that_changed_it(as_, year_with_figures):
    report_accident(1), report_accident(2, region=W)
    asked = [as_("bureau").get(f"{API}revisions?year={YEAR}&region={code[:9]}").json()["results"] for code in (TOWN, OTHER_TOWN)]
    assert [[each["number"] for each in found] for found in asked] == [[2, 1], [3, 1]]
    assert as_("bureau").get(f"{API}revisions?year=2024").json()["results"] == []


def test_a_revision_stored_without_column_names_can_still_be_read(as_, year_with_figures):
    report_accident()
    row = FigureRevision.objects.get(year=YEAR, number=2)
    changes = {name: each for name, each in row.changes.items() if name not in ("columns", "places")}
    changes["townships"] = {code: [says and says[:14] for says in both] for code, both in changes["townships"].items()}
    FigureRevision.objects.filter(pk=row.pk).update(changes=changes)
    [town] = as_("bureau").get(f"{API}revisions?year={YEAR}").json()["results"][0]["townships"]
    assert town["after"]["villages_broken"] == 1


@pytest.mark.parametrize("number", [1, 30])
def test_revisions_take_as_many_queries_at_any_length(as_, number, year_with_figures, django_assert_max_num_queries):
    own = occurring(mine())
    for each in range(number):
        report_accident(each, units=own, occurred_at=at(3, 1 + each % 28))
    leader = as_("bureau")
    with django_assert_max_num_queries(6):
        assert leader.get(f"{API}revisions?year={YEAR}&limit=50").status_code == 200


# --- the command -------------------------------------------------------------------------------------------------------------
def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("rebuild_zero_accident", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_check_without_differences_reports_its_counts_and_exits_with_zero():
    report_accident(units=occurring(mine()))
    code, said = run("--check")
    assert code == 0
    assert f"{YEAR} 年：事故 1，事故的影响 1，破零依据 2，破零名单 2，计数 " in said
    assert "用时" in said and said.rstrip().splitlines()[0].endswith("0 处差异")


def test_a_check_with_differences_lists_them_exits_with_one_and_writes_nothing():
    report_accident(region=V2)
    TownshipFigures.objects.filter(region_code=TOWN).update(deaths=7)
    code, said = run("--check", "--year", str(YEAR))
    assert code == 1 and "乡镇成绩 141123100000" in said and "1 处差异" in said
    assert TownshipFigures.objects.get(region_code=TOWN, year=YEAR).deaths == 7
    assert run("--check", "--year", str(YEAR - 1))[0] == 0
    assert run("--year", str(YEAR))[0] == 0
    assert run("--check")[0] == 0


def test_figures_of_a_year_are_kept_from_its_first_accident_on():
    assert keeping.kept_years() == []
    report_accident()
    assert keeping.kept_years() == [YEAR]
