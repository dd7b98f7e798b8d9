"""What is the same record: by what it says, however a phone writes it; what it computes of its own form still matches."""

from __future__ import annotations

from typing import Any

import pytest

from safety_api.idempotency import Sent, fingerprint
from safety_api.models import OtherForm
from tests.cast import accidents
from tests.cast.visits import HAZARD, POINT, a_finding, a_photo, a_visit

pytestmark = pytest.mark.django_db
KEY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"
Body = dict[str, Any]


def put(client, body: Body, kind="inspections", key=KEY):
    return client.put(f"/api/v1/{kind}/{key}", body, format="json")


def sha256_of(body: Body) -> str:
    return fingerprint({name: value for name, value in body.items() if name != "device"})


def held(client, body: Body) -> str:
    asked = {"receipts": [{"id": KEY, "content_sha256": sha256_of(body)}]}
    return client.post("/api/v1/receipts/check", asked, format="json").json()[0]["state"]


VISIT = a_visit(None, place="东关村口", region="141123100200", checklist=None, answers=[], photos=[a_photo(1)],
                hazards=[a_finding(item="", deadline=None)])  # fmt: skip
SAME: dict[str, Body] = {
    "defaults left out": {
        name: value for name, value in VISIT.items() if name not in ("enterprise", "checklist", "answers")
    },
    "defaults given": {**VISIT, "site": None, "task": None, "companions": [], "reviews": [], "place_type": ""},
    "null for nothing": {**VISIT, "place_type": None, "project_type": None},
    "the instant in Z": {**VISIT, "started_at": "2026-11-20T01:00:00Z", "finished_at": "2026-11-20T02:20:00.000Z"},
    "another offset": {**VISIT, "started_at": "2026-11-20T02:00:00+01:00"},
    "numbers in another form": {**VISIT, "location": {**POINT, "accuracy_m": 8.0}},
    "not made up, said": {**VISIT, "location": {**POINT, "mocked": False}},
    "an id in capitals": {**VISIT, "hazards": [a_finding(HAZARD.upper(), item="", deadline=None)]},
    "blanks around": {**VISIT, "place": " 东关村口 "},
    "a finding's defaults": {**VISIT, "hazards": [{"id": HAZARD, "description": VISIT["hazards"][0]["description"]}]},
    "another clock": {**VISIT, "device": {"clock": "2026-11-21T08:00:00+08:00"}},
}
OTHER: dict[str, Body] = {
    "another instant": {**VISIT, "started_at": "2026-11-20T09:00:01+08:00"},
    "another place": {**VISIT, "place": "东关村"},
    "a default given otherwise": {**VISIT, "unanswered": "none"},
    "one finding less": {**VISIT, "hazards": []},
    "made up": {**VISIT, "location": {**POINT, "mocked": True}},
    "a photo's hash": {**VISIT, "photos": [a_photo(1, b"other")]},
}


@pytest.mark.parametrize("again", SAME.values(), ids=SAME)
def test_the_same_visit_in_another_form_is_the_same_visit(as_, again):
    phone = as_("inspector")
    first = put(phone, VISIT)
    assert first.status_code == 201, first.json()
    answer = put(phone, again)
    assert (answer.status_code, answer.json()["content_sha256"]) == (200, sha256_of(VISIT))
    assert [held(phone, VISIT), held(phone, again)] == ["held", "held"]


@pytest.mark.parametrize("again", OTHER.values(), ids=OTHER)
def test_a_visit_that_says_something_else_is_refused(as_, again):
    phone = as_("inspector")
    put(phone, VISIT)
    answer = put(phone, again)
    assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
    assert held(phone, again) == "differs" and not OtherForm.objects.exists()


def test_another_persons_equal_visit_under_the_same_id_is_refused(as_):
    put(as_("inspector"), VISIT)
    assert put(as_("bureau"), SAME["the instant in Z"]).status_code == 409


def test_the_same_form_twice_leaves_one_remembered_form(as_):
    for body in (VISIT, SAME["the instant in Z"], SAME["the instant in Z"]):
        put(as_("inspector"), body)
    assert OtherForm.objects.count() == 1


def test_another_form_is_answered_although_it_would_be_refused_by_now(as_, people):
    phone = as_("inspector")
    put(phone, VISIT)
    people["inspector"].posts.all().delete()
    type(people["inspector"]).objects.filter(username="inspector").update(region="141123101")
    assert put(phone, SAME["the instant in Z"]).status_code == 200


FOUND = {
    "place": "东关村口",
    "region": "141123100200",
    "description": "堆放杂物",
    "found_at": "2026-11-20T09:00:00+08:00",
}


def test_the_same_hazard_in_another_form_is_the_same_hazard(as_):
    again = {**FOUND, "found_at": "2026-11-20T01:00:00Z", "photos": [], "level": "general", "draft": False}
    phone = as_("township")
    assert [put(phone, body, "hazards").status_code for body in (FOUND, again)] == [201, 200]
    assert put(phone, {**again, "level": "major"}, "hazards").status_code == 409


def test_the_same_accident_in_another_form_is_the_same_accident(as_):
    phone, first = as_("bureau"), accidents.body()
    again = {
        **first,
        "direct_loss_yuan": "1200000.0",
        "missing": 0,
        "occurred_at": "2025-03-05T01:00:00Z",
        "dangers": [],
    }
    assert [put(phone, body, "accidents").status_code for body in (first, again)] == [201, 200]
    assert put(phone, {**again, "deaths": 2}, "accidents").status_code == 409


def test_the_meaning_of_a_record_leaves_out_its_device_and_takes_null_for_empty():
    one, other, third = Sent("1"), Sent("2"), Sent("3")
    one.read({"a": 1, "b": {"c": None}, "device": {"clock": "1"}, "e": ":null"})
    other.read({"e": ":null", "b": {"c": ""}, "a": 1})
    third.read({"e": ':""', "b": {"c": ""}, "a": 1})
    assert one.meaning == other.meaning != third.meaning


def test_a_record_of_before_is_the_same_by_its_fingerprint_only(as_):
    from inspections.models import Inspection

    put(as_("inspector"), VISIT)
    Inspection.objects.update(meaning_sha256="")
    assert put(as_("inspector"), VISIT).status_code == 200
    assert put(as_("inspector"), SAME["the instant in Z"]).status_code == 409
