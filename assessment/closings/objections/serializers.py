"""Shapes of objections and their answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accidents.reports.serializers import DecideShape
from assessment.closings.fields import StateName, maybe, month_asked, year_asked
from assessment.closings.words import ObjectionMatter, ObjectionState
from geo.serializers import RegionParam
from safety_api.doors import Filters
from safety_api.shapes import Out, RecordId, Shape, Text, reason
from zero_accident.choices import Charged, Effect

MOST_EVIDENCE = 20


class AttributionObjectionFilters(Filters):
    region = RegionParam(required=False)
    year = year_asked(required=False)
    month = month_asked(required=False)
    state = serializers.ChoiceField(choices=ObjectionState.choices, required=False)
    about = serializers.ChoiceField(choices=ObjectionMatter.choices, required=False)
    accident = RecordId(required=False)


class AttributionObjectionShape(Shape):
    about = serializers.ChoiceField(choices=ObjectionMatter.choices)
    village = Text(max_length=12, required=False, allow_null=True, default=None)
    enterprise = RecordId(required=False, allow_null=True, default=None, help_text="单位、责任的异议必填")
    reason = reason()
    evidence = serializers.ListField(
        child=Text(min_length=1, max_length=200),
        min_length=1,
        max_length=MOST_EVIDENCE,
        help_text="证明材料的名称、文号",
    )


class RemedyShape(Shape):
    """An override without its paper: that is the answer's."""

    subject = serializers.ChoiceField(choices=Charged.choices)
    effect = serializers.ChoiceField(choices=Effect.choices)
    village = Text(max_length=12, required=False, allow_null=True, default=None)
    enterprise = RecordId(required=False, allow_null=True, default=None)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["subject"] == Charged.ACCIDENT and values["effect"] != Effect.EXCLUDE:
            raise ValidationError({"effect": [ErrorDetail("整起事故只能不计入。", "invalid")]})
        return values


class ObjectionAnswerShape(Shape):
    upheld = serializers.BooleanField()
    answer = Text(min_length=1, max_length=2000)
    document = maybe(200)
    approved_by = maybe(100)
    override = RemedyShape(required=False, allow_null=True, default=None)
    decide = DecideShape(required=False, allow_null=True, default=None)


class AttributionObjectionOut(Out, StateName):
    id = serializers.IntegerField()
    accident = serializers.UUIDField(source="accident_id")
    occurred_on = serializers.DateField()
    region = serializers.CharField(source="region_code", help_text="提出异议的乡镇")
    about = serializers.ChoiceField(choices=ObjectionMatter.choices)
    about_name = serializers.CharField(source="get_about_display")
    village = serializers.CharField(allow_blank=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    reason = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=ObjectionState.choices)
    made_at = serializers.DateTimeField()
    by_name = serializers.CharField()
    answer = serializers.CharField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    remedy = serializers.JSONField(help_text="异议成立时所作的更正")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_name = serializers.CharField()
