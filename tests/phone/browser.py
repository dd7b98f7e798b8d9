"""The real page in Debian's Chromium, before a real web on the tests' database."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connections
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, sync_playwright

from accounts.models import User
from evidence.models import Photo, PhotoState
from evidence.storage import original_name
from tests.ground.connections import until

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "Zhen-de-2026-hao"  # of everybody of the cast in the fixture `house`
HERE = {"latitude": 38.461818, "longitude": 111.127486, "accuracy": 8}


def program() -> str | None:
    return shutil.which("chromium")


@contextmanager
def phone(folder: Path, *, width: int = 360, worker: bool = True, placed: bool = True, flags: Sequence[str] = ()) -> Iterator[BrowserContext]:
    """A browser whose disk stays in `folder`, as a phone's does when the browser is killed. Without its service `worker` the hand can bend
    single answers: what goes through a worker is not shown to it."""
    with _player() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=program(), headless=True, args=[*FLAGS, *flags], viewport={"width": width, "height": 740}, geolocation=HERE,
            permissions=["geolocation"] if placed else [], locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True,
            service_workers="allow" if worker else "block",
        )  # fmt: skip
        context.set_default_timeout(60_000)
        try:
            yield context
        finally:
            connections.close_all()  # beside a loop Django keeps others than without one
            with suppress(Error):  # killed meanwhile
                context.close()


playing: list[Playwright] = []  # a thread has one loop: a second phone beside the first is the same player's


@contextmanager
def _player() -> Iterator[Playwright]:
    if playing:
        yield playing[0]
        return
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the player keeps a loop in this thread; the tests ask their tables beside it
    with sync_playwright() as playwright:
        playing.append(playwright)
        try:
            yield playwright
        finally:
            playing.clear()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def open_page(context: BrowserContext, port: int) -> Page:
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(f"http://127.0.0.1:{port}/m/")
    return page


def sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("口令", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("队列").wait_for()


def shoot(page: Page, content: bytes, alt: str = "照片") -> None:
    """What the camera brings, to whatever it was opened for."""
    shown = page.get_by_alt_text(alt)
    before = shown.count()
    page.locator("#camera").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
    shown.nth(before).wait_for()


def stored(content: bytes) -> bool:
    """Whether the server has these bytes, as a photo that is declared."""
    photo = Photo.objects.filter(sha256=hashlib.sha256(content).hexdigest(), state__in=[PhotoState.HELD, PhotoState.READY]).first()
    return photo is not None and default_storage.exists(original_name(photo.sha256))


def kept_for_later(page: Page) -> None:
    """Until the shell is on the phone, so that it opens without a line."""
    until(lambda: page.evaluate("!!navigator.serviceWorker.controller"), seconds=60)


SYNCED = """() => new Promise(done => { indexedDB.open("safety").onsuccess = opened => {
    const db = opened.target.result, asked = db.transaction("kept").objectStore("kept").get("synced")
    asked.onsuccess = () => { db.close(); done(Boolean(asked.result)) } } })"""


def synced(page: Page) -> None:
    """Until the first sync has been taken in."""
    until(lambda: page.evaluate(SYNCED), seconds=60)


def received(page: Page, number: int = 1) -> None:
    page.get_by_label("队列").get_by_label(f"已收 {number}").wait_for()


def snap(page: Page, button: str, content: bytes, within: Locator | None = None) -> None:
    """A tap on a shutter, and what the camera brings."""
    shown = page.locator("figure img")
    before = shown.count()
    with page.expect_file_chooser() as opened:
        (within or page).get_by_role("button", name=button).click()
    opened.value.set_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
    until(lambda: shown.count() > before, seconds=60)


def count_taps(page: Page) -> None:
    """From now on: what a finger presses, and nothing that the page presses itself."""
    page.evaluate("() => { window.taps = 0; addEventListener('click', event => { if (event.isTrusted) window.taps += 1 }, true) }")


def taps(page: Page) -> int:
    return page.evaluate("window.taps")


def kill(folder: Path) -> None:
    """The browser whose disk is `folder`, with -9 and all its children, as a phone does that lacks memory."""
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and f"--user-data-dir={folder}".encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def with_password(username: str) -> User:
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user
