"""Declaring photos with their record, taking their bytes in, and making them readable after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Count, Exists, F, Func, OuterRef, QuerySet, Sum, Value
from django.utils import timezone

from evidence import storage
from evidence.looking import Header, Unreadable, header_of_evidence, is_voice, shown, voice_of
from evidence.losing import found, lose, waited_for_no_more
from evidence.marks import face, words_of
from evidence.models import EarlyUpload, Photo, PhotoState
from evidence.owners import may_see, scene_of
from evidence.rules import Flag, Taken, flags_of, types_differ
from readers.media_types import HEAD, media_type_of
from safety_api import outbox
from safety_api.actors import Actor, by_device
from safety_api.inserts import insert_new
from safety_api.parts import in_parts
from safety_api.problems import (
    BYTES_DIFFER,
    ID_REUSED,
    NOT_FOUND,
    NOT_IN_STORAGE,
    TOO_MANY_EARLY,
    WRONG_STEP,
    Problem,
    may_pass,
)
from safety_api.trail import SYSTEM, record
from safety_api.writing import locked


class Early(NamedTuple):
    """Of one person, while their records have not arrived."""

    photos: int
    bytes: int


EARLY = Early(500, 16 * 1024**3)
EARLY_BY_DEVICE = Early(200, 1024**3)  # whoever shows no more than the key of a device
GIVEN_UP = "given_up"


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
        media_type=each["media_type"] or "",
        taken_at=each.get("taken_at"),
        point=place.ewkt if place else None,
        sent_lon=place.lon if place else None,
        sent_lat=place.lat if place else None,
        sent_crs=place.crs if place else "",
        flags=[Flag.LOCATION_MOCKED.value] if place and place.mocked else [],
    )


def _insert(photos: list[Photo]) -> list[UUID]:
    """The ids that could not be written because they stand already."""
    written = insert_new(photos)
    return [photo.pk for photo in photos if photo.pk not in written]


def _take_early(photos: list[Photo], by: Actor) -> None:
    """Photos whose bytes came first are held, or refused, from the start. Bytes that differ from the manifest are not taken."""
    declared = {photo.pk: photo for photo in photos}
    if not _came_early(list(declared)):
        return
    for upload in EarlyUpload.objects.filter(photo_id__in=list(declared)):
        photo = declared[upload.photo_id]
        same = (upload.sha256, upload.size) == (photo.sha256, photo.size)  # then it is the photo, whoever brought it
        if same:
            _settle(photo, upload)
        if same or upload.uploaded_by == by.pk:
            upload.delete()


def _settle(photo: Photo, upload: EarlyUpload) -> bool:
    """What was found of bytes that came early is now said of their photo; False when that has been done."""
    if upload.refused_because:
        return _mark_refused(photo, upload.refused_because)
    return _mark_held(photo, Header(upload.media_type, upload.width, upload.height, upload.duration_ms))


def _came_early(ids: list[UUID]) -> bool:
    """Seldom. By hand: asked at every visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM evidence_early_upload WHERE photo_id = ANY(%s))", [ids]
        )
        return cursor.fetchone()[0]


# --- taking in -------------------------------------------------------------------------------------------------------------
def take_in(photo_id: UUID, chunks: Iterable[bytes], *, size: int | None, by: Actor) -> tuple[str, int, str]:
    """Bytes of a photo: (state, HTTP status, sha256) with 201 new, 200 the same again, 202 held before its record.

    Raises NOT_FOUND for another person's photo, BYTES_DIFFER for other bytes than declared or stored, CUT_OFF, PHOTO_TOO_LARGE,
    EMPTY_PHOTO, STORAGE_UNAVAILABLE; NOT_AN_IMAGE and what else no picture or voice may be, which the receipt then says for good. When it
    returns, the bytes are on disk, or the bucket has confirmed them, and the row is committed.
    """
    photo = expected(photo_id, by=by, size=size)
    most = photo.size if photo else settings.PHOTO_MAX_BYTES  # what could be declared can be stored
    with storage.receive(chunks, most=most, announced=size) as incoming:
        if photo and (incoming.sha256, incoming.size) != (photo.sha256, photo.size):
            raise BYTES_DIFFER()
        if photo and photo.stored_at:
            return _known(photo, incoming), 200, photo.sha256
        header = _looked_at(photo_id, photo, incoming, by)
        storage.keep(incoming)
        if photo is None:
            return _hold_early(photo_id, incoming, header, by)
        with transaction.atomic():
            new = _mark_held(photo, header)
            if new:
                record(by, "photo.store", photo, owner=str(photo.owner_id))
            if photo.lost_at:
                found(photo)
        return PhotoState.HELD, 201 if new else 200, photo.sha256


def expected(photo_id: UUID, *, by: Actor, size: int | None = None, sha256: str = "") -> Photo | None:
    """The photo as its record declared it, for whoever brings its bytes: who declared it, or a companion who sees the record; None before
    that has come. Raises NOT_FOUND for another person's, BYTES_DIFFER for bytes of another length or hash."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return None
    if photo.declared_by != by.pk and (by_device(by) or not may_see(by, photo)):
        raise NOT_FOUND()
    if size not in (None, photo.size) or sha256 not in ("", photo.sha256):
        raise BYTES_DIFFER()
    return photo


def check_early(photo_id: UUID, sha256: str, *, by: Actor) -> None:
    """Raises BYTES_DIFFER where this person brought other bytes under the id already, before its record; refused ones make room."""
    early = EarlyUpload.objects.filter(photo_id=photo_id, uploaded_by=by.pk, refused_because=None)
    if sha256 and early.exclude(sha256=sha256).exists():
        raise BYTES_DIFFER()


def _known(photo: Photo, incoming: storage.Incoming) -> str:
    """The same again is kept again where the storage has lost it meanwhile."""
    if storage.keep(incoming):
        outbox.send("photo.stored", {"photo": str(photo.pk)})
    return photo.state


def _looked_at(photo_id: UUID, photo: Photo | None, incoming: storage.Incoming, by: Actor) -> Header:
    """Bytes that came whole and are no picture we take stay so, however often they are sent: that is kept before it is answered."""
    try:
        return header_of_evidence(incoming.path)
    except Problem as problem:
        if not may_pass(problem):
            _refuse(photo_id, photo, incoming, problem.kind.code, by)
        raise


@transaction.atomic
def _refuse(photo_id: UUID, photo: Photo | None, incoming: storage.Incoming, word: str, by: Actor) -> None:
    if photo is None:
        _note_early(_early(photo_id, incoming, Header("", 0, 0), by, refused_because=word), incoming, by)
    elif _mark_refused(photo, word):
        record(by, "photo.refuse", photo, owner=str(photo.owner_id), word=word)


@transaction.atomic
def give_up(photo_id: UUID, *, reason: str, by: Actor) -> Photo:
    """照片遗失: whoever declared it no longer has its bytes, and says so; safe to repeat, and undone by the bytes if they turn up.

    Raises NOT_FOUND for another person's photo, WRONG_STEP for one that is stored.
    """
    photo = locked(Photo.objects.filter(declared_by=by.pk), photo_id)
    if photo.stored_at:
        raise WRONG_STEP(state=photo.state)
    if _mark_refused(photo, GIVEN_UP):
        record(by, "photo.give_up", photo, owner=str(photo.owner_id), reason=reason)
        waited_for_no_more(photo)
    return Photo.objects.get(pk=photo_id)


def _mark_refused(photo: Photo, word: str) -> bool:
    photo.state, photo.refused_because = PhotoState.REFUSED, word
    missing = Photo.objects.filter(pk=photo.pk, state=PhotoState.MISSING)
    return bool(missing.update(state=PhotoState.REFUSED, refused_because=word))


def _mark_held(photo: Photo, header: Header) -> bool:
    """True for the one of racing uploads that came first. A refused one is held when its bytes are taken after all."""
    photo.state, photo.stored_at, photo.refused_because = PhotoState.HELD, timezone.now(), None
    photo.kept_type, photo.width, photo.height = header.media_type, header.width or None, header.height or None
    photo.duration_ms = header.duration_ms
    columns = ("state", "stored_at", "refused_because", "kept_type", "width", "height", "duration_ms")
    changed = Photo.objects.filter(pk=photo.pk, stored_at__isnull=True).update(
        **{name: getattr(photo, name) for name in columns}
    )
    if changed:
        outbox.send("photo.stored", {"photo": str(photo.pk)})
    return bool(changed)


@transaction.atomic
def _hold_early(photo_id: UUID, incoming: storage.Incoming, header: Header, by: Actor) -> tuple[str, int, str]:
    declared = _note_early(_early(photo_id, incoming, header, by), incoming, by)
    return PhotoState.HELD, 201 if declared else 202, incoming.sha256


def _early(photo_id: UUID, incoming: storage.Incoming, header: Header, by: Actor, **fields: str) -> EarlyUpload:
    return EarlyUpload(
        photo_id=photo_id, uploaded_by=by.pk, sha256=incoming.sha256, size=incoming.size,
        media_type=header.media_type, width=header.width, height=header.height, duration_ms=header.duration_ms, **fields,
    )  # fmt: skip


def _note_early(new: EarlyUpload, incoming: storage.Incoming, by: Actor) -> bool:
    """Whether its record came meanwhile. Bytes that were refused make room for others; those held do not."""
    mine = EarlyUpload.objects.filter(uploaded_by=by.pk)
    known = mine.filter(photo_id=new.photo_id).first()
    if known and known.refused_because:
        known.delete()
    elif known and known.sha256 != new.sha256:
        raise BYTES_DIFFER()
    if known is None and _are_full(mine, new, EARLY_BY_DEVICE if by_device(by) else EARLY):
        raise TOO_MANY_EARLY()
    EarlyUpload.objects.bulk_create([new], ignore_conflicts=True)
    return _declared_meanwhile(new.photo_id, incoming, by)


def _are_full(mine: QuerySet[EarlyUpload], new: EarlyUpload, most: Early) -> bool:
    had = mine.aggregate(photos=Count("photo_id"), bytes=Sum("size"))
    return had["photos"] >= most.photos or (had["bytes"] or 0) + new.size > most.bytes


def _declared_meanwhile(photo_id: UUID, incoming: storage.Incoming, by: Actor) -> bool:
    """The record may have committed while the bytes came in: then the photo is taken now and waits for nobody."""
    photo = Photo.objects.filter(pk=photo_id, sha256=incoming.sha256, size=incoming.size).first()
    if photo:
        _take_early([photo], by)
    return photo is not None


@transaction.atomic
def join_early() -> int:
    """Joins photos and records that committed at the same instant and so did not see each other; returns how many.

    Nothing depends on it: the receipt says `missing` until then, and a phone that uploads again is answered as usual; what it had brought
    before waits for nothing any more, and no longer counts among the early ones of its person.
    """
    early = EarlyUpload.objects.filter(photo_id=OuterRef("pk"), sha256=OuterRef("sha256"), size=OuterRef("size"))
    joined = 0
    for photo in Photo.objects.filter(Exists(early), state=PhotoState.MISSING):
        for upload in EarlyUpload.objects.filter(photo_id=photo.pk, sha256=photo.sha256):
            joined += _settle(photo, upload)
            upload.delete()
    stands = Photo.objects.filter(pk=OuterRef("photo_id"), state__in=[PhotoState.HELD, PhotoState.READY, PhotoState.UNREADABLE])
    EarlyUpload.objects.filter(Exists(stands)).delete()
    return joined


# --- after the commit --------------------------------------------------------------------------------------------------------
def process(photo_id: UUID) -> str:
    """Has a stored photo decoded under the pixel limit and keeps its derivatives; safe to repeat. Returns the new state.

    Only the decoder's word of the very bytes that were acknowledged, or that it was ended by a limit, makes a photo unreadable: all else is
    raised, and tried again. Raises LookupError, STORAGE_UNAVAILABLE, and NOT_IN_STORAGE of a photo just stored.
    """
    photo = Photo.objects.filter(pk=photo_id, stored_at__isnull=False).first()
    content = _kept(photo) if photo else None
    if photo is None or content is None:
        return PhotoState.MISSING
    try:
        if is_voice(content[:HEAD]):
            return _mark_voice(photo, *voice_of(BytesIO(content)))
        seen = shown(content, words=words_of(photo), face=face())
    except Unreadable as error:  # the original stays as it is
        photo.kept_type = media_type_of(content[:HEAD])
        return _mark_processed(photo, PhotoState.UNREADABLE, error.exif, because=error.because)
    except Problem as problem:
        if not may_pass(problem):
            return _mark_processed(photo, PhotoState.UNREADABLE, Taken(), because=problem.kind.code)
        raise LookupError("nobody could look at it") from problem  # counted, unlike a storage that is away: it may be this photo's doing after all
    for size, made in seen.derivatives.items():
        storage.keep_derived(storage.derived_name(photo.sha256, size, photo.pk), ContentFile(made))
    photo.kept_type, photo.width, photo.height = seen.header.media_type, seen.header.width, seen.header.height
    return _mark_processed(photo, PhotoState.READY, seen.exif)


def _mark_voice(photo: Photo, header: Header, broken: bool) -> str:
    """Heard to its end, or damaged: then what can be heard of it is heard."""
    photo.kept_type, photo.duration_ms = header.media_type, header.duration_ms
    return _mark_processed(photo, PhotoState.UNREADABLE if broken else PhotoState.READY, Taken())


def _kept(photo: Photo) -> bytes | None:
    """Its bytes; None when they are lost, which is then said."""
    try:
        return storage.original(photo.sha256)
    except Problem as problem:
        if problem.kind is NOT_IN_STORAGE and lose(photo.sha256):
            return None
        raise


def reread(most: int = 100, *, unreadable: bool = False) -> Iterator[int]:
    """Photos stored before their types were kept are read anew, in parts, newest first; may be stopped and begun again. Says how many.

    `unreadable`: those instead that no decoder opened. Raises STORAGE_UNAVAILABLE.
    """
    which = {"state": PhotoState.UNREADABLE} if unreadable else {"kept_type__isnull": True}
    waiting = Photo.objects.filter(stored_at__isnull=False, **which).order_by("-stored_at")
    for part in in_parts(waiting.values_list("pk", flat=True), most):
        for photo_id in part:
            process(photo_id)
        yield len(part)


@transaction.atomic
def _mark_processed(photo: Photo, state: PhotoState, exif: Taken, **details: str) -> str:
    photo.state, photo.exif_taken_at = state, exif.taken_at
    photo.exif_point = Point(exif.lon, exif.lat, srid=4326) if exif.lon is not None else None
    photo.flags = flags_of(exif, _as_said(photo), scene_of(photo)) + _flags_of_bytes(photo)
    photo.save(update_fields=["state", "kept_type", "width", "height", "duration_ms", "exif_taken_at", "exif_point", "flags"])
    record(SYSTEM, f"photo.{state}", photo, **details)
    return state


def _as_said(photo: Photo) -> Taken:
    return Taken(photo.taken_at, photo.point.x, photo.point.y) if photo.point else Taken(photo.taken_at)


def _flags_of_bytes(photo: Photo) -> list[str]:
    rows = {
        Flag.LOCATION_MOCKED: Flag.LOCATION_MOCKED in photo.flags,  # said when it was declared
        Flag.TYPE_DIFFERS: types_differ(photo.media_type, photo.kept_type),
        Flag.SAME_BYTES: _marked_alike(photo),
    }
    return [word.value for word, found in rows.items() if found]


def _marked_alike(photo: Photo) -> bool:
    """Whether the same bytes stand elsewhere; what stands there is flagged too. Photos of the same bytes do this one after another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"photo {photo.sha256}"])
    alike = same_bytes(photo)
    flagged = Func(F("flags"), Value(Flag.SAME_BYTES.value), function="array_append")
    alike.exclude(flags__contains=[Flag.SAME_BYTES.value]).update(flags=flagged)
    return alike.exists()


def same_bytes(photo: Photo) -> QuerySet[Photo]:
    """Stored photos of the same bytes in another record or by another person."""
    stored = Photo.objects.filter(sha256=photo.sha256, stored_at__isnull=False)
    return stored.exclude(owner_id=photo.owner_id, declared_by=photo.declared_by)
