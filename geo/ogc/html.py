"""The documents for whoever looks into them with a browser: plain tables and links, no script."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SAID = {None: "", True: "是", False: "否"}


def page(title: str, document: dict[str, Any], heads: list[str], rows: list[list[Any]]) -> HttpResponse:
    """`rows` of cells; a cell that is a link is (address, words)."""
    facts = {
        "title": title,
        "about": document.get("description"),
        "links": document.get("links", ()),
        "heads": heads,
        "rows": rows,
    }
    return HttpResponse(render_to_string("geo/ogc.html", facts), headers={"Content-Security-Policy": POLICY})


def landing(document: dict[str, Any]) -> HttpResponse:
    return page(document["title"], document, [], [])


def conformance(document: dict[str, Any]) -> HttpResponse:
    return page("符合的标准", document, ["标准"], [[each] for each in document["conformsTo"]])


def api(document: dict[str, Any]) -> HttpResponse:
    rows = [[path, of["get"]["summary"]] for path, of in document["paths"].items()]
    return page("接口说明", document | {"links": []}, ["地址", "内容"], rows)


def collections(document: dict[str, Any]) -> HttpResponse:
    rows = [[(each["links"][0]["href"] + "?f=html", each["title"]), each["id"]] for each in document["collections"]]
    return page("图层", document, ["图层", "代码"], rows)


def collection(document: dict[str, Any]) -> HttpResponse:
    rows = [["代码", document["id"]], *(["坐标系", crs] for crs in document["crs"])]
    return page(document["title"], document, [], rows)


def items(document: dict[str, Any]) -> HttpResponse:
    here = document["links"][0]["href"].split("?")[0]
    heads = list(document["features"][0]["properties"]) if document["features"] else []
    rows = [
        [(f"{here}/{each['id']}?f=html", each["id"]), *map(_said, each["properties"].values())]
        for each in document["features"]
    ]
    return page("要素", document, ["id", *heads], rows)


def item(document: dict[str, Any]) -> HttpResponse:
    rows = [[name, _said(value)] for name, value in document["properties"].items()]
    return page(str(document["id"]), document, [], [*rows, ["geometry", json.dumps(document["geometry"])]])


def _said(value: Any) -> Any:
    return SAID.get(value, value) if value is None or isinstance(value, bool) else value
