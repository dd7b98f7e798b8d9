"""磁盘写满 A real disk without room (a small tmpfs), in the middle of a photo, a visit, a backup, a restore, an upgrade, and under Redis.

Nothing that was acknowledged is lost, no answer is a fault of ours, nothing is left half done, and with room again all goes on by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from bench.client import Ask, Line
from bench.scenarios import visit
from ops.broker import Broker
from ops.cluster import Cluster
from ops.home import Home
from ops.processes import Service
from tests.cast.visits import picture
from tests.ground.connections import phone_of, until
from tests.ops.front import Wire, web
from tests.ops.test_exchange import MINE, PASSWORD
from tests.ops.test_script import port, run  # noqa: F401 - a fixture

pytestmark = pytest.mark.foreign


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size, in the place of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "none", folder], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def full(folder: Path, *, but: int = 0) -> Iterator[None]:
    """Until no more than so many bytes are free, whoever else writes there."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        for block in (2**20, 4096):
            with suppress(OSError):
                while free(folder) >= but + block:
                    file.write(b"z" * block)
    try:
        yield
    finally:
        ballast.unlink()


def free(folder: Path) -> int:
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


# --- a photo ------------------------------------------------------------------------------------------------------------
PHOTO = picture(7) + b"\0" * 1_500_000


@pytest.fixture
def photos(tmp_path, committed) -> Iterator[tuple[Path, int]]:
    with disk(tmp_path / "photos", 8) as folder, web(STORAGE_DIR=str(folder)) as running:
        yield folder, running.port


@pytest.mark.parametrize(
    "room, told", [(200_000, "spool_full"), (2_000_000, "storage_unavailable")], ids=["on its way", "when it is kept"]
)
def test_a_photo_that_a_full_disk_refuses_comes_again_and_leaves_nothing(photos, room, told):
    folder, web_port = photos
    signed = f"Authorization: {phone_of('inspector')._credentials['HTTP_AUTHORIZATION']}"
    asked = (
        f"PUT /api/v1/photos/{uuid4()}/content",
        signed,
        "Content-Type: image/jpeg",
        f"Content-Length: {len(PHOTO)}",
    )
    with full(folder, but=room):
        before = files(folder)
        status, headers, body = Wire(web_port).ask(*asked, body=PHOTO).said()
        assert (status, json.loads(body)["code"], headers["retry-after"].isdecimal()) == (503, told, True)
        assert files(folder) == before
    assert Wire(web_port).ask(*asked, body=PHOTO).said()[0] == 202


# --- a house ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def house(port) -> Iterator[Home]:  # noqa: F811
    """A house that is up, on a disk of its own; its Redis on another."""
    with (
        tempfile.TemporaryDirectory(prefix="full") as name,
        disk(Path(name) / "state", 1200) as state,
        disk(state / "redis", 8),
    ):
        Path(name).chmod(0o711)
        (state / "redis").chmod(0o700)
        run("up", state=state, PORT=port, DEMO="1", DEMO_PASSWORD=PASSWORD)
        yield Home(state)
        run("down", state=state, check=False)


@pytest.fixture(scope="module")
def token(house, port) -> str:  # noqa: F811
    body = {"username": "inspector", "password": PASSWORD, "device_id": "full", "device_name": "full"}
    return json.loads(asked(port, Ask("POST", "/api/v1/auth/login", body=(json.dumps(body).encode(),))).body)[
        "token"
    ]


@pytest.fixture(scope="module")
def visits(house, port, token) -> Visits:  # noqa: F811
    return Visits(int(port), token, Cluster(house).sql(MINE))


class Visits:
    def __init__(self, web_port: int, token: str, mine: str):
        self.port, self.token, self.mine = web_port, token, mine

    def put(self) -> tuple[int, str]:
        """Status and id."""
        body = visit(SimpleNamespace(mine=self.mine), 0, []) | {"answers": [], "unanswered": "pass"}
        key = str(uuid4())
        try:
            sent = (json.dumps(body).encode(),)
            return asked(self.port, Ask("PUT", f"/api/v1/inspections/{key}", token=self.token, body=sent)).status, key
        except OSError:
            return 0, key

    def stands(self, key: str) -> bool:
        return asked(self.port, Ask("GET", f"/api/v1/inspections/{key}", token=self.token)).status == 200

    def go_on(self) -> bool:
        return self.put()[0] == 201


def asked(web_port: int | str, ask: Ask) -> Any:
    """Whatever it answers."""
    line = Line(int(web_port))
    try:
        return line.ask(ask)
    finally:
        line.close()


def ready(web_port: str) -> dict:
    return json.loads(asked(web_port, Ask("GET", "/readyz")).body)


def test_visits_on_a_full_disk_are_taken_or_told_to_come_again_and_none_is_lost(house, visits, port):  # noqa: F811
    with full(house.state):
        met = [visits.put() for _ in range(400)]
        assert 503 in {status for status, _ in met} <= {201, 503}
        assert "disk_nearly_full" in str(ready(port)) or ready(port)["status"] == "unavailable"
    until(visits.go_on, seconds=120)
    taken = [key for status, key in met if status == 201]
    assert all(visits.stands(key) for key in taken)
    print(f"on the full disk: {len(taken)} taken, {len(met) - len(taken)} told to come again, 0 lost")


def test_visits_go_on_while_redis_has_no_disk_and_readyz_tells(house, visits, port):  # noqa: F811
    with full(house.state / "redis"):
        until(lambda: Broker(house).ask("SET filled " + "z" * 4000).startswith("-MISCONF"))
        assert visits.go_on()
        until(lambda: ready(port)["status"] == "degraded")
    until(lambda: Cluster(house).sql("SELECT count(*) FROM safety_outbox WHERE parked_at IS NULL") == "0", seconds=120)
    until(lambda: run("status", state=house.state, check=False).returncode == 0, seconds=120)


def test_a_backup_and_a_restore_without_room_are_refused_and_leave_nothing(house, visits):
    run("backup", str(house.state / "whole.tar"), state=house.state)
    last = (house.state / "last-backup.json").read_text()
    for free in (0, 1_000_000, 4_000_000):
        with full(house.state, but=free):
            done = run("backup", str(house.state / "more.tar"), state=house.state, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert {path.name for path in house.state.iterdir() if path.name.startswith((".safety", "more"))} == set()
    for free in (1_000_000, 30_000_000):
        with full(house.state, but=free):
            done = run("restore", str(house.state / "whole.tar"), "--yes", state=house.state, check=False)
        assert (done.returncode, "are needed" in done.stderr) == (1, True), done.stderr
        assert not (house.state / "restore.part").exists()
    assert (house.state / "last-backup.json").read_text() == last
    until(visits.go_on, seconds=120)


def test_an_upgrade_on_a_full_disk_leaves_the_old_web_at_work_and_goes_on_with_room(house, visits):
    """Its migration has a table to make and no room for it."""
    run("manage", "migrate", "safety_api", "0003", state=house.state)
    before = Service(house, "web").running()["pid"]
    with full(house.state):
        done = run("up", state=house.state, DEMO="1", LOG_LEVEL="ERROR", check=False)
        assert (done.returncode, done.stderr.startswith("Traceback")) == (1, False), done.stderr
        assert Service(house, "web").running()["pid"] == before
        assert asked(visits.port, Ask("GET", "/healthz")).status == 200
    run("up", state=house.state, DEMO="1", LOG_LEVEL="ERROR")
    assert (Service(house, "web").running()["pid"] != before, visits.go_on()) == (True, True)
    assert Cluster(house).sql("SELECT to_regclass('safety_other_form')") == "safety_other_form"
