"""资源 Scripts, styles and pictures under one address by what they are together.

`/assets/{edition}/phone/app.js`: the edition is a digest of all files, so an answer may be kept for ever, and relative imports between scripts
stay within one edition. Scripts and styles are built from `<app>/assets/` (ops/pages.py), pictures are served as they lie there. Read once a
process, compressed once.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pages.shell import POLICY

FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
SQUEEZED = frozenset(TYPES)
SOURCES = frozenset({".js", ".css"})  # what is built; everything else is served as it is


class Asset(NamedTuple):
    content: bytes
    squeezed: bytes  # gzip; empty where it would save nothing
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """By name: `phone/page.css`. Raises ImproperlyConfigured before anything was built."""
    found = dict(sorted([*_built(), *_pictures()]))
    return {name: _read(file) for name, file in found.items()}


def _built() -> Iterator[tuple[str, Path]]:
    if not settings.BUILT_DIR.is_dir():
        raise ImproperlyConfigured("网页还没有生成：./safety up（或 npm ci && BUILT=built npm run build）。")
    for file in settings.BUILT_DIR.rglob("*"):
        if file.suffix in SOURCES:
            yield file.relative_to(settings.BUILT_DIR).as_posix(), file


def _pictures() -> Iterator[tuple[str, Path]]:
    for app in settings.OUR_APPS:
        folder = Path(settings.BASE_DIR) / app / "assets"
        for file in folder.rglob("*") if folder.is_dir() else ():
            if file.is_file() and file.suffix not in SOURCES:
                yield f"{app}/{file.relative_to(folder).as_posix()}", file


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
    headers |= {"Content-Security-Policy": POLICY} if name.endswith(".js") else {}  # a worker is held to the policy of its own answer
    return HttpResponse(asset.squeezed if squeeze else asset.content, content_type=f"{asset.media_type}; charset=utf-8", headers=headers)
