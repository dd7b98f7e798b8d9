"""访问密钥 A key for programs: shown once, read-only, for maps alone, never more than its person may, and gone with the lock, the post or the password."""

from __future__ import annotations

import base64
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions as accounts
from accounts import throttles
from accounts.keys import actions
from accounts.models import ApiKey
from safety_api import replica
from safety_api.models import TrailLine
from safety_api.trail import SYSTEM

pytestmark = pytest.mark.django_db
KEYS, LAYERS = "/api/v1/auth/keys", "/ogc/collections"


def a_key(as_, name: str = "bureau", **fields) -> str:
    days = timedelta(days=30)
    answer = as_(name).post(
        KEYS, {"name": "办公室 QGIS", "ends_on": str(timezone.localdate() + days), **fields}, format="json"
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["key"]


def with_key(key: str, username: str = "", scheme: str = "Key") -> APIClient:
    said = key if scheme == "Key" else base64.b64encode(f"{username}:{key}".encode()).decode()
    return APIClient(HTTP_AUTHORIZATION=f"{scheme} {said}", raise_request_exception=False)


def test_it_is_shown_once_kept_as_a_digest_and_leaves_a_line(as_, people):
    key = a_key(as_)
    row = ApiKey.objects.get()
    assert key not in str(ApiKey.objects.values().get()) and key.startswith(row.begins)
    assert "key" not in as_("bureau").get(KEYS).json()[0]
    assert TrailLine.objects.get(verb="access_key.make").actor_id == people["bureau"].pk
    assert as_("bureau").delete(f"{KEYS}/{row.pk}").status_code == 204
    assert with_key(key).get(LAYERS).status_code == 401


@pytest.mark.parametrize(("scheme", "username"), [("Key", ""), ("Basic", "bureau"), ("Basic", "BUREAU")])
def test_it_is_said_in_a_header_or_as_the_password_of_basic(as_, people, scheme, username):
    assert with_key(a_key(as_), username, scheme).get(LAYERS).status_code == 200


def test_a_persons_password_is_not_taken_and_the_way_on_is_named(as_, people):
    answer = with_key("Geheim-2026", "bureau", "Basic").get(LAYERS)
    assert (answer.status_code, answer.json()["code"]) == (401, "password_not_taken")
    assert answer["WWW-Authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("path", ["/api/v1/hazards", "/api/v1/me", "/api/v1/sync", KEYS])
def test_it_opens_nothing_but_maps(as_, people, path):
    assert with_key(a_key(as_)).get(path).status_code == 401


def test_it_reads_and_does_nothing_else(as_, people):
    assert with_key(a_key(as_)).post(LAYERS, {}, format="json").status_code in (401, 403, 405)


def test_another_persons_name_beside_it_is_refused(as_, people):
    assert with_key(a_key(as_), "leader", "Basic").get(LAYERS).status_code == 401


ENDS = {
    "locked": lambda user: accounts.set_active(user, False, by=SYSTEM),
    "another password": lambda user: accounts.reset_password(user, by=SYSTEM),
    "another post": lambda user: accounts.move(user, by=SYSTEM, region="141123101"),
    "its last day is over": lambda user: ApiKey.objects.update(ends_on=timezone.localdate() - timedelta(days=1)),
}


@pytest.mark.parametrize("how", ENDS)
def test_it_ends_with_what_it_hangs_on(as_, people, how):
    key = a_key(as_, "leader")
    assert with_key(key).get(LAYERS).status_code == 200
    ENDS[how](people["leader"])
    assert with_key(key).get(LAYERS).status_code == 401


def test_eight_are_enough_and_none_lives_longer_than_a_year(as_, people):
    for _ in range(8):
        a_key(as_)
    today = timezone.localdate()
    assert (
        as_("bureau").post(KEYS, {"name": "x", "ends_on": str(today)}, format="json").json()["code"]
        == "too_many_access_keys"
    )
    for day in (today - timedelta(days=1), today + timedelta(days=400)):
        assert as_("leader").post(KEYS, {"name": "x", "ends_on": str(day)}, format="json").status_code == 400


def test_a_role_that_needs_a_second_factor_has_no_key_without(as_, people, settings):
    key = a_key(as_)
    settings.SECOND_FACTOR_ROLES = ["bureau_officer"]
    assert with_key(key).get(LAYERS).status_code == 401


def test_its_last_day_of_use_is_noted_but_never_where_a_replica_reads(as_, people, monkeypatch):
    program = with_key(a_key(as_))
    with monkeypatch.context() as there:
        there.setattr(actions, "connection", SimpleNamespace(alias=replica.ALIAS))
        assert program.get(LAYERS).status_code == 200
    assert ApiKey.objects.get().used_on is None
    program.get(LAYERS)
    assert ApiKey.objects.get().used_on == timezone.localdate()


def test_wrong_ones_count_by_address_and_a_right_one_passes_all_the_same(as_, people, monkeypatch):
    monkeypatch.setattr(throttles, "WRONG_ACCESS_KEYS", 2)
    right, there = a_key(as_), {"REMOTE_ADDR": "10.77.0.1"}
    answers = [with_key("aqk_" + "x" * 43).get(LAYERS, **there) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429] and answers[2]["Retry-After"] == "3600"
    assert with_key(right).get(LAYERS, **there).status_code == 200


def test_one_key_asks_so_often_a_minute_and_no_more(as_, people, monkeypatch):
    monkeypatch.setattr(throttles, "PER_ACCESS_KEY", 2)
    program = with_key(a_key(as_))
    assert [program.get(LAYERS).status_code for _ in range(3)] == [200, 200, 429]
