"""Bytes on disk, surely: a photo that was acknowledged survives a power cut.

Originals are named by their hash, so the same picture is kept once and none is ever overwritten by another. The chunked upload to come
fills an `Incoming` too and hands it to `keep`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from safety_api.problems import EMPTY_PHOTO, PHOTO_TOO_LARGE

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Incoming:
    """Bytes received into a temporary file, not yet promised to anyone."""

    path: Path
    sha256: str
    size: int


class DurableFolder(FileSystemStorage):
    """A folder whose `_save` returns only after file and folder are on disk; the name appears whole or not at all."""

    def _save(self, name: str, content) -> str:
        target = Path(self.path(name))
        if target.exists():
            return name  # named by hash: the same bytes
        self._make_folder(target.parent)
        source = getattr(content, "temporary_file_path", None)
        with NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as file:
            temporary = Path(file.name)
            if source is None:
                for chunk in content.chunks(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        if source is not None:
            os.replace(source(), temporary)
        os.chmod(temporary, 0o640)
        os.replace(temporary, target)
        sync_folder(target.parent)
        return name

    def _make_folder(self, folder: Path) -> None:
        if folder.exists():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _OnDisk(File):
    """Lets a storage move the temporary file instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.file.name)  # type: ignore[union-attr]


@contextmanager
def receive(chunks: Iterable[bytes], *, most: int, announced: int | None = None) -> Iterator[Incoming]:
    """Writes chunks to a temporary file beside their later home, hashed on the way and synced; removed at the end if not kept.

    Raises EMPTY_PHOTO, or PHOTO_TOO_LARGE as soon as the limit is passed, before the first byte where more is announced.
    """
    if announced is not None and announced > most:
        raise PHOTO_TOO_LARGE(most=most // 1024 // 1024)
    folder = _incoming_folder()
    with NamedTemporaryFile(dir=folder, prefix="photo-", delete=False) as file:
        path, digest, size = Path(file.name), hashlib.sha256(), 0
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise PHOTO_TOO_LARGE(most=most // 1024 // 1024)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise EMPTY_PHOTO()
            file.flush()
            os.fsync(file.fileno())
            yield Incoming(path, digest.hexdigest(), size)
        finally:
            path.unlink(missing_ok=True)


def _incoming_folder() -> Path:
    folder = Path(settings.STORAGE_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def original_name(sha256: str) -> str:
    return f"original/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def derived_name(sha256: str, size: str) -> str:
    return f"{size}/{sha256[:2]}/{sha256[2:4]}/{sha256}.webp"


def keep(incoming: Incoming) -> None:
    """After this the original is on disk under its hash."""
    name = original_name(incoming.sha256)
    if default_storage.exists(name):
        return
    with open(incoming.path, "rb") as file:
        default_storage.save(name, _OnDisk(file, name=name))


def keep_derived(name: str, content: File) -> None:
    """A derivative may be made again: the newer one takes its place."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, content)
