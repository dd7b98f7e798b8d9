"""Short-lived addresses of photos: given out after the row check, good for five minutes, naming one file and nothing else."""

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse
from django.http.response import HttpResponseBase

from evidence import storage
from evidence.losing import missed
from evidence.models import Photo, PhotoState
from readers.media_types import type_of
from safety_api import problems

SECONDS = 300
SIZES = ("thumb", "screen", "original")
_signer = TimestampSigner(salt="evidence.photo", sep=".")


def link(photo: Photo, size: str) -> str | None:
    """The address of one size, or None while there is none."""
    if photo.stored_at is None or (size != "original" and photo.state != PhotoState.READY):
        return None
    return f"/photos/{_signer.sign_object({'n': _name(photo, size)}, compress=False)}"


def _name(photo: Photo, size: str) -> str:
    return storage.original_name(photo.sha256) if size == "original" else storage.derived_name(photo.sha256, size)


def serve(request, signed: str) -> HttpResponseBase:
    """The bytes behind a link under the type that they have; an ended or altered one does not exist.

    Raises STORAGE_UNAVAILABLE, NOT_IN_STORAGE.
    """
    try:
        name = _signer.unsign_object(signed, max_age=SECONDS)["n"]
    except (BadSignature, ValueError, KeyError):
        return problems.plain(problems.NOT_FOUND())
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError:
        raise missed(name) from None
    media_type = type_of(file) or "application/octet-stream"
    file.seek(0)
    response = FileResponse(file, content_type=media_type)
    response["Cache-Control"] = f"private, max-age={SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
