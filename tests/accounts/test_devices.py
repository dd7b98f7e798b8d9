"""终端: one token a device, listed, revocable, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Device
from accounts.tasks import forget_ended_sign_ins
from safety_api.models import TrailLine
from tests.accounts.test_signin import bearer, code_of, login

DEVICES = "/api/v1/auth/devices"


def signed(client, token):
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_signing_in_again_on_a_device_ends_its_previous_token(client, cast):
    first, second = (login(client).json()["token"] for _ in range(2))
    assert (bearer(client, first).status_code, bearer(client, second).status_code) == (401, 200)
    assert Device.objects.count() == 1


def test_another_device_has_its_own_token(client, cast):
    tokens = [login(client, device_id=f"phone-{number}").json()["token"] for number in (1, 2)]
    assert [bearer(client, token).status_code for token in tokens] == [200, 200]


def test_the_same_device_used_by_another_person_is_a_separate_device(client, cast):
    first = login(client, "inspector").json()["token"]
    login(client, "inspector2")
    assert bearer(client, first).status_code == 200


def test_devices_are_listed_with_the_current_one_marked_and_no_secrets(client, cast):
    login(client, device_id="tablet", device_name="平板")
    token = login(client, device_id="phone-1", device_name="执法手机").json()["token"]
    rows = signed(client, token).get(DEVICES).json()
    assert [(row["device_id"], row["device_name"], row["this_one"]) for row in rows] == [
        ("phone-1", "执法手机", True), ("tablet", "平板", False),
    ]  # fmt: skip
    assert all(row.keys() == {"device_id", "device_name", "created", "expires_at", "this_one"} for row in rows)


def test_revoking_a_lost_phone_writes_a_trail_line(client, cast):
    lost = login(client, device_id="手机/一号").json()["token"]
    token = login(client, device_id="tablet").json()["token"]
    assert signed(client, token).delete(f"{DEVICES}/手机/一号").status_code == 204
    client.credentials()
    assert code_of(bearer(client, lost)) == (401, "bad_token")
    assert bearer(client, token).status_code == 200
    assert TrailLine.objects.filter(verb="device.revoke").count() == 1


@pytest.mark.parametrize("device", ["phone-1", "unknown", "%00", "%ff"])
def test_a_device_of_another_person_is_not_found(client, cast, device):
    login(client, "inspector", device_id="phone-1")
    token = login(client, "inspector2", device_id="other").json()["token"]
    assert code_of(signed(client, token).delete(f"{DEVICES}/{device}")) == (404, "not_found")
    assert Device.objects.count() == 2


def test_logging_out_ends_this_token_only(client, cast):
    tablet = login(client, device_id="tablet").json()["token"]
    phone = login(client, device_id="phone-1").json()["token"]
    assert signed(client, phone).post("/api/v1/auth/logout").status_code == 204
    client.credentials()
    assert (bearer(client, phone).status_code, bearer(client, tablet).status_code) == (401, 200)
    assert TrailLine.objects.filter(verb="auth.logout").count() == 1


def test_expired_tokens_are_deleted(client, cast):
    login(client, device_id="old")
    Device.objects.update(expiry=timezone.now() - timedelta(days=1))
    login(client, "inspector2", device_id="new")
    assert forget_ended_sign_ins() == 1
    assert list(Device.objects.values_list("device_id", flat=True)) == ["new"]


def test_a_transferred_inspectors_token_keeps_working_in_the_new_place(client, cast):
    from safety_api.trail import SYSTEM

    token = login(client).json()["token"]
    actions.move(cast["inspector"], by=SYSTEM, region="141123101")
    assert bearer(client, token).json()["region"] == "141123101"
