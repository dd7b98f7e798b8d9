"""Cells counted before anybody asks: what lies where, far out, at the cost of the cells and not of the things in them.

A cell of a tile is the tile six levels below it: four cells make one of the level above, so only the finest are counted from the
things themselves. Triggers note where something has changed (models.GridChange); `refresh` counts those cells anew. Counting
anew instead of adding up: a lost or doubled note cannot make a figure drift. Cells are some seconds behind, and `rebuild` makes
all of them from nothing, as it does each night, for what is overdue changes with the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import atan, degrees, pi, sinh
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from geo import layers
from geo.features import selected
from geo.layers import Layer
from geo.models import GridRun
from safety_api import merged
from safety_api.permissions import significant
from safety_api.roles import ADMINS, Role

FINEST = 14  # the deepest zoom whose cells are kept
SPLIT = 6  # levels from a tile to its cells: 64 × 64
MANY = 5000  # changes above which counting everything anew is cheaper

PLACED = """
    SELECT id, left(region_code, 9) AS township, w AS worst, (lon + 180) / 360 AS wx,
           (1 - asinh(tan(radians(lat))) / pi()) / 2 AS wy
    FROM ({things}) AS thing
"""
COUNTED = f"""
    SELECT floor(wx * {1 << FINEST + SPLIT})::int AS cx, floor(wy * {1 << FINEST + SPLIT})::int AS cy, township,
           count(*)::int AS count, max(worst) AS worst, sum(wx) AS wx, sum(wy) AS wy
    FROM placed GROUP BY 1, 2, 3
"""  # noqa: S608 - two constants of ours
TAKE = f"""
WITH taken AS (DELETE FROM geo_gridchange WHERE layer = %(layer)s::text RETURNING lon, lat),
placed AS (SELECT (lon + 180) / 360 AS wx, (1 - asinh(tan(radians(lat))) / pi()) / 2 AS wy FROM taken)
SELECT floor(wx * {1 << FINEST + SPLIT})::int, floor(wy * {1 << FINEST + SPLIT})::int, count(*)::int FROM placed GROUP BY 1, 2
"""  # noqa: S608
WRITE = """
INSERT INTO geo_gridcell (layer, zoom, x, y, cell, township, count, worst, wx, wy)
SELECT %(layer)s::text, %(zoom)s::int, cx >> 6, cy >> 6, (cy & 63) * 64 + (cx & 63), township, count, worst, wx, wy
FROM ({counted}) AS counted ORDER BY 3, 4, 5
"""
FROM_BELOW = """
    SELECT ((x << 6) + (cell & 63)) >> 1 AS cx, ((y << 6) + (cell >> 6)) >> 1 AS cy, township,
           sum(count)::int AS count, max(worst) AS worst, sum(wx) AS wx, sum(wy) AS wy
    FROM geo_gridcell WHERE layer = %(layer)s::text AND zoom = %(zoom)s::int + 1 {only} GROUP BY 1, 2, 3
"""
BELOW_THESE = """AND (x, y, cell) IN (
    SELECT c.cx >> 6, c.cy >> 6, (c.cy & 63) * 64 + (c.cx & 63)
    FROM unnest(%(cx)s::int[], %(cy)s::int[]) AS parent (px, py),
         LATERAL (VALUES (px * 2, py * 2), (px * 2 + 1, py * 2), (px * 2, py * 2 + 1), (px * 2 + 1, py * 2 + 1)) AS c (cx, cy)
)"""
CLEAR = """
DELETE FROM geo_gridcell USING unnest(%(cx)s::int[], %(cy)s::int[]) AS gone (cx, cy)
WHERE layer = %(layer)s::text AND zoom = %(zoom)s::int AND x = gone.cx >> 6 AND y = gone.cy >> 6
  AND cell = (gone.cy & 63) * 64 + (gone.cx & 63)
"""


# --- keeping -----------------------------------------------------------------------------------------------------------
def refresh_all() -> int:
    """Counts anew where something has changed; returns how many changes were taken in."""
    return sum(refresh(layer) for layer in layers.REGISTRY.values() if layer.kept)


def refresh(layer: Layer) -> int:
    with _alone(layer):
        changed = _taken(layer)
        cells = [(cx, cy) for cx, cy, _ in changed]
        if len(cells) > MANY or not GridRun.objects.filter(layer=layer.name, day=timezone.localdate()).exists():
            _count_all(layer)
        elif cells:
            _count_again(layer, cells)
    return sum(changes for _, _, changes in changed)


def rebuild(layer: Layer) -> int:
    """All cells of a layer from nothing; returns how many changes that took in."""
    with _alone(layer):
        changed = _taken(layer)
        _count_all(layer)
    return sum(changes for _, _, changes in changed)


@contextmanager
def _alone(layer: Layer) -> Iterator[None]:
    """One at a time: a second one waits, then finds little to do."""
    with transaction.atomic():
        _run("SELECT pg_advisory_xact_lock(hashtext(%(lock)s::text))", lock=f"grid {layer.name}")
        yield


def _taken(layer: Layer) -> list[tuple[int, int, int]]:
    """The finest cells that have changed, each with how often. Taken before counting: what commits later is noted for the next time."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"layer": layer.name})
        return cursor.fetchall()


def _count_all(layer: Layer) -> None:
    _run("DELETE FROM geo_gridcell WHERE layer = %(layer)s::text", layer=layer.name)
    things, values = _things(layer)
    _write_finest(layer, f"WITH placed AS ({PLACED.format(things=things)}) {COUNTED}", values)
    for zoom in range(FINEST - 1, -1, -1):
        _run(WRITE.format(counted=FROM_BELOW.format(only="")), layer=layer.name, zoom=zoom)
    _note_run(layer)


def _count_again(layer: Layer, cells: list[tuple[int, int]]) -> None:
    columns = _columns(cells)
    _run(CLEAR, layer=layer.name, zoom=FINEST, **columns)
    _write_finest(layer, *_in_these(layer, cells))
    for zoom in range(FINEST - 1, -1, -1):
        cells = [*{(cx >> 1, cy >> 1) for cx, cy in cells}]
        columns = _columns(cells)
        _run(CLEAR, layer=layer.name, zoom=zoom, **columns)
        _run(WRITE.format(counted=FROM_BELOW.format(only=BELOW_THESE)), layer=layer.name, zoom=zoom, **columns)
    _note_run(layer)


def _in_these(layer: Layer, cells: list[tuple[int, int]]) -> tuple[str, tuple]:
    """Counts of these finest cells: candidates by the spatial index, box by box, each thing once."""
    things, values = _things(layer, within="changed.box")
    boxes = "SELECT ST_MakeEnvelope(w, s, e, n, 4326) AS box FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[])"
    near = f"SELECT thing.* FROM ({boxes} AS side (w, s, e, n)) AS changed, LATERAL ({things}) AS thing"  # noqa: S608
    counted = f"""
        WITH placed AS (SELECT DISTINCT ON (id) * FROM ({PLACED.format(things=near)}) AS each), counted AS ({COUNTED})
        SELECT * FROM counted WHERE (cx, cy) IN (SELECT * FROM unnest(%s::int[], %s::int[]))
    """  # noqa: S608 - our own names
    sides = [list(side) for side in zip(*map(_box, cells), strict=True)]
    columns = _columns(cells)
    return counted, (*sides, *values, columns["cx"], columns["cy"])


def _things(layer: Layer, within: str = "") -> tuple[str, tuple]:
    """All things of a layer, whoever may see them: id, region_code, lon, lat, w."""
    assert layer.kept is not None
    rows = layer.kept().filter(**{f"{layer.geometry}__isnull": False}).order_by()
    if within:
        rows = rows.extra(where=[f'"{rows.model._meta.db_table}"."{layer.geometry}" && {within}'])  # noqa: S610
    return selected(layer.located(rows), "id", "region_code", "lon", "lat", "w")


def _write_finest(layer: Layer, counted: str, values: tuple) -> None:
    """The layer's own statement has nameless values, so ours become nameless too."""
    text = WRITE.replace("%(layer)s", "%s").replace("%(zoom)s", "%s").format(counted=counted)
    with connection.cursor() as cursor:
        cursor.execute(text, [layer.name, FINEST, *values])


def _run(text: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _note_run(layer: Layer) -> None:
    GridRun.objects.update_or_create(
        layer=layer.name, defaults={"day": timezone.localdate(), "made_at": timezone.now()}
    )


def _columns(cells: list[tuple[int, int]]) -> dict[str, list[int]]:
    return {"cx": [cx for cx, _ in cells], "cy": [cy for _, cy in cells]}


def _box(cell: tuple[int, int], margin: float = 1e-9) -> tuple[float, float, float, float]:
    """West, south, east, north of a finest cell, a little more than it: whether a thing is inside is counted, not guessed."""
    side = 1 << FINEST + SPLIT
    cx, cy = cell
    west, east = (x / side * 360 - 180 for x in (cx, cx + 1))
    north, south = (degrees(atan(sinh(pi * (1 - 2 * y / side)))) for y in (cy, cy + 1))
    return west - margin, south - margin, east + margin, north + margin


# --- reading -----------------------------------------------------------------------------------------------------------
def serves(layer: Layer, user: Any, zoom: int, params: Any) -> bool:
    """Whether kept cells say what this person may see: an officer of a county, town or more, for all sectors, unfiltered."""
    if not layer.kept or zoom > FINEST or any(value is not None for value in params.values()):
        return False
    if user.role in ADMINS or user.role == Role.ENTERPRISE_OFFICER or user.sectors or not user.region:
        return False
    prefix = seen_by(user)
    return len(prefix) <= 9 and not any(merged.moved(prefix))  # cells are of the township as it was written


def seen_by(user: Any) -> str:
    """The beginning of the codes of what this person may see: who has the same is told the same by kept cells."""
    return significant(user.region)
