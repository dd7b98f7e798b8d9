"""A backup that is made while visits arrive is whole, and a drill proves it; one that differs is found. The house goes on meanwhile."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from ops.backup import read_manifest
from ops.cluster import Cluster
from ops.home import Home
from ops.house import EVERYTHING
from ops.processes import Service
from tests.ops.test_script import port, rewritten, run  # noqa: F401 - a fixture

pytestmark = pytest.mark.foreign
TABLE = "CREATE TABLE visit (id bigserial PRIMARY KEY, words text); ALTER TABLE visit OWNER TO safety_owner"
LOST = "ab" * 32
ARRIVE = "INSERT INTO visit (words) SELECT repeat('检查记录', 50) FROM generate_series(1, 200); UPDATE visit SET words = words WHERE id % 7 = 0"


@pytest.fixture(scope="module")
def house(port) -> Iterator[Home]:  # noqa: F811
    with tempfile.TemporaryDirectory(prefix="drill") as name:
        Path(name).chmod(0o711)
        run("up", state=name, PORT=port)
        yield Home(Path(name))
        run("reset", "--yes", state=name, check=False)


@pytest.fixture(scope="module")
def made(house) -> Path:
    """A backup made while visits arrive without a pause."""
    cluster, enough = Cluster(house), Event()
    cluster.sql(TABLE)
    arriving = Thread(target=arrive, args=(cluster, enough))
    arriving.start()
    try:
        run("backup", state=house.state)
    finally:
        enough.set()
        arriving.join()
    (path,) = house.backups.iterdir()
    return path


def arrive(cluster: Cluster, enough: Event) -> None:
    while not enough.is_set():
        cluster.sql(ARRIVE)


def test_a_backup_made_while_visits_arrive_is_restored_and_equal(house, made):
    before = [Service(house, name).running()["pid"] for name in EVERYTHING]
    done = run("drill", state=house.state)
    assert "演练相符" in done.stdout
    assert "相符 equal" in run("status", state=house.state).stdout
    assert [Service(house, name).running()["pid"] for name in EVERYTHING] == before
    assert not (house.state / "drill").exists()


def test_a_backup_that_is_not_what_was_backed_up_fails_the_drill(house, made):
    other = made.with_name("other.tar")
    tables = read_manifest(made)["tables"] | {"visit": "1 1"}
    other.write_bytes(rewritten(made.read_bytes(), tables=tables))
    done = run("drill", str(other), state=house.state, check=False)
    assert done.returncode == 1
    assert "visit: 1 1 then" in done.stderr
    assert "NOT equal" in run("status", state=house.state).stdout
    assert not (house.state / "drill").exists()


def test_a_photo_that_a_record_has_and_the_backup_has_not_fails_the_drill(house, made):
    Cluster(house).sql(f"""
        INSERT INTO evidence_photo (id, owner_kind, owner_id, subjects, declared_by, sha256, size, media_type, sent_crs, state, stored_at, flags)
        SELECT id, 'inspection', id, '{{}}', id, '{LOST}', 3, 'image/jpeg', '', 'held', now(), '{{}}' FROM gen_random_uuid() AS id""")
    lacking = house.backups / "lacking.tar"
    run("backup", str(lacking), state=house.state)
    done = run("drill", str(lacking), state=house.state, check=False)
    assert (done.returncode, f"photo {LOST}" in done.stderr) == (1, True)
