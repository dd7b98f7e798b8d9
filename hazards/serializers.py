"""Shapes of hazards."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.serializers import MOST_PHOTOS, PhotoShape, PhotoStateOut
from geo.serializers import BboxParam, CrsParam, PlaceOut, PointIn, RegionParam
from hazards.models import Hazard
from hazards.rules import is_overdue
from hazards.states import Level, Origin, State
from reference.serializers import SectorParam
from safety_api.doors import Filters
from safety_api.shapes import Moment, Out, Shape, Text

STATE_NAMES = dict(State.choices)


class HazardChoice(Filters):
    """What a list and a map have in common."""

    state = serializers.ChoiceField(choices=State.choices, required=False)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    sector = SectorParam(required=False)
    region = RegionParam(required=False)
    q = Text(max_length=60, required=False)
    listed = serializers.BooleanField(required=False, allow_null=True, default=None)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)
    enterprise = serializers.UUIDField(required=False)


class HazardFilters(HazardChoice):
    bbox = BboxParam(required=False)
    crs = CrsParam()


class HazardShape(Shape):
    """A hazard found outside a visit."""

    enterprise = serializers.UUIDField(required=False, allow_null=True, default=None)
    site = serializers.UUIDField(required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, allow_null=True, allow_blank=True, default="")
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    sector = serializers.CharField(max_length=30, required=False, allow_null=True, default=None)
    item = Text(max_length=20, required=False, allow_null=True, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=Level.choices, default=Level.GENERAL)
    description = Text(min_length=1, max_length=2000)
    standard_clause = Text(max_length=200, required=False, allow_blank=True, default="")
    judged_by_expert = Text(max_length=1000, required=False, allow_blank=True, default="")
    found_at = Moment()
    deadline = serializers.DateField(required=False, allow_null=True, default=None)
    location = PointIn(required=False, allow_null=True, default=None)
    recurrence_of = serializers.UUIDField(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS, required=False, default=list)
    device = serializers.JSONField(required=False, default=dict)


class NoteShape(Shape):
    note = Text(min_length=1, max_length=2000)


class ConfirmShape(Shape):
    level = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True, default=None)
    standard_clause = Text(max_length=200, required=False, allow_blank=True, default="")
    judged_by_expert = Text(max_length=1000, required=False, allow_blank=True, default="")
    deadline = serializers.DateField(required=False, allow_null=True, default=None)
    note = Text(max_length=2000, required=False, allow_blank=True, default="")


class CloseOnSpotShape(Shape):
    photos = serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS)
    note = Text(max_length=2000, required=False, allow_blank=True, default="")


class HazardOut(Out):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=State.choices)
    state_name = serializers.SerializerMethodField()
    level = serializers.ChoiceField(choices=Level.choices)
    origin = serializers.ChoiceField(choices=Origin.choices)
    sector = serializers.CharField(source="sector_id")
    department = serializers.CharField(source="department_id", allow_null=True)
    region = serializers.CharField(source="region_code")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.SerializerMethodField()
    site = serializers.UUIDField(source="site_id", allow_null=True)
    place = serializers.CharField()
    inspection = serializers.UUIDField(source="inspection_id", allow_null=True)
    item = serializers.CharField()
    description = serializers.CharField()
    standard_clause = serializers.CharField()
    judged_by_expert = serializers.CharField()
    location = PlaceOut()
    reported_by = serializers.UUIDField()
    reporter_name = serializers.CharField()
    found_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    deadline = serializers.DateField(source="due_on", allow_null=True)
    overdue = serializers.SerializerMethodField()
    closed_on = serializers.DateField(allow_null=True)
    recurrence_of = serializers.UUIDField(source="recurrence_of_id", allow_null=True)
    repeat = serializers.SerializerMethodField()
    listed = serializers.CharField(source="listed_level", help_text="挂牌级别：county city province，空为未挂牌")
    production_stopped = serializers.BooleanField()
    is_demo = serializers.BooleanField(help_text="演示数据")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_enterprise_name(self, hazard: Any):
        if hasattr(hazard, "enterprise_name"):
            return hazard.enterprise_name  # a row of a list
        return hazard.enterprise.name if hazard.enterprise else None

    def get_overdue(self, hazard: Hazard) -> bool:
        return is_overdue(hazard, on=self.context["today"])

    def get_state_name(self, hazard: Hazard) -> str:
        return STATE_NAMES[hazard.state]

    def get_repeat(self, hazard: Hazard) -> bool:
        return hazard.recurrence_of_id is not None


class HazardPutOut(HazardOut):
    warnings = serializers.ListField(child=serializers.CharField())
    content_sha256 = serializers.CharField()
    photos = PhotoStateOut(many=True)


class HazardStepOut(Out):
    step = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by_id", allow_null=True)
    by_name = serializers.CharField()
    by_role = serializers.CharField()
    deadline = serializers.DateField(source="due_on", allow_null=True)
    note = serializers.CharField()
