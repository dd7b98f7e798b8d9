"""The body of a request as it was announced, for every door: JSON, forms, photos, scans, workbooks.

The web server hands over the bytes that came and then an ordinary end, also of a body that broke off on its way (granian 2.8.7): who reads
until the end would take half for whole. What the sender says of it is held against it here, once.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from io import IOBase
from typing import Any

from safety_api.problems import CUT_OFF, DIGEST_DIFFERS

SHA_256 = re.compile(r"(?:^|,)\s*sha-256=:([^:]*):")  # RFC 9530, Content-Digest


class WholeBody(IOBase):
    """Raises CUT_OFF where a body ends before its Content-Length, DIGEST_DIFFERS where it is not that of its Content-Digest."""

    def __init__(self, stream: Any, announced: int, digest: str | None):
        self._stream, self._announced, self._came = stream, announced, 0
        self._digest, self._hash = digest, hashlib.sha256() if digest is not None else None

    def read(self, size: int | None = -1, /) -> bytes:
        rest = self._announced - self._came
        wanted = rest if size is None or size < 0 else min(size, rest)
        parts = []
        while wanted > 0:
            parts.append(self._some(wanted))
            wanted -= len(parts[-1])
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _some(self, wanted: int) -> bytes:
        """At least one byte: some servers give less than they are asked for."""
        try:
            came = self._stream.read(wanted)
        except OSError:
            came = b""
        if not came:
            raise CUT_OFF(came=self._came, announced=self._announced)
        self._came += len(came)
        if self._hash is not None:
            self._check(came)
        return came

    def _check(self, came: bytes) -> None:
        assert self._hash is not None
        self._hash.update(came)
        if self._came == self._announced and b64encode(self._hash.digest()).decode() != self._digest:
            raise DIGEST_DIFFERS()


def held_to_its_word(request: Any) -> None:
    """From here on the request's body is read whole or not at all."""
    announced = request._stream.limit  # Django's reading of Content-Length
    if announced > 0:
        request._stream = WholeBody(request._stream, announced, _digest(request.META.get("HTTP_CONTENT_DIGEST", "")))


def announced(request: Any) -> int | None:
    """How many bytes its sender says that it has: who knows it to be too many need not wait for them."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() and len(length) < 16 else None


def _digest(header: str) -> str | None:
    found = SHA_256.search(header)
    return found.group(1) if found else None
