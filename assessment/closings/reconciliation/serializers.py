"""Shapes of differences and of what is decided about them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accidents.reports.serializers import MOST_UNITS, UnitShape
from assessment.closings.fields import maybe, month, month_asked, year, year_asked
from assessment.closings.source_lists.serializers import SourceListOut, SourceRowOut
from assessment.closings.words import DifferenceKind, SettlementKind
from geo.serializers import Prefix
from reference.terms import Category, Nature
from safety_api.doors import Filters
from safety_api.shapes import Out, RecordId, Shape, Text, reason


# --- differences -----------------------------------------------------------------------------------------------------
class DifferenceFilters(Filters):
    year = year_asked()
    month = month_asked()
    region = Prefix()
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    state = serializers.ChoiceField(
        choices=[("open", "待处理"), ("settled", "已处理"), ("all", "全部")], required=False, default="open"
    )


class MissingListOut(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    name = serializers.CharField()
    month = serializers.IntegerField()


class OurAccidentOut(serializers.Serializer):
    accident = serializers.UUIDField()
    day = serializers.DateField()
    region = serializers.CharField()
    region_name = serializers.CharField()
    deaths = serializers.IntegerField()
    serious_injuries = serializers.IntegerField()
    category = serializers.CharField(allow_blank=True)
    sector = serializers.CharField(allow_blank=True)
    gone = serializers.CharField(allow_blank=True, help_text="不再计入的原因")


class FieldDifferenceOut(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    theirs = serializers.JSONField()
    ours = serializers.JSONField()


class MatchProposalOut(serializers.Serializer):
    accident = serializers.UUIDField()
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class SettlementOut(Out):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SettlementKind.choices)
    kind_name = serializers.CharField(source="get_kind_display")
    external_number = serializers.CharField()
    accident = serializers.UUIDField(source="accident_id", allow_null=True)
    accepted = serializers.BooleanField(help_text="差异已说明")
    reason = serializers.CharField()
    by_name = serializers.CharField()
    made_at = serializers.DateTimeField()


class DifferenceOut(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    month = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=DifferenceKind.choices)
    kind_name = serializers.CharField()
    settled = serializers.BooleanField()
    row = SourceRowOut(allow_null=True)
    accident = OurAccidentOut(allow_null=True)
    fields = FieldDifferenceOut(many=True)  # type: ignore[assignment]
    proposals = MatchProposalOut(many=True)
    settlement = SettlementOut(allow_null=True)


class DifferencesOut(serializers.Serializer):
    region = serializers.CharField()
    year = serializers.IntegerField()
    month = serializers.IntegerField()
    missing = MissingListOut(many=True, help_text="未交的部门月报")
    lists = SourceListOut(many=True, help_text="现行各版")
    open = serializers.IntegerField(help_text="待处理的差异")
    rows = DifferenceOut(many=True)


# --- decisions -------------------------------------------------------------------------------------------------------
class MatchShape(Shape):
    accident = RecordId()
    reason = maybe(1000, help_text="两边数字不同而仍是同一起的，可一并说明")


class CreateFromRowShape(Shape):
    """What their list does not say."""

    region = Text(max_length=12, required=False, allow_null=True, default=None, help_text="村；不写为月报所写的地区")
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_null=True, default=None)
    nature = serializers.ChoiceField(choices=Nature.choices, required=False, allow_null=True, default=None)
    sector = Text(max_length=30, required=False, allow_null=True, default=None)
    on_trunk_road = serializers.BooleanField(required=False, default=False)
    units = serializers.ListField(child=UnitShape(), max_length=MOST_UNITS, required=False, default=list)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        values = super().to_internal_value(data)
        values["units"] = [{**each, "enterprise": str(each["enterprise"])} for each in values["units"]]
        return values


class ExplainShape(Shape):
    source = Text(max_length=40)  # type: ignore[assignment]
    year = year()
    month = month()
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    accident = RecordId()
    reason = reason()
