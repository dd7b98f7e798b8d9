"""Bytes on disk, surely: a photo that was acknowledged survives a power cut. The same in a bucket: bucket.py.

Originals are named by their hash, so the same picture is kept once and none is ever overwritten by another. The chunked upload to come
fills an `Incoming` too and hands it to `keep`. A storage that cannot be worked with now is STORAGE_UNAVAILABLE at every door; one that
answers, and has not what was acknowledged, is NOT_IN_STORAGE.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from evidence.models import Photo
from safety_api.problems import EMPTY_PHOTO, NOT_IN_STORAGE, PHOTO_TOO_LARGE, STORAGE_UNAVAILABLE, Problem

log = logging.getLogger(__name__)
CHUNK = 256 * 1024
RETRY_AFTER = 10  # seconds
LEFT_OVER = 86_400  # seconds: what a killed process was receiving so long ago, it receives no more
ORIGINAL, MARKED = "original", "screen"
KEPT = (ORIGINAL, MARKED, "thumb")


def unavailable(error: Exception) -> Problem:
    """To be raised; why stands in the log, for whoever asks at a door is shown no address and no path."""
    log.warning("storage unavailable: %s", error)
    return STORAGE_UNAVAILABLE(headers={"Retry-After": str(RETRY_AFTER)}, retry_after=RETRY_AFTER)


@contextmanager
def reached() -> Iterator[None]:
    """Work on a disk: whatever it cannot do now (full, broken, read-only, its server away) it may do later."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from error


@dataclass(frozen=True)
class Incoming:
    """Bytes received into a temporary file, not yet promised to anyone."""

    path: Path
    sha256: str
    size: int


class DurableFolder(FileSystemStorage):
    """A folder whose `_save` returns only after file and folder are on disk; the name appears whole or not at all.

    Not to be there is what FileNotFoundError says; all else that fails raises STORAGE_UNAVAILABLE.
    """

    least_part = 0  # it joins none

    def ready(self) -> None:
        """Raises STORAGE_UNAVAILABLE where nothing can be written, or where another disk should be mounted."""
        self._mounted()
        folder = Path(self.location)
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise unavailable(PermissionError(f"{folder} cannot be written to"))

    def names(self, folder: str) -> Iterator[str]:
        for parent, folders, files in os.walk(self.path(folder)):
            folders.sort()
            yield from (os.path.relpath(os.path.join(parent, file), self.location) for file in sorted(files))

    def size(self, name: str) -> int:
        with self._looked_for():
            return os.stat(self.path(name)).st_size

    def exists(self, name: str) -> bool:
        try:
            return self.size(name) >= 0
        except FileNotFoundError:
            return False

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        with self._looked_for():
            return File(open(self.path(name), mode))

    @reached()
    def _save(self, name: str, content) -> str:
        self._mounted()
        target = Path(self.path(name))
        self._make_folder(target.parent)
        source = getattr(content, "temporary_file_path", None)
        with NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as file:
            temporary = Path(file.name)
            try:
                if source is None:
                    for chunk in content.chunks(CHUNK):
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                else:
                    os.replace(source(), temporary)
                os.chmod(temporary, 0o640)
                os.replace(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)
        sync_folder(target.parent)
        return name

    def _make_folder(self, folder: Path) -> None:
        if folder.exists():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)

    @contextmanager
    def _looked_for(self) -> Iterator[None]:
        try:
            with reached_or_absent():
                yield
        except FileNotFoundError:
            self._mounted()
            raise

    def _mounted(self) -> None:
        """An empty place where records say that photos are kept: their disk is not mounted. Nothing is lost, and nothing may be put under it."""
        here = Path(self.location, ORIGINAL)
        if not here.is_dir() and Photo.objects.filter(stored_at__isnull=False).exists():
            raise unavailable(OSError(f"{here} is not there: is its disk mounted? If it is to be empty, make that folder"))


@contextmanager
def reached_or_absent() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unavailable(error) from error


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

    Raises EMPTY_PHOTO, STORAGE_UNAVAILABLE, or PHOTO_TOO_LARGE as soon as the limit is passed, before the first byte where more is announced.
    """
    if announced is not None and announced > most:
        raise PHOTO_TOO_LARGE(most=most // 1024 // 1024)
    with reached():
        file = NamedTemporaryFile(dir=incoming_folder(), prefix="photo-", delete=False)  # noqa: SIM115 - closed below
    path, digest, size = Path(file.name), hashlib.sha256(), 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise PHOTO_TOO_LARGE(most=most // 1024 // 1024)
            digest.update(chunk)
            with reached():
                file.write(chunk)
        if not size:
            raise EMPTY_PHOTO()
        with reached():
            file.flush()
            os.fsync(file.fileno())
        yield Incoming(path, digest.hexdigest(), size)
    finally:
        with suppress(OSError):  # what a full disk did not take
            file.close()
        path.unlink(missing_ok=True)


def incoming_folder() -> Path:
    folder = Path(settings.STORAGE_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    _swept(folder)
    return folder


@cache
def _swept(folder: Path) -> None:
    """Once a process: a receiver that was killed has not cleared up."""
    for path in folder.glob("photo-*"):
        if path.stat().st_mtime < time.time() - LEFT_OVER:
            path.unlink(missing_ok=True)


def original_name(sha256: str) -> str:
    return f"{ORIGINAL}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def derived_name(sha256: str, size: str, photo: UUID) -> str:
    """The smallest is every photo's of this content; on the larger one stands of which photo it is."""
    of = f".{photo.hex}" if size == MARKED else ""
    return f"{size}/{sha256[:2]}/{sha256[2:4]}/{sha256}{of}.webp"


def sha256_of(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]


def photo_of(name: str) -> UUID | None:
    """Of a derivative that is one photo's."""
    told = name.rpartition("/")[2].split(".")
    return UUID(told[1]) if len(told) == 3 else None


def keep(incoming: Incoming) -> bool:
    """After this the original is kept under its hash. False: it was already; what lies there broken gives way."""
    if _holds(incoming):
        return False
    name = original_name(incoming.sha256)
    with reached(), open(incoming.path, "rb") as file:
        default_storage.save(name, _OnDisk(file, name=name))
    return True


def _holds(incoming: Incoming) -> bool:
    try:
        size = default_storage.size(original_name(incoming.sha256))
        return size == incoming.size and bool(original(incoming.sha256))
    except FileNotFoundError:
        return False
    except Problem as problem:
        if problem.kind is NOT_IN_STORAGE:
            return False
        raise


def keep_derived(name: str, content: File) -> None:
    """A derivative may be made again: the newer one takes its place."""
    default_storage.save(name, content)


def opened(sha256: str) -> File:
    """An original, to be handed on. Raises NOT_IN_STORAGE."""
    try:
        return default_storage.open(original_name(sha256), "rb")
    except FileNotFoundError:
        raise lost(sha256) from None


def original(sha256: str) -> bytes:
    """The bytes that were acknowledged, all of them and no others: what fails after this is no fault of the storage. Raises NOT_IN_STORAGE."""
    with reached(), opened(sha256) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise lost(sha256)
    return content


def lost(sha256: str) -> Problem:
    """To be raised."""
    log.error("not in the storage, or other bytes: %s", original_name(sha256))
    return NOT_IN_STORAGE(headers={"Retry-After": str(RETRY_AFTER)}, retry_after=RETRY_AFTER)
