"""A layer as Mapbox vector tiles, built in PostGIS: the things themselves close in, counted cells far out.

Far-out cells are counted live here, which costs a scan of what the tile covers; a table of cells per zoom, kept up by
the outbox, is to take the place of `_cells` when the data grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan, degrees, pi, sinh
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BinaryField, F, FloatField, Func, IntegerField, Value
from django.db.models.expressions import ExpressionWrapper

from geo.features import inside, selected
from geo.layers import Layer
from geo.serializers import Bbox

DEEPEST = 22
RAW_FROM = 12  # zoom at which points are drawn one by one
CELLS = 64  # a side of a tile
EXTENT, MARGIN = 4096, 64  # tile units
MOST = 20_000  # features in a tile


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


def tile_of(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> bytes:
    far = layer.point and tile.z < RAW_FROM
    sql, values = (_cells if far else _things)(layer, user, tile, params)
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
    worst = layer.worst if layer.worst is not None else Value(0)
    rows = rows.annotate(
        lon=Func(F(layer.geometry), function="ST_X", output_field=FloatField()),
        lat=Func(F(layer.geometry), function="ST_Y", output_field=FloatField()),
        w=ExpressionWrapper(worst, output_field=IntegerField()),
    )
    inner, values = selected(rows, "lon", "lat", "w")
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


def _as_mvt(layer: Layer, rows: str) -> str:
    return f"SELECT ST_AsMVT(shown, '{layer.name}', {EXTENT}, 'g') FROM ({rows}) AS shown"  # noqa: S608
