"""A primary with its standby, as an operator makes them, on a copy of the tests' database; and phones that send until they are heard."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from django.db import connection

from ops.cluster import CLEAN, Cluster
from ops.home import Home
from tests.cast.visits import a_visit
from tests.ops.test_script import run

ACKNOWLEDGED = (200, 201)


@dataclass
class Pair:
    primary: Cluster
    standby: Cluster

    def url(self, *clusters: Cluster) -> str:
        hosts = clusters or (self.primary, self.standby)
        return f"postgis://safety_app@/safety?host={','.join(quote(str(each.socket)) for each in hosts)}"

    def say(self, cluster: Cluster, *words: str, check: bool = True) -> subprocess.CompletedProcess:
        return run(*words, state=cluster.home.state, check=check)

    def lose_primary(self) -> None:
        """As a machine is lost: nothing of it says goodbye."""
        kill(self.primary)

    def caught_up(self) -> bool:
        asked = "SELECT pg_wal_lsn_diff('{}', pg_last_wal_replay_lsn()) <= 0"
        return self.standby.sql(asked.format(self.primary.sql("SELECT pg_current_wal_lsn()"))) == "t"


def kill(cluster: Cluster) -> None:
    pid = cluster.service.running()["pid"]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)


@contextmanager
def pair_of(dump: Path) -> Iterator[Pair]:
    with tempfile.TemporaryDirectory(prefix="two ") as name:
        Path(name).chmod(0o711)
        primary, standby = (Cluster(Home(Path(name) / each).open()) for each in ("first", "second"))
        try:
            primary.start()
            subprocess.run(primary.tool("pg_restore", "-d", "safety", dump), env=CLEAN, capture_output=True, check=False)
            pair = Pair(primary, standby)
            pair.say(primary, "standby", "allow")
            pair.say(standby, "standby", "follow", str(primary.socket))
            yield pair
        finally:
            for each in (standby, primary):
                each.stop()
                each.remove()


def dump_of_tests(folder: Path) -> Path:
    """All that is committed in the tests' database."""
    known, out = connection.get_connection_params(), folder / "tests.dump"
    where = ["-h", str(known["host"]), "-p", str(known.get("port", 5432)), "-U", "safety_owner"]
    subprocess.run(["pg_dump", *where, "-Fc", "-f", str(out), known["dbname"]], env=CLEAN, check=True)
    return out


@dataclass
class Phones:
    """So many inspectors at once; each sends a visit until it is acknowledged, and then the next."""

    port: int
    token: str
    unit: str
    acknowledged: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, method: str, path: str, body: dict | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = json.dumps(body).encode() if body is not None else None
            line.request(method, path, sent, {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers})
            answer = line.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            line.close()

    def visit(self, key: str, **fields: str) -> int:
        body = a_visit(enterprise=self.unit, answers=[], hazards=[], **fields)
        return self.ask("PUT", f"/api/v1/inspections/{key}", body)[0]

    def _send(self) -> None:
        while not self.over.is_set():
            key, status = str(uuid4()), 0
            while status not in ACKNOWLEDGED:
                status = self.visit(key)
                self.answers[status] += 1
                if status not in ACKNOWLEDGED and self.over.wait(0.1):
                    return
            self.acknowledged.append(key)
            self.times.append(time.monotonic())

    @contextmanager
    def sending(self, count: int = 4) -> Iterator[None]:
        threads = [threading.Thread(target=self._send) for _ in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def heard(self, since: int, count: int) -> bool:
        return len(self.acknowledged) >= since + count

    @property
    def longest_pause(self) -> float:
        return max((later - before for before, later in pairwise(sorted(self.times))), default=0.0)
