"""Clusters of a tile: what lies close together is one, at every zoom, and nothing is lost or told twice."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.db import connection

from geo import tiles
from geo.layers import REGISTRY
from geo.tiles import Tile
from hazards.models import Hazard
from tests.cast.hazards import KEY, a_hazard_in, in_days
from tests.cast.people import OTHER_VILLAGE

pytestmark = pytest.mark.django_db
HERE, NEAR, FAR = (Point(lon, 38.46, srid=4326) for lon in (111.13, 111.131, 111.30))
FROM_AFAR = (8, 207, 98)
DOOR = "/api/v1/map/tiles/hazards/{}/{}/{}.mvt?clusters=true"


@pytest.fixture
def rows(monkeypatch):
    """What a tile is made of, before it is packed."""

    def read(user, tile: tuple[int, int, int], **params) -> list[dict]:
        monkeypatch.setattr(tiles, "_as_mvt", lambda layer, shown: shown)
        sql, values = tiles._clusters(REGISTRY["hazards"], user, Tile(*tile), params)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(shown) - 'g' FROM ({sql}) AS shown WHERE g IS NOT NULL", values)
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
