"""升级不停机: while `up` puts a new web in the place of the old one, nobody is refused, nobody meets a fault, every visit is taken."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from bench.client import Ask, one
from bench.scenarios import visit
from ops import exchange
from ops.cluster import Cluster
from ops.home import PROJECT, Home, environment
from ops.house import EVERYTHING
from ops.processes import NEW, OLD, Service
from tests.ground.connections import until
from tests.ops.test_script import port, run  # noqa: F401 - a fixture

pytestmark = pytest.mark.foreign
PASSWORD = "Demo-hammer-2468"
MINE = "SELECT id FROM enterprises_enterprise WHERE sector_id = 'coal_mine' AND status = 'operating' AND region_code LIKE '141123100%' LIMIT 1"


@pytest.fixture(scope="module")
def house(port) -> Iterator[Home]:  # noqa: F811
    with tempfile.TemporaryDirectory(prefix="exchange") as name:
        Path(name).chmod(0o711)
        run("up", state=name, PORT=port, DEMO="1", DEMO_PASSWORD=PASSWORD)
        yield Home(Path(name))
        run("reset", "--yes", state=name, check=False)


@pytest.fixture(scope="module")
def token(house, port) -> str:  # noqa: F811
    body = {"username": "inspector", "password": PASSWORD, "device_id": "hammer", "device_name": "hammer"}
    return json.loads(one(int(port), Ask("POST", "/api/v1/auth/login", body=(json.dumps(body).encode(),))).body)[
        "token"
    ]


class Hammer:
    """Requests without end, from several threads; what each met."""

    def __init__(self, port: int, token: str, mine: str):  # noqa: F811
        self.port, self.headers, self.mine = port, {"Authorization": f"Bearer {token}"}, mine
        self.met: Counter[tuple[str, str]] = Counter()
        self.over = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[Counter]:
        works = [self.reads, self.reads, self.reads_on_one_line, self.reads_on_one_line, self.writes, self.writes]
        threads = [threading.Thread(target=self.goes_on, args=(work(),)) for work in works]
        for thread in threads:
            thread.start()
        try:
            until(lambda: len(self.met) >= 3)
            yield self.met
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def goes_on(self, ask: Callable[[], tuple[str, int]]) -> None:
        while not self.over.is_set():
            try:
                self.met[ask()] += 1
            except (OSError, http.client.HTTPException) as error:
                self.met["failed", repr(error)] += 1

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def asked(self, line: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> int:
        more = {"Content-Type": "application/json"} if body else {}
        line.request(method, f"/api/v1/{path}", body, self.headers | more)
        answer = line.getresponse()
        answer.read()
        return answer.status

    def reads(self) -> Callable:
        return lambda: ("GET", self.asked(self.line(), "GET", "me"))

    def reads_on_one_line(self) -> Callable:
        kept = self.line()
        return lambda: ("GET on one line", self.asked(kept, "GET", "hazards?limit=5"))

    def writes(self) -> Callable:
        def put() -> tuple[str, int]:
            body = json.dumps(
                visit(SimpleNamespace(mine=self.mine), 0, []) | {"answers": [], "unanswered": "pass"}
            ).encode()
            return "PUT", self.asked(self.line(), "PUT", f"inspections/{uuid4()}", body)

        return put


def test_nobody_is_refused_and_every_visit_is_taken_while_the_web_is_exchanged(house, port, token):  # noqa: F811
    before = Service(house, "web").running()["pid"]
    hammer = Hammer(int(port), token, Cluster(house).sql(MINE))
    with hammer.at_work() as met:
        done = run("up", state=house.state, DEMO="1", LOG_LEVEL="ERROR")
        seen = met.total()
        until(lambda: met.total() > seen + 100)
    print(dict(met), done.stdout.splitlines())
    assert set(met) == {("GET", 200), ("GET on one line", 200), ("PUT", 201)}
    assert "both at once held" in done.stdout
    assert Service(house, "web").running()["pid"] != before
    assert not any(Service(house, f"web{which}").running() for which in (NEW, OLD))


def test_a_new_web_that_does_not_come_up_leaves_the_old_one_at_work(house, port, token):  # noqa: F811
    before = [Service(house, name).running()["pid"] for name in EVERYTHING]
    with Hammer(int(port), token, Cluster(house).sql(MINE)).at_work() as met:
        done = run("up", state=house.state, DEMO="1", LOG_LEVEL="ERROR", LINES_MAX="0", check=False)
    assert (done.returncode, "旧网页继续服务" in done.stderr, "LINES_MAX" in done.stderr) == (1, True, True), (
        done.stderr
    )
    assert set(met) == {("GET", 200), ("GET on one line", 200), ("PUT", 201)}
    assert [Service(house, name).running()["pid"] for name in EVERYTHING] == before
    assert len(exchange.listening(int(port))) == 2


def test_what_an_exchange_left_behind_is_cleared_by_the_next(house, port):  # noqa: F811
    left = Service(house, f"web{NEW}")
    left.start(["sleep", "1000"], env={})
    run("up", state=house.state, DEMO="1", LOG_LEVEL="WARNING")
    assert (left.running(), Service(house, "web").running()["port"]) == ({}, int(port))


# --- yesterday's code on today's tables ---------------------------------------------------------------------------------
YESTERDAY = "dcc8dd5"  # the release before; its packages are those of today's lock
WAYS = """
import json, sys
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import django
django.setup()
from django.test import Client
from PIL import Image

mine, password = sys.argv[1:]
client = Client(raise_request_exception=False, headers={"host": "localhost"})
now = datetime.now(timezone(timedelta(hours=8))).replace(microsecond=0)
place = {"lon": 111.1335, "lat": 38.4633, "crs": "gcj02", "accuracy_m": 8}
visit, hazard, photo = (str(uuid4()) for _ in range(3))
buffer = BytesIO()
Image.new("RGB", (64, 48), tuple(uuid4().bytes[:3])).save(buffer, "JPEG")
content = buffer.getvalue()

def said(what, answer):
    print("SAID", what, answer.status_code)
    return answer

def signed(user):
    body = {"username": user, "password": password, "device_id": "old", "device_name": "old"}
    answer = said("sign-in", client.post("/api/v1/auth/login", body, content_type="application/json"))
    return {"HTTP_AUTHORIZATION": "Bearer " + answer.json()["token"]}

body = {
    "enterprise": mine, "sector": "coal_mine", "kind": "routine", "authority": "administrative",
    "started_at": (now - timedelta(hours=2)).isoformat(), "finished_at": (now - timedelta(hours=1)).isoformat(), "location": place,
    "checklist": {"code": "coal_mine", "version": "2021-1"}, "unanswered": "pass", "answers": [{"item": "C09-12", "result": "fail", "note": ""}],
    "hazards": [{"id": hazard, "item": "C09-12", "level": "general", "description": "锚杆间距超出作业规程", "photos": [photo],
                 "deadline": (now + timedelta(days=7)).date().isoformat(), "location": place}],
    "photos": [{"id": photo, "sha256": sha256(content).hexdigest(), "size": len(content), "media_type": "image/jpeg",
                "taken_at": (now - timedelta(hours=2)).isoformat(), "location": place}],
    "device": {"id": "old", "app_version": "1.0", "clock": now.isoformat()},
}
by = signed("inspector")
for what in ("put", "again"):
    said(what, client.put(f"/api/v1/inspections/{visit}", body, content_type="application/json", **by))
said("photo", client.put(f"/api/v1/photos/{photo}/content", content, content_type="image/jpeg", **by))
by = signed("bureau")
for path in ("me", "hazards", "inspections", "enterprises", "accidents", "zero-accident/ranking", f"hazards/{hazard}", f"inspections/{visit}"):
    said("read", client.get(f"/api/v1/{path}", **by))
"""


def yesterday(folder: Path) -> Path:
    """Its code, out of the history; nothing is written into that."""
    git = ["git", "-c", f"safe.directory={PROJECT}", "-C", str(PROJECT)]
    if subprocess.run([*git, "cat-file", "-e", f"{YESTERDAY}^{{commit}}"], capture_output=True).returncode:
        pytest.skip(f"no history here that reaches back to {YESTERDAY}")
    packed = subprocess.run([*git, "archive", YESTERDAY], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
    return folder


def test_yesterdays_code_goes_on_while_todays_tables_stand(house, port, tmp_path):  # noqa: F811
    """What phones need of it, between `migrate` and the exchange, and after going back to the old commit."""
    env = environment(house, port=int(port), caller=dict(os.environ) | {"DEMO": "1"}) | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-c", WAYS, Cluster(house).sql(MINE), PASSWORD]
    done = subprocess.run(command, env=env, cwd=yesterday(tmp_path), capture_output=True, text=True)
    met = [line.removeprefix("SAID ") for line in done.stdout.splitlines() if line.startswith("SAID ")]
    assert met == ["sign-in 200", "put 201", "again 200", "photo 201", "sign-in 200", *["read 200"] * 8], (
        done.stdout + done.stderr
    )
