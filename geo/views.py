"""Doors to places: the list of regions, and any layer as GeoJSON or as tiles."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.keys.authentication import WITH_ACCESS_KEY
from geo import features, grid, layers, packing, tiles
from geo.coordinates import Crs
from geo.models import Region, RegionLevel
from geo.serializers import BboxParam, CrsParam, RegionOut, RegionParam, point_out
from safety_api.doors import Door, Filters
from safety_api.paging import OF_A_PAGE, decode, encode, list_of, read_limit
from safety_api.problems import BAD_BBOX, BAD_TILE
from safety_api.stamps import State

KEPT_S = 20  # seconds for which a browser does not ask for a tile again; cells are as late anyway
WHOLE_LIST = 1000  # regions given at once when no limit is asked for: a county has 271


class RegionFilters(Filters):
    level = serializers.ChoiceField(RegionLevel.choices, required=False)
    parent = serializers.RegexField(r"^[1-9][0-9]{11}$", required=False, help_text="上级代码12位")  # type: ignore[assignment]
    region = RegionParam(required=False)
    on = serializers.DateField(required=False, help_text="某日有效的区划；不写则为最新")
    geometry = serializers.BooleanField(required=False, default=False)
    crs = CrsParam()


class RegionDoor(Door):
    """行政区划：县、乡镇、村（社区）。不写 limit 时一次给出至多 1000 条。"""

    serializer_class = RegionOut
    ordering = ("code",)
    etag_tables = ("geo.Region", "geo.RegionVersion")
    filters = RegionFilters

    def get_queryset(self):
        return Region.objects.visible_to(self.request.user)

    def chosen(self, rows, *, geometry=False, crs=Crs.WGS84, on=None, level=None, parent=None, region=None, **_):
        self.form = geometry, crs
        rows = rows.on(on).named_as_on(on) if on else rows.today()
        rows = rows.filter(level=level) if level else rows
        rows = rows.filter(parent=parent) if parent else rows
        rows = rows.within(region) if region else rows
        return rows.annotate(drawn=AsGeoJSON("area", precision=features.PRECISION)) if geometry else rows

    def page_of(self, rows) -> Response:
        rows = rows.defer("area")
        if not {"limit", "cursor", "count"} & set(self.request.query_params):
            found = list(rows.order_by("code")[: WHOLE_LIST + 1])
            if len(found) <= WHOLE_LIST:
                return Response({"next": None, "previous": None, "results": self._shown(found)})
        return self.get_paginated_response(self._shown(self.paginate_queryset(rows)))

    def _shown(self, regions) -> list[dict[str, Any]]:
        return [region_out(region, *self.form) for region in regions]


def region_out(region: Region, geometry: bool = False, crs: Crs = Crs.WGS84) -> dict[str, Any]:
    """RegionOut by hand: the serializer would take ten times as long for a county's list."""
    shown = {
        "code": region.code,
        "name": getattr(region, "name_then", region.name),
        "level": region.level,
        "parent": region.parent_id,
        "urban_rural_code": region.urban_rural_code,
        "virtual": region.virtual,
        "valid_from": region.valid_from,
        "valid_to": region.valid_to,
        "point": point_out(region.point, crs),
    }
    return shown | _geometry(region, crs) if geometry else shown


def _geometry(region: Region, crs: Crs) -> dict[str, Any]:
    text = getattr(region, "drawn", None)
    if not text:
        return {"geometry": None, "approximate": None}
    found = json.loads(text)
    if crs not in features.UNSHIFTED:
        found["coordinates"] = features.shift(found["coordinates"], crs)
    return {"geometry": found, "approximate": region.area_approximate}


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": features.MOST})
class LimitParam(serializers.Field):
    def to_internal_value(self, data: str) -> int:
        return read_limit(data, features.MOST)


class MapFilters(Filters):
    bbox = BboxParam(required=False)
    crs = CrsParam()
    limit = LimitParam(required=False, help_text="一页几个；写了就分页，next 为下一页的地址，没有则为 null")
    cursor = serializers.CharField(required=False, help_text="翻页标记，取自 next")


HOW_SHOWN = OF_A_PAGE | {"crs"}


class TileFilters(Filters):
    """A tile's address says where; the layer's own filters come on top."""

    clusters = serializers.BooleanField(
        required=False, default=False, help_text="true：各级缩放都把相近的点并为一个：count 为个数，majors 等为其中几个；单独的一个带自己的属性"
    )


@cache
def _both(layer: type[Filters], own: type[Filters]) -> type[Filters]:
    return type("LayerFilters", (layer, own), {})


class MapDoor(Door):
    """地图图层：hazards、enterprises、accidents、inspections、regions。"""

    layer: layers.Layer
    kept = False  # whether the answer is made of kept cells
    state = ""
    serializer_class = None
    authentication_classes = WITH_ACCESS_KEY
    pagination_class = None  # type: ignore[assignment]
    filters: ClassVar[dict[str, type[Filters]]] = {"geojson": MapFilters, "tile": TileFilters}

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        self.layer = layers.opened(kwargs["layer"], request.user)
        self.etag_tables = self.layer.tables()  # type: ignore[misc]

    def filters_of_action(self) -> type[Filters]:
        """What every map takes, and what this layer takes."""
        own = super().filters_of_action()
        layer = layers.REGISTRY.get(getattr(self, "kwargs", {}).get("layer", ""))
        return _both(layer.filters, own) if layer else own

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    def geojson(self, request: Request, layer: str) -> HttpResponse:
        """一个图层的 GeoJSON。除 regions 外须有 bbox；至多 5000 个要素，更多时 truncated 为 true。写 limit 则按编号分页，翻页只用 next。"""
        params = self.parameters()
        bbox, crs, limit, cursor = (params.pop(name, None) for name in ("bbox", "crs", "limit", "cursor"))
        if bbox is None and self.layer.needs_bbox:
            raise BAD_BBOX(detail="须给出 bbox。")
        if limit is None and cursor is None:
            return packing.packed(request, self.tagged(lambda: self._geojson(crs, features.collection(self.layer, request.user, bbox, params))))
        return packing.packed(request, self.tagged(lambda: self._geojson(crs, self._page(bbox, params, limit or features.MOST, cursor))))

    def _page(self, bbox, params: dict, limit: int, cursor: str | None) -> str:
        place = list_of(self.request, HOW_SHOWN)
        after = self._key(cursor, place) if cursor is not None else None
        page = features.page(self.layer, self.request.user, bbox, params, limit, after)
        more = json.dumps({"truncated": page.last is not None, "next": self._next(page.last, place)}, ensure_ascii=False)
        return f'{{"type": "FeatureCollection", {more[1:-1]}, "features": {page.features}}}'

    def _key(self, cursor: str, place: str) -> Any:
        rows = apps.get_model(self.layer.model)._default_manager.all()
        _, [key] = decode(cursor, rows, [rows.model._meta.pk.name], place)
        return key

    def _next(self, last: Any, place: str) -> str | None:
        if last is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = encode("n", [last], place)
        return f"{self.request.build_absolute_uri(self.request.path)}?{query.urlencode()}"

    def _geojson(self, crs: Crs, text: str) -> HttpResponse:
        return HttpResponse(features.shifted(text, crs), content_type="application/geo+json")

    @extend_schema(responses={(200, "application/vnd.mapbox-vector-tile"): OpenApiTypes.BINARY})
    def tile(self, request: Request, layer: str, z: int, x: int, y: int) -> HttpResponse:
        """一个图层的矢量瓦片（MVT）。12级以下的点按格汇总：count 为个数，worst 为最重；再往下，一块里超过2000个时也汇总。
        汇总的数可能迟约半分钟。"""
        tile = tiles.Tile(z, x, y)
        if not tile.exists():
            raise BAD_TILE()
        params = self.parameters()
        clusters = params.pop("clusters")
        self.kept = not clusters and grid.serves(self.layer, self.request.user, z, params)
        if self.kept:
            self.etag_tables = ("geo.GridRun",)  # type: ignore[misc]
        answer = self.tagged(lambda: self._tile(tile, params, clusters), self.kept)
        answer["Cache-Control"] = f"private, max-age={KEPT_S}"
        patch_vary_headers(answer, ["Cookie", "Authorization"])  # another person at this browser asks anew
        return packing.packed(request, answer, self.kept)

    def _tile(self, tile: tiles.Tile, params: dict, clusters: bool) -> HttpResponse:
        def made() -> bytes:
            return tiles.tile_of(self.layer, self.request.user, tile, params, kept=self.kept, clusters=clusters)

        drawn = packing.TILES.get(self.state, made) if self.kept else made()
        return HttpResponse(drawn, content_type="application/vnd.mapbox-vector-tile")

    def tag_of_state(self, found: State, asked: tuple) -> str:
        self.state = super().tag_of_state(found, asked)
        return self.state

    def who_asks_for_what(self) -> tuple:
        """Of kept cells all that see the same rows are told the same."""
        if not self.kept:
            return super().who_asks_for_what()
        return grid.seen_by(self.request.user), self.request.get_full_path(), timezone.localdate()
