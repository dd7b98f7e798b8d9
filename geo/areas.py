"""Approximate township areas where no boundary is known: Voronoi cells of the seats, clipped to the county.

The county is its real boundary when one is loaded, else the hull of the seats with a margin.

Made in PostGIS in metres (EPSG:4546, CGCS2000 / 3-degree Gauss-Kruger CM 111E) and kept in 4326, always marked
approximate: they propose a township and warn, they never decide. A real boundary, once loaded, is never drawn over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from geo.models import Region
from safety_api.trail import SYSTEM, record

METRES = 4546  # valid between 109.5° and 112.5° E, which holds the county
BEYOND_THE_SEATS = 8000  # metres from the hull of the seats: about how far the county reaches past its outer seats
GRID = 0.000001  # degrees, 0.1 m: one vertex for all its neighbours

CELLS = """
WITH seat AS (
    SELECT code, ST_Transform(point, %(metres)s) AS at FROM geo_region
    WHERE level = 'township' AND valid_to IS NULL AND point IS NOT NULL
      AND (area IS NULL OR area_approximate) AND left(code, 6) = %(county)s
), county AS (
    SELECT ST_Transform(area, %(metres)s) AS shape FROM geo_region
    WHERE code = %(county)s || '000000' AND NOT area_approximate
), hull AS (
    SELECT ST_Collect(at) AS seats,
           coalesce((SELECT shape FROM county), ST_Buffer(ST_ConvexHull(ST_Collect(at)), %(beyond)s)) AS shape
    FROM seat
), cell AS (
    SELECT (ST_Dump(ST_VoronoiPolygons(seats, 0, shape))).geom AS shape FROM hull
), drawn AS (
    SELECT seat.code, ST_Multi(ST_CollectionExtract(ST_ReducePrecision(ST_Transform(
               ST_Intersection(cell.shape, hull.shape), 4326), %(grid)s), 3)) AS area
    FROM seat JOIN cell ON ST_Contains(cell.shape, seat.at) CROSS JOIN hull
)
UPDATE geo_region AS region SET area = drawn.area, area_approximate = true
FROM drawn WHERE region.code = drawn.code AND NOT coalesce(ST_OrderingEquals(region.area, drawn.area), false)
"""
WHOLE = """
UPDATE geo_region AS region SET area = whole.area, area_approximate = true
FROM (SELECT ST_Multi(ST_Union(area)) AS area FROM geo_region
      WHERE level = 'township' AND valid_to IS NULL AND left(code, 6) = %(county)s) AS whole
WHERE region.code = %(county)s || '000000' AND whole.area IS NOT NULL
  AND (region.area IS NULL OR region.area_approximate)
  AND NOT coalesce(ST_OrderingEquals(region.area, whole.area), false)
"""
SEATS = """
UPDATE geo_region AS region SET point = seat.point
FROM (SELECT each.code, ST_SetSRID(ST_MakePoint(each.lon, each.lat), 4326) AS point
      FROM jsonb_to_recordset(%(seats)s::jsonb) AS each(code text, lon float8, lat float8)) AS seat
WHERE region.code = seat.code AND region.point IS NULL
"""


@transaction.atomic
def draw_approximate_areas(county: str, by=SYSTEM) -> int:
    """Cells for the townships of a county (6 digits) that have a seat, their union for the county. → rows changed."""
    values: dict[str, str | int | float] = {
        "county": county,
        "metres": METRES,
        "beyond": BEYOND_THE_SEATS,
        "grid": GRID,
    }
    changed = _run(CELLS, values) + _run(WHOLE, values)
    if changed:
        record(by, "regions.draw", Region.objects.get(code=county + "000000"), changed=changed)
    return changed


@transaction.atomic
def set_seats(rows: Iterable[Mapping[str, str]], by=SYSTEM) -> int:
    """Rows `code, lon, lat` (WGS-84 degrees) for regions that have no seat yet. → rows changed."""
    rows = list(rows)
    seats = [{"code": row["code"], "lon": float(row["lon"]), "lat": float(row["lat"])} for row in rows]
    changed = _run(SEATS, {"seats": json.dumps(seats)})
    if changed:
        record(by, "regions.seat", Region.objects.get(code=min(row["code"] for row in rows)), changed=changed)
    return changed


def _run(sql: str, values: Mapping[str, str | int | float]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
