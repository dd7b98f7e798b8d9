"""Twenty phones, one record: what several connections see after real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from evidence.models import Photo
from hazards.models import Hazard
from inspections.models import Inspection
from tests.cast.units import mine
from tests.cast.visits import a_photo, a_visit, photo_id, picture

KEY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"


@pytest.fixture
def phones(committed):
    """Twenty connections with one token."""
    _, token = sign_in(User.objects.get(username="inspector"), device_id="racing", device_name="")

    def send_all(send):
        def one(_):
            try:
                return send(APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(20) as pool:
            return sorted(pool.map(one, range(20)))

    return send_all


def test_twenty_equal_visits_at_once_are_stored_once(phones):
    body = a_visit(mine(), photos=[a_photo(1)])
    assert phones(lambda phone: phone.put(f"/api/v1/inspections/{KEY}", body, format="json")) == [200] * 19 + [201]
    assert (Inspection.objects.count(), Hazard.objects.count(), Photo.objects.count()) == (1, 1, 1)


def test_twenty_equal_photos_at_once_are_stored_once(phones):
    body = a_visit(mine(), photos=[a_photo(1)])
    phones(lambda phone: phone.put(f"/api/v1/inspections/{KEY}", body, format="json"))
    address = f"/api/v1/photos/{photo_id(1)}/content"
    assert phones(lambda phone: phone.put(address, picture(1), content_type="image/jpeg")) == [200] * 19 + [201]


def test_a_photo_and_its_record_sent_at_once_are_joined(phones):
    body = a_visit(mine(), photos=[a_photo(1)])
    turn = iter(range(20))

    def one_or_the_other(phone):
        if next(turn) % 2:
            return phone.put(f"/api/v1/inspections/{KEY}", body, format="json")
        return phone.put(f"/api/v1/photos/{photo_id(1)}/content", picture(1), content_type="image/jpeg")

    assert set(phones(one_or_the_other)) <= {200, 201, 202}
    assert Photo.objects.get().state == "held"
