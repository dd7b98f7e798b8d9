"""账号管理 over the API: made, disabled, reset, with posts and certificates of their days; administrators keep each other in check."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.administering import turn_posts
from accounts.models import User
from safety_api.models import TrailLine
from tests.cast.people import ELSEWHERE, HOME, MINE, VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
ACCOUNTS = "/api/v1/accounts"
NEW = {
    "username": "WangWu",
    "name": "王五",
    "phone": "１３８ 1234 5678",
    "role": "inspector",
    "region": HOME,
    "sectors": ["coal_mine"],
}


def post(client, address: str, body: dict | None = None):
    return client.post(f"{ACCOUNTS}{address}", body or {}, format="json")


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def test_an_administrator_makes_an_account_whose_first_password_is_shown_once(as_):
    answer = post(as_("sysadmin"), "", NEW)
    assert answer.status_code == 201, answer.json()
    user = User.objects.get(username="wangwu")
    assert (user.region, user.sectors, user.phone, user.must_change_password) == (
        HOME,
        ["coal_mine"],
        "13812345678",
        True,
    )
    assert user.check_password(answer.json()["password"])
    assert (answer.json()["account"]["phone"], user.posts.count()) == ("138****5678", 1)
    line = TrailLine.objects.get(verb="user.create")
    assert line.actor_role == "system_admin" and answer.json()["password"] not in str(line.details)


BAD = [  # what is wrong: the answer
    ({"username": "inspector"}, 409, "username_taken"), ({"region": ""}, 400, "invalid"), ({"region": "999999"}, 400, "unknown_region"),
    ({"sectors": ["magic"]}, 400, "invalid"), ({"department": "nobody"}, 400, "invalid"), ({"role": "king"}, 400, "invalid"),
    ({"role": "enterprise_officer", "region": ""}, 400, "invalid"), ({"enterprise": str(MINE)}, 400, "invalid"),
    ({"role": "audit_admin"}, 400, "invalid"), ({"phone": "12345"}, 400, "invalid"), ({"salary": 1}, 400, "unknown_field"),
    ({"role": "audit_admin", "region": "", "sectors": []}, 403, "other_administrator"),
]  # fmt: skip


@pytest.mark.parametrize("wrong, status, code", BAD)
def test_an_account_that_could_not_work_is_not_made(as_, wrong, status, code):
    mine()
    answer = post(as_("sysadmin"), "", {**NEW, **wrong})
    said = answer.json()
    assert answer.status_code == status, said
    assert code in {said["code"], *(each["code"] for each in said.get("errors", ()))}
    assert not User.objects.filter(username="wangwu").exists()


KEEPS = [  # who keeps whose account
    ("sysadmin", "secadmin", 200), ("sysadmin", "auditor", 403), ("secadmin", "sysadmin", 200), ("secadmin", "auditor", 200),
    ("sysadmin", "sysadmin", 409), ("secadmin", "secadmin", 409), ("sysadmin", "inspector", 200), ("secadmin", "inspector", 200),
]  # fmt: skip


@pytest.mark.parametrize("who, whose, status", KEEPS)
def test_administrators_keep_each_other_s_accounts_and_nobody_the_own(as_, people, who, whose, status):
    assert post(as_(who), f"/{people[whose].pk}/reset-password").status_code == status


def test_a_disabled_account_is_signed_out_at_once_and_can_be_enabled_again(as_, people):
    phone, key = as_("inspector"), people["inspector"].pk
    assert post(as_("sysadmin"), f"/{key}/disable").json()["errors"][0]["code"] == "reason_required"
    assert post(as_("sysadmin"), f"/{key}/disable", {"reason": "调离"}).json()["is_active"] is False
    assert phone.get("/api/v1/me").status_code == 401
    assert post(as_("sysadmin"), f"/{key}/enable", {"reason": "借调结束"}).json()["is_active"] is True
    assert [line.details for line in TrailLine.objects.filter(verb__in=("user.lock", "user.open")).order_by("id")] == [
        {"reason": "调离"}, {"reason": "借调结束"},
    ]  # fmt: skip


def test_accounts_are_found_and_edited(as_, people):
    client = as_("secadmin")
    assert [row["username"] for row in client.get(f"{ACCOUNTS}?q=张巡").json()["results"]] == ["inspector"]
    assert {row["username"] for row in client.get(f"{ACCOUNTS}?role=inspector&active=true").json()["results"]} == {
        "inspector",
        "inspector2",
    }
    edited = client.patch(
        f"{ACCOUNTS}/{people['inspector'].pk}", {"phone": "13900001111", "legal_reviewer": True}, format="json"
    )
    assert edited.json()["legal_reviewer"] is True
    assert TrailLine.objects.get(verb="user.edit").details == {"what": ["legal_reviewer", "phone"]}
    assert client.get(f"{ACCOUNTS}/{UUID(int=9)}").status_code == 404


# --- posts ------------------------------------------------------------------------------------------------------------
def test_a_post_from_today_moves_the_account_at_once_and_keeps_the_one_before(as_, people):
    key = people["inspector"].pk
    answer = post(
        as_("secadmin"), f"/{key}/posts", {"role": "township_officer", "region": ELSEWHERE, "department": "emergency"}
    )
    assert answer.status_code == 201 and answer.json()["begun_at"]
    user = User.objects.get(pk=key)
    assert (user.role, user.region, user.department_id) == ("township_officer", ELSEWHERE, "emergency")
    held = as_("sysadmin").get(f"{ACCOUNTS}/{key}/posts").json()
    assert [(row["role"], row["held_to"] is None) for row in held] == [("township_officer", True), ("inspector", False)]
    assert held[0]["held_from"] == held[1]["held_to"]


def test_a_post_to_come_begins_on_its_day_and_can_be_withdrawn_before(as_, people):
    key, phone = people["inspector"].pk, as_("secadmin")
    body = {"role": "inspector", "region": ELSEWHERE, "first": in_days(3)}
    made = post(phone, f"/{key}/posts", body)
    assert made.json()["begun_at"] is None and User.objects.get(pk=key).region == HOME
    assert post(phone, f"/{key}/posts", body).json()["code"] == "post_overlaps"
    assert phone.delete(f"{ACCOUNTS}/{key}/posts/{made.json()['id']}").status_code == 204
    assert [row["held_to"] for row in phone.get(f"{ACCOUNTS}/{key}/posts").json()] == [None]
    post(phone, f"/{key}/posts", body)
    assert turn_posts(timezone.now()) == 0
    assert turn_posts(timezone.now() + timedelta(days=3)) == 1
    assert turn_posts(timezone.now() + timedelta(days=3)) == 0
    assert User.objects.get(pk=key).region == ELSEWHERE
    begun = phone.get(f"{ACCOUNTS}/{key}/posts").json()[0]["id"]
    assert phone.delete(f"{ACCOUNTS}/{key}/posts/{begun}").json()["code"] == "post_begun"


def test_an_account_whose_post_is_over_is_disabled_by_itself(as_, people):
    key = people["village"].pk
    post(as_("secadmin"), f"/{key}/posts", {"role": "village_officer", "region": VILLAGE, "last": in_days(1)})
    assert turn_posts(timezone.now()) == 0
    assert turn_posts(timezone.now() + timedelta(days=2)) == 1
    assert not User.objects.get(pk=key).is_active
    assert TrailLine.objects.get(verb="user.lock").details == {"reason": "任职期满"}


def test_a_post_that_ends_before_it_begins_is_refused(as_, people):
    answer = post(
        as_("secadmin"),
        f"/{people['inspector'].pk}/posts",
        {"role": "inspector", "region": HOME, "first": in_days(3), "last": in_days(2)},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "ends_before_start")


# --- certificates -----------------------------------------------------------------------------------------------------
def test_a_certificate_is_registered_and_revoked_with_its_days(as_, people):
    key, phone = people["inspector"].pk, as_("sysadmin")
    body = {"number": "晋J00001", "issued_by": "山西省人民政府", "valid_from": in_days(-9), "valid_to": in_days(900)}
    made = post(phone, f"/{key}/certificates", body)
    assert made.status_code == 201
    assert as_("inspector").get("/api/v1/me").json()["certificate_valid"] is True
    assert post(phone, f"/{people['inspector2'].pk}/certificates", body).json()["code"] == "number_taken"
    assert (
        post(phone, f"/{key}/certificates", {**body, "number": "2", "valid_to": in_days(-10)}).json()["code"]
        == "ends_before_start"
    )
    address = f"/{key}/certificates/{made.json()['id']}/revoke"
    assert post(phone, address, {"on": in_days(1), "reason": "调离"}).status_code == 400
    assert post(phone, address, {"on": in_days(0), "reason": "调离"}).json()["revoked_on"] == in_days(0)
    assert as_("inspector").get("/api/v1/me").json()["certificate_valid"] is False
    assert [row["number"] for row in phone.get(f"{ACCOUNTS}/{key}/certificates").json()] == ["晋J00001"]
