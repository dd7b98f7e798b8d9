"""Bodies and answers that wait: small ones in memory, others in files without a name, which go with the process that made them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings

from safety_api.front.lines import RETRY_AFTER, again
from safety_api.problems import SPOOL_FULL, Problem

IN_MEMORY = 256 * 1024  # of one body


@dataclass
class Room:
    """Bytes that may still wait in this process, all lines together."""

    memory: int
    disk: int


def temporary() -> IO[bytes]:
    """A file without a name, on the disk of the photos: a system's /tmp may be memory."""
    folder = Path(settings.STORAGE_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder)


class Spool:
    """One body. Where memory is short it goes to the disk."""

    def __init__(self, room: Room):
        self._room, self.size, self._on_disk = room, 0, False
        self.file: Any = BytesIO()

    def write(self, chunk: bytes) -> None:
        """Raises SPOOL_FULL where there is no room, or the disk is full."""
        if not self._on_disk and (self.size + len(chunk) > IN_MEMORY or len(chunk) > self._room.memory):
            self._move()
        if self._on_disk and len(chunk) > self._room.disk:
            raise _full()
        try:
            self.file.write(chunk)
        except OSError:
            raise _full() from None
        self._take(len(chunk))
        self.size += len(chunk)

    def whole(self) -> IO[bytes]:
        """To be read from its beginning. Raises SPOOL_FULL."""
        try:
            self.file.seek(0)
        except OSError:  # what was still to be written
            raise _full() from None
        return self.file

    def close(self) -> None:
        self._take(-self.size)
        self.size = 0
        with suppress(OSError):  # what a full disk did not take
            self.file.close()

    def _move(self) -> None:
        """To the disk."""
        if self.size > self._room.disk:
            raise _full()
        held = self.file.getvalue()
        try:
            self.file = temporary()
            self.file.write(held)
        except OSError:
            raise _full() from None
        self._take(-self.size)
        self._on_disk = True
        self._take(self.size)

    def _take(self, size: int) -> None:
        if self._on_disk:
            self._room.disk -= size
        else:
            self._room.memory -= size


def _full() -> Problem:
    return SPOOL_FULL(headers=again(), retry_after=RETRY_AFTER)
