"""From RSGI to WSGI and back: the request as a WSGI server tells it, and the answer as bytes or as an open file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from io import IOBase
from typing import Any
from wsgiref.util import FileWrapper

from safety_api.front.lines import OUT
from safety_api.front.spool import temporary

Headers = list[tuple[str, str]]
FIXED = {
    "SCRIPT_NAME": "", "SERVER_SOFTWARE": "Granian", "GATEWAY_INTERFACE": "CGI/1.1",
    "wsgi.version": (1, 0), "wsgi.errors": sys.stderr, "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
    "wsgi.input_terminated": True, "wsgi.file_wrapper": FileWrapper,
}  # fmt: skip
OWN_NAME = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class BodyAwaited(BaseException):
    """The application asked for a body that has not come. No `except Exception` holds it up, every transaction is rolled back."""


class Absent(IOBase):
    """A body still on its way: whoever can answer without it may."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise BodyAwaited

    readline = readlines = __next__ = read  # type: ignore[assignment]


class Asked:
    """A request before its body: the server's scope, and one value for each header, empty where it is not ASCII.

    Names with an underscore are left out: as a WSGI variable they would pass for those with a hyphen.
    """

    def __init__(self, scope: Any):
        self.scope, self.path = scope, scope.path
        names = scope.headers.keys()
        self.headers = dict.fromkeys((name for name in names if "_" not in name), "")
        for name, value in scope.headers.items():
            if known := self.headers.get(name):
                self.headers[name] = f"{known}{';' if name == 'cookie' else ','}{value}"
            elif "_" not in name:
                self.headers[name] = value

    @property
    def announced(self) -> int | None:
        """Bytes of its body; None for one that comes in chunks, which nobody counts before its end."""
        if "content-length" in self.headers:
            return int(self.headers["content-length"] or 0)
        return None if "transfer-encoding" in self.headers else 0

    @property
    def peer(self) -> str:
        return self.scope.client.rpartition(":")[0]


@dataclass(frozen=True)
class Answer:
    """`file`: the number of an open file in place of the content; whoever sends it closes it. `last`: the connection ends with it."""

    status: int
    headers: Headers
    content: bytes = b""
    file: int | None = None
    last: bool = False

    @property
    def size(self) -> int:
        return len(self.content) if self.file is None else os.fstat(self.file).st_size

    def as_last(self) -> Answer:
        return replace(self.closing(), last=True)

    def closing(self) -> Answer:
        return replace(self, headers=[*self.headers, ("Connection", "close")])


def environ_of(asked: Asked, body: Any) -> dict[str, Any]:
    """What granian's own WSGI interface says."""
    scope = asked.scope
    host, _, port = scope.server.rpartition(":")
    environ = FIXED | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": asked.peer,
        "HTTP_HOST": "",
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
    }
    for name, value in asked.headers.items():
        environ[OWN_NAME.get(name) or f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


def answered_early(application: Callable, environ: dict[str, Any]) -> Answer | None:
    """What is said without the body, that has not come; None where it is needed: nothing has been done then."""
    try:
        return called(application, environ)
    except BodyAwaited:
        return None


def called(application: Callable, environ: dict[str, Any]) -> Answer:
    """Carries the request out, to the last byte of its answer. Raises BodyAwaited."""
    said: dict[str, Any] = {}

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        said.update(status=int(status[:3]), headers=headers)

    result = application(environ, start_response)
    try:
        content = _content(result)
        return Answer(said["status"], said["headers"], **content)
    finally:
        if hasattr(result, "close"):
            result.close()


def _content(result: Iterable[bytes]) -> dict[str, Any]:
    if isinstance(result, FileWrapper) and (number := _as_it_lies(result.filelike)) is not None:
        return {"file": number}
    parts, size = [], 0
    for part in (rest := iter(result)):
        parts.append(part)
        if (size := size + len(part)) > OUT:
            return _set_down(parts, rest)
    return {"content": b"".join(parts)}


def _as_it_lies(file: Any) -> int | None:
    """A large file of the disk, from its beginning to its end, is sent from there."""
    with suppress(AttributeError, OSError):
        if file.tell() == 0 and os.fstat(file.fileno()).st_size > OUT:
            return os.dup(file.fileno())
    return None


def _set_down(parts: list[bytes], rest: Iterable[bytes]) -> dict[str, Any]:
    """A large answer waits on the disk for whoever reads it; where the disk is full, in memory: what was done is told."""
    with suppress(OSError), temporary() as file:
        file.writelines(parts)
        for part in rest:
            parts.append(part)
            file.write(part)
        file.flush()
        return {"file": os.dup(file.fileno())}
    return {"content": b"".join([*parts, *rest])}
