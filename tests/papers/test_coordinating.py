"""安委办 The committee's office meets, assigns and urges: no approval, notice, record or order is issued by it or in its name."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.authorities import check_may_inspect
from accounts.models import User
from evidence.papers.models import Paper, PaperDraft
from hazards.models import Hazard
from inspections.models import Task
from safety_api.problems import Problem
from tests.cast import papers
from tests.cast.hazards import in_days
from tests.cast.papers import HAZARD, PAPERS, body
from tests.cast.people import MINE, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def committees(officers):
    """The department's officer works in the committee's office, certificate and all."""
    User.objects.filter(username="department").update(department="safety_committee", is_leader=True)
    return officers


@pytest.fixture
def task(unit, people):
    return Task.objects.create(
        enterprise=unit, region_code=VILLAGE, sector_id="coal_mine", kind="routine", authority="administrative",
        due_on=in_days(5), assignees=[people["inspector"].pk],
    )  # fmt: skip


def code_of(answer):
    return answer.status_code, answer.json()["code"]


WORD = (403, "coordinating_body")
BEFORE_A_VISIT = {"check_on": in_days(3)}


@pytest.mark.parametrize("kind", ["approval_form", "inspection_notice", "inspection_plan"])
def test_no_paper_before_a_visit_is_issued_by_the_committees_office(kind, committees, task, as_):
    sent = body(kind, people=committees, subject=("task", task.pk), others=("inspector",), **BEFORE_A_VISIT)
    assert code_of(as_("department").post(PAPERS, sent, format="json")) == WORD
    assert code_of(as_("department").post(f"{PAPERS}/preview", sent, format="json")) == WORD
    assert not Paper.objects.exists()


def test_no_record_of_a_visit_is_issued_by_the_committees_office(committees, unit, as_):
    visit = papers.a_visit(committees, by_id=committees["department"].pk, companions=[committees["inspector"].pk])
    sent = body("inspection_record", people=committees, subject=("inspection", visit.pk), others=("inspector",))
    assert code_of(as_("department").post(PAPERS, sent, format="json")) == WORD


def test_no_order_is_issued_by_the_committees_office_nor_signed_by_one_of_it(committees, hazard, issue):
    assert code_of(issue(who="department", others=("inspector",))) == WORD
    signed = issue(who="inspector", others=("department",))
    assert code_of(signed) == WORD and signed.json()["errors"][0]["pointer"] == "/officers/0"


STEPS = [  # a door that orders, and what is sent to it
    (f"hazards/{HAZARD}/order", {"companion": "inspector"}), (f"hazards/{HAZARD}/enforce", {"reason": "refusal", "note": "拒不整改"}),
    ("stop-orders", {"enterprise": str(MINE), "extent": "whole", "reason": "通风不可靠", "document": "安办停〔2026〕1号", "issued_on": "2026-11-02"}),
]  # fmt: skip


@pytest.mark.parametrize("door, sent", STEPS)
def test_no_step_that_orders_is_taken_by_the_committees_office(door, sent, committees, hazard, as_):
    if "companion" in sent:
        sent = {**sent, "companion": str(committees["inspector"].pk)}
    if door.endswith("enforce"):
        Hazard.objects.update(state="ordered")
    assert code_of(as_("department").post(f"/api/v1/{door}", sent, format="json")) == WORD
    assert not Paper.objects.exists() and not PaperDraft.objects.exists()


STEPS_OF_THE_COURSE = [
    ("approve", {}),
    ("decline", {"reason": "不必"}),
    ("notice", {"to": "张小三"}),
    ("tell-result", {"to": "张小三"}),
]


@pytest.mark.parametrize("step, sent", STEPS_OF_THE_COURSE)
def test_no_step_of_an_inspections_course_is_taken_by_the_committees_office(step, sent, committees, unit, task, as_):
    visit = papers.a_visit(committees, by_id=committees["inspector"].pk, warnings=["no_approval"])
    doors = [] if step == "tell-result" else [f"tasks/{task.pk}/{step}"]
    doors += [] if step == "decline" else [f"inspections/{visit.pk}/{step}"]
    for door in doors:
        assert code_of(as_("department").post(f"/api/v1/{door}", sent, format="json")) == WORD, door
    assert not Paper.objects.exists() and not PaperDraft.objects.exists()


def test_a_head_of_the_committees_office_is_asked_for_no_approval(committees, task, as_):
    asked = {"approver": str(committees["department"].pk)}
    answer = as_("bureau").post(f"/api/v1/tasks/{task.pk}/ask-approval", asked, format="json")
    assert answer.json()["code"] == "no_leader" and answer.json()["errors"][0]["pointer"] == "/approver"


@pytest.mark.parametrize("authority, status", [("administrative", 403), ("supervision", 200)])
def test_what_is_no_inspection_the_committees_office_approves(authority, status, committees, task, as_):
    Task.objects.update(authority=authority)
    assert as_("department").post(f"/api/v1/tasks/{task.pk}/approve", {}, format="json").status_code == status


def test_a_stop_is_not_ordered_in_the_committees_name(officers, unit, as_):
    sent = {**STEPS[2][1], "department": "safety_committee"}
    answer = as_("department").post("/api/v1/stop-orders", sent, format="json")
    assert code_of(answer) == WORD and answer.json()["errors"][0]["pointer"] == "/department"


def test_a_hazard_given_to_the_committee_is_ordered_in_the_supervisors_name(officers, hazard, issue):
    Hazard.objects.update(department_id="safety_committee")
    User.objects.update(department=None)
    assert issue().json()["organ"] == "兴县应急管理局"


@pytest.mark.parametrize("day, stands", [("2025-01-02", True), ("2025-01-03", False)])
def test_what_the_committees_office_issued_before_2025_stands(day, stands, committees):
    committees["department"].refresh_from_db()
    try:
        check_may_inspect(committees["department"], date.fromisoformat(day))
    except Problem as problem:
        assert not stands and problem.kind.code == "coordinating_body"
    else:
        assert stands


def test_what_else_the_committees_office_does_is_as_before(committees, as_):
    User.objects.filter(username="committee").update(department="safety_committee")
    for door in ("listings", "hazards?level=major", "extensions?answer=asked", "tasks", "papers"):
        assert as_("committee").get(f"/api/v1/{door}").status_code == 200
