"""A record's photos as those see them who must judge it: which there are, whether they came, what each shows, when and by whom it was taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.models import Photo, PhotoState
from evidence.serializers import PhotoStateOut
from safety_api.shapes import Out


class Shows(TextChoices):
    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"
    REVIEW = "review", "复查时仍存在"
    SCENE = "scene", "现场"


SHOWS = dict(Shows.choices)
STATES = dict(PhotoState.choices)


class ShownPhotoOut(PhotoStateOut):
    shows = serializers.ChoiceField(
        choices=Shows.choices, help_text="before 整改前 after 整改后 review 复查时仍存在 scene 现场"
    )
    taken_at = serializers.DateTimeField(allow_null=True)
    by = serializers.UUIDField(source="declared_by")
    by_name = serializers.CharField(allow_null=True)


class PhotoSubjectOut(Out):
    hazard = serializers.UUIDField()
    shows = serializers.ChoiceField(choices=Shows.choices)


class PhotoOfVisitOut(ShownPhotoOut):
    hazards = serializers.SerializerMethodField(help_text="照的是哪些隐患；空为现场")

    @extend_schema_field(PhotoSubjectOut(many=True))
    def get_hazards(self, photo: Any) -> list[dict[str, Any]]:
        return photo.hazards


def of_scene(kind: str, key: UUID) -> list[Photo]:
    """The photos of a record, all of which are of what happened there. One query."""
    photos: list[Any] = list(Photo.objects.of(kind, key).as_entered().with_names())
    for photo in photos:
        photo.shows = Shows.SCENE
    return photos


# --- lists -------------------------------------------------------------------------------------------------------------
def complete_param() -> serializers.BooleanField:
    return serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="false 为尚有照片未到的，true 为申报的照片均已收到（或没有照片）",
    )


def completed(rows: QuerySet, kind: str, complete: bool | None) -> QuerySet:
    """Rows all of whose photos came, or those that still wait for some: their own, and of hazards also those of visits that show them.
    `None`: all rows."""
    if complete is None:
        return rows
    missing = Photo.objects.missing()
    waiting = Q(pk__in=missing.filter(owner_kind=kind).values("owner_id"))
    if kind == "hazard":
        waiting |= Q(pk__in=missing.subject_keys())
    return rows.filter(~waiting if complete else waiting)
