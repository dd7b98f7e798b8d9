"""GDAL's own driver reads `/ogc/` with a key as the password: collections, pages by `next`, boxes; its driver of GML reads EPSG:4490 by the
authority's axes; and a foreign township's hazards are read by neither."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from accounts.keys import actions as keys
from accounts.models import ApiKey, User
from geo.ogc.crs import Crs
from hazards.states import State
from ops.home import PROJECT
from tests.cast.hazards import a_hazard_in
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import elsewhere, mine
from tests.ops.front import web

pytestmark = pytest.mark.foreign
MANY, THEIRS = 25, 3  # more than two of the pages of ten; in the other township
BOX = [111.1095, 38.4, 111.2, 38.5]  # without the first ten
READER = """
import json, sys
from ctypes import c_char_p
import django
from django.conf import settings
settings.configure(); django.setup()
from django.contrib.gis.gdal import DataSource, Driver
from django.contrib.gis.gdal.prototypes import ds
address, driver, option, box = sys.argv[1:]
Driver.ensure_registered()
source = DataSource(ds.open_ds(address.encode(), 4, None, (c_char_p * 2)(option.encode(), None), None), Driver(driver).ptr)
layers = {layer.name: layer for layer in source}
hazards = layers["hazards"]
places = [feature.geom.coords for feature in hazards]
hazards.spatial_filter = json.loads(box)
inside = [feature.geom.coords for feature in hazards]
print(json.dumps({"layers": sorted(layers), "fields": hazards.fields, "places": places, "inside": inside, "system": hazards.srs.name}))
"""


@pytest.fixture
def county(committed, settings):
    units = mine(), elsewhere()
    for number in range(MANY + THEIRS):
        ours = number < MANY
        where = {} if ours else {"region_code": OTHER_VILLAGE}
        point = Point(111.1 + number / 1000, 38.45, srid=4326)
        a_hazard_in(State.REPORTED, units[not ours], UUID(int=100 + number), photo=None, point=point, **where)
    with web(STORAGE_DIR=str(settings.STORAGE_DIR)) as house:
        yield f"http://127.0.0.1:{house.port}/ogc"
    ApiKey.objects.all().delete()


def a_key(name: str) -> str:
    user = User.objects.get(username=name)
    return keys.make(user, name="ogr", ends_on=timezone.localdate() + timedelta(days=1), second_factor=False)[1]


def read(address: str, driver: str, *, userpwd: str = "") -> dict:
    env = {**os.environ, "GDAL_HTTP_USERPWD": userpwd, "GDAL_HTTP_AUTH": "BASIC", "DJANGO_SETTINGS_MODULE": ""}
    command = [sys.executable, "-c", READER, address, driver, "PAGE_SIZE=10", json.dumps(BOX)]
    done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_driver_reads_every_page_and_only_the_own_jurisdiction(county):
    found = read(f"OAPIF:{county}", "OAPIF", userpwd=f"bureau:{a_key('bureau')}")
    assert {"hazards", "enterprises", "regions"} <= set(found["layers"])
    assert len(found["places"]) == len({tuple(place) for place in found["places"]}) == MANY + THEIRS
    assert all(110 < lon < 112 and 38 < lat < 39 for lon, lat in found["places"])
    assert len(found["inside"]) == MANY + THEIRS - 10
    assert {"state", "level", "description"} <= set(found["fields"])
    for name, many in (("leader", MANY), ("inspector2", THEIRS)):
        assert len(read(f"OAPIF:{county}", "OAPIF", userpwd=f"{name}:{a_key(name)}")["places"]) == many, name


def test_its_driver_of_gml_finds_latitude_first_in_the_countys_system(county, tmp_path: Path):
    asked = Request(
        f"{county}/collections/hazards/items?limit=5&f=gml&crs={Crs.CGCS2000}",
        headers={"Authorization": f"Key {a_key('leader')}"},
    )
    file = tmp_path / "hazards.gml"
    file.write_bytes(urlopen(asked, timeout=60).read())
    found = read(str(file), "GML")
    assert found["system"] == "China Geodetic Coordinate System 2000"
    assert found["places"] == [[pytest.approx(111.1 + number / 1000), pytest.approx(38.45)] for number in range(5)]
