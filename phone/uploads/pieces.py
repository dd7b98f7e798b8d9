"""Pieces on the storage: each is there, and stays, before its row is committed.

In a folder every piece is a file of its own until all of them are put together. A bucket puts them together itself (multipart): but S3 joins no
parts under 5 MB, and pieces of weak lines are a twentieth of that. So small ones stand as objects until they make 5 MB, then become one part;
what is larger is a part at once. Copying them there (UploadPartCopy) would spare the way through here, and takes none under 5 MB either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from evidence.storage import CHUNK
from phone.models import Upload, UploadPart

FOLDER = "uploads"  # of the storage
storage: Any = default_storage  # a folder or a bucket, of whose own words Django knows nothing


def folder_of(key: UUID) -> str:
    return f"{FOLDER}/{key}"


def _piece(key: UUID, start: int) -> str:
    return f"{folder_of(key)}/{start:012}"


def _whole(key: UUID) -> str:
    return f"{folder_of(key)}/whole"


def store(upload: Upload, content: bytes) -> None:
    """With the upload held. A piece whose transaction does not commit is written over by whoever sends it again."""
    least = storage.least_part
    loose = _loose(upload) if least else []
    if least and sum(piece.size for piece in loose) + len(content) >= least:
        _as_part(upload, loose, content)
    else:
        _save(_piece(upload.pk, upload.offset), content)
        UploadPart.objects.create(upload=upload, start=upload.offset, size=len(content))


def _loose(upload: Upload) -> list[UploadPart]:
    return list(upload.parts.filter(number=None).order_by("start"))


def _save(name: str, content: bytes) -> None:
    if storage.exists(name):
        storage.delete(name)
    storage.save(name, ContentFile(content, name=name))


# --- a bucket's own way -----------------------------------------------------------------------------------------------------------
def _as_part(upload: Upload, loose: list[UploadPart], content: bytes) -> None:
    """What stood as objects and the piece that came are one part. The objects go with the upload, for this may not be committed."""
    whole, number = _read(loose) + content, upload.parts.exclude(number=None).count() + 1
    upload.parts_key = upload.parts_key or storage.begin_parts(_whole(upload.pk))
    tag = storage.put_part(_whole(upload.pk), upload.parts_key, number, whole)
    start = loose[0].start if loose else upload.offset
    UploadPart.objects.filter(pk__in=[piece.pk for piece in loose]).delete()
    UploadPart.objects.create(upload=upload, start=start, size=len(whole), number=number, tag=tag)


def _read(loose: list[UploadPart]) -> bytes:
    content = []
    for piece in loose:
        with storage.open(_piece(piece.upload_id, piece.start)) as file:
            content.append(file.read())
    return b"".join(content)


def _join(upload: Upload) -> None:
    """The rest is the last part. Safe to repeat. Raises FileNotFoundError for parts that the bucket has no more."""
    tags = list(upload.parts.exclude(number=None).order_by("number").values_list("number", "tag"))
    if loose := _loose(upload):
        number = len(tags) + 1
        tags.append((number, storage.put_part(_whole(upload.pk), upload.parts_key, number, _read(loose))))
    storage.join_parts(_whole(upload.pk), upload.parts_key, tags)


# --- all of them ------------------------------------------------------------------------------------------------------------------
def chunks(upload: Upload) -> Iterator[bytes]:
    """All bytes in their order. Raises FileNotFoundError where the storage has lost some."""
    if upload.parts_key and not storage.exists(_whole(upload.pk)):
        _join(upload)
    starts = upload.parts.order_by("start").values_list("start", flat=True)
    for name in [_whole(upload.pk)] if upload.parts_key else [_piece(upload.pk, start) for start in starts]:
        with storage.open(name) as file:
            yield from file.chunks(CHUNK)


def drop(upload: Upload) -> None:
    """Whatever stands of it on the storage, also what was never committed, and its rows."""
    if upload.parts_key:
        storage.drop_parts(_whole(upload.pk), upload.parts_key)
    for name in [*storage.names(folder_of(upload.pk)), folder_of(upload.pk)]:
        storage.delete(name)
    UploadPart.objects.filter(upload=upload).delete()
