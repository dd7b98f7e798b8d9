"""Shapes of deliveries, outlets and robots."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.masking import mask_name
from inbox.kinds import KINDS
from inbox.models import Channel, DeliveryState
from reference.models import Department, Sector
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, Several
from safety_api.roles import OFFICE, Role
from safety_api.shapes import Out, RecordId, Shape, Text

OFFICE_ROLES = [(role.value, role.label) for role in Role if role in OFFICE]


class DeliveryFilters(Filters):
    state = Several(serializers.ChoiceField(choices=DeliveryState.choices))
    channel = Several(serializers.ChoiceField(choices=Channel.choices))
    kind = Text(max_length=40, required=False, help_text="消息种类；不认识的没有结果")
    about = RecordId(required=False, help_text="只看一件事项（如一条隐患）的")
    since = DayOrMoment(help_text="此时以后生成的")


class DeliveryOut(Out):
    id = serializers.IntegerField()
    message = serializers.IntegerField(source="message_id")
    kind = serializers.CharField(source="message.kind")
    kind_name = serializers.SerializerMethodField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    channel_name = serializers.CharField(source="get_channel_display")
    to = serializers.SerializerMethodField(help_text="收件人或群；县级看全名，其余遮掩")
    sent_to = serializers.CharField(help_text="发往的手机号或邮箱，遮掩；未发出的为空")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    state_name = serializers.CharField(source="get_state_display")
    reason = serializers.CharField(help_text="为什么没有发出，或上一次为什么没有成")
    urgent = serializers.BooleanField()
    attempts = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="待发的下次何时发")
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_kind_name(self, row: Any) -> str:
        kind = KINDS.get(row.message.kind)
        return kind.label if kind else row.message.kind

    def get_to(self, row: Any) -> str:
        if row.robot:
            return row.robot.label
        return row.person.name if self.context["names"] else mask_name(row.person.name)


class OutletOut(serializers.Serializer):
    name = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # our label
    state = serializers.ChoiceField(choices=[("ok", "正常"), ("resting", "限速或间歇"), ("failing", "发不出去")])
    failing_since = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    next_at = serializers.DateTimeField(allow_null=True, help_text="发不出去的，下次何时再试")
    sent_at = serializers.DateTimeField(allow_null=True, help_text="最近一次发出")
    waiting = serializers.IntegerField()


class RobotParts(Shape):
    def validate_department(self, code: str | None) -> str | None:
        return code if code is None or Department.objects.filter(pk=code).exists() else _refuse("没有这个部门。")

    def validate_sectors(self, codes: list[str]) -> list[str]:
        return (
            codes if Sector.objects.filter(pk__in=codes).count() == len(set(codes)) else _refuse("没有这个行业领域。")
        )

    def validate_kinds(self, words: list[str]) -> list[str]:
        return words if set(words) <= set(KINDS) else _refuse("没有这种消息。")


def roles(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=OFFICE_ROLES), min_length=1, max_length=20, **options
    )


def region(**options: Any) -> serializers.RegexField:
    return serializers.RegexField(r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$", help_text="管辖区划：6、9 或 12 位", **options)


def codes(length: int, **options: Any) -> serializers.ListField:
    return serializers.ListField(child=Text(max_length=length), required=False, max_length=60, **options)


class RobotShape(RobotParts):
    """A group: its name in the settings, and whose post it hears."""

    name = Text(max_length=40)
    label = Text(max_length=60)  # type: ignore[assignment]  # our label
    roles = roles()
    region = region()
    department = Text(max_length=30, required=False, allow_null=True, default=None, source="department_id")
    sectors = codes(30, default=list)
    kinds = codes(40, default=list, help_text="空：外发表中发群的都发")


class RobotPatch(RobotParts):
    """Another name is another robot."""

    label = Text(max_length=60, required=False)  # type: ignore[assignment]  # our label
    roles = roles(required=False)
    region = region(required=False)
    department = Text(max_length=30, required=False, allow_null=True, source="department_id")
    sectors = codes(30)
    kinds = codes(40)
    is_active = serializers.BooleanField(required=False)


def _refuse(sentence: str) -> Any:
    raise ValidationError([ErrorDetail(sentence, "invalid")])


class RobotOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # our label
    roles = serializers.ListField(child=serializers.CharField())
    region = serializers.CharField()
    department = serializers.CharField(source="department_id", allow_null=True)
    sectors = serializers.ListField(child=serializers.CharField())
    kinds = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    configured = serializers.SerializerMethodField(help_text="配置（ROBOTS）中有它的地址")

    def get_configured(self, row: Any) -> bool:
        return row.name in self.context["configured"]
