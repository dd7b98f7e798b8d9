"""drill: a backup that was never restored is a hope. It is restored into a throw-away cluster and compared; the house goes on meanwhile."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ops import backup, house, install
from ops.broker import Broker
from ops.cluster import Cluster
from ops.figures import snapshot
from ops.home import Home, alone, environment, home, make_secrets
from ops.manager import Manager
from ops.show import Failed, step


def drill(*words: str) -> int:
    begun, place = time.monotonic(), home()
    source = Path(words[0]).expanduser().absolute() if words else _newest(place)
    manifest = backup.read_manifest(source)
    print(f"安全 safety drill · {source.name}, {manifest['made_at']}")
    with alone(place.open().state / "drill.lock", "another drill is going on"):
        differences = _rehearse(place, source, manifest)
    _remember(place, source, differences)
    if differences:
        more = f" … and {len(differences) - backup.SHOWN} more" if len(differences) > backup.SHOWN else ""
        raise Failed("演练不符 the backup is not what was backed up: " + "; ".join(differences[: backup.SHOWN]) + more)
    print(f"\n演练相符 restored and equal in {time.monotonic() - begun:.1f} s: {len(manifest.get('tables', {}))} tables, "
          f"{manifest['photos']['count']} photo files. The throw-away cluster is gone again.")  # fmt: skip
    return 0


def _newest(place: Home) -> Path:
    made = [*place.backups.glob("safety-*.tar")]
    with suppress(OSError, ValueError, KeyError):
        made.append(Path(json.loads((place.state / "last-backup.json").read_text(encoding="utf-8"))["file"]))
    there = [path for path in made if path.is_file()]
    if not there:
        raise Failed("There is no backup yet: ./safety backup, or ./safety drill FILE")
    return max(there, key=lambda path: path.stat().st_mtime)


def _rehearse(place: Home, source: Path, manifest: dict) -> list[str]:
    with _throw_away(place) as away:
        install.packages(place)
        install.venv(place)
        cluster = Cluster(away)
        backup.check_versions(manifest)
        with step("核对与解包 check and unpack"):
            photos = backup.unpack(source, away.state, manifest, keep_photos=False)
        with step("装入数据库 load the database"):
            cluster.start()
            backup.check_room(cluster.data, backup.room_to_load(manifest))
            backup.load(away, cluster, away.state / backup.DUMP)
        with step("逐表核对 compare every table"):
            differences = _other_tables(cluster, manifest) + _missing_photos(cluster, photos)
        _can_be_used(away)
    return differences


@contextmanager
def _throw_away(place: Home) -> Iterator[Home]:
    away = Home(place.state / "drill", durable=False)
    _clear(away)
    try:
        yield away.open()
    finally:
        _clear(away)


def _clear(away: Home) -> None:
    """What an interrupted drill left, too."""
    house.erase(away, quietly=True)
    shutil.rmtree(away.state, ignore_errors=True)


def _other_tables(cluster: Cluster, manifest: dict) -> list[str]:
    """A backup of before has no figures of its tables: then nothing can be compared but its hashes."""
    written = manifest.get("tables", {})
    with snapshot(cluster, backup.RESTORED) as seen:
        found = seen.tables() if written else {}
    return [
        f"{name}: {written.get(name, 'not there')} then, {found.get(name, 'not there')} restored"
        for name in sorted(written.keys() | found.keys())
        if written.get(name) != found.get(name)
    ]


def _missing_photos(cluster: Cluster, photos: dict[str, str]) -> list[str]:
    """Each original that a record says it has must be in the file, with the content its name promises."""
    wanted = cluster.sql(backup.SPOKEN_OF, backup.RESTORED).split()
    return [
        f"photo {sha256}"
        for sha256 in wanted
        if photos.get(f"{backup.PHOTOS}original/{sha256[:2]}/{sha256[2:4]}/{sha256}") != sha256
    ]


def _can_be_used(away: Home) -> None:
    """By the code of today: its migrations run over it, and the trail is whole."""
    make_secrets(away)
    broker = Broker(away)
    broker.start()
    env = environment(away, port=8000)
    restored = {
        name: env[name].replace("/safety?", f"/{backup.RESTORED}?") for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL")
    }
    with Manager(away, env | restored | {"DATABASE_URL": restored["MIGRATE_DATABASE_URL"]}) as manager:
        manager.do("表结构 migrate", "migrate", "--noinput")
        manager.do("留痕 the trail is whole", "verify_trail")


def _remember(place: Home, source: Path, differences: list[str]) -> None:
    facts = {"file": str(source), "at": backup.now(), "differences": differences}
    (place.state / "last-drill.json").write_text(json.dumps(facts, ensure_ascii=False) + "\n", encoding="utf-8")
