"""口令: long and mixed enough, changed by oneself, and a handed-over one opens nothing but its own change."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.passwords import first_password
from safety_api.models import TrailLine
from safety_api.permissions import MAY, WITH_A_FIRST_PASSWORD
from safety_api.trail import SYSTEM
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_devices import signed
from tests.accounts.test_signin import bearer, code_of, fail, login

CHANGE = "/api/v1/auth/password"
NEW = "Xin-Kouling-2027"


def change(client, old=PASSWORD, new=NEW):
    return client.post(CHANGE, {"old": old, "new": new}, format="json")


@pytest.fixture
def phone(client, cast):
    return signed(client, login(client).json()["token"])


def test_after_a_password_change_only_the_new_one_works_and_it_is_logged(phone, cast):
    assert change(phone).status_code == 204
    assert phone.get("/api/v1/me").status_code == 200  # this sign-in stays
    phone.credentials()
    assert login(phone).status_code == 401
    assert login(phone, password=NEW).status_code == 200
    line = TrailLine.objects.get(verb="password.change")
    assert (line.actor_name, line.details) == ("张巡", {})


@pytest.mark.parametrize(
    "new",
    [
        "short-A1",
        "alllowercaseletters",
        "1234567890123",
        "Password123",
        "lower-and-sign",
        "UPPER-AND-SIGN",
        "Inspector2026",
        PASSWORD,
    ],
)
def test_a_weak_password_is_refused_with_reasons(phone, new):
    answer = change(phone, new=new)
    assert code_of(answer) == (400, "weak_password")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/new"}


@pytest.mark.parametrize("new", ["Kouling 有空格 2026", "aB3" * 4, "  Spaces-At-Both-Ends-1  ", "口令口令口令口令Ab1"])
def test_a_strong_password_is_accepted_unchanged(phone, new):
    assert change(phone, new=new).status_code == 204
    phone.credentials()
    assert login(phone, password=new).status_code == 200


def test_a_wrong_old_password_is_refused_and_counts_towards_the_lock(phone):
    codes = [code_of(change(phone, old="Wrong-2026")) for _ in range(6)]
    assert codes == [(401, "bad_credentials")] * 4 + [(403, "account_locked")] * 2
    assert code_of(change(phone)) == (403, "account_locked")  # whoever found the phone cannot try on


def test_changing_the_password_in_a_session_keeps_that_session(cast, on_page, quick):
    page = on_page("inspector")
    token = page.get("/api/v1/me") and page.cookies.get("csrftoken")
    page.handler.enforce_csrf_checks = False
    assert token is None and change(page).status_code == 204
    assert page.get("/api/v1/me").status_code == 200


def test_changing_the_password_signs_out_every_other_device(phone, client, cast):
    others = [
        login(APIClient(REMOTE_ADDR="10.9.9.9"), device_id=f"phone-{number}").json()["token"] for number in (2, 3)
    ]
    colleague = login(client, "inspector2").json()["token"]
    assert change(phone).status_code == 204
    assert phone.get("/api/v1/me").status_code == 200
    phone.credentials()
    assert [bearer(phone, token).status_code for token in [*others, colleague]] == [401, 401, 200]


def test_a_refused_change_of_the_password_signs_out_nobody(phone, client):
    other = login(APIClient(REMOTE_ADDR="10.9.9.8"), device_id="phone-2").json()["token"]
    assert change(phone, new="short").status_code == 400
    assert change(phone, old="Wrong-2026").status_code == 401
    assert bearer(APIClient(), other).status_code == 200


def test_changing_the_password_in_a_session_signs_out_every_device(cast, on_page, client, quick):
    token = login(client).json()["token"]
    page = on_page("inspector")
    page.handler.enforce_csrf_checks = False
    assert change(page).status_code == 204
    assert (page.get("/api/v1/me").status_code, bearer(client, token).status_code) == (200, 401)


def test_changing_the_password_signs_out_other_sessions(cast, on_page, client, quick):
    elsewhere = on_page("inspector")
    assert elsewhere.get("/api/v1/me").status_code == 200
    change(signed(client, login(client).json()["token"]))
    assert elsewhere.get("/api/v1/me").status_code == 401


# --- handed over ---------------------------------------------------------------------------------------------------------------
def test_a_reset_signs_out_every_device_and_does_not_log_the_password(phone, cast):
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    assert phone.get("/api/v1/me").status_code == 401
    assert password not in str(list(TrailLine.objects.filter(verb="password.reset").values()))


def test_a_first_password_only_allows_changing_it(client, cast):
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    body = login(client, password=password).json()
    assert body["user"]["must_change_password"] is True
    phone = signed(client, body["token"])
    assert code_of(phone.get("/api/v1/regions")) == (403, "password_change_needed")
    assert phone.get("/api/v1/me").status_code == 200
    assert change(phone, old=password).status_code == 204
    assert phone.get("/api/v1/regions").status_code == 200


def test_with_a_first_password_forbidden_endpoints_stay_forbidden(client, cast):
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    phone = signed(client, login(client, password=password).json()["token"])
    assert code_of(phone.get("/api/v1/trail")) == (403, "forbidden")


def test_endpoints_allowed_with_a_first_password_exist(client, cast):
    assert set(MAY) >= WITH_A_FIRST_PASSWORD
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    phone = signed(client, login(client, password=password).json()["token"])
    assert phone.post("/api/v1/auth/logout").status_code == 204


def test_generated_first_passwords_follow_the_rules_and_differ(cast):
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        actions.check_password_rules(password, cast["inspector"])


def test_resetting_the_password_does_not_reactivate_a_closed_account(client, cast):
    fail(client)
    actions.set_active(cast["inspector"], False, by=SYSTEM)
    password = actions.reset_password(cast["inspector"], by=SYSTEM)
    assert code_of(login(client, password=password)) == (401, "bad_credentials")
    assert bearer(client, "0" * 64).status_code == 401
