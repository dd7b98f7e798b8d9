"""Bodies that are bytes: a photo, a scan. They stay a stream until an action reads them once, hashing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest_framework.parsers import BaseParser

from evidence.storage import CHUNK


class AnyBytes(BaseParser):
    """Whatever the media type says; the bytes are looked at where they are kept."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None):
        return stream


def chunks_of(request: Any) -> Iterator[bytes]:
    stream = request._request
    while chunk := stream.read(CHUNK):
        yield chunk
