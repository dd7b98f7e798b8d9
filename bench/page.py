"""The phone's page in Chromium: what its shell weighs, when a finger can press, how long a photo takes to the disk, what a weak line carries.

Times are the page's own clock on this machine at 4 × CPU throttle, a slow phone's measure; bytes are counted on the way.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SLOWER = 4  # times: Emulation.setCPUThrottlingRate
RATE, CUT_PER, LOST = 256_000 // 8, 64 * 1024, 0.05  # bytes a second; of each so many bytes a line breaks off with this chance
PHOTO, PHOTOS = 400_000, 3  # bytes
HEAD = f"{'page':34}{'found':>12}{'budget':>12}"


class Figure(NamedTuple):
    name: str
    found: float
    budget: float
    unit: str

    def line(self) -> str:
        mark = "✓" if self.found <= self.budget else "✗"
        return f"{mark} {self.name:32}{self.found:>9.0f} {self.unit:2}{self.budget:>9.0f} {self.unit}"


def page(program: str, port: int, username: str, password: str) -> Iterator[Figure]:
    """Raises playwright's TimeoutError where the page does not do what it should."""
    with _browser(program) as hand:
        yield from _opened(hand, port)
        shown = hand.pages[0]
        _sign_in(shown, username, password)
        yield from _kept(hand, port)
        yield _saved(hand, shown)
    with _browser(program) as hand, _weak_line(port) as line:
        yield _over_a_weak_line(hand, line, username, password)


# --- the shell ------------------------------------------------------------------------------------------------------------
def _opened(hand: BrowserContext, port: int) -> Iterator[Figure]:
    shown, came = hand.pages[0], []
    tools = hand.new_cdp_session(shown)
    tools.send("Network.enable")
    tools.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    ready = _ready(hand, shown, lambda: shown.goto(f"http://127.0.0.1:{port}/m/"), "[name=username]")
    yield Figure("shell, gzipped", sum(came) / 1000, 60, "kB")
    yield Figure("shell, requests", len(came), 8, "")
    yield Figure("first sight, 4 × slower", ready, 2000, "ms")


def _ready(hand: BrowserContext, shown: Page, go: Callable[[], object], what: str) -> float:
    tools = hand.new_cdp_session(shown)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begun = time.monotonic()
    go()
    shown.locator(what).wait_for()
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return (time.monotonic() - begun) * 1000


def _kept(hand: BrowserContext, port: int) -> Iterator[Figure]:
    shown = hand.pages[0]
    while not shown.evaluate("!!navigator.serviceWorker.controller"):
        shown.wait_for_timeout(100)
    hand.set_offline(True)
    yield Figure("without a line, 4 × slower", _ready(hand, shown, shown.reload, "a[href='#/hazard']"), 2000, "ms")
    hand.set_offline(False)


def _sign_in(shown: Page, username: str, password: str) -> None:
    shown.get_by_label("用户名").fill(username)
    shown.get_by_label("口令", exact=True).fill(password)
    shown.get_by_role("button", name="登录").click()
    shown.locator("a[href='#/hazard']").wait_for()


# --- a photo to the disk ----------------------------------------------------------------------------------------------------
def _saved(hand: BrowserContext, shown: Page) -> Figure:
    hand.set_offline(True)
    _shoot(shown, 4_000_000)
    begun = time.monotonic()
    shown.get_by_role("button", name="保存").click()
    shown.locator("[aria-label^='本机 1']").wait_for()
    spent = (time.monotonic() - begun) * 1000
    hand.set_offline(False)
    return Figure("保存, a photo of 4 MB", spent, 300, "ms")


def _shoot(shown: Page, *sizes: int) -> None:
    shown.locator("a[href='#/hazard']").click()
    for number, size in enumerate(sizes, 1):
        shown.locator("#camera").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": _photo(size, number)})
        shown.locator(".shots img").nth(number - 1).wait_for(state="attached")


def _photo(size: int, number: int) -> bytes:
    """A picture that opens, and is filled up behind its end to the size."""
    told = BytesIO()
    Image.effect_noise((400, 300), 40 + number).save(told, "JPEG")
    return told.getvalue().ljust(size, b"\0")


# --- a weak line -------------------------------------------------------------------------------------------------------------
class Line:
    """A relay of 256 kbit/s that breaks lines off; counts what the phone sends."""

    def __init__(self, to: int):
        self.to, self.sent, self.cuts, self.drawn = to, 0, 0, random.Random(1)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                phone, _ = self.door.accept()
            except OSError:
                return
            web = socket.create_connection(("127.0.0.1", self.to))
            for source, target, counts in ((phone, web, True), (web, phone, False)):
                threading.Thread(target=self._carry, args=(source, target, counts), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        passed = 0
        try:
            while piece := source.recv(4096):
                self.sent += len(piece) if counts else 0
                passed += len(piece)
                time.sleep(len(piece) / RATE)
                if passed >= CUT_PER and counts:
                    passed -= CUT_PER
                    if self.drawn.random() < LOST:
                        self.cuts += 1
                        break
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            end.close()


@contextmanager
def _weak_line(port: int) -> Iterator[Line]:
    line = Line(port)
    try:
        yield line
    finally:
        line.door.close()


def _over_a_weak_line(hand: BrowserContext, line: Line, username: str, password: str) -> Figure:
    shown = hand.pages[0]
    shown.goto(f"http://127.0.0.1:{line.port}/m/")
    _sign_in(shown, username, password)
    shown.get_by_text("单位在本机").wait_for()
    hand.set_offline(True)
    _shoot(shown, *[PHOTO + number for number in range(PHOTOS)])
    shown.get_by_role("button", name="保存").click()
    before = line.sent
    hand.set_offline(False)
    shown.locator("[aria-label$='已收 1']").wait_for(timeout=240_000)
    return Figure(f"256 kbit/s, {line.cuts} lines cut", (line.sent - before) * 100 / (PHOTO * PHOTOS), 110, "%")


@contextmanager
def _browser(program: str) -> Iterator[BrowserContext]:
    with TemporaryDirectory() as folder, sync_playwright() as player:
        hand = player.chromium.launch_persistent_context(
            folder, executable_path=program, headless=True, args=FLAGS, viewport={"width": 360, "height": 740}, locale="zh-CN",
            geolocation={"latitude": 38.461818, "longitude": 111.127486}, permissions=["geolocation"],
        )  # fmt: skip
        hand.set_default_timeout(60_000)
        yield hand
        hand.close()
