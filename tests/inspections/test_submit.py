"""从手机到库里: a visit is stored whole, once, whatever the network does."""

from uuid import UUID, uuid4

import pytest

from tests.enterprises.units import a_unit
from tests.inspections.bodies import a_photo, a_visit

pytestmark = pytest.mark.django_db


def put(client, body, key="7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"):
    return client.put(f"/api/v1/inspections/{key}", body, format="json")


def test_a_visit_with_answers_hazards_and_photos_is_stored_whole(as_):
    mine = a_unit()
    answer = put(as_("inspector"), a_visit(mine, photos=[a_photo(1), a_photo(2), a_photo(3)]))
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["location"] == {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"}
    assert [each["state"] for each in body["photos"]] == ["missing"] * 3
    assert body["complete"] is False
    assert body["hazards"][0]["state"] == "reported"
    assert body["region"] == mine.region_code


def test_the_same_visit_sent_again_is_the_same_visit(as_):
    body, phone = a_visit(a_unit()), as_("inspector")
    first, again = put(phone, body), put(phone, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
