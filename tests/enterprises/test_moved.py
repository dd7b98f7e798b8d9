"""A unit that moves takes along what is open of it, and what of a unit a township may change."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from enforcement.models import ListingProposal
from enterprises.models import Enterprise
from hazards.models import Counted, Hazard, HazardStep
from inbox import actions as inbox
from inbox.letters import Letter, posts
from inspections.models import Task
from safety_api import outbox
from safety_api.models import TrailLine
from safety_api.roles import Role
from tests.cast.hazards import a_hazard_in, certify
from tests.cast.people import MINE, OTHER_VILLAGE, VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
URL = f"/api/v1/enterprises/{MINE}"
TOWNSHIPS = frozenset({Role.INSPECTOR})
OPEN, ASKED, DONE, ELSEWHERE = (f"9d1f6c39-5b44-4be5-9a38-6f3f1f1c000{n}" for n in (1, 2, 3, 4))


def patch(client, **changes):
    return client.patch(URL, changes, format="json")


def settled_mine():
    unit = mine()
    a_hazard_in("ordered", unit, OPEN)
    a_hazard_in("review_requested", unit, ASKED, photo=901)
    a_hazard_in("closed", unit, DONE, photo=902)
    a_hazard_in("ordered", None, ELSEWHERE, photo=903)
    due = timezone.localdate() + timedelta(days=9)
    for done in (None, DONE):
        Task.objects.create(enterprise=unit, region_code=VILLAGE, sector_id="coal_mine", kind="routine", authority="administrative",
                            due_on=due, done_by=done)  # fmt: skip
    return unit


def places(model, **of) -> list[str]:
    return list(model.objects.filter(**of).order_by("pk").values_list("region_code", flat=True))


def test_what_is_open_of_a_unit_goes_along_to_the_other_township(as_):
    settled_mine()
    answer = patch(as_("bureau"), region=OTHER_VILLAGE)
    assert answer.status_code == 200, answer.json()
    assert places(Hazard) == [OTHER_VILLAGE, OTHER_VILLAGE, VILLAGE, VILLAGE]
    assert places(Task, done_by=None) == [OTHER_VILLAGE] and places(Task, done_by=DONE) == [VILLAGE]


def test_each_hazard_that_goes_along_has_a_line_in_its_history_and_in_the_trail(as_):
    settled_mine()
    patch(as_("bureau"), region=OTHER_VILLAGE)
    step = HazardStep.objects.get(hazard=OPEN, step="relocate")
    assert (step.before, step.after, step.details) == ("ordered", "ordered", {"from": VILLAGE, "to": OTHER_VILLAGE})
    assert TrailLine.objects.filter(verb__in=["hazard.relocate", "task.relocate"]).count() == 3


def test_the_figures_of_both_townships_follow(as_):
    settled_mine()
    outbox.send("hazard.reported", {"hazards": [OPEN, ASKED, DONE, ELSEWHERE]})
    outbox.drain()
    patch(as_("bureau"), region=OTHER_VILLAGE)
    outbox.drain()
    assert sorted(Counted.objects.values_list("township", flat=True)) == sorted(
        [VILLAGE[:9]] * 2 + [OTHER_VILLAGE[:9]] * 2
    )


def test_the_officers_of_the_new_township_can_finish_what_they_received(as_, people):
    settled_mine()
    patch(as_("bureau"), region=OTHER_VILLAGE)
    certify("inspector", "inspector2", "bureau")
    visible = as_("inspector2").get(f"/api/v1/hazards/{ASKED}")
    assert visible.status_code == 200 and "pass" in visible.json()["may"]
    assert as_("inspector").get(f"/api/v1/hazards/{ASKED}").status_code == 404
    assert [row["id"] for row in as_("bureau").get("/api/v1/hazards?region=141123101").json()["results"]] != []


def test_a_proposal_that_waits_goes_along(as_):
    unit = settled_mine()
    ListingProposal.objects.create(
        hazard_id=OPEN, enterprise=unit, region_code=VILLAGE, sector_id="coal_mine", created_by_name="甲",
        proposed_on=timezone.localdate(), trigger="reported",
    )  # fmt: skip
    patch(as_("bureau"), region=OTHER_VILLAGE)
    assert places(ListingProposal) == [OTHER_VILLAGE]


def test_a_unit_that_stays_takes_nothing_along(as_):
    settled_mine()
    patch(as_("bureau"), address="新址")
    assert not HazardStep.objects.filter(step="relocate").exists()


def test_a_task_that_goes_along_leaves_behind_who_does_not_reach_its_new_place(as_, people):
    due = str(timezone.localdate() + timedelta(days=9))
    mine()
    asked = {
        "enterprise": str(MINE),
        "sector": "coal_mine",
        "kind": "routine",
        "authority": "administrative",
        "due_on": due,
    }
    both = [str(people[name].pk) for name in ("inspector", "department")]
    task = as_("township").post("/api/v1/tasks", {**asked, "assignees": both}, format="json").json()["id"]
    patch(as_("bureau"), region=OTHER_VILLAGE)
    assert as_("inspector").get("/api/v1/tasks").json()["results"] == []
    assert as_("department").get(f"/api/v1/tasks/{task}").json()["assignees"] == both[1:]
    assert TrailLine.objects.get(verb="task.relocate").details["released"] == both[:1]
    assert as_("inspector").get("/api/v1/inbox").json()["results"][0]["sentence"].endswith("不必由您检查了，郑应已将单位迁出您的辖区")


def test_the_office_of_the_new_place_gives_a_task_that_came_along_to_its_own_people(as_, people):
    mine()
    task = Task.objects.create(
        enterprise_id=MINE, region_code=VILLAGE, sector_id="coal_mine", kind="routine", authority="administrative",
        due_on=timezone.localdate() + timedelta(days=9), assignees=[people["inspector"].pk], created_by=people["township"].pk,
    )  # fmt: skip
    patch(as_("bureau"), region=OTHER_VILLAGE)
    officer = people["inspector2"]
    User.objects.filter(pk=officer.pk).update(role=Role.TOWNSHIP_OFFICER)
    given = as_("inspector2").post(
        f"/api/v1/tasks/{task.pk}/reassign", {"assignees": [str(officer.pk)], "reason": "单位迁入本镇"}, format="json"
    )
    assert given.status_code == 200, given.json()


def test_messages_of_what_goes_along_are_read_in_the_new_township(as_, people):
    settled_mine()
    inbox.send([
        Letter(kind="hazard.clock", once=f"test/{key}", sentence="到期", to=posts(TOWNSHIPS), day=timezone.localdate(),
               about_kind="hazard", about=UUID(key), region_code=VILLAGE)
        for key in (OPEN, DONE)
    ])  # fmt: skip
    patch(as_("bureau"), region=OTHER_VILLAGE)
    read = {
        who: [row["about"]["id"] for row in as_(who).get("/api/v1/inbox").json()["results"]]
        for who in ("inspector", "inspector2")
    }
    assert read == {"inspector": [DONE], "inspector2": [OPEN]}


# --- what is not a township's ---------------------------------------------------------------------------------------------------
CLOSED = [
    {"sector": "fire_safety", "producing": False}, {"sectors": ["hazardous_chemicals"]}, {"unit_type": "cooperative"},
    {"above_scale": True}, {"producing": False}, {"underground": True}, {"special_geology": True}, {"traits": ["fireworks"]},
    {"address": "改", "correction": True},
]  # fmt: skip


@pytest.mark.parametrize("changes", CLOSED, ids=lambda changes: ",".join(changes))
def test_a_township_changes_nothing_that_decides_supervision_class_or_ratio(as_, changes):
    mine()
    answer = patch(as_("township"), **changes)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_townships")
    assert {error["pointer"] for error in answer.json()["errors"]} <= {f"/{name}" for name in changes}


@pytest.mark.parametrize("changes", CLOSED, ids=lambda changes: ",".join(changes))
def test_the_bureau_may_change_all_of_it(as_, changes):
    mine()
    assert patch(as_("bureau"), **changes).status_code == 200


def test_a_township_changes_what_it_finds_and_may_send_the_rest_as_it_stands(as_):
    mine()
    same = {"sector": "coal_mine", "sectors": [], "unit_type": "enterprise", "producing": True, "traits": []}
    answer = patch(
        as_("township"), **same, address="东关", principal_phone="13912345678", name="兴县示例煤业有限责任公司"
    )
    assert answer.status_code == 200, answer.json()
    assert Enterprise.objects.get().address == "东关"


def status(client, word):
    return client.post(f"{URL}/status", {"status": word, "on": "2026-03-01", "reason": "设备检修"}, format="json")


def test_a_township_neither_stops_a_unit_by_order_nor_lifts_an_order(as_):
    mine()
    assert status(as_("township"), "stopped_by_order").json()["code"] == "not_a_townships"
    status(as_("bureau"), "stopped_by_order")
    assert status(as_("township"), "operating").json()["code"] == "not_a_townships"
