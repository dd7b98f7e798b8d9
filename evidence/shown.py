"""A record's photos as those see them who must judge it: which there are, whether they came, what each shows, when and by whom it was taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.models import Photo, PhotoState
from evidence.querysets import PhotoQuerySet
from evidence.rules import Flag
from evidence.serializers import FlagsField, PhotoStateOut
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
    kept_type = serializers.CharField(allow_null=True, help_text="收到的内容实际的类型；audio/… 为语音，没有缩略图")
    duration_ms = serializers.IntegerField(allow_null=True, help_text="语音的时长（毫秒），照片为空")
    by = serializers.UUIDField(source="declared_by")
    by_name = serializers.CharField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True, help_text="曾经收到而存储中已找不到")
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    remarks = FlagsField(source="flags")


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
    waiting = _with_any_of(Photo.objects.missing(), kind)
    return rows.filter(~waiting if complete else waiting)


def photo_flag_param() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Flag.choices, required=False, default=None, help_text="有照片带此提示的")


def flagged(rows: QuerySet, kind: str, flag: str | None) -> QuerySet:
    """Rows of whose photos one has this flag, of hazards also by those of visits that show them. `None`: all rows."""
    return rows.filter(_with_any_of(Photo.objects.flagged(flag), kind)) if flag else rows


def _with_any_of(photos: PhotoQuerySet, kind: str) -> Q:
    own = Q(pk__in=photos.filter(owner_kind=kind).values("owner_id"))
    return own | Q(pk__in=photos.subject_keys()) if kind == "hazard" else own
