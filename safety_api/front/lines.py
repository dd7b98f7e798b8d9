"""Whom we wait for: connections whose body is on its way, or whose answer (readers.py), counted by address; and what the kernel does for us."""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import struct
import time
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from safety_api.problems import LINES_FULL, TOO_MANY_LINES, Problem

RETRY_AFTER = 5  # seconds
UPLOADS = "/api/v1/uploads/"  # tus clients give up at 429, and try again at 503
IDLE, LEAST_PACE = (
    5.0,
    1000,
)  # seconds without a byte, bytes a second: who is slower gives way where all places are taken
SO_ATTACH_REUSEPORT_CBPF = 51
OUT = 256 * 1024  # bytes of an answer that the kernel takes off our hands


@dataclass(eq=False)
class Line:
    """One of them. `end` lets it go in favour of another."""

    address: str
    end: Callable[[], None]
    moved: int = 0
    began: float = field(default_factory=time.monotonic)
    touched: float = field(default_factory=time.monotonic)

    def moves(self, size: int) -> None:
        self.moved, self.touched = self.moved + size, time.monotonic()

    def slowness(self, now: float) -> tuple[float, float]:
        """Seconds without a byte, and seconds for each byte that came: the larger, the sooner it gives way; zeros for one that does not."""
        idle, age = now - self.touched, now - self.began
        slow = age / max(1, self.moved) if age >= IDLE and self.moved < age * LEAST_PACE else 0.0
        return (idle if idle >= IDLE else 0.0), slow


@dataclass
class Lines:
    """Those that wait: so many at once, so many of them from one address. Where all places are taken, the slowest gives way, if it is slow."""

    most: int
    per_address: int
    waiting: Counter[str] = field(default_factory=Counter)
    open: set[Line] = field(default_factory=set)

    @contextmanager
    def one(self, address: str, path: str, end: Callable[[], None]) -> Iterator[Line]:
        """A place for as long as the body takes. Raises LINES_FULL, TOO_MANY_LINES."""
        self.make_room(address, path)
        line = self.take(address, end)
        try:
            yield line
        finally:
            self.leave(line)

    def make_room(self, address: str, path: str) -> None:
        """For one more of this address. Raises LINES_FULL, TOO_MANY_LINES."""
        if len(self.open) >= self.most and not self.gives_way(self.open):
            raise lines_full()
        if self.waiting[address] >= self.per_address and not self.gives_way(
            each for each in self.open if each.address == address
        ):
            kind = LINES_FULL if path.startswith(UPLOADS) else TOO_MANY_LINES
            raise kind(headers=again(), retry_after=RETRY_AFTER)

    def take(self, address: str, end: Callable[[], None]) -> Line:
        line = Line(address, end)
        self.open.add(line)
        self.waiting[address] += 1
        return line

    def leave(self, line: Line) -> None:
        """Once or more often."""
        if line in self.open:
            self.open.remove(line)
            self.waiting[line.address] -= 1
            if not self.waiting[line.address]:
                del self.waiting[line.address]

    def gives_way(self, lines: Iterable[Line]) -> bool:
        now = time.monotonic()
        slowest = max(lines, key=lambda each: each.slowness(now))
        if not any(slowest.slowness(now)):
            return False
        self.leave(slowest)
        slowest.end()
        return True


def lines_full() -> Problem:
    return LINES_FULL(headers=again(), retry_after=RETRY_AFTER)


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


def tell_kernel(loop: AbstractEventLoop, stalled: int, behind: int) -> None:
    """What holds for the sockets that listen, as soon as there are any, and for whatever they accept."""
    found = [*_listening()]
    for listening in found:
        with listening:
            bound_reader(listening, stalled)
            if behind:
                take_all(listening, behind)
    if not found:
        loop.call_later(0.1, tell_kernel, loop, stalled, behind)


def bound_reader(listening: socket.socket, stalled: int) -> None:
    """A connection that reads nothing of its answer for so many seconds is closed by the kernel, and holds little of it until then.

    The server's own calls take an answer of any size at once and tell nobody when it went.
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, OUT)
    if listening.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled * 1000)


def take_all(listening: socket.socket, behind: int) -> None:
    """New connections go to the first socket after the `behind` that listened before, as long as they are there; a closed one would
    cut off whoever stands in its line. Afterwards no socket has that number, and the kernel deals them out as ever.
    """
    step = struct.pack("HBBI", 0x06, 0, 0, behind)  # BPF: return the number
    held = ctypes.create_string_buffer(step)
    program = struct.pack("HxxxxxxP", 1, ctypes.addressof(held))
    with suppress(OSError):  # an old kernel: they share until the old one has gone
        listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, program)


def _listening() -> Iterator[socket.socket]:
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if os.readlink(link).startswith("socket:"):
                one = socket.socket(fileno=os.dup(int(link.name)))
                if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    yield one
                else:
                    one.close()
