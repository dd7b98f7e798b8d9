"""backup and restore: database and photos in one tar file, each part with its hash.

The database is dumped first, in one snapshot; the photos are copied after it, while inspectors go on working. That is
safe because originals are named by their content and never changed or deleted: every photo that the dump speaks of was
on the disk before its row was committed. Photos that came later are in the file too, and harm nothing.

The tar is not compressed: the dump is compressed already, and so are JPEGs. `tar -tf` lists it.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ops import bucket, exchange, house, install, services
from ops.broker import Broker
from ops.cluster import CLEAN, Cluster, find_programs, major_of
from ops.figures import snapshot
from ops.home import PROJECT, Home, environment, home, make_secrets
from ops.manager import Manager
from ops.processes import Service
from ops.show import Failed, size, step, tail

FORMAT = 1
MANIFEST, DUMP, LIST, PHOTOS = "manifest.json", "database.dump", "photos.sha256", "photos/"
SECRETS = ("secret-key", "demo-password")  # without the key every signed-in phone and every link would end
BLOCK = 1024 * 1024
RESTORED = "safety_restored"  # the database beside the one that is there, until the two are exchanged
MANIFEST_BYTES = 4 * 1024 * 1024
SPOKEN_OF = """
SELECT sha256 FROM evidence_photo WHERE stored_at IS NOT NULL UNION SELECT sha256 FROM evidence_early_upload WHERE refused_because IS NULL
UNION SELECT sha256 FROM evidence_paper_signature UNION SELECT sha256 FROM evidence_paper_scan
"""  # originals
SHOWN = 10  # names in words; the rest as a number
# What tarfile and json say of bytes that are neither: a size beyond counting, a name with a NUL, a list in a list without end.
BROKEN = (tarfile.TarError, ValueError, OverflowError, EOFError, OSError, RecursionError, MemoryError)
OF_ITS_NAMES = (
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.EINVAL,
)  # what a disk says of names that no backup has
KEY_LENGTH = 50  # characters; with less the web does not start (settings.py)
WAL = 2 * 1024**3  # bytes that loading writes beside the tables, at most (max_wal_size)


class Hashing:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]):
        self.file, self.seen, self.count = file, hashlib.sha256(), 0

    def read(self, count: int = -1) -> bytes:
        block = self.file.read(count)
        self.seen.update(block)
        self.count += len(block)
        return block

    @property
    def facts(self) -> dict:
        return {"sha256": self.seen.hexdigest(), "bytes": self.count}


# --- backup ---------------------------------------------------------------------------------------------------------


def backup(*words: str) -> int:
    begun, place = time.monotonic(), home()
    if not Cluster(place).exists():
        raise Failed(f"There is no database in {place.state} to back up.")
    bucket.check_named(place.open())
    target = _target(place, words)
    with house.busy(place), _database(place) as cluster, _full_disk_is_said(target.parent), _beside(target) as folder:
        check_room(target.parent, house.measure(place.photos)[1])
        with step("数据库 database dump"):
            tables, spoken_of = _dump(place, cluster, folder / DUMP)
        part = folder / "backup.tar"
        with step("照片与打包 photos and packing"):
            loaded = int(cluster.sql("SELECT pg_database_size(current_database())"))
            manifest = _pack(place, part, folder, tables, loaded)
            lacking = _lacking(spoken_of, folder / LIST)
            part.replace(target)
            _flush(target.parent)
        _remember(place, target)
    photos = manifest["photos"]
    print(f"\n已备份 backed up in {time.monotonic() - begun:.1f} s: {target} ({size(target.stat().st_size)})")
    print(f"  {photos['count']} photo files, {size(photos['bytes'])}; database {size(manifest['database']['bytes'])}")
    if lacking:
        print(
            f"  ⚠ 存储中缺 not in the storage, or damaged: {len(lacking)}: {', '.join(lacking[:SHOWN])} (docs/operations.md)"
        )
    print("  含个人信息与密钥，请离机妥善保管 it holds personal data and the signing key: keep it safe, elsewhere")
    return 0


def _target(place: Home, words: tuple[str, ...]) -> Path:
    if words:
        target = Path(words[0]).expanduser().absolute()
        if target.is_dir() or not target.parent.is_dir():
            raise Failed(f"{target}: the name of a file in an existing folder is needed.")
        return target
    place.backups.mkdir(mode=0o700, exist_ok=True)
    return place.backups / time.strftime("safety-%Y%m%d-%H%M%S.tar")


@contextmanager
def _database(place: Home) -> Iterator[Cluster]:
    """The database, started for this work when it is down, and then left as it was."""
    cluster = Cluster(place)
    was_running = bool(cluster.service.running())
    try:
        cluster.start()
        yield cluster
    finally:
        if not was_running:
            cluster.stop()


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A private working folder on the target's own disk, so that the finished file is moved, not copied."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".safety-", dir=target.parent)
    except OSError as error:
        raise Failed(f"{target.parent} cannot be written to ({error.strerror}).") from None
    with folder as name:
        yield Path(name)


def check_room(folder: Path, needed: int) -> None:
    """Better no backup than a full disk under a house at work. Raises Failed."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Failed(f"{folder}: {size(needed)} are needed and {size(free)} are free; nothing was changed.")


@contextmanager
def _full_disk_is_said(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failed(f"{folder} cannot be written to ({error.strerror}); nothing was changed.") from None


def _dump(place: Home, cluster: Cluster, dump: Path) -> tuple[dict[str, str], set[str]]:
    """One moment of the database while others go on writing: the dump, what each table held at that moment, and which originals it speaks of."""
    with snapshot(cluster) as seen:
        words = ("-Fc", f"--snapshot={seen.name}", "-d", "safety", "-f", dump)
        _run(cluster.tool("pg_dump", *words), place.logs / "pg_dump.log")
        return seen.tables(), set(seen.ask(SPOKEN_OF))


def _pack(place: Home, part: Path, folder: Path, tables: dict[str, str], loaded: int) -> dict:
    """The manifest comes last: a file that was cut short has none and is refused."""
    dump, listing = folder / DUMP, folder / LIST
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            manifest = {"format": FORMAT, "made_at": now(), **_versions(place), "database": _add(tar, dump, DUMP)}
            manifest |= {"tables": tables, "migrations": migrations(), "loaded_bytes": loaded}
            manifest["secrets"] = {name: _add(tar, place.state / name, name) for name in SECRETS if _is(place, name)}
            manifest["photos"] = _add_photos(tar, place, listing)
            manifest["list"] = _add(tar, listing, LIST)
            _add_text(tar, MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _is(place: Home, name: str) -> bool:
    return (place.state / name).is_file()


def _add(tar: tarfile.TarFile, path: Path, name: str) -> dict:
    with open(path, "rb") as file:
        entry = tar.gettarinfo(arcname=name, fileobj=file)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mode = 0o600
        hashed = Hashing(file)
        tar.addfile(entry, hashed)
    return hashed.facts


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), 0o600, int(time.time())
    tar.addfile(entry, io.BytesIO(data))


def _add_photos(tar: tarfile.TarFile, place: Home, listing: Path) -> dict:
    count = total = 0
    with open(listing, "w", encoding="utf-8", errors="surrogateescape") as lines:

        def added(name: str, facts: dict) -> None:
            nonlocal count, total
            count, total = count + 1, total + facts["bytes"]
            lines.write(f"{facts['sha256']}  {name}\n")

        if bucket.named():
            bucket.carry_out(place, lambda entry, file: added(entry.name, _added_from(tar, entry, file)))
        else:
            for name, facts in _added_from_folder(tar, place.photos):
                added(name, facts)
    return {"count": count, "bytes": total}


def _added_from_folder(tar: tarfile.TarFile, photos: Path) -> Iterator[tuple[str, dict]]:
    for path in _files(photos):
        name = PHOTOS + path.relative_to(photos).as_posix()
        with suppress(FileNotFoundError):  # a half-received file that was given up between being listed and being read
            yield name, _add(tar, path, name)


def _added_from(tar: tarfile.TarFile, entry: tarfile.TarInfo, file: IO[bytes]) -> dict:
    hashed = Hashing(file)
    tar.addfile(entry, hashed)
    return hashed.facts


def _lacking(spoken_of: set[str], listing: Path) -> list[str]:
    """Originals that records speak of and that were not there, or had other bytes. Raises Failed of a bucket that has none of them."""
    with open(listing, encoding="utf-8", errors="surrogateescape") as lines:
        there = {
            digest
            for digest, _, name in (line.rstrip("\n").partition("  ") for line in lines)
            if name.endswith(f"/{digest}")
        }
    if bucket.named() and spoken_of and not spoken_of & there:
        said = f"None of the {len(spoken_of)} originals that records speak of is in the bucket {bucket.named()}"
        raise Failed(f"{said}: is it the right one? No backup was made.")
    return sorted(spoken_of - there)


def _files(folder: Path) -> Iterator[Path]:
    for parent, names, files in os.walk(folder):
        names.sort()
        yield from (Path(parent, name) for name in sorted(files))


def _versions(place: Home) -> dict:
    cluster = Cluster(place)
    return {
        "code": house.revision(),
        "postgresql": major_of(cluster.programs),
        "postgis": cluster.sql("SELECT postgis_lib_version()"),
    }


def migrations() -> list[str]:
    """All that this code knows: an archive that knows more is of newer code."""
    return sorted(f"{path.parts[-3]}.{path.stem}" for path in PROJECT.glob("*/migrations/[0-9]*.py"))


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remember(place: Home, target: Path) -> None:
    facts = {"file": str(target), "at": now(), "bytes": target.stat().st_size}
    (place.state / "last-backup.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")


def _run(command: list[str], log: Path) -> None:
    with open(log, "wb") as out:
        done = subprocess.run(command, env=CLEAN, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False)
    if done.returncode:
        raise Failed(f"{Path(command[0]).name} failed.", log=log)


# --- restore --------------------------------------------------------------------------------------------------------


def restore(*words: str) -> int:
    begun, place = time.monotonic(), home()
    names = [word for word in words if word != "--yes"]
    if len(names) != 1:
        raise Failed("Usage: ./safety restore FILE [--yes]")
    if Cluster(place).follows():
        raise Failed("This is a standby: all it holds comes from its primary. Restore there.")
    source = Path(names[0]).expanduser().absolute()
    manifest = read_manifest(source)
    if "--yes" not in words and has_data(place):
        raise Failed(f"{place.state} holds data already. To replace them all with the backup: add --yes")
    print(f"安全 safety restore · {source.name}, {manifest['made_at']} → {place.state}")
    bucket.check_named(place)
    with _as_before_if_refused(place), _unpacked(place, source, manifest) as fresh:
        install.packages(place)
        install.venv(place)
        check_versions(manifest)
        with house.busy(place), _database(place) as cluster:
            cluster.refuse_to_wait_in_vain()
            _bring_back(place, cluster, source, fresh, manifest)
    print(f"\n已恢复 restored in {time.monotonic() - begun:.1f} s: {manifest['photos']['count']} photo files.")
    print("  下一步 next: ./safety up   (phones fetch everything anew: the epoch of their cursors has changed)")
    return 0


def has_data(place: Home) -> bool:
    return Cluster(place).exists() or any(True for _ in _files(place.photos))


@contextmanager
def _as_before_if_refused(place: Home) -> Iterator[None]:
    """A refused restore leaves nothing behind: what was not there before goes again, and the next try is a first one."""
    was_state, was_run, was_cluster = place.state.exists(), place.run.is_dir(), Cluster(place).exists()
    try:
        yield
    except BaseException as error:
        said = tail(error.log) if isinstance(error, Failed) and error.log else ""  # the log goes too
        if not was_run:
            house.erase(place, quietly=True)
        elif not was_cluster:
            Cluster(place).stop()
            Cluster(place).remove()
        if not was_state and place.state.is_dir() and {path.name for path in place.state.iterdir()} <= {"lock"}:
            shutil.rmtree(place.state)
        if said and not was_run:
            raise Failed(f"{error}\n{said}") from None
        raise


def read_manifest(source: Path) -> dict:
    """What the file says about itself. Raises Failed when it is none of ours, was cut short or is of newer code."""
    try:
        with tarfile.open(source, "r:") as tar:
            entry = tar.getmember(MANIFEST)
            text = (tar.extractfile(entry) if entry.size <= MANIFEST_BYTES else None) or io.BytesIO()
            manifest = json.load(text)
    except FileNotFoundError:
        raise Failed(f"{source}: there is no such file.") from None
    except (KeyError, *BROKEN):
        raise Failed(f"{source} is not a whole backup: it was cut short, or is another kind of file.") from None
    if isinstance(manifest, dict) and isinstance(manifest.get("format"), int) and manifest["format"] != FORMAT:
        raise Failed(f"{source} has format {manifest['format']}; this code reads format {FORMAT}.")
    if not _is_ours(manifest):
        raise Failed(f"{source} is not a backup of this system: its {MANIFEST} is another's.")
    if newer := _unknown(manifest):
        raise Failed(f"{source} is of newer code (it has {newer[0]}): update the code first, then restore.")
    return manifest


def _is_ours(manifest: object) -> bool:
    if not isinstance(manifest, dict):
        return False
    parts = [manifest.get("database"), manifest.get("list"), *_values(manifest.get("secrets"))]
    return (
        manifest.get("format") == FORMAT
        and isinstance(manifest.get("made_at"), str)
        and isinstance(manifest.get("postgresql"), int)
        and isinstance(manifest.get("secrets"), dict)
        and manifest["secrets"].keys() <= set(SECRETS)
        and all(
            isinstance(part, dict) and part.keys() == {"sha256", "bytes"} and isinstance(part["bytes"], int)
            for part in parts
        )
        and isinstance(manifest.get("photos"), dict)
        and manifest["photos"].keys() == {"count", "bytes"}
        and isinstance(manifest.get("tables", {}), dict)
        and isinstance(manifest.get("loaded_bytes", 0), int)
        and isinstance(manifest.get("migrations", []), list)
        and all(isinstance(name, str) for name in manifest.get("migrations", []))
    )


def _values(found: object) -> list:
    return list(found.values()) if isinstance(found, dict) else []


def _unknown(manifest: dict) -> list[str]:
    """Migrations that this code neither has nor names: one that was replaced by another stands in the other's text."""
    known = set(migrations())
    missing = [name for name in manifest.get("migrations", []) if name not in known]
    texts = [path.read_text(encoding="utf-8") for path in PROJECT.glob("*/migrations/[0-9]*.py")] if missing else []
    replacing = [text for text in texts if "replaces = " in text]
    return [name for name in missing if not any(_names(text, *name.partition(".")[::2]) for text in replacing)]


def _names(text: str, app: str, migration: str) -> bool:
    return f'"{app}"' in text and f'"{migration}"' in text


def check_versions(manifest: dict) -> None:
    """Before any cluster is made."""
    found = find_programs()
    have = major_of(found) if found else 0
    if have < manifest["postgresql"]:
        raise Failed(f"The backup is of PostgreSQL {manifest['postgresql']}, here is {have}: install the newer one.")


def check_key(source: Path, fresh: Path) -> None:
    """A signing key with which no web starts is found before it takes the place of one that does."""
    if (path := fresh / "secret-key").exists() and len(
        path.read_bytes().decode("ascii", "ignore").strip()
    ) < KEY_LENGTH:
        raise Failed(f"{source}: its secret-key is none; nothing was changed.")


def room_to_load(manifest: dict) -> int:
    """Tables, indexes and what is written beside them; a backup of before does not say how large its database was."""
    loaded = int(manifest.get("loaded_bytes", manifest["database"]["bytes"] * 4))
    return loaded + min(loaded, WAL)


@contextmanager
def _unpacked(place: Home, source: Path, manifest: dict) -> Iterator[Path]:
    """Every part unpacked and checked, before anything else is touched."""
    place.open()
    fresh = place.state / "restore.part"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        with _full_disk_is_said(place.state), step("核对与解包 check and unpack"):
            fresh.mkdir(mode=0o700)
            check_room(place.state, source.stat().st_size)
            unpack(source, fresh, manifest, keep_photos=not bucket.named())
            check_key(source, fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _bring_back(place: Home, cluster: Cluster, source: Path, fresh: Path, manifest: dict) -> None:
    """Loaded beside what is there; only then are the two exchanged."""
    try:
        check_room(cluster.data, room_to_load(manifest))
        with step("装入数据库 load the database"):
            load(place, cluster, fresh / DUMP)
        if bucket.named():
            with step("照片入桶 photos into the bucket"):
                bucket.carry_in(place, source, fresh)
        with house.hands(place):
            with step("交换 exchange"):
                _stop_services(place)
                _exchange(place, cluster, fresh)
            _finish(place, cluster)
    finally:
        with suppress(Failed):  # a cluster that is gone has said so already
            cluster.sql(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)", "postgres")


def unpack(source: Path, into: Path, manifest: dict, *, keep_photos: bool = True) -> dict[str, str]:
    """Each part is hashed while it is written; one that is not as the manifest says stops the restore. Answers the photos' hashes."""
    expected = {DUMP: manifest["database"], LIST: manifest["list"], **manifest["secrets"]}
    listing, seen, photos = hashlib.sha256(), {}, {}
    for name, facts in _written(source, into, expected, keep_photos=keep_photos):
        if name in expected:
            seen[name] = facts
        else:
            listing.update(f"{facts['sha256']}  {name}\n".encode(errors="surrogateescape"))
            photos[name] = facts["sha256"]
    wrong = [name for name, facts in expected.items() if seen.get(name) != facts]
    if listing.hexdigest() != manifest["list"]["sha256"] or len(photos) != manifest["photos"]["count"]:
        wrong += _wrong_photos(into, photos)
    if wrong:
        raise Failed(f"{source} is damaged; nothing was changed. Not as the manifest says: {', '.join(wrong[:10])}")
    return photos


def _written(source: Path, into: Path, expected: dict, *, keep_photos: bool) -> Iterator[tuple[str, dict]]:
    """Each member but the manifest. Raises Failed for one that does not belong, comes twice or is not of the size that the manifest says."""
    came: set[str] = set()
    with _damage_is_said(source), tarfile.open(source, "r:") as tar:
        for entry in tar:
            if entry.name in came or not _belongs(entry, expected):
                raise Failed(
                    f"{source}: {entry.name!r} does not belong in a backup, or is another's size; nothing was changed."
                )
            came.add(entry.name)
            if entry.name == MANIFEST:
                continue
            path = _inside(into, entry.name)
            kept = keep_photos or entry.name in expected
            yield entry.name, _write(tar, entry, path) if kept else _hashed(tar, entry)


@contextmanager
def _damage_is_said(source: Path) -> Iterator[None]:
    """What the disk says for reasons of its own is no damage of the file."""
    try:
        yield
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno and error.errno not in OF_ITS_NAMES:
            raise
        raise Failed(f"{source} is damaged; nothing was changed ({error}).") from None


def _belongs(entry: tarfile.TarInfo, expected: dict) -> bool:
    """A whole file of a name we know. One with holes could be larger than any disk."""
    if not entry.isreg() or entry.issparse():
        return False
    if entry.name in expected:
        return entry.size == expected[entry.name]["bytes"]
    return entry.name == MANIFEST or entry.name.startswith(PHOTOS)


def _inside(into: Path, name: str) -> Path:
    path = into / name
    if ".." in path.parts or not path.is_relative_to(into):
        raise Failed(f"{name!r} points outside the backup.")
    return path


def _hashed(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> dict:
    hashed = Hashing(tar.extractfile(entry) or io.BytesIO())
    while hashed.read(BLOCK):
        pass
    return hashed.facts


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> dict:
    path.parent.mkdir(parents=True, exist_ok=True)
    hashed = Hashing(tar.extractfile(entry) or io.BytesIO())
    with open(path, "wb") as out:
        while block := hashed.read(BLOCK):
            out.write(block)
        os.fchmod(out.fileno(), 0o600)
        out.flush()
        os.fsync(out.fileno())
    return hashed.facts


def _wrong_photos(into: Path, photos: dict[str, str]) -> list[str]:
    """The names of the photos that are not as listed; the list itself may be what is damaged."""
    try:
        lines = (into / LIST).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return ["photos"]
    listed = [line.partition("  ")[::2] for line in lines]
    return ["photos", *(name for digest, name in listed if photos.get(name) != digest)]


def load(place: Home, cluster: Cluster, dump: Path) -> None:
    cluster.sql(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)", "postgres")
    cluster.sql(f"CREATE DATABASE {RESTORED} OWNER safety_owner TEMPLATE template0", "postgres")
    jobs = ["--exit-on-error", "--jobs", "2", "-d", RESTORED]
    _run(cluster.tool("pg_restore", *jobs, dump), place.logs / "pg_restore.log")


def _stop_services(place: Home) -> None:
    house.end_watch(place)
    exchange.clear(place)
    for name in house.SERVICES:
        Service(place, name).stop(patience=services.GRACE[name])
    Broker(place).stop()


EXCHANGE = f"""
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname IN ('safety', '{RESTORED}');
BEGIN;
ALTER DATABASE safety RENAME TO safety_replaced;
ALTER DATABASE {RESTORED} RENAME TO safety;
COMMIT;
"""  # both or neither, whatever dies in between


def _exchange(place: Home, cluster: Cluster, fresh: Path) -> None:
    """What waited in the queue belongs to the old data; the outbox, which is in the database, sends its own anew."""
    cluster.sql("DROP DATABASE IF EXISTS safety_replaced WITH (FORCE)", "postgres")
    cluster.sql(EXCHANGE, "postgres")
    cluster.renew()
    cluster.start()
    old = place.state / "photos.old"
    shutil.rmtree(old, ignore_errors=True)
    (fresh / PHOTOS).mkdir(mode=0o700, exist_ok=True)
    place.photos.rename(old)
    (fresh / PHOTOS).rename(place.photos)
    shutil.rmtree(old)
    for name in SECRETS:
        if (fresh / name).exists():
            (fresh / name).replace(place.state / name)
    if not (place.demo_password).exists():
        place.no_demo.touch()  # it comes from a house without the demo year
    shutil.rmtree(Broker(place).data, ignore_errors=True)
    (place.run / "prepared").unlink(missing_ok=True)
    cluster.sql("DROP DATABASE safety_replaced WITH (FORCE)", "postgres")


def _finish(place: Home, cluster: Cluster) -> None:
    make_secrets(place)
    bucket.remember(place)
    broker = Broker(place)
    broker.start()
    try:
        env = environment(place, port=house.port_of(place))
        owner = env | {"DATABASE_URL": env["MIGRATE_DATABASE_URL"]}
        with Manager(place, owner) as manager:
            manager.do("表结构 migrate", "migrate", "--noinput")
            manager.do("新的同步纪元 new epoch of cursors", "after_restore")
    finally:
        broker.stop()
