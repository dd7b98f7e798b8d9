"""A point at the door: the system is never guessed, numbers are numbers, and what lies outside is told."""

import json

import pytest
from django.contrib.gis.geos import Point
from rest_framework.exceptions import ValidationError

from geo.serializers import BboxParam, CrsParam, PointIn, point_out

HERE = {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"}


def words_of(field, data):
    with pytest.raises(ValidationError) as refused:
        field.run_validation(data)
    codes = refused.value.get_codes()
    return {name: words[0] for name, words in codes.items()} if isinstance(codes, dict) else codes[0]


@pytest.mark.parametrize(
    "crs, lon, lat",
    [
        ("wgs84", 111.127486, 38.461818),
        ("cgcs2000", 111.127486, 38.461818),
        ("gcj02", 111.133972, 38.462540),
        ("bd09", 111.140384, 38.468788),
    ],
)
def test_the_same_position_is_accepted_in_all_four_systems(crs, lon, lat):
    sent = PointIn().run_validation({"lon": lon, "lat": lat, "crs": crs, "accuracy_m": 8})
    assert (sent.lon, sent.lat, sent.crs, sent.accuracy_m) == (lon, lat, crs, 8.0)
    assert (sent.wgs_lon, sent.wgs_lat) == pytest.approx((111.127486, 38.461818), abs=1e-6)
    assert sent.point.srid == 4326 and sent.warnings == []


@pytest.mark.parametrize(
    "change, words",
    [
        ({"crs": None}, {"crs": "crs_required"}),
        ({"crs": ""}, {"crs": "crs_required"}),
        ({"crs": "wgs"}, {"crs": "unknown_crs"}),
        ({"crs": ["wgs84"]}, {"crs": "unknown_crs"}),
        ({"lon": "111.1"}, {"lon": "not_a_number"}),
        ({"lon": True}, {"lon": "not_a_number"}),
        ({"lon": float("nan")}, {"lon": "not_a_number"}),
        ({"lat": float("inf")}, {"lat": "not_a_number"}),
        ({"lat": 10**400}, {"lat": "not_a_number"}),
        ({"lat": None}, {"lat": "required"}),
        ({"lat": [38.4]}, {"lat": "not_a_number"}),
        ({"lon": 2.35, "lat": 48.85}, "outside_china"),
        ({"lon": 38.461818, "lat": 111.127486}, "outside_china"),  # the wrong way round
        ({"mocked": "yes"}, {"mocked": "not_a_flag"}),
        ({"mocked": 1}, {"mocked": "not_a_flag"}),
        ({"accuracy_m": "8"}, {"accuracy_m": "not_a_number"}),
        ({"altitude": 1}, {"altitude": "unknown_field"}),
    ],
)
def test_an_invalid_position_is_refused_with_a_code_at_its_field(change, words):
    assert words_of(PointIn(), {**HERE, **change}) == words


def test_a_position_without_a_coordinate_system_is_refused():
    assert words_of(PointIn(), {"lon": 111.1, "lat": 38.4}) == {"crs": "crs_required"}


@pytest.mark.parametrize("data", ["111,38", [111.1, 38.4], 7, True])
def test_a_position_that_is_no_object_is_refused(data):
    assert words_of(PointIn(), data) == "not_an_object"


def test_a_position_outside_the_county_is_accepted_with_a_warning():
    assert PointIn().run_validation({"lon": 112.55, "lat": 37.87, "crs": "wgs84"}).warnings == ["outside_county"]


@pytest.mark.parametrize("crs, lon, lat", [("wgs84", 111.127486, 38.461818), ("gcj02", 111.133972, 38.46254), ("bd09", 111.140384, 38.468788)])
def test_a_stored_position_is_answered_in_the_requested_system(crs, lon, lat):
    shown = point_out(Point(111.127486, 38.461818, srid=4326), crs)
    assert shown["crs"] == crs and (shown["lon"], shown["lat"]) == pytest.approx((lon, lat), abs=1e-6)
    assert len(json.dumps(shown["lon"])) <= len("111.1234567")


def test_a_missing_position_is_answered_as_null():
    assert point_out(None) is None


def test_a_bbox_is_west_south_east_north():
    box = BboxParam().run_validation("110.5,38.0,111.5,38.8")
    assert box == (110.5, 38.0, 111.5, 38.8) and box.polygon.srid == 4326


@pytest.mark.parametrize(
    "text",
    ["x", "1,2,3", "1,2,3,4,5", "111,38,110,39", "110,39,111,38", "nan,38,111,39", "110,38,inf,39", "110,38,111,95", ",,,", "1" * 190 + ",2,3,4"],
)
def test_an_invalid_bbox_is_refused(text):
    assert words_of(BboxParam(), text) in ("bad_bbox", "max_length")


def test_an_unknown_requested_coordinate_system_is_refused():
    assert words_of(CrsParam(), "mars") == "unknown_crs"
