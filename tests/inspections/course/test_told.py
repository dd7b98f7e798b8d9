"""The course as a phone tells it: stored with the visit, remarked where a step is missing, refused for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import User
from inspections.models import Inspection, Task
from reference import law
from safety_api.field_times import Tolerance
from tests.cast.hazards import in_days
from tests.cast.units import OTHER_CODE, elsewhere
from tests.cast.units import mine as a_unit
from tests.cast.visits import ALONE, a_visit, without_course

pytestmark = pytest.mark.django_db
KEY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0c01"
YESTERDAYS = {"no_approval", "no_notice", "not_scanned", "type_assumed"}


def put(client, body, key=KEY):
    return client.put(f"/api/v1/inspections/{key}", body, format="json")


def words(answer) -> set[str]:
    assert answer.status_code == 201, answer.json()
    return set(answer.json()["warnings"]) - {"sent_late", *ALONE}


def test_a_visit_with_its_whole_course_is_remarked_for_nothing(as_):
    assert words(put(as_("inspector"), a_visit(a_unit()))) == set()


def test_yesterdays_phone_is_taken_and_its_gaps_are_remarked(as_):
    answer = put(as_("inspector"), without_course(a_visit(a_unit())))
    assert words(answer) == YESTERDAYS
    assert (answer.json()["type"], answer.json()["source"], answer.json()["approval"]) == ("daily", None, None)


def test_null_for_a_step_is_the_same_record_as_nothing(as_):
    phone, body = as_("inspector"), without_course(a_visit(a_unit()))
    put(phone, body)
    again = put(phone, {**body, "type": None, "source": None, "approval": None, "scan": None, "experts": []})
    assert again.status_code == 200


TOLD = [
    ({"kind": "special", "type": None, "source": None}, {"type_assumed"}, "special"),
    ({"type": "case", "source": None}, {"no_source"}, "case"),
    ({"type": "special"}, set(), "special"),
    ({"type": "special", "source": {"kind": "campaign"}}, {"special_unordered"}, "special"),
    ({"source": "complaint", "type": "case"}, set(), "case"),
    ({"approval": {"at": "2026-11-20T09:30:00+08:00"}}, {"approved_late"}, "daily"),
    ({"approval": {"urgent": True, "reported_at": "2026-11-20T09:00:00+08:00"}}, {"no_approval"}, "daily"),
    ({"approval": {"approver_name": "张巡"}}, {"approver_took_part"}, "daily"),
    ({"approval": "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0fff"}, set(), "daily"),
    ({"approval": {}}, {"no_approval"}, "daily"),
    ({"notice": {}}, {"no_notice"}, "daily"),
    ({"type": "case", "source": {}}, {"no_source"}, "case"),
    ({"type": "case", "source": {"kind": None, "number": "7"}}, {"no_source"}, "case"),
    ({"notice": {"at": "2026-11-20T11:00:00+08:00"}}, {"notice_late"}, "daily"),
    ({"scan": {"code": ""}}, {"not_scanned"}, "daily"),
    ({"scan": {"exempt_reason": "平台故障"}}, set(), "daily"),
    ({"scan": f"https://smrq.example/?uscc={OTHER_CODE}"}, {"scan_elsewhere"}, "daily"),
    ({"authority": "supervision", "type": None, "approval": None, "notice": None, "scan": None}, set(), "daily"),
]


@pytest.mark.parametrize("fields, said, type", TOLD)
def test_a_gap_in_the_course_is_a_remark_and_no_refusal(as_, fields, said, type):
    answer = put(as_("inspector"), a_visit(a_unit(), **fields))
    assert (words(answer), answer.json()["type"]) == (said, type)


APPROVERS = [
    ("chief", set()), ("inspector", {"approver_took_part"}), ("inspector2", {"approver_took_part"}),
    ("department", {"approver_no_leader"}), (None, {"approver_no_leader"}),
]  # fmt: skip


@pytest.mark.parametrize("who, said", APPROVERS)
def test_whoever_approved_is_a_leader_other_than_the_officers(as_, people, who, said):
    key = str(people[who].pk) if who else KEY
    body = a_visit(a_unit(), approval={"approver": key}, companions=[str(people["inspector2"].pk)])
    assert words(put(as_("inspector"), body)) == said


BODIES = [("emergency", "emergency", set()), ("emergency", "energy", {"approver_no_leader"}), (None, "energy", set())]


@pytest.mark.parametrize("inspectors, leaders, said", BODIES)
def test_whoever_approved_leads_the_body_that_inspects(as_, people, inspectors, leaders, said):
    User.objects.filter(username="inspector").update(department_id=inspectors)
    User.objects.filter(username="chief").update(department_id=leaders)
    body = a_visit(a_unit(), approval={"approver": str(people["chief"].pk)})
    assert words(put(as_("inspector"), body)) == said


def test_a_code_of_a_unit_of_ours_is_seen_by_its_id(as_):
    mine, other = a_unit(), elsewhere()
    told = [f"smrq:{mine.pk}", f"smrq:{other.pk}", f"smrq:{KEY}"]
    said = [
        words(put(as_("inspector"), a_visit(mine, hazards=[], scan=code), f"{KEY[:-1]}{n}"))
        for n, code in enumerate(told)
    ]
    assert said == [set(), {"scan_elsewhere"}, set()]


def believing(document) -> Tolerance:
    return replace(Tolerance.read(document.body), back=timedelta(days=9000))


def test_a_visit_of_before_2025_has_no_type_and_no_remark_of_its_course(as_, monkeypatch):
    monkeypatch.setattr(law, "_tolerance", believing)
    visit = a_visit(
        a_unit(), started_at="2024-12-31T09:00:00+08:00", finished_at="2024-12-31T10:00:00+08:00", hazards=[]
    )
    answer = put(as_("inspector"), without_course(visit))
    assert (words(answer), answer.json()["type"], answer.json()["source"]) == (set(), "", None)


# --- with its task -------------------------------------------------------------------------------------------------------
def a_task(unit, people, **fields) -> Task:
    return Task.objects.create(
        enterprise=unit, region_code=unit.region_code, sector_id="coal_mine", kind="routine", authority="administrative",
        due_on=in_days(5), assignees=[people["inspector"].pk], **fields,
    )  # fmt: skip


APPROVED = {
    "approval": {"at": "2026-11-19T16:00:00+08:00", "approver_name": "吴长", "number": "（兴应急）检批〔2026〕8号"}
}


def test_a_task_approved_once_serves_its_visit_without_typing(as_, people):
    unit = a_unit()
    source = {"kind": "complaint", "number": "12350-7", "ordered_by": "", "record": ""}
    task = a_task(unit, people, type="case", source=source, department="emergency", course=APPROVED)
    answer = put(as_("inspector"), {**without_course(a_visit(unit)), "task": str(task.pk)}).json()
    assert set(answer["warnings"]) - {"sent_late", *ALONE} == {"no_notice", "not_scanned"}
    assert (answer["type"], answer["source"], answer["department"]) == ("case", source, "emergency")
    assert answer["approval"] == APPROVED["approval"] | {"task": str(task.pk)}


def test_the_assumed_type_of_a_task_is_assumed_of_its_visit_too(as_, people):
    unit = a_unit()
    task = a_task(unit, people, type="special")
    answer = put(as_("inspector"), {**without_course(a_visit(unit)), "task": str(task.pk)}).json()
    assert (set(answer["warnings"]) - {"sent_late", *ALONE}, answer["type"]) == (YESTERDAYS, "special")


def test_a_joint_visit_names_the_departments_of_those_who_came_along(as_, people):
    body = a_visit(a_unit(), kind="joint", joint_departments=None, companions=[str(people["committee"].pk)])
    assert put(as_("inspector"), body).status_code == 201
    stored = Inspection.objects.get()
    assert (stored.joint_departments, stored.department) == ([], "")  # the cast speaks for no department


# --- at the office door -----------------------------------------------------------------------------------------------------
PLAN = {"kind": "plan", "number": "兴应急〔2026〕5号"}
GROUNDS = [
    ({}, 201, None),
    ({"type": "daily"}, 400, ("source_required", "/source")),
    ({"type": "daily", "source": PLAN}, 201, None),
    ({"type": "special", "source": PLAN}, 201, None),
    ({"type": "special", "source": {"kind": "plan"}}, 400, ("order_number_required", "/source/number")),
    ({"type": "special", "source": {"kind": "complaint"}}, 400, ("order_number_required", "/source/kind")),
    ({"type": "daily", "source": {"kind": "campaign"}}, 400, ("ordered_by_required", "/source/ordered_by")),
    ({"type": "weekly", "source": PLAN}, 400, ("invalid_choice", "/type")),
    ({"type": "daily", "source": {"kind": "plan", "code": "1"}}, 400, ("unknown_field", "/source/code")),
]


@pytest.mark.parametrize("fields, status, fault", GROUNDS)
def test_an_office_says_on_what_a_typed_visit_rests(as_, people, fields, status, fault):
    body = {
        "enterprise": str(a_unit().pk),
        "due_on": "2099-12-10",
        "assignees": [str(people["inspector"].pk)],
        **fields,
    }
    answer = as_("bureau").post("/api/v1/tasks", body, format="json")
    assert answer.status_code == status, answer.json()
    assert fault is None or (answer.json()["errors"][0]["code"], answer.json()["errors"][0]["pointer"]) == fault


def test_a_task_that_names_no_type_has_the_one_of_its_way(as_, people):
    body = {"enterprise": str(a_unit().pk), "due_on": "2099-12-10", "assignees": [str(people["inspector"].pk)]}
    made = [
        as_("bureau").post("/api/v1/tasks", {**body, "kind": kind}, format="json").json()
        for kind in ("routine", "special")
    ]
    assert [(each["type"], each["source"]) for each in made] == [("daily", None), ("special", None)]


EDITS = [
    ({"type": "special"}, 400), ({"type": "case", "source": {"kind": "transfer"}}, 200), ({"source": PLAN}, 200), ({"note": "带测气仪"}, 200),
]  # fmt: skip


@pytest.mark.parametrize("fields, status", EDITS)
def test_a_task_is_edited_only_to_what_still_has_a_ground(as_, people, fields, status):
    task = a_task(a_unit(), people, type="daily", created_by=people["bureau"].pk)
    answer = as_("bureau").patch(f"/api/v1/tasks/{task.pk}", fields, format="json")
    assert answer.status_code == status, answer.json()


def test_lists_are_asked_for_by_type(as_, people):
    unit, phone = a_unit(), as_("inspector")
    put(phone, a_visit(unit, type="case"))
    task = a_task(unit, people, type="special")
    shown = {
        path: phone.get(f"/api/v1/{path}").json()["results"]
        for path in ("inspections?type=case", "tasks?type=special,case")
    }
    assert [[each["id"] for each in rows] for rows in shown.values()] == [[KEY], [str(task.pk)]]
    assert [phone.get(f"/api/v1/{path}?type=daily").json()["results"] for path in ("inspections", "tasks")] == [[], []]


def test_a_correction_puts_type_and_source_right(as_):
    phone = as_("inspector")
    put(phone, a_visit(a_unit()))
    body = {"reason": "是投诉件", "type": "case", "source": {"kind": "complaint", "number": "12350-7"}}
    answer = phone.post(f"/api/v1/inspections/{KEY}/correct", body, format="json").json()
    assert (answer["type"], answer["source"]["number"]) == ("case", "12350-7")
