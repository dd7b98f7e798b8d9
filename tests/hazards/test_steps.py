"""隐患的流程: one table decides who moves what where."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hazards.models import Hazard
from tests.cast.hazards import in_days
from tests.cast.units import elsewhere, mine
from tests.cast.visits import POINT, a_photo

pytestmark = pytest.mark.django_db
KEY = "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0001"


def a_hazard(**fields) -> dict:
    return {
        "place": "东关村口", "region": "141123100200", "sector": "fire_safety", "level": "general", "description": "疏散通道堆放杂物",
        "found_at": "2026-11-20T09:00:00+08:00", "location": POINT, "photos": [a_photo(1)], **fields,
    }  # fmt: skip


def put(client, key=KEY, **fields):
    return client.put(f"/api/v1/hazards/{key}", a_hazard(**fields), format="json")


def step(client, name, key=KEY, **body):
    return client.post(f"/api/v1/hazards/{key}/{name}", body, format="json")


# --- the states -----------------------------------------------------------------------------------------------------------
def test_the_database_refuses_an_unknown_state(as_):
    put(as_("township"))
    with pytest.raises(IntegrityError, match="hazard_state_is_known"), transaction.atomic():
        Hazard.objects.update(state="lost")


# --- reporting ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who, origin", [("township", "patrol"), ("village", "village"), ("inspector", "patrol"), ("enterprise", "self")]
)
def test_officers_and_units_can_report_a_hazard_without_photo_or_position(as_, who, origin):
    mine()
    answer = put(as_(who), photos=[], location=None)
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["state"], answer.json()["origin"]) == ("reported", origin)


def test_repeating_a_report_makes_one_hazard_and_other_content_is_refused(as_):
    client = as_("township")
    assert [put(client).status_code, put(client).status_code] == [201, 200]
    answer = put(client, description="别的")
    assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
    assert put(as_("inspector")).status_code == 409


def test_a_hazard_reported_without_a_deadline_gets_the_default_one(as_):
    now = timezone.now().isoformat()
    assert put(as_("township"), found_at=now).json()["deadline"] == in_days(7)  # calendar days, deadlines 2021-1
    major = put(as_("inspector"), key=KEY[:-1] + "2", level="major", photos=[], found_at=now)
    assert major.json()["deadline"] == in_days(30)


def test_a_place_in_another_township_cannot_be_reported(as_):
    answer = put(as_("township"), region="141123101200")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_region")


INVALID_REPORTS = [
    ({"item": "ZZ"}, "item_of_other_checklist", "/item"),
    ({"item": "H10-07"}, "item_of_other_checklist", "/item"),
    ({"sector": "space"}, "unknown_sector", "/sector"),
]


@pytest.mark.parametrize("fields, code, pointer", INVALID_REPORTS)
def test_a_hazard_reported_alone_is_validated_like_one_of_a_visit(as_, fields, code, pointer):
    answer = put(as_("township"), **fields)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (400, code, pointer)
    assert not Hazard.objects.exists()


def test_a_hazard_outside_the_county_or_in_the_future_is_stored_with_warnings(as_):
    ahead = (timezone.now() + timedelta(hours=5)).isoformat()
    body = put(as_("township"), location={"lon": 116.4, "lat": 39.9, "crs": "wgs84"}, found_at=ahead).json()
    assert body["warnings"] == ["in_the_future", "outside_county"]


def test_a_department_officer_reports_only_in_its_own_sectors(as_):
    assert put(as_("department")).json()["code"] == "sector_not_yours"
    assert put(as_("department"), sector="coal_mine").status_code == 201


@pytest.mark.parametrize("body", ["[]", "7", "null"])
def test_a_hazard_body_that_is_no_json_object_is_refused(as_, body):
    assert as_("township").put(f"/api/v1/hazards/{KEY}", body, content_type="application/json").status_code == 400


def test_a_hazard_needs_a_place_in_words_or_on_the_map(as_):
    assert put(as_("township"), place="", region=None, location=None).json()["code"] == "place_required"


def test_a_village_officer_reports_with_only_a_description_and_a_position(as_):
    said = {"description": "院墙倾斜", "found_at": "2026-11-20T09:00:00+08:00", "location": POINT}
    body = as_("village").put(f"/api/v1/hazards/{KEY}", said, format="json").json()
    assert (body["state"], body["loop"], body["place"], body["region"]) == (
        "reported",
        "township",
        "见定位",
        "141123100200",
    )


# --- steps ---------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def reported(as_):
    assert put(as_("township")).status_code == 201
    return KEY


def test_a_township_confirms_and_closes_what_it_found_on_patrol(as_, reported):
    client = as_("township")
    assert step(client, "confirm").json()["state"] == "confirmed"
    answer = step(client, "close-on-spot", photos=[a_photo(2)], note="已清走")
    assert (answer.status_code, answer.json()["state"]) == (200, "closed")
    history = client.get(f"/api/v1/hazards/{KEY}/history").json()
    assert [(each["step"], each["before"], each["after"]) for each in history] == [
        ("report", "", "reported"), ("confirm", "reported", "confirmed"), ("close-on-spot", "confirmed", "closed"),
    ]  # fmt: skip
    assert [each["deadline"] for each in history[:2]] == [in_days(7), in_days(7)]


def test_an_impossible_step_is_refused_with_the_hazards_state(as_, reported):
    client = as_("township")
    step(client, "confirm")
    answer = step(client, "confirm")
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "wrong_step", "confirmed")
    assert "已确认" in answer.json()["detail"]


@pytest.mark.parametrize("photos", [[], None])
def test_a_hazard_cannot_be_closed_without_a_photo_after_rectification(as_, reported, photos):
    body = {} if photos is None else {"photos": photos}
    assert step(as_("township"), "close-on-spot", **body).status_code == 400
    assert Hazard.objects.get().state == "reported"


def test_a_hazard_cannot_be_closed_without_a_photo_from_before(as_):
    client = as_("township")
    put(client, photos=[])
    assert step(client, "close-on-spot", photos=[a_photo(2)]).json()["code"] == "photos_required"


def test_confirming_a_major_hazard_needs_a_legal_basis_and_a_leader(as_):
    unit = mine()
    put(as_("inspector"), enterprise=str(unit.pk), place="", region=None, sector="coal_mine", photos=[])
    assert step(as_("department"), "confirm", level="major").json()["code"] == "level_basis_required"
    clause = {"level": "major", "standard_clause": "煤矿重大事故隐患判定标准 第四条"}
    assert step(as_("department"), "confirm", **clause).json()["code"] == "leader_required"
    answer = step(as_("chief"), "confirm", **clause, deadline=in_days(30)).json()
    assert (answer["state"], answer["level"], answer["deadline"]) == ("confirmed", "major", in_days(30))


def test_rejecting_a_hazard_needs_a_reason_and_another_person(as_, reported):
    assert step(as_("bureau"), "reject").status_code == 400
    assert step(as_("township"), "reject", note="不构成隐患").status_code == 403
    assert step(as_("bureau"), "reject", note="不构成隐患").json()["state"] == "rejected"


def test_a_step_with_a_stale_etag_is_refused(as_, reported):
    client = as_("township")
    tag = client.get(f"/api/v1/hazards/{KEY}")["ETag"]
    assert client.post(f"/api/v1/hazards/{KEY}/confirm", {}, format="json", HTTP_IF_MATCH='"1-1"').status_code == 412
    assert client.post(f"/api/v1/hazards/{KEY}/confirm", {}, format="json", HTTP_IF_MATCH=tag).status_code == 200


def test_a_hazard_of_another_jurisdiction_is_not_found(as_, reported):
    stranger = as_("inspector2")
    assert stranger.get(f"/api/v1/hazards/{KEY}").status_code == 404
    assert stranger.get("/api/v1/hazards").json()["results"] == []
    assert step(stranger, "close-on-spot", photos=[a_photo(2)]).status_code == 404
    assert step(stranger, "close-on-spot").status_code == 404  # whatever the body says


# --- reading ---------------------------------------------------------------------------------------------------------------------
TODAY = date(2026, 11, 23)
OVERDUE = [  # state, due, review requested, overdue on 23 November
    ("rectifying", date(2026, 11, 22), None, True),
    ("rectifying", date(2026, 11, 23), None, False),  # the last day is in time
    ("ordered", date(2026, 11, 22), None, True),
    ("review_requested", date(2026, 11, 20), date(2026, 11, 20), False),  # asked on the last day
    ("review_requested", date(2026, 11, 20), date(2026, 11, 21), True),  # asked too late
    ("closed", date(2026, 11, 1), None, False),
    ("rejected", date(2026, 11, 1), None, False),
    ("reported", None, None, False),
]


@pytest.mark.parametrize("state, due, asked, expected", OVERDUE)
def test_a_hazard_is_overdue_if_open_past_its_deadline_without_a_timely_request(as_, state, due, asked, expected):
    put(as_("township"))
    Hazard.objects.update(
        state=state, due_on=due, review_requested_on=asked, closed_on=TODAY if state == "closed" else None
    )
    hazard = Hazard.objects.with_flags(on=TODAY).get()
    assert (hazard.overdue, Hazard.objects.overdue(on=TODAY).exists(), hazard.is_overdue(on=TODAY)) == (expected,) * 3
    assert Hazard.objects.overdue(on=TODAY, is_so=False).exists() is not expected


FILTERS = [
    ("state=reported", 1), ("state=closed", 0), ("level=general", 1), ("level=major", 0), ("sector=fire_safety", 1),
    ("sector=coal_mine", 0), ("region=141123", 1), ("region=141123100", 1), ("region=141123101", 0), ("q=堆放", 1), ("q=%25", 0),
    ("listed=true", 0), ("listed=false", 1), ("origin=patrol", 1), ("bbox=111,38,112,39", 1), ("bbox=110,38,111,39", 0),
    ("overdue=true", 0), ("overdue=false", 1),
]  # fmt: skip


@pytest.mark.parametrize("query, found", FILTERS)
def test_the_list_is_filtered_by_its_parameters(as_, query, found):
    client = as_("township")
    put(client, found_at=(timezone.now() - timedelta(hours=1)).isoformat())
    assert len(client.get(f"/api/v1/hazards?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    "query, code",
    [("bbox=1,2,3", "bad_bbox"), ("region=99", "unknown_region"), ("region=141199", "unknown_region"), ("state=x", "invalid"),
     ("limit=-5", "bad_limit"), ("cursor=zzz", "bad_cursor"), ("stat=closed", "bad_parameter"), ("sector=space", "unknown_sector"), ("overdue=perhaps", "invalid")],
)  # fmt: skip
def test_an_invalid_parameter_is_refused(as_, query, code):
    answer = as_("township").get(f"/api/v1/hazards?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_hazard_list_takes_three_queries_at_any_length(as_, rows, django_assert_max_num_queries):
    unit, client = mine(), as_("inspector")
    for n in range(rows):
        put(client, key=str(UUID(int=n + 1)), enterprise=str(unit.pk), place="", region=None, sector=None, photos=[])
    with django_assert_max_num_queries(3):  # token · stamp · hazards with their units
        assert len(client.get("/api/v1/hazards?limit=100").json()["results"]) == rows


def test_the_map_shows_a_hazard_only_within_the_jurisdiction(as_, reported):
    address = "/api/v1/map/hazards.geojson?bbox=111,38,112,39"
    feature = as_("bureau").get(address).json()["features"][0]
    assert (feature["id"], feature["geometry"]["coordinates"]) == (KEY, [111.127486, 38.461818])
    assert as_("inspector2").get(address).json()["features"] == []


@pytest.mark.parametrize("crs, lon", [("wgs84", 111.127486), ("gcj02", 111.133972), ("bd09", 111.140384)])
def test_coordinates_are_answered_in_the_requested_reference_system(as_, reported, crs, lon):
    body = as_("township").get(f"/api/v1/hazards/{KEY}?crs={crs}").json()
    assert (round(body["location"]["lon"], 6), body["location"]["crs"]) == (lon, crs)


def test_an_unknown_coordinate_system_is_refused_everywhere(as_, reported):
    client = as_("township")
    for address in (f"/api/v1/hazards/{KEY}?crs=mars", "/api/v1/hazards?crs=mars"):
        assert client.get(address).json()["code"] == "unknown_crs"


def test_an_enterprise_sees_its_own_hazards_only(as_):
    unit, other = mine(), elsewhere()
    put(as_("inspector"), enterprise=str(unit.pk), place="", region=None, sector=None, photos=[])
    put(as_("inspector2"), key=KEY[:-1] + "2", enterprise=str(other.pk), place="", region=None, sector=None, photos=[])
    assert [each["id"] for each in as_("principal").get("/api/v1/hazards").json()["results"]] == [KEY]
