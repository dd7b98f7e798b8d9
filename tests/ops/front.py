"""A web server of its own on the tests' database, and a hand that speaks HTTP by the byte."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from ops import services
from ops.home import PROJECT
from tests.ground.connections import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lasting_port() -> int:
    """For what goes and comes back: outside of the range from which outgoing connections are given theirs meanwhile."""
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free between 20,000 and 32,000")


@dataclass(frozen=True)
class Web:
    host: str
    port: int
    process: subprocess.Popen

    @property
    def answers(self) -> bool:
        assert self.process.poll() is None, "the web ended while starting"
        line = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()

    def kill(self) -> None:
        """At once, with all its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


@contextmanager
def web(*, host: str = "127.0.0.1", port: int = 0, workers: int = 1, **settings: str) -> Iterator[Web]:
    """What `./safety up` starts, with one process in place of two unless more are asked for."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    port = port or free_port()
    command = services.command("web", python=sys.executable, host=host, port=port)
    command[command.index("--workers") + 1] = str(workers)
    process = subprocess.Popen(
        command,
        env=os.environ | {"DATABASE_URL": url, **settings},
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    running = Web(host, port, process)
    try:
        until(lambda: running.answers, seconds=60)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


class Wire:
    """One connection. `said` is the status of the next answer, its headers and what came of its body."""

    def __init__(self, port: int, *, room: int = 0):
        self.socket = socket.socket()
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))

    def ask(self, line: str, *headers: str, body: bytes = b"") -> Wire:
        self.socket.sendall("\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode() + body)
        return self

    def said(self) -> tuple[int, dict[str, str], bytes]:
        with self.socket.makefile("rb") as answer:
            status = int(answer.readline().split()[1])
            lines = iter(answer.readline, b"\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.decode().partition(":") for line in lines)}
            return status, headers, answer.read(int(headers.get("content-length", 0)))

    def word(self) -> tuple[int, str]:
        """Status and word of a refusal."""
        status, headers, body = self.said()
        assert headers["content-type"] == "application/problem+json", headers
        return status, json.loads(body)["code"]

    def close(self) -> None:
        self.socket.close()


@contextmanager
def wires(port: int, count: int, *asked: Any, body: bytes = b"") -> Iterator[list[Wire]]:
    """So many that have asked the same."""
    opened = [Wire(port).ask(*asked, body=body) for _ in range(count)]
    try:
        yield opened
    finally:
        for wire in opened:
            wire.close()
