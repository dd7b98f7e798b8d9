"""GeoJSON by pages: every feature once, whatever arrives meanwhile, at a fixed number of statements, and nothing of another jurisdiction."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point

from tests.cast.hazards import a_hazard_in
from tests.cast.people import OTHER_VILLAGE

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/map/hazards.geojson?bbox=110.3,37.9,111.8,38.9"
HERE = Point(111.13, 38.46, srid=4326)


def put(number: int, **fields) -> UUID:
    return a_hazard_in("ordered", key=UUID(int=number), photo=None, point=HERE, **fields).pk


@pytest.fixture
def five(people):
    return [str(put(number)) for number in (10, 20, 30, 40, 50)]


def pages(client, address: str):
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        yield json.loads(answer.content)
        address = json.loads(answer.content)["next"]


def ids(page: dict) -> list[str]:
    return [each["id"] for each in page["features"]]


def test_without_a_limit_a_collection_is_as_it_was(as_, five):
    whole = json.loads(as_("bureau").get(DOOR).content)
    assert set(whole) == {"type", "truncated", "features"} and sorted(ids(whole)) == five


def test_pages_follow_one_another_by_next_and_hold_what_the_whole_holds(as_, five):
    found = list(pages(as_("bureau"), f"{DOOR}&limit=2"))
    assert [ids(page) for page in found] == [five[:2], five[2:4], five[4:]]
    assert [page["truncated"] for page in found] == [True, True, False]
    whole = {each["id"]: each for each in json.loads(as_("bureau").get(DOOR).content)["features"]}
    assert {each["id"]: each for page in found for each in page["features"]} == whole


def test_what_arrives_or_goes_meanwhile_moves_no_other(as_, five):
    first, *rest = pages(arriving(as_("bureau"), lambda: put(5)), f"{DOOR}&limit=2")
    assert ids(first) + [each for page in rest for each in ids(page)] == five


def arriving(client, happens):
    """Between the first page and the second something happens."""

    class Reader:
        asked = 0

        def get(self, address):
            self.asked += 1
            if self.asked == 2:
                happens()
            return client.get(address)

    return Reader()


def test_filters_box_and_system_hold_on_every_page(as_, five):
    for number in (25, 26, 27):
        put(number, level="major")
    shifted = list(pages(as_("bureau"), f"{DOOR}&limit=2&level=major&crs=gcj02"))
    assert [len(page["features"]) for page in shifted] == [2, 1]
    assert all(each["geometry"]["coordinates"] == pytest.approx((111.1365, 38.4607), abs=1e-3) for page in shifted for each in page["features"])
    assert [ids(page) for page in pages(as_("bureau"), "/api/v1/map/hazards.geojson?bbox=100,30,101,31&limit=2")] == [[]]


def test_each_page_costs_the_same_statements(as_, five, django_assert_num_queries, django_assert_max_num_queries):
    bureau = as_("bureau")
    following = json.loads(bureau.get(f"{DOOR}&limit=1").content)["next"]
    for address in (f"{DOOR}&limit=1", f"{DOOR}&limit=5000", following):
        with django_assert_max_num_queries(4):
            bureau.get(address)


def test_no_page_shows_anothers_and_a_cursor_serves_nobody_else(as_, five):
    elsewhere = str(put(60, region_code=OTHER_VILLAGE))
    assert [each for page in pages(as_("inspector2"), f"{DOOR}&limit=1") for each in ids(page)] == [elsewhere]
    assert elsewhere not in [each for page in pages(as_("inspector"), f"{DOOR}&limit=2") for each in ids(page)]
    following = json.loads(as_("bureau").get(f"{DOOR}&limit=2").content)["next"]
    assert as_("inspector2").get(following).json()["code"] == "bad_cursor"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("&limit=0", "bad_limit"), ("&limit=5001", "bad_limit"), ("&limit=x", "bad_limit"), ("&limit=1&cursor=x", "bad_cursor"),
        ("&cursor=", "invalid"), ("&limit=1&limit=2", "parameter_twice"), ("&count=true", "bad_parameter"),
    ],
)  # fmt: skip
def test_a_page_asked_for_wrongly_is_refused(asked, code, as_, five):
    answer = as_("bureau").get(DOOR + asked)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_pages_have_tags_and_an_unchanged_one_is_a_304(as_, five):
    bureau, address = as_("bureau"), f"{DOOR}&limit=2"
    tag = bureau.get(address)["ETag"]
    assert bureau.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert bureau.get(f"{DOOR}&limit=3", headers={"If-None-Match": tag}).status_code == 200
