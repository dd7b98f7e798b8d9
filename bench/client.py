"""Eight connections that stay open, each sending its next request when the last is answered.

Raw sockets: what the client costs is time that the servers on the same machine do not get. Its CPU is not in the figures.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LINES = 8


class Unexpected(Exception):
    """An answer that the scenario does not allow for; the message holds its beginning."""


@dataclass(frozen=True)
class Ask:
    """One request. `body` in pieces, so that a photo of half a megabyte is made unique by a few bytes."""

    method: str
    path: str
    token: str = ""
    body: tuple[bytes, ...] = ()
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def head(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        if self.body or self.method != "GET":
            lines += [f"Content-Type: {self.kind}", f"Content-Length: {sum(map(len, self.body))}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, ask: Ask) -> Answer:
        first, *more = ask.body or (b"",)
        self.socket.sendall(ask.head() + first)
        for piece in more:
            self.socket.sendall(piece)
        return self._answer()

    def _answer(self) -> Answer:
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ", 2)[1])
        chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        body = self._chunks() if chunked else b"" if status in (204, 304) else self._exactly(int(headers["content-length"]))
        return Answer(status, headers, body)

    def _exactly(self, size: int) -> bytes:
        while len(self.rest) < size:
            self._more()
        body, self.rest = self.rest[:size], self.rest[size:]
        return body

    def _chunks(self) -> bytes:
        found = b""
        while size := int(self._upto(b"\r\n").split(b";")[0], 16):
            found += self._exactly(size)
            self._exactly(2)
        self._upto(b"\r\n")
        return found

    def _upto(self, mark: bytes) -> bytes:
        while mark not in self.rest:
            self._more()
        found, _, self.rest = self.rest.partition(mark)
        return found

    def _more(self) -> None:
        piece = self.socket.recv(262144)
        if not piece:
            raise Unexpected("the server closed the connection")
        self.rest += piece

    def close(self) -> None:
        self.socket.close()


@dataclass
class Batch:
    """What a number of requests took: seconds of the clock from the first to the last, milliseconds each."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)


def one(port: int, ask: Ask) -> Answer:
    """Raises Unexpected."""
    line = Line(port)
    try:
        return _checked(ask, line.ask(ask))
    finally:
        line.close()


def many(port: int, asks: Sequence[Ask], lines: int = LINES) -> Batch:
    """All of them, over so many connections. Raises Unexpected at the first answer that was not expected."""
    batch, queue, lock = Batch(), iter(asks), threading.Lock()
    faults: list[Exception] = []
    opened = [Line(port) for _ in range(min(lines, len(asks)))]
    threads = [threading.Thread(target=_work, args=(line, queue, lock, batch, faults), daemon=True) for line in opened]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batch.seconds = time.perf_counter() - began
    for line in opened:
        line.close()
    if faults:
        raise faults[0]
    return batch


def _work(line: Line, queue: Iterator[Ask], lock: threading.Lock, batch: Batch, faults: list[Exception]) -> None:
    while not faults:
        with lock:
            ask = next(queue, None)
        if ask is None:
            return
        began = time.perf_counter()
        try:
            _checked(ask, line.ask(ask))
        except Exception as fault:
            faults.append(fault)
            return
        batch.each.append((time.perf_counter() - began) * 1000)


def _checked(ask: Ask, answer: Answer) -> Answer:
    if answer.status != ask.status:
        raise Unexpected(f"{ask.method} {ask.path}: {answer.status} {answer.body[:600].decode('utf-8', 'replace')}")
    return answer
