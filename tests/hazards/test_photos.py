"""照片给谁看: a hazard, its history, its visit, an accident and the duty file show their photos in the order in which they were entered."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accidents.models import ReportLeg
from evidence.actions import process
from evidence.models import Photo, PhotoState
from evidence.shown import completed
from hazards.models import Hazard
from hazards.photos import shown_photos
from hazards.states import State
from inspections.models import Inspection
from safety_api.outbox import drain
from tests.cast.accidents import body, key, report_accident, url
from tests.cast.hazards import KEY, a_hazard_in, ago, in_days, ordered_by, record_step, take
from tests.cast.papers import words_of_pdf
from tests.cast.units import mine
from tests.cast.visits import HAZARD, POINT, a_finding, a_photo, a_visit, photo_id, picture

pytestmark = pytest.mark.django_db
VISIT = "/api/v1/inspections/7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"
ONE = f"/api/v1/hazards/{KEY}"
FIRST, SECOND = (
    "ffffffff-0000-4000-8000-000000000001",
    "00000000-0000-4000-8000-000000000002",
)  # later by chance, earlier by chance


@pytest.fixture
def reported(as_):
    sent = {
        "place": "东关村口", "region": "141123100200", "sector": "fire_safety", "level": "general", "description": "疏散通道堆放杂物",
        "found_at": ago(3).isoformat(), "location": POINT, "photos": [a_photo(9), a_photo(1)],
    }  # fmt: skip
    answer = as_("village").put(ONE, sent, format="json")
    assert answer.status_code == 201, answer.json()
    return answer.json()


def shown(client, address=ONE) -> list[tuple]:
    return [
        (each["id"], each["state"], each["shows"], each["by_name"]) for each in client.get(address).json()["photos"]
    ]


def upload(client, number: int) -> None:
    address = f"/api/v1/photos/{photo_id(number)}/content"
    assert client.put(address, picture(number), content_type="image/jpeg").status_code == 201


# --- what a hazard shows -------------------------------------------------------------------------------------------------
def test_the_answer_to_a_told_hazard_shows_its_photos_as_the_hazard_does(reported, as_):
    assert reported["photos"] == as_("village").get(ONE).json()["photos"]


def test_a_hazard_shows_its_photos_with_state_moment_and_person(reported, as_):
    upload(as_("village"), 9)
    drain()
    assert shown(as_("township")) == [
        (photo_id(9), "ready", "before", "孙村"),
        (photo_id(1), "missing", "before", "孙村"),
    ]
    one = as_("township").get(ONE).json()["photos"][0]
    assert set(one) == {"id", "sha256", "state", "shows", "taken_at", "by", "by_name", "flags", "remarks", "refused_because", "kept_type", "duration_ms", "lost_at"}
    assert one["taken_at"] == "2026-11-20T09:41:00+08:00"


def test_photos_of_what_was_put_right_are_shown_as_after(reported, as_):
    assert take(as_("township"), "confirm", level="general", photos=[a_photo(2)]).status_code == 200
    assert take(as_("township"), "close-on-spot", photos=[a_photo(3)]).status_code == 200
    assert [each[2] for each in shown(as_("township"))] == ["before", "before", "before", "after"]


def test_each_step_of_the_history_shows_the_photos_that_came_with_it(reported, as_):
    take(as_("township"), "confirm", level="general", photos=[a_photo(2)])
    take(as_("township"), "close-on-spot", photos=[a_photo(3)])
    steps = as_("township").get(f"{ONE}/history").json()
    assert [(each["step"], [photo["id"] for photo in each["photos"]]) for each in steps] == [
        ("report", [photo_id(9), photo_id(1)]), ("confirm", [photo_id(2)]), ("close-on-spot", [photo_id(3)]),
    ]  # fmt: skip


@pytest.mark.parametrize("result, shows", [("fail", "review"), ("pass", "after")])
def test_photos_of_a_review_in_a_visit_show_what_the_review_found(certified, as_, result, shows):
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-2))
    ordered_by(hazard, "inspector", "bureau", people=certified)
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(2))
    sent = a_visit(
        hazard.enterprise, kind="review", hazards=[], photos=[a_photo(2), a_photo(1)], companions=[str(certified["department"].pk)],
        started_at=ago(1).isoformat(), finished_at=ago(1).isoformat(),
        reviews=[{"hazard": KEY, "result": result, "note": "见照片", "photos": [photo_id(1)]}],
    )  # fmt: skip
    visit = as_("inspector").put(VISIT, sent, format="json").json()
    assert [(each["shows"], each["hazards"]) for each in visit["photos"]] == [
        ("scene", []),
        (shows, [{"hazard": KEY, "shows": shows}]),
    ]
    assert (photo_id(1), "missing", shows, "张巡") in shown(as_("inspector"))


def test_photos_of_a_review_that_failed_at_the_door_show_what_is_still_there(certified, as_):
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-2))
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(2))
    two = {"companion": str(certified["department"].pk)}
    assert (
        take(as_("inspector"), "fail", **two, deadline=in_days(6), note="间距仍大", photos=[a_photo(5)]).status_code
        == 200
    )
    assert shown(as_("inspector"))[-1][:3] == (photo_id(5), "missing", "review")
    assert as_("inspector").get(f"{ONE}/history").json()[-1]["photos"][0]["id"] == photo_id(5)


def test_a_hazard_without_photos_shows_none(as_):
    a_hazard_in(State.REPORTED, mine(), photo=None)
    assert as_("inspector").get(ONE).json()["photos"] == []


def test_the_bytes_of_a_shown_photo_are_given_only_to_those_who_see_its_record(reported, as_):
    upload(as_("village"), 9)
    address = f"/api/v1/photos/{photo_id(9)}"
    assert [as_(who).get(address).status_code for who in ("township", "bureau", "inspector2", "enterprise")] == [
        200,
        200,
        404,
        404,
    ]


@pytest.mark.parametrize("number", [1, 20])
def test_the_photos_of_a_hazard_take_three_queries_however_many(as_, number, django_assert_num_queries):
    hazard = a_hazard_in(State.REPORTED, mine(), photo=None)
    for each in range(number):
        Photo.objects.create(
            id=photo_id(each),
            owner_kind="hazard",
            owner_id=hazard.pk,
            declared_by=hazard.reported_by,
            sha256="0" * 64,
            size=1,
            media_type="image/jpeg",
        )
    with django_assert_num_queries(3):
        assert len(shown_photos(hazard)) == number


# --- visit, accident, duty file ------------------------------------------------------------------------------------------
def test_a_visit_says_which_photo_shows_which_hazard(as_):
    finding = a_finding(photos=[photo_id(3), photo_id(1)])
    sent = a_visit(mine(), hazards=[finding], photos=[a_photo(3), a_photo(2), a_photo(1)])
    answers = [as_("inspector").put(VISIT, sent, format="json").json(), as_("inspector").get(VISIT).json()]
    for answer in answers:
        assert [(each["id"], each["shows"], [one["hazard"] for one in each["hazards"]]) for each in answer["photos"]] == [
            (photo_id(3), "before", [HAZARD]), (photo_id(2), "scene", []), (photo_id(1), "before", [HAZARD]),
        ]  # fmt: skip
    assert [each[:3] for each in shown(as_("inspector"), f"/api/v1/hazards/{HAZARD}")] == [
        (photo_id(3), "missing", "before"), (photo_id(1), "missing", "before"),
    ]  # fmt: skip


def test_an_accident_shows_its_photos_in_the_order_told(as_):
    mine()
    assert as_("inspector").put(url(1), body(photos=[a_photo(2), a_photo(1)]), format="json").status_code == 201
    assert shown(as_("bureau"), url(1)) == [
        (photo_id(2), "missing", "scene", "张巡"),
        (photo_id(1), "missing", "scene", "张巡"),
    ]


def test_an_accident_is_answered_anew_whenever_a_photo_of_it_changes(as_):
    mine()
    as_("inspector").put(url(1), body(photos=[a_photo(2)]), format="json")
    ReportLeg.objects.all().delete()  # no minutes run any more
    client = as_("bureau")
    seen = {"HTTP_IF_NONE_MATCH": client.get(url(1))["ETag"]}
    upload(as_("inspector"), 2)
    assert client.get(url(1), **seen).json()["photos"][0]["state"] == "held"
    process(Photo.objects.get().pk)
    assert client.get(url(1), **seen).json()["photos"][0]["state"] == "ready"


def test_the_duty_file_lists_the_photos_with_what_they_show(reported, as_):
    address = f"{ONE}/duty-file"
    section = next(each for each in as_("bureau").get(address).json()["sections"] if each["name"] == "photos")
    assert [(row["shows"], row["by"], row["state"]) for row in section["rows"]] == [("整改前", "孙村", "未到")] * 2
    assert "整改前" in words_of_pdf(as_("bureau").get(address, {"format": "pdf"}).content)


# --- the order in which things were entered ------------------------------------------------------------------------------
def test_findings_answers_and_photos_of_a_visit_keep_their_order(as_):
    items = ["C09-12", "C09-03", "C09-07"]
    sent = a_visit(
        mine(), answers=[{"item": each, "result": "fail", "note": each} for each in items], photos=[a_photo(7), a_photo(2), a_photo(5)],
        hazards=[a_finding(FIRST, item="C09-12", description="先发现"), a_finding(SECOND, item="C09-03", description="后发现")],
    )  # fmt: skip
    answers = [as_("inspector").put(VISIT, sent, format="json").json(), as_("inspector").get(VISIT).json()]
    for answer in answers:
        assert [each["id"] for each in answer["hazards"]] == [FIRST, SECOND]
        assert [each["item"] for each in answer["answers"]] == items
        assert [each["id"] for each in answer["photos"]] == [photo_id(7), photo_id(2), photo_id(5)]
    receipt = as_("inspector").get(f"{VISIT}/receipt").json()
    assert [each["id"] for each in receipt["photos"]] == [photo_id(7), photo_id(2), photo_id(5)]


def test_findings_of_before_their_order_was_kept_stand_as_they_did(as_):
    hazards = [a_finding(FIRST), a_finding(SECOND)]
    as_("inspector").put(VISIT, a_visit(mine(), hazards=hazards), format="json")
    Hazard.objects.update(position=None)
    assert [each["id"] for each in as_("inspector").get(VISIT).json()["hazards"]] == [SECOND, FIRST]


# --- lists ---------------------------------------------------------------------------------------------------------------
def ids(client, address, **query) -> list[str]:
    return [each["id"] for each in client.get(address, query).json()["results"]]


def test_hazards_and_visits_whose_photos_are_missing_can_be_listed(as_):
    unit, client = mine(), as_("inspector")
    client.put(VISIT, a_visit(unit, hazards=[a_finding(photos=[photo_id(1)])], photos=[a_photo(1)]), format="json")
    other = VISIT[:-1] + "2"
    client.put(other, a_visit(unit, hazards=[a_finding(SECOND)]), format="json")
    keys = [VISIT.rpartition("/")[2], other.rpartition("/")[2]]
    assert (ids(client, "/api/v1/hazards", complete=False), ids(client, "/api/v1/hazards", complete=True)) == (
        [HAZARD],
        [SECOND],
    )
    assert (ids(client, "/api/v1/inspections", complete=False), ids(client, "/api/v1/inspections", complete=True)) == (
        keys[:1],
        keys[1:],
    )
    upload(client, 1)
    assert ids(client, "/api/v1/hazards", complete=False) == ids(client, "/api/v1/inspections", complete=False) == []


def test_a_hazards_own_photos_count_for_the_list_of_the_incomplete(reported, as_):
    assert ids(as_("township"), "/api/v1/hazards", complete=False) == [KEY]
    upload(as_("village"), 9)
    upload(as_("village"), 1)
    assert ids(as_("township"), "/api/v1/hazards", complete=False) == []


def test_accidents_whose_photos_are_missing_can_be_listed(as_):
    mine()
    report_accident(1)
    as_("inspector").put(url(2), body(photos=[a_photo(2)]), format="json")
    assert ids(as_("bureau"), "/api/v1/accidents", complete=False) == [str(key(2))]
    assert ids(as_("bureau"), "/api/v1/accidents", complete=True) == [str(key(1))]


@pytest.mark.parametrize("query, asked", [("?complete=false", True), ("", False)])
def test_the_tag_of_a_list_looks_at_photos_only_when_they_are_asked_for(as_, query, asked):
    with CaptureQueriesContext(connection) as captured:
        as_("township").get(f"/api/v1/hazards{query}")
    tag = next(each["sql"] for each in captured if "safety_tombstone" in each["sql"])
    assert ("evidence_photo" in tag) == asked


def test_the_list_of_the_incomplete_takes_as_many_queries_as_any_list(reported, as_):
    client = as_("township")
    client.get("/api/v1/hazards")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/api/v1/hazards?complete=false&limit=100").status_code == 200
    assert len(asked) <= 4


def test_the_incomplete_are_found_by_the_index_of_missing_photos(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "photo_missing" in completed(Hazard.objects.all(), "hazard", False).explain()
    assert "photo_missing" in completed(Inspection.objects.all(), "inspection", False).explain()
    assert PhotoState.MISSING == "missing"  # the condition of the index
