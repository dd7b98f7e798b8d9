"""The bad line: a proxy that speaks enough HTTP to know where a request ends. Each phone has a port of its own, and an address of its own
before the web (127.0.1.n), as phones in the field have."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from chaos.tally import Tally
from chaos.weather import Fate, Lot, fair, lots

PATIENCE = 90  # seconds for an answer of the web
PIECE = 65_536
PORTAL = b"<!doctype html><title>WiFi</title><p>\xe8\xaf\xb7\xe5\x85\x88\xe7\x99\xbb\xe5\xbd\x95"
PORTAL_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (len(PORTAL), PORTAL)
NO_BODY = (204, 304)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    head: bytes
    body: bytes = b""

    @property
    def whole(self) -> bytes:
        return self.head + self.body


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    trace: str = ""


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


class Lines:
    """Open between `start` and `stop`; served by a loop in a thread of its own."""

    def __init__(self, web: int, phones: list[str], seed: int, tally: Tally):
        self.web, self.tally = web, tally
        self._lots: dict[str, Iterator[Lot]] = {phone: lots(seed, phone) for phone in phones}
        self._address = {phone: f"127.0.1.{number}" for number, phone in enumerate(phones, 1)}
        self._late: set[asyncio.Task] = set()
        self._loop = asyncio.new_event_loop()
        self.ports: dict[str, int] = {}

    def start(self) -> None:
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        for phone in self._lots:
            self.ports[phone] = asyncio.run_coroutine_threadsafe(self._open(phone), self._loop).result()

    def calm(self) -> None:
        """From now on nothing happens to anybody's requests; what was held back arrives all the same."""
        self._lots = {phone: fair() for phone in self._lots}

    def settled(self) -> bool:
        """Nothing is on its way any more."""
        return not self._late

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    # --- one phone's connection ----------------------------------------------------------------------------------------
    async def _open(self, phone: str) -> int:
        server = await asyncio.start_server(lambda reader, writer: self._serve(phone, reader, writer), "127.0.0.1", 0, limit=2**20)
        return server.sockets[0].getsockname()[1]

    async def _serve(self, phone: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(phone, reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.transport.abort()  # a cut line says no goodbye

    async def _one(self, phone: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        head = await reader.readuntil(b"\r\n\r\n")
        lot = next(self._lots[phone])
        self.tally.met(lot.fate)
        method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        size = int(_fields(head).get("content-length", 0))
        self.tally.carried(phone, len(head))
        if lot.fate == Fate.CUT_BEFORE:
            return False
        wanted = int(size * lot.part) if lot.fate == Fate.CUT_WITHIN else size
        body = await reader.readexactly(wanted)
        self.tally.carried(phone, len(body))
        request = Request(method, path, head, body)
        await asyncio.sleep(lot.delay)
        answer = await self._meet(phone, request, lot)
        if answer is None:
            return False
        await asyncio.sleep(lot.answer_delay)
        writer.write(answer)
        await writer.drain()
        return lot.fate != Fate.ANSWER_CUT

    async def _meet(self, phone: str, request: Request, lot: Lot) -> bytes | None:
        """What of the answer reaches the phone; None: the line is cut."""
        match lot.fate:
            case Fate.PORTAL:
                return PORTAL_ANSWER
            case Fate.SILENCE:
                await asyncio.sleep(lot.late)
                return None
            case Fate.CUT_WITHIN | Fate.CUT_AFTER:
                await self._thrown(phone, request)
                return None
            case Fate.HELD_BACK:
                self._later(phone, request, lot.late)
                return None
            case Fate.DOUBLED:
                answers = await asyncio.gather(self._asked(phone, request), self._asked(phone, request))
                return answers[int(lot.part * 2)]
        answer = await self._asked(phone, request)
        if lot.fate == Fate.AGAIN_LATER:
            self._later(phone, request, lot.late)
        if lot.fate == Fate.ANSWER_LOST or answer is None:
            return None
        return answer[: int(len(answer) * lot.part)] if lot.fate == Fate.ANSWER_CUT else answer

    def _later(self, phone: str, request: Request, seconds: float) -> None:
        async def arrive() -> None:
            await asyncio.sleep(seconds)
            await self._asked(phone, request)

        task = asyncio.ensure_future(arrive())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    # --- before the web ------------------------------------------------------------------------------------------------
    async def _connected(self, phone: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.web, local_addr=(self._address[phone], 0), limit=2**20)

    async def _thrown(self, phone: str, request: Request) -> None:
        """Sent, and the line cut before any answer."""
        with contextlib.suppress(OSError):
            _, writer = await self._connected(phone)
            writer.write(request.whole)
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.transport.abort()

    async def _asked(self, phone: str, request: Request) -> bytes | None:
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._exchange(phone, request)
        except (OSError, EOFError, ValueError, IndexError, asyncio.LimitOverrunError):
            answer = None  # nobody listens, or it died over this request
        self.tally.answered(request.method, request.path, answer.status if answer else 0, answer.trace if answer else "", time.monotonic())
        return answer.content if answer else None

    async def _exchange(self, phone: str, request: Request) -> Answer:
        reader, writer = await self._connected(phone)
        try:
            with contextlib.suppress(ConnectionError):  # an answer may come before all was sent
                writer.write(request.whole)
                await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            status, fields = int(head.split(b" ", 2)[1]), _fields(head)
            body = b"" if request.method == "HEAD" or status in NO_BODY else await _body(reader, fields)
            return Answer(status, head + body, fields.get("x-trace-id", ""))
        finally:
            writer.transport.abort()


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    """As it came, chunks and all."""
    if fields.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(fields["content-length"]))
    found = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        rest = await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        found += line + rest
        if rest == b"\r\n":
            return found
