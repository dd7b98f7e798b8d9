"""Doors of reminders: what I am reminded of, by my post, and that I have seen it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from hazards.actions.clocks import mark_seen
from hazards.clocks import wording
from hazards.messages import CLOCK
from hazards.models import Hazard
from hazards.states import State
from inbox.models import Message
from inbox.paging import MergedKeyset
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
    pagination_class = MergedKeyset
    ordering = ("-id",)
    etag_tables = ("inbox.Message", "inbox.Seen", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": ReminderFilters}

    def get_queryset(self) -> Any:
        return Message.objects.of(CLOCK).addressed_to_post(self.request.user)

    def chosen(self, rows, *, unread=None, **details):
        user, equal = self.request.user, {f"details__{name}": value for name, value in details.items()}
        found = [each.filter(**equal).with_seen(user) for each in rows]
        return found if unread is None else [each.filter(seen=not unread) for each in found]

    def page_of(self, rows) -> Response:
        show = self.shape().to_representation
        page = with_hazards(self.paginate_queryset(rows) or [])
        return self.get_paginated_response([show(row) for row in page])

    @extend_schema(request=None, responses=ReminderOut)
    def seen(self, request, reminder_id):
        """已阅：记下本人第一次看到的时间；重复提交无害。"""
        mark_seen(reminder_id, by=self.by)
        row = Message.objects.with_seen(request.user).get(pk=reminder_id)
        return Response(self.shape().to_representation(with_hazards([row])[0]))


def with_hazards(messages: list[Any]) -> list[SimpleNamespace]:
    """With what a list shows of the hazard as it is now, and of its unit: one statement."""
    hazards = Hazard.objects.select_related("enterprise").in_bulk({each.about for each in messages})
    return [_with_hazard(each, hazards[each.about]) for each in messages]


def _with_hazard(row: Any, hazard: Hazard) -> SimpleNamespace:
    said = {name: row.details[name] for name in ("kind", "name", "level")}
    return SimpleNamespace(
        **said, id=row.pk, for_day=row.day, deadline=row.due_on, made_at=row.made_at, seen=row.seen, hazard_id=hazard.pk,
        hazard_state=hazard.state, hazard_level=hazard.level, description=hazard.description, place=hazard.place,
        region_code=row.region_code, sector_id=row.sector_id, department_id=row.department_id, enterprise_id=row.enterprise,
        enterprise_name=hazard.enterprise and hazard.enterprise.name,
    )  # fmt: skip
