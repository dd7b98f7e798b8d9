"""tus 1.0 as headers say it (https://tus.io/protocols/resumable-upload). Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from uuid import UUID

from phone.uploads.actions import Wanted
from safety_api.problems import BAD_METADATA, WRONG_TUS

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = ("sha256", "sha1")
NUMBER = re.compile(r"[0-9]{1,12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
PIECE = "application/offset+octet-stream"


def check_version(headers: Mapping[str, str]) -> None:
    """Raises WRONG_TUS."""
    if headers.get("Tus-Resumable") != VERSION:
        raise WRONG_TUS()


def number_in(headers: Mapping[str, str], name: str) -> int:
    """Raises BAD_METADATA."""
    said = headers.get(name, "")
    if not NUMBER.fullmatch(said):
        raise BAD_METADATA(said=f"{name}={said[:40]}")
    return int(said)


def wanted_in(headers: Mapping[str, str]) -> Wanted:
    """Raises BAD_METADATA."""
    told = metadata(headers.get("Upload-Metadata", ""))
    sha256 = told.get("sha256", "").lower()
    if sha256 and not SHA256.fullmatch(sha256):
        raise BAD_METADATA(said="sha256")
    try:
        photo = UUID(told.get("photo", ""))
    except ValueError:
        raise BAD_METADATA(said="photo") from None
    if not photo.int:
        raise BAD_METADATA(said="photo")
    return Wanted(photo, number_in(headers, "Upload-Length"), sha256)


def metadata(text: str) -> dict[str, str]:
    """`key base64,key base64`; a key may stand alone. Raises BAD_METADATA."""
    found: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in text.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise BAD_METADATA(said=name[:40]) from None
    return found


def checksum_in(headers: Mapping[str, str]) -> tuple[str, bytes] | None:
    """Raises BAD_METADATA for an algorithm that we do not have."""
    said = headers.get("Upload-Checksum")
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise BAD_METADATA(said="Upload-Checksum") from None
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
        raise BAD_METADATA(said="Upload-Checksum")
    return algorithm, digest
