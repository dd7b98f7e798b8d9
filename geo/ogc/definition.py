"""The service's own OpenAPI 3.0 document: with the layers, and the filters of each, that whoever asks may open."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from geo.layers import Layer
from geo.ogc import documents
from geo.ogc.crs import STORED, Crs
from geo.ogc.documents import GEOJSON, GML, HTML, JSON, OPENAPI
from geo.ogc.parameters import DEFAULT, MOST
from safety_api.parameters import DayOrMoment, Several

TYPES: tuple[tuple[type[serializers.Field], dict[str, Any]], ...] = (
    (serializers.BooleanField, {"type": "boolean"}),
    (serializers.DateField, {"type": "string", "format": "date"}),
    (serializers.UUIDField, {"type": "string", "format": "uuid"}),
    (serializers.IntegerField, {"type": "integer"}),
    (DayOrMoment, {"type": "string"}),
)
CRS_URI = {"type": "string", "format": "uri", "enum": list(Crs), "default": STORED}
PAGE: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
    "cursor": {"type": "string"},
    "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    "bbox-crs": CRS_URI,
    "datetime": {"type": "string"},
    "crs": CRS_URI,
}


def document(request: Any, layers: list[Layer]) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": documents.TITLE, "description": documents.ABOUT, "version": "1.0.0"},
        "servers": [{"url": documents.address(request, "landing").rstrip("/")}],
        "security": [{"accessKey": []}, {"basic": []}],
        "paths": _paths(layers),
        "components": {
            "parameters": {name: _parameter(name, schema) for name, schema in PAGE.items()}
            | {"f": _parameter("f", _one_of("json", "html", "gml"))},
            "responses": {
                "Problem": {
                    "description": "问题（RFC 9457）",
                    "content": {"application/problem+json": {"schema": {"type": "object"}}},
                }
            },
            "securitySchemes": {
                "accessKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "Key <访问密钥>",
                },
                "basic": {"type": "http", "scheme": "basic", "description": "用户名与访问密钥；口令不收"},
            },
        },
    }


def _paths(layers: list[Layer]) -> dict[str, Any]:
    ids = {"name": "collectionId", "in": "path", "required": True, "schema": _one_of(*(layer.name for layer in layers))}
    paths = {
        "/": _get("landing", "服务首页", JSON, HTML),
        "/conformance": _get("conformance", "符合的标准", JSON, HTML),
        "/api": _get("api", "接口定义", OPENAPI, HTML),
        "/collections": _get("collections", "图层", JSON, HTML),
        "/collections/{collectionId}": _get("collection", "一个图层", JSON, HTML, parameters=[ids]),
    }
    for layer in layers:
        paths |= _of_layer(layer)
    return paths


def _of_layer(layer: Layer) -> dict[str, Any]:
    title, here = documents.title_of(layer), f"/collections/{layer.name}/items"
    own = [_parameter(name, _schema(field), field.help_text) for name, field in layer.filters().fields.items()]
    item = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        here: _get(f"items_{layer.name}", f"{title}：要素", GEOJSON, HTML, GML, parameters=[*map(_named, PAGE), *own]),
        here + "/{featureId}": _get(
            f"item_{layer.name}", f"{title}：一个要素", GEOJSON, HTML, GML, parameters=[item, _named("crs")]
        ),
    }


def _get(name: str, summary: str, *kinds: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    shown = {kind: {"schema": {"type": "string" if kind in (HTML, GML) else "object"}} for kind in kinds}
    answers = {"200": {"description": summary, "content": shown}, "default": {"$ref": "#/components/responses/Problem"}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*(parameters or []), _named("f")],
            "responses": answers,
        }
    }


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameter(name: str, schema: dict[str, Any], about: Any = None) -> dict[str, Any]:
    said = {"description": str(about)} if about else {}
    listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
    return {"name": name, "in": "query", "required": False, **said, "schema": schema, **listed}


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)} if words else {"type": "string"}


def _schema(field: Any) -> dict[str, Any]:
    if isinstance(field, Several):
        return {"type": "array", "items": _schema(field.child)}
    if isinstance(field, serializers.ChoiceField):
        return _one_of(*map(str, field.choices))
    return next((schema for kind, schema in TYPES if isinstance(field, kind)), {"type": "string"})
