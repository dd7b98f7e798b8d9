"""What a backup says about itself is believed only when it is ours, whole and not newer than this code."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from ops import backup
from ops.home import Home
from ops.show import Failed

HASHED = {"sha256": "0" * 64, "bytes": 0}
OURS = {
    "format": backup.FORMAT, "made_at": "2026-11-30T02:30:00+0800", "code": "abc", "postgresql": 15, "postgis": "3.3.2",
    "database": HASHED, "list": HASHED, "secrets": {"secret-key": HASHED}, "photos": {"count": 0, "bytes": 0},
}  # fmt: skip


def archive(tmp_path, content: object, name: str = backup.MANIFEST):
    path = tmp_path / "some.tar"
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return path


def test_a_backup_of_before_has_no_figures_and_is_read(tmp_path):
    assert backup.read_manifest(archive(tmp_path, OURS)) == OURS


def test_a_backup_of_this_code_is_read(tmp_path):
    content = OURS | {"migrations": backup.migrations(), "tables": {"geo_region": "3 17"}}
    assert backup.read_manifest(archive(tmp_path, content)) == content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([{"Config": "abc.json", "Layers": []}], "not a backup of this system"),  # a container image has a manifest.json too
        ({"name": "app", "version": 3}, "not a backup of this system"),
        ("text", "not a backup of this system"),
        (OURS | {"format": 2}, "has format 2"),
        (OURS | {"format": "1"}, "not a backup of this system"),
        (OURS | {"postgresql": "15"}, "not a backup of this system"),
        (OURS | {"database": None}, "not a backup of this system"),
        (OURS | {"secrets": {"../../etc/passwd": HASHED}}, "not a backup of this system"),
        (OURS | {"secrets": []}, "not a backup of this system"),
        (OURS | {"photos": {}}, "not a backup of this system"),
        (OURS | {"tables": []}, "not a backup of this system"),
        (OURS | {"migrations": ["hazards.0001_initial", "hazards.9999_of_the_year_2030"]}, "of newer code"),
        (OURS | {"migrations": ["plans.0001_initial"]}, "of newer code"),  # an app that this code has not
        (OURS | {"migrations": [17]}, "not a backup of this system"),
        (b"{", "not a whole backup"),
        (b"[" * 100_000, "not a whole backup"),
        (b" " * (backup.MANIFEST_BYTES + 1), "not a whole backup"),
    ],
    ids=range(17),
)
def test_a_foreign_broken_or_newer_manifest_is_refused_with_a_sentence(tmp_path, content, says):
    with pytest.raises(Failed, match=says):
        backup.read_manifest(archive(tmp_path, content))


def test_a_migration_that_another_one_replaces_is_no_newer_code(tmp_path):
    """It stands in the text of the one that took its place."""
    content = OURS | {"migrations": ["zero_accident.0001_accidents_and_their_figures"]}
    assert backup.read_manifest(archive(tmp_path, content)) == content


@pytest.mark.parametrize("kind", ["missing", "a folder", "empty", "packed", "without a manifest"])
def test_what_is_no_archive_of_ours_is_refused_with_a_sentence(tmp_path, kind):
    path = tmp_path / "some.tar"
    if kind == "a folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "packed":
        path.write_bytes(gzip.compress(archive(tmp_path, OURS).read_bytes()))
    elif kind == "without a manifest":
        archive(tmp_path, OURS, name="other.json")
    with pytest.raises(Failed):
        backup.read_manifest(path)


def test_a_disk_without_room_is_refused_before_it_is_full(tmp_path):
    backup.check_room(tmp_path, 0)
    with pytest.raises(Failed, match="nothing was changed"):
        backup.check_room(tmp_path, 2**62)


# --- what is inside -----------------------------------------------------------------------------------------------------
PARTS = {
    "database.dump": b"PGDMP" + b"d" * 2000, "secret-key": b"k" * 86 + b"\n",
    "photos/original/ab/cd/one": b"\xff\xd8 one" * 300, "photos/original/ef/01/two": b"\xff\xd8 two",
}  # fmt: skip
Member = tuple[str, bytes, dict]


def members(**manifest) -> list[Member]:
    """Those of a whole backup, in its order."""
    lines = "".join(f"{facts(content)['sha256']}  {name}\n" for name, content in PARTS.items() if name.startswith(backup.PHOTOS))
    said = OURS | {
        "database": facts(PARTS["database.dump"]), "secrets": {"secret-key": facts(PARTS["secret-key"])},
        "photos": {"count": 2, "bytes": 0}, "list": facts(lines.encode()), **manifest,
    }  # fmt: skip
    whole = {**PARTS, backup.LIST: lines.encode(), backup.MANIFEST: json.dumps(said).encode()}
    return [(name, content, {}) for name, content in whole.items()]


def facts(content: bytes) -> dict:
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def written(parts: list[Member]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, more in parts:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            for attribute, value in more.items():
                setattr(entry, attribute, value)
            tar.addfile(entry, io.BytesIO(content) if entry.isreg() and content else None)
    return out.getvalue()


def restored(tmp_path: Path, whole: bytes) -> Path:
    """Read, unpacked and checked, as a restore does it before anything else; the folder in which it happened."""
    source, place = tmp_path / "some.tar", Home(tmp_path / "state")
    source.write_bytes(whole)
    with backup._unpacked(place, source, backup.read_manifest(source)) as fresh:
        assert (fresh / "photos" / "original" / "ab" / "cd" / "one").read_bytes() == PARTS["photos/original/ab/cd/one"]
    return place.state


def refused(tmp_path: Path, whole: bytes) -> str:
    """The sentence; nothing of it lies anywhere."""
    with pytest.raises(Failed) as sentence:
        restored(tmp_path, whole)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "some.tar"]
    assert left == []
    return str(sentence.value)


def boundaries() -> list[int]:
    """Before, in and behind each header and each content."""
    with tarfile.open(fileobj=io.BytesIO(written(members()))) as tar:
        return sorted({max(0, at + step) for entry in tar for at in (entry.offset, entry.offset_data) for step in (-1, 0, 1, 511)})


def test_a_whole_backup_is_unpacked(tmp_path):
    assert not (restored(tmp_path, written(members())) / "restore.part").exists()


@pytest.mark.parametrize("at", boundaries())
def test_a_backup_cut_anywhere_is_refused(tmp_path, at):
    refused(tmp_path, written(members())[:at])


@pytest.mark.parametrize("at", range(0, len(written(members())), 97))
def test_a_backup_with_a_byte_changed_is_refused_or_whole(tmp_path, at):
    """What is neither a name, a size nor a content may differ: a mode, a date, what fills a block."""
    whole = bytearray(written(members()))
    whole[at] ^= 0x55
    try:
        restored(tmp_path, bytes(whole))
    except Failed:
        refused(tmp_path, bytes(whole))


def swapped(parts: list[Member]) -> list[Member]:
    return [(each[0], other[1], {}) for each, other in zip(parts, [parts[0], parts[1], parts[3], parts[2], *parts[4:]], strict=True)]


def with_key(key: bytes) -> list[Member]:
    return [(name, key if name == "secret-key" else content, more) for name, content, more in members(secrets={"secret-key": facts(key)})]


SPARSE = {"pax_headers": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "photos/holes", "GNU.sparse.realsize": str(2**62)}}
EMPTY_MAP = b"1\n0\n0\n".ljust(512, b"\0")
HOSTILE = {
    "contents exchanged": swapped(members()),
    "photos in another order": [*members()[:2], *reversed(members()[2:4]), *members()[4:]],
    "a photo less": [*members()[:2], *members()[3:]],
    "a photo more": [("photos/original/aa/aa/three", b"three", {}), *members()],
    "a photo twice": [members()[2], *members()],
    "the dump twice": [("database.dump", b"PGDMP" + b"e" * 2000, {}), *members()],
    "the manifest twice": [members()[-1], *members()],
    "a name from the root": [("/etc/cron.d/safety", b"x", {}), *members()],
    "a name that climbs": [("photos/../../escaped", b"x", {}), *members()],
    "a name that climbs from within": [("photos/original/../../../escaped", b"x", {}), *members()],
    "a name that is none of ours": [("database.dump.sh", b"x", {}), *members()],
    "a name with a NUL": [("photos/a", b"x", {"pax_headers": {"path": "photos/a\0b"}}), *members()],
    "a name without end": [("photos/" + "n" * 5000, b"x", {}), *members()],
    "a name below a file": [*members()[:3], ("photos/original/ab/cd/one/more", b"x", {}), *members()[3:]],
    "the name of a folder": [*members()[:3], ("photos/original/ab", b"x", {}), *members()[3:]],
    "a link to elsewhere": [("photos/link", b"", {"type": tarfile.SYMTYPE, "linkname": "/etc"}), *members()],
    "a second name of a file": [("photos/link", b"", {"type": tarfile.LNKTYPE, "linkname": "database.dump"}), *members()],
    "a folder": [("photos/folder", b"", {"type": tarfile.DIRTYPE}), *members()],
    "a device": [("photos/null", b"", {"type": tarfile.CHRTYPE}), *members()],
    "a queue": [("photos/queue", b"", {"type": tarfile.FIFOTYPE}), *members()],
    "a file of holes": [("photos/holes", EMPTY_MAP, SPARSE), *members()],
    "a size beyond the file": [("photos/large", b"", {"size": 2**40}), *members()],
    "a size beyond counting": [("photos/large", b"", {"pax_headers": {"size": str(2**200)}}), *members()],
    "a size below nothing": [("photos/large", b"", {"pax_headers": {"size": "-512"}}), *members()],
    "a dump of another size": [("database.dump", b"PGDMP", {}), *members()[1:]],
    "a wrong hash": members(database={"sha256": "0" * 64, "bytes": 2005}),
    "a size that is no number": members(database={"sha256": "0" * 64, "bytes": "2005"}),
    "a list of other photos": members(list=HASHED),
    "no photos by its word": members(photos={"count": 0, "bytes": 0}),
    "a part that is not there": members(secrets={"secret-key": facts(PARTS["secret-key"]), "demo-password": HASHED}),
    "an empty key": with_key(b"\n"),
    "a short key": with_key(b"k" * 49),
    "a key that is no text": with_key(b"\xff" * 90),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_backup_that_is_not_as_it_says_is_refused_and_leaves_nothing(tmp_path, kind):
    refused(tmp_path, written(HOSTILE[kind]))


@pytest.mark.parametrize("pack", [gzip.compress, lambda whole: b"PK\x03\x04" + whole, lambda whole: whole[512:]], ids=["gz", "zip", "no first block"])
def test_a_backup_that_was_packed_is_refused(tmp_path, pack):
    refused(tmp_path, pack(written(members())))


def test_loading_needs_room_for_the_tables_and_what_is_written_beside_them():
    assert backup.room_to_load(OURS | {"loaded_bytes": 10 * 1024**3}) == 12 * 1024**3
    assert backup.room_to_load(OURS | {"database": {"bytes": 1000}}) == 8000
