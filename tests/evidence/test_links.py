"""Links to photos: good for five minutes, and no longer than the sign-in, the post and the password of whoever was given them."""

from __future__ import annotations

import time
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import Deputy, Device
from safety_api import outbox
from safety_api.trail import SYSTEM
from tests.cast.units import mine as a_unit
from tests.cast.visits import a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
VISIT = "/api/v1/inspections/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"
PHOTO = f"/api/v1/photos/{photo_id(1)}"


@pytest.fixture
def phone(as_):
    client = as_("inspector")
    client.put(VISIT, a_visit(a_unit(), photos=[a_photo(1)]), format="json")
    client.put(f"{PHOTO}/content", picture(1), content_type="image/jpeg")
    outbox.drain()
    return client


@pytest.fixture
def anybody():
    return Client()


def link_of(client, **more) -> str:
    return client.get(PHOTO, **more).json()["links"]["original"]


ENDS = {
    "locked": lambda person: actions.set_active(person, False, by=SYSTEM),
    "locked in the database": lambda person: type(person).objects.filter(pk=person.pk).update(is_active=False),
    "moved": lambda person: actions.move(person, by=SYSTEM, region="141123101"),
    "other sectors": lambda person: actions.move(person, by=SYSTEM, sectors=["coal_mine"]),
    "another role": lambda person: actions.move(person, by=SYSTEM, role="township_officer"),
    "password reset": lambda person: actions.reset_password(person, by=SYSTEM),
    "password changed": lambda person: actions.change_password(person, old="", new="Xin-Kouling-2027"),
    "revoked": lambda person: actions.revoke_device(person, "test-phone", by=SYSTEM),
    "ended": lambda person: Device.objects.filter(user=person).update(expiry=timezone.now()),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_link_ends_with_what_it_was_given_for(phone, anybody, people, how):
    link = link_of(phone)
    assert anybody.get(link).status_code == 200
    ENDS[how](people["inspector"])
    answer = anybody.get(link)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_link_ends_with_the_sign_out_of_that_phone_only(phone, anybody, people, as_):
    link, colleague = link_of(phone), link_of(as_("bureau"))
    phone.post("/api/v1/auth/logout")
    assert (anybody.get(link).status_code, anybody.get(colleague).status_code) == (404, 200)


def test_a_link_ends_when_its_role_needs_a_code(phone, anybody, settings):
    link = link_of(phone)
    settings.SECOND_FACTOR_ROLES = ["ALL"]
    assert anybody.get(link).status_code == 404


def test_a_link_of_another_sign_in_of_the_same_person_goes_on(phone, anybody, people):
    link = link_of(phone)
    Device.objects.create(user=people["inspector"], device_id="tablet")
    assert anybody.get(link).status_code == 200


def test_a_link_of_a_page_is_for_that_page(phone, anybody, on_page):
    page = on_page("inspector")
    link = link_of(page)
    assert (page.get(link).status_code, anybody.get(link).status_code) == (200, 404)
    page.logout()
    assert page.get(link).status_code == 404


def test_a_link_of_a_deputy_ends_with_the_deputation(phone, anybody, people, as_):
    today = timezone.localdate()
    row = Deputy.objects.create(
        leader=people["leader"], deputy=people["township"], held_from=today, held_to=today, reason="外出"
    )
    link = link_of(as_("township"), headers={"Acting-For": str(people["leader"].pk)})
    assert anybody.get(link).status_code == 200
    Deputy.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    assert anybody.get(link).status_code == 404


def test_a_link_of_five_minutes_ago_has_ended(phone, anybody):
    link = link_of(phone)
    with patch("django.core.signing.time.time", return_value=time.time() + 301):
        assert anybody.get(link).status_code == 404


def test_a_link_of_another_form_is_not_found(phone, anybody):
    from evidence.links import _signer

    for what in (
        {},
        {"n": "x"},
        {"n": "x", "u": "y", "s": "z"},
        {"n": "x", "u": 1, "s": "z"},
        {"n": 1, "p": 1, "s": ""},
        ["n"],
        "n",
        None,
    ):
        assert anybody.get(f"/photos/{_signer.sign_object(what)}").status_code == 404


def test_a_photo_behind_a_link_costs_one_statement(phone, anybody, django_assert_num_queries):
    link = link_of(phone)
    with django_assert_num_queries(1):
        assert anybody.get(link).status_code == 200
