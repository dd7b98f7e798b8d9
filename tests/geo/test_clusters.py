"""Clusters of a tile: what lies close together is one, at every zoom, and nothing is lost or told twice."""

from __future__ import annotations

import gzip
import json
from datetime import date
from random import Random
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from geo import tiles
from geo.layers import REGISTRY
from geo.tiles import Tile
from hazards.figures import counting as figures
from hazards.models import Hazard
from tests.cast.hazards import KEY, a_hazard_in, ago, in_days
from tests.cast.people import OTHER_VILLAGE

pytestmark = pytest.mark.django_db
HERE, NEAR, FAR = (Point(lon, 38.46, srid=4326) for lon in (111.13, 111.131, 111.30))
FROM_AFAR = (8, 207, 98)
DOOR = "/api/v1/map/tiles/hazards/{}/{}/{}.mvt?clusters=true"


@pytest.fixture
def rows(monkeypatch):
    """What a tile is made of, before it is packed."""

    def read(user, tile: tuple[int, int, int], made=tiles._clusters, **params) -> list[dict]:
        with monkeypatch.context() as patched:
            patched.setattr(tiles, "_as_mvt", lambda layer, shown: shown)
            sql, values = made(REGISTRY["hazards"], user, Tile(*tile), params)
        with connection.cursor() as cursor:
            at = "jsonb_build_object('at', jsonb_build_array(ST_X(g), ST_Y(g)))"
            cursor.execute(f"SELECT to_jsonb(shown) - 'g' || {at} FROM ({sql}) AS shown WHERE g IS NOT NULL", values)
            return [json.loads(row) for (row,) in cursor.fetchall()]

    return read


def test_several_are_counted_by_level_and_overdue_and_one_alone_is_itself(people, rows):
    a_hazard_in("ordered", photo=None, level="major", due_on=in_days(-3), point=HERE)
    a_hazard_in("ordered", key=UUID(int=8), photo=None, due_on=in_days(-3), point=NEAR)
    a_hazard_in("reported", key=UUID(int=9), photo=None, point=FAR)
    alone, several = sorted(rows(people["bureau"], FROM_AFAR), key=lambda row: row["count"])
    assert {name: several[name] for name in ("count", "majors", "overdues", "late_majors", "id", "level")} == {
        "count": 2, "majors": 1, "overdues": 2, "late_majors": 1, "id": None, "level": None,
    }  # fmt: skip
    assert (alone["count"], alone["id"], alone["level"], alone["state"], alone["overdue"]) == (1, str(UUID(int=9)), "general", "reported", False)


def test_they_part_closer_in_and_what_is_on_one_spot_stays_one(people, rows):
    for key, point in ((KEY, HERE), (UUID(int=8), HERE), (UUID(int=9), NEAR)):
        a_hazard_in("ordered", key=key, photo=None, point=point)
    x, y = 105997, 50345
    found = [row for dx in range(-2, 3) for dy in range(-2, 3) for row in rows(people["bureau"], (17, x + dx, y + dy))]
    assert sorted((row["count"], row["spot"]) for row in found) == [(1, False), (2, True)]
    assert [(row["count"], row["spot"]) for row in rows(people["bureau"], FROM_AFAR)] == [(3, False)]


def test_filters_and_jurisdiction_hold_at_every_zoom(people, rows):
    a_hazard_in("ordered", photo=None, level="major", point=HERE)
    a_hazard_in("ordered", key=UUID(int=8), photo=None, point=HERE, region_code=OTHER_VILLAGE)
    for z, x, y in (FROM_AFAR, (12, 3312, 1573)):
        assert [row["count"] for row in rows(people["bureau"], (z, x, y), level="major")] == [1]
        assert [row["count"] for row in rows(people["inspector2"], (z, x, y))] == [1]
    assert Hazard.objects.count() == 2


def test_a_tile_is_kept_for_seconds_by_the_browser_of_one_person(as_):
    a_hazard_in("ordered", photo=None, point=HERE)
    answer = as_("bureau").get(DOOR.format(*FROM_AFAR))
    assert answer.status_code == 200 and len(answer.content) > 0
    assert answer["Cache-Control"] == "private, max-age=20" and {"Cookie", "Authorization"} <= set(answer["Vary"].replace(" ", "").split(","))
    assert as_("bureau").get(DOOR.format(*FROM_AFAR), HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


# --- edges ------------------------------------------------------------------------------------------------------------------
Z, X, Y = 8, 207, 98
WEST, NORTH = (side for side in (Tile(Z, X, Y).bbox(0).west, Tile(Z, X, Y).bbox(0).north))
HAIR = 1e-9  # degrees


@pytest.mark.parametrize("made", [tiles._clusters, tiles._cells, tiles._things])
@pytest.mark.parametrize("lon", [WEST, WEST - HAIR, WEST + HAIR])
@pytest.mark.parametrize("lat", [NORTH, NORTH - HAIR, NORTH + HAIR])
def test_a_hazard_on_an_edge_is_at_rest_in_exactly_one_tile(lon, lat, made, people, rows):
    """At rest: where a map draws it, from the west and north edge up to the others; what lies beyond is the margin's."""
    a_hazard_in("ordered", photo=None, point=Point(lon, lat, srid=4326))
    found = [row for x in (X - 1, X) for y in (Y - 1, Y) for row in rows(people["bureau"], (Z, x, y), made)]
    assert len([row for row in found if all(0 <= side < tiles.EXTENT for side in row["at"])]) == 1


def test_a_hazard_on_an_edge_is_in_the_tile_that_the_edge_begins(people, rows):
    a_hazard_in("ordered", photo=None, point=Point(WEST, 38.46, srid=4326))
    assert [len(rows(people["bureau"], (Z, x, Y))) for x in (X - 1, X)] == [0, 1]


# --- weight -----------------------------------------------------------------------------------------------------------------
MOST_OF_A_TILE = 15_000  # bytes, compressed


def test_the_densest_tile_keeps_to_its_weight_with_words_shortened(as_, people, rows):
    """Nothing weighs more than a tile each of whose cells holds one hazard with a long text of its own."""
    box, chance = Tile(14, 13248, 6293).bbox(0), Random(1)
    side = range(tiles.CLUSTERS)
    for number, (column, row) in enumerate((column, row) for column in side for row in side):
        lon, lat = (low + (high - low) * (at + 0.5) / tiles.CLUSTERS for low, high, at in ((box.west, box.east, column), (box.south, box.north, row)))
        words = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(300))
        a_hazard_in("ordered", key=UUID(int=chance.getrandbits(128)), photo=None, point=Point(lon, lat, srid=4326), description=words + str(number))
    shown = rows(people["bureau"], (14, 13248, 6293))
    assert len(shown) == 64 and {len(each["description"]) for each in shown} == {40} and all(each["description"].endswith("…") for each in shown)
    answer = as_("bureau").get("/api/v1/map/tiles/hazards/14/13248/6293.mvt?clusters=true", headers={"Accept-Encoding": "gzip"})
    assert 5_000 < len(answer.content) < MOST_OF_A_TILE


def test_a_tile_comes_compressed_to_whoever_takes_it_so_under_one_tag(as_):
    a_hazard_in("ordered", photo=None, point=HERE, description="皮带机尾无防护罩，" * 9)
    bureau, door = as_("bureau"), DOOR.format(*FROM_AFAR)
    plain, packed = bureau.get(door), bureau.get(door, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content and packed["ETag"] == plain["ETag"]
    assert all("Accept-Encoding" in each["Vary"] for each in (plain, packed))
    assert not any(bureau.get(door, headers={"Accept-Encoding": said}).headers.get("Content-Encoding") for said in ("gzip;q=0", "br", "gzip ; q=0.0, *"))
    again = bureau.get(door, headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert (again.status_code, again.content) == (304, b"") and "Content-Encoding" not in again


# --- a day of the past ------------------------------------------------------------------------------------------------------
def test_a_day_of_the_past_counts_as_overdue_what_was_so_then(people, rows):
    a_hazard_in("ordered", photo=None, point=HERE, found_at=ago(30), due_on=in_days(-3))
    figures.rebuild()
    told = {days: rows(people["bureau"], FROM_AFAR, open_on=date.fromisoformat(in_days(days)))[0]["overdue"] for days in (-10, -3, -2, 0)}
    assert told == {-10: False, -3: False, -2: True, 0: True}
    late = {days: len(rows(people["bureau"], FROM_AFAR, open_on=date.fromisoformat(in_days(days)), overdue=True)) for days in (-10, -2)}
    assert late == {-10: 0, -2: 1}


def test_what_was_overdue_then_is_so_in_the_past_though_closed_since(people, rows):
    a_hazard_in("closed", photo=None, point=HERE, found_at=ago(40), due_on=in_days(-20), review_requested_on=in_days(-9), closed_on=in_days(-8))
    a_hazard_in("closed", key=UUID(int=8), photo=None, point=HERE, found_at=ago(40), due_on=in_days(-20), review_requested_on=in_days(-9),
                closed_on=in_days(-8))  # fmt: skip
    figures.rebuild()
    told = {days: rows(people["bureau"], FROM_AFAR, open_on=date.fromisoformat(in_days(days)))[0]["overdues"] for days in (-30, -10)}
    assert told == {-30: 0, -10: 2}
