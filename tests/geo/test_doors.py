"""The list of regions and the maps, over the API."""

import json

import pytest
from django.core.management import call_command
from django.db.models import IntegerField, Value

from geo import features, layers
from geo.actions import load_edition
from geo.layers import Layer
from geo.models import Region
from geo.tiles import Tile
from safety_api.roles import COUNTY

pytestmark = pytest.mark.django_db
REGIONS = "/api/v1/regions"
BBOX = "110.3,37.9,111.8,38.9"


@pytest.fixture
def drawn(db):
    call_command("draw_approximate_areas", verbosity=0)


@pytest.fixture
def seats(drawn, monkeypatch):
    """A layer of points, as upper floors declare theirs."""
    layer = Layer(
        "seats",
        model="geo.Region",
        query=lambda user, params: Region.objects.today().townships().order_by("code"),
        properties={"name": "name"},
        worst=Value(3, output_field=IntegerField()),
    )
    monkeypatch.setitem(layers.REGISTRY, "seats", layer)
    return layer


# --- regions


@pytest.mark.parametrize("who", ["inspector", "village", "enterprise", "bureau", "sysadmin", "auditor"])
def test_every_signed_in_role_may_read_the_regions(as_, who):
    assert len(as_(who).get(REGIONS).json()["results"]) == 271


def test_regions_cannot_be_read_without_signing_in(as_):
    assert as_(None).get(REGIONS).status_code == 401


def test_a_region_is_answered_with_all_fields_a_phone_needs(as_, drawn):
    [town] = as_("inspector").get(REGIONS + "?region=141123100&level=township").json()["results"]
    assert town == {
        "code": "141123100000",
        "name": "蔚汾镇",
        "level": "township",
        "parent": "141123000000",
        "urban_rural_code": "",
        "virtual": False,
        "valid_from": None,
        "valid_to": None,
        "point": {"lon": 111.12, "lat": 38.46, "crs": "wgs84"},
    }


@pytest.mark.parametrize(
    "query, found",
    [
        ("level=township", 16),
        ("level=village", 254),
        ("parent=141123000000", 16),
        ("parent=141123400000", 1),
        ("region=141123", 271),
        ("region=141123400", 2),
        ("region=141123400498", 1),
        ("on=2021-04-01&level=village", 254),
    ],
)
def test_regions_are_filtered_by_level_parent_region_and_day(as_, query, found):
    assert len(as_("bureau").get(f"{REGIONS}?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    "query, word",
    [
        ("region=1411", "unknown_region"),
        ("region=141123999", "unknown_region"),
        ("region=14112%00", "unknown_region"),
        ("region=abcdef", "unknown_region"),
        ("level=planet", "invalid"),
        ("on=yesterday", "invalid"),
        ("crs=mars", "unknown_crs"),
        ("colour=red", "bad_parameter"),
        ("limit=-5", "bad_limit"),
        ("cursor=broken", "bad_cursor"),
    ],
)
def test_an_invalid_region_parameter_is_refused_with_a_code(as_, query, word):
    answer = as_("bureau").get(f"{REGIONS}?{query}")
    body = answer.json()
    assert answer.status_code == 400
    assert word in {body["code"], *(error["code"] for error in body["errors"])}


def test_areas_are_answered_on_request_and_marked_as_approximate(as_, drawn):
    towns = as_("bureau").get(REGIONS + "?level=township&geometry=true").json()["results"]
    by_name = {town["name"]: town for town in towns}
    assert by_name["蔚汾镇"]["geometry"]["type"] == "MultiPolygon" and by_name["蔚汾镇"]["approximate"] is True
    assert (by_name["兴县经济技术开发区"]["geometry"], by_name["兴县经济技术开发区"]["approximate"]) == (None, None)


def test_region_coordinates_are_converted_for_a_gcj02_map(as_, drawn):
    [plain] = as_("bureau").get(REGIONS + "?region=141123100&level=township&geometry=true").json()["results"]
    [moved] = as_("bureau").get(REGIONS + "?region=141123100&level=township&geometry=true&crs=gcj02").json()["results"]
    assert 0.005 < moved["point"]["lon"] - plain["point"]["lon"] < 0.008
    west = [each["geometry"]["coordinates"][0][0][0][0] for each in (plain, moved)]
    assert 0.005 < west[1] - west[0] < 0.008


def test_with_a_limit_the_region_list_is_paged(as_):
    inspector = as_("inspector")
    page = inspector.get(REGIONS + "?limit=200&count=true").json()
    rest = inspector.get(page["next"]).json()
    assert (page["total"], len(page["results"]), len(rest["results"]), rest["next"]) == (271, 200, 71, None)


def test_an_unchanged_region_list_is_a_304_and_a_changed_one_is_not(as_):
    inspector = as_("inspector")
    tag = inspector.get(REGIONS)["ETag"]
    assert inspector.get(REGIONS, headers={"If-None-Match": tag}).status_code == 304
    Region.objects.filter(code="141123100000").update(name="新镇")
    assert inspector.get(REGIONS, headers={"If-None-Match": tag}).status_code == 200


def test_an_earlier_name_loaded_later_changes_the_list_of_a_past_day(as_):
    inspector, past = as_("inspector"), REGIONS + "?on=2017-01-01&region=141123104208"
    tag = inspector.get(past)["ETag"]
    old = [("141123000000", "兴县"), ("141123104000", "高家村镇"), ("141123104208", "碧村委会")]
    load_edition([{"code": code, "name": name} for code, name in old], label="2016", cut_off="2016-07-31")
    answer = inspector.get(past, headers={"If-None-Match": tag})
    assert answer.json()["results"][0]["name"] == "碧村委会"


@pytest.mark.parametrize("query, rows", [("?region=141123400498", 1), ("", 271)])
def test_the_region_list_takes_as_many_queries_at_any_length(as_, query, rows, django_assert_num_queries):
    inspector = as_("inspector")
    inspector.get(REGIONS)  # the token is remembered from here on
    spent = 3 if query else 2  # etag · regions (and the region named in the query)
    with django_assert_num_queries(spent + KEEPS_TOKEN):
        assert len(inspector.get(REGIONS + query).json()["results"]) == rows


KEEPS_TOKEN = 1  # the token; without Redis it is asked of the database each time


# --- GeoJSON


def test_the_regions_layer_is_a_feature_collection(as_, drawn):
    answer = as_("village").get("/api/v1/map/regions.geojson?level=township")
    found = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json"
    assert (found["type"], found["truncated"], len(found["features"])) == ("FeatureCollection", False, 15)
    first = found["features"][0]
    assert first["id"] == "141123100000" and first["geometry"]["type"] == "MultiPolygon"
    assert first["properties"] == {"code": "141123100000", "name": "蔚汾镇", "level": "township", "approximate": True}


def test_a_bbox_leaves_out_features_outside_it(as_, seats):
    found = json.loads(as_("bureau").get("/api/v1/map/seats.geojson?bbox=111.1,38.4,111.15,38.5").content)
    assert [feature["properties"]["name"] for feature in found["features"]] == ["蔚汾镇"]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [111.12, 38.46]}


def test_a_bbox_without_features_gives_an_empty_collection(as_, seats):
    found = json.loads(as_("bureau").get("/api/v1/map/seats.geojson?bbox=100,30,101,31").content)
    assert found == {"type": "FeatureCollection", "truncated": False, "features": []}


def test_a_collection_with_too_many_features_is_truncated_and_marked(people, seats):
    found = json.loads(features.collection(seats, people["bureau"], None, {}, most=4))
    assert found["truncated"] is True and [f["id"][-6:] for f in found["features"]] == ["100000", "101000", "102000", "103000"]


def test_feature_coordinates_are_converted_for_a_gcj02_map(as_, seats):
    answer = as_("bureau").get(f"/api/v1/map/seats.geojson?bbox={BBOX}&crs=gcj02")
    lon, lat = json.loads(answer.content)["features"][0]["geometry"]["coordinates"]
    assert (lon, lat) == pytest.approx((111.1265, 38.4607), abs=1e-3)


@pytest.mark.parametrize(
    "address, status, word",
    [
        ("map/seats.geojson", 400, "bad_bbox"),
        ("map/seats.geojson?bbox=1,2,3", 400, "bad_bbox"),
        ("map/seats.geojson?bbox=nan,2,3,4", 400, "bad_bbox"),
        ("map/nothing.geojson", 404, "unknown_layer"),
        ("map/regions.geojson?colour=red", 400, "bad_parameter"),
        ("map/tiles/nothing/8/206/98.mvt", 404, "unknown_layer"),
        ("map/tiles/regions/8/256/98.mvt", 400, "bad_tile"),
        ("map/tiles/regions/23/1/1.mvt", 400, "bad_tile"),
        ("map/tiles/regions/99999999999999999999/1/1.mvt", 400, "bad_tile"),
    ],
)
def test_an_invalid_map_request_is_refused_with_a_code(as_, seats, address, status, word):
    answer = as_("bureau").get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json()["code"]) == (status, word)


def test_a_map_layer_is_forbidden_to_roles_it_is_not_for(as_, seats, monkeypatch):
    closed = Layer("closed", model="geo.Region", query=seats.query, roles=COUNTY)
    monkeypatch.setitem(layers.REGISTRY, "closed", closed)
    address = f"/api/v1/map/closed.geojson?bbox={BBOX}"
    assert as_("bureau").get(address).status_code == 200
    assert as_("enterprise").get(address).status_code == 403


# --- tiles


def tile(client, z, x, y, layer="seats"):
    return client.get(f"/api/v1/map/tiles/{layer}/{z}/{x}/{y}.mvt")


def test_a_tile_has_the_bounding_box_of_its_number():
    assert Tile(0, 0, 0).bbox(0) == pytest.approx((-180, -85.0511288, 180, 85.0511288))
    west, south, east, north = Tile(12, 3312, 1573).bbox(0)
    assert west < 111.12 < east and south < 38.46 < north


def test_a_tile_at_high_zoom_contains_the_features_themselves(as_, seats):
    answer = tile(as_("bureau"), 12, 3312, 1573)
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert b"seats" in answer.content and "蔚汾镇".encode() in answer.content and b"count" not in answer.content


def test_a_tile_at_low_zoom_contains_counted_cells(as_, seats):
    drawn = tile(as_("bureau"), 8, 206, 98).content + tile(as_("bureau"), 8, 207, 98).content
    assert b"count" in drawn and b"worst" in drawn and "蔚汾镇".encode() not in drawn


def test_areas_are_drawn_as_features_at_every_zoom(as_, drawn):
    assert "蔚汾镇".encode() in tile(as_("village"), 8, 207, 98, layer="regions").content


def test_a_tile_without_features_is_empty(as_, seats):
    answer = tile(as_("bureau"), 12, 0, 0)
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_unchanged_tile_is_a_304(as_, seats):
    bureau = as_("bureau")
    tag = tile(bureau, 12, 3312, 1573)["ETag"]
    again = bureau.get("/api/v1/map/tiles/seats/12/3312/1573.mvt", headers={"If-None-Match": tag})
    assert again.status_code == 304


# --- layers


@pytest.mark.parametrize("names", [{"name": "Bad Name"}, {"properties": {"x'; DROP": "name"}}, {"properties": {"id": "code"}}])
def test_a_layer_with_an_invalid_name_is_refused(names):
    with pytest.raises(ValueError, match="cannot be a name"):
        Layer(**{"name": "fine", "model": "geo.Region", "query": None, **names})


def test_a_layer_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="twice"):
        layers.register(Layer("regions", model="geo.Region", query=lambda user, params: None))
