"""Shapes of approved changes and of breaks, as an accident shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from reference.terms import Subject
from safety_api.shapes import PaperShape, RecordId, Text
from zero_accident.choices import Charged, Effect
from zero_accident.policies.serializers import PolicyLineOut


class OverrideShape(PaperShape):
    subject = serializers.ChoiceField(choices=Charged.choices)
    effect = serializers.ChoiceField(choices=Effect.choices)
    village = Text(max_length=12, required=False, allow_null=True, default=None)
    enterprise = RecordId(required=False, allow_null=True, default=None)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["subject"] == Charged.ACCIDENT and fields["effect"] != Effect.EXCLUDE:
            raise ValidationError({"effect": [ErrorDetail("整起事故只能不计入。", "invalid")]})
        for name, subject in (("village", Charged.VILLAGE), ("enterprise", Charged.UNIT)):
            if fields[name] is not None and fields["subject"] != subject:
                raise ValidationError({name: [ErrorDetail("与认定对象不符。", "invalid")]})
        return fields


class OverrideOut(serializers.Serializer):
    subject = serializers.ChoiceField(choices=Charged.choices)
    village = serializers.CharField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    effect = serializers.ChoiceField(choices=Effect.choices)
    reason = serializers.CharField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    on = serializers.DateField(source="held_on")


class BreakOut(serializers.Serializer):
    policy = serializers.CharField()
    kind = serializers.SerializerMethodField()
    village = serializers.CharField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    line = serializers.CharField(help_text="口径条目")
    attribution = serializers.CharField()
    sentence = serializers.CharField(source="reason")
    provisional = serializers.BooleanField()
    parameter = PolicyLineOut(source="shown_parameter", allow_null=True, help_text="条目在口径中的原文")

    @extend_schema_field(serializers.ChoiceField(choices=Subject.choices))
    def get_kind(self, each: Any) -> str:
        return Subject.VILLAGE if each.village else Subject.UNIT
