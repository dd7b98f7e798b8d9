"""Doors of deputies: a leader who is away names who stands in, or an administrator does on a paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import deputies as actions
from accounts.models import Deputy
from enterprises.messages import DEPUTY
from inbox import actions as inbox
from inbox.letters import Letter, person
from safety_api.days import check_term
from safety_api.doors import Door
from safety_api.shapes import Out, RecordId, Shape, Text, reason

AWAY = {
    "deputy": "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01", "held_from": "2026-12-01", "held_to": "2026-12-10", "reason": "外出学习",
}  # fmt: skip
EXAMPLE = [OpenApiExample("出差", AWAY, request_only=True)]


class DeputyShape(Shape):
    deputy = RecordId()
    held_from = serializers.DateField()
    held_to = serializers.DateField(help_text="含当日")
    reason = reason()
    document = Text(max_length=200, required=False, allow_blank=True, default="")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        days = super().to_internal_value(data)
        check_term(days["held_from"], days["held_to"], at="/held_to")
        return days


class DeputyOut(Out):
    id = serializers.UUIDField()
    leader = serializers.UUIDField(source="leader_id")
    leader_name = serializers.CharField(source="leader.name")
    deputy = serializers.UUIDField(source="deputy_id")
    deputy_name = serializers.CharField(source="deputy.name")
    held_from = serializers.DateField()
    held_to = serializers.DateField()
    reason = serializers.CharField()
    document = serializers.CharField()
    made_by_name = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DeputyDoor(Door):
    """代理：负责人不在时由同单位的人代行职务"""

    serializer_class = DeputyOut
    ordering = ("-held_from", "id")

    def get_queryset(self) -> Any:
        return actions.visible_to(self.request.user).select_related("leader", "deputy")

    @extend_schema(request=DeputyShape, responses={201: DeputyOut}, examples=EXAMPLE)
    def appoint(self, request):
        """指定本人的代理人。代理期内其请求带 Acting-For: 被代理人编号，即以该职务办理，姓名记为“某某（代某某）”。"""
        return self.shown(appointed(self.by, self.by.pk, self.read(DeputyShape)), status=201)

    @extend_schema(request=None, responses=DeputyOut)
    def end(self, request, pk: UUID):
        """提前结束代理。"""
        return self.shown(actions.end(pk, by=self.by))


class AccountDeputyDoor(Door):
    """某人的代理，由管理员登记"""

    serializer_class = DeputyOut
    pagination_class = None  # type: ignore[assignment]
    tag = "accounts"

    def get_queryset(self) -> Any:
        return actions.visible_to(self.request.user).select_related("leader", "deputy")

    @extend_schema(responses=DeputyOut(many=True))
    def deputies(self, request, pk: UUID):
        """某人的全部代理，最近的在前。"""
        self.parameters()
        show = self.shape().to_representation
        return Response([show(row) for row in self.get_queryset().filter(leader=pk).order_by("-held_from", "id")])

    @extend_schema(request=DeputyShape, responses={201: DeputyOut}, examples=EXAMPLE)
    def appoint_deputy(self, request, pk: UUID):
        """依文件为其指定代理人。"""
        return self.shown(appointed(self.by, pk, self.read(DeputyShape)), status=201)

    @extend_schema(request=None, responses=DeputyOut)
    def end_deputy(self, request, pk: UUID, deputy_id: UUID):
        """提前结束代理。"""
        return self.shown(actions.end(deputy_id, by=self.by))


@transaction.atomic
def appointed(by: Any, leader: UUID, wanted: dict[str, Any]) -> Deputy:
    row = actions.appoint(by=by, leader=leader, **wanted)
    inbox.send([_letter(row)])
    return row


def _letter(row: Deputy) -> Letter:
    return Letter(
        kind=DEPUTY, once=f"deputy/{row.pk}", to=person(row.deputy_id), day=row.held_from, due_on=row.held_to, about_kind="deputy",
        about=row.pk, sentence=f"{row.held_from} 至 {row.held_to} 由您代行{row.leader.name}（{row.leader.get_role_display()}）职务：{row.reason}",
    )  # fmt: skip
