"""Shapes of targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from geo.codes import is_code, prefix_of, whole
from geo.serializers import Prefix
from reference.terms import Subject
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text, Whole, Year, paper


class TargetPercent(serializers.DecimalField):
    """Text, with at most two decimals: "87.50". A JSON number is refused, for it may have passed through a float."""

    default_error_messages = {"text": '百分比应为文字，例如 "87.50"。'}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"max_digits": 5, "decimal_places": 2, "min_value": Decimal("0.01"), "max_value": 100, **options}
        )

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("text")
        return super().to_internal_value(data)


class PlaceCode(Text):
    """6, 9 or 12 digits of a county or township."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if len(text) not in (6, 9, 12) or not is_code(whole(text)) or len(prefix_of(whole(text))) not in (6, 9):
            raise ValidationError([ErrorDetail("应为县或乡镇的代码。", "unknown_region")])
        return whole(text)


class TargetShape(Shape):
    year = Whole(min_value=2021, max_value=2200)
    region = PlaceCode(max_length=12)
    subject = serializers.ChoiceField(choices=Subject.choices)
    percent = TargetPercent(help_text="目标，百分之几；达到即达标（含本数）")
    document = paper(200)
    approved_by = paper(100)


class TargetFilters(Filters):
    year = Year()
    region = Prefix()


class TargetOut(Out):
    year = serializers.IntegerField()
    region = serializers.CharField(source="region_code")
    subject = serializers.ChoiceField(choices=Subject.choices)
    percent = serializers.SerializerMethodField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    by_name = serializers.CharField()
    known_from = serializers.DateTimeField(help_text="登记时间")

    @extend_schema_field(serializers.CharField(help_text="百分之几，两位小数"))
    def get_percent(self, row: Any) -> str:
        return f"{row.percent:.2f}"
