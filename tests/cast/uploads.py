"""Bodies that break off on their way, as the web server hands them over: what came, and then an ordinary end."""

from __future__ import annotations

from io import BytesIO
from typing import Any


def cut(
    client: Any,
    method: str,
    address: str,
    content: bytes,
    *,
    came: int | None = None,
    media_type: str = "application/octet-stream",
    **headers: str,
):
    """Announced whole; `came`: so many bytes of it, half of them unless told."""
    came = len(content) // 2 if came is None else came
    sent = {"wsgi.input": BytesIO(content[:came]), "CONTENT_LENGTH": str(len(content)), "CONTENT_TYPE": media_type}
    return client.generic(method, address, b"", content_type=media_type, **sent, **headers)
