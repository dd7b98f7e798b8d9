"""A layer as Mapbox vector tiles, built in PostGIS: the things themselves close in, counted cells far out.

Cells are read from those kept by grid.py where they say what the reader may see; else (a filter, a sector, a village) they are
counted live, which costs a scan of what the tile covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan, degrees, pi, sinh
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BinaryField, F, Func

from geo.features import inside, selected
from geo.layers import Layer
from geo.serializers import Bbox
from safety_api.permissions import significant

DEEPEST = 22
RAW_FROM = 12  # zoom at which points are drawn one by one
CELLS = 64  # a side of a tile
CLUSTERS = 8  # a side of a tile: 64 pixels each, so that what is drawn of them does not overlap
ONE_SPOT = 1e-4  # degrees, some ten metres: however close one looks, it is one
DRAWN_IN = 0.5  # of the way from where its things lie on average a cluster stands to the middle of its cell
EXTENT, MARGIN = 4096, 64  # tile units
MOST = 20_000  # features in a tile
CROWDED = 2000  # things in a tile above which kept cells are drawn instead, as deep as there are any


class Tile(NamedTuple):
    z: int
    x: int
    y: int

    def exists(self) -> bool:
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    def bbox(self, margin: float = MARGIN / EXTENT) -> Bbox:
        """What it covers in WGS-84 degrees, with a margin given in tiles."""
        west, east = (_lon(self.x + side, self.z) for side in (-margin, 1 + margin))
        north, south = (_lat(self.y + side, self.z) for side in (-margin, 1 + margin))
        return Bbox(max(west, -180.0), south, min(east, 180.0), north)


def _lon(x: float, z: int) -> float:
    return x / (1 << z) * 360 - 180


def _lat(y: float, z: int) -> float:
    return degrees(atan(sinh(pi * (1 - 2 * y / (1 << z)))))


def tile_of(layer: Layer, user, tile: Tile, params: Mapping[str, Any], *, kept: bool = False, clusters: bool = False) -> bytes:
    """`kept`: from the cells of grid.py (ask `grid.serves` before). `clusters`: what lies close together as one, at every zoom."""
    if clusters and layer.point:
        return _drawn(*_clusters(layer, user, tile, params))
    far = layer.point and tile.z < RAW_FROM
    live = _cells if far else _things
    draw = live if not kept else _kept if far else _kept_where_crowded
    return _drawn(*draw(layer, user, tile, params))


def _drawn(sql: str, values: tuple) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bytes(cursor.fetchone()[0] or b"")


class _Shape(Func):
    """ST_AsMVTGeom over one geometry column; the tile's three numbers are ints of ours."""

    output_field = BinaryField()  # not a geometry for Django: it would cast it

    def __init__(self, column: str, tile: Tile):
        super().__init__(F(column), tile=f"{tile.z:d}, {tile.x:d}, {tile.y:d}")

    template = f"ST_AsMVTGeom(ST_Transform(%(expressions)s, 3857), ST_TileEnvelope(%(tile)s), {EXTENT}, {MARGIN}, true)"


def _things(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    rows = inside(layer, layer.query(user, params), tile.bbox())
    rows = rows.annotate(g=_Shape(layer.geometry, tile), f=F("pk"), **layer.expressions())
    inner, values = selected(rows[:MOST], "f", "g", *layer.expressions())
    names = "".join(f", p_{name} AS {name}" for name in layer.properties)
    return _as_mvt(layer, f"SELECT g, f::text AS id{names} FROM ({inner}) AS each WHERE g IS NOT NULL"), values  # noqa: S608


def _cells(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    rows = inside(layer, layer.query(user, params), tile.bbox(0)).order_by()
    inner, values = selected(layer.located(rows), "lon", "lat", "w")
    box = tile.bbox(0)
    wide, high = (box.east - box.west) / CELLS, (box.north - box.south) / CELLS
    counted = f"""
        SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(avg(lon), avg(lat)), 4326), 3857),
                            ST_TileEnvelope({tile.z:d}, {tile.x:d}, {tile.y:d}), {EXTENT}, {MARGIN}, true) AS g,
               count(*)::int AS count, max(w) AS worst
        FROM ({inner}) AS each
        GROUP BY floor((lon - ({box.west!r})) / {wide!r}), floor((lat - ({box.south!r})) / {high!r})
    """  # noqa: S608
    return _as_mvt(layer, counted), values


def _clusters(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    """Several things of a cell: how many, how many of them are so (`tallies`), whether they lie on one `spot`. One alone is itself, with its
    properties, where it lies."""
    box, tallies = tile.bbox(0), layer.tallies()
    rows = layer.tallied(layer.located(inside(layer, layer.query(user, params), box).order_by()))
    rows = rows.annotate(f=F("pk"), **layer.expressions())
    inner, values = selected(rows, "f", "lon", "lat", "w", *(f"t_{name}" for name in tallies), *layer.expressions())
    wide, high = (box.east - box.west) / CLUSTERS, (box.north - box.south) / CLUSTERS
    several = "".join(f", count(*) FILTER (WHERE t_{name})::int AS {name}" for name in tallies)
    alone = "".join(f", CASE WHEN count(*) = 1 THEN (array_agg(p_{name}))[1] END AS {name}" for name in layer.properties)
    spot = f"max(lon) - min(lon) < {ONE_SPOT!r} AND max(lat) - min(lat) < {ONE_SPOT!r}"
    counted = f"""
        SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(
                   CASE WHEN {spot} THEN avg(lon) ELSE avg(lon) + ({box.west!r} + (cx + .5) * {wide!r} - avg(lon)) * {DRAWN_IN} END,
                   CASE WHEN {spot} THEN avg(lat) ELSE avg(lat) + ({box.south!r} + (cy + .5) * {high!r} - avg(lat)) * {DRAWN_IN} END
               ), 4326), 3857), ST_TileEnvelope({tile.z:d}, {tile.x:d}, {tile.y:d}), {EXTENT}, {MARGIN}, true) AS g,
               count(*)::int AS count, max(w) AS worst, count(*) > 1 AND {spot} AS spot,
               CASE WHEN count(*) = 1 THEN (array_agg(f::text))[1] END AS id{several}{alone}
        FROM (SELECT each.*, floor((lon - ({box.west!r})) / {wide!r}) AS cx, floor((lat - ({box.south!r})) / {high!r}) AS cy
              FROM ({inner}) AS each) AS placed
        GROUP BY cx, cy
    """  # noqa: S608
    return _as_mvt(layer, counted), values


def _kept(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    """Places are fractions of the world, so that a tile's units are two multiplications away."""
    side = EXTENT << tile.z
    where, values = _kept_rows(layer, user, tile)
    cells = f"""
        SELECT ST_MakePoint(sum(wx) / sum(count) * {side} - {tile.x * EXTENT}, sum(wy) / sum(count) * {side} - {tile.y * EXTENT}) AS g,
               sum(count)::int AS count, max(worst)::int AS worst
        FROM geo_gridcell WHERE {where} GROUP BY cell
    """  # noqa: S608
    return _as_mvt(layer, cells), values


def _kept_rows(layer: Layer, user, tile: Tile) -> tuple[str, tuple]:
    prefix = significant(user.region)
    until = str(int(prefix) + 1)
    here = "layer = %s AND zoom = %s AND x = %s AND y = %s AND township >= %s AND township < %s"
    return here, (layer.name, tile.z, tile.x, tile.y, prefix, until)


def _kept_where_crowded(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    """The things one by one, unless there are so many that nobody could tell them apart. PostgreSQL makes only what is chosen."""
    where, here = _kept_rows(layer, user, tile)
    cells, of_cells = _kept(layer, user, tile, params)
    things, of_things = _things(layer, user, tile, params)
    crowd = f"(SELECT coalesce(sum(count), 0) FROM geo_gridcell WHERE {where})"  # noqa: S608
    return f"SELECT CASE WHEN {crowd} > {CROWDED} THEN ({cells}) ELSE ({things}) END", (*here, *of_cells, *of_things)


def _as_mvt(layer: Layer, rows: str) -> str:
    return f"SELECT ST_AsMVT(shown, '{layer.name}', {EXTENT}, 'g') FROM ({rows}) AS shown"  # noqa: S608
