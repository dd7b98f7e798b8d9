"""Items as GML 3.2 simple features, for desks that keep to the authority's order of axes: EPSG:4490 is latitude, longitude here."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse

from geo.layers import Layer
from geo.ogc.crs import Crs
from geo.ogc.documents import GML
from safety_api.shapes import CONTROL

SPACES = {
    "sf": "http://www.opengis.net/ogcapi-features-1/1.0/sf",
    "gml": "http://www.opengis.net/gml/3.2",
    "atom": "http://www.w3.org/2005/Atom",
    "aq": "urn:safety:layers",
}
DECLARED = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())


def items(layer: Layer, document: dict[str, Any], crs: Crs) -> HttpResponse:
    links = "".join(
        f"<atom:link rel={quoteattr(each['rel'])} type={quoteattr(each['type'])} href={quoteattr(each['href'])}/>"
        for each in document["links"]
    )
    members = "".join(
        f"<sf:featureMember>{_feature(layer, each, crs)}</sf:featureMember>" for each in document["features"]
    )
    return _answer(f"<sf:FeatureCollection {DECLARED}>{links}{members}</sf:FeatureCollection>")


def item(layer: Layer, document: dict[str, Any], crs: Crs) -> HttpResponse:
    return _answer(_feature(layer, document, crs, f" {DECLARED}"))


def _answer(text: str) -> HttpResponse:
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', content_type=GML)


def _feature(layer: Layer, feature: dict[str, Any], crs: Crs, declared: str = "") -> str:
    key, geometry = f"{layer.name}.{feature['id']}", feature["geometry"]
    shape = SHAPES[geometry["type"]](
        geometry["coordinates"], crs, f"gml:id={quoteattr(key + '.g')} srsName={quoteattr(crs)}"
    )
    said = "".join(
        f"<aq:{name}>{_text(value)}</aq:{name}>" for name, value in feature["properties"].items() if value is not None
    )
    return (
        f"<aq:{layer.name} gml:id={quoteattr(key)}{declared}><aq:geometry>{shape}</aq:geometry>{said}</aq:{layer.name}>"
    )


def _text(value: Any) -> str:
    return escape(CONTROL.sub("", str(value).lower() if isinstance(value, bool) else str(value)))


def _point(place: list[float], crs: Crs, named: str) -> str:
    return f"<gml:Point {named}><gml:pos>{_places([place], crs)}</gml:pos></gml:Point>"


def _polygons(polygons: list, crs: Crs, named: str) -> str:
    members = "".join(
        f"<gml:surfaceMember><gml:Polygon>{_rings(each, crs)}</gml:Polygon></gml:surfaceMember>" for each in polygons
    )
    return f"<gml:MultiSurface {named}>{members}</gml:MultiSurface>"


def _rings(rings: list, crs: Crs) -> str:
    return "".join(
        f"<gml:{side}><gml:LinearRing><gml:posList>{_places(ring, crs)}</gml:posList></gml:LinearRing></gml:{side}>"
        for side, ring in zip(["exterior", *["interior"] * (len(rings) - 1)], rings, strict=True)
    )


def _places(places: list[list[float]], crs: Crs) -> str:
    return " ".join(f"{lat} {lon}" if crs.latitude_first else f"{lon} {lat}" for lon, lat in places)


SHAPES = {
    "Point": _point,
    "Polygon": lambda rings, crs, named: _polygons([rings], crs, named),
    "MultiPolygon": _polygons,
}
