"""How a phone asks, and what it takes for an answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

TIMEOUT = 25  # seconds; a phone does not wait for ever
LATER = {408, 423, 425, 429, 500, 502, 503, 504}
PATH = "/api/v1/"
PASSWORD = "Hun-dun-2026-hao"


@dataclass(frozen=True)
class Said:
    status: int
    headers: Mapping[str, str]
    told: Any

    @property
    def later(self) -> bool:
        return self.status in LATER

    @property
    def code(self) -> str:
        return str(self.told.get("code", "")) if isinstance(self.told, dict) else ""


class Connection:
    """One line of a phone; what breaks it makes the next request dial anew. Spoken by the byte: Python's own client takes a head that was cut
    off for a whole one, and half of a number in it for the number.
    """

    def __init__(self, port: int):
        self.port = port
        self._line: socket.socket | None = None
        self.failed = 0  # tries in a row

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Said | None:
        """None: no answer of the server's came whole; a portal's page is none."""
        size = {} if body is None else {"Content-Length": str(len(body))}
        told = "".join(f"{name}: {value}\r\n" for name, value in {"Host": f"127.0.0.1:{self.port}", **size, **headers}.items())
        try:
            self._line = self._line or socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
            self._line.sendall(f"{method} {PATH}{path} HTTP/1.1\r\n{told}\r\n".encode() + (body or b""))
            return _read(method, self._line)
        except (OSError, EOFError, ValueError, LookupError):
            self.close()
            return None

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


def _read(method: str, line: socket.socket) -> Said | None:
    """Raises EOFError where it broke off. One request at a time: nothing of the next answer is read with this one."""
    with line.makefile("rb") as came:
        status = int(_line(came).split(b" ", 2)[1])
        headers = dict(_fields(came))
        content = b"" if method == "HEAD" or status in (204, 304) else _body(came, headers)
    if "x-trace-id" not in headers:
        return None
    is_json = "json" in headers.get("content-type", "")
    return Said(status, headers, json.loads(content) if is_json and content else None)


def _line(came: BinaryIO) -> bytes:
    line = came.readline()
    if not line.endswith(b"\r\n"):
        raise EOFError
    return line[:-2]


def _fields(came: BinaryIO) -> Iterator[tuple[str, str]]:
    while line := _line(came):
        name, _, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


def _body(came: BinaryIO, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return _exactly(came, int(headers["content-length"]))
    found = b""
    while size := int(_line(came).split(b";")[0], 16):
        found += _exactly(came, size)
        _line(came)
    _line(came)
    return found


def _exactly(came: BinaryIO, size: int) -> bytes:
    content = came.read(size)
    if len(content) < size:
        raise EOFError
    return content
