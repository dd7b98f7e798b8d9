"""Shapes of legs, reminders and of who was notified when."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accidents.choices import (
    LEG_ENDS,
    LegState,
)
from geo.serializers import RegionParam
from reference.terms import (
    AccidentKind,
    Channel,
    Grade,
    ReportLevel,
    Stage,
)
from safety_api.doors import Filters
from safety_api.shapes import Moment, RecordId, Shape, Text, Whole, reason


class LegReceiptOut(serializers.Serializer):
    received_at = serializers.DateTimeField()
    person = serializers.CharField()
    by_name = serializers.CharField()
    by_role = serializers.CharField()


class LegReminderOut(serializers.Serializer):
    stage = serializers.ChoiceField(choices=Stage.choices)
    made_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    seen_name = serializers.CharField()


class LegOut(serializers.Serializer):
    """`shown_state` and `minutes_left` are of the moment of the answer (clock.shown)."""

    id = serializers.IntegerField()
    code = serializers.CharField(help_text="报告时限的条目；L 开头为地方加严，S1、S2 为统计录入和补齐，只作提醒")
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    level_name = serializers.CharField(source="get_level_display")
    to = serializers.CharField()
    to_name = serializers.CharField(source="get_to_display")
    warning = serializers.BooleanField(help_text="只作提醒，不计迟报")
    wanted = serializers.CharField(help_text="要求的方式；空为不限")
    presumed = serializers.BooleanField(help_text="无人说明知悉时间，按事故发生时间推定")
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    channel = serializers.CharField()
    told_to = serializers.CharField()
    state = serializers.ChoiceField(choices=LegState.choices, source="shown_state")
    late = serializers.BooleanField(allow_null=True, help_text="恰好等于时限为按时；尚未上报为 null")
    minutes_late = serializers.IntegerField(allow_null=True)
    minutes_left = serializers.IntegerField(allow_null=True, help_text="距时限的整分钟，负数为已超；已报为 null")
    by_name = serializers.CharField()
    note = serializers.CharField()
    void_reason = serializers.CharField()
    receipts = LegReceiptOut(source="shown_receipts", many=True)
    reminders = LegReminderOut(source="shown_reminders", many=True)


# --- legs ------------------------------------------------------------------------------------------------------------
class LegSendShape(Shape):
    channel = serializers.ChoiceField(choices=Channel.choices)
    sent_at = Moment(required=False, allow_null=True, default=None, help_text="不写为现在")
    told_to = Text(max_length=60, required=False, allow_blank=True, default="", help_text="对方接报人")
    note = Text(max_length=200, required=False, allow_blank=True, default="")
    reason = Text(max_length=1000, required=False, allow_blank=True, default="", help_text="更正已登记的，须写明")


class LegReceiveShape(Shape):
    received_at = Moment(required=False, allow_null=True, default=None, help_text="不写为现在")
    person = Text(max_length=60, required=False, allow_blank=True, default="", help_text="代上级登记的，写签收人")


class LevelNotifiedShape(Shape):
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    at = Moment()
    reason = reason()


class RescueEndedShape(Shape):
    at = Moment()
    note = Text(max_length=1000, required=False, allow_blank=True, default="")


class DueLegOut(LegOut):
    """A leg with what it is about."""

    accident = serializers.UUIDField(source="accident_id")
    kind = serializers.ChoiceField(choices=AccidentKind.choices, source="accident.kind")
    occurred_at = serializers.DateTimeField(source="accident.occurred_at")
    region = serializers.CharField(source="accident.region_code")
    place = serializers.CharField(source="accident.place")
    description = serializers.CharField(source="accident.description")
    grade = serializers.SerializerMethodField()
    deaths = serializers.IntegerField(source="accident.deaths")
    missing = serializers.IntegerField(source="accident.missing")

    @extend_schema_field(serializers.ChoiceField(choices=Grade.choices, allow_null=True))
    def get_grade(self, leg: Any) -> str | None:
        return leg.accident.grade or None


DUE = (("open", "待报"), ("soon", "临近时限"), ("overdue", "超时未报"), ("all", "全部"))


class LegFilters(Filters):
    due = serializers.ChoiceField(choices=DUE, required=False, default="open", help_text="不写为全部待报")
    within = Whole(min_value=1, max_value=1440, required=False, default=30)
    level = serializers.ChoiceField(choices=ReportLevel.choices, required=False, default=None)
    to = serializers.ChoiceField(choices=LEG_ENDS, required=False, default=None)
    warning = serializers.BooleanField(required=False, allow_null=True, default=None)
    region = RegionParam(required=False)
    accident = RecordId(required=False, default=None)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        within = data.get("within")
        if isinstance(within, str):
            data = {**data, "within": int(within) if within.isdecimal() and len(within) < 6 else within}
        return super().to_internal_value(data)


class ReportReminderOut(serializers.Serializer):
    id = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    stage_name = serializers.CharField()
    made_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    seen_name = serializers.CharField()
    accident = serializers.UUIDField(source="leg.accident_id")
    leg = serializers.IntegerField(source="leg.pk")
    code = serializers.CharField(source="leg.code")
    level_name = serializers.CharField(source="leg.get_level_display")
    to_name = serializers.CharField(source="leg.get_to_display")
    due_at = serializers.DateTimeField(source="leg.due_at")
    sent_at = serializers.DateTimeField(source="leg.sent_at", allow_null=True)


class ReportReminderFilters(Filters):
    unseen = serializers.BooleanField(required=False, default=False)
