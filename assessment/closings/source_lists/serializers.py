"""Shapes of departments' lists and their rows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accidents.reports.serializers import MOST_PEOPLE
from assessment.closings.fields import maybe, month, month_asked, year, year_asked
from assessment.closings.source_lists.actions import MOST_ROWS
from geo.serializers import Prefix, RegionParam
from reference.terms import Category
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text, Whole


# --- in --------------------------------------------------------------------------------------------------------------
class SourceListFilters(Filters):
    year = year_asked(required=False)
    month = month_asked(required=False)
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    region = RegionParam(required=False)
    current = serializers.BooleanField(required=False, default=False, help_text="true：只列现行版")


class SourceRowShape(Shape):
    external_number = Text(min_length=1, max_length=60, help_text="对方编号，同一月内不重复")
    day = serializers.DateField()
    time = serializers.TimeField(required=False, allow_null=True, default=None)
    region = Text(min_length=1, max_length=60, help_text="乡镇或村的代码或名称")
    place = maybe(200)
    deaths = Whole(min_value=0, max_value=MOST_PEOPLE)
    serious_injuries = Whole(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_null=True, default=None)
    description = maybe(2000)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        values = super().to_internal_value(data)
        for name in ("external_number", "place", "description"):
            if values[name][:1] in ("=", "+", "@"):
                raise ValidationError({name: [ErrorDetail("不能以 =、+、@ 开头。", "bad_cell")]})
        return values


class SourceListShape(Shape):
    source = Text(max_length=40)  # type: ignore[assignment]
    year = year()
    month = month()
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    nil_return = serializers.BooleanField(required=False, default=False, help_text="零报告")
    note = maybe(500)
    rows = serializers.ListField(child=SourceRowShape(), max_length=MOST_ROWS, required=False, default=list)


class SendListFilters(Filters):
    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    year = year_asked()
    month = month_asked()
    region = Prefix()
    note = maybe(500)


# --- out -------------------------------------------------------------------------------------------------------------
class SourceListOut(Out):
    id = serializers.IntegerField()
    region = serializers.CharField(source="region_code")
    source = serializers.CharField()  # type: ignore[assignment]
    year = serializers.IntegerField()
    month = serializers.IntegerField()
    edition = serializers.IntegerField()
    nil_return = serializers.BooleanField()
    note = serializers.CharField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    by_name = serializers.CharField()


class SourceRowOut(Out):
    id = serializers.IntegerField()
    line = serializers.IntegerField()
    external_number = serializers.CharField()
    day = serializers.DateField()
    time = serializers.TimeField(allow_null=True)
    region = serializers.CharField(source="region_code")
    place = serializers.CharField()
    deaths = serializers.IntegerField()
    serious_injuries = serializers.IntegerField(allow_null=True)
    category = serializers.CharField(allow_blank=True)
    description = serializers.CharField()


class SourceListWholeOut(SourceListOut):
    rows = SourceRowOut(many=True)
