"""The real page in Debian's WebKit: iPhones have no other engine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options

from tests.ground.connections import until
from tests.ops.front import free_port

PROGRAMS = ("WebKitWebDriver", "Xvfb", "dbus-run-session")
PATIENCE = 60  # seconds; a busy machine is no fault of the page


def program() -> str | None:
    return shutil.which("WebKitWebDriver") if all(map(shutil.which, PROGRAMS)) else None


@contextmanager
def browser(folder: Path) -> Iterator[Remote]:
    """Ephemeral, as the driver makes it: nothing stays when it ends."""
    with _driver(folder) as port:
        options = Options()
        options.set_capability("browserName", "MiniBrowser")
        hand = Remote(command_executor=f"http://127.0.0.1:{port}", options=options, file_detector=UselessFileDetector())
        try:
            yield hand
        finally:
            hand.quit()


@contextmanager
def _driver(folder: Path) -> Iterator[int]:
    port = free_port()
    env = os.environ | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "NO_AT_BRIDGE": "1", "GDK_BACKEND": "x11"}
    command = ["xvfb-run", "-a", "dbus-run-session", "--", "WebKitWebDriver", f"--port={port}"]
    with open(folder / "webkit.log", "wb") as log:
        child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            until(lambda: _listens(port), seconds=PATIENCE)
            yield port
        finally:
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(PATIENCE)


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def there(hand: Remote, path: str) -> WebElement:
    """The element of an XPath, as soon as it stands."""
    return WebDriverWait(hand, PATIENCE).until(lambda each: each.find_element(By.XPATH, path))


def press(hand: Remote, words: str) -> None:
    there(hand, f"//*[self::button or self::a][contains(., '{words}')]").click()
