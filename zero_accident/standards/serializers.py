"""Shapes of the nine creation standards and of targets."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from geo.serializers import Prefix
from reference.terms import Standard, Subject
from safety_api.doors import Filters
from safety_api.shapes import Out, PastDay, RecordId, Shape, Text, Whole, Year

MOST_SUBJECTS = 500


class StandardParam(serializers.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Standard.choices, **options)

    def to_internal_value(self, data: Any) -> str:
        if data not in Standard.values:
            raise ValidationError([ErrorDetail("没有这一项创建标准。", "unknown_standard")])
        return str(data)


class StandardResultShape(Shape):
    standard = StandardParam()
    passed = serializers.BooleanField()
    reason = Text(max_length=1000, required=False, allow_blank=True, default="", help_text="未通过的必填")


class StandardsShape(Shape):
    """What was found of one subject, or of many alike."""

    year = Whole(min_value=2021, max_value=2200, help_text="评定的年度")
    held_on = PastDay(
        required=False, allow_null=True, default=None, help_text="评定日；不写为今天，年度结束后评定的也写实际日期"
    )
    villages = serializers.ListField(
        child=Text(min_length=12, max_length=12), max_length=MOST_SUBJECTS, required=False, default=list,
        help_text="村（社区）代码",
    )  # fmt: skip
    enterprises = serializers.ListField(child=RecordId(), max_length=MOST_SUBJECTS, required=False, default=list)
    results = serializers.ListField(child=StandardResultShape(), min_length=1, max_length=len(Standard))
    document = Text(max_length=200, required=False, allow_blank=True, default="", help_text="依据的文书或材料")

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if not fields["villages"] and not fields["enterprises"]:
            raise ValidationError([ErrorDetail("请写明评定的村或单位。", "nobody_named")])
        return fields


# --- asked for -------------------------------------------------------------------------------------------------------
class StandardsFilters(Filters):
    year = Year()
    region = Prefix()
    subject = serializers.ChoiceField(choices=Subject.choices, required=False, default=None)
    village = Text(max_length=12, required=False, default=None)
    enterprise = RecordId(required=False, default=None)
    accepted = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="九项是否全部通过")


# --- out -------------------------------------------------------------------------------------------------------------
class StandardMarkOut(Out):
    standard = serializers.ChoiceField(choices=Standard.choices)
    name = serializers.CharField(source="get_standard_display")
    passed = serializers.BooleanField()
    reason = serializers.CharField()
    held_on = serializers.DateField()
    document = serializers.CharField()
    by_name = serializers.CharField()
    known_from = serializers.DateTimeField(help_text="登记时间")


class StandardSheetOut(Out):
    subject = serializers.ChoiceField(choices=Subject.choices)
    year = serializers.IntegerField()
    region = serializers.CharField(help_text="村代码；单位的为其所在村")
    region_name = serializers.CharField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    name = serializers.CharField()
    accepted = serializers.BooleanField(help_text="九项全部通过")
    missing = serializers.ListField(child=serializers.ChoiceField(choices=Standard.choices))
    marks = serializers.SerializerMethodField()

    @extend_schema_field(StandardMarkOut(many=True))
    def get_marks(self, sheet: Any) -> list[dict[str, Any]]:
        return [StandardMarkOut().to_representation(mark) for mark in sheet.shown_marks]


class AssessedOut(Out):
    new_marks = serializers.IntegerField(help_text="新登记的评定数；0：与已登记的相同")
    sheets = serializers.SerializerMethodField()

    @extend_schema_field(StandardSheetOut(many=True))
    def get_sheets(self, found: Any) -> list[dict[str, Any]]:
        shape = StandardSheetOut()
        return [shape.to_representation(sheet) for sheet in found["sheets"]]
