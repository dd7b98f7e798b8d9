"""Whose answer is still on its way: counted by address, with the bytes that wait for them in memory and on the disk.

The server takes an answer of any size off our hands and tells nobody when it went: that is asked of the kernel, once a second and only
while somebody reads.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from safety_api.front.lines import Line, Lines, lines_full
from safety_api.front.spool import Room

LOOK = 1.0  # seconds between two looks
OPEN_FILES = Path("/proc/self/fd")
SETTLED = 0.5  # seconds: by then the server has begun to send
INFO = struct.Struct(
    "=16x 8x I 92x Q 16x I"
)  # of struct tcp_info: packets unacknowledged, bytes acknowledged, bytes not sent


@dataclass(eq=False)
class Reader:
    """`acknowledged` is what the kernel said last."""

    client: str
    line: Line
    size: int
    on_disk: bool
    acknowledged: int = -1


@dataclass
class Readers:
    """`room`: bytes that may still wait for readers."""

    lines: Lines
    room: Room
    known: dict[str, Reader] = field(default_factory=dict)
    due: asyncio.TimerHandle | None = None

    def make_room(self, address: str, path: str) -> None:
        """Before anything is computed for one more of this address. Raises LINES_FULL, TOO_MANY_LINES."""
        if not self._full(address):
            return
        self.look()
        while min(self.room.memory, self.room.disk) < 0:
            if not (self.known and self.lines.gives_way(self.lines.open)):
                raise lines_full()
        self.lines.make_room(address, path)

    def _full(self, address: str) -> bool:
        taken = len(self.lines.open) >= self.lines.most or self.lines.waiting[address] >= self.lines.per_address
        return taken or min(self.room.memory, self.room.disk) < 0

    def expect(self, client: str, address: str, size: int, *, on_disk: bool) -> None:
        """An answer is on its way there. On one connection they follow each other: the one before has gone."""
        if not OPEN_FILES.exists():
            return
        self.forget(client)
        line = self.lines.take(address, lambda: self.cut(client))
        self.known[client] = Reader(client, line, size, on_disk)
        self._room(size, on_disk=on_disk)
        self.due = self.due or asyncio.get_running_loop().call_later(LOOK, self.look_again)

    def look_again(self) -> None:
        self.look()
        self.due = asyncio.get_running_loop().call_later(LOOK, self.look_again) if self.known else None

    def look(self) -> None:
        """Who has read all of it or has gone waits no more; who has read some of it has moved."""
        there = {}
        for connection, client in _connections():
            with connection:
                if client in self.known:
                    there[client] = _state(connection)
        for client in [*self.known]:
            reader, (waits, acknowledged) = self.known[client], there.get(client, (False, 0))
            if not waits and time.monotonic() - reader.line.began > SETTLED:
                self.forget(client)
            elif acknowledged > reader.acknowledged:
                reader.line.moves(acknowledged - reader.acknowledged if reader.acknowledged >= 0 else 0)
                reader.acknowledged = acknowledged

    def forget(self, client: str) -> None:
        if reader := self.known.pop(client, None):
            self.lines.leave(reader.line)
            self._room(-reader.size, on_disk=reader.on_disk)

    def cut(self, client: str) -> None:
        """Its connection ends, and with it what waits there."""
        self.forget(client)
        for connection, each in _connections():
            with connection, suppress(OSError):
                if each == client:
                    connection.shutdown(socket.SHUT_RDWR)

    def _room(self, size: int, *, on_disk: bool) -> None:
        if on_disk:
            self.room.disk -= size
        else:
            self.room.memory -= size


def _connections() -> Iterator[tuple[socket.socket, str]]:
    """Open sockets that lead to a client."""
    for link in OPEN_FILES.iterdir():
        with suppress(OSError):
            number = int(link.name)
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                connection = socket.socket(fileno=os.dup(number))
                try:
                    host, port, *_ = connection.getpeername()
                except (OSError, ValueError):  # it listens, or is none of the network
                    connection.close()
                    continue
                yield connection, f"{host}:{port}"


def _state(connection: socket.socket) -> tuple[bool, int]:
    """Whether something waits to be read there, and the bytes that were."""
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO.size)
        unacknowledged, acknowledged, unsent = INFO.unpack(info)
    except (OSError, struct.error):
        return False, 0
    return bool(unacknowledged or unsent), acknowledged
