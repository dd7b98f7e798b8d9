"""资源 Styles, scripts, pictures: each app keeps its own in `assets/`, and all of them have one address by what they are together.

`/assets/{edition}/phone/app.js`: the edition is a digest of all files, so an answer may be kept for ever, relative imports between scripts stay
within one edition, and nothing has to be built. Made once a process, compressed once.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
SQUEEZED = frozenset(TYPES)


class Asset(NamedTuple):
    content: bytes
    squeezed: bytes  # gzip; empty where it would save nothing
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """By name: `pages/tokens.css`."""
    found = {}
    for app in settings.OUR_APPS:
        folder = Path(settings.BASE_DIR) / app / "assets"
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file():
                found[f"{app}/{file.relative_to(folder)}"] = _read(file)
    return found


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    squeezed = gzip.compress(content, 9, mtime=0) if file.suffix in SQUEEZED else b""
    return Asset(content, squeezed, TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream")


@cache
def edition() -> str:
    whole = hashlib.sha256()
    for name, asset in assets().items():
        whole.update(name.encode() + b"\0" + hashlib.sha256(asset.content).digest())
    return whole.hexdigest()[:12]


def address(name: str) -> str:
    """Raises KeyError for a file that is not there: a page that names it would not work."""
    assets()[name]
    return f"/assets/{edition()}/{name}"


@require_safe
def serve(request: HttpRequest, of: str, name: str) -> HttpResponse:
    """404 for another edition: whoever holds an older page has its files too, or asks for the page anew."""
    asset = assets().get(name) if of == edition() else None
    if asset is None:
        raise Http404
    squeeze = bool(asset.squeezed) and "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding", **({"Content-Encoding": "gzip"} if squeeze else {})}
    return HttpResponse(asset.squeezed if squeeze else asset.content, content_type=f"{asset.media_type}; charset=utf-8", headers=headers)
