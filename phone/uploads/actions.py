"""Beginning, going on, putting together, ending."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Count, Sum
from django.utils import timezone

from evidence import actions as evidence
from phone.models import Upload
from phone.uploads import pieces
from safety_api.actors import Actor, by_device
from safety_api.problems import (
    BUSY,
    BYTES_DIFFER,
    CHECKSUM_DIFFERS,
    EMPTY_PHOTO,
    MORE_THAN_ANNOUNCED,
    OFFSET_DIFFERS,
    PHOTO_TOO_LARGE,
    REFUSED_AT_THE_END,
    TOO_MANY_EARLY,
    TOO_MUCH_TODAY,
    UPLOAD_GONE,
    Problem,
)

KEPT = timedelta(days=7)  # from the last piece
A_DAY = timedelta(days=1)
LATER = 600  # seconds


class OfADay(NamedTuple):
    """What one person begins in a day."""

    begun: int
    bytes: int


BY_TOKEN, BY_DEVICE = OfADay(3000, 12 * 1024**3), OfADay(400, 2 * 1024**3)


@dataclass(frozen=True)
class Wanted:
    """What `Upload-Metadata` and `Upload-Length` say."""

    photo: UUID
    size: int
    sha256: str = ""


# --- beginning ----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin(wanted: Wanted, *, by: Actor) -> Upload:
    """A place for the bytes of one photo. What is known to be refused at the end is refused now.

    Raises EMPTY_PHOTO, PHOTO_TOO_LARGE, NOT_FOUND for another person's photo, BYTES_DIFFER for other content than was declared or is
    stored, TOO_MUCH_TODAY (503, for the client gives up at 429).
    """
    if not wanted.size:
        raise EMPTY_PHOTO()
    if wanted.size > settings.PHOTO_MAX_BYTES:
        raise PHOTO_TOO_LARGE(most=settings.PHOTO_MAX_BYTES // 1024 // 1024)
    if evidence.expected(wanted.photo, by=by, size=wanted.size, sha256=wanted.sha256) is None:
        evidence.check_early(wanted.photo, wanted.sha256, by=by)
    _check_day(by, wanted.size)
    return Upload.objects.create(
        by_id=by.pk, photo_id=wanted.photo, size=wanted.size, sha256=wanted.sha256, expires_at=timezone.now() + KEPT
    )


def _check_day(by: Actor, size: int) -> None:
    most = BY_DEVICE if by_device(by) else BY_TOKEN
    today = Upload.objects.filter(by_id=by.pk, made_at__gte=timezone.now() - A_DAY).aggregate(begun=Count("pk"), bytes=Sum("size"))
    if today["begun"] >= most.begun or (today["bytes"] or 0) + size > most.bytes:
        raise _later()


def _later() -> Problem:
    """To be raised: 503, for clients give up at 429."""
    return TOO_MUCH_TODAY(headers={"Retry-After": str(LATER)}, retry_after=LATER)


# --- going on -----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def go_on(key: UUID, content: bytes, *, offset: int, by: Actor, checksum: tuple[str, bytes] | None = None) -> Upload:
    """The next piece: on the storage before its row is committed. One line at a time goes on with an upload.

    Raises UPLOAD_GONE, BUSY, OFFSET_DIFFERS, CHECKSUM_DIFFERS; MORE_THAN_ANNOUNCED.
    """
    upload = _held(key, by)
    if offset != upload.offset:
        raise OFFSET_DIFFERS(offset=upload.offset)
    if checksum and hashlib.new(checksum[0], content).digest() != checksum[1]:
        raise CHECKSUM_DIFFERS()
    if upload.offset + len(content) > upload.size:
        raise MORE_THAN_ANNOUNCED(size=upload.size)
    if content:
        _store(upload, content)
    return upload


def _held(key: UUID, by: Actor) -> Upload:
    try:
        return standing(by).select_for_update(nowait=True).get(pk=key)
    except Upload.DoesNotExist:
        raise UPLOAD_GONE() from None
    except OperationalError:
        raise BUSY() from None


def standing(by: Actor) -> Any:
    return Upload.objects.filter(by_id=by.pk, expires_at__gt=timezone.now())


def _store(upload: Upload, content: bytes) -> None:
    """Raises UPLOAD_GONE where the storage has lost what came before."""
    try:
        pieces.store(upload, content)
    except FileNotFoundError:
        raise UPLOAD_GONE() from None
    upload.offset += len(content)
    upload.expires_at = timezone.now() + KEPT
    upload.save(update_fields=["offset", "parts_key", "expires_at"])


# --- putting together ---------------------------------------------------------------------------------------------------------
def put_together(upload: Upload, *, by: Actor) -> None:
    """All pieces as one photo, through the door of whole photos. Safe to repeat, by several at once too: whoever lost the answer asks again.

    Raises REFUSED_AT_THE_END with what that door says for good, UPLOAD_GONE where a piece is no longer in the storage; then nothing of it is
    kept. What may pass (a storage that is away) is raised as it is, and the pieces stay.
    """
    if upload.offset < upload.size or upload.done_at:
        return
    problem = _taken_in(upload.pk, by)
    if problem is None:
        pieces.drop(upload)  # after the commit: a killed process leaves them, and never a photo that is neither here nor there
        return
    end(upload)
    if problem.kind is UPLOAD_GONE:
        raise problem
    raise REFUSED_AT_THE_END(said=problem.kind.sentence(**problem.values), detail=problem.kind.code) from problem


@transaction.atomic
def _taken_in(key: UUID, by: Actor) -> Problem | None:
    """What that door says against it for good. One at a time: whoever waited here finds it done, and its pieces no longer needed."""
    upload = Upload.objects.select_for_update().filter(pk=key).first()
    if upload is None:
        return UPLOAD_GONE()
    if upload.done_at:
        return None
    try:
        evidence.take_in(upload.photo_id, _checked(upload), size=upload.size, by=by)
    except Problem as problem:
        if problem.kind is TOO_MANY_EARLY:  # there is room when their records have come
            raise _later() from problem
        if problem.kind.status >= 500:
            raise
        return problem
    Upload.objects.filter(pk=key).update(done_at=timezone.now(), parts_key="")
    return None


def _checked(upload: Upload) -> Iterator[bytes]:
    """The bytes in order; raises BYTES_DIFFER at their end when they are not those announced, UPLOAD_GONE where some are not there."""
    digest = hashlib.sha256()
    try:
        for chunk in pieces.chunks(upload):
            digest.update(chunk)
            yield chunk
    except FileNotFoundError:
        raise UPLOAD_GONE() from None
    if upload.sha256 and digest.hexdigest() != upload.sha256:
        raise BYTES_DIFFER()


# --- ending -------------------------------------------------------------------------------------------------------------------
def terminate(key: UUID, *, by: Actor) -> None:
    """Raises UPLOAD_GONE, BUSY. A photo that was put together stays: it is evidence."""
    with transaction.atomic():
        upload = _held(key, by)
    end(upload)


def end(upload: Upload) -> None:
    pieces.drop(upload)
    Upload.objects.filter(pk=upload.pk).delete()


def forget_expired() -> int:
    """Uploads that nobody went on with; returns how many."""
    ended = list(Upload.objects.filter(expires_at__lte=timezone.now())[:1000])
    for upload in ended:
        end(upload)
    return len(ended)
