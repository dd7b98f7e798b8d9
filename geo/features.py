"""A layer as GeoJSON, built in PostGIS by one statement. Always WGS-84 inside; shifted on the way out when asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, QuerySet

from geo.coordinates import Crs, from_wgs84
from geo.layers import Layer
from geo.serializers import DIGITS, Bbox

MOST = 5000  # features; more of them are not a map, tiles are
UNSHIFTED = frozenset({Crs.WGS84, Crs.CGCS2000})
PRECISION = 6  # digits of a degree, 0.1 m


def collection(layer: Layer, user, bbox: Bbox | None, params: Mapping[str, Any], most: int = MOST) -> str:
    """The FeatureCollection as text; `truncated` says that there were more than `most`."""
    rows = inside(layer, layer.query(user, params), bbox)
    rows = rows.annotate(g=AsGeoJSON(layer.geometry, precision=PRECISION), f=F("pk"), **layer.expressions())
    inner, values = selected(rows[: most + 1], "f", "g", *layer.expressions())
    with connection.cursor() as cursor:
        cursor.execute(_statement(layer, inner, most), values)
        return cursor.fetchone()[0]


class Page(NamedTuple):
    features: str  # a JSON array
    last: Any  # the key that the next page begins behind; None: there is none


def page(layer: Layer, user, bbox: Bbox | None, params: Mapping[str, Any], limit: int, after: Any) -> Page:
    """One statement, in the order of the key: a row that arrives moves no other."""
    rows = inside(layer, layer.query(user, params), bbox).order_by("pk")
    features, found, last = read(layer, (rows.filter(pk__gt=after) if after is not None else rows)[: limit + 1], limit)
    return Page(features, last if found > limit else None)


def read(layer: Layer, rows: QuerySet, limit: int) -> tuple[str, int, Any]:
    """The first `limit` of the rows as a JSON array, how many rows there were, and the key of the last that was taken."""
    rows = rows.annotate(g=AsGeoJSON(layer.geometry, precision=PRECISION), f=F("pk"), **layer.expressions())
    inner, values = selected(rows, "f", "g", *layer.expressions())
    with connection.cursor() as cursor:
        cursor.execute(_array(layer, inner, limit), values)
        return cursor.fetchone()


def _array(layer: Layer, inner: str, limit: int) -> str:
    return f"""
        SELECT '[' || coalesce(string_agg(json_build_object(
                   'type', 'Feature', 'id', f, 'geometry', g::json, 'properties', {properties_sql(layer)}
               )::text, ',' ORDER BY number) FILTER (WHERE number <= {limit:d}), '') || ']',
               count(*), (array_agg(f ORDER BY number))[{limit:d}]
        FROM (SELECT row_number() OVER () AS number, each.* FROM ({inner}) AS each) AS numbered
    """  # noqa: S608 - every piece is ours; what a caller sent stands in the parameters


def inside(layer: Layer, rows: QuerySet, bbox: Bbox | None) -> QuerySet:
    rows = rows.filter(**{f"{layer.geometry}__isnull": False})
    return rows.filter(**{f"{layer.geometry}__bboverlaps": bbox.polygon}) if bbox else rows


def selected(rows: QuerySet, *names: str) -> tuple[str, tuple]:
    """The SQL of these rows with columns named as given, to be put into a larger statement."""
    compiler = rows.values(*names).query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)  # who may see nothing gets an empty map
    return compiler.as_sql()


def properties_sql(layer: Layer) -> str:
    """Names are constants of the code, checked by Layer; values come from the inner columns."""
    return "jsonb_build_object(" + ", ".join(f"'{name}', p_{name}" for name in layer.properties) + ")"


def _statement(layer: Layer, inner: str, most: int) -> str:
    return f"""
        SELECT jsonb_build_object(
            'type', 'FeatureCollection',
            'truncated', count(*) > {int(most)},
            'features', coalesce(jsonb_agg(jsonb_build_object(
                'type', 'Feature', 'id', f, 'geometry', g::jsonb, 'properties', {properties_sql(layer)}
            )) FILTER (WHERE number <= {int(most)}), '[]'::jsonb)
        )::text
        FROM (SELECT row_number() OVER () AS number, each.* FROM ({inner}) AS each) AS numbered
    """  # noqa: S608 - every piece is ours; what a caller sent stands in the parameters


def shifted(text: str, crs: Crs) -> str:
    """The collection for a client that draws on a shifted map."""
    if crs in UNSHIFTED:
        return text
    found = json.loads(text)
    for feature in found["features"]:
        feature["geometry"]["coordinates"] = shift(feature["geometry"]["coordinates"], crs)
    return json.dumps(found, ensure_ascii=False)


def shift(coordinates: list, crs: Crs) -> list:
    if isinstance(coordinates[0], list):
        return [shift(each, crs) for each in coordinates]
    return [round(degrees, DIGITS) for degrees in from_wgs84(coordinates[0], coordinates[1], crs)]
