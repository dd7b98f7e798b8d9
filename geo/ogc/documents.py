"""What the service says of itself. Links are absolute: desks of GIS follow them as they stand."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.urls import reverse

from geo.coordinates import COUNTY
from geo.layers import Layer
from geo.ogc.crs import STORED, Crs

JSON, GEOJSON, HTML, GML = "application/json", "application/geo+json", "text/html", "application/gml+xml;version=3.2"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
TITLE, ABOUT = "兴县安全生产监管", "隐患、企业、风险点、检查、事故与行政区划图层，按本人管辖范围。"
PARTS = {
    "ogcapi-features-1": ("core", "oas30", "html", "geojson"),  # no gmlsf0: it wants every document as XML too
    "ogcapi-features-2": ("crs",),
}
CONFORMS_TO = [f"http://www.opengis.net/spec/{part}/1.0/conf/{name}" for part, names in PARTS.items() for name in names]

Link = dict[str, str]


def address(request: Any, name: str, *parts: str) -> str:
    return request.build_absolute_uri(reverse(f"ogc-{name}", args=parts))


def link(href: str, rel: str, kind: str, title: str) -> Link:
    return {"href": href, "rel": rel, "type": kind, "title": title}


def itself(request: Any, kind: str, others: dict[str, str]) -> list[Link]:
    """This document, as it was asked for and as it might have been: `f` → its type."""
    here = request.build_absolute_uri()
    asked = request.query_params.copy()
    links = [link(here, "self", kind, "本页")]
    for word, other in others.items():
        asked["f"] = word
        if other != kind:
            links.append(
                link(
                    f"{request.build_absolute_uri(request.path)}?{asked.urlencode()}",
                    "alternate",
                    other,
                    f"本页的 {word} 形式",
                )
            )
    return links


def landing(request: Any) -> dict[str, Any]:
    def to(name: str, rel: str, kind: str, title: str) -> Link:
        return link(address(request, name), rel, kind, title)

    return {
        "title": TITLE,
        "description": ABOUT,
        "links": [
            to("api", "service-desc", OPENAPI, "接口定义（OpenAPI 3.0）"),
            link(address(request, "api") + "?f=html", "service-doc", HTML, "接口说明"),
            to("conformance", "conformance", JSON, "符合的标准"),
            to("collections", "data", JSON, "图层"),
        ],
    }


def collection(request: Any, layer: Layer) -> dict[str, Any]:
    def items(word: str, kind: str) -> Link:
        return link(f"{address(request, 'items', layer.name)}?f={word}", "items", kind, "要素")

    here = address(request, "collection", layer.name)
    return {
        "id": layer.name,
        "title": title_of(layer),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(COUNTY)], "crs": STORED}}
        | ({"temporal": {"interval": [[None, None]]}} if layer.moment else {}),
        "crs": list(Crs),
        "storageCrs": STORED,
        "links": [
            link(here, "self", JSON, title_of(layer)),
            items("json", GEOJSON),
            items("html", HTML),
            items("gml", GML),
        ],
    }


def title_of(layer: Layer) -> str:
    return str(apps.get_model(layer.model)._meta.verbose_name)
