"""回执: of hazards, accidents and steps a phone is told as of visits what stands, byte by byte, before it forgets its own copy."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts import actions as accounts
from evidence.models import Photo
from hazards.models import Hazard
from safety_api.idempotency import fingerprint
from safety_api.trail import SYSTEM
from tests.cast import accidents
from tests.cast.people import MINE
from tests.cast.units import a_unit
from tests.cast.visits import POINT, a_finding, a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
BYTES = picture(1)


@pytest.fixture(autouse=True)
def unit(db):
    return a_unit()


def a_hazard(**fields):
    return {
        "enterprise": str(MINE), "sector": "coal_mine", "description": "皮带机头无防护罩", "level": "general", "location": POINT,
        "found_at": "2026-11-20T09:00:00+08:00", "photos": [a_photo(1, BYTES)], **fields,
    }  # fmt: skip


SENT = {"hazards": ("inspector", a_hazard), "accidents": ("bureau", lambda: accidents.body(photos=[a_photo(1, BYTES)]))}


@pytest.fixture(params=SENT)
def sent(request, as_):
    """(kind, client, id, body, answer) of what a phone has sent."""
    who, make = SENT[request.param]
    client, key, body = as_(who), str(uuid4()), make()
    answer = client.put(f"/api/v1/{request.param}/{key}", body, format="json")
    assert answer.status_code == 201, answer.content
    return request.param, client, key, body, answer.json()


def states(client, *asked):
    body = {"receipts": [{"id": str(key), "content_sha256": sha256} for key, sha256 in asked]}
    answer = client.post("/api/v1/receipts/check", body, format="json")
    assert answer.status_code == 200, answer.content
    return [each["state"] for each in answer.json()]


# --- one record ---------------------------------------------------------------------------------------------------------------
def test_a_receipt_names_every_photo_with_its_hash_and_state(sent):
    kind, client, key, body, _ = sent
    before = client.get(f"/api/v1/{kind}/{key}/receipt").json()
    assert before["photos"] == [{"id": photo_id(1), "sha256": a_photo(1, BYTES)["sha256"], "state": "missing", "refused_because": None}]
    assert (before["complete"], before["content_sha256"], before["papers"]) == (False, fingerprint({k: v for k, v in body.items() if k != "device"}), [])
    client.put(f"/api/v1/photos/{photo_id(1)}/content", BYTES, content_type="image/png")
    after = client.get(f"/api/v1/{kind}/{key}/receipt").json()
    assert (after["complete"], after["photos"][0]["state"], after["received_at"]) == (True, "held", before["received_at"])


def test_it_has_the_shape_of_a_visits(sent, as_):
    kind, client, key, *_ = sent
    visit = str(uuid4())
    as_("inspector").put(f"/api/v1/inspections/{visit}", a_visit(enterprise=str(MINE), photos=[]), format="json")
    assert client.get(f"/api/v1/{kind}/{key}/receipt").json().keys() == as_("inspector").get(f"/api/v1/inspections/{visit}/receipt").json().keys()


@pytest.mark.parametrize("kind", SENT)
def test_what_never_came_has_no_receipt(as_, kind):
    assert as_("inspector").get(f"/api/v1/{kind}/{uuid4()}/receipt").status_code == 404


def test_a_hazard_of_a_visit_has_a_receipt_of_its_photos(as_):
    finding, visit = str(uuid4()), str(uuid4())
    body = a_visit(enterprise=str(MINE), photos=[a_photo(1, BYTES)], hazards=[a_finding(finding, photos=[photo_id(1)])])
    assert as_("inspector").put(f"/api/v1/inspections/{visit}", body, format="json").status_code == 201
    told = as_("inspector").get(f"/api/v1/hazards/{finding}/receipt").json()
    assert (told["content_sha256"], [photo["id"] for photo in told["photos"]]) == ("", [photo_id(1)])


def test_whoever_sent_it_has_the_receipt_wherever_it_went(as_, people):
    client, key = as_("inspector"), str(uuid4())
    client.put(f"/api/v1/hazards/{key}", a_hazard(), format="json")
    accounts.move(people["inspector"], by=SYSTEM, region="141123101")
    assert [client.get(f"/api/v1/hazards/{key}{part}").status_code for part in ("", "/receipt")] == [404, 200]
    assert as_("inspector2").get(f"/api/v1/hazards/{key}/receipt").status_code == 404


def test_photos_of_steps_stand_in_the_receipt_of_their_hazard(as_):
    client, key = as_("inspector"), str(uuid4())
    client.put(f"/api/v1/hazards/{key}", a_hazard(), format="json")
    step = {"photos": [a_photo(2)], "note": "已当场整改"}
    assert as_("township").post(f"/api/v1/hazards/{key}/close-on-spot", step, format="json").status_code == 200
    assert {photo["id"] for photo in client.get(f"/api/v1/hazards/{key}/receipt").json()["photos"]} == {photo_id(1), photo_id(2)}


def test_a_receipt_takes_a_fixed_number_of_queries(as_, django_assert_max_num_queries):
    client, key = as_("inspector"), str(uuid4())
    client.put(f"/api/v1/hazards/{key}", a_hazard(photos=[a_photo(number) for number in range(1, 30)]), format="json")
    with django_assert_max_num_queries(5):  # token · hazard · photos · papers · drafts
        assert len(client.get(f"/api/v1/hazards/{key}/receipt").json()["photos"]) == 29


# --- many at once -------------------------------------------------------------------------------------------------------------
def test_receipts_are_checked_byte_by_byte(sent):
    _, client, key, *_ = sent
    sha256 = client.get(f"/api/v1/{sent[0]}/{key}/receipt").json()["content_sha256"]
    assert states(client, (key, sha256), (key, "0" * 64), (uuid4(), sha256)) == ["held", "differs", "missing"]


def test_another_persons_record_is_missing(sent, as_):
    kind, client, key, *_ = sent
    sha256 = client.get(f"/api/v1/{kind}/{key}/receipt").json()["content_sha256"]
    assert states(as_("township"), (key, sha256)) == ["missing"]


@pytest.mark.parametrize("many, status", [(500, 200), (501, 400), (0, 400)])
def test_up_to_five_hundred_are_asked_of_at_once(as_, many, status):
    body = {"receipts": [{"id": str(uuid4()), "content_sha256": "0" * 64} for _ in range(many)]}
    assert as_("inspector").post("/api/v1/receipts/check", body, format="json").status_code == status


def test_all_kinds_are_asked_of_in_a_fixed_number_of_queries(as_, django_assert_max_num_queries):
    client = as_("inspector")
    keys = [str(uuid4()) for _ in range(3)]
    for key in keys:
        client.put(f"/api/v1/hazards/{key}", a_hazard(photos=[]), format="json")
    with django_assert_max_num_queries(9):  # token · visits · hazards, and their other forms · accidents · self-checks · steps
        states(client, *((key, "0" * 64) for key in keys))


# --- steps --------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def confirmed(as_):
    """A step that the township has taken with a key: (client, key, address, body)."""
    hazard, key = str(uuid4()), str(uuid4())
    as_("inspector").put(f"/api/v1/hazards/{hazard}", a_hazard(photos=[]), format="json")
    client, address, body = as_("township"), f"/api/v1/hazards/{hazard}/reject", {"note": "不属隐患"}
    answer = client.post(address, body, format="json", headers={"Idempotency-Key": key})
    assert answer.status_code == 200, answer.content
    return client, key, address, body


def test_a_step_is_asked_of_by_its_key(confirmed):
    client, key, address, body = confirmed
    said = fingerprint([address, {}, body])
    assert states(client, (key, said), (key, fingerprint([address, {}, {}])), (uuid4(), said)) == ["held", "differs", "missing"]


def test_the_step_of_another_person_is_missing(confirmed, as_):
    _, key, address, body = confirmed
    assert states(as_("bureau"), (key, fingerprint([address, {}, body]))) == ["missing"]


def test_a_refused_step_is_missing(as_):
    hazard, key = str(uuid4()), str(uuid4())
    as_("inspector").put(f"/api/v1/hazards/{hazard}", a_hazard(photos=[]), format="json")
    address = f"/api/v1/hazards/{hazard}/resume"
    as_("bureau").post(address, {"note": "x"}, format="json", headers={"Idempotency-Key": key})
    assert states(as_("bureau"), (key, fingerprint([address, {}, {"note": "x"}]))) == ["missing"]


# --- in any order -------------------------------------------------------------------------------------------------------------
def test_photos_and_record_come_in_any_order_any_number_of_times(sent):
    kind, client, key, body, _ = sent
    for _ in range(2):
        assert client.put(f"/api/v1/photos/{photo_id(1)}/content", BYTES, content_type="image/png").status_code in (200, 201)
        assert client.put(f"/api/v1/{kind}/{key}", body, format="json").status_code == 200
    assert (Photo.objects.count(), client.get(f"/api/v1/{kind}/{key}/receipt").json()["complete"]) == (1, True)


@pytest.mark.parametrize("kind", SENT)
def test_photos_before_their_record_are_held(as_, kind):
    who, make = SENT[kind]
    client, key = as_(who), str(uuid4())
    assert client.put(f"/api/v1/photos/{photo_id(1)}/content", BYTES, content_type="image/png").status_code == 202
    client.put(f"/api/v1/{kind}/{key}", make(), format="json")
    assert client.get(f"/api/v1/{kind}/{key}/receipt").json()["complete"]


def test_a_draft_has_a_receipt_for_its_maker_alone(as_):
    key = str(uuid4())
    assert as_("inspector").put(f"/api/v1/hazards/{key}", a_hazard(draft=True), format="json").status_code == 201
    assert Hazard.objects.get(pk=key).state == "draft"
    assert [as_(who).get(f"/api/v1/hazards/{key}/receipt").status_code for who in ("inspector", "township")] == [200, 404]
