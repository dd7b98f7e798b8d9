"""Foreign bytes are opened apart: by a process of `readers`, with limits, whose end is an answer.

One such process stands beside each process of ours that needs it, from the first file on until nobody has asked for a minute; it forks
for each job, one at a time. What a job says comes back as JSON and bytes, bounded, never as objects.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BufferedReader, FileIO
from itertools import islice
from pathlib import Path
from typing import Any

from readers import TOO_HEAVY, Refusal
from readers.child import BYTES, FRAME, IDLE, MOST_ASKED, OUT_OF_MEMORY, PLAIN, REFUSED, frame, last
from readers.media_types import Bytes
from safety_api.problems import READERS_BUSY

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[1]
START = "import sys; sys.path.insert(0, sys.argv[1]); from readers.child import main; main(int(sys.argv[2]))"
MB = 1024 * 1024
CHUNK = 256 * 1024
GRACE = 5.0  # seconds that we wait beyond the job's own alarm
ROWS_AT_ONCE = 500
BY_A_LIMIT: dict[int, str] = {
    signal.SIGXCPU: "cpu",
    signal.SIGALRM: "time",
    signal.SIGABRT: "memory",
    signal.SIGXFSZ: "answer",
}
BY_EXIT = {OUT_OF_MEMORY: "memory"}
FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # no limit ends a job so, and no file


@dataclass(frozen=True)
class Limits:
    """What one job may take: bytes of memory beside the reader itself, CPU seconds, seconds, bytes of its answer, bytes that it writes."""

    memory: int
    cpu: int
    seconds: float
    answer: int
    written: int = 0


class Lost(Exception):
    """The process was ended by somebody else, or could not be started: that says nothing of the file."""


def read(
    job: str, *files: Bytes | bytes, limits: Limits, rows: Iterable[Any] | None = None, **arguments: Any
) -> list[Any]:
    """What the job says of these files, in its order. `rows` are handed in as they come.

    Raises Refusal with what the reader says, or `too_heavy` with the limit that ended it: that is final, and `said` is what came before.
    A reader that was killed by others is asked once more, then READERS_BUSY; so is one that cannot be started, or has too many before it.
    """
    asked = {"name": job, "arguments": arguments, "limits": asdict(limits), "rows": rows is not None}
    for _ in range(1 if rows is not None else 2):
        with suppress(Lost):
            return _nursery.carry_out(asked, files, limits, rows)
    raise READERS_BUSY(headers={"Retry-After": "10"})


# --- files as descriptors ----------------------------------------------------------------------------------------------------
def _descriptor(file: Bytes | bytes) -> tuple[int, bool]:
    """Of a file on disk its own, of others that of a copy in memory: nothing is written to any disk. And whether it is ours to close."""
    raw = getattr(file, "file", file)
    if isinstance(raw, BufferedReader | FileIO):
        return raw.fileno(), False
    descriptor = os.memfd_create("foreign", os.MFD_CLOEXEC)
    with open(descriptor, "wb", closefd=False) as copy:
        for chunk in [file] if isinstance(file, bytes) else _chunks(file):
            copy.write(chunk)
    return descriptor, True


def _chunks(file: Bytes) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


# --- the process beside ours -------------------------------------------------------------------------------------------------
class Nursery:
    """The one process of `readers` that stands beside this one. One job at a time."""

    def __init__(self) -> None:
        self.alone = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.line: socket.socket | None = None
        self.asked_at = 0.0

    def carry_out(
        self, asked: dict, files: Iterable[Bytes | bytes], limits: Limits, rows: Iterable[Any] | None
    ) -> list[Any]:
        if not self.alone.acquire(timeout=limits.seconds):
            raise READERS_BUSY(headers={"Retry-After": "10"})
        held: list[tuple[int, bool]] = []
        try:
            held += [_descriptor(file) for file in files]
            return self._asked(asked, [descriptor for descriptor, _ in held], limits, rows)
        finally:
            self.alone.release()
            for descriptor, ours in held:
                if ours:
                    os.close(descriptor)

    def _asked(self, asked: dict, files: list[int], limits: Limits, rows: Iterable[Any] | None) -> list[Any]:
        message = json.dumps(asked).encode()
        if len(message) > MOST_ASKED:
            raise ValueError("a job is asked for in few words")
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._say(message, [theirs.fileno(), *files])
            answer = Answer(ours, limits)
            try:
                answer.hand_in(rows)
                answer.listen()
            except BaseException:
                self.end()
                raise
            if answer.kind is None:
                answer.refusal = self._why(answer)
            elif self._ended() is None:
                self.end()
        if answer.refusal:
            raise answer.refusal
        return answer.said

    def _say(self, message: bytes, files: list[int]) -> None:
        """To the process that stands, or to a new one. Raises Lost."""
        if time.monotonic() - self.asked_at > IDLE - GRACE:
            self.end()  # it is about to end by itself
        self.asked_at = time.monotonic()
        for _ in range(2):
            try:
                line = self.line or self._start()
                socket.send_fds(line, [message], files)
                return
            except OSError:
                self.end()
        raise Lost

    def _start(self) -> socket.socket:
        """Raises OSError."""
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-c", START, str(ROOT), str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd="/",
                env=ENVIRONMENT, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        return self.line

    def end(self) -> None:
        """The process and its job are no more."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.line:
            self.line.close()
        self.process = self.line = None

    def forget(self) -> None:
        """In a fork of ours: it is its parent's."""
        if self.line:
            self.line.close()
        self.__init__()  # type: ignore[misc]

    # --- how a job ended ------------------------------------------------------------------------------------------------------
    def _ended(self) -> dict[str, Any] | None:
        """What the process says of a job that it has done; None when it is gone."""
        assert self.line
        self.line.settimeout(GRACE)
        with suppress(OSError):
            return json.loads(self.line.recv(MOST_ASKED) or b"null")
        return None

    def _why(self, answer: Answer) -> Refusal:
        """Of a job that ended without its last word. Raises Lost where it was none of its limits."""
        if answer.over:
            self.end()
            return answer.heavy(answer.over)
        ended = self._ended()
        if ended is None:
            self.end()
            raise Lost
        status = ended["status"]
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in FROM_OUTSIDE:
            raise Lost
        by = (
            BY_A_LIMIT.get(os.WTERMSIG(status), "crash")
            if os.WIFSIGNALED(status)
            else BY_EXIT.get(os.WEXITSTATUS(status), "crash")
        )
        log.warning(
            "foreign_bytes_too_heavy", extra={"by": by, "cpu": round(ended["cpu"], 1), "peak_mb": ended["peak"] // 1024}
        )
        return answer.heavy(by)


# Nothing of ours: no key, no address. Large pages: of a fresh process each 4 KB are a fault, a tenth of a photo.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "MALLOC_ARENA_MAX": "2",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


class Answer:
    """The frames of one job as they come, at most so many bytes, until its last word, its end, or its time."""

    def __init__(self, line: socket.socket, limits: Limits):
        self.line, self.left = line, limits.answer
        self.until = time.monotonic() + limits.seconds + GRACE
        self.said: list[Any] = []
        self.kind: bytes | None = None  # of the last frame
        self.over = ""
        self.refusal: Refusal | None = None

    def hand_in(self, rows: Iterable[Any] | None) -> None:
        if rows is None:
            return
        several = iter(rows)
        while part := list(islice(several, ROWS_AT_ONCE)):
            self._send(frame(part))
        self._send(last())

    def _send(self, content: bytes) -> None:
        try:
            self._in_time()
            self.line.sendall(content)
        except TimeoutError:
            self.over = "time"
        except OSError:  # it has ended: how, its answer says
            pass

    def listen(self) -> None:
        try:
            while self.kind is None and not self.over:
                self._one()
        except EOFError:
            pass
        except TimeoutError:
            self.over = "time"
        except OverflowError:
            self.over = "answer"

    def _one(self) -> None:
        kind, size = FRAME.unpack(self._bytes(FRAME.size))
        content = self._bytes(size)
        if kind == BYTES:
            self.said.append(content)
        elif kind == PLAIN:
            self.said.append(json.loads(content))
        else:
            self.kind = kind
            self.refusal = self._refused(content) if kind == REFUSED else None

    def _bytes(self, size: int) -> bytes:
        self.left -= size
        if self.left < 0:
            raise OverflowError
        part = bytearray()
        while len(part) < size:
            self._in_time()
            came = self.line.recv(min(size - len(part), CHUNK))
            if not came:
                raise EOFError
            part += came
        return bytes(part)

    def _in_time(self) -> None:
        self.line.settimeout(max(0.001, self.until - time.monotonic()))

    def _refused(self, content: bytes) -> Refusal:
        word, values = json.loads(content)
        return self._with_what_was_said(Refusal(word, **values))

    def heavy(self, by: str) -> Refusal:
        return self._with_what_was_said(Refusal(TOO_HEAVY, by=by))

    def _with_what_was_said(self, refusal: Refusal) -> Refusal:
        refusal.said = self.said
        return refusal


_nursery = Nursery()
os.register_at_fork(after_in_child=_nursery.forget)
