"""Doors of what left the house: deliveries for the office, outlets and robots for whoever keeps them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from inbox.deliveries import administering, outlets
from inbox.deliveries.serializers import (
    DeliveryFilters,
    DeliveryOut,
    OutletOut,
    RobotOut,
    RobotPatch,
    RobotShape,
)
from inbox.models import Delivery, Outlet, Robot
from inbox.watching import called
from safety_api.doors import Door
from safety_api.roles import COUNTY


class DeliveryDoor(Door):
    """外发：哪些消息发到了谁的手机、邮箱或哪个群，没有发出的为什么"""

    serializer_class = DeliveryOut
    ordering = ("-id",)
    etag_tables = ("inbox.Delivery", "inbox.Message", "inbox.Robot")
    filters = {"list": DeliveryFilters}

    def get_queryset(self) -> Any:
        return Delivery.objects.visible_to(self.request.user).select_related("message", "person", "robot")

    def shape_context(self) -> dict[str, Any]:
        return {"names": self.by.role in COUNTY}

    def chosen(self, rows, *, kind="", about=None, since=None, state=(), channel=()):
        asked = {
            "message__kind": kind,
            "message__about": about,
            "made_at__gte": since,
            "state__in": state,
            "channel__in": channel,
        }
        return rows.filter(**{name: value for name, value in asked.items() if value})


class OutletDoor(Door):
    """外发通道：开通了哪些，通不通"""

    serializer_class = OutletOut
    pagination_class = None  # type: ignore[assignment]

    @extend_schema(responses=OutletOut(many=True))
    def list(self, request, *args, **kwargs):
        """由运维在配置中开通的；没有列出的没有开通。"""
        known = {each.name: each for each in Outlet.objects.all()}
        waiting = (
            Delivery.objects.waiting()
            .order_by()
            .values("outlet")
            .annotate(count=Count("pk"))
            .values_list("outlet", "count")
        )
        counts = dict(waiting)
        return Response([self._shown(name, known.get(name), counts.get(name, 0)) for name in outlets.names()])

    def _shown(self, name: str, outlet: Outlet | None, waiting: int) -> dict[str, Any]:
        row = outlet or Outlet(name=name, sent_at=None)
        state = "failing" if row.failing_since else "resting" if row.reason else "ok"
        return OutletOut({
            "name": name, "channel": outlets.channel_of(name), "label": called(name), "state": state, "reason": row.reason,
            "failing_since": row.failing_since, "next_at": row.next_at if row.reason else None, "sent_at": row.sent_at, "waiting": waiting,
        }).data  # fmt: skip


class RobotDoor(Door):
    """群机器人：哪个群听哪个岗位的消息。地址和密钥只在配置（ROBOTS）中"""

    serializer_class = RobotOut
    ordering = ("id",)
    etag_tables = ("inbox.Robot",)
    lookup_url_kwarg = "robot_id"

    def get_queryset(self) -> Any:
        return Robot.objects.all()

    def shape_context(self) -> dict[str, Any]:
        return {"configured": frozenset(settings.ROBOTS)}

    def tagged(self, answer: Any, *more: object) -> Any:
        return super().tagged(answer, *more, tuple(sorted(settings.ROBOTS)))

    @extend_schema(
        request=RobotShape, responses={201: RobotOut},
        examples=[OpenApiExample(
            "蔚汾镇安监站的群", {"name": "weifen", "label": "蔚汾镇安监站", "roles": ["township_officer", "inspector"], "region": "141123100"},
            request_only=True,
        )],
    )  # fmt: skip
    def create(self, request):
        """登记一个群；name 是配置中的名称。"""
        return self.shown(administering.enter(by=self.by, **self.read(RobotShape)), status=201)

    @extend_schema(
        request=RobotPatch,
        responses=RobotOut,
        examples=[OpenApiExample("停用", {"is_active": False}, request_only=True)],
    )
    def partial_update(self, request, robot_id: int):
        row = administering.edit(robot_id, by=self.by, fresh=self.check_fresh, **self.read(RobotPatch))
        return self.shown(row)

    @extend_schema(request=None, responses={204: None})
    def try_out(self, request, robot_id: int):
        """马上试发一条；群不收的，409 说明原因。"""
        administering.try_out(self.get_object(), by=self.by)
        return Response(status=204)
