"""Every process is killed twice, in any order, while visits arrive and nobody types anything: each comes back, and nothing is lost."""

import json
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import house as doors
from ops.cluster import Cluster
from ops.home import Home
from ops.processes import Service
from tests.ground.connections import until
from tests.ops.inspectors import NO_ANSWER, Inspectors
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


CAST = """
import json
from accounts.actions import sign_in
from accounts.models import User
from tests.cast.people import enlist
from tests.cast.units import a_unit
enlist()
_, token = sign_in(User.objects.get(username="inspector"), device_id="phone", device_name="")
print(json.dumps([token, str(a_unit().pk)]))
"""


@pytest.fixture
def inspectors(house) -> Inspectors:
    said = run("manage", "shell", "--no-imports", "-c", CAST, state=house.state).stdout
    return Inspectors(Service(house, "web").record()["port"], *json.loads(said.splitlines()[-1]))


def test_every_process_killed_twice_comes_back_while_nobody_types(house, inspectors):
    order, away = list(doors.EVERYTHING) * 2, defaultdict(list)
    random.Random(12).shuffle(order)
    with inspectors.sending(2):
        for name in order:
            inspectors.until_so_many_more(3)
            Cluster(house).sql(WRITE)
            began = time.monotonic()
            kill(house, name)
            until(lambda: whole(house), seconds=120)
            away[name].append(f"{time.monotonic() - began:.1f}")
    stored = kept(house, inspectors.acknowledged)
    print(inspectors.figures(stored))
    print("\n".join(f"{name}: whole again after {' and '.join(seconds)} s" for name, seconds in away.items()))
    assert (len(inspectors.acknowledged) - stored, set(inspectors.answers) <= {200, 201, 503, NO_ANSWER}) == (0, True)
    known = doors.lives.read(house)
    assert {name: known[name].restarts for name in doors.EVERYTHING} == dict.fromkeys(doors.EVERYTHING, 2)
    until(lambda: run("status", state=house.state, check=False).returncode == 0, seconds=30)  # what was found is kept for some seconds


def kept(house: Home, keys: list[str]) -> int:
    return int(Cluster(house).sql(f"SELECT count(*) FROM inspections_inspection WHERE id = ANY ('{{{','.join(keys)}}}')"))


def kill(house: Home, name: str) -> None:
    """And wait until another one lives in its place."""
    pid = Service(house, name).running()["pid"]
    os.kill(pid, 9)
    until(lambda: Service(house, name).running().get("pid", pid) != pid, seconds=10)


def whole(house: Home) -> bool:
    """The web answers, and what was written before has gone through beat, Redis, worker and database."""
    return doors.ready(Service(house, "web").record()["port"]) and Cluster(house).answers() and Cluster(house).sql(LEFT) == "0"
