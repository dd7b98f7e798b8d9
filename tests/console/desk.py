"""A browser of the office: Chromium with WebGL2 by software, signed in by the cookie of a session, that remembers what its console complained of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from tests.phone.browser import FLAGS, _player, program

DRAWS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
DRAWS_NOT = ["--disable-gpu", "--disable-3d-apis"]
PATIENCE = 60_000


@contextmanager
def desk(*, width: int = 1440, height: int = 900, draws: bool = True, **options) -> Iterator[BrowserContext]:
    flags = [*(each for each in FLAGS if each != "--disable-gpu"), *(DRAWS if draws else DRAWS_NOT)]
    with _player() as player:
        browser = player.chromium.launch(executable_path=program(), headless=True, args=flags)
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            connections.close_all()  # beside a loop Django keeps others than without one
            browser.close()


def seated(context: BrowserContext, port: int, name: str) -> Page:
    """A page of this person's; `page.complaints` fills with what the console says, which is an error or a breach of the policy."""
    client = Client()
    client.force_login(User.objects.get(username=name), backend="accounts.backends.NameAndPassword")
    cookie = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": cookie, "value": client.cookies[cookie].value, "url": f"http://127.0.0.1:{port}"}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def drawn(page: Page) -> None:
    """Until the map stands still for the first time."""
    page.locator("#mapped[data-ready='1']").wait_for()
