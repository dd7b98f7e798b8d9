"""Short-lived addresses of photos: given out after the row check, naming one file and whom it was shown to. Good for five minutes, and no
longer than the sign-in, the post and the password of that person."""

import re
from typing import Any

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from accounts import tickets
from evidence import storage
from evidence.losing import missed
from evidence.models import Photo, PhotoState
from readers.media_types import VOICES, type_of
from safety_api import problems

SECONDS = 300
RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")
SIZES = ("thumb", "screen", "original")
_signer = TimestampSigner(salt="evidence.photo", sep=".")


def link(photo: Photo, size: str, ticket: dict[str, Any]) -> str | None:
    """The address of one size for whoever has the ticket, or None while there is none."""
    if photo.stored_at is None or (size != "original" and (photo.state != PhotoState.READY or photo.kept_type in VOICES)):
        return None
    return f"/photos/{_signer.sign_object({'n': _name(photo, size), **ticket}, compress=False)}"


def _name(photo: Photo, size: str) -> str:
    return storage.original_name(photo.sha256) if size == "original" else storage.derived_name(photo.sha256, size, photo.pk)


def serve(request, signed: str) -> HttpResponseBase:
    """The bytes behind a link under the type that they have; an ended or altered one does not exist.

    Raises STORAGE_UNAVAILABLE, NOT_IN_STORAGE.
    """
    try:
        what = _signer.unsign_object(signed, max_age=SECONDS)
        name = what["n"] if tickets.stands(what, request) else None
    except (BadSignature, ValueError, KeyError, TypeError, AttributeError):
        name = None
    if name is None:
        return problems.plain(problems.NOT_FOUND())
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError:
        raise missed(name) from None
    media_type = type_of(file) or "application/octet-stream"
    file.seek(0)
    response = _played(request, file, media_type) if media_type in VOICES else FileResponse(file, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _played(request, file: Any, media_type: str) -> HttpResponse:
    """A voice, or the part of it that is asked for: players of iOS take none that cannot be had in parts."""
    content = file.read()
    response = HttpResponse(content, content_type=media_type, headers={"Accept-Ranges": "bytes"})
    asked = RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
    if asked is None or not any(asked.groups()):
        return response
    first, last = _part(asked, len(content))
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    response.status_code, response.content = 206, content[first : last + 1]
    response["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _part(asked: re.Match[str], size: int) -> tuple[int, int]:
    """`5-9`, `5-` or the last so many: `-5`."""
    begin, end = asked.groups()
    if not begin:
        return max(0, size - int(end)), size - 1
    return int(begin), min(int(end), size - 1) if end else size - 1
