"""What a backup says about itself is believed only when it is ours, whole and not newer than this code."""

import gzip
import io
import json
import tarfile

import pytest

from ops import backup
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
