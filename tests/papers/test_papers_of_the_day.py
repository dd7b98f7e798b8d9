"""那一天的文书: which set a paper is of is decided by the day that it speaks of, not by the day on which it is printed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evidence.papers import kinds
from evidence.papers.composing import template
from evidence.papers.models import Paper
from inspections.models import Inspection
from reference import law
from safety_api.problems import Problem
from tests.cast import papers
from tests.cast.papers import MINE, PAPERS, VISIT, today, words_of_pdf
from tests.cast.year_counts import graded

pytestmark = pytest.mark.django_db
LAST_OF_OLD, FIRST_OF_NEW = date(2025, 5, 7), date(2025, 5, 8)
SEVEN = {
    "approval_form", "inspection_notice", "inspection_record", "interview_record", "scene_record", "sampling_record", "result_notice",
}  # fmt: skip


@pytest.fixture
def visit(officers, unit):
    return papers.a_visit(officers, companions=[officers["department"].pk])


def visited_on(day: str) -> None:
    Inspection.objects.update(started_at=f"{day}T01:00:00Z", finished_at=f"{day}T02:00:00Z")


def of_visit(issue, kind: str, **fields):
    return issue(kind, subject=("inspection", VISIT), **fields)


# --- which set ---------------------------------------------------------------------------------------------------------
def test_the_seven_papers_of_inspections_are_in_force_since_may_2025():
    assert {each["code"] for each in kinds.book(FIRST_OF_NEW)["papers"]} >= SEVEN
    assert SEVEN - {each["code"] for each in kinds.book(LAST_OF_OLD)["papers"]} == {
        "interview_record", "scene_record", "sampling_record", "result_notice",
    }  # fmt: skip


def test_the_office_of_the_committee_is_no_agency_of_the_new_set():
    def agencies(on):
        return {each["department"] for each in kinds.book(on)["agencies"]}

    assert agencies(LAST_OF_OLD) - agencies(FIRST_OF_NEW) == {"safety_committee"}


RECORDS = [  # day of the visit, its title, the form, says its type
    ("2024-06-03", "现场检查记录", "inspection_record", False), ("2025-05-07", "现场检查记录", "inspection_record", False),
    ("2025-05-08", "现场检查笔录", "inspection_record_2025", True), ("2026-11-20", "现场检查笔录", "inspection_record_2025", True),
]  # fmt: skip


@pytest.mark.parametrize("day, title, form, typed", RECORDS)
def test_a_visit_received_late_is_recorded_in_the_form_of_its_own_day(issue, visit, day, title, form, typed):
    visited_on(day)
    Inspection.objects.update(type="daily")
    made = of_visit(issue, "inspection_record")
    assert made.status_code == 201, made.json()
    paper = Paper.objects.get()
    assert (paper.title, paper.template.split("@")[0], paper.issued_on) == (title, form, today())
    assert ("日常" in str(paper.facts.get("type", ""))) is typed
    assert paper.number == f"（兴应急）检记〔{today().year}〕1号"  # numbered on the day of issue


@pytest.mark.parametrize("kind", ["interview_record", "scene_record", "sampling_record", "result_notice"])
def test_a_paper_of_the_new_set_for_a_visit_of_2024_is_refused_with_a_word(issue, visit, kind):
    visited_on("2024-06-03")
    answer = of_visit(issue, kind)
    assert (answer.status_code, answer.json()["code"]) == (400, "paper_of_another_set")
    assert "2024年6月3日" in answer.json()["detail"] and "2024-1" in answer.json()["detail"]
    assert answer.json()["errors"][0]["pointer"] == "/kind" and not Paper.objects.exists()


def test_a_visit_told_years_later_has_the_papers_and_the_hours_it_tells(issue, visit):
    """It counts from its receipt; nobody signs that it was made then."""
    Inspection.objects.update(
        started_told_at="2024-06-03T01:00:00Z", finished_told_at="2024-06-03T02:30:00Z", warnings=["told_long_ago"]
    )
    assert of_visit(issue, "result_notice").json()["code"] == "paper_of_another_set"
    made = of_visit(issue, "inspection_record")
    assert made.json()["title"] == "现场检查记录"
    assert "2024年6月3日9时00分" in text_of(made) and "2024年6月3日10时30分" in text_of(made)


@pytest.mark.parametrize("unanswered, said", [("pass", "检查17项，没有不合格项。"), ("none", "检查，没有逐项填写。")])
def test_a_record_says_how_many_items_were_looked_at(issue, visit, unanswered, said):
    Inspection.objects.update(checklist_code="coal_mine", checklist_version="2021-1", unanswered=unanswered, answers=[])
    assert f"共17项）{said}" in text_of(of_visit(issue, "inspection_record"))


def test_a_preview_is_of_the_same_set_as_the_paper(officers, visit, as_):
    visited_on("2024-06-03")
    body = papers.body("inspection_record", people=officers, subject=("inspection", VISIT))
    assert "现场检查记录" in words_of_pdf(as_("inspector").post(f"{PAPERS}/preview", body, format="json").content)
    assert (
        as_("inspector").post(f"{PAPERS}/preview", {**body, "kind": "result_notice"}, format="json").status_code == 400
    )


def test_a_correction_reads_as_the_set_of_the_visit_whichever_the_first_paper_was_of(issue, officers, visit, as_):
    visited_on("2025-05-07")
    paper = of_visit(issue, "inspection_record").json()
    correction = {
        "reason": "职务误写",
        "officers": [str(officers["department"].pk)],
        "fields": {"principal_post": "矿长"},
    }
    again = as_("inspector").post(f"{PAPERS}/{paper['id']}/correct", correction, format="json").json()
    assert (paper["title"], again["title"]) == ("现场检查记录", "现场检查记录")
    visited_on("2025-05-08")  # the day itself was wrong, and was put right
    third = as_("inspector").post(f"{PAPERS}/{again['id']}/correct", correction, format="json").json()
    assert third["title"] == "现场检查笔录" and again["number"] in str(third["record"]["text"])


def test_an_approval_is_of_the_set_of_the_planned_day(issue, officers, unit, monkeypatch):
    """A set that begins next month is the one of a visit planned for then."""
    later = today() + timedelta(40)
    asked = []
    monkeypatch.setattr(kinds, "kind_of", _noting(kinds.kind_of, asked))
    assert issue("approval_form", subject=("enterprise", MINE), check_on=later.isoformat()).status_code == 201
    assert asked[-1] == (later, today())


def _noting(real, asked):
    def kind_of(code, on, *, issued_on=None):
        asked.append((on, issued_on))
        return real(code, on, issued_on=issued_on)

    return kind_of


def test_an_approval_of_before_the_new_set_can_still_be_put_right(issue, officers, unit, as_):
    paper = issue("approval_form", subject=("enterprise", MINE), check_on=today().isoformat()).json()
    fields = {"check_on": "2025-03-01", "reason": "原定日期"}
    body = {"reason": "日期误写", "officers": [str(officers["department"].pk)], "fields": fields}
    answer = as_("inspector").post(f"{PAPERS}/{paper['id']}/correct", body, format="json")
    assert answer.status_code == 201, answer.json()
    assert Paper.objects.get(pk=answer.json()["id"]).template.startswith("approval_form@")


def test_a_kind_that_no_set_has_is_unknown_and_one_of_a_later_set_names_the_day():
    with pytest.raises(Problem) as unknown:
        kinds.known("no_such")
    with pytest.raises(Problem) as other:
        kinds.kind_of("result_notice", LAST_OF_OLD)
    assert (unknown.value.kind.code, other.value.kind.code) == ("unknown_paper", "paper_of_another_set")
    assert kinds.title_of("result_notice", LAST_OF_OLD) == "行政检查结果告知书"


def test_a_visit_of_before_the_first_set_has_its_papers(issue, visit):
    visited_on("2019-06-03")
    assert of_visit(issue, "inspection_record").json()["title"] == "现场检查记录"
    assert law.first_day("papers") > date(2019, 6, 3)


def test_every_form_of_every_set_exists():
    for document in law.books().documents["papers"]:
        for each in document.body["papers"]:
            assert template(kinds.kind_of(each["code"], document.effective_from).template).blocks


# --- what the new papers say --------------------------------------------------------------------------------------------
def text_of(made) -> str:
    return str(made.json()["record"]["text"])


def test_the_unit_names_whom_it_sends_and_the_principal_is_not_asked_for(issue, officers, unit):
    said = text_of(issue("inspection_notice", subject=("enterprise", MINE), check_on=today().isoformat()))
    assert "指派一名熟悉情况的人员" in said and "主要负责人" not in said
    assert [
        each in said
        for each in ("申请其回避", "陈述和申辩", "县司法局", "不谋利", "不扰企", "不任性", "不定数", "不变相")
    ] == [True] * 8


SAID = [  # what is stated, what the approval says
    ({}, ["日常", "无"]),
    ({"way": "special", "source": {"kind": "campaign", "number": "晋安发〔2026〕9号", "ordered_by": "省安委会"}},
     ["专项", "上级部署的专项行动（晋安发〔2026〕9号，省安委会部署）"]),
    ({"experts": [{"name": "王工"}, {"name": "李工", "organ": "某院"}]}, ["2名：王工、李工（某院）"]),
    ({"urgent": {"reported_to": "周局长", "reported_at": "2026-11-30T00:05:00Z"}}, ["已于2026年11月30日8时05分向周局长报告"]),
]  # fmt: skip


@pytest.mark.parametrize("fields, words", SAID)
def test_an_approval_says_type_source_and_how_many_assist(issue, officers, unit, fields, words):
    said = text_of(issue("approval_form", subject=("enterprise", MINE), check_on=today().isoformat(), **fields))
    assert [each for each in words if each not in said] == []


def test_an_urgent_approval_may_be_completed_after_the_day_and_another_may_not(issue, officers, unit):
    fields = {"check_on": (today() - timedelta(1)).isoformat()}
    urgent = {"reported_to": "周局长", "reported_at": "2026-11-29T08:00:00+08:00"}
    refused = issue("approval_form", subject=("enterprise", MINE), **fields)
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == ("in_the_past", "/fields/check_on")
    assert issue("approval_form", subject=("enterprise", MINE), **fields, urgent=urgent).status_code == 201


def test_what_the_phone_told_of_the_course_stands_in_the_record_of_the_visit(issue, visit):
    Inspection.objects.update(
        type="special", source={"kind": "plan", "number": "兴应急〔2026〕1号"}, experts=[{"name": "王工", "organ": "", "post": ""}],
        course={
            "scan": {"code": "不解读", "at": "2026-11-20T00:58:00+00:00", "system": "晋企查", "exempt_reason": ""},
            "notice": {"number": "（兴应急）检通〔2026〕7号"}, "record": {"to": "张小四", "post": "安全矿长", "note": "对第二项有异议"},
        },
    )  # fmt: skip
    said = text_of(of_visit(issue, "inspection_record"))
    for each in (
        "专项",
        "年度检查计划（兴应急〔2026〕1号）",
        "1名：王工",
        "8时58分已扫码（晋企查）",
        "检通〔2026〕7号",
        "张小四 安全矿长",
        "对第二项有异议",
    ):
        assert each in said, each
    assert "不解读" not in said


def test_a_result_is_told_also_when_nothing_was_found(issue, visit):
    said = text_of(of_visit(issue, "result_notice"))
    assert "本次检查未发现违反" in said and "继续落实" in said and "发现问题" not in said


RESULTS = [  # state of the finding, what follows
    ("confirmed", "1项问题请在各自期限内整改完毕"), ("enforcement", "1项问题转入行政执法程序"), ("transferred", "1项问题不属本机关职责"),
    ("closed", "1项问题已经整改并经复查"), ("void", "本次检查未发现违反"),
]  # fmt: skip


@pytest.mark.parametrize("state, said", RESULTS)
def test_a_result_says_what_follows_from_each_finding(issue, visit, state, said):
    papers.a_hazard(inspection_id=VISIT, state=state, closed_on=today() if state == "closed" else None)
    assert said in text_of(of_visit(issue, "result_notice"))


def test_a_result_names_the_order_that_was_issued(issue, visit):
    papers.a_hazard(inspection_id=VISIT)
    order = of_visit(issue, "rectify_order").json()
    assert f"{order['number']}《责令限期整改指令书》" in text_of(of_visit(issue, "result_notice"))


FAULTS = [  # kind, fields, pointer
    ("sampling_record", {}, "/fields/samples"), ("sampling_record", {"samples": []}, "/fields/samples"),
    ("interview_record", {}, "/fields/person"), ("interview_record", {"person": "李四", "talk": [{"answer": "是"}]}, "/fields/talk/0/question"),
    ("scene_record", {"begun_at": "2026-11-20T10:00:00+08:00", "ended_at": "2026-11-20T09:00:00+08:00"}, "/fields/ended_at"),
    ("approval_form", {"type": "annual"}, "/fields/type"), ("approval_form", {"source": {"kind": "mood"}}, "/fields/source/kind"),
    ("inspection_notice", {"experts": [{"organ": "某院"}]}, "/fields/experts/0/name"),
    ("result_notice", {"check_on": "2026-11-20"}, "/fields/check_on"),
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, pointer", FAULTS)
def test_an_invalid_field_of_the_new_papers_is_refused_by_name(issue, visit, kind, fields, pointer):
    answer = of_visit(issue, kind, **fields)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_only_whoever_was_there_signs_what_was_written_at_the_visit(issue, visit):
    answer = of_visit(issue, "interview_record", others=("bureau",), person="李四")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_of_the_visit")


READ_BY_UNIT = [
    ("inspection_record", {}, True), ("scene_record", {}, True), ("sampling_record", {"samples": [{"name": "煤样"}]}, True),
    ("result_notice", {}, True), ("inspection_notice", {}, True), ("approval_form", {}, False), ("interview_record", {"person": "李四"}, False),
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, read", READ_BY_UNIT)
def test_a_unit_reads_what_was_made_for_it_and_no_interview(issue, visit, as_, kind, fields, read):
    made = of_visit(issue, kind, **fields).json()
    assert as_("enterprise").get(f"{PAPERS}/{made['id']}").status_code == (200 if read else 404)


def test_whoever_will_not_sign_an_interview_is_written_down_on_it(issue, visit, as_):
    made = of_visit(issue, "interview_record", person="李四").json()
    refusal = {"name": "李四", "reason": "不愿签", "refused_at": "2026-11-30T08:00:00+08:00", "witnesses": ["赵安"]}
    at = f"{PAPERS}/{made['id']}"
    answer = as_("inspector").post(f"{at}/refusals", {**refusal, "refused_at": made["issued_at"]}, format="json")
    assert answer.status_code == 201, answer.json()
    assert "李四拒绝签名，理由：不愿签" in words_of_pdf(as_("inspector").get(f"{at}.pdf").content)


@pytest.mark.parametrize(
    "grade, most", [("B", "全年上限4次（山西省应急管理厅公布）"), ("", "没有登记煤矿安全保障程度等级，上限不明")]
)
def test_a_notice_says_which_inspection_of_the_year_it_is_and_of_how_many(issue, visit, unit, grade, most):
    Inspection.objects.update(type="daily")
    if grade:
        graded(unit, grade)
    assert of_visit(issue, "inspection_notice").status_code == 201
    said = str(Paper.objects.get().facts["count"])
    assert "年度第1次" in said and most in said


def test_an_approval_of_a_case_does_not_say_a_number_of_the_year(issue, officers, unit):
    fields = {"check_on": today().isoformat(), "type": "case", "source": {"kind": "complaint"}}
    assert issue("approval_form", subject=("enterprise", MINE), **fields).status_code == 201
    assert "第1次" not in Paper.objects.get().facts["count"]
