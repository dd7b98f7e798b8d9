"""Short-lived addresses of photos: given out after the row check, naming one file and whom it was shown to. Good for five minutes, and no
longer than the sign-in, the post and the password of that person."""

from typing import Any

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse
from django.http.response import HttpResponseBase

from accounts import tickets
from evidence import storage
from evidence.losing import missed
from evidence.models import Photo, PhotoState
from readers.media_types import type_of
from safety_api import problems

SECONDS = 300
SIZES = ("thumb", "screen", "original")
_signer = TimestampSigner(salt="evidence.photo", sep=".")


def link(photo: Photo, size: str, ticket: dict[str, Any]) -> str | None:
    """The address of one size for whoever has the ticket, or None while there is none."""
    if photo.stored_at is None or (size != "original" and photo.state != PhotoState.READY):
        return None
    return f"/photos/{_signer.sign_object({'n': _name(photo, size), **ticket}, compress=False)}"


def _name(photo: Photo, size: str) -> str:
    return storage.original_name(photo.sha256) if size == "original" else storage.derived_name(photo.sha256, size)


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
    response = FileResponse(file, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
