"""登录: the same answer for whoever is not let in, a lock per account, slowness per address."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts import actions
from accounts.models import Device, User
from accounts.throttles import PerAddress
from safety_api.models import TrailLine
from safety_api.trail import SYSTEM
from tests.accounts.conftest import PASSWORD

LOGIN, ME = "/api/v1/auth/login", "/api/v1/me"


def login(client, username="inspector", password=PASSWORD, device_id="phone-1", **more):
    return client.post(
        LOGIN, {"username": username, "password": password, "device_id": device_id, **more}, format="json"
    )


def bearer(client, token):
    return client.get(ME, headers={"Authorization": f"Bearer {token}"})


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def fail(client, username="inspector", times=5):
    return [login(client, username, "Wrong-2026") for _ in range(times)]


# --- the token ---------------------------------------------------------------------------------------------------------------
def test_a_token_is_valid_for_thirty_days_and_stored_as_a_digest(client, cast):
    body = login(client, device_name="执法手机").json()
    assert body["user"]["username"] == "inspector" and body.keys() == {"token", "expires_at", "user"}
    device = Device.objects.get()
    assert body["token"] not in (device.digest, device.token_key) and len(body["token"]) == 64
    assert timedelta(days=29, hours=23) < device.expiry - timezone.now() <= timedelta(days=30)
    me = bearer(client, body["token"]).json()
    assert (me["name"], me["role_name"]) == ("张巡", "检查员")
    assert "inspections.put" in me["may"] and "trail.list" not in me["may"]


def test_signing_in_writes_a_trail_line_without_secrets(client, cast):
    token = login(client, device_name="执法手机").json()["token"]
    line = TrailLine.objects.get(verb="auth.login")
    assert (line.actor_name, line.object_id, line.details) == (
        "张巡",
        str(cast["inspector"].pk),
        {"device": "执法手机"},
    )
    assert token not in str(line.details) and PASSWORD not in str(line.details)


def test_the_username_is_accepted_in_any_case_and_with_spaces(client, cast):
    assert login(client, "  InSpector ").status_code == 200


def test_an_expired_token_is_401(client, cast):
    token = login(client).json()["token"]
    Device.objects.update(expiry=timezone.now())
    assert code_of(bearer(client, token)) == (401, "bad_token")


def test_locking_an_account_ends_its_token_for_good(client, cast):
    token = login(client).json()["token"]
    actions.set_active(cast["inspector"], False, by=SYSTEM)
    assert code_of(bearer(client, token)) == (401, "bad_token")
    actions.set_active(cast["inspector"], True, by=SYSTEM)
    assert code_of(bearer(client, token)) == (401, "bad_token")


def test_a_token_of_an_account_deactivated_in_the_database_is_401(client, cast):
    token = login(client).json()["token"]
    User.objects.filter(username="inspector").update(is_active=False)
    assert code_of(bearer(client, token)) == (401, "bad_token")


JUNK = [
    "Bearer", "Bearer ", "bearer", "Bearer a b", "Bearer " + "a" * 10_000, "Bearer " + "0" * 64, "Bearer é", "Bearer \x00" + "0" * 63,
    "Bearer " + "０".encode().decode("latin-1") * 64, "Bearer\t" + "0" * 64, "Basic aW5zcGVjdG9yOng=", "Digest x", "Token " + "0" * 64, "x", " ", "   Bearer x",
    "\xff\xfe", "Bearer \xff\xfe", "Bearer null", "Bearer undefined", "Bearer '; DROP TABLE accounts_device; --", ",", "Bearer,x",
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_an_invalid_authorization_header_is_401_and_never_anonymous(client, db, junk):
    for address in (ME, "/api/v1/regions", "/api/v1/auth/logout"):
        answer = client.get(address, HTTP_AUTHORIZATION=junk)
        assert code_of(answer) == (401, "bad_token")
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": ""}], ids=["none", "empty"])
def test_a_request_without_authorization_is_401(client, db, headers):
    assert code_of(client.get(ME, **headers)) == (401, "unauthenticated")


def test_a_modified_token_is_401(client, cast):
    token = login(client).json()["token"]
    assert code_of(bearer(client, token[:-1] + ("0" if token[-1] != "0" else "1"))) == (401, "bad_token")
    assert code_of(bearer(client, token.upper())) == (401, "bad_token")
    assert code_of(bearer(client, token[:15])) == (401, "bad_token")


# --- who is not let in -----------------------------------------------------------------------------------------------------------
def answer_without_trace(answer) -> dict:
    return {name: value for name, value in answer.json().items() if name != "trace_id"} | {
        "headers": sorted(answer.headers)
    }


def test_wrong_password_unknown_name_and_closed_account_get_the_same_answer(client, cast):
    actions.set_active(cast["village"], False, by=SYSTEM)
    cast["leader"].set_unusable_password()
    cast["leader"].save()
    answers = [
        login(client, "inspector", "Wrong-2026"), login(client, "nobody-of-this-name", "Wrong-2026"),
        login(client, "village", PASSWORD), login(client, "village", "Wrong-2026"), login(client, "leader", PASSWORD),
    ]  # fmt: skip
    assert code_of(answers[0]) == (401, "bad_credentials")
    assert all(answer_without_trace(answer) == answer_without_trace(answers[0]) for answer in answers)


@pytest.mark.parametrize("username", ["inspector", "nobody-of-this-name", "village", "leader"])
def test_every_refused_sign_in_computes_exactly_one_hash(client, cast, username, settings):
    """So that time does not tell who exists; counted, not timed."""
    actions.set_active(cast["village"], False, by=SYSTEM)
    cast["leader"].set_unusable_password()
    cast["leader"].save()
    settings.PASSWORD_HASHERS = ["tests.accounts.conftest.QuickHasher"]
    with patch.object(
        PBKDF2PasswordHasher, "encode", autospec=True, side_effect=PBKDF2PasswordHasher.encode
    ) as hashing:
        login(client, username, "Wrong-2026")
    assert hashing.call_count == 1


def test_known_and_unknown_usernames_are_locked_alike(client, cast):
    for username in ("inspector", "nobody-of-this-name"):
        codes = [code_of(answer) for answer in fail(client, username, 6)]
        assert codes == [(401, "bad_credentials")] * 4 + [(403, "account_locked")] * 2


# --- the lock --------------------------------------------------------------------------------------------------------------------
def test_five_failures_lock_the_account_even_for_the_right_password(client, cast):
    fail(client)
    answer = login(client)
    assert code_of(answer) == (403, "account_locked")
    assert "15" in answer.json()["detail"]


def test_a_locked_account_does_not_lock_others_at_the_same_address(client, cast):
    fail(client)
    assert login(client, "township").status_code == 200


def test_a_lock_applies_from_every_address_and_for_every_spelling(client, cast):
    for number in range(5):
        client.defaults["REMOTE_ADDR"] = f"10.78.0.{number + 1}"
        client.defaults["HTTP_USER_AGENT"] = f"app {number}"
        fail(client, "Inspector " if number % 2 else "INSPECTOR", times=1)
    client.defaults["REMOTE_ADDR"] = "10.78.0.99"
    assert code_of(login(client)) == (403, "account_locked")


def test_an_existing_token_works_while_the_account_is_locked_by_failures(client, cast):
    token = login(client).json()["token"]
    fail(client)
    assert bearer(client, token).status_code == 200


def test_a_lock_ends_after_its_time_even_if_attempts_continue(client, cast):
    fail(client)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert code_of(fail(client, times=1)[0]) == (403, "account_locked")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert login(client).status_code == 200


def test_a_successful_sign_in_resets_the_failure_count(client, cast):
    for _ in range(3):
        fail(client, times=4)
        assert login(client).status_code == 200


def test_a_password_reset_lifts_the_lock(client, cast):
    fail(client)
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    assert login(client, password=password).status_code == 200


# --- slowness per address ----------------------------------------------------------------------------------------------------------
def test_an_address_at_the_limit_is_throttled_and_others_are_not(client, db):
    limit = PerAddress().num_requests
    assert limit == 60
    codes = [client.post(LOGIN, {}, format="json").status_code for _ in range(limit)]
    assert set(codes) == {400}
    answer = client.post(LOGIN, {}, format="json")
    assert code_of(answer) == (429, "throttled")
    assert 1 <= int(answer["Retry-After"]) <= 60 and answer.json()["retry_after"] == int(answer["Retry-After"])
    client.defaults["REMOTE_ADDR"] = "10.79.0.1"
    cache.delete("login:10.79.0.1")
    assert client.post(LOGIN, {}, format="json").status_code == 400


def test_a_forged_forwarded_address_does_not_avoid_throttling(client, db):
    client.defaults["REMOTE_ADDR"] = "10.79.0.2"
    cache.delete("login:10.79.0.2")
    for number in range(60):
        client.post(LOGIN, {}, format="json", headers={"X-Forwarded-For": f"1.2.3.{number}"})
    assert client.post(LOGIN, {}, format="json", headers={"X-Forwarded-For": "9.9.9.9"}).status_code == 429
    cache.delete("login:10.79.0.2")


# --- two at once ---------------------------------------------------------------------------------------------------------------------
def test_concurrent_sign_ins_of_one_device_leave_one_token(committed):
    user, start = User.objects.get(username="inspector"), Barrier(4)

    def race(_):
        start.wait()
        try:
            return actions.sign_in(user, device_id="phone-1", device_name="")[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(race, range(4)))
    assert len(set(tokens)) == 4
    assert Device.objects.filter(user=user).count() == 1


def test_production_hashes_passwords_with_at_least_600000_iterations(settings):
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert os.environ.get("PASSWORD_HASHERS") is None
