"""Shapes of messages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from inbox.kinds import KINDS
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment
from safety_api.shapes import Out, RecordId, Shape, Text


class InboxFilters(Filters):
    kind = Text(max_length=40, required=False, help_text="种类，见 kind；不认识的没有结果")
    about = RecordId(required=False, help_text="只看一件事项（如一条隐患）的")
    unseen = serializers.BooleanField(required=False, default=False, help_text="只看本人未阅的")
    done = serializers.BooleanField(required=False, default=False, help_text="已办结的；不写为未办结的")
    since = DayOrMoment(help_text="此时以后生成的")


class SeenShape(Shape):
    messages = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=200)


class AboutOut(serializers.Serializer):
    kind = serializers.CharField(help_text="如 hazard、accident、handover")
    id = serializers.UUIDField(allow_null=True)


class MessageOut(Out):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    kind_name = serializers.SerializerMethodField()
    sentence = serializers.CharField()
    about = serializers.SerializerMethodField(help_text="哪一件事项；没有单一事项的为空")
    day = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id", allow_null=True)
    department = serializers.CharField(source="department_id", allow_null=True)
    enterprise = serializers.UUIDField(allow_null=True)
    made_at = serializers.DateTimeField()
    seen = serializers.BooleanField(help_text="本人已阅")
    done_at = serializers.DateTimeField(
        allow_null=True, help_text="事项办结、有了更新的提醒，或告知类消息已由本人（本岗位）阅知"
    )

    def get_kind_name(self, row: Any) -> str:
        kind = KINDS.get(row.kind)
        return kind.label if kind else row.kind

    @extend_schema_field(AboutOut(allow_null=True))
    def get_about(self, row: Any) -> dict[str, Any] | None:
        return {"kind": row.about_kind, "id": row.about} if row.about_kind else None


class InboxCountOut(serializers.Serializer):
    unseen = serializers.IntegerField(help_text="未办结且本人未阅的条数，最多数到 100")
    more = serializers.BooleanField(help_text="多于 100 条")
