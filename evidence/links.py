"""Short-lived addresses of photos: given out after the row check, good for five minutes, naming one file and nothing else."""

from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse
from django.http.response import HttpResponseBase

from evidence import storage
from evidence.models import Photo, PhotoState
from safety_api import problems

SECONDS = 300
SIZES = {"thumb": "image/webp", "screen": "image/webp", "original": None}
_signer = TimestampSigner(salt="evidence.photo", sep=".")


def link(photo: Photo, size: str) -> str | None:
    """The address of one size, or None while there is none."""
    if photo.state == PhotoState.MISSING or (size != "original" and photo.state != PhotoState.READY):
        return None
    media_type = SIZES[size] or photo.media_type
    signed = _signer.sign_object({"n": _name(photo, size), "t": media_type}, compress=False)
    return f"/photos/{signed}"


def _name(photo: Photo, size: str) -> str:
    return storage.original_name(photo.sha256) if size == "original" else storage.derived_name(photo.sha256, size)


def serve(request, signed: str) -> HttpResponseBase:
    """The bytes behind a link; an ended or altered one does not exist."""
    try:
        what = _signer.unsign_object(signed, max_age=SECONDS)
        file = default_storage.open(what["n"], "rb")
    except (BadSignature, FileNotFoundError, ValueError, KeyError):
        return problems.plain(problems.NOT_FOUND())
    response = FileResponse(file, content_type=what["t"])
    response["Cache-Control"] = f"private, max-age={SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
