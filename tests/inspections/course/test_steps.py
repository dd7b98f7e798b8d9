"""The steps of the course: before the visit with its task, in the same walk by the phone, afterwards by whoever makes good what was missed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from evidence.papers.models import Paper, PaperDraft
from inspections.models import Inspection, Task
from safety_api.models import TrailLine
from safety_api.outbox import drain
from tests.cast.hazards import certify, in_days
from tests.cast.people import HOME, VILLAGE
from tests.cast.units import mine as a_unit
from tests.cast.visits import a_visit, without_course

pytestmark = pytest.mark.django_db
TASKS, VISITS = "/api/v1/tasks", "/api/v1/inspections"
KEY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0d01"
HANDED = {"to": "张小三", "post": "矿长"}


@pytest.fixture
def officers(people):
    """Both with a certificate, of the bureau; the chief heads it."""
    certify("inspector", "inspector2")
    User.objects.filter(username="inspector2").update(region=HOME)
    User.objects.filter(username__in=["inspector", "inspector2", "chief", "bureau"]).update(department_id="emergency")
    return [str(people[each].pk) for each in ("inspector", "inspector2")]


@pytest.fixture
def unit(people):
    return a_unit()


@pytest.fixture
def task(unit, officers, as_) -> str:
    body = {
        "enterprise": str(unit.pk), "due_on": in_days(5), "assignees": officers, "type": "case",
        "source": {"kind": "complaint", "number": "12350-7"},
    }  # fmt: skip
    answer = as_("bureau").post(TASKS, body, format="json")
    assert answer.status_code == 201, answer.content.decode()
    return f"{TASKS}/{answer.json()['id']}"


def post(client, path: str, **body):
    return client.post(path, body, format="json")


def done(answer) -> dict:
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def refused(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def inbox_of(client) -> list[str]:
    return [row["kind"] for row in client.get("/api/v1/inbox").json()["results"]]


def kinds_of() -> list[str]:
    made = [*Paper.objects.values_list("kind", flat=True), *PaperDraft.objects.values_list("kind", flat=True)]
    return sorted(made)


def put(client, body):
    """With the second officer."""
    second = str(User.objects.get(username="inspector2").pk)
    answer = client.put(f"{VISITS}/{KEY}", {"companions": [second], **body}, format="json")
    assert answer.status_code == 201, answer.content.decode()
    drain()
    return client.get(f"{VISITS}/{KEY}").json()


# --- before the visit ------------------------------------------------------------------------------------------------------
def test_an_approval_that_is_asked_for_reaches_the_leader_and_the_answer_comes_back(task, as_):
    assert done(post(as_("inspector"), f"{task}/ask-approval", note="举报件"))["approval_asked"]["note"] == "举报件"
    assert "inspection.approval_asked" in inbox_of(as_("chief"))
    assert "inspection.approval_asked" not in inbox_of(as_("department")) + inbox_of(as_("bureau"))
    approved = done(post(as_("chief"), f"{task}/approve", note="同意"))["approval"]
    assert (approved["approver_name"], approved["note"]) == ("吴长", "同意")
    assert "inspection.approval_asked" not in inbox_of(as_("chief"))
    assert "inspection.approval_answered" in inbox_of(as_("inspector")) and "inspection.approval_answered" in inbox_of(
        as_("inspector2")
    )
    assert kinds_of() == ["approval_form"]
    assert TrailLine.objects.filter(verb="task.approve").count() == 1


def test_an_approval_may_be_denied_and_asked_for_again(task, as_):
    post(as_("inspector"), f"{task}/ask-approval")
    denied = done(post(as_("chief"), f"{task}/decline", reason="本年度已查两次"))
    assert (denied["approval"], denied["approval_declined"]["note"], denied["approval_asked"]) == (
        None,
        "本年度已查两次",
        None,
    )
    assert done(post(as_("inspector"), f"{task}/ask-approval"))["approval_declined"] is None


APPROVERS = [
    ("department", (403, "leader_required")),
    ("bureau", (403, "leader_required")),
    ("township", (403, "forbidden")),
]


@pytest.mark.parametrize("who, said", APPROVERS)
def test_only_a_leader_approves(task, as_, who, said):
    assert refused(post(as_(who), f"{task}/approve")) == said


def test_one_of_the_officers_approves_nothing_even_as_a_leader(task, as_):
    User.objects.filter(username="inspector").update(is_leader=True)
    assert refused(post(as_("inspector"), f"{task}/approve")) == (400, "approver_took_part")


def test_a_leader_of_another_body_does_not_approve(task, as_):
    User.objects.filter(username="chief").update(department_id="energy")
    assert refused(post(as_("chief"), f"{task}/approve")) == (403, "task_of_another_office")


def test_a_leader_of_a_township_does_not_approve_in_the_name_of_a_bureau(task, as_):
    assert refused(post(as_("leader"), f"{task}/approve")) == (403, "task_of_another_office")


ASKED = [
    ("inspector", "approver_took_part"), ("department", "no_leader"), ("leader", "no_leader"), (None, "no_leader"),
]  # fmt: skip


@pytest.mark.parametrize("who, code", ASKED)
def test_whoever_is_asked_by_name_is_a_leader_other_than_the_officers(task, people, as_, who, code):
    key = str(people[who].pk) if who else KEY
    assert refused(post(as_("inspector"), f"{task}/ask-approval", approver=key)) == (400, code)


def test_a_step_is_taken_once_and_not_after_the_visit(task, unit, as_):
    chief, inspector = as_("chief"), as_("inspector")
    done(post(chief, f"{task}/approve"))
    done(post(inspector, f"{task}/notice", **HANDED))
    again = [
        post(chief, f"{task}/approve"),
        post(inspector, f"{task}/ask-approval"),
        post(inspector, f"{task}/notice", **HANDED),
    ]
    assert [refused(each) for each in again] == [(409, "wrong_step")] * 3
    Task.objects.update(done_by=UUID(KEY))
    assert refused(post(inspector, f"{task}/scan", code="x")) == (409, "wrong_step")


def test_a_task_prepared_whole_serves_its_visit_without_typing(task, unit, officers, as_):
    phone = as_("inspector")
    done(post(as_("chief"), f"{task}/approve"))
    done(post(phone, f"{task}/notice", **HANDED))
    done(post(phone, f"{task}/scan", code=unit.credit_code))
    start, end = timezone.now() + timedelta(seconds=1), timezone.now() + timedelta(seconds=2)
    body = without_course(a_visit(unit, started_at=start.isoformat(), finished_at=end.isoformat(), hazards=[]))
    shown = put(phone, {**body, "task": task.rpartition("/")[2], "companions": officers[1:]})
    assert set(shown["warnings"]) <= {"in_the_future"}
    assert (shown["type"], shown["department"], shown["notice"]["to"]) == ("case", "emergency", "张小三")
    assert kinds_of() == ["approval_form", "inspection_notice"], "none is written twice"
    receipt = phone.get(f"{VISITS}/{KEY}/receipt").json()
    assert {each["kind"] for each in receipt["papers"]} == {"approval_form", "inspection_notice"}


CHANGED = [
    ({"note": "带测气仪"}, True), ({"due_on": in_days(9)}, True), ({"kind": "unannounced"}, False),
    ({"source": {"kind": "transfer", "number": "移7"}}, False), ({"experts": [{"name": "王工"}]}, False),
]  # fmt: skip


@pytest.mark.parametrize("change, stands", CHANGED)
def test_an_approval_serves_only_what_was_approved(task, as_, change, stands):
    done(post(as_("chief"), f"{task}/approve"))
    shown = done(as_("bureau").patch(task, change, format="json"))
    assert (shown["approval"] is not None) is stands
    said = as_("inspector").get("/api/v1/inbox").json()["results"]
    assert any("请重新报请审批" in each["sentence"] for each in said) is not stands
    assert post(as_("chief"), f"{task}/approve").status_code == (409 if stands else 200)


def test_whoever_approved_and_is_to_go_themselves_has_it_approved_anew(task, people, officers, as_):
    certify("chief")
    done(post(as_("chief"), f"{task}/approve"))
    others = done(post(as_("bureau"), f"{task}/reassign", assignees=officers[:1], reason="一人请假"))
    assert others["approval"] is not None, "others of the same body go by it"
    itself = [officers[0], str(people["chief"].pk)]
    assert done(post(as_("bureau"), f"{task}/reassign", assignees=itself, reason="亲自带队"))["approval"] is None
    assert refused(post(as_("chief"), f"{task}/approve")) == (400, "approver_took_part")


def test_a_task_given_to_another_body_is_approved_there(task, people, officers, as_):
    done(post(as_("chief"), f"{task}/approve"))
    User.objects.filter(username="inspector2").update(department_id="energy")
    shown = done(post(as_("bureau"), f"{task}/reassign", assignees=officers[1:], reason="归口"))
    assert (shown["department"], shown["approval"]) == ("energy", None)
    assert refused(post(as_("chief"), f"{task}/approve")) == (403, "task_of_another_office")


def test_another_units_code_is_taken_with_the_task_and_remarked(task, as_):
    from tests.cast.units import OTHER_CODE

    shown = done(post(as_("inspector"), f"{task}/scan", code=OTHER_CODE))
    assert [each["code"] for each in shown["remarks"]] == ["scan_elsewhere"]
    assert done(post(as_("inspector"), f"{task}/scan", exempt_reason="平台故障"))["remarks"] == []


def test_a_scan_says_a_code_or_why_there_is_none(task, as_):
    answer = post(as_("inspector"), f"{task}/scan", system="扫码入企")
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/code", "required")]


def test_a_step_lies_not_ahead(task, as_):
    ahead = (timezone.now() + timedelta(days=1)).isoformat()
    assert refused(post(as_("inspector"), f"{task}/notice", at=ahead, **HANDED)) == (400, "in_the_future")


# --- in the same walk ---------------------------------------------------------------------------------------------------------
WALKED = {
    "approval": {"approver_name": "吴长", "at": "2026-11-19T16:00:00+08:00"},
    "notice": {"at": "2026-11-20T09:02:00+08:00", **HANDED},
    "record": {"at": "2026-11-20T10:15:00+08:00", **HANDED},
    "result": {"at": "2026-11-20T10:19:00+08:00", **HANDED},
}


def test_what_the_phone_tells_becomes_papers_after_the_commit(unit, officers, as_):
    phone = as_("inspector")
    answer = phone.put(f"{VISITS}/{KEY}", a_visit(unit, **WALKED, companions=officers[1:]), format="json")
    assert (answer.status_code, answer.json()["papers"]) == (201, [])
    drain()
    assert kinds_of() == ["approval_form", "inspection_notice", "inspection_record", "result_notice"]
    papers = phone.get(f"{VISITS}/{KEY}/receipt").json()["papers"]
    assert {each["kind"] for each in papers} == {
        "approval_form",
        "inspection_notice",
        "inspection_record",
        "result_notice",
    }
    shown = phone.get(f"{VISITS}/{KEY}").json()
    numbers = {each["kind"]: each["number"] for each in papers if not each["draft"]}
    assert shown["record"]["number"] == numbers["inspection_record"] != ""


def test_the_papers_of_a_visit_are_issued_once(unit, officers, as_):
    from inspections.course.issuing import issue_told

    put(as_("inspector"), a_visit(unit, **WALKED, companions=officers[1:]))
    assert (issue_told(KEY), len(kinds_of())) == (0, 4)


def test_a_form_names_whoever_the_phone_told_by_the_account_alone(unit, people, officers, as_):
    approval = {"approver": str(people["chief"].pk), "at": "2026-11-19T16:00:00+08:00"}
    shown = put(as_("inspector"), a_visit(unit, approval=approval, companions=officers[1:]))
    assert shown["approval"]["approver_name"] == "吴长"
    assert "吴长" in str(Paper.objects.get(kind="approval_form").text)


def test_an_approval_that_is_none_makes_no_form(unit, officers, as_):
    put(as_("inspector"), a_visit(unit, approval={"approver_name": "张巡"}, companions=officers[1:]))
    assert kinds_of() == []


def test_a_visit_without_certificates_keeps_its_papers_as_drafts(unit, as_):
    shown = put(as_("inspector"), a_visit(unit, notice=HANDED))
    assert "paper_drafted" in shown["warnings"] and [each["draft"] for each in shown["papers"]] == [True]


# --- afterwards ---------------------------------------------------------------------------------------------------------------
def ago(**back) -> str:
    return (timezone.now() - timedelta(**back)).isoformat()


def urgent(unit, hours: int, **fields) -> dict:
    approval = {"urgent": True, "reported_at": ago(hours=hours), "reported_to": "值班领导"}
    return a_visit(
        unit,
        started_at=ago(hours=hours),
        finished_at=ago(hours=hours, minutes=-30),
        hazards=[],
        approval=approval,
        **fields,
    )


def words_of(client) -> dict[str, bool]:
    """Word → whether it is still open."""
    return {each["word"]: each["open"] for each in client.get(f"{VISITS}/{KEY}/course").json()["words"]}


def test_an_urgent_visit_reaches_the_leader_who_approves_it_in_time(unit, officers, as_):
    put(as_("inspector"), urgent(unit, 2))
    assert "inspection.approval_due" in inbox_of(as_("chief"))
    done(post(as_("chief"), f"{VISITS}/{KEY}/approve", note="情况紧急，同意"))
    assert words_of(as_("chief")) == {"no_approval": False}
    assert "inspection.approval_due" not in inbox_of(as_("chief"))
    assert "inspection.approval_answered" in inbox_of(as_("inspector"))
    assert "no_approval" in as_("inspector").get(f"{VISITS}/{KEY}").json()["warnings"], "the remark stays"


def test_an_urgent_visit_approved_too_late_says_so(unit, officers, as_):
    put(as_("inspector"), urgent(unit, 30))
    done(post(as_("chief"), f"{VISITS}/{KEY}/approve"))
    assert words_of(as_("chief")) == {"no_approval": False, "approved_late": True}


def test_what_cannot_be_made_good_is_settled_by_a_leader_with_a_word(unit, officers, as_):
    put(as_("inspector"), a_visit(unit, approval={"at": "2026-11-20T09:30:00+08:00", "number": "检批7"}))
    body = {"word": "approved_late", "note": "已约谈"}
    assert refused(post(as_("department"), f"{VISITS}/{KEY}/settle", **body)) == (403, "leader_required")
    assert refused(post(as_("leader"), f"{VISITS}/{KEY}/settle", **body)) == (403, "task_of_another_office")
    done(post(as_("chief"), f"{VISITS}/{KEY}/settle", **body))
    assert words_of(as_("chief")) == {"approved_late": False}
    assert refused(post(as_("chief"), f"{VISITS}/{KEY}/settle", **body)) == (409, "wrong_step")


def test_every_gap_of_yesterdays_phone_is_healed_by_its_step(unit, officers, as_):
    phone = as_("inspector")
    put(phone, without_course(a_visit(unit)))
    assert words_of(phone) == dict.fromkeys(["no_approval", "no_notice", "not_scanned", "type_assumed"], True)
    done(post(phone, f"{VISITS}/{KEY}/notice", **HANDED))
    done(post(phone, f"{VISITS}/{KEY}/scan", exempt_reason="平台故障"))
    done(post(phone, f"{VISITS}/{KEY}/correct", reason="补写来源", source={"kind": "plan", "number": "5号"}))
    done(post(as_("chief"), f"{VISITS}/{KEY}/approve"))
    shown = phone.get(f"{VISITS}/{KEY}/course").json()
    assert {each["word"]: (each["open"], each["healed_with"]) for each in shown["words"]} == {
        "no_approval": (False, "approve"), "approved_late": (True, ""), "no_notice": (False, "notice"), "not_scanned": (False, "scan"),
        "type_assumed": (False, "correct"),
    }  # fmt: skip
    assert [each["step"] for each in shown["steps"]] == ["notice", "scan", "correct", "approve"]


def test_a_unit_put_right_heals_the_code_of_another(unit, officers, as_):
    from tests.cast.units import OTHER_CODE, elsewhere

    other, phone = elsewhere(region=VILLAGE), as_("inspector")
    put(phone, a_visit(unit, scan=OTHER_CODE, hazards=[]))
    assert words_of(phone) == {"scan_elsewhere": True}
    done(post(phone, f"{VISITS}/{KEY}/correct", reason="单位选错", enterprise=str(other.pk)))
    assert words_of(phone) == {"scan_elsewhere": False}


def test_the_result_is_told_also_when_nothing_was_found(unit, officers, as_):
    phone = as_("inspector")
    put(phone, a_visit(unit, hazards=[], answers=[], companions=officers[1:]))
    assert phone.get(f"{VISITS}/{KEY}/course").json()["result_due_on"] == "2026-12-04"
    told = done(post(phone, f"{VISITS}/{KEY}/tell-result", **HANDED))
    assert (told["result_told"], told["result"]["to"]) == (True, "张小三")
    assert kinds_of() == ["result_notice"]
    assert refused(post(phone, f"{VISITS}/{KEY}/tell-result", **HANDED)) == (409, "wrong_step")


def test_nothing_is_handed_before_the_visit_began(unit, officers, as_):
    put(as_("inspector"), a_visit(unit, notice=None))
    early = post(as_("inspector"), f"{VISITS}/{KEY}/tell-result", at="2026-11-19T09:00:00+08:00", **HANDED)
    assert refused(early) == (400, "before_the_visit")


OUTSIDE = [("authority", "patrol"), ("started_at", "2024-11-20T09:00:00+08:00")]


@pytest.mark.parametrize("column, value", OUTSIDE)
def test_what_is_no_inspection_of_2025_or_later_has_no_such_steps(unit, officers, as_, column, value):
    put(as_("inspector"), a_visit(unit))
    Inspection.objects.update(**{column: value})
    assert refused(post(as_("inspector"), f"{VISITS}/{KEY}/tell-result", **HANDED)) == (409, "wrong_step")


# --- the queue ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def gaps(unit, officers, as_):
    put(as_("inspector"), without_course(a_visit(unit)))
    done(post(as_("inspector"), f"{VISITS}/{KEY}/notice", **HANDED))


QUEUE = [
    ("chief", "", 1), ("chief", "word=no_approval", 1), ("chief", "word=no_notice", 0), ("chief", "word=no_notice&open=false", 1),
    ("chief", "word=no_notice&open=", 1), ("chief", "department=emergency", 1), ("chief", "department=energy", 0),
    ("bureau", "sector=coal_mine", 1), ("township", "", 1), ("inspector", "mine=true", 1), ("chief", "untold=true", 0),
    ("chief", "word=over_ceiling", 0),
]  # fmt: skip


@pytest.mark.parametrize("who, query, count", QUEUE)
def test_the_queue_shows_what_is_open_to_whoever_answers_for_it(gaps, as_, who, query, count):
    answer = as_(who).get(f"{VISITS}/course?{query}")
    assert answer.status_code == 200, answer.content.decode()
    assert len(answer.json()["results"]) == count


def test_the_queue_says_what_still_heals_each_word(gaps, as_):
    row = as_("chief").get(f"{VISITS}/course").json()["results"][0]
    assert [(each["word"], each["step"]) for each in row["words"] if each["open"]] == [
        ("no_approval", "approve"), ("not_scanned", "scan"), ("type_assumed", "correct"),
    ]  # fmt: skip


def test_a_result_untold_after_ten_working_days_is_asked_for(gaps, as_):
    Inspection.objects.update(started_at=ago(days=40), finished_at=ago(days=40, hours=-1))
    assert len(as_("chief").get(f"{VISITS}/course?untold=true").json()["results"]) == 1


def test_the_queue_is_no_business_of_a_unit_nor_another_townships(gaps, as_):
    assert as_("enterprise").get(f"{VISITS}/course").status_code == 403
    User.objects.filter(username="township").update(region="141123101")
    assert as_("township").get(f"{VISITS}/course").json()["results"] == []


def test_figures_by_department_count_words_and_what_was_healed(gaps, as_, django_assert_max_num_queries):
    client = as_("bureau")
    with django_assert_max_num_queries(4):
        (row,) = client.get(f"{VISITS}/course/figures").json()
    assert (row["department"], row["name"]) == ("emergency", "兴县应急管理局")
    counted = {each["word"]: (each["remarked"], each["healed"], each["open"]) for each in row["words"]}
    assert counted == {
        "no_approval": (1, 0, 1),
        "no_notice": (1, 1, 0),
        "not_scanned": (1, 0, 1),
        "type_assumed": (1, 0, 1),
    }


@pytest.mark.parametrize("rows", [1, 12])
def test_the_queue_takes_the_same_statements_at_any_length(unit, officers, as_, rows, django_assert_max_num_queries):
    phone, chief = as_("inspector"), as_("chief")
    for number in range(rows):
        body = without_course(a_visit(unit, hazards=[]))
        assert phone.put(f"{VISITS}/{KEY[:-2]}{number + 10}", body, format="json").status_code == 201
    with django_assert_max_num_queries(5):
        assert len(chief.get(f"{VISITS}/course").json()["results"]) == rows


# --- what a unit sees -----------------------------------------------------------------------------------------------------------
def test_a_unit_reads_that_there_was_a_complaint_but_not_which(unit, as_):
    put(
        as_("inspector"),
        a_visit(unit, type="case", source={"kind": "complaint", "number": "12350-7", "record": "张三举报"}),
    )
    readers = ("inspector", "township", "enterprise", "village")
    shown = [as_(who).get(f"{VISITS}/{KEY}").json()["source"] for who in readers]
    assert [(each["kind"], each["number"], each["record"]) for each in shown] == [
        ("complaint", "12350-7", "张三举报"), ("complaint", "12350-7", "张三举报"), ("complaint", "", ""), ("complaint", "", ""),
    ]  # fmt: skip


BESIDE = ["enterprise", "village"]


@pytest.mark.parametrize("who", BESIDE)
def test_neither_a_correction_nor_the_course_tells_which_complaint_it_was(unit, as_, who):
    put(as_("inspector"), a_visit(unit, type="case", source={"kind": "complaint", "number": "12350-7"}))
    done(
        post(
            as_("inspector"),
            f"{VISITS}/{KEY}/correct",
            reason="编号写错",
            source={"kind": "complaint", "number": "12350-8"},
        )
    )
    for path in ("", "/corrections", "/course"):
        assert "12350" not in as_(who).get(f"{VISITS}/{KEY}{path}").content.decode(), path


def test_the_notice_says_that_there_was_a_complaint_but_not_which(task, as_):
    done(post(as_("chief"), f"{task}/approve"))
    done(post(as_("inspector"), f"{task}/notice", **HANDED))
    for paper in Paper.objects.all():
        assert "投诉" in str(paper.text) and "12350" not in str(paper.text), paper.kind


def test_a_unit_does_not_read_what_offices_say_before_the_visit(task, as_):
    post(as_("inspector"), f"{task}/ask-approval", note="举报件")
    assert as_("inspector").get(task).json()["approval_asked"]["note"] == "举报件"
    assert as_("enterprise").get(task).json()["approval_asked"] is None


def test_a_unit_reads_of_an_unannounced_visit_once_it_has_the_notice(task, as_):
    done(as_("bureau").patch(task, {"kind": "unannounced"}, format="json"))
    assert (as_("enterprise").get(task).status_code, as_("enterprise").get(TASKS).json()["results"]) == (404, [])
    done(post(as_("inspector"), f"{task}/notice", **HANDED))
    assert as_("enterprise").get(task).status_code == 200
