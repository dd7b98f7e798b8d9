"""Photos that were held and are not in the storage any more: told, waited for, and held again when their bytes are there.

They are `missing` once more, so that every phone sends them again by what it knows already. A storage that is away loses nothing: then
STORAGE_UNAVAILABLE is raised, and nothing is concluded.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import storage
from evidence.messages import PHOTO_LOST
from evidence.models import Photo, PhotoState
from inbox import actions as inbox
from inbox.letters import Letter, person
from safety_api import outbox
from safety_api.models import OutboxMessage
from safety_api.problems import NOT_IN_STORAGE, Problem
from safety_api.trail import SYSTEM, line, record_many

SEEN_LATE = timedelta(minutes=1)  # a storage of several machines may show late what it has taken
A_TIME = 500  # looked for again at a time


@transaction.atomic
def lose(sha256: str) -> int:
    """Photos of these bytes wait for them again, and whoever declared them is told; returns how many. Not yet those just stored."""
    now = timezone.now()
    stored = Photo.objects.filter(sha256=sha256, stored_at__isnull=False)
    photos = list(stored.exclude(stored_at__gt=now - SEEN_LATE).order_by("pk").select_for_update())
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(state=PhotoState.MISSING, stored_at=None, lost_at=now)
    record_many([line(SYSTEM, "photo.lost", photo, stored_at=photo.stored_at and photo.stored_at.isoformat()) for photo in photos])
    inbox.send([_letter(photo) for photo in photos])
    return len(photos)


def _letter(photo: Photo) -> Letter:
    assert photo.stored_at
    stored = timezone.localtime(photo.stored_at)
    return Letter(
        kind=PHOTO_LOST, once=f"photo/{photo.pk}/{photo.stored_at.isoformat()}", to=person(photo.declared_by), day=timezone.localdate(),
        sentence=f"您 {stored:%Y年%-m月%-d日 %H:%M} 上传的一张照片在存储中找不到了，请用原手机重新上传；原文件已不在的，请注明遗失。",
        about_kind="photo", about=photo.pk, details={"owner_kind": photo.owner_kind, "owner": str(photo.owner_id)},
    )  # fmt: skip


def found(sent: Photo) -> None:
    """Its bytes were sent again: nothing is to be done about them any more, and all others of the same bytes are held too."""
    Photo.objects.filter(pk=sent.pk).update(lost_at=None)
    inbox.end(PHOTO_LOST, about=[sent.pk])
    _hold(sent.sha256)


def waited_for_no_more(photo: Photo) -> None:
    """Whoever declared it has not got it either."""
    inbox.end(PHOTO_LOST, about=[photo.pk])


def _hold(sha256: str) -> int:
    photos = list(Photo.objects.lost().filter(sha256=sha256).order_by("pk").select_for_update())
    keys = [photo.pk for photo in photos]
    Photo.objects.filter(pk__in=keys).update(state=PhotoState.HELD, stored_at=timezone.now(), lost_at=None)
    record_many([line(SYSTEM, "photo.found", photo) for photo in photos])
    outbox.send_many("photo.stored", [{"photo": str(key)} for key in keys])
    inbox.end(PHOTO_LOST, about=keys)
    return len(photos)


def find_again(most: int = A_TIME) -> int:
    """Looks for lost ones in the storage, which may have been brought back; returns how many were there. Raises STORAGE_UNAVAILABLE."""
    waiting = Photo.objects.lost().order_by("?").values_list("sha256", flat=True)[:most]
    return sum(_found_again(sha256) for sha256 in set(waiting))


@transaction.atomic
def _found_again(sha256: str) -> int:
    try:
        storage.original(sha256)
    except Problem as problem:
        if problem.kind is NOT_IN_STORAGE:
            return 0
        raise
    return _hold(sha256)


def missed(name: str) -> Problem:
    """A reader met a name with nothing behind it: a small version is made again, an original is waited for. To be raised."""
    sha256 = storage.sha256_of(name)
    if name != storage.original_name(sha256):
        _make_again(sha256, storage.photo_of(name))
        return storage.unavailable(FileNotFoundError(f"{name} is made again"))
    lose(sha256)
    return storage.lost(sha256)


def _make_again(sha256: str, whose: UUID | None) -> None:
    """`whose`: of the photo that it is of; any photo of this content will do for what all of them share."""
    photos = Photo.objects.filter(sha256=sha256, stored_at__isnull=False)
    photo = (photos.filter(pk=whose) if whose else photos.order_by("pk")).first()
    payload = {"photo": str(photo and photo.pk)}
    if photo and not OutboxMessage.objects.filter(topic="photo.stored", payload=payload).exists():
        outbox.send("photo.stored", payload)
