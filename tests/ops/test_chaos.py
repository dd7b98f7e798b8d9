"""Every process is killed twice, in any order, and nobody types anything: each comes back, and no message is lost on the way."""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import house as doors
from ops.cluster import Cluster
from ops.home import Home
from ops.processes import Service
from tests.ground.connections import until
from tests.ops.test_script import port, run  # noqa: F401 - a fixture

pytestmark = pytest.mark.foreign
WRITE = "INSERT INTO safety_outbox (topic, payload, attempts, error) VALUES ('chaos.nobody', '{}', 0, '')"
LEFT = "SELECT count(*) FROM safety_outbox WHERE topic = 'chaos.nobody'"


@pytest.fixture
def house(port) -> Iterator[Home]:  # noqa: F811
    with tempfile.TemporaryDirectory(prefix="chaos") as name:
        Path(name).chmod(0o711)
        run("up", state=name, PORT=port)
        yield Home(Path(name))
        run("reset", "--yes", state=name, check=False)


def test_every_process_killed_twice_comes_back_while_nobody_types(house):
    order = list(doors.EVERYTHING) * 2
    random.Random(12).shuffle(order)
    for name in order:
        Cluster(house).sql(WRITE)
        kill(house, name)
        until(lambda: whole(house), seconds=120)
    known = doors.lives.read(house)
    assert {name: known[name].restarts for name in doors.EVERYTHING} == dict.fromkeys(doors.EVERYTHING, 2)
    assert run("status", state=house.state).returncode == 0


def kill(house: Home, name: str) -> None:
    """And wait until another one lives in its place."""
    pid = Service(house, name).running()["pid"]
    os.kill(pid, 9)
    until(lambda: Service(house, name).running().get("pid", pid) != pid, seconds=10)


def whole(house: Home) -> bool:
    """The web answers, and what was written before has gone through beat, Redis, worker and database."""
    return doors.ready(Service(house, "web").record()["port"]) and Cluster(house).answers() and Cluster(house).sql(LEFT) == "0"
