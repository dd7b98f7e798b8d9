"""What several registers' shapes have in common."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from geo.serializers import RegionParam
from reference.serializers import DepartmentParam, SectorParam
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, WaitingFor, flag
from safety_api.problems import IN_FUTURE
from safety_api.shapes import Out, RecordId, Shape, Text


class PastDay(serializers.DateField):
    """A day in Asia/Shanghai that has come; today when it is not said."""

    def __init__(self, **options: Any) -> None:
        given = {} if options.get("required") else {"default": timezone.localdate}
        super().__init__(**{**given, **options})

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if day > timezone.localdate():
            raise serializers.ValidationError(IN_FUTURE.sentence(), code=IN_FUTURE.code)
        return day


def words(most: int = 2000) -> Text:
    return Text(min_length=1, max_length=most)


def maybe(most: int = 2000, **options: Any) -> Text:
    return Text(max_length=most, required=False, allow_blank=True, default="", **options)


def key(**options: Any) -> serializers.UUIDField:
    return RecordId(required=False, allow_null=True, default=None, **options)


class EntryFilters(Filters):
    sector = SectorParam(required=False)
    region = RegionParam(required=False)
    department = DepartmentParam(required=False)
    enterprise = RecordId(required=False)
    mine = flag("true：本人登记的")
    created_since = DayOrMoment(help_text="登记不早于")
    created_before = DayOrMoment(help_text="登记早于")


class QueueFilters(EntryFilters):
    """Of a register whose rows have states."""

    open = flag("true：尚未了结的")
    waiting_for = WaitingFor()


class EntryOut(Out):
    id = serializers.UUIDField()
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    department = serializers.CharField(source="department_id", allow_null=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by_name = serializers.CharField()
    is_demo = serializers.BooleanField(help_text="演示数据")


class OfHazardOut(EntryOut):
    hazard = serializers.UUIDField(source="hazard_id", allow_null=True)
    hazard_description = serializers.CharField(allow_null=True)


class NamedState(serializers.Serializer):
    """Adds the Chinese word of the state."""

    state_name = serializers.SerializerMethodField()

    def get_state_name(self, row: Any) -> str:
        return row.get_state_display()


class NoteOnDay(Shape):
    on = PastDay()
    note = words()


class MaybeNoteOnDay(Shape):
    on = PastDay()
    note = maybe()


class PublicationShape(Shape):
    on = PastDay()
    where = words(200)


class AboutShape(Shape):
    """Whom a record is about: a unit, or a sector and a region when there is none."""

    enterprise = key()
    sector = SectorParam(required=False, allow_null=True, default=None)
    region = RegionParam(required=False, allow_null=True, default=None)
    department = DepartmentParam(required=False, allow_null=True, default=None)


__all__ = [
    "AboutShape",
    "DepartmentParam",
    "EntryFilters",
    "EntryOut",
    "MaybeNoteOnDay",
    "NamedState",
    "NoteOnDay",
    "OfHazardOut",
    "PastDay",
    "PublicationShape",
    "QueueFilters",
    "key",
    "maybe",
    "words",
]  # fmt: skip
