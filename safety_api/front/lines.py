"""Whom we wait for: connections whose body is still on its way, counted by address, and what the kernel does about those that do not read."""

from __future__ import annotations

import os
import resource
import socket
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from safety_api.problems import LINES_FULL, TOO_MANY_LINES

RETRY_AFTER = 5  # seconds
UPLOADS = "/api/v1/uploads/"  # tus clients give up at 429, and try again at 503
OUT = 256 * 1024  # bytes of an answer that the kernel takes off our hands


@dataclass
class Lines:
    """Those that wait: so many at once, so many of them from one address."""

    most: int
    per_address: int
    waiting: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def one(self, address: str, path: str) -> Iterator[None]:
        """A place for as long as the body takes. Raises LINES_FULL, TOO_MANY_LINES."""
        if self.waiting.total() >= self.most:
            raise LINES_FULL(headers=again(), retry_after=RETRY_AFTER)
        if self.waiting[address] >= self.per_address:
            kind = LINES_FULL if path.startswith(UPLOADS) else TOO_MANY_LINES
            raise kind(headers=again(), retry_after=RETRY_AFTER)
        self.waiting[address] += 1
        try:
            yield
        finally:
            self.waiting[address] -= 1
            if not self.waiting[address]:
                del self.waiting[address]


def again() -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER)}


def address_of(peer: str, forwarded: str, proxies: int) -> str:
    """Whose line it is: what the nearest trusted proxy says, as throttles read it (NUM_PROXIES)."""
    named = [each.strip() for each in forwarded.split(",") if each.strip()]
    return named[-min(proxies, len(named))] if proxies and named else peer


def open_files() -> None:
    """Each line may hold a socket and a file: as many as the system lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def bound_readers(loop: AbstractEventLoop, stalled: int) -> None:
    """A connection that reads nothing of its answer for so many seconds is closed by the kernel, and holds little of it until then.

    Set on the sockets that listen, as soon as there are any: what they accept inherits it. The server's own calls take an answer of
    any size at once and tell nobody when it went.
    """
    found = [*_listening()]
    for listening in found:
        with listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, OUT)
            if listening.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
                listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled * 1000)
    if not found:
        loop.call_later(0.1, bound_readers, loop, stalled)


def _listening() -> Iterator[socket.socket]:
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if os.readlink(link).startswith("socket:"):
                one = socket.socket(fileno=os.dup(int(link.name)))
                if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    yield one
                else:
                    one.close()
