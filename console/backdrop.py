"""底图 A background of others (天地图, a tile server of the county's own) behind our layers, fetched by the server: the address with its key
stays here, the host is the operator's, and a browser meets no host but ours. Off where BACKDROP_URL says nothing."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from console.gate import office

PATIENCE = 3.0  # seconds to connect, and for each answer
MOST = 512 * 1024  # bytes of a tile
DEEPEST = 18
KEPT_S = 7 * 24 * 3600
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})


@office("map.tile")
@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """404 for whatever is no picture: the map then shows our own ground. An answer that failed is not kept."""
    if not settings.BACKDROP_URL or not (z <= DEEPEST and x < 1 << z and y < 1 << z):
        raise Http404
    content, media_type = _fetched(settings.BACKDROP_URL.format(z=z, x=x, y=y))
    return HttpResponse(content, content_type=media_type, headers={"Cache-Control": f"private, max-age={KEPT_S}"})


@cache
def _pool() -> PoolManager:
    return PoolManager(num_pools=1, maxsize=8, timeout=Timeout(connect=PATIENCE, read=PATIENCE), retries=False)


def _fetched(address: str) -> tuple[bytes, str]:
    """Raises Http404; what urllib3 says of an address is not passed on, for the key stands in it."""
    try:
        answer = _pool().request("GET", address, redirect=False, preload_content=False, headers={"User-Agent": "safety"})
        try:
            media_type, content = answer.headers.get("Content-Type", "").partition(";")[0].strip(), answer.read(MOST + 1)
        finally:
            answer.release_conn()
    except HTTPError:
        raise Http404 from None
    if answer.status != 200 or media_type not in PICTURES or len(content) > MOST:
        raise Http404
    return content, media_type
