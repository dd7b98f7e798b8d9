"""告知: whoever is to make a visit hears of it and of each change; whoever made one, of its correction."""

from __future__ import annotations

from uuid import UUID

import pytest

from inspections.models import Task
from safety_api.outbox import drain
from tests.cast.hazards import in_days
from tests.cast.units import a_unit
from tests.cast.visits import a_visit

pytestmark = pytest.mark.django_db
TASKS, VISIT = "/api/v1/tasks", "/api/v1/inspections/9d1f0000-0000-4000-8000-000000000e18"


def inbox_of(client, query: str = "") -> list[tuple[str, str]]:
    return [(row["kind"], row["sentence"]) for row in client.get(f"/api/v1/inbox{query}").json()["results"]]


@pytest.fixture
def unit(people):
    return a_unit()


@pytest.fixture
def task(unit, people, as_) -> str:
    body = {
        "enterprise": str(unit.pk),
        "due_on": in_days(5),
        "assignees": [str(people["inspector"].pk)],
        "note": "带测气仪",
    }
    answer = as_("bureau").post(TASKS, body, format="json")
    assert answer.status_code == 201, answer.content.decode()
    assert (answer.json()["assignee_names"], answer.json()["site_name"]) == (["张巡"], None)
    return f"{TASKS}/{answer.json()['id']}"


def test_whoever_is_to_make_a_visit_hears_of_it(task, as_):
    assert inbox_of(as_("inspector")) == [
        ("task.to_make", f"交您检查：“演示一号煤矿”（日常检查），最迟 {in_days(5)}，郑应下达。带测气仪")
    ]
    assert inbox_of(as_("bureau")) == inbox_of(as_("township")) == []


def test_what_is_changed_takes_the_place_of_what_was_said(task, as_):
    assert as_("bureau").patch(task, {"due_on": in_days(9)}, format="json").status_code == 200
    assert inbox_of(as_("inspector")) == [
        ("task.to_make", f"交您检查的“演示一号煤矿”（日常检查）已修改，最迟 {in_days(9)}，郑应下达。带测气仪")
    ]


def test_a_task_given_to_others_is_told_to_both(task, people, as_):
    people_now = {"assignees": [str(people["township"].pk)], "reason": "外出培训"}
    answer = as_("bureau").post(f"{task}/reassign", people_now, format="json")
    assert answer.json()["assignee_names"] == ["赵安"]
    assert inbox_of(as_("inspector")) == [
        ("task.not_to_make", "“演示一号煤矿”（日常检查）不必由您检查了，郑应已改派他人：外出培训")
    ]
    assert [kind for kind, _ in inbox_of(as_("township"))] == ["task.to_make"]
    back = {"assignees": [str(people["inspector"].pk)], "reason": "培训取消"}
    assert as_("bureau").post(f"{task}/reassign", back, format="json").status_code == 200
    assert [kind for kind, _ in inbox_of(as_("inspector"))] == ["task.to_make"]


def test_a_cancelled_task_is_told_with_its_reason_and_refuses_what_comes_after(task, as_):
    assert as_("bureau").post(f"{task}/cancel", {"reason": "企业已关闭"}, format="json").status_code == 200
    assert inbox_of(as_("inspector")) == [
        ("task.not_to_make", "“演示一号煤矿”（日常检查）不必由您检查了，郑应已取消任务：企业已关闭")
    ]
    again = as_("bureau").post(f"{task}/cancel", {"reason": "企业已关闭"}, format="json")
    assert (again.status_code, again.json()["detail"]) == (409, "任务已取消，不能再取消。")


def test_the_message_is_done_when_the_visit_is_made(task, unit, as_):
    key = task.rsplit("/", 1)[1]
    assert as_("inspector").put(VISIT, a_visit(unit, task=key), format="json").status_code == 201
    drain()
    assert Task.objects.get(pk=key).done_by == UUID(VISIT.rsplit("/", 1)[1])
    assert inbox_of(as_("inspector")) == [] and len(inbox_of(as_("inspector"), "?done=true")) == 1


def test_whoever_made_a_visit_hears_that_others_corrected_it(unit, as_):
    as_("inspector").put(VISIT, a_visit(unit), format="json")
    own = as_("inspector").post(f"{VISIT}/correct", {"kind": "special", "reason": "选错"}, format="json")
    assert own.status_code == 200 and inbox_of(as_("inspector")) == []
    as_("department").post(f"{VISIT}/correct", {"kind": "joint", "reason": "是联合检查"}, format="json")
    assert inbox_of(as_("inspector")) == [
        ("inspection.corrected", "您 2026-11-20 对“演示一号煤矿”的检查记录，周业作了更正：是联合检查")
    ]


KINDS = [
    ("case", "routine", "（个案检查）"), ("daily", "unannounced", "（日常检查，暗访）"), ("special", "special", "（专项检查）"), ("", "joint", "（联合）"),
]  # fmt: skip


@pytest.mark.parametrize("type, kind, said", KINDS)
def test_a_task_is_told_with_its_type_and_a_way_that_says_more(task, as_, type, kind, said):
    Task.objects.update(type=type, kind=kind)
    assert as_("bureau").patch(task, {"note": "带对讲机"}, format="json").status_code == 200
    assert said in inbox_of(as_("inspector"))[0][1]
