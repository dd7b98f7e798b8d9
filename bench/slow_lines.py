"""Slow lines: connections that send, or read, as slowly as a weak line does, and what `GET me` takes beside them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from uuid import uuid4

from bench.client import Ask, Line
from bench.measuring import quantile

BEAT = 0.1  # seconds between two drops of a line
ROUNDS, ASKED = 6, 12  # without and with them, and requests in each
SETTLED = 0.6  # seconds, above the front's patience: by then all lines wait, or have gone
ANSWERED = 9  # seconds: by then two hundred answers are computed and lie where they wait, in a proxy's buffers or in ours


@dataclass(frozen=True)
class Slow:
    """What each line asks for, how much it says it will send, and how much of that in a second; `reads` that much of the answer."""

    name: str
    ask: Ask
    size: int = 0
    sends: int = 0
    reads: int = 0

    def opened(self, port: int) -> socket.socket:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        line.sendall(self.head())
        line.setblocking(False)
        return line

    def head(self) -> bytes:
        path = self.ask.path.replace("{id}", str(uuid4()))
        head = Ask(self.ask.method, path, self.ask.token, headers=self.ask.headers).head()
        return head if not self.size else head.replace(b"Content-Length: 0", b"Content-Length: %d" % self.size)


def kinds(token: str) -> tuple[Slow, ...]:
    photo = Ask("PUT", "/api/v1/photos/{id}/content", token, kind="image/jpeg")
    return (
        Slow("sign-in, 1 B/s", Ask("POST", "/api/v1/auth/login"), size=3000, sends=1),
        Slow("photo, 30 kB/s", photo, size=8_000_000, sends=30_000),
        Slow("photo, 10 kB/s", photo, size=8_000_000, sends=10_000),
        Slow("answer unread", Ask("GET", "/api/v1/schema")),
        Slow("answer, 1 kB/s", Ask("GET", "/api/v1/schema"), reads=1_000),
    )


@contextmanager
def open_lines(port: int, slow: Slow, count: int) -> Iterator[None]:
    """So many of them at once, for as long as the work lasts; held by a process of their own, so that they cost the one who measures nothing."""
    forked = get_context("fork")
    stand = forked.Event()
    holder = forked.Process(target=_hold, args=(port, slow, count, stand), daemon=True)
    holder.start()
    try:
        if not stand.wait(30):
            raise TimeoutError(f"{count} lines do not stand")
        yield
    finally:
        holder.kill()
        holder.join()


def _hold(port: int, slow: Slow, count: int, stand: Event) -> None:
    lines = [slow.opened(port) for _ in range(count)]
    stand.set()
    owed_out = owed_in = 0.0
    while True:
        time.sleep(BEAT)
        owed_out, owed_in = owed_out + slow.sends * BEAT, owed_in + slow.reads * BEAT
        out, into = int(owed_out), int(owed_in)
        owed_out, owed_in = owed_out - out, owed_in - into
        for line in lines:
            _drop(line, out, into)


def _drop(line: socket.socket, out: int, into: int) -> None:
    try:
        if out:
            line.send(b"z" * out)
        if into:
            line.recv(into)
    except OSError:  # its buffer is full, or the other side has enough of it
        pass


def took(port: int, ask: Ask, times: int = ASKED, patience: float = 30) -> list[float]:
    """Milliseconds each, one after another, each on a connection of its own."""
    return [_once(port, ask, patience) for _ in range(times)]


def _once(port: int, ask: Ask, patience: float) -> float:
    began = time.perf_counter()
    line = Line(port)
    line.socket.settimeout(patience)
    try:
        answer = line.ask(ask)
    except TimeoutError:
        return patience * 1000
    finally:
        line.close()
    if answer.status != ask.status:
        raise AssertionError(f"{ask.path}: {answer.status}")
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True)
class Beside:
    """Milliseconds of a request without and with so many slow lines beside it: median, and lower quartile, which a busy machine moves less."""

    name: str
    lines: int
    alone: tuple[float, float]
    beside: tuple[float, float]

    @property
    def ratios(self) -> tuple[float, ...]:
        return tuple(with_them / without for without, with_them in zip(self.alone, self.beside, strict=True))

    def line(self) -> str:
        shown = f"{self.alone[0]:11.1f}{self.beside[0]:11.1f}{self.alone[1]:11.1f}{self.beside[1]:11.1f}"
        return f"  {self.name:20}{self.lines:6d}{shown}{self.ratios[0]:9.2f}{self.ratios[1]:9.2f}"


HEAD = f"  {'slow lines':20}{'count':>6}{'alone p50':>11}{'beside':>11}{'alone p25':>11}{'beside':>11}{'× p50':>9}{'× p25':>9}"


def beside(port: int, ask: Ask, slow: Slow, count: int, patience: float = 30, rounds: int = ROUNDS) -> Beside:
    """In turns without and with them: what else the machine does falls on both."""
    without: list[float] = []
    during: list[float] = []
    for _ in range(rounds):
        without += took(port, ask, patience=patience)
        with open_lines(port, slow, count):
            time.sleep(SETTLED if slow.size else ANSWERED)
            took(port, ask, 4, patience)  # behind what the lines themselves have asked for
            during += took(port, ask, patience=patience)
        time.sleep(SETTLED)
    return Beside(slow.name, count, _middle_and_quarter(without), _middle_and_quarter(during))


def _middle_and_quarter(took: list[float]) -> tuple[float, float]:
    return quantile(took, 0.5), quantile(took, 0.25)
