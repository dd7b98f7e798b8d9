"""检查主体 The county's list is entered and read; who is not on it, and visits without two certified officers, are remarked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Certificate
from inspections.bodies.rules import Made, remarks
from reference import bodies, law
from reference.models import Document
from safety_api.models import TrailLine
from tests.cast.people import HOME, VILLAGE
from tests.cast.units import mine
from tests.cast.visits import a_visit
from tests.inspections.test_submit import put

pytestmark = pytest.mark.django_db
URL = "/api/v1/reference/inspection-bodies"
LIST = {
    "published_on": "2025-06-27",
    "source": "兴政公告〔2025〕4号",
    "bodies": [{"body": "fire_rescue", "scope": "消防安全"}, {"body": f"{HOME}000", "scope": "受委托的检查", "sectors": ["coal_mine"]}],
}  # fmt: skip
NOT_LISTED, UNCERTIFIED, UNNAMED = "body_not_listed", "officers_uncertified", "experts_unnamed"


@pytest.fixture(autouse=True)
def books():
    yield
    law.forget()


def enter(client, **changes):
    return client.post(URL, {**LIST, **changes}, format="json")


# --- the list --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["enterprise", "inspector", "village", "auditor"])
def test_everyone_reads_who_may_come_and_since_when(who, as_):
    shown = as_(who).get(f"{URL}?on=2026-11-30").json()
    assert (shown["status"], shown["not_offered_from"], shown["coordinating"][0]["body"]) == (
        "proposed",
        "2025-07-01",
        "safety_committee",
    )
    assert {"emergency", "energy"} <= {each["body"] for each in shown["bodies"]}
    assert as_(who).get(f"{URL}?on=2024-12-31").json()["status"] == "none"


def test_the_countys_list_holds_from_its_day_on_and_no_day_before_it(as_):
    answer = enter(as_("committee"))
    assert answer.status_code == 201, answer.json()
    shown = {each["body"]: each for each in answer.json()["bodies"]}
    assert (shown["fire_rescue"]["published_on"], shown["fire_rescue"]["status"]) == ("2025-06-27", "published")
    assert shown[HOME]["kind"] == "township" and shown[HOME]["name"] == "蔚汾镇"
    days = {
        on: as_("enterprise").get(f"{URL}?on={on}").json()["status"]
        for on in ("2025-06-26", "2025-06-27", "2026-11-30")
    }
    assert days == {"2025-06-26": "proposed", "2025-06-27": "published", "2026-11-30": "published"}
    assert [each["published_on"] for each in answer.json()["lists"]] == ["2025-06-27", None]


def test_a_list_may_be_entered_long_after_its_day_beside_a_later_one(as_):
    enter(as_("bureau"), published_on="2026-03-02")
    assert enter(as_("bureau")).status_code == 201
    found = {on: as_("bureau").get(f"{URL}?on={on}").json()["published_on"] for on in ("2025-12-31", "2026-03-02")}
    assert found == {"2025-12-31": "2025-06-27", "2026-03-02": "2026-03-02"}


def test_the_same_list_again_changes_nothing_and_another_of_the_day_wants_a_reason(as_):
    enter(as_("bureau"))
    assert (
        enter(as_("bureau")).status_code == 200
        and TrailLine.objects.filter(verb="inspection_bodies.enter").count() == 1
    )
    other = {"bodies": LIST["bodies"][:1]}
    refused = enter(as_("bureau"), **other)
    assert (refused.status_code, refused.json()["code"]) == (409, "list_stands")
    assert enter(as_("bureau"), **other, reason="抄录有误").status_code == 201
    line = TrailLine.objects.filter(verb="inspection_bodies.enter").latest("id")
    assert [each["body"] for each in line.details["before"]] == ["fire_rescue", HOME] and line.details[
        "reason"
    ] == "抄录有误"
    assert Document.objects.filter(kind="inspection_bodies", code="2025-06-27").count() == 1


WRONG = [  # what is wrong with a list, and the answer
    ({"published_on": "2999-01-01"}, (400, "in_the_future"), "/published_on"), ({"published_on": "2024-12-31"}, (400, "before_the_law"), "/published_on"),
    ({"bodies": []}, (400, "invalid"), "/bodies"), ({"source": ""}, (400, "invalid"), "/source"),
    ({"bodies": [{"body": "safety_committee", "scope": "x"}]}, (400, "body_never_listed"), "/bodies/0/body"),
    ({"bodies": [{"body": "nobody", "scope": "x"}]}, (400, "unknown_body"), "/bodies/0/body"),
    ({"bodies": [{"body": "141123999", "scope": "x"}]}, (400, "unknown_body"), "/bodies/0/body"),
    ({"bodies": [{"body": "emergency", "scope": "x"}] * 2}, (400, "twice"), "/bodies/1/body"),
    ({"bodies": [{"body": "emergency", "scope": "x", "sectors": ["mine"]}]}, (400, "unknown_sector"), "/bodies/0/sectors/0"),
    ({"bodies": [{"body": "emergency"}]}, (400, "required"), "/bodies/0/scope"),
    ({"bodies": [{"body": "emergency", "scope": "x", "published_on": "2999-01-01"}]}, (400, "in_the_future"), "/bodies/0/published_on"),
    ({"bodies": [{"body": "emergency", "scope": "x", "published_on": "2024-12-31"}]}, (400, "before_the_law"), "/bodies/0/published_on"),
]  # fmt: skip


@pytest.mark.parametrize("changes, refusal, pointer", WRONG)
def test_a_list_that_cannot_be_right_is_refused_where_it_is_wrong(changes, refusal, pointer, as_):
    answer = enter(as_("bureau"), **changes).json()
    assert (answer["status"], answer["errors"][0]["pointer"]) == (refusal[0], pointer), answer
    assert refusal[1] in (answer["code"], answer["errors"][0]["code"])


def test_a_body_published_after_its_list_stands_on_it_from_its_own_day(as_):
    late = {"body": "energy", "scope": "煤炭行业管理", "published_on": "2025-09-01"}
    answer = enter(as_("bureau"), bodies=[*LIST["bodies"], late])
    assert "energy" in {each["body"] for each in answer.json()["bodies"]}
    for day, stands in (("2025-08-31", False), ("2025-09-01", True)):
        assert bodies.is_listed("energy", date.fromisoformat(day)) is stands
        shown = as_("enterprise").get(f"{URL}?on={day}").json()["bodies"]
        assert ("energy" in {each["body"] for each in shown}) is stands


# --- what is remarked ------------------------------------------------------------------------------------------------
MADE = {
    "authority": "administrative",
    "kind": "routine",
    "of_enterprise": True,
    "listed": True,
    "certified": 2,
    "needed": 2,
    "experts": 0,
}
REMARKED = [  # what differs from a lawful visit, and what is said of it
    ({}, set()), ({"listed": False}, {NOT_LISTED}), ({"certified": 1}, {NOT_LISTED, UNCERTIFIED}), ({"needed": 1, "certified": 1}, set()),
    ({"kind": "expert"}, {NOT_LISTED, UNNAMED}), ({"kind": "expert", "experts": 1}, set()), ({"of_enterprise": False, "listed": False, "certified": 0}, set()),
    ({"authority": "patrol", "listed": False, "certified": 0}, {NOT_LISTED}), ({"authority": "patrol", "certified": 0}, set()),
    ({"authority": "patrol", "listed": False, "of_enterprise": False}, set()), ({"authority": "expert_service", "listed": False, "certified": 0}, set()),
    ({"authority": "self_check", "listed": False, "certified": 0}, set()), ({"authority": "supervision", "listed": False, "certified": 0}, set()),
]  # fmt: skip


@pytest.mark.parametrize("differs, said", REMARKED)
def test_what_lacks_of_who_made_a_visit_is_remarked(differs, said):
    assert remarks(Made(**{**MADE, **differs})) == said


# --- at the door -----------------------------------------------------------------------------------------------------
WORDS = {NOT_LISTED, UNCERTIFIED, UNNAMED}


def certify(people, *who: str, days: int = 400) -> None:
    today = timezone.localdate()
    for name in who:
        Certificate.objects.create(
            user=people[name], number=f"证{name}", issued_by="测试·发证机关", valid_from=date(2021, 1, 1),
            valid_to=today + timedelta(days),
        )  # fmt: skip


def said_of(answer) -> set[str]:
    assert answer.status_code == 201, answer.json()
    return WORDS & set(answer.json()["warnings"])


def test_a_visit_by_two_certified_officers_of_a_listed_body_is_not_remarked(as_, people):
    certify(people, "inspector", "department")
    visit = a_visit(mine(), hazards=[], companions=[str(people["department"].pk)])
    assert said_of(put(as_("inspector"), visit)) == set()


COMPANY = [  # who holds a certificate, who came along, in which way: what is said
    ((), (), {}, {NOT_LISTED, UNCERTIFIED}), (("inspector",), ("department",), {}, {NOT_LISTED, UNCERTIFIED}),
    (("department", "bureau"), ("department", "bureau"), {}, set()), (("inspector", "department"), ("department",), {"kind": "expert"}, {NOT_LISTED, UNNAMED}),
    (("inspector", "department"), ("department",), {"kind": "expert", "experts": [{"name": "高工"}]}, set()),
    (("inspector", "department"), ("department",), {"kind": "expert", "experts": [{"name": ""}]}, {NOT_LISTED, UNNAMED}),
]  # fmt: skip


@pytest.mark.parametrize("holders, company, fields, said", COMPANY)
def test_what_an_administrative_visit_lacks_is_remarked_and_it_is_taken(holders, company, fields, said, as_, people):
    certify(people, *holders)
    visit = a_visit(mine(), hazards=[], companions=[str(people[each].pk) for each in company], **fields)
    assert said_of(put(as_("inspector"), visit)) == said


def test_a_certificate_that_ended_before_the_visit_counts_no_more(as_, people):
    certify(people, "inspector", "department", days=-60)
    visit = a_visit(mine(), hazards=[], companions=[str(people["department"].pk)], **of_days_ago(10))
    assert said_of(put(as_("inspector"), visit)) == {NOT_LISTED, UNCERTIFIED}


def of_days_ago(days: int) -> dict[str, str]:
    at = timezone.now() - timedelta(days)
    return {"started_at": at.isoformat(), "finished_at": (at + timedelta(minutes=30)).isoformat()}


PATROLS = [("township", {NOT_LISTED}), ("village", {NOT_LISTED}), ("inspector", set())]


@pytest.mark.parametrize("who, said", PATROLS)
def test_a_patrol_of_an_enterprise_by_a_body_not_listed_is_kept_with_a_remark(who, said, as_):
    assert said_of(put(as_(who), a_visit(mine(), hazards=[], authority="patrol"))) == said


@pytest.mark.parametrize(
    "who, authority", [("township", "patrol"), ("village", "patrol"), ("inspector", "administrative")]
)
def test_visits_of_public_places_are_as_before(who, authority, as_, people):
    place = {"place": "东关村文化广场", "region": VILLAGE, "sector": "fire_safety"}
    answer = put(as_(who), a_visit(**place, hazards=[], answers=[], checklist=None, authority=authority))
    assert said_of(answer) == set()
    assert not {"no_approval", "no_notice", "not_scanned"} & set(answer.json()["warnings"])


def test_a_township_on_the_countys_list_patrols_without_a_remark(as_):
    enter(as_("bureau"))
    assert said_of(put(as_("township"), a_visit(mine(), hazards=[], authority="patrol"))) == set()


def test_a_department_left_out_of_the_countys_list_is_remarked_from_its_day_on(as_, people):
    certify(people, "inspector", "department")
    enter(as_("bureau"))
    visit = a_visit(mine(), hazards=[], companions=[str(people["department"].pk)])
    assert said_of(put(as_("inspector"), visit)) == {NOT_LISTED}


@pytest.mark.parametrize(
    "department, said", [("agriculture", {NOT_LISTED}), ("safety_committee", {NOT_LISTED}), ("energy", set())]
)
def test_a_visit_in_the_name_of_a_department_is_taken_and_judged_by_the_list(department, said, as_, people):
    certify(people, "department", "inspector")
    people["department"].department_id = department
    people["department"].save()
    visit = a_visit(mine(), hazards=[], companions=[str(people["inspector"].pk)])
    assert said_of(put(as_("department"), visit)) == said


def a_task(people, **fields) -> dict:
    due = (timezone.localdate() + timedelta(5)).isoformat()
    return {"enterprise": str(mine().pk), "due_on": due, "assignees": [str(people["inspector"].pk)], **fields}


def test_no_administrative_task_is_set_in_the_committees_name(as_, people):
    for who in ("department", "inspector"):
        people[who].department_id = "safety_committee"
        people[who].save()
    own = as_("department").post("/api/v1/tasks", body := a_task(people), format="json")
    theirs = as_("bureau").post("/api/v1/tasks", body, format="json")
    joint = {**body, "assignees": [str(people["chief"].pk)], "joint_departments": ["safety_committee"]}
    together = as_("bureau").post("/api/v1/tasks", joint, format="json")
    answers = [(each.status_code, each.json()["code"]) for each in (own, theirs, together)]
    assert answers == [(403, "coordinating_body")] * 3
    pointers = [fault["pointer"] for each in (theirs, together) for fault in each.json()["errors"]]
    assert pointers == ["/assignees/0", "/joint_departments/0"]
    urged = as_("department").post("/api/v1/tasks", {**body, "authority": "supervision"}, format="json")
    assert urged.status_code == 201
