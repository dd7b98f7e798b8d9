"""A layer as Mapbox vector tiles, built in PostGIS: the things themselves close in, counted cells far out.

Cells are read from those kept by grid.py where they say what the reader may see; else (a filter, a sector, a village) they are
counted live, which costs a scan of what the tile covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan, degrees, pi, sinh
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BinaryField, CharField, F, Func, QuerySet, TextField

from geo.features import inside, selected
from geo.grid import seen_by
from geo.layers import Layer
from geo.serializers import Bbox

DEEPEST = 22
RAW_FROM = 12  # zoom at which points are drawn one by one
CELLS = 64  # a side of a tile
CLUSTERS = 8  # a side of a tile: 64 pixels each, so that what is drawn of them does not overlap
ONE_SPOT = 1e-4  # degrees, some ten metres: however close one looks, it is one
DRAWN_IN = 0.5  # of the way from where its things lie on average a cluster stands to the middle of its cell
EXTENT, MARGIN = 4096, 64  # tile units
MOST = 20_000  # features in a tile
WORDS = 40  # signs of a text property: what is read on a map; the whole of it is in the record
ROUNDING = 1e-6  # tiles: what is asked for around one, so that no edge is lost to the last digit
WORLD_X, WORLD_Y = "(lon + 180) / 360", "(1 - asinh(tan(radians(lat))) / pi()) / 2"  # fractions of the world, 0 west and north
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
    names = "".join(f", {of} AS {name}" for name, of in _shortened(layer, rows).items())
    return _as_mvt(layer, f"SELECT g, f::text AS id{names} FROM ({inner}) AS each WHERE g IS NOT NULL"), values  # noqa: S608


def _shortened(layer: Layer, rows: QuerySet) -> dict[str, str]:
    """The properties as SQL, words of any length cut to WORDS."""
    return {name: _cut(f"p_{name}") if _is_long(rows.query.annotations[f"p_{name}"].output_field) else f"p_{name}" for name in layer.properties}


def _is_long(column: Any) -> bool:
    return isinstance(column, CharField | TextField) and (column.max_length or WORDS + 1) > WORDS


def _cut(name: str) -> str:
    return f"CASE WHEN length({name}) > {WORDS} THEN left({name}, {WORDS - 1}) || '…' ELSE {name} END"


def _here(inner: str, tile: Tile) -> str:
    """Things with `tx`, `ty`: where in this tile they lie, 0 to 1. A tile has its west and north edge and not the others, as whoever
    draws it takes them: what lies on an edge is in one of them."""
    wide = 1 << tile.z
    placed = f"SELECT each.*, {WORLD_X} * {wide} - {tile.x} AS tx, {WORLD_Y} * {wide} - {tile.y} AS ty FROM ({inner}) AS each"  # noqa: S608
    return f"SELECT * FROM ({placed}) AS placed WHERE floor(tx) = 0 AND floor(ty) = 0"  # noqa: S608


def _cells(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    rows = inside(layer, layer.query(user, params), tile.bbox(ROUNDING)).order_by()
    inner, values = selected(layer.located(rows, params), "lon", "lat", "w")
    counted = f"""
        SELECT ST_MakePoint(floor(avg(tx) * {EXTENT}), floor(avg(ty) * {EXTENT})) AS g, count(*)::int AS count, max(w) AS worst
        FROM ({_here(inner, tile)}) AS here GROUP BY floor(tx * {CELLS}), floor(ty * {CELLS})
    """  # noqa: S608
    return _as_mvt(layer, counted), values


def _clusters(layer: Layer, user, tile: Tile, params: Mapping[str, Any]) -> tuple[str, tuple]:
    """Several things of a cell: how many, how many of them are so (`tallies`), whether they lie on one `spot`. One alone is itself, with its
    properties, where it lies."""
    tallies = layer.tallies(params)
    rows = inside(layer, layer.query(user, params), tile.bbox(ROUNDING)).order_by()
    rows = layer.tallied(layer.located(rows, params), params)
    rows = rows.annotate(f=F("pk"), **layer.expressions())
    inner, values = selected(rows, "f", "lon", "lat", "w", *(f"t_{name}" for name in tallies), *layer.expressions())
    several = "".join(f", count(*) FILTER (WHERE t_{name})::int AS {name}" for name in tallies)
    alone = "".join(f", CASE WHEN count(*) = 1 THEN (array_agg({of}))[1] END AS {name}" for name, of in _shortened(layer, rows).items())
    spot = f"max(lon) - min(lon) < {ONE_SPOT!r} AND max(lat) - min(lat) < {ONE_SPOT!r}"
    counted = f"""
        SELECT {_drawn_at("avg(tx)", "avg(ty)", spot)} AS g, count(*)::int AS count, max(w) AS worst, count(*) > 1 AND {spot} AS spot,
               CASE WHEN count(*) = 1 THEN (array_agg(f::text))[1] END AS id{several}{alone}
        FROM (SELECT here.*, floor(tx * {CLUSTERS}) AS cx, floor(ty * {CLUSTERS}) AS cy FROM ({_here(inner, tile)}) AS here) AS each
        GROUP BY cx, cy
    """  # noqa: S608
    return _as_mvt(layer, counted), values


def _drawn_at(tx: str, ty: str, spot: str) -> str:
    """A cluster stands half-way to the middle of its cell (cx, cy), unless it is one spot."""
    pulled = f"CASE WHEN {spot} THEN 0 ELSE {DRAWN_IN} END"
    x, y = (f"{mean} + (({cell} + .5) / {CLUSTERS} - {mean}) * {pulled}" for mean, cell in ((tx, "cx"), (ty, "cy")))
    return f"ST_MakePoint(floor(({x}) * {EXTENT}), floor(({y}) * {EXTENT}))"


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
    prefix = seen_by(user)
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
