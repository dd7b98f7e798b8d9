"""The course of a request: received, computed, answered; answered at once where the headers say enough."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace
from typing import IO, Any

from django.conf import settings
from django.utils import translation

from safety_api import standby
from safety_api.front.bridge import Absent, Answer, Asked, answered_early, called, environ_of
from safety_api.front.lines import IDLE, Line, Lines, address_of, open_files, tell_kernel
from safety_api.front.readers import Readers
from safety_api.front.spool import Room, Spool
from safety_api.logs import new_trace
from safety_api.middleware import DATA
from safety_api.problems import (
    BODY_STALLED,
    CUT_OFF,
    HEADERS_TOO_LARGE,
    LENGTH_REQUIRED,
    MEDIA_TYPE,
    TOO_LARGE,
    Problem,
)
from safety_api.wsgi import application as wsgi

log = logging.getLogger("safety.request")
HEADERS_MAX = 32 * 1024
AT_ONCE = 0.2  # seconds: for a body that takes longer its headers are asked first
TOO_SMALL_TO_ASK = 4096  # bytes: whoever sends so little has sent it before any answer comes
AT_ONCE_READ = 64 * 1024  # bytes: so much of an answer the network takes off our hands, whoever reads it
DROPPED_MAX = (
    256 * 1024 * 1024
)  # bytes read for nothing after an answer, so that a client that writes all first sees it
DROP_LOOK, DROP_LEAST = 10, 10_000  # seconds, and the bytes that must come in them
BEHIND = int(os.environ.get("WEB_BEHIND", 0))  # sockets of the web whose place this one takes
PROVEN_WITHIN = 30  # seconds
READYZ = SimpleNamespace(
    method="GET", path="/readyz", query_string="", headers={"host": "localhost"}, http_version="1.1", scheme="http",
    server="127.0.0.1:0", client="127.0.0.1:0",
)  # fmt: skip
OPENED_WITHIN = 10  # seconds: by then the server has opened the file it was told of


class Incoming:
    """A body on its way in. What broke off on its way is nothing that Django has to hear of."""

    def __init__(self, proto: Any, announced: int | None, room: Room):
        self._proto, self._announced, self._spool = proto, announced, Spool(room)
        self._came, self._kept = 0, True
        self._task: asyncio.Task | None = None
        self.line: Line | None = None

    async def _receive(self) -> None:
        async for chunk in self._proto:
            self._came += len(chunk)
            if self.line:
                self.line.moves(len(chunk))
            if self._kept:
                self._spool.write(chunk)
            elif self._came > DROPPED_MAX:
                return

    async def ended_within(self, seconds: float) -> bool:
        self._task = self._task or asyncio.ensure_future(self._receive())
        await asyncio.wait({self._task}, timeout=seconds)
        return self._task.done()

    async def whole(self, stalled: int) -> IO[bytes]:
        """All of it. Raises SPOOL_FULL, CUT_OFF, and BODY_STALLED when no byte comes for so many seconds, twice as many at most, or when
        another took its place.
        """
        came = -1
        while not await self.ended_within(stalled):
            if came == self._came:
                raise BODY_STALLED(seconds=stalled)
            came = self._came
        assert self._task is not None
        if self._task.cancelled():
            raise BODY_STALLED(seconds=int(IDLE))
        self._task.result()
        if self._came < (self._announced or 0):
            raise CUT_OFF(came=self._came, announced=self._announced)
        return self._spool.whole()

    async def dropped(self) -> None:
        """Reads on as long as enough comes: who writes all before reading has its answer then, and no broken pipe."""
        self._kept, wanted = False, 0
        self._spool.close()
        if self._task and self._task.cancelled():
            return
        if self._task and self._task.done() and self._task.exception():  # there was no room for it
            self._task = None
        while self._came >= wanted and not await self.ended_within(DROP_LOOK):
            wanted = self._came + DROP_LEAST

    def give_up(self) -> None:
        """Its place is another's."""
        if self._task:
            self._task.cancel()

    def close(self) -> None:
        self.give_up()
        self._spool.close()


class Front:
    """One a process. `thread`: all of Django happens in it, so that there is one connection to the database."""

    def __init__(self) -> None:
        self.lines = Lines(settings.LINES_MAX, settings.LINES_PER_ADDRESS)
        self.room = Room(settings.SPOOL_MEMORY_BYTES, settings.SPOOL_DISK_BYTES)
        self.readers = Readers(
            Lines(settings.LINES_MAX, settings.LINES_PER_ADDRESS),
            Room(settings.SPOOL_MEMORY_BYTES, settings.SPOOL_DISK_BYTES),
        )
        self.stalled = settings.LINE_STALLED_SECONDS
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="django")
        self.leaving = False

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Before the server listens. One that is to take another's place (ops/exchange.py) is ready by then, or ends."""
        open_files()
        standby.watch()
        if BEHIND:
            self.thread.submit(prove_ready).result()
        loop.add_signal_handler(signal.SIGUSR1, self.leave)
        loop.call_soon(tell_kernel, loop, self.stalled, BEHIND)  # the loop runs when the server listens

    def leave(self) -> None:
        """Another has taken the place: each connection ends with its next answer."""
        self.leaving = True

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.thread.shutdown()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        began, asked = time.perf_counter(), Asked(scope)
        incoming = Incoming(proto, asked.announced, self.room)
        try:
            answer = await self._answer(asked, incoming)
        except Problem as problem:
            answer = refused(problem, asked, began)
        try:
            send(proto, answer.closing() if self.leaving and not answer.last else answer)
            if answer.size > AT_ONCE_READ:
                self.readers.expect(
                    asked.scope.client, self._address(asked), answer.size, on_disk=answer.file is not None
                )
            if answer.last:
                await incoming.dropped()
        finally:
            incoming.close()

    async def _answer(self, asked: Asked, incoming: Incoming) -> Answer:
        """Raises whatever Problem kept the request from Django."""
        if sum(map(len, asked.headers.values())) + len(asked.scope.query_string) > HEADERS_MAX:
            raise HEADERS_TOO_LARGE(most=f"{HEADERS_MAX // 1024} KB")
        if self.readers.lines.open:
            self.readers.make_room(self._address(asked), asked.path)
        if asked.announced == 0:
            return await self._in_thread(called, asked, BytesIO())
        if not slow_by_its_word(asked) and await incoming.ended_within(AT_ONCE):
            return await self._in_thread(called, asked, await incoming.whole(0))
        with self.lines.one(self._address(asked), asked.path, incoming.give_up) as incoming.line:
            return await self._slowly(asked, incoming)

    @staticmethod
    def _address(asked: Asked) -> str:
        return address_of(asked.peer, asked.headers.get("x-forwarded-for", ""), settings.TRUSTED_PROXIES)

    async def _slowly(self, asked: Asked, incoming: Incoming) -> Answer:
        size = asked.announced
        if size is None or size > TOO_SMALL_TO_ASK:
            early = await self._in_thread(answered_early, asked, Absent())
            if early is not None:
                return early.as_last()
        if size is None:
            raise LENGTH_REQUIRED()
        if size > settings.BODY_MAX_BYTES:
            raise TOO_LARGE(most=f"{settings.BODY_MAX_BYTES // 1024 // 1024} MB")
        return await self._in_thread(called, asked, await incoming.whole(self.stalled))

    async def _in_thread(self, work: Callable, asked: Asked, body: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work, wsgi, environ_of(asked, body))


def prove_ready() -> None:
    """Returns when `/readyz` says 200 of this very process. Raises SystemExit when it does not in PROVEN_WITHIN."""
    end = time.monotonic() + PROVEN_WITHIN
    while (answer := called(wsgi, environ_of(Asked(READYZ), BytesIO()))).status != 200:
        if time.monotonic() > end:
            raise SystemExit(f"not ready: {answer.content.decode()}")
        time.sleep(0.5)


def slow_by_its_word(asked: Asked) -> bool:
    """Whose body is not to be waited for before its headers were looked at."""
    return asked.announced is None or asked.announced > settings.BODY_MAX_BYTES or "expect" in asked.headers


def send(proto: Any, answer: Answer) -> None:
    """An answer of any size is off our hands at once; the server reads a file as fast as its client does."""
    if answer.file is None:
        proto.response_bytes(answer.status, answer.headers, answer.content)
        return
    headers = answer.headers
    if not any(name.lower() == "content-length" for name, _ in headers):
        headers = [*headers, ("Content-Length", str(os.fstat(answer.file).st_size))]
    proto.response_file(answer.status, headers, f"/proc/self/fd/{answer.file}")
    asyncio.get_running_loop().call_later(OPENED_WITHIN, os.close, answer.file)


def refused(problem: Problem, asked: Asked, began: float) -> Answer:
    """What the front itself says no to: in the words and with the line in the log that Django's answers have."""
    trace = new_trace(asked.headers.get("traceparent", "")[3:35])
    spoken = "en" if asked.headers.get("accept-language", "").lower().startswith("en") else "zh-hans"
    with translation.override(spoken):
        content = json.dumps(problem.body(), ensure_ascii=False).encode()
    ms = round((time.perf_counter() - began) * 1000, 1)
    status = problem.kind.status
    log.info(
        "request", extra={"method": asked.scope.method, "path": asked.path, "status": status, "ms": ms, "user": ""}
    )
    headers = {
        "Content-Type": MEDIA_TYPE, "Content-Security-Policy": DATA, "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store", "X-Trace-Id": trace, **problem.headers,
    }  # fmt: skip
    return Answer(status, list(headers.items()), content).as_last()


application = Front()
