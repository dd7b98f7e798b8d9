"""从手机到库里: a visit is stored whole, once, whatever the network does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import actions as accounts
from evidence.models import Photo
from hazards.models import Hazard
from inspections.models import Inspection, Task
from inspections.serializers import InspectionShape
from safety_api.models import OutboxMessage, TrailLine
from safety_api.trail import SYSTEM
from tests.cast.people import ELSEWHERE
from tests.cast.units import elsewhere as another_unit
from tests.cast.units import mine as a_unit
from tests.cast.visits import HAZARD, a_finding, a_photo, a_visit

pytestmark = pytest.mark.django_db
KEY = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"


def put(client, body, key=KEY, **extra):
    return client.put(f"/api/v1/inspections/{key}", body, format="json", **extra)


def refused(answer) -> tuple[int, str, list[str]]:
    body = answer.json()
    return answer.status_code, body["code"], [error["pointer"] for error in body["errors"]]


def nothing_stored() -> bool:
    return not (Inspection.objects.exists() or Hazard.objects.exists() or Photo.objects.exists())


# --- whole -----------------------------------------------------------------------------------------------------------------
def test_a_visit_with_answers_hazards_and_photos_is_stored_whole(as_):
    mine = a_unit()
    answer = put(as_("inspector"), a_visit(mine, photos=[a_photo(1), a_photo(2), a_photo(3)]))
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["location"] == {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"}
    assert [each["state"] for each in body["photos"]] == ["missing"] * 3
    assert body["complete"] is False
    assert (body["hazards"][0]["state"], body["hazards"][0]["department"]) == ("reported", "emergency")
    assert body["region"] == mine.region_code


EVERY_FIELD = {  # of a visit, none of them empty
    "site": None, "place": "15102工作面", "region": None, "place_type": "井下", "project_type": "技改",
    "task": "7a2f6c39-5b44-4be5-9a38-6f3f1f1c00ff", "reviews": [], "order_paper": None,
    "joint_departments": ["energy"], "experts": [{"name": "何工", "organ": "设计院", "post": "高工"}],
    "record": {"paper": None, "number": "（兴应急）检记〔2026〕7号", "at": None, "to": "张小三", "post": "矿长", "note": ""},
    "result": {"paper": None, "number": "（兴应急）检告〔2026〕7号", "at": None, "to": "张小三", "post": "矿长", "note": "无"},
}  # fmt: skip
UNDERSTOOD = {
    "started_at",
    "finished_at",
    "location",
    "region",
    "hazards",
    "photos",
    "device",
    "order_paper",
}  # in other words


def test_every_field_a_phone_may_send_is_stored_and_answered_as_sent(as_, people):
    """One that the shape takes and the action forgets would be lost without a word."""
    sent = a_visit(a_unit(), **EVERY_FIELD, companions=[str(people["inspector2"].pk)])
    assert set(sent) == set(InspectionShape().fields), "EVERY_FIELD shows each field of the shape"
    answer = put(as_("inspector"), sent).json()
    assert {name: answer.get(name, "not answered") for name in set(sent) - UNDERSTOOD} == {
        name: value for name, value in sent.items() if name not in UNDERSTOOD
    }


def test_a_visit_writes_one_trail_line_and_one_for_each_hazard(as_):
    mine, phone = a_unit(), as_("inspector")
    before = TrailLine.objects.order_by("id").last().pk
    put(phone, a_visit(mine))
    verbs = TrailLine.objects.filter(pk__gt=before).values_list("verb", flat=True)
    assert sorted(verbs) == ["hazard.report", "inspection.receive"]
    assert OutboxMessage.objects.filter(topic="inspection.received").count() == 1


@pytest.mark.parametrize(
    "crs, lon, lat",
    [
        ("wgs84", 111.127486, 38.461818),
        ("cgcs2000", 111.127486, 38.461818),
        ("gcj02", 111.133972, 38.462540),
        ("bd09", 111.140384, 38.468788),
    ],
)
def test_a_position_in_any_of_four_coordinate_systems_is_the_same_place(as_, crs, lon, lat):
    body = put(
        as_("inspector"), a_visit(a_unit(), location={"lon": lon, "lat": lat, "crs": crs, "accuracy_m": 8})
    ).json()
    assert (round(body["location"]["lon"], 5), round(body["location"]["lat"], 5)) == (111.12749, 38.46182)
    assert body["location_sent"] == {"lon": lon, "lat": lat, "crs": crs, "accuracy_m": 8.0, "mocked": False}


def test_a_visit_without_a_unit_needs_only_a_place_in_words(as_):
    body = put(
        as_("inspector"),
        a_visit(
            None,
            place="东关村口三家小店",
            region="141123100200",
            sector="fire_safety",
            hazards=[],
            answers=[],
            checklist=None,
        ),
    ).json()
    assert (body["region"], body["place"]) == ("141123100200", "东关村口三家小店")


def test_a_hazard_found_by_an_enterprises_self_check_has_origin_self(as_):
    a_unit()
    body = put(as_("enterprise"), a_visit(None, authority="self_check")).json()
    assert body["hazards"][0]["origin"] == "self"


def test_a_visit_that_names_a_task_completes_it(as_, people):
    mine = a_unit()
    task = Task.objects.create(
        enterprise=mine, region_code=mine.region_code, sector_id="coal_mine", kind="routine", authority="administrative",
        due_on="2026-11-30", assignees=[people["inspector"].pk],
    )  # fmt: skip
    phone = as_("inspector")
    assert [each["id"] for each in phone.get("/api/v1/tasks?due_before=2026-12-31").json()["results"]] == [str(task.pk)]
    put(phone, a_visit(mine, task=str(task.pk)))
    assert phone.get("/api/v1/tasks").json()["results"] == []
    assert phone.get("/api/v1/tasks?done=true").json()["results"][0]["done_by"] == KEY


def test_a_visit_naming_an_unknown_task_is_stored_with_a_warning(as_):
    phone = as_("inspector")
    assert put(phone, a_visit(a_unit(), task=HAZARD)).status_code == 201
    assert "unknown_task" in phone.get(f"/api/v1/inspections/{KEY}").json()["warnings"]


def test_warnings_of_a_visit_are_also_shown_later(as_):
    phone = as_("inspector")
    answered = put(phone, a_visit(a_unit(), hazards=[a_finding(deadline="2029-01-01")])).json()["warnings"]
    assert answered == phone.get(f"/api/v1/inspections/{KEY}").json()["warnings"]
    assert "deadline_too_long" in answered


TASKS = [
    ("inspector", {}, 201, None),
    ("inspector", {"due_on": "2020-01-01"}, 400, "in_the_past"),
    ("inspector2", {}, 400, "cannot_make_visit"),
    ("sysadmin", {}, 400, "cannot_make_visit"),
    ("leader", {}, 400, "cannot_make_visit"),
]


@pytest.mark.parametrize("who, fields, status, code", TASKS)
def test_a_task_can_be_assigned_only_to_those_who_can_carry_it_out(as_, people, who, fields, status, code):
    body = {"enterprise": str(a_unit().pk), "due_on": "2099-12-10", "assignees": [str(people[who].pk)], **fields}
    answer = as_("bureau").post("/api/v1/tasks", body, format="json")
    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_a_chunked_body_is_refused_and_not_read_as_empty(as_):
    mine, phone = a_unit(), as_("inspector")
    put(phone, a_visit(mine))
    address = f"/api/v1/hazards/{HAZARD}/close-on-spot"
    answer = phone.generic(
        "POST", address, b"", CONTENT_TYPE="application/json", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH=""
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_a_visit_id_in_capitals_is_the_same_id(as_):
    phone, body = as_("inspector"), a_visit(a_unit())
    assert put(phone, body, key=KEY.upper()).status_code == 201
    assert put(phone, body).status_code == 200


# --- once ------------------------------------------------------------------------------------------------------------------
def test_a_visit_sent_again_is_stored_once_with_the_same_answer(as_):
    body, phone = a_visit(a_unit()), as_("inspector")
    first, again = put(phone, body), put(phone, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_a_changed_device_clock_does_not_make_another_visit(as_):
    mine, phone = a_unit(), as_("inspector")
    put(phone, a_visit(mine))
    assert put(phone, a_visit(mine, device={"clock": "2026-11-21T00:00:00+08:00"})).status_code == 200


def test_the_order_of_fields_does_not_make_another_visit(as_):
    body, phone = a_visit(a_unit()), as_("inspector")
    put(phone, body)
    assert put(phone, dict(reversed(body.items()))).status_code == 200


def test_other_content_under_the_same_id_is_refused(as_):
    mine, phone = a_unit(), as_("inspector")
    put(phone, a_visit(mine))
    assert refused(put(phone, a_visit(mine, kind="special")))[:2] == (409, "id_reused")
    assert Inspection.objects.get().kind == "routine"


def test_the_id_of_another_persons_visit_is_refused_without_revealing_it(as_):
    body = a_visit(a_unit())
    put(as_("inspector"), body)
    answer = put(as_("bureau"), body)
    assert refused(answer) == (409, "id_reused", [])
    assert "锚杆" not in answer.content.decode()


def test_a_hazard_id_already_in_use_refuses_the_whole_visit(as_):
    mine, phone = a_unit(), as_("inspector")
    put(phone, a_visit(mine))
    answer = put(phone, a_visit(mine), key=KEY[:-1] + "2")
    assert refused(answer) == (409, "id_reused", ["/hazards"])
    assert Inspection.objects.count() == 1


def test_a_stored_visit_is_acknowledged_again_after_a_transfer(as_, people):
    body, phone = a_visit(a_unit()), as_("inspector")
    put(phone, body)
    accounts.move(people["inspector"], by=SYSTEM, region=ELSEWHERE)
    assert put(phone, body).status_code == 200


def test_a_late_upload_is_judged_by_the_jurisdiction_of_its_day(as_, people):
    mine, phone = a_unit(), as_("inspector")
    accounts.move(people["inspector"], by=SYSTEM, region=ELSEWHERE)
    assert put(phone, a_visit(mine)).status_code == 201  # of 20 November, when the place was still the inspector's


def test_a_visit_made_after_a_transfer_is_judged_by_the_new_jurisdiction(as_, people):
    mine, phone = a_unit(), as_("inspector")
    accounts.move(people["inspector"], by=SYSTEM, region=ELSEWHERE)
    later = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert refused(put(phone, a_visit(mine, started_at=later, finished_at=later, hazards=[])))[1:] == (
        "unknown_enterprise",
        ["/enterprise"],
    )


# --- refused whole -----------------------------------------------------------------------------------------------------------
NO_CRS = {"lon": 111.1, "lat": 38.4}
BAD = {
    "no system of coordinates": ({"location": NO_CRS}, "crs_required", "/location/crs"),
    "a point as text": ({"location": {**NO_CRS, "lon": "111.1", "crs": "wgs84"}}, "not_a_number", "/location/lon"),
    "a point abroad": ({"location": {"lon": 2.35, "lat": 48.85, "crs": "wgs84"}}, "outside_china", "/location"),
    "lon and lat exchanged": (
        {"location": {"lon": 38.46, "lat": 111.12, "crs": "wgs84"}},
        "outside_china",
        "/location",
    ),
    "an unknown system": ({"location": {**NO_CRS, "crs": "mars"}}, "unknown_crs", "/location/crs"),
    "an unknown sector": ({"sector": "space_travel"}, "unknown_sector", "/sector"),
    "an unknown unit": ({"enterprise": HAZARD}, "unknown_enterprise", "/enterprise"),
    "an item of another checklist": (
        {"answers": [{"item": "F13-02", "result": "pass"}]},
        "item_of_other_checklist",
        "/answers/0/item",
    ),
    "a hazard of another checklist": (
        {"hazards": [a_finding(item="F13-02")]},
        "item_of_other_checklist",
        "/hazards/0/item",
    ),
    "an unknown checklist": (
        {"checklist": {"code": "coal_mine", "version": "1999"}},
        "unknown_checklist",
        "/checklist",
    ),
    "an item twice": ({"answers": [{"item": "C09-01", "result": "pass"}] * 2}, "twice", "/answers/1/item"),
    "a hazard twice": ({"hazards": [a_finding(), a_finding()]}, "twice", "/hazards/1/id"),
    "a photo nobody declared": ({"hazards": [a_finding(photos=[HAZARD])]}, "photo_not_declared", "/hazards/0/photos/0"),
    "a time without an offset": ({"started_at": "2026-11-20T09:00:00"}, "invalid", "/started_at"),
    "a name we do not know": ({"hazzards": []}, "unknown_field", "/hazzards"),
    "an unknown result": ({"answers": [{"item": "C09-01", "result": "maybe"}]}, "invalid", "/answers/0/result"),
    "a description too long": ({"hazards": [a_finding(description="长" * 2001)]}, "invalid", "/hazards/0/description"),
    "a wrong hash": ({"photos": [a_photo(1, sha256="ABC")]}, "invalid", "/photos/0/sha256"),
    "a photo of no bytes": ({"photos": [a_photo(1, size=0)]}, "invalid", "/photos/0/size"),
    "a review of nothing": ({"reviews": [{"hazard": HAZARD, "result": "pass"}]}, "unknown_hazard", "/reviews"),
    "a word for a list": ({"answers": "none"}, "invalid", "/answers"),
    "an inspection that is a self-check": ({"authority": "self_check"}, "authority_not_yours", "/authority"),
}


@pytest.mark.parametrize("wrong, code, pointer", BAD.values(), ids=BAD)
def test_an_inconsistent_visit_is_refused_and_nothing_is_stored(as_, wrong, code, pointer):
    status, said, pointers = refused(put(as_("inspector"), {**a_visit(a_unit()), **wrong}))
    assert status == 400
    assert pointer in pointers
    assert said == code
    assert nothing_stored()


def test_every_error_is_named_at_once(as_):
    wrong = {"kind": "party", "sector": 5, "started_at": "yesterday", "photos": [a_photo(1, size="big")]}
    _, _, pointers = refused(put(as_("inspector"), {**a_visit(a_unit()), **wrong}))
    assert {"/kind", "/sector", "/started_at", "/photos/0/size"} <= set(pointers)


def test_a_unit_of_another_township_is_answered_like_an_unknown_one(as_):
    other = another_unit()
    there = refused(put(as_("inspector"), a_visit(other)))
    nowhere = refused(put(as_("inspector"), {**a_visit(None), "enterprise": HAZARD}))
    assert there == nowhere == (400, "unknown_enterprise", ["/enterprise"])


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_a_body_that_is_no_object_is_refused(as_, body):
    answer = as_("inspector").put(f"/api/v1/inspections/{KEY}", body, content_type="application/json")
    assert answer.status_code == 400
    assert nothing_stored()


def test_a_visit_outside_the_county_is_stored_with_a_warning(as_):
    body = put(as_("inspector"), a_visit(a_unit(), location={"lon": 116.39, "lat": 39.9, "crs": "wgs84"})).json()
    assert "outside_county" in body["warnings"]


# --- what it costs -------------------------------------------------------------------------------------------------------------
def test_storing_a_full_visit_takes_at_most_ten_queries(as_, django_assert_max_num_queries):
    mine, phone = a_unit(), as_("inspector")
    hazards = [a_finding(f"7a2f6c39-5b44-4be5-9a38-6f3f1f1cb00{n}", item=f"C09-0{n}") for n in (1, 2, 3)]
    answers = [{"item": f"C09-{n:02}", "result": "pass"} for n in range(1, 18)]
    body = a_visit(mine, answers=answers, hazards=hazards, photos=[a_photo(n) for n in range(1, 6)])
    with django_assert_max_num_queries(
        12
    ):  # ten, and the two of the savepoint that stands for the transaction in a test
        assert put(phone, body).status_code == 201


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_visits_takes_three_queries_at_any_length(as_, rows, django_assert_max_num_queries):
    mine, phone = a_unit(), as_("inspector")
    for n in range(rows):
        put(phone, a_visit(mine, hazards=[]), key=f"7a2f6c39-5b44-4be5-9a38-6f3f1f1c10{n:02}")
    with django_assert_max_num_queries(3):  # token · stamp · visits with their units
        assert len(phone.get("/api/v1/inspections?limit=100").json()["results"]) == rows


# --- receipts ----------------------------------------------------------------------------------------------------------------
def test_receipts_are_compared_in_one_request(as_):
    mine, phone = a_unit(), as_("inspector")
    sha256 = put(phone, a_visit(mine)).json()["content_sha256"]
    asked = [(KEY, sha256), (KEY, "0" * 64), (HAZARD, sha256)]
    body = {"receipts": [{"id": key, "content_sha256": content} for key, content in asked]}
    answer = phone.post("/api/v1/receipts/check", body, format="json").json()
    assert [each["state"] for each in answer] == ["held", "differs", "missing"]


def test_a_colleague_of_another_township_sees_no_visit(as_):
    put(as_("inspector"), a_visit(a_unit()))
    stranger = as_("inspector2")
    assert stranger.get(f"/api/v1/inspections/{KEY}").status_code == 404
    assert stranger.get(f"/api/v1/inspections/{KEY}/receipt").status_code == 404
    assert stranger.get("/api/v1/inspections").json()["results"] == []


def test_an_unchanged_list_is_answered_304_and_a_changed_one_is_not(as_):
    mine, phone = a_unit(), as_("inspector")
    tag = phone.get("/api/v1/inspections")["ETag"]
    assert phone.get("/api/v1/inspections", HTTP_IF_NONE_MATCH=tag).status_code == 304
    put(phone, a_visit(mine))
    assert phone.get("/api/v1/inspections", HTTP_IF_NONE_MATCH=tag).status_code == 200
    assert connection.in_atomic_block  # one transaction: the tag follows even what is not yet committed
