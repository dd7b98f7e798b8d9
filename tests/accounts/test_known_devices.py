"""已知终端: strangers lock a name against strangers, a device that signed in before passes; it has a lock of its own, and the person is told."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions, known_devices
from accounts.masking import masked_address
from accounts.models import Device, KnownDevice, SignInLock
from accounts.tasks import forget_ended_sign_ins
from accounts.throttles import address_of
from inbox.models import Message
from safety_api.models import TrailLine
from safety_api.outbox import drain
from safety_api.trail import SYSTEM
from tests.accounts.conftest import PASSWORD, WORKER
from tests.accounts.test_devices import signed
from tests.accounts.test_signin import LOGIN, bearer, code_of, fail, login

_strangers = count(1)


def stranger() -> APIClient:
    """Somebody else, at an address that nobody had before."""
    number = next(_strangers)
    address = f"172.{WORKER}.{number // 250}.{number % 250 + 1}"
    cache.delete_many([f"login:{address}", *(f"login-failures:{seconds}:{address}" for seconds in (3600, 86_400))])
    return APIClient(REMOTE_ADDR=address, raise_request_exception=False)


def with_key(client, key="", **more):
    """A phone that keeps keys, not cookies."""
    client.cookies.clear()
    return login(client, device_key=key, **more)


@pytest.fixture
def known(client, cast):
    """The key of a phone on which the inspector signed in."""
    return with_key(client).json()["device_key"]


@pytest.fixture
def locked(known):
    """And strangers then locked the name."""
    assert [code_of(answer)[1] for answer in fail(stranger())] == ["bad_credentials"] * 4 + ["account_locked"]
    return known


# --- the key -----------------------------------------------------------------------------------------------------------
def test_a_key_is_given_to_whoever_asks_and_kept_as_a_digest(client, cast):
    body = with_key(client).json()
    row = KnownDevice.objects.get()
    assert re.fullmatch("[A-Za-z0-9_-]{43}", body["device_key"])
    assert body["device_key"] not in (row.digest, row.device_id, row.device_name)
    assert "device_key" not in login(stranger()).json()  # phones of yesterday


def test_a_browser_gets_the_key_as_a_cookie_that_no_script_reads(client, cast):
    cookie = login(client).cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 180 * 86_400)


def test_a_device_keeps_its_key_however_often_it_signs_in(client, known):
    assert with_key(client, known).json()["device_key"] == known
    assert KnownDevice.objects.count() == 1


def test_two_people_on_one_device_have_one_key(client, known, cast):
    assert with_key(client, known, username="inspector2").json()["device_key"] == known
    assert {row.user.username for row in KnownDevice.objects.all()} == {"inspector", "inspector2"}


def test_a_key_that_nobody_gave_is_replaced(client, cast):
    made_up = "A" * 43
    assert with_key(client, made_up).json()["device_key"] != made_up


@pytest.mark.parametrize("key", ["", "x", "é" * 43, "a b", "A" * 60, "' OR 1=1 --"])
def test_what_is_no_key_makes_no_difference(client, locked, key):
    assert code_of(with_key(stranger(), key)) == (403, "account_locked")


@pytest.mark.parametrize("key, code", [("A" * 61, "max_length"), (5, "invalid"), (["a"], "invalid")])
def test_a_key_that_can_be_none_is_refused(client, cast, key, code):
    answer = with_key(client, key)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_a_person_has_eight_known_devices_the_latest(client, cast):
    keys = [with_key(client, device_id=f"phone-{number}").json()["device_key"] for number in range(10)]
    assert [known_devices.find("inspector", key) is not None for key in keys] == [False] * 2 + [True] * 8


def test_a_phone_that_lost_its_key_has_one_row(client, known):
    assert with_key(client).json()["device_key"] != known
    assert KnownDevice.objects.count() == 1


# --- the lock of strangers -----------------------------------------------------------------------------------------------
def test_a_known_device_signs_in_though_strangers_locked_the_name(client, locked):
    assert with_key(client, locked).status_code == 200
    assert code_of(login(stranger())) == (403, "account_locked")  # for them nothing has changed


def test_a_client_that_keeps_cookies_signs_in_though_strangers_locked_the_name(client, cast):
    login(client)
    fail(stranger())
    assert login(client).status_code == 200
    assert login(client, device_id="another-app").status_code == 200


def test_the_key_of_a_device_is_good_for_its_own_people_only(client, locked, cast):
    fail(stranger(), "inspector2")
    assert code_of(with_key(client, locked, username="inspector2")) == (403, "account_locked")


def test_a_key_outlives_the_token_the_sign_out_and_the_own_password(client, locked):
    Device.objects.update(expiry=timezone.now())
    assert with_key(client, locked).status_code == 200
    token = with_key(client, locked).json()["token"]
    assert signed(client, token).post("/api/v1/auth/logout").status_code == 204
    client.credentials()
    token = with_key(client, locked).json()["token"]
    change = {"old": PASSWORD, "new": "Xin-Kouling-2027"}
    assert signed(client, token).post("/api/v1/auth/password", change, format="json").status_code == 204
    client.credentials()
    assert with_key(client, locked, password="Xin-Kouling-2027").status_code == 200


ENDS = {
    "reset": lambda person: actions.reset_password(person, by=SYSTEM),
    "recovered": lambda person: actions.recover_password(person, PASSWORD + "x"),
    "locked": lambda person: actions.set_active(person, False, by=SYSTEM),
    "revoked": lambda person: actions.revoke_device(person, "phone-1", by=SYSTEM),
    "half a year": lambda person: KnownDevice.objects.update(used_at=timezone.now() - timedelta(days=181)),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_key_ends(client, known, cast, how):
    ENDS[how](cast["inspector"])
    assert known_devices.find("inspector", known) is None
    fail(stranger())
    assert with_key(client, known).status_code in (401, 403)


def test_a_phone_whose_token_ended_can_still_be_revoked(client, known, cast):
    Device.objects.all().delete()
    actions.revoke_device(cast["inspector"], "phone-1", by=SYSTEM)
    assert known_devices.find("inspector", known) is None


def test_old_keys_and_old_locks_are_deleted(known, cast):
    KnownDevice.objects.update(used_at=timezone.now() - timedelta(days=181))
    long_ago = timezone.now() - timedelta(days=181)
    SignInLock.objects.create(user=cast["inspector"], began_at=long_ago, until=long_ago, failures=5)
    forget_ended_sign_ins()
    assert not KnownDevice.objects.exists() and not SignInLock.objects.exists()


# --- its own lock --------------------------------------------------------------------------------------------------------
def wrong_on(client, key, times=5, **more):
    return [code_of(with_key(client, key, password="Wrong-2026", **more)) for _ in range(times)]


def test_wrong_passwords_on_a_known_device_lock_that_device_only(client, known, cast):
    assert wrong_on(client, known) == [(401, "bad_credentials")] * 4 + [(403, "account_locked")]
    assert code_of(with_key(client, known)) == (403, "account_locked")
    assert login(stranger(), device_id="tablet").status_code == 200


def test_the_lock_of_a_device_ends_by_itself(client, known, cast):
    wrong_on(client, known)
    KnownDevice.objects.update(locked_until=timezone.now())
    assert wrong_on(client, known, 4) == [(401, "bad_credentials")] * 4
    assert with_key(client, known).status_code == 200
    assert KnownDevice.objects.get().failures == 0


def test_wrong_passwords_count_on_a_device_through_the_strangers_lock(client, locked):
    assert wrong_on(client, locked)[-1] == (403, "account_locked")


def test_a_missing_code_is_no_failure_of_a_device_and_a_wrong_one_is(client, known, cast):
    actions.bind_second_factor(cast["inspector"], by=SYSTEM)
    assert {code_of(with_key(client, known)) for _ in range(7)} == {(401, "otp_required")}
    codes = [code_of(with_key(client, known, otp="abcdef"))[1] for _ in range(6)]
    assert codes == ["bad_otp"] * 5 + ["account_locked"]


def test_the_old_password_tried_on_a_found_phone_locks_the_phone_not_the_person(client, known, cast):
    token = with_key(client, known).json()["token"]
    body = {"old": "Wrong-2026", "new": "Xin-Kouling-2027"}
    for _ in range(5):
        signed(client, token).post("/api/v1/auth/password", body, format="json")
    client.credentials()
    assert code_of(with_key(client, known)) == (403, "account_locked")
    assert login(stranger(), device_id="tablet").status_code == 200


def test_a_wrong_old_password_counts_under_a_key_of_repetition_too(client, known, cast):
    token = with_key(client, known).json()["token"]
    body, key = (
        {"old": "Wrong-2026", "new": "Xin-Kouling-2027"},
        {"Idempotency-Key": "5f0c1b1e-6d58-4a54-9a57-0d5f3f6e0b22"},
    )
    codes = [
        code_of(signed(client, token).post("/api/v1/auth/password", body, format="json", headers=key)) for _ in range(6)
    ]
    assert codes[-1] == (403, "account_locked")


# --- the person is told ----------------------------------------------------------------------------------------------------
def test_the_person_is_told_of_a_lock_in_the_inbox_once(client, locked, cast):
    fail(stranger())
    drain()
    message = Message.objects.get(kind="account.sign_in_locked")
    assert "因连续输错口令被锁定" in message.sentence and "5 次" in message.sentence
    assert f"172.{WORKER}.*.*" in message.sentence
    token = with_key(client, locked).json()["token"]
    shown = signed(client, token).get("/api/v1/inbox").json()["results"]
    assert [row["sentence"] for row in shown if row["kind"] == "account.sign_in_locked"] == [message.sentence]


def test_a_lock_is_a_line_in_the_trail(locked, cast):
    drain()
    line = TrailLine.objects.get(verb="sign_in.lock")
    assert (line.object_id, line.details) == (
        str(cast["inspector"].pk), {"failures": 5, "addresses": [f"172.{WORKER}.*.*"], "device": ""},
    )  # fmt: skip


def test_the_next_sign_in_tells_of_a_lock_once(client, locked):
    drain()
    told = with_key(client, locked).json()["locks"]
    assert [(lock["failures"], lock["addresses"], lock["device_name"]) for lock in told] == [
        (5, [f"172.{WORKER}.*.*"], "")
    ]
    assert "locks" not in with_key(client, locked).json()


def test_the_person_is_told_when_their_own_device_was_tried(client, known, cast):
    wrong_on(client, known)
    drain()
    message = Message.objects.get(kind="account.sign_in_locked")
    assert "终端“phone-1”" in message.sentence


def test_a_second_lock_is_told_again(locked, cast):
    drain()
    SignInLock.objects.update(until=timezone.now() - timedelta(minutes=1))
    actions.axes_reset(username="inspector")
    fail(stranger())
    drain()
    assert Message.objects.filter(kind="account.sign_in_locked").count() == 2


def test_of_a_name_that_nobody_has_nothing_is_kept(client, cast):
    fail(stranger(), "nobody-of-this-name")
    drain()
    assert not SignInLock.objects.exists() and not Message.objects.filter(kind="account.sign_in_locked").exists()


# --- per address -----------------------------------------------------------------------------------------------------------
def try_names(client, times: int) -> list[tuple[int, str]]:
    return [code_of(login(client, f"name-{number}", "Wrong-2026")) for number in range(times)]


def test_failures_from_one_address_over_many_names_are_slowed(cast, settings):
    settings.LOGIN_FAILURES_PER_HOUR = 6
    somebody = stranger()
    assert try_names(somebody, 8) == [(401, "bad_credentials")] * 6 + [(429, "throttled")] * 2
    answer = login(somebody, "inspector")
    assert code_of(answer) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert login(stranger(), "inspector").status_code == 200


def test_failures_of_a_day_are_counted_beside_those_of_an_hour(cast, settings):
    settings.LOGIN_FAILURES_PER_DAY = 4
    assert try_names(stranger(), 5)[-1] == (429, "throttled")


def test_an_office_that_signs_in_rightly_is_never_slowed(cast, settings):
    settings.LOGIN_FAILURES_PER_HOUR = 3
    office = stranger()
    for _ in range(4):
        office.cookies.clear()
        assert {login(office, who).status_code for who in ("inspector", "township", "leader")} == {200}


def test_a_known_device_signs_in_from_an_address_that_is_slowed(cast, settings):
    settings.LOGIN_FAILURES_PER_HOUR = 3
    office = stranger()
    key = with_key(office).json()["device_key"]
    try_names(office, 4)
    assert with_key(office, key).status_code == 200


@pytest.mark.parametrize(
    "proxies, forwarded, expected",
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4", "9.9.9.9"),
        (1, None, "10.0.0.1"),
    ],
)
def test_behind_proxies_the_trusted_one_names_the_address(rf, proxies, forwarded, expected):
    from rest_framework.settings import api_settings

    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    before, api_settings.NUM_PROXIES = api_settings.NUM_PROXIES, proxies
    try:
        assert address_of(rf.post(LOGIN, REMOTE_ADDR="10.0.0.1", **more)) == expected
    finally:
        api_settings.NUM_PROXIES = before


@pytest.mark.parametrize(
    "said, expected",
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("no address", "no address"),
        ("x" * 99, "x" * 60),
    ],
)
def test_addresses_of_one_line_are_one(rf, said, expected):
    assert address_of(rf.post(LOGIN, REMOTE_ADDR=said)) == expected


@pytest.mark.parametrize("said", ["2001:db8::1", "::ffff:10.1.2.3", "unknown", "1.2.3.4:5678", "", "x" * 300])
def test_a_wrong_password_from_any_address_is_one(cast, said):
    somebody = stranger()
    somebody.defaults["REMOTE_ADDR"] = said
    assert code_of(login(somebody, password="Wrong-2026")) == (401, "bad_credentials")


@pytest.mark.parametrize(
    "address, shown", [("10.3.7.8", "10.3.*.*"), ("2001:db8:1:2::3", "2001:0db8:*"), ("no address", "*")]
)
def test_of_an_address_the_first_half_is_shown(address, shown):
    assert masked_address(address) == shown


def test_a_sign_in_of_a_phone_that_lost_nothing_is_still_good(client, locked):
    token = with_key(client, locked).json()["token"]
    assert bearer(client, token).status_code == 200
