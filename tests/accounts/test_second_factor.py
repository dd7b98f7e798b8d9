"""动态口令: asked for where one is bound, right once only, compulsory by role, and counted when wrong."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import actions
from accounts.models import Deputy
from safety_api.models import TrailLine
from safety_api.trail import SYSTEM
from tests.accounts.test_signin import code_of, login


@pytest.fixture
def bound(cast):
    """The inspector's authenticator: gives the code of this moment."""
    address = actions.bind_second_factor(cast["inspector"], by=SYSTEM)

    def code() -> str:
        device = TOTPDevice.objects.get(user=cast["inspector"])
        assert parse_qs(urlsplit(address).query)["issuer"] == ["safety"]
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        totp.time = time.time()
        return f"{totp.token():06d}"

    return code


def forget_slowness() -> None:
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_signing_in_without_a_code_requests_the_second_factor(client, bound):
    assert code_of(login(client)) == (401, "otp_required")
    assert code_of(login(client, otp="")) == (401, "otp_required")


def test_a_valid_code_can_be_used_only_once(client, bound):
    code = bound()
    assert login(client, otp=code).status_code == 200
    assert code_of(login(client, otp=code)) == (401, "bad_otp")


@pytest.mark.parametrize("otp", ["000000", "abcdef", "-1", "1e5", "１２３", "9999999999", " "])
def test_a_wrong_second_factor_code_is_refused(client, bound, otp):
    if otp == bound():
        pytest.skip("one in a million")
    assert login(client, otp=otp).status_code == 401


def test_the_second_factor_is_requested_only_after_the_right_password(client, bound):
    assert code_of(login(client, password="Wrong-2026", otp=bound())) == (401, "bad_credentials")


def test_wrong_second_factor_codes_lock_the_account(client, bound):
    for _ in range(5):
        forget_slowness()
        assert code_of(login(client, otp="000001" if bound() != "000001" else "000002")) == (401, "bad_otp")
    forget_slowness()
    assert code_of(login(client, otp=bound())) == (403, "account_locked")


def test_an_account_without_a_second_factor_needs_no_code(client, cast):
    assert login(client, "township").status_code == 200


def test_binding_a_second_factor_again_replaces_it_and_logs_no_secret(client, bound, cast):
    before = TOTPDevice.objects.get(user=cast["inspector"]).key
    address = actions.bind_second_factor(cast["inspector"], by=SYSTEM)
    now = TOTPDevice.objects.get(user=cast["inspector"]).key
    assert before != now
    lines = TrailLine.objects.filter(verb="second_factor.bind")
    assert lines.count() == 2
    assert not any(
        secret in str(list(lines.values())) for secret in (before, now, parse_qs(urlsplit(address).query)["secret"][0])
    )


@pytest.mark.parametrize(
    "roles, username, answer",
    [
        (["bureau_officer"], "bureau", 403),
        (["bureau_officer"], "inspector", 200),
        (["ALL"], "inspector", 403),
        (["ALL"], "sysadmin", 403),
        (["ALL"], "enterprise", 200),
        (["enterprise_officer"], "enterprise", 403),
        ([], "bureau", 200),
    ],
)
def test_a_role_that_requires_a_second_factor_cannot_sign_in_without_one(
    client, cast, settings, roles, username, answer
):
    settings.SECOND_FACTOR_ROLES = roles
    refusal = login(client, username)
    assert refusal.status_code == answer
    assert answer == 200 or refusal.json()["code"] == "second_factor_needed"


def test_demo_accounts_need_no_second_factor(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    cast["bureau"].is_demo = True
    cast["bureau"].save()
    assert login(client, "bureau").status_code == 200


# --- the rule comes while people are signed in ---------------------------------------------------------------------------
def me(client, token, **headers) -> tuple[int, str]:
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}", **headers})
    return answer.status_code, answer.json().get("code", "")


def test_a_sign_in_without_a_code_ends_when_its_role_needs_one(client, cast, settings):
    token = login(client).json()["token"]
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    assert me(client, token) == (401, "bad_token")
    assert code_of(login(client)) == (403, "second_factor_needed")


def test_a_sign_in_with_a_code_goes_on_when_its_role_needs_one(client, bound, settings):
    token = login(client, otp=bound()).json()["token"]
    settings.SECOND_FACTOR_ROLES = ["inspector"]
    assert me(client, token) == (200, "")


def test_a_code_bound_after_the_sign_in_makes_it_no_better(client, cast, settings):
    token = login(client).json()["token"]
    actions.bind_second_factor(cast["inspector"], by=SYSTEM)
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    assert me(client, token) == (401, "bad_token")


def test_a_sign_in_without_a_code_ends_with_a_post_that_needs_one(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["township_officer"]
    token = login(client).json()["token"]
    assert me(client, token) == (200, "")
    actions.move(cast["inspector"], by=SYSTEM, role="township_officer")
    assert me(client, token) == (401, "bad_token")


def test_nobody_stands_in_at_a_post_that_needs_a_code_without_one(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["township_leader"]
    today = timezone.localdate()
    Deputy.objects.create(leader=cast["leader"], deputy=cast["township"], held_from=today, held_to=today, reason="外出")
    token = login(client, "township").json()["token"]
    assert me(client, token) == (200, "")
    assert me(client, token, **{"Acting-For": str(cast["leader"].pk)}) == (403, "second_factor_needed")


def test_a_page_without_a_code_ends_when_its_role_needs_one(on_page, cast, settings):
    page = on_page("inspector")
    assert page.get("/api/v1/me").status_code == 200
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    assert code_of(page.get("/api/v1/me")) == (401, "bad_token")


def test_the_demo_and_other_roles_stay_signed_in(client, cast, settings):
    cast["inspector"].is_demo = True
    cast["inspector"].save()
    tokens = [login(client, who).json()["token"] for who in ("inspector", "enterprise")]
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    assert [me(client, token) for token in tokens] == [(200, ""), (200, "")]


def test_whether_a_code_is_needed_costs_no_statement(client, bound, settings, django_assert_num_queries):
    token = login(client, otp=bound()).json()["token"]
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    with django_assert_num_queries(3):  # the token with its person, whose deputy, the certificates
        assert me(client, token) == (200, "")
