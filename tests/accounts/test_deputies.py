"""代理: a leader who is away has a deputy from a day to a day; what the deputy does says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Deputy, User
from inbox import actions as inbox
from inbox.letters import Letter, posts
from safety_api.models import TrailLine
from tests.cast.hazards import CLAUSE, a_hazard_in, certify, take
from tests.cast.people import VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
DEPUTIES = "/api/v1/deputies"


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


@pytest.fixture
def office(people):
    """The chief and the officer of one department."""
    User.objects.filter(username__in=("chief", "department")).update(department="emergency")
    certify("department", "chief")
    return people


def appoint(client, deputy, leader=None, first: int = 0, last: int = 5, **more):
    body = {
        "deputy": str(deputy.pk),
        "held_from": in_days(first),
        "held_to": in_days(last),
        "reason": "外出学习",
        **more,
    }
    return client.post(f"/api/v1/accounts/{leader.pk}/deputies" if leader else DEPUTIES, body, format="json")


def standing_in(client, leader):
    client.credentials(**client._credentials, HTTP_ACTING_FOR=str(leader.pk))
    return client


def test_a_deputy_takes_the_leader_s_step_and_the_step_says_for_whom(office, as_):
    a_hazard_in(unit=mine(), level="major")
    assert take(as_("department"), "confirm", standard_clause=CLAUSE).json()["code"] == "leader_required"
    made = appoint(as_("chief"), office["department"])
    assert (made.status_code, made.json()["leader_name"], made.json()["deputy_name"]) == (201, "吴长", "周业")
    deputy = standing_in(as_("department"), office["chief"])
    assert take(deputy, "confirm", standard_clause=CLAUSE).status_code == 200
    line = TrailLine.objects.get(verb="hazard.confirm")
    assert (line.actor_id, line.actor_name) == (office["department"].pk, "周业（代吴长）")
    assert line.details["acting_for"] == str(office["chief"].pk)
    assert TrailLine.objects.get(verb="deputy.appoint").details["to"] == in_days(5)


def test_the_deputy_is_told_and_sees_whom_to_stand_in_for(office, as_):
    appoint(as_("chief"), office["department"])
    assert "代行吴长" in as_("department").get("/api/v1/inbox?kind=account.deputy").json()["results"][0]["sentence"]
    me = as_("department").get("/api/v1/me").json()
    assert [(each["leader"], each["name"]) for each in me["stands_in_for"]] == [(str(office["chief"].pk), "吴长")]
    assert (me["acting_for"], me["is_leader"]) == (None, False)
    acting = standing_in(as_("department"), office["chief"]).get("/api/v1/me").json()
    assert (acting["acting_for"], acting["is_leader"], acting["name"]) == (
        str(office["chief"].pk),
        True,
        "周业（代吴长）",
    )


def test_what_is_said_to_the_leader_s_post_is_in_the_deputy_s_inbox_too(office, as_):
    letter = Letter(
        kind="hazard.clock", once="x", sentence="负责人提醒", day=timezone.localdate(), region_code=VILLAGE, sector="coal_mine",
        to=posts({"department_officer"}, department="emergency", leaders=True),
    )  # fmt: skip
    inbox.send([letter])
    assert as_("department").get("/api/v1/inbox?kind=hazard.clock").json()["results"] == []
    appoint(as_("chief"), office["department"])
    assert len(as_("department").get("/api/v1/inbox?kind=hazard.clock").json()["results"]) == 1


DAYS = [(1, 5), (-3, -1)]  # to come, over


@pytest.mark.parametrize("first, last", DAYS)
def test_outside_the_days_nobody_acts_for_the_leader(office, as_, first, last):
    Deputy.objects.create(
        leader=office["chief"],
        deputy=office["department"],
        held_from=in_days(first),
        held_to=in_days(last),
        reason="外出",
        made_by_name="吴长",
    )
    answer = standing_in(as_("department"), office["chief"]).get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_deputy")


@pytest.mark.parametrize("leader", ["not-a-key", "00000000-0000-0000-0000-000000000000"])
def test_a_header_that_names_nobody_is_refused(office, as_, leader):
    client = as_("department")
    client.credentials(**client._credentials, HTTP_ACTING_FOR=leader)
    assert client.get("/api/v1/me").json()["code"] == "not_a_deputy"


def test_a_leader_who_is_back_early_ends_it_and_the_deputy_acts_no_more(office, as_):
    key = appoint(as_("chief"), office["department"]).json()["id"]
    assert as_("department").post(f"{DEPUTIES}/{key}/end").status_code == 404
    assert as_("inspector").post(f"{DEPUTIES}/{key}/end").status_code == 404
    assert as_("chief").post(f"{DEPUTIES}/{key}/end").status_code == 200
    assert standing_in(as_("department"), office["chief"]).get("/api/v1/me").status_code == 403
    assert as_("chief").post(f"{DEPUTIES}/{key}/end").json()["code"] == "ended_already"
    assert appoint(as_("chief"), office["department"]).status_code == 201


def test_own_affairs_are_not_done_for_another(office, as_):
    appoint(as_("chief"), office["department"])
    deputy = standing_in(as_("department"), office["chief"])
    assert appoint(deputy, office["bureau"]).status_code == 403
    assert deputy.post("/api/v1/auth/password", {"old": "x", "new": "y"}, format="json").status_code == 403


REFUSED = [  # by whom, of whom, who stands in, from, to: the answer
    ("department", None, "bureau", 0, 5, 403, "leader_required"), ("chief", None, "inspector2", 0, 5, 400, "deputy_of_another_organ"),
    ("chief", None, "enterprise", 0, 5, 400, "deputy_of_another_organ"), ("chief", None, "chief", 0, 5, 400, "deputy_of_another_organ"),
    ("chief", None, "department", -1, 5, 400, "in_the_past"), ("chief", None, "department", 3, 2, 400, "ends_before_start"),
    ("department", "chief", "bureau", 0, 5, 403, "forbidden"), ("sysadmin", "auditor", "sysadmin", 0, 5, 404, "not_found"),
]  # fmt: skip


@pytest.mark.parametrize("who, leader, deputy, first, last, status, code", REFUSED)
def test_a_deputy_is_named_by_a_leader_within_the_own_organ(
    office, as_, who, leader, deputy, first, last, status, code
):
    answer = appoint(as_(who), office[deputy], office[leader] if leader else None, first, last)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_leader_has_one_deputy_at_a_time(office, as_):
    User.objects.filter(pk=office["bureau"].pk).update(department="emergency")
    appoint(as_("chief"), office["department"])
    assert appoint(as_("chief"), office["bureau"], first=5, last=9).json()["code"] == "deputy_taken"
    assert appoint(as_("chief"), office["bureau"], first=6, last=9).status_code == 201


def test_an_administrator_names_a_deputy_for_a_township_s_leader(people, as_):
    made = appoint(as_("secadmin"), people["township"], people["leader"], document="蔚汾镇党〔2026〕9号")
    assert made.status_code == 201
    acting = standing_in(as_("township"), people["leader"]).get("/api/v1/me").json()
    assert acting["role"] == "township_leader"
    address = f"/api/v1/accounts/{people['leader'].pk}/deputies"
    assert [row["deputy_name"] for row in as_("sysadmin").get(address).json()] == ["赵安"]
    assert as_("sysadmin").post(f"{address}/{made.json()['id']}/end").json()["ended_at"]
    assert as_("inspector").get(DEPUTIES).json()["results"] == []
