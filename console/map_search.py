"""查找 Where on the map is …: units by name, credit code or pinyin, townships and villages by name or initials; and the words in hazards."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from console.gate import office
from console.shown import shown
from enterprises.models import Enterprise
from geo.models import Region
from geo.packing import packed
from geo.querysets import located
from safety_api import words

MOST_UNITS, MOST_PLACES, MOST_SIGNS = 8, 6, 60
KEPT_S = 3600
NEAR = 15  # zoom at which one unit is looked at
PLACE_ZOOM = {"township": 11, "village": 14}


class Found(NamedTuple):
    name: str
    about: str
    link: str
    at: str = ""


@office("map.tile")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "")[:MOST_SIGNS].strip()
    found = [*_places(text), *_units(text, request.user)] if words.asked(text) else []
    return shown(request, "console/map/found.html", text=text, found=found, in_hazards=f"/map?{urlencode({'q': text})}")


def _units(text: str, user: Any) -> list[Found]:
    rows = located(Enterprise.objects.visible_to(user).saying(text).named_places().order_by("name", "pk"))[:MOST_UNITS]
    return [
        Found(row.name, row.township_name or "", f"/map?{urlencode({'enterprise': row.pk})}", _at(row, NEAR) if row.wgs_lon is not None else "")
        for row in rows
    ]


def _places(text: str) -> list[Found]:
    wanted = words.asked(text)
    rows = [row for row in _located_places() if words.holds(_spelled(row["name"]), wanted)]
    rows.sort(key=lambda row: (row["level"] != "township", row["code"]))
    names = {row["code"]: row["name"] for row in _located_places() if row["level"] == "township"}
    return [
        Found(
            row["name"], "乡镇" if row["level"] == "township" else names.get(f"{row['code'][:9]}000", ""),
            f"/map?{urlencode({'region': row['code'][: 9 if row['level'] == 'township' else 12]})}",
            f"{PLACE_ZOOM[row['level']]}/{row['lat']}/{row['lon']}" if row["lon"] is not None else "",
        )
        for row in rows[:MOST_PLACES]
    ]  # fmt: skip


@lru_cache(maxsize=1024)
def _spelled(name: str) -> str:
    return words.spelled(name)


def _at(row: Any, zoom: int) -> str:
    return f"{zoom}/{row.wgs_lat:.5f}/{row.wgs_lon:.5f}"


# --- names on the map -----------------------------------------------------------------------------------------------------
def _located_places() -> list[dict[str, Any]]:
    rows = located(Region.objects.today().filter(level__in=PLACE_ZOOM).order_by("code"))
    return [{name: getattr(row, name) for name in ("code", "name", "level")} | {"lon": row.wgs_lon, "lat": row.wgs_lat} for row in rows.defer("area")]


@office("map.tile")
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Names of townships and villages, where they are known to lie; the same for everybody, so a browser keeps them."""
    features = [
        {
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {"name": row["name"], "level": row["level"], "code": row["code"]},
        }
        for row in _located_places()
        if row["lon"] is not None
    ]  # fmt: skip
    answer = JsonResponse({"type": "FeatureCollection", "features": features}, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = f"private, max-age={KEPT_S}"
    return packed(request, answer)
