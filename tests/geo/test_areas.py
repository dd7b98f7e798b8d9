"""Areas: approximate cells where nothing better is known, real boundaries over them."""

import json

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command

from geo.areas import draw_approximate_areas
from geo.boundaries import FileRefused, load_areas
from geo.coordinates import Crs
from geo.models import Region

pytestmark = pytest.mark.django_db
TOWN = "141123100000"
SQUARE = [[[111.0, 38.4], [111.2, 38.4], [111.2, 38.5], [111.0, 38.5], [111.0, 38.4]]]


@pytest.fixture
def drawn(db):
    call_command("draw_approximate_areas", verbosity=0)


def collection(code=TOWN, coordinates=SQUARE, kind="Polygon", **more):
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **more})


def test_every_township_with_a_seat_gets_a_cell_around_its_seat(drawn):
    towns = Region.objects.today().townships().exclude(area=None)
    assert towns.count() == 15 and all(town.area_approximate and town.area.covers(town.point) for town in towns)


def test_the_development_zone_has_neither_seat_nor_area(drawn):
    zone = Region.objects.get(code="141123400000")
    assert (zone.point, zone.area) == (None, None)


def test_cells_do_not_overlap_and_make_up_the_county(drawn):
    county = Region.objects.get(code="141123000000").area
    cells = [town.area for town in Region.objects.today().townships().exclude(area=None)]
    assert sum(cell.area for cell in cells) == pytest.approx(county.area, rel=1e-6)
    assert county.covers(Point(111.127486, 38.461818, srid=4326))


def test_drawing_approximate_areas_twice_changes_nothing(drawn):
    assert draw_approximate_areas("141123") == 0


def test_a_real_boundary_is_never_replaced_by_an_approximate_one(drawn):
    assert load_areas(collection(), Crs.WGS84) == 1
    draw_approximate_areas("141123")
    town = Region.objects.get(code=TOWN)
    assert not town.area_approximate and town.area.extent == pytest.approx((111.0, 38.4, 111.2, 38.5))


def test_a_boundary_in_gcj02_is_converted_to_wgs84():
    load_areas(collection(), Crs.GCJ02)
    west = Region.objects.get(code=TOWN).area.extent[0]
    assert 110.99 < west < 111.0 - 0.004


def test_loading_the_same_boundary_twice_changes_nothing():
    assert (load_areas(collection(), Crs.WGS84), load_areas(collection(), Crs.WGS84)) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        '{"features": []}',
        collection(code="141199"),
        collection(code="x"),
        collection(kind="Point", coordinates=[111.0, 38.4]),
        collection(coordinates=[[["a", "b"]]]),
        collection(coordinates=[[[1e999, 38.4]]]),
        collection(coordinates=[[[10.0, 38.4]]]),
        collection(coordinates=7),
        collection(crs={"type": "link", "properties": {"href": "http://example.test/crs"}}),
        collection(crs={"type": "name", "properties": {"name": "EPSG:2414"}}),
        collection(crs="EPSG:4326"),
    ],
)
def test_an_invalid_boundary_file_is_refused_and_nothing_is_stored(text):
    with pytest.raises(FileRefused):
        load_areas(text, Crs.WGS84)
    assert Region.objects.filter(area__isnull=False).count() == 0


def test_the_boundary_command_names_the_fault(tmp_path):
    file = tmp_path / "areas.geojson"
    file.write_text(collection(code="141199"), encoding="utf-8")
    with pytest.raises(CommandError, match="没有这个行政区划"):
        call_command("load_areas", file, crs="wgs84")
