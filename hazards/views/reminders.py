"""Doors of reminders: what I am reminded of, by my post, and that I have seen it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from hazards.actions.clocks import mark_seen
from hazards.clocks import wording
from hazards.models import Reminder
from hazards.states import State
from reference.terms import HazardLevel, Rung
from safety_api.doors import Door, Filters
from safety_api.shapes import Out, Text

STATE_NAMES = dict(State.choices)


class ReminderFilters(Filters):
    kind = Text(
        max_length=40, required=False, help_text="种类，见规定 reminders，如 overdue、deadline_near、review_overdue"
    )
    level = serializers.ChoiceField(choices=Rung.choices, required=False)
    unread = serializers.BooleanField(required=False, allow_null=True, default=None)


class ReminderOut(Out):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    text = serializers.SerializerMethodField(help_text="如：整改期限将到：还有 3 天（按提醒日计算）")
    level = serializers.ChoiceField(choices=Rung.choices)
    for_day = serializers.DateField()
    deadline = serializers.DateField()
    days_left = serializers.SerializerMethodField(help_text="提醒日距期限的天数，负数为已过")
    made_at = serializers.DateTimeField()
    seen = serializers.BooleanField(help_text="本人已阅")
    hazard = serializers.UUIDField(source="hazard_id")
    hazard_state = serializers.ChoiceField(choices=State.choices, help_text="隐患现在的状态")
    hazard_state_name = serializers.SerializerMethodField()
    hazard_level = serializers.ChoiceField(choices=HazardLevel.choices)
    description = serializers.CharField()
    place = serializers.CharField()
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    department = serializers.CharField(source="department_id", allow_null=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.CharField(allow_null=True)

    def get_text(self, row: Any) -> str:
        return wording(row.name, self.get_days_left(row))

    @extend_schema_field(serializers.IntegerField())
    def get_days_left(self, row: Any) -> int:
        return (row.deadline - row.for_day).days

    def get_hazard_state_name(self, row: Any) -> str:
        return STATE_NAMES[row.hazard_state]


class ReminderDoor(Door):
    """提醒"""

    serializer_class = ReminderOut
    ordering = ("-for_day", "-id")
    etag_tables = ("hazards.Reminder", "hazards.ReminderSeen", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": ReminderFilters}

    def get_queryset(self):
        return Reminder.objects.mine(self.request.user).with_seen(self.request.user)

    def chosen(self, rows, *, unread=None, **equal):
        rows = rows.filter(**equal)
        return (rows if unread is None else rows.filter(seen=not unread)).as_rows()

    @extend_schema(request=None, responses=ReminderOut)
    def seen(self, request, reminder_id):
        """已阅：记下本人第一次看到的时间；重复提交无害。"""
        mark_seen(reminder_id, by=self.by)
        return Response(self.shape().to_representation(self.get_queryset().as_rows().get(pk=reminder_id)))
