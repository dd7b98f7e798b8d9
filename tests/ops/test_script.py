"""The script itself, as an operator uses it: up, a crash, a backup, a restore on an empty machine.

Real processes in a state folder of their own; the Python packages are this run's (VENV_DIR)."""

import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from ops import house as doors
from ops import lives
from ops.cluster import Cluster
from ops.home import PROJECT, Home, alone
from ops.house import EVERYTHING
from ops.lives import PAUSES, Life
from ops.processes import Service
from tests.cast.storages import a_bucket, moto
from tests.ground.connections import until

OWNERS = """
SELECT string_agg(relname || ' ' || relowner::regrole || ' ' || coalesce(relacl::text, ''), E'\\n' ORDER BY relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')
"""


def run(*words: str, state, check: bool = True, before: list[str] | None = None, **env: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name not in ("PORT", "HOST", "ALLOWED_HOSTS")}
    sent = {**kept, "STATE_DIR": str(state), "VENV_DIR": sys.prefix, "DEMO": "0", **env}
    done = subprocess.run(
        [*(before or ()), PROJECT / "safety", *words], env=sent, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
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
        for house in ("first", "second", "third", "fourth"):
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
    assert re.search("NOT heeded by `up`, which has its own: .*DATABASE_URL.*REDIS_URL", done.stderr)  # those of the tests


def test_status_tells_that_postgresql_was_upgraded_under_the_cluster(house, folder):
    cluster = Cluster(house)
    assert "⚠" not in doors._database(cluster)
    newer = folder / "newer"
    newer.mkdir()
    (newer / "psql").symlink_to(cluster.programs / "psql")
    (newer / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.99 (Debian 15.99-1)'\n")
    (newer / "postgres").chmod(0o755)
    cluster.programs = newer
    assert "15.99 is installed: ./safety down && ./safety up" in doors._database(cluster)


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


def cut_short(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def foreign(whole: bytes) -> bytes:
    return b"PK\x03\x04 not a tar"


def changed(whole: bytes) -> bytes:
    return whole.replace(b"\xff\xd8 evidence", b"\xff\xd8 evidencE")


def escaping(whole: bytes) -> bytes:
    return rewritten(whole, more={"photos/../../escaped": b""})


def newer(whole: bytes) -> bytes:
    return rewritten(whole, postgresql=99)


def unloadable(whole: bytes) -> bytes:
    """Whole by its hashes, and yet PostgreSQL cannot read it: it is refused only after a cluster was made for it."""
    dump = b"PGDMP of another world"
    facts = {"sha256": hashlib.sha256(dump).hexdigest(), "bytes": len(dump)}
    return rewritten(whole, more={"database.dump": dump}, database=facts)


def rewritten(whole: bytes, *, more: dict[str, bytes] | None = None, **manifest) -> bytes:
    """The same archive with these files in place of its own, or beside them, and these words in its manifest."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(whole)) as old, tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as new:
        parts = {entry.name: old.extractfile(entry).read() for entry in old} | (more or {})
        parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | manifest).encode()
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return out.getvalue()


HARMS = (cut_short, foreign, changed, escaping, newer, unloadable)


@pytest.mark.parametrize("harm", HARMS)
def test_a_refused_backup_changes_nothing(house, backup, folder, harm):
    bad = folder / "bad.tar"
    bad.write_bytes(harm(backup.read_bytes()))
    done = run("restore", str(bad), "--yes", state=house.state, check=False)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert not (house.state / "escaped").exists()
    assert not (house.state / "restore.part").exists()
    assert run("status", state=house.state).returncode == 0
    assert Cluster(house).sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'safety_%'", "postgres") == "0"


@pytest.mark.parametrize("harm", HARMS)
def test_a_refused_restore_leaves_nothing_on_an_empty_machine(backup, folder, harm):
    bad = folder / "bad.tar"
    bad.write_bytes(harm(backup.read_bytes()))
    done = run("restore", str(bad), state=folder / "second", check=False)
    assert (done.returncode, "--yes" in done.stderr) == (1, False)
    assert not (folder / "second").exists()


def test_a_full_disk_during_a_backup_is_said_and_leaves_the_house_as_it_was(house, backup, folder):
    last = (house.state / "last-backup.json").read_text()
    photo = house.photos / "large"
    photo.write_bytes(b"x" * 6_000_000)
    limited = ["prlimit", "--fsize=4000000"]  # as a disk that is full behind the dump
    done = run("backup", str(folder / "full.tar"), state=house.state, check=False, before=limited)
    photo.unlink()
    assert (done.returncode, "cannot be written to" in done.stderr) == (1, True), done.stderr
    assert {path.name for path in folder.iterdir() if "full" in path.name or path.name.startswith(".safety")} == set()
    assert (house.state / "last-backup.json").read_text() == last
    assert run("status", state=house.state).returncode == 0


# --- a bucket ------------------------------------------------------------------------------------------------------------
PHOTO = b"\xff\xd8 in a bucket"
SHA = hashlib.sha256(PHOTO).hexdigest()
KEPT = f"original/{SHA[:2]}/{SHA[2:4]}/{SHA}"
ROW = f"""
INSERT INTO evidence_photo (id, owner_kind, owner_id, subjects, declared_by, sha256, size, media_type, sent_crs, state, stored_at, flags)
SELECT id, 'inspection', id, '{{}}', id, '{SHA}', 3, 'image/jpeg', '', 'held', now(), '{{}}' FROM gen_random_uuid() AS id
"""


def in_bucket(name: str, endpoint: str = "") -> dict[str, str]:
    return {"STORAGE": "s3", "S3_BUCKET": name, "S3_ENDPOINT": endpoint or moto(), "S3_ACCESS_KEY": "safety", "S3_SECRET_KEY": "only-for-tests"}


@pytest.fixture(scope="module")
def bucket(house) -> Iterator[str]:
    """A record of the house speaks of a photo, which lies in a bucket."""
    Cluster(house).sql(ROW)
    with a_bucket() as kept:
        kept.write(KEPT, PHOTO)
        kept.write("thumb/of.webp", b"small")
        kept.write("elsewhere/another's", b"not ours")
        yield default_storage.bucket


@pytest.fixture(scope="module")
def of_bucket(house, bucket, folder):
    run("backup", str(folder / "bucket.tar"), state=house.state, **in_bucket(bucket))
    return folder / "bucket.tar"


def test_a_backup_copies_the_bucket(of_bucket):
    with tarfile.open(of_bucket) as tar:
        photos = {entry.name: tar.extractfile(entry).read() for entry in tar if entry.name.startswith("photos/")}
    assert photos == {f"photos/{KEPT}": PHOTO, "photos/thumb/of.webp": b"small"}


@pytest.mark.parametrize("endpoint, name", [("http://127.0.0.1:9", "photos"), ("", "photos-of-nobody")], ids=["away", "gone"])
def test_a_backup_of_a_bucket_that_cannot_be_read_is_refused_by_name(house, folder, endpoint, name):
    last = (house.state / "last-backup.json").read_text()
    done = run("backup", str(folder / "none.tar"), state=house.state, check=False, **in_bucket(name, endpoint))
    assert (done.returncode, f"the bucket {name} at http://127.0.0.1" in done.stderr) == (1, True), done.stderr
    assert {path.name for path in folder.iterdir() if "none" in path.name or path.name.startswith(".safety")} == set()
    assert (house.state / "last-backup.json").read_text() == last


def test_a_backup_of_the_wrong_bucket_is_refused(house, bucket, folder):
    with a_bucket():
        done = run("backup", str(folder / "none.tar"), state=house.state, check=False, **in_bucket(default_storage.bucket))
    assert (done.returncode, "None of the 1 originals" in done.stderr, (folder / "none.tar").exists()) == (1, True, False)


def test_a_backup_names_the_originals_that_are_not_there(house, bucket, folder):
    assert SHA in run("backup", str(folder / "lacking.tar"), state=house.state).stdout  # the folder has it not


def test_a_bucket_is_restored_into_a_folder_and_into_another_bucket(of_bucket, folder):
    run("restore", str(of_bucket), state=folder / "third")
    assert (folder / "third" / "photos" / KEPT).read_bytes() == PHOTO
    with a_bucket() as kept:
        run("restore", str(of_bucket), "--yes", state=folder / "third", **in_bucket(default_storage.bucket))
        assert kept.read(KEPT) == PHOTO
    forgot = run("backup", state=folder / "third", check=False)
    assert (forgot.returncode, "STORAGE=s3" in forgot.stderr) == (1, True)
    run("restore", str(of_bucket), "--yes", state=folder / "third", STORAGE="folder")
    assert (folder / "third" / "photos" / KEPT).read_bytes() == PHOTO


def test_a_restore_into_a_bucket_that_is_away_changes_nothing(of_bucket, folder):
    done = run("restore", str(of_bucket), state=folder / "fourth", check=False, **in_bucket("photos", "http://127.0.0.1:9"))
    assert (done.returncode, "the bucket photos at" in done.stderr, (folder / "fourth").exists()) == (1, True, False), done.stderr


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
