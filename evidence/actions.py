"""Declaring photos with their record, taking their bytes in, and making them readable after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from PIL import Image, ImageOps

from evidence import storage
from evidence.models import EarlyUpload, Photo, PhotoState
from evidence.owners import may_see
from evidence.rules import Exif, Header, exif_of, flags_of, read_header
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.inserts import insert_new
from safety_api.problems import BYTES_DIFFER, ID_REUSED, NOT_FOUND, TOO_MANY_EARLY
from safety_api.trail import SYSTEM, record

MOST_EARLY = 500  # photos of one person whose records have not arrived
THUMB, SCREEN = 320, 1280  # pixels of the longer side


# --- declaring -----------------------------------------------------------------------------------------------------------
def declare(
    manifest: Sequence[dict[str, Any]],
    *,
    owner_kind: str,
    owner_id: UUID,
    by: Actor,
    subjects: Mapping[UUID, list[UUID]] | None = None,
) -> list[Photo]:
    """Writes a record's manifest in the record's transaction: one statement, plus one for photos that came before it.

    `subjects`: photo id → the hazards or reviews that it shows. Raises ID_REUSED when a photo id stands already, whoever's it is.
    """
    if not manifest:
        return []
    now = timezone.now()
    photos = [
        _declared(each, owner_kind, owner_id, by, (subjects or {}).get(each["id"], []), position, now)
        for position, each in enumerate(manifest, 1)
    ]
    taken = _insert(photos)
    if taken:
        raise ID_REUSED(errors=[ID_REUSED.fault("/photos", each) for each in taken])
    _take_early(photos, by)
    return photos


def _declared(
    each: dict[str, Any], owner_kind: str, owner_id: UUID, by: Actor, subjects: list[UUID], position: int, at: datetime
) -> Photo:
    place = each.get("location")
    return Photo(
        id=each["id"],
        owner_kind=owner_kind,
        owner_id=owner_id,
        subjects=subjects,
        declared_by=by.pk,
        declared_at=at,
        position=position,
        sha256=each["sha256"],
        size=each["size"],
        media_type=each["media_type"],
        taken_at=each.get("taken_at"),
        point=place.ewkt if place else None,
        sent_lon=place.lon if place else None,
        sent_lat=place.lat if place else None,
        sent_crs=place.crs if place else "",
    )


def _insert(photos: list[Photo]) -> list[UUID]:
    """The ids that could not be written because they stand already."""
    written = insert_new(photos)
    return [photo.pk for photo in photos if photo.pk not in written]


def _take_early(photos: list[Photo], by: Actor) -> None:
    """Photos whose bytes came first are held from the start. Bytes that differ from the manifest are not taken."""
    if not _came_early([photo.pk for photo in photos], by):
        return
    early = EarlyUpload.objects.filter(photo_id__in=[photo.pk for photo in photos], uploaded_by=by.pk)
    arrived = {each.photo_id: each for each in early}
    for photo in photos:
        upload = arrived.get(photo.pk)
        if upload and (upload.sha256, upload.size) == (photo.sha256, photo.size):
            _mark_held(photo, Header(upload.media_type, upload.width, upload.height))
    if arrived:
        early.delete()


def _came_early(ids: list[UUID], by: Actor) -> bool:
    """Seldom. By hand: asked at every visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM evidence_early_upload WHERE photo_id = ANY(%s) AND uploaded_by = %s)",
            [ids, by.pk],
        )
        return cursor.fetchone()[0]


# --- taking in -------------------------------------------------------------------------------------------------------------
def take_in(photo_id: UUID, chunks: Iterable[bytes], *, size: int | None, by: Actor) -> tuple[str, int, str]:
    """Bytes of a photo: (state, HTTP status, sha256) with 201 new, 200 the same again, 202 held before its record.

    Raises NOT_FOUND for another person's photo, BYTES_DIFFER for other bytes than declared or stored, NOT_AN_IMAGE,
    TOO_MANY_PIXELS, PHOTO_TOO_LARGE, EMPTY_PHOTO. When it returns, the bytes are on disk and the row is committed.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo and photo.declared_by != by.pk and not may_see(by, photo):
        raise NOT_FOUND()
    if photo and size is not None and size != photo.size:
        raise BYTES_DIFFER()
    most = min(settings.PHOTO_MAX_BYTES, photo.size if photo else settings.PHOTO_MAX_BYTES)
    with storage.receive(chunks, most=most) as incoming:
        if photo and (incoming.sha256, incoming.size) != (photo.sha256, photo.size):
            raise BYTES_DIFFER()
        if photo and photo.state != PhotoState.MISSING:
            return photo.state, 200, photo.sha256
        header = read_header(incoming.path, most_pixels=settings.PHOTO_MAX_PIXELS)
        storage.keep(incoming)
        if photo is None:
            return _hold_early(photo_id, incoming, header, by)
        with transaction.atomic():
            new = _mark_held(photo, header)
            if new:
                record(by, "photo.store", photo, owner=str(photo.owner_id))
        return PhotoState.HELD, 201 if new else 200, photo.sha256


def _mark_held(photo: Photo, header: Header) -> bool:
    """True for the one of racing uploads that came first."""
    photo.state, photo.stored_at = PhotoState.HELD, timezone.now()
    photo.width, photo.height = header.width, header.height
    columns = ("state", "stored_at", "width", "height")
    changed = Photo.objects.filter(pk=photo.pk, state=PhotoState.MISSING).update(
        **{name: getattr(photo, name) for name in columns}
    )
    if changed:
        outbox.send("photo.stored", {"photo": str(photo.pk)})
    return bool(changed)


@transaction.atomic
def _hold_early(photo_id: UUID, incoming: storage.Incoming, header: Header, by: Actor) -> tuple[str, int, str]:
    mine = EarlyUpload.objects.filter(uploaded_by=by.pk)
    known = mine.filter(photo_id=photo_id).first()
    if known and known.sha256 != incoming.sha256:
        raise BYTES_DIFFER()
    if known is None and mine.count() >= MOST_EARLY:
        raise TOO_MANY_EARLY()
    new = EarlyUpload(
        photo_id=photo_id, uploaded_by=by.pk, sha256=incoming.sha256, size=incoming.size,
        media_type=header.media_type, width=header.width, height=header.height,
    )  # fmt: skip
    EarlyUpload.objects.bulk_create([new], ignore_conflicts=True)
    if _declared_meanwhile(photo_id, incoming, by):
        return PhotoState.HELD, 201, incoming.sha256
    return PhotoState.HELD, 202, incoming.sha256


def _declared_meanwhile(photo_id: UUID, incoming: storage.Incoming, by: Actor) -> bool:
    """The record may have committed while the bytes came in: then the photo is taken now and waits for nobody."""
    photo = Photo.objects.filter(pk=photo_id, declared_by=by.pk, sha256=incoming.sha256, size=incoming.size).first()
    if photo:
        _take_early([photo], by)
    return photo is not None


@transaction.atomic
def join_early() -> int:
    """Joins photos and records that committed at the same instant and so did not see each other; returns how many.

    Nothing depends on it: the receipt says `missing` until then, and a phone that uploads again is answered as usual.
    """
    early = EarlyUpload.objects.filter(
        photo_id=OuterRef("pk"), uploaded_by=OuterRef("declared_by"), sha256=OuterRef("sha256")
    )
    joined = 0
    for photo in Photo.objects.filter(Exists(early), state=PhotoState.MISSING):
        upload = EarlyUpload.objects.get(photo_id=photo.pk, uploaded_by=photo.declared_by)
        joined += _mark_held(photo, Header(upload.media_type, upload.width, upload.height))
        upload.delete()
    return joined


# --- after the commit --------------------------------------------------------------------------------------------------------
def process(photo_id: UUID) -> str:
    """Decodes a stored photo under the pixel limit and makes its derivatives; safe to repeat. Returns the new state."""
    photo = Photo.objects.filter(Q(state=PhotoState.HELD) | Q(state=PhotoState.READY), pk=photo_id).first()
    if photo is None:
        return PhotoState.MISSING
    try:
        exif = _derive(photo)
    except Exception:  # a stranger's bytes may break a decoder in any way; the original stays as it is
        return _mark_processed(photo, PhotoState.UNREADABLE, Exif())
    return _mark_processed(photo, PhotoState.READY, exif)


def _derive(photo: Photo) -> Exif:
    with default_storage.open(storage.original_name(photo.sha256), "rb") as file, Image.open(file) as image:
        exif = exif_of(image)
        image.draft("RGB", (SCREEN, SCREEN))  # JPEG: decodes at a half, a quarter …: 290 ms instead of 650
        image.load()
        upright = ImageOps.exif_transpose(image).convert("RGB")
    for size, side in (("screen", SCREEN), ("thumb", THUMB)):
        upright.thumbnail((side, side))
        buffer = BytesIO()
        upright.save(buffer, "WEBP", quality=80, method=2)  # without EXIF
        storage.keep_derived(storage.derived_name(photo.sha256, size), ContentFile(buffer.getvalue()))
    return exif


@transaction.atomic
def _mark_processed(photo: Photo, state: PhotoState, exif: Exif) -> str:
    place = photo.point
    photo.state, photo.exif_taken_at = state, exif.taken_at
    photo.exif_point = Point(exif.lon, exif.lat, srid=4326) if exif.lon is not None else None
    photo.flags = flags_of(
        exif, taken_at=photo.taken_at, lon=place.x if place else None, lat=place.y if place else None
    )
    photo.save(update_fields=["state", "exif_taken_at", "exif_point", "flags"])
    record(SYSTEM, f"photo.{state}", photo)
    return state
