"""What is asked of a collection, read strictly: a misread box or day would be an answer to another question."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from math import isfinite
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from geo.layers import Layer
from geo.ogc.crs import STORED, Crs
from geo.serializers import Bbox, degrees
from safety_api.days import day_over
from safety_api.doors import Filters
from safety_api.parameters import DAY, DayOrMoment
from safety_api.problems import BAD_BBOX, BAD_DATETIME, BAD_LIMIT, UNKNOWN_CRS

DEFAULT, MOST = 10, 10_000  # features of a page
OPEN_ENDS = ("", "..")
COUNT = re.compile(r"0*([1-9][0-9]*)\Z")
HOW_A_BOX = "应为 4 个或 6 个数；bbox-crs 为 EPSG:4490 时纬度在前。"


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MOST})
class LimitParam(serializers.Field):
    """More than MOST is MOST: the standard wants no error (17-069r4, requirement 22 C)."""

    def to_internal_value(self, data: str) -> int:
        number = COUNT.match(data)
        if number is None:
            raise BAD_LIMIT(most=MOST)
        return min(int(number[1][:9]), MOST)


@extend_schema_field({"type": "string", "format": "uri", "enum": [str(each) for each in Crs]})
class CrsParam(serializers.Field):
    def to_internal_value(self, data: str) -> Crs:
        try:
            return Crs(data)
        except ValueError:
            raise UNKNOWN_CRS.at("", said="、".join(Crs)) from None


class BboxParam(serializers.CharField):
    """Four numbers, or six with heights, which say nothing here."""

    def to_internal_value(self, data: Any) -> tuple[float, ...]:  # type: ignore[override]
        try:
            numbers = tuple(map(degrees, super().to_internal_value(data).split(",")))
        except ValueError:
            raise BAD_BBOX(detail=HOW_A_BOX) from None
        if len(numbers) not in (4, 6) or not all(map(isfinite, numbers)):
            raise BAD_BBOX(detail=HOW_A_BOX)
        half = len(numbers) // 2
        if half == 3 and numbers[2] > numbers[5]:
            raise BAD_BBOX(detail="最低应不高于最高。")
        return (*numbers[:2], *numbers[half : half + 2])


class DatetimeParam(serializers.CharField):
    """Look-ups of a moment: `{"gte": …, "lte": …}`. A day is meant whole, in Asia/Shanghai; an interval has both its ends."""

    def to_internal_value(self, data: Any) -> dict[str, datetime]:  # type: ignore[override]
        begin, *more = super().to_internal_value(data).upper().split("/")
        end = more[0] if more else begin
        if len(more) > 1 or (begin in OPEN_ENDS and end in OPEN_ENDS):
            raise BAD_DATETIME()
        try:
            asked = _since(begin) | _until(end)
        except serializers.ValidationError:
            raise BAD_DATETIME() from None
        if _backwards(**asked):
            raise BAD_DATETIME()
        return asked


def _backwards(gte: datetime | None = None, lte: datetime | None = None, lt: datetime | None = None) -> bool:
    return gte is not None and ((lte is not None and gte > lte) or (lt is not None and gte >= lt))


def _since(text: str) -> dict[str, datetime]:
    return {} if text in OPEN_ENDS else {"gte": DayOrMoment().to_internal_value(text)}


def _until(text: str) -> dict[str, datetime]:
    if text in OPEN_ENDS:
        return {}
    if DAY.match(text):
        return {"lt": day_over(serializers.DateField().to_internal_value(text))}
    return {"lte": DayOrMoment().to_internal_value(text)}


def boxes(numbers: tuple[float, ...], crs: Crs) -> list[Bbox]:
    """One, or two of a box that crosses the antimeridian. Raises BAD_BBOX."""
    west, south, east, north = (numbers[place] for place in ((1, 0, 3, 2) if crs.latitude_first else (0, 1, 2, 3)))
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        first = "EPSG:4490 纬度在前" if crs.latitude_first else "CRS84 经度在前"
        raise BAD_BBOX(detail=f"{first}，经度在 ±180、纬度在 ±90 以内。")
    if south > north:
        raise BAD_BBOX(detail="南界不应高于北界。")
    if west <= east:
        return [Bbox(west, south, east, north)]
    return [Bbox(west, south, 180.0, north), Bbox(-180.0, south, east, north)]


# --- what each address takes -------------------------------------------------------------------------------------------
class FormatOnly(Filters):
    f = serializers.CharField(required=False, max_length=20, help_text="json、html，要素另有 gml；不写时按 Accept")


PAGE: dict[str, serializers.Field] = {
    "limit": LimitParam(required=False, default=DEFAULT, help_text="1 至 10000"),
    "cursor": serializers.CharField(required=False, default=None, max_length=400, help_text="取自 next，勿自行拼写"),
    "bbox": BboxParam(required=False, default=None, max_length=200, help_text="4 个或 6 个数，按 bbox-crs 的轴序"),
    "bbox-crs": CrsParam(required=False, default=STORED, help_text="bbox 的坐标系"),
    "datetime": DatetimeParam(required=False, default=None, max_length=100, help_text="时刻、日期或区间，一端可为 .."),
}
SHOWN_IN: dict[str, serializers.Field] = {"crs": CrsParam(required=False, default=STORED, help_text="坐标系")}
ItemFilters = type("ItemFilters", (FormatOnly,), {**SHOWN_IN})  # DRF takes the fields out of what it is given
ItemsFilters = type("ItemsFilters", (FormatOnly,), SHOWN_IN | PAGE)
OWN = (*SHOWN_IN, *PAGE)


def filters_of(layer: Layer) -> type[Filters]:
    """What every collection takes, and by which properties this one is chosen."""
    return _beside(layer.filters)


@cache
def _beside(own: type[Filters]) -> type[Filters]:
    return type("CollectionFilters", (own, ItemsFilters), {})
