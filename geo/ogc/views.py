"""The doors of `/ogc/`: for sessions, tokens and access keys alike, each with the rows of its person."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from accounts.keys.authentication import WITH_ACCESS_KEY
from geo import layers
from geo.layers import Layer
from geo.ogc import definition, documents, gml, html, items
from geo.ogc.crs import Crs
from geo.ogc.documents import GEOJSON, GML, HTML, JSON, OPENAPI
from geo.ogc.parameters import OWN, FormatOnly, ItemFilters, ItemsFilters, boxes, filters_of
from safety_api.doors import Door, Filters
from safety_api.paging import OF_A_PAGE, decode, encode, list_of
from safety_api.problems import BAD_PARAMETER, NOT_ACCEPTABLE, NOT_FOUND
from safety_api.renderers import to_json
from safety_api.shapes import shared

PAGES = {"json": JSON, "html": HTML}
FEATURES = {"json": GEOJSON, "html": HTML, "gml": GML}
HOW_SHOWN = OF_A_PAGE | {"f", "crs"}
ALSO_JSON = {JSON: "json", "application/openapi+json": "json", "application/vnd.oai.openapi+json": "json"}


@require_safe
def at_the_door(request) -> HttpResponse:
    """`/ogc`, as some write it."""
    return redirect("ogc-landing", permanent=True)


class ByOurselves(BaseContentNegotiation):
    """Refusals are problem JSON whatever was accepted; representations are chosen by `chosen_form`."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class OgcDoor(Door):
    """OGC API – Features：图层供 QGIS、GDAL 等读取（docs/gis.md）。登录用访问密钥，也可用令牌或网页会话。"""

    serializer_class = None
    pagination_class = None  # type: ignore[assignment]
    authentication_classes = WITH_ACCESS_KEY
    content_negotiation_class = ByOurselves
    filters: ClassVar[dict[str, type[Filters]]] = {"items": ItemsFilters, "item": ItemFilters, "*": FormatOnly}
    layer: Layer

    def get_authenticate_header(self, request) -> str:
        return 'Basic realm="OGC API", charset="UTF-8"'

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if "collection" in kwargs:
            self.layer = layers.opened(kwargs["collection"], request.user)
            self.etag_tables = self.layer.tables()  # type: ignore[misc]

    def filters_of_action(self) -> type[Filters]:
        layer = layers.REGISTRY.get(getattr(self, "kwargs", {}).get("collection", ""))
        return filters_of(layer) if layer and self.action == "items" else super().filters_of_action()

    # --- what there is ---------------------------------------------------------------------------------------------------
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def landing(self, request):
        """服务首页"""
        form, kind = self.chosen_form()
        document = documents.landing(request)
        document["links"] = [*documents.itself(request, kind, PAGES), *document["links"]]
        return self.said(document, form, html.landing)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def conformance(self, request):
        """符合的标准"""
        form, _ = self.chosen_form()
        return self.said({"conformsTo": documents.CONFORMS_TO}, form, html.conformance)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def api(self, request):
        """接口定义（OpenAPI 3.0）：本人可打开的图层及其筛选"""
        form, _ = self.chosen_form({"json": OPENAPI, "html": HTML})
        return self.said(definition.document(request, self.open_layers()), form, html.api, OPENAPI)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def collections(self, request):
        """本人可打开的图层"""
        form, kind = self.chosen_form()
        found = [documents.collection(request, layer) for layer in self.open_layers()]
        document = {"links": documents.itself(request, kind, PAGES), "collections": found, "crs": list(Crs)}
        return self.said(document, form, html.collections)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def collection(self, request, collection: str):
        """一个图层"""
        form, kind = self.chosen_form()
        document = documents.collection(request, self.layer)
        document["links"][:1] = documents.itself(request, kind, PAGES)
        return self.said(document, form, html.collection)

    def open_layers(self) -> list[Layer]:
        return [layer for _, layer in sorted(layers.REGISTRY.items()) if layer.open_to(self.request.user)]

    # --- features --------------------------------------------------------------------------------------------------------
    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    def items(self, request, collection: str):
        """一个图层的要素：bbox、datetime、图层自己的筛选；翻页只用 next"""
        asked = self.parameters()
        form, kind = self.chosen_form(FEATURES, asked.pop("f", None))
        own = {name: asked.pop(name) for name in OWN}
        here = boxes(own["bbox"], own["bbox-crs"]) if own["bbox"] else []
        return self.tagged(lambda: self._items(form, kind, own, here, asked), form)

    def _items(self, form: str, kind: str, own: dict[str, Any], here: list, asked: dict[str, Any]) -> HttpResponse:
        rows = items.chosen(self.layer, self.layer.query(self.request.user, asked), here, own["datetime"])
        page = items.page(self.layer, rows, own["limit"], self._after(rows, own["cursor"]))
        links = documents.itself(self.request, kind, FEATURES)
        if page.last is not None:
            links.append(documents.link(self._next(page.last), "next", kind, "下一页"))
        more = {"links": links, "numberReturned": page.number} | (
            {} if page.matched is None else {"numberMatched": page.matched}
        )
        text = f'{{"type":"FeatureCollection",{to_json(more).decode()[1:-1]},"features":{page.features}}}'
        return self.shown_in(text, form, own["crs"], html.items, gml.items)

    def _after(self, rows: Any, cursor: str | None) -> Any:
        if cursor is None:
            return None
        _, [key] = decode(cursor, rows, [rows.model._meta.pk.name], list_of(self.request, HOW_SHOWN))
        return key

    def _next(self, last: Any) -> str:
        query = self.request.query_params.copy()
        query["cursor"] = encode("n", [last], list_of(self.request, HOW_SHOWN))
        return f"{self.request.build_absolute_uri(self.request.path)}?{query.urlencode()}"

    @extend_schema(responses={(200, "application/geo+json"): OpenApiTypes.OBJECT})
    def item(self, request, collection: str, feature: str):
        """一个要素"""
        asked = self.parameters()
        form, kind = self.chosen_form(FEATURES, asked.get("f"))
        return self.tagged(lambda: self._item(form, kind, asked["crs"], feature), form)

    def _item(self, form: str, kind: str, crs: Crs, feature: str) -> HttpResponse:
        rows = self.layer.query(self.request.user, shared(self.layer.filters).run_validation({}))
        try:
            rows = rows.filter(pk=rows.model._meta.pk.to_python(feature))
        except ValidationError:
            raise NOT_FOUND() from None
        found = items.one(self.layer, items.chosen(self.layer, rows, [], None))
        if found is None:
            raise NOT_FOUND()
        whole = documents.link(
            documents.address(self.request, "collection", self.layer.name), "collection", JSON, "图层"
        )
        links = to_json([*documents.itself(self.request, kind, FEATURES), whole]).decode()
        return self.shown_in(f'{found[:-1]}, "links": {links}}}', form, crs, html.item, gml.item)

    # --- representations -------------------------------------------------------------------------------------------------
    def chosen_form(self, offered: dict[str, str] = PAGES, asked: str | None = None) -> tuple[str, str]:
        """By `f`, else by Accept. Raises BAD_PARAMETER, NOT_ACCEPTABLE."""
        asked = asked or self.request.query_params.get("f")
        if asked is not None and asked not in offered:
            raise BAD_PARAMETER.at("", said="、".join(offered), name="f")
        kinds = {kind.split(";")[0]: form for form, kind in offered.items()}
        form = asked or (kinds | ALSO_JSON).get(self.request._request.get_preferred_type([*kinds, *ALSO_JSON]) or "")
        if form is None:
            raise NOT_ACCEPTABLE()
        return form, offered[form]

    def said(self, document: dict[str, Any], form: str, as_page: Callable, kind: str = JSON) -> HttpResponse:
        answer = as_page(document) if form == "html" else HttpResponse(to_json(document), content_type=kind)
        answer["Vary"] = "Accept, Authorization, Cookie"
        return answer

    def shown_in(self, text: str, form: str, crs: Crs, as_page: Callable, as_gml: Callable) -> HttpResponse:
        """GeoJSON as PostGIS made it; the numbers of both systems are the same, and in GeoJSON their order too."""
        if form == "json":
            answer = HttpResponse(text, content_type=GEOJSON)
        else:
            answer = as_page(json.loads(text)) if form == "html" else as_gml(self.layer, json.loads(text), crs)
        answer["Content-Crs"] = f"<{crs}>"
        answer["Vary"] = "Accept, Authorization, Cookie"
        return answer
