"""Fields and shapes that the doors of closings share: years and months, a reason, nothing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from safety_api.shapes import Shape, Text, Whole, reason

FIRST_YEAR, LAST_YEAR = 2021, 2100  # the policy begins with 2021


def year(**options: Any) -> Whole:
    return Whole(min_value=FIRST_YEAR, max_value=LAST_YEAR, **options)


def month(least: int = 1, **options: Any) -> Whole:
    return Whole(min_value=least, max_value=12, **options)


def year_asked(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, **options)


def month_asked(least: int = 1, **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=12, **options)


def maybe(most: int, **options: Any) -> Text:
    return Text(max_length=most, required=False, allow_blank=True, default="", **options)


class StateName(serializers.Serializer):
    state_name = serializers.SerializerMethodField()

    def get_state_name(self, row: Any) -> str:
        return row.get_state_display()


class NothingShape(Shape):
    """No body is needed."""


class ReasonShape(Shape):
    reason = reason()


def example(name: str, body: dict[str, Any]) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]
