"""Shapes of photos: the manifest a phone declares, and what we answer."""

from __future__ import annotations

import re

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.links import SIZES, link
from evidence.models import Photo, PhotoState
from evidence.rules import Flag, believed
from geo.serializers import PointIn, PointOut
from safety_api.problems import PHOTO_TOO_LARGE, TOO_MANY_PIXELS
from safety_api.shapes import FieldMoment, Out, RecordId, Shape, Whole, reason

SHA256 = re.compile(r"[0-9a-f]{64}\Z")
MOST_PHOTOS = 100  # a record's manifest


class Sha256(serializers.CharField):
    default_error_messages = {"sha256": "应为 64 位小写十六进制的 SHA-256。"}

    def __init__(self, **options):
        super().__init__(**{"min_length": 64, "max_length": 64, **options})

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str) or not SHA256.match(data):
            self.fail("sha256")
        return data


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": settings.PHOTO_MAX_BYTES})
class PhotoSize(Whole):
    """Bytes, as many as the door of the bytes takes."""

    def to_internal_value(self, data) -> int:
        size = super().to_internal_value(data)
        if size > settings.PHOTO_MAX_BYTES:
            most = settings.PHOTO_MAX_BYTES // 1024 // 1024
            raise serializers.ValidationError(PHOTO_TOO_LARGE.sentence(most=most), PHOTO_TOO_LARGE.code)
        return size


@extend_schema_field({"type": "string", "description": "手机认为的类型；以收到的内容为准，不一致只作提示"})
class BelievedType(serializers.Field):
    """Anything: what the bytes are is seen when they come."""

    def to_internal_value(self, data) -> str:
        return believed(data)


class PhotoShape(Shape):
    id = RecordId()
    sha256 = Sha256()
    size = PhotoSize(min_value=1)
    width = Whole(min_value=1, max_value=1_000_000, required=False, allow_null=True, default=None)
    height = Whole(min_value=1, max_value=1_000_000, required=False, allow_null=True, default=None)
    media_type = BelievedType(required=False, allow_null=True, default="")
    taken_at = FieldMoment(required=False, allow_null=True, default=None)
    location = PointIn(required=False, allow_null=True, default=None)

    def validate(self, photo):
        pixels = (photo["width"] or 0) * (photo["height"] or 0)
        if pixels > settings.PHOTO_MAX_PIXELS:
            millions, most = pixels // 1_000_000, settings.PHOTO_MAX_PIXELS // 1_000_000
            said = TOO_MANY_PIXELS.sentence(millions=millions, most=most)
            raise serializers.ValidationError({"width": serializers.ErrorDetail(said, TOO_MANY_PIXELS.code)})
        return photo


class GiveUpShape(Shape):
    reason = reason()


class FlagOut(Out):
    code = serializers.ChoiceField(choices=Flag.choices)
    detail = serializers.CharField()


@extend_schema_field(FlagOut(many=True))
class FlagsField(serializers.Field):
    """The words of `flags` with their sentences."""

    def to_representation(self, words) -> list[dict[str, str]]:
        return [{"code": word, "detail": Flag(word).label} for word in words]


class SameBytesOut(Out):
    id = serializers.UUIDField()
    owner_kind = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id")
    by = serializers.UUIDField(source="declared_by")


class PhotoOut(Out):
    id = serializers.UUIDField()
    owner_kind = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id")
    subjects = serializers.ListField(child=serializers.UUIDField())
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField(help_text="手机申报的类型")
    kept_type = serializers.CharField(allow_null=True, help_text="收到的内容实际的类型")
    state = serializers.ChoiceField(choices=PhotoState.choices)
    refused_because = serializers.CharField(allow_null=True, help_text="state 为 refused 时：不能收存的原因，不必再传")
    taken_at = serializers.DateTimeField(allow_null=True)
    stored_at = serializers.DateTimeField(allow_null=True)
    lost_at = serializers.DateTimeField(allow_null=True, help_text="曾经收到而存储中已找不到：state 又是 missing，请重新上传")
    location = PointOut(source="point", allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True, help_text="语音的时长（毫秒），照片为空")
    exif_taken_at = serializers.DateTimeField(allow_null=True)
    exif_location = PointOut(source="exif_point", allow_null=True)
    flags = serializers.ListField(child=serializers.ChoiceField(choices=Flag.choices))
    remarks = FlagsField(source="flags")
    same_bytes_in = SameBytesOut(many=True)
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField(allow_null=True)))
    def get_links(self, photo: Photo) -> dict[str, str | None]:
        """Addresses good for five minutes, while this sign-in lasts; null while there is nothing to show."""
        return {size: link(photo, size, self.context["ticket"]) for size in SIZES}


class PhotoStateOut(Out):
    id = serializers.UUIDField()
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=PhotoState.choices)
    refused_because = serializers.CharField(allow_null=True)
