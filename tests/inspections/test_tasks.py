"""任务 Visits to make: asked for by unit, person and day; edited, given to others, cancelled."""

from __future__ import annotations

from uuid import UUID

import pytest

from inspections.models import Task
from safety_api.models import TrailLine
from tests.cast.hazards import in_days
from tests.cast.people import VILLAGE
from tests.cast.units import a_unit

pytestmark = pytest.mark.django_db
TASKS = "/api/v1/tasks"


@pytest.fixture
def unit(people):
    return a_unit()


def a_task(unit, people, number: int = 1, *, by: str = "bureau", to: str = "inspector", **fields) -> Task:
    known = {
        "id": UUID(int=0x6000 + number), "enterprise": unit, "region_code": VILLAGE, "sector_id": "coal_mine", "kind": "routine",
        "authority": "administrative", "due_on": in_days(5), "assignees": [people[to].pk], "created_by": people[by].pk,
    }  # fmt: skip
    Task.objects.create(**{**known, **fields})
    return Task.objects.get(pk=known["id"])


def numbers(client, query: str) -> list[int]:
    answer = client.get(f"{TASKS}?{query}")
    assert answer.status_code == 200, answer.content.decode()
    return [UUID(row["id"]).int - 0x6000 for row in answer.json()["results"]]


QUERIES = [
    ("bureau", "", [2, 1]), ("bureau", "open=true", [2, 1]), ("bureau", "open=false", [3, 4]), ("bureau", "done=true", [3]),
    ("bureau", "cancelled=true", [4]), ("bureau", "overdue=true", [2]), ("bureau", "overdue=false", [1]), ("inspector", "mine=true", [1]),
    ("township", "mine=true", [2]), ("township", "mine=false", [1]), ("township", "waiting_for=me", [2]), ("bureau", "waiting_for=me", []),
    ("bureau", "enterprise={unit}", [2, 1]), ("bureau", "enterprise={nobody}", []), ("bureau", "assignee={township}", [2]),
    ("bureau", "kind=special,review", [2]), ("bureau", "due_from={today}", [1]), ("bureau", "due_before={today}", [2]),
    ("bureau", "sort=-due_on", [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize("who, query, shown", QUERIES)
def test_tasks_are_asked_for_by_unit_person_and_day(who, query, shown, unit, people, as_):
    a_task(unit, people, 1)
    a_task(unit, people, 2, to="township", due_on=in_days(-1), kind="special")
    a_task(unit, people, 3, done_by=UUID(int=9), due_on=in_days(-3))
    a_task(unit, people, 4, cancelled_on=in_days(0), due_on=in_days(-2))
    words = {"unit": unit.pk, "nobody": UUID(int=5), "township": people["township"].pk, "today": in_days(0)}
    assert numbers(as_(who), query.format(**words)) == shown


def test_a_task_is_edited_against_its_tag(unit, people, as_):
    task, bureau = a_task(unit, people), as_("bureau")
    tag = bureau.get(f"{TASKS}/{task.pk}")["ETag"]
    edited = bureau.patch(
        f"{TASKS}/{task.pk}", {"due_on": in_days(9), "note": "带测气仪"}, format="json", headers={"If-Match": tag}
    )
    assert (edited.status_code, edited.json()["due_on"], edited.json()["note"]) == (200, in_days(9), "带测气仪")
    stale = bureau.patch(f"{TASKS}/{task.pk}", {"note": "又改"}, format="json", headers={"If-Match": '"0-0"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    line = TrailLine.objects.get(verb="task.edit")
    assert line.details["after"]["due_on"] == in_days(9) and line.details["before"]["due_on"] == in_days(5)


def test_a_task_is_given_to_others_with_a_reason(unit, people, as_):
    task = a_task(unit, people)
    body = {"assignees": [str(people["township"].pk)], "reason": "原检查人员外出培训"}
    answer = as_("bureau").post(f"{TASKS}/{task.pk}/reassign", body, format="json")
    assert (answer.status_code, answer.json()["assignees"]) == (200, body["assignees"])
    assert numbers(as_("inspector"), "") == []
    assert TrailLine.objects.get(verb="task.reassign").details["reason"] == body["reason"]


def test_a_cancelled_task_says_why_and_is_nobodys(unit, people, as_):
    task = a_task(unit, people)
    answer = as_("bureau").post(f"{TASKS}/{task.pk}/cancel", {"reason": "企业已关闭"}, format="json")
    assert (answer.json()["cancelled_on"], answer.json()["cancel_reason"]) == (in_days(0), "企业已关闭")
    assert numbers(as_("inspector"), "") == []


REFUSED = [
    ("patch", "", {"due_on": "2020-01-01"}, (400, "in_the_past")), ("patch", "", {"enterprise": str(UUID(int=1))}, (400, "unknown_field")),
    ("post", "/reassign", {"assignees": [str(UUID(int=9))], "reason": "x"}, (400, "cannot_make_visit")),
    ("post", "/reassign", {"assignees": [], "reason": "x"}, (400, "invalid")), ("post", "/cancel", {}, (400, "reason_required")),
]  # fmt: skip


def test_a_task_without_a_unit_or_a_site_points_at_what_is_missing(people, as_):
    answer = as_("bureau").post(
        TASKS, {"due_on": in_days(5), "assignees": [str(people["inspector"].pk)]}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "place_required")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/enterprise"]


@pytest.mark.parametrize("verb, path, body, refusal", REFUSED)
def test_a_change_that_makes_no_sense_is_refused(verb, path, body, refusal, unit, people, as_):
    task = a_task(unit, people)
    answer = getattr(as_("bureau"), verb)(f"{TASKS}/{task.pk}{path}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == refusal


@pytest.mark.parametrize("over", [{"done_by": UUID(int=9)}, {"cancelled_on": "2026-11-01"}])
@pytest.mark.parametrize("verb, path, body", [("patch", "", {"note": "x"}), ("post", "/cancel", {"reason": "x"})])
def test_a_task_that_is_over_is_changed_no_more(over, verb, path, body, unit, people, as_):
    task = a_task(unit, people, **over)
    answer = getattr(as_("bureau"), verb)(f"{TASKS}/{task.pk}{path}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")


@pytest.mark.parametrize("by, status", [("township", 200), ("bureau", 403)])
def test_a_township_changes_its_own_tasks_not_the_countys(by, status, unit, people, as_):
    task = a_task(unit, people, by=by)
    answer = as_("township").patch(f"{TASKS}/{task.pk}", {"note": "改"}, format="json")
    assert answer.status_code == status
    assert Task.objects.get(pk=task.pk).note == ("改" if status == 200 else "")


def test_whoever_makes_visits_changes_no_task(unit, people, as_):
    task = a_task(unit, people)
    assert as_("inspector").patch(f"{TASKS}/{task.pk}", {"note": "x"}, format="json").status_code == 403
    assert as_("inspector2").get(f"{TASKS}/{task.pk}").status_code == 404
