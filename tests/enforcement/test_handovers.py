"""审管衔接: what supervision finds goes to approval and comes back answered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from accounts.models import User
from enforcement.actions import handover
from enforcement.models import Handover
from inbox.models import Message
from tests.cast.enforcement import a_major, done, post, refused
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db


def problem(**fields) -> dict:
    return {"problem": "许可证过期仍在经营", "licence_kind": "work_safety", "sent_on": "2026-11-02", **fields}


@pytest.fixture
def approver(people, as_):
    """周业 works in the approving department today."""
    User.objects.filter(username="department").update(department="approval", sectors=["fire_safety"])
    return as_("department")


def test_a_licence_problem_is_handed_over_reminded_and_answered(as_, approver):
    hazard = a_major(mine())
    sent = done(post(as_("bureau"), "handovers", **problem(hazard=str(hazard.pk))), 201)
    assert (sent["to_department"], sent["answer_due_on"], sent["sector"], sent["department"]) == (
        "approval", "2026-11-16", "coal_mine", "emergency",
    )  # fmt: skip
    assert [handover.remind(on=date(2026, 11, day)) for day in (16, 17, 17, 23, 24)] == [0, 1, 0, 0, 1]
    shown = done(as_("bureau").get("/api/v1/handovers?overdue=true"))["results"]
    assert [(each["reminders"], each["reminded_on"]) for each in shown] == [(2, "2026-11-24")]

    body = {"answer": "已注销许可", "result": "revoked", "on": "2026-11-20"}
    answered = done(post(approver, f"handovers/{sent['id']}/answer", **body))
    assert (answered["state"], answered["overdue"], answered["answered_late"]) == ("answered", False, True)
    refused(post(as_("bureau"), f"handovers/{sent['id']}/answer", **body), "wrong_step")
    assert handover.remind(on=date(2026, 12, 31)) == 0
    kinds = Message.objects.filter(about=sent["id"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["handover.answered", "handover.overdue", "handover.overdue", "handover.sent"]


def test_the_approving_department_sees_handovers_to_it_of_any_sector(as_, approver):
    unit = mine()
    done(post(as_("bureau"), "handovers", **problem(enterprise=str(unit.pk))), 201)
    done(post(as_("bureau"), "handovers", **problem(enterprise=str(unit.pk), to_department="natural_resources")), 201)
    assert [each["to_department"] for each in done(approver.get("/api/v1/handovers"))["results"]] == ["approval"]


def test_a_department_not_addressed_cannot_answer_a_handover(as_):
    User.objects.filter(username="department").update(department="energy")
    sent = done(
        post(as_("bureau"), "handovers", **problem(enterprise=str(mine().pk), inspection=str(UUID(int=5)))), 201
    )
    Handover.objects.update(department="emergency")
    answer = post(as_("department"), f"handovers/{sent['id']}/answer", answer="x", result="handled")
    refused(answer, "not_your_department", 403)


@pytest.mark.parametrize(
    "change, pointer, code",
    [
        ({}, "/enterprise", "unknown_enterprise"),
        ({"hazard": str(UUID(int=9))}, "/hazard", "unknown_hazard"),
        ({"enterprise": str(UUID(int=9))}, "/enterprise", "unknown_enterprise"),
        ({"to_department": "nobody"}, "/to_department", "unknown_department"),
        ({"sent_on": "2099-01-01"}, "/sent_on", "in_future"),
    ],
)
def test_a_handover_needs_a_subject_and_a_receiving_department(as_, change, pointer, code):
    answer = post(as_("inspector"), "handovers", **problem(**change))
    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_an_inspector_hands_over_only_units_of_the_own_township(as_):
    answer = post(as_("inspector"), "handovers", **problem(enterprise=str(elsewhere().pk)))
    refused(answer, "unknown_enterprise", 400)


def test_a_handover_cannot_be_answered_before_it_was_sent(as_):
    sent = done(post(as_("bureau"), "handovers", **problem(enterprise=str(mine().pk))), 201)
    body = {"answer": "x", "result": "handled", "on": "2026-11-01"}
    refused(post(as_("bureau"), f"handovers/{sent['id']}/answer", **body), "before_last_step", 400)


# --- the other direction -------------------------------------------------------------------------------------------------
def approval(**fields) -> dict:
    return {
        "matter": "安全生产许可证延续", "result": "renewed", "decided_on": "2026-11-10", "received_on": "2026-11-12", **fields,
    }  # fmt: skip


def test_an_approval_note_goes_to_the_supervising_department_and_is_taken_once(as_):
    note = done(post(as_("bureau"), "approval-notes", **approval(enterprise=str(mine().pk))), 201)
    assert (note["department"], note["from_department"], note["subject_name"]) == (
        "emergency", "approval", "兴县示例煤业有限公司",
    )  # fmt: skip
    assert len(done(as_("department").get("/api/v1/approval-notes?acknowledged=false"))["results"]) == 1
    taken = done(post(as_("department"), f"approval-notes/{note['id']}/acknowledge", note="列入计划", on="2026-11-13"))
    assert taken["acknowledged_by_name"] == "周业"
    refused(post(as_("bureau"), f"approval-notes/{note['id']}/acknowledge", note="列入计划"), "ended_already")


def test_an_unregistered_applicant_is_named_with_sector_and_region(as_):
    refused(post(as_("bureau"), "approval-notes", **approval()), "unknown_sector", 400)
    refused(post(as_("bureau"), "approval-notes", **approval(sector="fire_safety")), "unknown_enterprise", 400)
    shown = approval(sector="fire_safety", region="141123100", subject_name="演示·新开饭店")
    note = done(post(as_("bureau"), "approval-notes", **shown), 201)
    assert (note["region"], note["enterprise"], note["department"]) == ("141123100000", None, "fire_rescue")


@pytest.mark.parametrize("address", ["handovers", "approval-notes"])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_take_three_queries_at_any_length(as_, rows, address, django_assert_max_num_queries):
    unit, client = mine(), as_("bureau")
    body = problem() if address == "handovers" else approval()
    for _ in range(rows):
        done(post(client, address, **body, enterprise=str(unit.pk)), 201)
    with django_assert_max_num_queries(3):  # token · stamps · rows with their unit and hazard
        assert len(done(client.get(f"/api/v1/{address}"))["results"]) == rows
