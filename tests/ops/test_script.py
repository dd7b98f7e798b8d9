"""The script itself, as an operator uses it: up, a crash, a backup, a restore on an empty machine.

Real processes in a state folder of their own; the Python packages are this run's (VENV_DIR)."""

import io
import json
import os
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

from ops import lives
from ops.cluster import Cluster
from ops.home import PROJECT, Home, alone
from ops.house import EVERYTHING
from ops.lives import PAUSES, Life
from ops.processes import Service
from tests.ground.connections import until

OWNERS = """
SELECT string_agg(relname || ' ' || relowner::regrole || ' ' || coalesce(relacl::text, ''), E'\\n' ORDER BY relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')
"""


def run(*words: str, state, check: bool = True, **env: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name not in ("PORT", "HOST", "ALLOWED_HOSTS")}
    sent = {**kept, "STATE_DIR": str(state), "VENV_DIR": sys.prefix, "DEMO": "0", **env}
    done = subprocess.run(
        [PROJECT / "safety", *words], env=sent, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def folder():
    """A folder whose name has a space, which the server's user can reach; what was started in it is stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="two words ") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
        for house in ("first", "second"):
            run("reset", "--yes", state=folder / house, check=False)


@pytest.fixture(scope="module")
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def house(folder, port):
    """A house that is up."""
    run("up", state=folder / "first", PORT=port)
    return Home(folder / "first")


@pytest.fixture(scope="module")
def backup(house, folder):
    """A backup of a house with a row and a photo of its own."""
    photo = house.photos / "ab" / "照片 1.jpg"
    photo.parent.mkdir(exist_ok=True)
    photo.write_bytes(b"\xff\xd8 evidence")
    Cluster(house).sql("CREATE TABLE marker (word text); ALTER TABLE marker OWNER TO safety_owner;"
                       "INSERT INTO marker VALUES ('隐患')")
    run("backup", str(folder / "whole.tar"), state=house.state)
    return folder / "whole.tar"


def test_without_a_command_the_script_lists_its_commands(folder):
    done = run(state=folder / "none")
    assert all(f"\n  {word} " in done.stdout for word in ("up", "test", "down", "status", "backup", "restore", "bench"))
    assert not (folder / "none").exists()


def test_an_unknown_command_is_an_error(folder):
    done = run("upp", state=folder / "none", check=False)
    assert done.returncode == 2
    assert "upp" in done.stderr


def test_no_service_runs_before_up(folder):
    assert run("status", state=folder / "none", check=False).returncode == 3
    assert "nothing runs" in run("down", state=folder / "none").stdout
    assert run("backup", state=folder / "none", check=False).returncode == 1


def test_all_services_are_ready_after_up(house):
    done = run("status", state=house.state)
    assert f"http://127.0.0.1:{Service(house, 'web').running()['port']}/" in done.stdout
    assert done.stdout.count("✓ pid") == len(EVERYTHING)


def test_a_second_up_restarts_no_service(house):
    before = [Service(house, name).running()["pid"] for name in EVERYTHING]
    done = run("up", state=house.state)
    assert before == [Service(house, name).running()["pid"] for name in EVERYTHING]
    assert "migrate" not in done.stdout


def test_the_runtime_database_role_owns_nothing_and_cannot_create_tables(house):
    cluster = Cluster(house)
    assert cluster.sql("SELECT count(*) FROM pg_class WHERE relowner = 'safety_app'::regrole") == "0"
    assert cluster.sql("SELECT has_schema_privilege('safety_app', 'public', 'CREATE')") == "f"
    assert cluster.sql("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'safety_app'") == "f"
    assert cluster.sql("SHOW fsync") == "on"
    assert cluster.sql("SHOW listen_addresses") == ""


def test_what_is_killed_comes_back_without_a_command(house):
    killed = {name: Service(house, name).running()["pid"] for name in ("web", "redis", "watch-1")}
    for pid in killed.values():
        os.kill(pid, 9)
    until(lambda: all(Service(house, name).running().get("pid", pid) != pid for name, pid in killed.items()), seconds=30)
    until(lambda: run("status", state=house.state, check=False).returncode == 0, seconds=60)
    assert run("status", state=house.state).stdout.count("重启 restarts 1") == len(killed)


def test_what_keeps_dying_is_given_up_loudly_and_up_tries_again(house, port):
    gone = {"redis": Life(restarts=9, tries=len(PAUSES), at=time.monotonic())}
    with alone(house.run / "hands", ""):
        lives.write(house, gone)
        Service(house, "redis").stop()
    until(lambda: lives.read(house)["redis"].given_up)
    done = run("status", state=house.state, check=False)
    assert done.returncode == 3
    assert "given up" in done.stdout
    assert "GIVEN UP: redis" in "".join(path.read_text() for path in house.logs.glob("watch-*.log"))
    run("up", state=house.state, PORT=port)
    assert run("status", state=house.state).returncode == 0


def test_a_backup_has_a_manifest_and_is_readable_by_its_owner_only(backup):
    with tarfile.open(backup) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        names = tar.getnames()
    assert names[-1] == "manifest.json"
    assert (manifest["photos"]["count"], "photos/ab/照片 1.jpg" in names) == (1, True)
    assert backup.stat().st_mode & 0o077 == 0


def test_a_restore_over_existing_data_needs_confirmation(house, backup):
    done = run("restore", str(backup), state=house.state, check=False)
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert Cluster(house).service.running()


@pytest.mark.parametrize("harm", ["cut short", "another kind of file", "a changed byte", "a path outside"])
def test_a_damaged_backup_changes_nothing(house, backup, folder, harm):
    whole = backup.read_bytes()
    bad = folder / "bad.tar"
    if harm == "cut short":
        bad.write_bytes(whole[: len(whole) // 2])
    elif harm == "another kind of file":
        bad.write_bytes(b"PK\x03\x04 not a tar")
    elif harm == "a changed byte":
        bad.write_bytes(whole.replace(b"\xff\xd8 evidence", b"\xff\xd8 evidencE"))
    else:
        bad.write_bytes(whole)
        with tarfile.open(bad, "a") as tar:
            tar.addfile(tarfile.TarInfo("photos/../../escaped"), io.BytesIO(b""))
    done = run("restore", str(bad), "--yes", state=house.state, check=False)
    assert done.returncode == 1, done.stdout
    assert not (house.state / "escaped").exists()
    assert not (house.state / "restore.part").exists()
    assert run("status", state=house.state).returncode == 0


def test_a_backup_can_be_restored_on_an_empty_machine(house, backup, folder, port):
    owners, key = Cluster(house).sql(OWNERS), house.secret_key.read_text()
    run("down", state=house.state)
    second = Home(folder / "second")
    run("restore", str(backup), state=second.state)
    run("up", state=second.state, PORT=port)
    assert Cluster(second).sql("SELECT word FROM marker") == "隐患"
    assert (second.photos / "ab" / "照片 1.jpg").read_bytes() == b"\xff\xd8 evidence"
    assert Cluster(second).sql(OWNERS) == owners
    assert second.secret_key.read_text() == key
    run("down", state=second.state)
    assert not any(Service(second, name).running() for name in EVERYTHING)
