"""事故快报: every report drafts the next issue, the desk signs, what is signed stands; what is not known is 待核实."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accidents.clock import legs
from accidents.duplicates import joining
from accidents.findings import wrongful
from accidents.models import Accident, QuickReport
from accidents.quick_reports import actions, gathering
from accidents.quick_reports.gathering import masked
from accidents.quick_reports.views import sheet_of
from accidents.reports import deciding, reporting
from evidence.official import printing, word
from evidence.official.sheet import lines_of
from safety_api.models import TrailLine
from safety_api.outbox import drain
from tests.cast.accidents import PAPER, TOWN, at, key, occurring, report_accident
from tests.cast.accidents import url as accident_url
from tests.cast.papers import empty_boxes, words_of_pdf
from tests.cast.signed_content import queries_of
from tests.cast.units import mine
from tests.test_contract import document, validator

pytestmark = pytest.mark.django_db
NOW = timezone.now


def url(number: int = 1, *more: Any) -> str:
    return accident_url(number, "quick-reports", *map(str, more))


def words(report: QuickReport) -> str:
    return "\n".join(lines_of(actions.shown(report)[0]))


def further_report(number: int = 1, *, by: Any, kind: str = "follow_up", **fields: Any) -> None:
    reporting.add_report(key(number), by=by, kind=kind, **fields)
    drain()


def first_report(**fields: Any) -> QuickReport:
    """A first report and the draft that follows it."""
    report_accident(1, **fields)
    drain()
    return QuickReport.objects.select_related("accident__sector").get(accident=key(1))


def signed(report: QuickReport, by: Any) -> QuickReport:
    return actions.sign(report.accident_id, report.pk, by=by)


# --- from reports ----------------------------------------------------------------------------------------------------
def test_every_accident_report_drafts_the_next_quick_report(people):
    report = first_report()
    assert (report.issue, report.kind, report.drafted_name) == (1, "first", "系统")
    signed(report, people["duty"])
    further_report(by=people["bureau"], deaths=2)
    second = QuickReport.objects.get(issue=2)
    assert (second.kind, second.signed_at) == ("follow_up", None) and "死亡由1人改为2人" in words(second)
    signed(second, people["duty"])
    further_report(by=people["bureau"], kind="supplement", missing=1)
    assert QuickReport.objects.get(issue=3).kind == "supplement"


def test_an_accident_report_before_the_signature_updates_the_same_draft(people):
    first_report()
    further_report(by=people["bureau"], deaths=3, held_at=at(3, 5, 12))
    for _ in range(3):
        actions.follow_report(key(1))
    report = QuickReport.objects.get()
    assert "死亡3人" in words(report) and "较大事故" in words(report) and report.kind == "first"


def test_a_quick_report_states_deaths_outside_the_window_without_raising_the_grade(people):
    first_report()
    further_report(by=people["bureau"], deaths=3)
    assert "死亡3人，重伤0人（其中期限外死亡2人，不计入等级）" in words(QuickReport.objects.get())
    assert "一般事故" in words(QuickReport.objects.get())


def test_a_decision_without_a_new_accident_report_drafts_no_quick_report(people):
    signed(first_report(), people["duty"])
    deciding.decide(key(1), by=people["bureau"], category="Z8")
    drain()
    assert QuickReport.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"nature": "non_production", "category": "Z2"}, {"already_reported": "省平台 2025-0305-1"}]
)
def test_an_accident_not_owed_upward_gets_a_quick_report_only_on_request(people, as_, fields):
    report_accident(1, **fields)
    drain()
    assert not QuickReport.objects.exists()
    answer = as_("duty").post(url())
    assert answer.status_code == 201 and answer.json()["issue"] == 1
    assert as_("duty").post(url()).status_code == 200


def test_a_written_off_or_joined_accident_gets_no_quick_report(people, as_):
    report_accident(1)
    report_accident(2, occurred_at=at(3, 5, 10))
    report = first_report()
    joining.join(key(1), by=people["bureau"], into=key(2), reason="同一起")
    assert as_("duty").post(url()).json()["code"] == "nothing_to_report_on"
    assert as_("duty").post(url(1, report.pk, "sign")).json()["code"] == "nothing_to_report_on"
    deciding.write_off(key(2), by=people["bureau"], **PAPER)
    assert as_("duty").post(url(2)).json()["code"] == "nothing_to_report_on"


# --- words -----------------------------------------------------------------------------------------------------------
def test_unknown_values_are_marked_as_to_be_verified_in_a_quick_report(people):
    report = first_report(
        region=TOWN,
        category=None,
        deaths=None,
        serious_injuries=None,
        missing=None,
        direct_loss_yuan=None,
        description="",
    )
    said = words(report)
    for each in (
        "死亡待核实，重伤待核实",
        "下落不明\n待核实",
        "直接经济损失\n待核实",
        "事故发生单位待核实",
        "类别\n待核实",
    ):
        assert each in said
    assert (
        "具体村（社区）、具体地点、现场情况、简要经过、死亡人数、重伤人数、下落不明人数、直接经济损失、已采取的措施、事故类别待核实"
        in said
    )
    assert "None" not in said


def test_a_quick_report_states_all_six_contents_as_last_reported(people):
    report = first_report(
        units=occurring(mine()), unit_overview="年产90万吨", scene="巷道冒落长6米", course="当班9人", measures="已撤人", other="无次生灾害",
        place="1203工作面", direct_loss_yuan="1234567.80", missing=2, sector="coal_mine",
    )  # fmt: skip
    further_report(by=people["bureau"], measures="两队42人搜救")
    report.refresh_from_db()
    said = words(report)
    for each in (
        "年产90万吨",
        "巷道冒落长6米",
        "当班9人",
        "两队42人搜救",
        "无次生灾害",
        "1,234,567.80元（初步估计）",
        "下落不明2人",
        "1203工作面",
    ):
        assert each in said
    assert "已撤人" not in said and "“3·5”煤矿事故的快报" in said
    assert "一般事故（初步判定，以调查认定为准），下落不明人员未计入" in said and said.rstrip().split(
        "八、待核实事项\n"
    )[1].startswith("无。")


def test_a_quick_report_of_a_serious_risk_event_has_its_own_figures_and_no_grade(people):
    report = first_report(kind="serious_risk_event", deaths=None, serious_injuries=None, trapped=4, evacuated=20)
    said = words(report)
    assert "较大涉险事故，不定级（被困或下落不明3人及以上）" in said and "被困4人，紧急疏散20人" in said
    assert "“3·5”较大涉险事故的快报" in said


def test_a_quick_report_lists_when_each_level_was_informed_and_what_was_late(people):
    occurred = NOW() - timedelta(hours=9)
    report = first_report(
        occurred_at=occurred, units=occurring(mine()), by="duty", unit_told_at=occurred,
        call={"caller": "enterprise", "name": "调度员", "phone": "13812345678", "received_at": (occurred + timedelta(hours=2)).isoformat()},
    )  # fmt: skip
    leg = Accident.objects.get(pk=key(1)).legs.get(level="county", to="city", warning=False)
    legs.send_leg(
        key(1),
        leg.pk,
        by=people["duty"],
        channel="telephone",
        sent_at=occurred + timedelta(hours=3),
        told_to="市局李某",
    )
    said = words(report)
    assert "迟报60分钟" in said and "市局李某" in said and "超时未报" in said
    assert "事故单位来电（138****5678）" in said and "13812345678" not in said


def test_a_quick_report_states_a_finding_of_wrongful_reporting(people):
    report = first_report()
    wrongful.find(
        key(1), by=people["bureau"], kind="omitted", level="county", evidence="值班记录", document="兴应急认〔2025〕4号", approved_by="局长",
        on=at(3, 9).date(),
    )  # fmt: skip
    assert "已认定漏报（县应急管理局，兴应急认〔2025〕4号）。" in words(report)


@pytest.mark.parametrize("text, shown", [
    ("联系13812345678。", "联系138****5678。"),
    ("电话0358-6321234转", "电话****-***1234转"),
    ("身份证141123198001010015", "身份证141123********0015"),
    ("编号20250305138123456789", "编号20250305138123456789"),
    ("深度1203米，坐标111.127486", "深度1203米，坐标111.127486"),
])  # fmt: skip
def test_phone_and_identity_numbers_are_masked_in_any_text(text, shown):
    assert masked(text) == shown


def test_typed_markup_appears_as_plain_text_in_pdf_and_word(people):
    hostile = "#set page(fill: red) $x$ *b* <w:p/> =1+1 \U0001f525"
    report = first_report(description=hostile, place=hostile[:60])
    sheet = sheet_of(report)
    content = printing.pdf(sheet)
    assert empty_boxes(content) == 0 and "#setpage(fill:red)$x$*b*<w:p/>=1+1〓" in words_of_pdf(content).replace(
        "\u200b", ""
    )
    assert hostile.replace("\U0001f525", "〓") in "\n".join(_of_docx(word.docx(sheet)))


def _of_docx(content: bytes) -> list[str]:
    found: list[str] = []
    for each in docx.Document(BytesIO(content)).iter_inner_content():
        found += (
            [cell.text for row in each.rows for cell in row.cells]
            if isinstance(each, docx.table.Table)
            else [each.text]
        )
    return [line.removesuffix("　　") for line in found if line]


def test_pdf_and_word_of_a_quick_report_have_the_same_content(people):
    sheet = sheet_of(signed(first_report(units=occurring(mine())), people["duty"]))
    shown = list(lines_of(sheet.text))
    document = _of_docx(word.docx(sheet))
    document.remove(sheet.number)
    assert document == shown
    printed = words_of_pdf(printing.pdf(sheet)).replace("\u200b", "")
    assert all("".join(line.split()) in printed for line in shown if len(line) < 12) and "草稿" not in printed


# --- edited and signed -----------------------------------------------------------------------------------------------
def test_the_desk_may_edit_the_words_of_a_quick_report_but_not_its_figures(as_, people):
    report = first_report()
    client = as_("duty")
    answer = client.patch(
        url(1, report.pk),
        {"words": {"measures": "已封闭现场。", "casualties": "伤者已送县医院。"}, "recipients": "市局："},
        format="json",
    )
    assert answer.status_code == 200
    said = "\n".join(lines_of(answer.json()["text"]))
    assert "已封闭现场。" in said and "伤者已送县医院。" in said and "死亡1人" in said and "主报：市局：" in said
    back = client.patch(url(1, report.pk), {"words": {"measures": ""}}, format="json").json()
    assert back["words"] == {"casualties": "伤者已送县医院。"} and "已封闭现场。" not in "\n".join(
        lines_of(back["text"])
    )


def test_a_signed_quick_report_has_a_number_and_signer_and_cannot_change(as_, people):
    report = first_report()
    answered = as_("duty").post(url(1, report.pk, "sign"), {}, format="json").json()
    year = timezone.localdate().year
    assert (answered["number"], answered["state"], answered["signed_name"]) == (f"〔{year}〕第1期", "signed", "冯值")
    assert "签发：冯值" in answered["text"]["lead"] and len(answered["sha256"]) == 64
    report.refresh_from_db()
    assert report.sha256 == report.fingerprint()
    for change in (lambda row: row.update(words={}), lambda row: row.update(text={}), lambda row: row.delete()):
        with pytest.raises(ProgrammingError, match="stands as it was signed"), transaction.atomic():
            change(QuickReport.objects.filter(pk=report.pk))
    assert as_("duty").post(url(1, report.pk, "sign"), {}, format="json").json()["code"] == "quick_report_signed"
    assert as_("duty").patch(url(1, report.pk), {"copies": ""}, format="json").json()["code"] == "quick_report_signed"
    verbs = TrailLine.objects.filter(verb__startswith="quick_report.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["quick_report.draft", "quick_report.sign"]


def test_later_accident_reports_do_not_change_a_signed_quick_report(people):
    report = signed(first_report(), people["duty"])
    before = printing.pdf(sheet_of(QuickReport.objects.get(pk=report.pk)))
    further_report(by=people["bureau"], deaths=9)
    assert printing.pdf(sheet_of(QuickReport.objects.get(pk=report.pk))) == before


def test_quick_report_numbers_run_through_the_county_without_a_gap(people):
    numbers = []
    for number in (1, 2, 3):
        report_accident(number, occurred_at=at(3, number))
        drain()
        draft = QuickReport.objects.get(accident=key(number))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.sign(key(number), draft.pk, by=people["duty"])
            raise ZeroDivisionError
        numbers.append(actions.sign(key(number), draft.pk, by=people["bureau"]).sequence)
    assert numbers == [1, 2, 3]


def test_the_database_refuses_a_quick_report_number_or_issue_used_twice(people):
    report = signed(first_report(), people["duty"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_paper_counter SET last = 0 WHERE series = %s", [actions.SERIES])
    second, _ = actions.draft(key(1), by=people["duty"])
    with pytest.raises(IntegrityError, match="quick_report_number_once"), transaction.atomic():
        signed(second, people["duty"])
    with pytest.raises(IntegrityError, match=r"quick_report_one_draft|quick_report_issue_once"), transaction.atomic():
        QuickReport.objects.create(
            accident=report.accident,
            issue=2,
            kind="first",
            region_code=report.region_code,
            recipients="x",
            drafted_name="x",
        )


def test_signing_a_quick_report_that_changed_since_it_was_seen_is_refused(as_, people):
    report = first_report()
    seen = as_("duty").get(url(1, report.pk)).json()["digest"]
    assert as_("duty").get(url(1, report.pk)).json()["digest"] == seen
    further_report(by=people["bureau"], deaths=2)
    refused = as_("duty").post(url(1, report.pk, "sign"), {"seen": seen}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    now = as_("duty").get(url(1, report.pk)).json()["digest"]
    assert as_("duty").post(url(1, report.pk, "sign"), {"seen": now}, format="json").status_code == 200


def test_the_digest_of_a_quick_report_does_not_depend_on_the_time_of_reading(people):
    report = first_report()
    accident = Accident.objects.get(pk=key(1))
    moments = [gathering.now(), gathering.now() + timedelta(minutes=3)]
    digests = {actions.shown(report, gathering.known_of(accident, each))[1] for each in moments}
    assert len(digests) == 1


# --- who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who, draft, when_signed", [
    ("duty", 200, 200), ("bureau", 200, 200), ("committee", 200, 200), ("township", 404, 200), ("inspector2", 404, 404),
    ("enterprise", 404, 200), ("principal", 404, 200), ("sysadmin", 403, 403),
])  # fmt: skip
def test_a_signed_quick_report_is_visible_with_its_accident_a_draft_to_the_county(as_, people, who, draft, when_signed):
    report = first_report(units=occurring(mine()))
    for form in ("", ".pdf", ".docx"):
        assert as_(who).get(url(1, f"{report.pk}{form}")).status_code == draft, form
    signed(report, people["duty"])
    assert as_(who).get(url(1, report.pk)).status_code == when_signed


@pytest.mark.parametrize("who, drafts, signs", [
    ("duty", 200, 200), ("bureau", 200, 200), ("committee", 200, 403), ("township", 403, 403), ("enterprise", 403, 403),
])  # fmt: skip
def test_the_county_drafts_quick_reports_and_only_the_desk_or_bureau_signs(as_, people, who, drafts, signs):
    report = first_report(units=occurring(mine()))
    assert as_(who).post(url()).status_code == drafts
    assert as_(who).post(url(1, report.pk, "sign"), {}, format="json").status_code == signs


def test_the_quick_report_answer_matches_the_openapi_document(as_, people):
    address = "/api/v1/accidents/{accident_id}/quick-reports/{report_id}"
    schema = document()["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(validator(schema).iter_errors(as_("duty").get(url(1, first_report().pk)).json())) == []


def test_a_quick_report_of_another_accident_is_not_found(as_, people):
    report = first_report()
    report_accident(2, occurred_at=at(3, 7))
    assert as_("duty").get(url(2, report.pk)).status_code == 404
    assert as_("duty").post(url(2, report.pk, "sign"), {}, format="json").status_code == 404
    assert as_("duty").get(url(9)).status_code == 404


@pytest.mark.parametrize("body, pointer, code", [
    ({}, "", "required"), ({"deaths": 2}, "/deaths", "unknown_field"), ({"words": {"figures": "x"}}, "/words/figures", "unknown_field"),
    ({"words": {"scene": "某" * 4001}}, "/words/scene", "max_length"), ({"recipients": ""}, "/recipients", "blank"),
])  # fmt: skip
def test_editing_a_quick_report_accepts_only_known_fields_within_limits(as_, people, body, pointer, code):
    answer = as_("duty").patch(url(1, first_report().pk), body, format="json")
    assert answer.status_code == 400 and (pointer, code) in [
        (each["pointer"], each["code"]) for each in answer.json()["errors"]
    ]


def test_the_quick_report_list_takes_as_many_queries_for_30_and_answers_304(as_, people):
    client, report = as_("duty"), first_report()
    few = queries_of(lambda: client.get(url()))
    for issue in range(2, 31):
        signed(QuickReport.objects.get(accident=key(1), signed_at=None), people["duty"])
        assert actions.draft(key(1), by=people["duty"])[0].issue == issue
    assert queries_of(lambda: client.get(url())) == few
    answer = client.get(url())
    assert [each["issue"] for each in answer.json()] == list(range(1, 31)) and report.pk == answer.json()[0]["id"]
    client.credentials(**client._credentials, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert client.get(url()).status_code == 304
