"""Places under supervision, with a unit or without; and units on the map."""

import pytest
from django.contrib.gis.geos import Point

from enterprises.models import Enterprise, Site
from safety_api.models import TrailLine
from tests.cast.people import MINE, OTHER_VILLAGE, VILLAGE
from tests.cast.units import AWAY, elsewhere, mine

URL = "/api/v1/sites"
POND = {
    "kind": "pond", "name": "后沟尾矿库", "sector": "non_coal_mine", "region": VILLAGE, "owner_name": "李四",
    "owner_phone": "0358-6321234", "location": {"lon": 111.1, "lat": 38.4, "crs": "wgs84"},
}  # fmt: skip
pytestmark = pytest.mark.django_db


def post(client, **sent):
    return client.post(URL, {**POND, **sent}, format="json")


def names(response):
    return [each["name"] for each in response.json()["results"]]


@pytest.mark.parametrize(
    ("who", "status"),
    [("inspector", 201), ("township", 201), ("bureau", 201), ("department", 403), ("village", 403), ("enterprise", 403), ("auditor", 403)],
)
def test_only_field_roles_may_create_a_place(who, status, as_):
    assert post(as_(who)).status_code == status  # the department looks after coal mines only
    assert Site.objects.count() == TrailLine.objects.filter(verb="site.create").count() == (status == 201)


def test_a_place_is_visible_only_in_its_township_and_lists_mask_its_owner(as_):
    key = post(as_("inspector")).json()["id"]
    assert names(as_("township").get(URL)) == ["后沟尾矿库"] and names(as_("inspector2").get(URL)) == []
    assert as_("inspector").get(f"{URL}/{key}").json()["owner_phone"] == "0358-6321234"
    assert as_("inspector").get(URL).json()["results"][0]["owner_phone"] == "****-***1234"
    assert as_("inspector2").get(f"{URL}/{key}").status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"kind": "moon"}, 400, "invalid"), ({"region": "141123100000"}, 400, "not_a_village"), ({"sector": "x"}, 400, "unknown_sector"),
        ({"place_type": "城堡"}, 400, "invalid"), ({"project_type": "城堡"}, 400, "invalid"), ({"owner_phone": "1"}, 400, "invalid"),
        ({"enterprise": str(AWAY)}, 400, "unknown_enterprise"), ({"region": OTHER_VILLAGE}, 403, "outside_jurisdiction"),
        ({"location": {"lon": 111.1, "lat": 38.4}}, 400, "crs_required"), ({"surprise": 1}, 400, "unknown_field"),
        ({"opened_on": "2026-02-01", "closed_on": "2026-01-01"}, 400, "invalid"),
    ],
)  # fmt: skip
def test_an_invalid_place_is_refused(sent, status, code, as_):
    elsewhere()
    response = post(as_("inspector"), **sent)
    assert (response.status_code, response.json()["code"]) == (status, code), response.json()
    assert not Site.objects.exists()


def test_places_are_filtered_by_kind_region_and_unit(as_):
    mine()
    post(as_("bureau"))
    post(as_("bureau"), kind="mine", name="一号井", sector="coal_mine", enterprise=str(MINE))
    phone = as_("bureau")
    assert names(phone.get(URL, {"kind": "mine"})) == names(phone.get(URL, {"enterprise": str(MINE)})) == ["一号井"]
    assert len(names(phone.get(URL, {"region": VILLAGE}))) == 2 and names(phone.get(URL, {"region": "141123101"})) == []
    assert phone.get(URL, {"region": "141199"}).json()["code"] == "unknown_region"
    assert names(as_("enterprise").get(URL)) == ["一号井"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_places_takes_three_queries_at_any_length(rows, as_, django_assert_num_queries):
    for number in range(rows):
        Site.objects.create(kind="shop", name=f"店{number}", sector_id="fire_safety", region_code=VILLAGE)
    phone = as_("bureau")
    with django_assert_num_queries(3):
        assert len(names(phone.get(URL))) == rows


# --- the map -------------------------------------------------------------------------------------------------------------
def test_units_on_the_map_are_limited_to_the_jurisdiction_and_filters(as_):
    mine(point=Point(111.1, 38.4, srid=4326), supervision_class="D")
    elsewhere(point=Point(111.2, 38.5, srid=4326))
    shown = as_("township").get("/api/v1/map/enterprises.geojson", {"bbox": "111,38,112,39"}).json()
    assert [each["id"] for each in shown["features"]] == [str(MINE)]
    assert shown["features"][0]["properties"]["class"] == "D" and "principal" not in str(shown)
    chosen = as_("bureau").get("/api/v1/map/enterprises.geojson", {"bbox": "111,38,112,39", "class": "A"}).json()
    assert chosen["features"] == []
    Enterprise.objects.filter(pk=MINE).update(status="closed")
    assert len(as_("bureau").get("/api/v1/map/enterprises.geojson", {"bbox": "111,38,112,39"}).json()["features"]) == 1


@pytest.mark.parametrize("zoom", ["10/827/392", "14/13248/6288"])
def test_units_are_served_as_map_tiles(zoom, as_):
    mine(point=Point(111.1, 38.4, srid=4326))
    assert as_("bureau").get(f"/api/v1/map/tiles/enterprises/{zoom}.mvt").status_code == 200
