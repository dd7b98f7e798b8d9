"""Kept cells: what a reader sees far out is what counting the hazards themselves gives, whatever has happened in between."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from math import asinh, floor, pi, radians, tan
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point

from geo import grid, packing, tiles
from geo.layers import REGISTRY
from geo.models import GridCell, GridChange, GridRun
from hazards.models import Hazard

pytestmark = pytest.mark.django_db
SEAT, OTHER, FAR = (111.127486, 38.461818), (111.127487, 38.461819), (111.4, 38.2)
TOWN, NEXT = "141123100200", "141123101200"


def put(number: int, at=SEAT, region=TOWN, **fields) -> Hazard:
    return Hazard.objects.create(
        id=UUID(int=number), state="reported", level="general", origin="patrol", sector_id="fire_safety", region_code=region,
        place="演示", description="疏散通道堆放杂物", point=Point(*at, srid=4326), reported_by=UUID(int=1), reporter_name="张巡",
        found_at=datetime(2026, 11, 20, 1, tzinfo=UTC), due_on=date(2099, 1, 1), **fields,
    )  # fmt: skip


def cell(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    side = 1 << (zoom + grid.SPLIT)
    return floor((lon + 180) / 360 * side), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * side)


def kept(zoom: int) -> Counter:
    found: Counter = Counter()
    for each in GridCell.objects.filter(layer="hazards", zoom=zoom):
        found[each.x * 64 + each.cell % 64, each.y * 64 + each.cell // 64, each.township] += each.count
    return found


def counted(zoom: int) -> Counter:
    points = Hazard.objects.exclude(point=None)
    return Counter((*cell(each.point.x, each.point.y, zoom), each.region_code[:9]) for each in points)


def holds() -> bool:
    return all(kept(zoom) == counted(zoom) for zoom in range(grid.FINEST + 1))


@pytest.fixture
def three(db):
    found = [put(1), put(2, OTHER), put(3, FAR, NEXT)]
    grid.refresh_all()
    return found


def test_grid_cells_at_every_zoom_equal_a_direct_count(three):
    assert holds()
    assert kept(0).total() == 3


def move(three):
    three[0].point = Point(*FAR, srid=4326)
    three[0].save()


def into_another_township(three):
    Hazard.objects.filter(pk=three[0].pk).update(region_code=NEXT)


def lose_its_place(three):
    Hazard.objects.filter(pk=three[2].pk).update(point=None)


def go(three):
    three[1].delete()


def come(three):
    put(4, (111.05, 38.5))


@pytest.mark.parametrize("happens", [move, into_another_township, lose_its_place, go, come])
def test_after_any_change_and_a_refresh_the_grid_cells_are_correct(three, happens):
    happens(three)
    assert not holds()
    assert grid.refresh_all() > 0
    assert holds()
    assert not GridChange.objects.exists()


def test_refreshing_and_rebuilding_the_grid_give_the_same_cells(three):
    move(three)
    grid.refresh_all()
    names = ("zoom", "x", "y", "cell", "township", "count", "worst")
    once = set(GridCell.objects.values_list(*names))
    grid.rebuild(REGISTRY["hazards"])
    assert set(GridCell.objects.values_list(*names)) == once


def test_a_grid_cell_shows_its_worst_hazard_and_improves_again(three):
    Hazard.objects.filter(pk=three[1].pk).update(level="major", state="ordered", due_on=date(2020, 1, 1))
    grid.refresh_all()
    assert max(GridCell.objects.filter(zoom=8).values_list("worst", flat=True)) == 3
    Hazard.objects.filter(pk=three[1].pk).update(level="general", due_on=date(2099, 1, 1))
    grid.refresh_all()
    assert max(GridCell.objects.filter(zoom=8).values_list("worst", flat=True)) == 1


def test_a_refresh_without_changes_does_nothing_and_keeps_the_etag(three):
    before = GridRun.objects.get()
    assert grid.refresh_all() == 0
    assert GridRun.objects.get().xid == before.xid


def test_a_new_day_recounts_all_grid_cells(three):
    GridRun.objects.update(day=date(2020, 1, 1))
    GridCell.objects.update(worst=9)
    grid.refresh_all()
    assert not GridCell.objects.filter(worst=9).exists()


# --- who is served by them ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "params", "zoom", "served"),
    [
        ("bureau", {}, 8, True), ("bureau", {"overdue": None, "listed": None}, 8, True), ("township", {}, 8, True),
        ("bureau", {"state": "closed"}, 8, False), ("bureau", {"overdue": False}, 8, False), ("bureau", {}, 15, False),
        ("department", {}, 8, False), ("village", {}, 8, False), ("enterprise", {}, 8, False), ("sysadmin", {}, 8, False),
    ],
)  # fmt: skip
def test_kept_grid_cells_serve_unfiltered_low_zooms_for_readers_of_whole_townships(people, who, params, zoom, served):
    assert grid.serves(REGISTRY["hazards"], people[who], zoom, params) is served


def test_a_layer_without_kept_cells_is_counted_live(people):
    assert not grid.serves(REGISTRY["enterprises"], people["bureau"], 8, {})


def tile(client, zoom, at=SEAT, **headers):
    x, y = (side >> grid.SPLIT for side in cell(*at, zoom))
    return client.get(f"/api/v1/map/tiles/hazards/{zoom}/{x}/{y}.mvt", headers=headers)


def test_a_township_sees_only_its_own_hazards_in_a_shared_cell(as_, three):
    put(5, SEAT, NEXT)
    grid.refresh_all()
    county, town = tile(as_("bureau"), 8), tile(as_("township"), 8)
    assert county.status_code == town.status_code == 200
    assert b"count" in county.content
    assert county.content != town.content


def test_the_etag_of_a_tile_follows_the_cells_not_the_hazards(as_, three):
    bureau, before = as_("bureau"), GridRun.objects.get().made_at
    tag = tile(bureau, 8)["ETag"]
    put(6)
    assert tile(bureau, 8, **{"If-None-Match": tag}).status_code == 304
    grid.refresh_all()
    assert GridRun.objects.get().made_at > before  # written anew: its stamp is that of another transaction


def test_at_high_zoom_features_are_drawn_unless_there_are_too_many(as_, three, monkeypatch):
    assert "疏散通道".encode() in tile(as_("bureau"), 13).content
    monkeypatch.setattr(tiles, "CROWDED", 1)
    monkeypatch.setattr(packing, "TILES", packing.KeptAnswers())
    crowd = tile(as_("bureau"), 13).content
    assert "疏散通道".encode() not in crowd
    assert b"count" in crowd


def test_a_kept_tile_is_made_once_for_all_who_see_the_same(as_, three, monkeypatch):
    monkeypatch.setattr(packing, "TILES", packing.KeptAnswers())
    first, other, town = (tile(as_(name), 8) for name in ("bureau", "committee", "township"))
    assert first.content == other.content != town.content
    assert first["ETag"] == other["ETag"] != town["ETag"] and len(packing.TILES.found) == 2


def test_what_is_kept_of_tiles_is_bounded_and_the_longest_unasked_goes_first():
    kept = packing.KeptAnswers(most=2 * packing.EACH + 10)
    made = [kept.get(key, lambda key=key: key.encode()) for key in ("a", "b", "a", "c", "a")]
    assert made == [b"a", b"b", b"a", b"c", b"a"] and list(kept.found) == ["c", "a"]
    kept.get("d", lambda: bytes(3 * packing.EACH))
    assert (list(kept.found), kept.bytes) == ([], 0)
