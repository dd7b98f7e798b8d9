"""Shapes of photos: the manifest a phone declares, and what we answer."""

from __future__ import annotations

import re

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.links import SIZES, link
from evidence.models import Photo, PhotoState
from evidence.rules import MEDIA_TYPES
from geo.serializers import PointIn, PointOut
from safety_api.shapes import Moment, Out, Shape, Whole

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


class PhotoShape(Shape):
    id = serializers.UUIDField()
    sha256 = Sha256()
    size = Whole(min_value=1, max_value=200 * 1024 * 1024)
    media_type = serializers.ChoiceField(choices=MEDIA_TYPES)
    taken_at = Moment(required=False, allow_null=True, default=None)
    location = PointIn(required=False, allow_null=True, default=None)


class PhotoOut(Out):
    id = serializers.UUIDField()
    owner_kind = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id")
    subjects = serializers.ListField(child=serializers.UUIDField())
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    state = serializers.ChoiceField(choices=PhotoState.choices)
    taken_at = serializers.DateTimeField(allow_null=True)
    stored_at = serializers.DateTimeField(allow_null=True)
    location = PointOut(source="point", allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    exif_taken_at = serializers.DateTimeField(allow_null=True)
    exif_location = PointOut(source="exif_point", allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    links = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField(allow_null=True)))
    def get_links(self, photo: Photo) -> dict[str, str | None]:
        """Addresses good for five minutes; null while there is nothing to show."""
        return {size: link(photo, size) for size in SIZES}


class PhotoStateOut(Out):
    id = serializers.UUIDField()
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(choices=PhotoState.choices)
