"""Shapes of places: a point as a phone sends it, a point as we answer, and the parameters that say where."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point, Polygon
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from geo.codes import is_code, prefix_of, whole
from geo.coordinates import CHINA, Crs, from_wgs84, in_china, plausible, to_wgs84
from geo.models import Region, RegionLevel
from safety_api.doors import Filters
from safety_api.remarks import Remark

SYSTEMS = tuple(Crs)
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\Z")
DIGITS = 7  # of a degree: a centimetre, finer than any phone

POINT_SCHEMA = {
    "type": "object",
    "properties": {
        "lon": {"type": "number", "minimum": CHINA[0], "maximum": CHINA[2], "description": "经度，度"},
        "lat": {"type": "number", "minimum": CHINA[1], "maximum": CHINA[3], "description": "纬度，度"},
        "crs": {"type": "string", "enum": [str(crs) for crs in SYSTEMS], "description": "坐标系，必填"},
        "accuracy_m": {"type": ["number", "null"], "description": "定位精度，米；负数（无效）或过大的只作提示"},
        "mocked": {"type": ["boolean", "null"], "description": "终端说明为模拟定位：照收，作提示"},
    },
    "required": ["lon", "lat", "crs"],
    "additionalProperties": False,
    "example": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8},
}  # fmt: skip
POINT_OUT_SCHEMA = {
    "type": "object",
    "properties": {name: POINT_SCHEMA["properties"][name] for name in ("lon", "lat", "crs")},  # type: ignore[index]
    "required": ["lon", "lat", "crs"],
    "example": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"},
}
SENTENCES = {
    "crs_required": "请写明坐标系 crs。",
    "unknown_crs": f"crs 应为 {'、'.join(SYSTEMS)} 之一。",
    "required": "必填。",
    "not_a_number": "须为数字。",
    "outside_china": "坐标不在中国范围内（东经73–136°，北纬3–54°）。",
    "not_a_flag": "须为 true 或 false。",
    "unknown_field": "没有这个字段。",
    "bad_bbox": "bbox 应为 minlon,minlat,maxlon,maxlat（WGS-84 度）。",
    "bad_near": "near 应为 经度,纬度,坐标系，例如 111.127486,38.461818,wgs84。",
    "unknown_region": "没有这个行政区划。",
    "not_an_object": "须为 {lon, lat, crs}。",
}


@dataclass(frozen=True, slots=True)
class SentPoint:
    """A point as it was sent, and the same place in WGS-84."""

    lon: float
    lat: float
    crs: str
    accuracy_m: float | None
    wgs_lon: float
    wgs_lat: float
    mocked: bool = False

    @property
    def point(self) -> Point:
        return Point(self.wgs_lon, self.wgs_lat, srid=4326)

    @property
    def ewkt(self) -> str:
        """For a row that is only written: a geometry is not made of it."""
        return f"SRID=4326;POINT ({self.wgs_lon!r} {self.wgs_lat!r})"

    def place(self, row: Any) -> None:
        """A new row's point, and its two numbers as `located` would read them."""
        row.point, row.wgs_lon, row.wgs_lat = self.ewkt, self.wgs_lon, self.wgs_lat

    @property
    def warnings(self) -> list[str]:
        """What the point says of itself: far from the county by the loose box, made up by the phone; no query."""
        outside: list[str] = [] if plausible(self.wgs_lon, self.wgs_lat) else [Remark.OUTSIDE_COUNTY]
        return [*outside, Remark.LOCATION_MOCKED] if self.mocked else outside

    def warnings_within(self, metres: int) -> list[str]:
        """The same, and whether it is too vague to say anything (`metres`, a setting): phones say -1 where they do not know."""
        vague = self.accuracy_m is not None and not 0 <= self.accuracy_m <= metres
        return [*self.warnings, Remark.LOCATION_VAGUE] if vague else self.warnings


@extend_schema_field(POINT_SCHEMA, component_name="Point")
class PointIn(serializers.Field):
    """{lon, lat, crs, accuracy_m?, mocked?} → SentPoint. `crs` is never guessed; numbers only, and inside China."""

    def to_internal_value(self, data: Any) -> SentPoint:
        if not isinstance(data, Mapping):
            raise _wrong("not_an_object")
        errors = {name: word for name, word in _faults(data) if word}
        if errors:
            raise ValidationError({name: [_detail(word)] for name, word in errors.items()})
        lon, lat, crs = float(data["lon"]), float(data["lat"]), Crs(data["crs"])
        if not in_china(lon, lat):
            raise _wrong("outside_china")
        accuracy = data.get("accuracy_m")
        known = None if accuracy is None else float(accuracy)
        return SentPoint(lon, lat, str(crs), known, *to_wgs84(lon, lat, crs), mocked=bool(data.get("mocked")))

    def to_representation(self, value: SentPoint) -> dict[str, Any]:
        return {"lon": value.lon, "lat": value.lat, "crs": value.crs, "accuracy_m": value.accuracy_m}


def _faults(data: Mapping[str, Any]):
    yield from ((name, "unknown_field") for name in data if name not in POINT_SCHEMA["properties"])  # type: ignore[operator]
    for name in ("lon", "lat"):
        yield name, "required" if data.get(name) is None else "" if is_number(data[name]) else "not_a_number"
    yield "crs", _fault_of_crs(data.get("crs"))
    if not (data.get("accuracy_m") is None or is_number(data["accuracy_m"])):
        yield "accuracy_m", "not_a_number"
    if not isinstance(data.get("mocked"), bool | None):
        yield "mocked", "not_a_flag"


def _fault_of_crs(crs: Any) -> str:
    if crs is None or crs == "":
        return "crs_required"
    return "" if isinstance(crs, str) and crs in SYSTEMS else "unknown_crs"


def is_number(value: Any) -> bool:
    """A finite JSON number: true is none, "111.1" is none, and one too long for a float is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 10**15


def _detail(word: str) -> ErrorDetail:
    return ErrorDetail(SENTENCES[word], code=word)


def _wrong(word: str) -> ValidationError:
    return ValidationError([_detail(word)])


# --- out -------------------------------------------------------------------------------------------------------------


def point_out(point: Point | None, crs: Crs | str = Crs.WGS84) -> dict[str, Any] | None:
    """A stored (WGS-84) point as {lon, lat, crs} in the system the client draws in."""
    return None if point is None else numbers_out(point.x, point.y, crs)


def numbers_out(lon: float | None, lat: float | None, crs: Crs | str = Crs.WGS84) -> dict[str, Any] | None:
    if lon is None or lat is None:
        return None
    lon, lat = from_wgs84(lon, lat, crs)
    return {"lon": round(lon, DIGITS), "lat": round(lat, DIGITS), "crs": str(crs)}


@extend_schema_field(POINT_OUT_SCHEMA, component_name="PointOut")
class PointOut(serializers.Field):
    """A stored point; the system comes from the serializer's context["crs"], WGS-84 without."""

    def to_representation(self, value: Point) -> dict[str, Any] | None:
        return point_out(value, self.context.get("crs", Crs.WGS84))


@extend_schema_field({**POINT_OUT_SCHEMA, "type": ["object", "null"]}, component_name="PlaceOut")
class PlaceOut(PointOut):
    """Where a row lies: from the two numbers of `located`, or from its point."""

    def __init__(self, **options):
        super().__init__(**{"source": "*", "read_only": True, **options})

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        crs = self.context.get("crs", Crs.WGS84)
        if hasattr(value, "wgs_lon"):
            return numbers_out(value.wgs_lon, value.wgs_lat, crs)
        return point_out(value.point, crs)


class RegionOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=RegionLevel.choices)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    urban_rural_code = serializers.CharField(allow_blank=True)
    virtual = serializers.BooleanField(help_text="虚拟社区，不计入分母")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="不含当日")
    point = PointOut(allow_null=True)
    geometry = serializers.JSONField(required=False, allow_null=True, help_text="GeoJSON，仅 geometry=true 时")
    approximate = serializers.BooleanField(required=False, allow_null=True, help_text="true：示意范围，不是界线")


# --- parameters ------------------------------------------------------------------------------------------------------


def degrees(text: str) -> float:
    """Raises ValueError, for `1_0`, `nan` and digits of other scripts too, which Python reads."""
    if not NUMBER.match(text.strip(" ")):
        raise ValueError
    return float(text)


class Bbox(NamedTuple):
    """WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def polygon(self) -> Polygon:
        polygon = Polygon.from_bbox(self)
        polygon.srid = 4326
        return polygon


class BboxParam(serializers.CharField):
    """`bbox=minlon,minlat,maxlon,maxlat` in WGS-84 → Bbox."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 200, "help_text": "minlon,minlat,maxlon,maxlat（WGS-84）", **options})

    def to_internal_value(self, data: Any) -> Bbox:  # type: ignore[override]
        try:
            box = Bbox(*map(degrees, super().to_internal_value(data).split(",")))
        except (TypeError, ValueError):
            raise _wrong("bad_bbox") from None
        if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
            raise _wrong("bad_bbox")
        return box

    def to_representation(self, value: Any) -> str:
        return ",".join(map(str, value))


class RegionParam(serializers.CharField):
    """6, 9 or 12 digits → the prefix its descendants share; refuses what never existed here. One query."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 12, "help_text": "6、9或12位代码，含下级", **options})

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        code = whole(text) if len(text) in (6, 9, 12) else ""
        if not is_code(code) or not Region.objects.filter(code=code).exists():
            raise _wrong("unknown_region")
        return prefix_of(code)


@extend_schema_field({"type": "string", "example": "111.127486,38.461818,wgs84"})
class NearParam(serializers.Field):
    """`lon,lat,crs` → SentPoint; rows come in the order of their distance from it."""

    def __init__(self, **options):
        super().__init__(**{"help_text": "经度,纬度,坐标系：由近到远，没有坐标的不列出", **options})

    def to_internal_value(self, data: str) -> SentPoint:
        parts = data.split(",")
        if not 2 <= len(parts) <= 3:
            raise _wrong("bad_near")
        point = dict(zip(("lon", "lat", "crs"), (_number(parts[0]), _number(parts[1]), *parts[2:]), strict=False))
        return PointIn().run_validation(point)


def _number(text: str) -> float | str:
    try:
        return degrees(text)
    except ValueError:
        return text


class CrsParam(serializers.ChoiceField):
    """`crs=` of clients that draw on a shifted map → Crs; WGS-84 without."""

    def __init__(self, **options):
        super().__init__([str(crs) for crs in SYSTEMS], **{"required": False, "default": Crs.WGS84, **options})

    def to_internal_value(self, data: Any) -> Crs:
        if data not in SYSTEMS:
            raise _wrong("unknown_crs")
        return Crs(data)


class CrsOnly(Filters):
    """Of a door that shows places: in which system."""

    crs = CrsParam()


def crs_of(request) -> Crs:
    """The system that a request asks its points in, WGS-84 without. Refuses one we do not know."""
    text = request.query_params.get("crs")
    return Crs.WGS84 if text is None else CrsParam().run_validation(text)


class Prefix(serializers.CharField):
    """6, 9 or 12 digits → the prefix; whether it ever was a region is asked when the answer is made, so that a 304
    costs no query.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_length": 12, "required": False, "default": None, "help_text": "6、9或12位代码，含下级", **options}
        )

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if len(text) not in (6, 9, 12) or not is_code(whole(text)):
            raise ValidationError([ErrorDetail("没有这个行政区划。", "unknown_region")])
        return prefix_of(whole(text))
