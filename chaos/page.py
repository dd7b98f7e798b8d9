"""The real page at /m/ in Debian's Chromium, as one of the phones: hazards with a photo, reloads, and the browser killed in between."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chaos.books import Book, Photo, Record
from chaos.client import PASSWORD
from chaos.comparing import synced_apart
from chaos.making import Maker
from chaos.tally import Tally

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
HERE = {"latitude": 38.461818, "longitude": 111.127486, "accuracy": 8}
PATIENCE = 8000  # milliseconds for what a page shows at once
RELOAD, KILL = 0.25, 0.12  # after a hazard
NUDGE = 10  # seconds between two reloads while the last ones are on their way
STORES = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("safety")
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const tx = opening.result.transaction(["queue", "rows", "photos"]), found = {}
    for (const name of ["queue", "rows", "photos"]) tx.objectStore(name).getAll().onsuccess = got => { found[name] = got.target.result }
    tx.oncomplete = () => { opening.result.close(); for (const photo of found.photos) delete photo.bytes; resolve(found) }
  }
})"""


def program() -> str | None:
    """None where there is no browser, or nobody who can drive it."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return None
    return shutil.which("chromium")


class PagePhone:
    """`wanted` hazards, each with a photo. The browser's disk stays when the browser is killed, as a phone's does."""

    def __init__(self, name: str, port: int, seed: int, wanted: int, tally: Tally, pace: float):
        self.name, self.wanted, self.tally, self.pace = name, wanted, tally, pace
        self.address = f"http://127.0.0.1:{port}/m/"
        self.book, self.made = Book(name), 0
        self.over, self.gone = threading.Event(), threading.Event()
        self._maker, self._drawn = Maker(self.book, seed), random.Random(f"{seed} {name} page")
        self._given: set[str] = set()
        self._fresh: Book | None = None
        self._apart: list[str] = []

    def threads(self) -> list[threading.Thread]:
        return [threading.Thread(target=self._live, name=self.name, daemon=True)]

    @property
    def busy(self) -> bool:
        return not self.gone.is_set() and (self.made < self.wanted or bool(self.undone))

    @property
    def undone(self) -> list[str]:
        received = {photo.sha256 for record, photo in self.book.photos if record.held}
        return self.book.undone + [f"photo {sha256}" for sha256 in sorted(self._given - received)]

    def apart(self, fresh: Book) -> list[str]:
        """What the page's own stores lack or have too much, once it had time to sync over a good line."""
        self._fresh, self.book.person = fresh, fresh.person
        self.over.set()
        self.gone.wait(180)
        return self._apart

    # --- its life ------------------------------------------------------------------------------------------------------
    def _live(self) -> None:
        from playwright.sync_api import Error, sync_playwright

        with tempfile.TemporaryDirectory(prefix="chaos-page") as disk, sync_playwright() as hand:
            while not self.gone.is_set():
                try:
                    self._while_the_browser_lives(hand, Path(disk))
                except Error:  # the browser was killed, or something was not shown for want of a line
                    self.tally.tried("the page begun anew")
                except Exception as error:
                    self.tally.complain(f"{self.name}: {type(error).__name__} {error}")
        self.gone.set()

    def _while_the_browser_lives(self, hand: Any, disk: Path) -> None:
        context = hand.chromium.launch_persistent_context(
            str(disk), executable_path=program(), headless=True, args=FLAGS, viewport={"width": 360, "height": 740}, geolocation=HERE,
            permissions=["geolocation"], locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        try:
            page = context.pages[0] if context.pages else context.new_page()
            self._open(page)
            while self.made < self.wanted and not self.over.is_set():
                self._hazard(page)
                self._look(page)
                self._wait(page, self.pace * self._drawn.uniform(0.3, 1.7))
                self._meddle(page, disk)
            self._wait_for_receipts(page)
            self._compare(page)
            self.gone.set()
        finally:
            context.close()

    def _open(self, page: Any) -> None:
        """Until it stands and somebody is signed in: over a bad line that takes more than once."""
        page.goto(self.address)
        page.get_by_label("用户名").or_(page.get_by_role("link", name="拍隐患")).first.wait_for()
        self._sign_in_where_asked(page)

    def _sign_in_where_asked(self, page: Any) -> None:
        """Also of a page that stands already: its token ended meanwhile, as when its sign-in came to the office a second time, later."""
        if page.get_by_label("用户名").is_visible():
            page.get_by_label("用户名").fill(self.name)
            page.get_by_label("口令", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="登录").click()
            page.get_by_role("link", name="拍隐患").first.wait_for()

    def _hazard(self, page: Any) -> None:
        page.goto(f"{self.address}#/")
        page.get_by_role("link", name="拍隐患").first.click()
        content = self._maker.shot()
        page.locator("#camera").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
        page.get_by_alt_text("照片").last.wait_for()
        self._given.add(hashlib.sha256(content).hexdigest())
        page.get_by_role("button", name="保存").click()
        page.get_by_label("队列").first.wait_for()
        self.made += 1

    def _meddle(self, page: Any, disk: Path) -> None:
        chance = self._drawn.random()
        if chance < KILL:
            self.tally.killed("browser")
            kill_browser(disk)
        elif chance < KILL + RELOAD:
            self._open(page)

    def _wait(self, page: Any, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.over.is_set():
            self._sign_in_where_asked(page)
            page.wait_for_timeout(200)

    def _wait_for_receipts(self, page: Any) -> None:
        self._look(page)
        while self.busy and not self.over.is_set():
            self._open(page)
            self._wait(page, NUDGE)
            self._look(page)

    def _look(self, page: Any) -> dict[str, Any]:
        """What its stores hold is the page's book."""
        found = page.evaluate(STORES)
        self.book.records = [_record(entry) for entry in found["queue"] if entry["state"] != "draft"]
        for entry in found["queue"]:
            if entry["state"] == "stopped":
                self.tally.complain(f"{self.name}: {entry['path']} was refused: {entry['why']}")
        return found

    def _compare(self, page: Any) -> None:
        while self._fresh is None:
            page.wait_for_timeout(200)
        for _ in range(12):
            self._open(page)
            for _ in range(20):
                self._sign_in_where_asked(page)
                page.wait_for_timeout(200)
            mine = _book_of(self.name, self._look(page)["rows"], self._fresh)
            self._apart = list(synced_apart(mine, self._fresh))
            if not self._apart:
                return


def _record(entry: dict[str, Any]) -> Record:
    photos = [Photo(each["id"], None, each["sha256"], each["size"]) for each in entry["body"].get("photos", [])]
    received = entry["state"] == "received"
    return Record(entry["path"], entry["body"], photos, stands=bool(entry.get("stands")), held=received)


def _book_of(name: str, rows: list[dict[str, Any]], fresh: Book) -> Book:
    """Its rows in the form in which sync brought them."""
    book = Book(name, lists=fresh.lists)
    for row in rows:
        columns = fresh.columns.get(row["stream"], [])
        book.rows.setdefault(row["stream"], {})[str(row["id"])] = [row.get(column) for column in columns]
    return book


def kill_browser(disk: Path) -> None:
    for pid in _of(lambda words: any(str(disk) in word for word in words)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _of(ours: Callable[[list[str]], bool]) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue
        if "chromium" in words[0] and ours(words):
            yield int(entry.name)
