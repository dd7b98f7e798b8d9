"""Real boundaries from a GeoJSON file: bounded, and no word of it reaches a projection library."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from geo.codes import is_code, whole
from geo.coordinates import Crs, in_china, to_wgs84
from geo.models import Region
from geo.rules import Fault
from safety_api.trail import SYSTEM, record

MOST_BYTES = 64 * 1024 * 1024
MOST_VERTICES = 2_000_000
PLAIN_CRS = frozenset({"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4490"})
WRITE = """
UPDATE geo_region AS region SET area = drawn.area, area_approximate = %(approximate)s
FROM (SELECT code, ST_Multi(ST_CollectionExtract(ST_MakeValid(
          ST_SetSRID(ST_GeomFromGeoJSON(shape::text), 4326)), 3)) AS area
      FROM jsonb_to_recordset(%(shapes)s::jsonb) AS each(code text, shape jsonb)) AS drawn
WHERE region.code = drawn.code AND NOT (
    coalesce(ST_OrderingEquals(region.area, drawn.area), false) AND region.area_approximate = %(approximate)s)
"""


class FileRefused(Exception):
    """Nothing of the file was stored."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@transaction.atomic
def load_areas(text: str, crs: Crs, *, approximate: bool = False, by=SYSTEM) -> int:
    """A FeatureCollection of polygons with `code` in their properties, in `crs` (never guessed). → rows changed."""
    features = _features(text)
    known = frozenset(Region.objects.values_list("code", flat=True))
    faults = [fault for number, feature in enumerate(features, start=1) if (fault := _fault_of(number, feature, known))]
    if faults:
        raise FileRefused(faults)
    codes = [_code(feature) for feature in features]
    shapes = [
        {"code": code, "shape": _shape(feature["geometry"], crs)} for code, feature in zip(codes, features, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"shapes": json.dumps(shapes), "approximate": approximate})
        changed = cursor.rowcount
    if changed:
        record(by, "regions.bound", Region.objects.get(code=min(codes)), changed=changed, approximate=approximate)
    return changed


def _features(text: str) -> list[Mapping[str, Any]]:
    if len(text) > MOST_BYTES:
        raise FileRefused([Fault(0, "", "文件过大")])
    try:
        found = json.loads(text)
        features, crs = found["features"], found.get("crs")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise FileRefused([Fault(0, "", "不是 GeoJSON FeatureCollection")]) from None
    if crs is not None and _name_of(crs) not in PLAIN_CRS:
        raise FileRefused([Fault(0, "", "crs 只能是 WGS-84 或 CGCS2000 经纬度")])
    if not isinstance(features, list) or not features:
        raise FileRefused([Fault(0, "", "没有要素")])
    return features


def _name_of(crs: Any) -> Any:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return properties.get("name") if isinstance(properties, dict) else None


def _fault_of(number: int, feature: Any, known: frozenset[str]) -> Fault | None:
    code = _code(feature)
    if not is_code(code) or code not in known:
        return Fault(number, code[:20], "没有这个行政区划")
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return Fault(number, code, "须为 Polygon 或 MultiPolygon")
    try:
        for count, (lon, lat) in enumerate(_vertices(geometry)):
            if count >= MOST_VERTICES or not (math.isfinite(lon) and math.isfinite(lat) and in_china(lon, lat)):
                return Fault(number, code, "顶点过多，或坐标不在中国范围内")
    except (TypeError, ValueError, IndexError, KeyError):
        return Fault(number, code, "坐标结构不对")
    return None


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = str(properties.get("code", "")) if isinstance(properties, dict) else ""
    return whole(code) if len(code) in (6, 9, 12) else code


def _vertices(geometry: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    for ring in _rings(geometry):
        yield from ((vertex[0], vertex[1]) for vertex in ring)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        yield from part


def _shape(geometry: Mapping[str, Any], crs: Crs) -> dict[str, Any]:
    """Only type and coordinates go on; whatever else the file says stays behind."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    moved = [[[to_wgs84(vertex[0], vertex[1], crs) for vertex in ring] for ring in part] for part in parts]
    return {"type": "MultiPolygon", "coordinates": moved}
