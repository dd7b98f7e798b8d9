"""Doors of the clock: an accident's legs, what is due, reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accidents.clock import legs as leg_actions
from accidents.clock import reminding, shown
from accidents.clock.serializers import (
    DueLegOut,
    LegFilters,
    LegOut,
    LegReceiveShape,
    LegSendShape,
    LevelNotifiedShape,
    ReportReminderFilters,
    ReportReminderOut,
    RescueEndedShape,
)
from accidents.messages import CLOCK
from accidents.models import ReportLeg
from accidents.reports.serializers import AccidentOut
from accidents.reports.views import CaseDoor, example
from inbox.models import Message
from inbox.paging import MergedKeyset
from safety_api.doors import Door


class LegDoor(CaseDoor):
    """报告环节，一起事故的"""

    def _leg(self, leg_id: int) -> Response:
        leg = shown.shown(shown.with_people(ReportLeg.objects.filter(pk=leg_id)), timezone.now())[0]
        return Response(LegOut(leg).data)

    @extend_schema(
        request=LegSendShape, responses=LegOut,
        examples=example("电话报市", channel="telephone", sent_at="2026-11-23T10:05:00+08:00", told_to="市局值班室 李"),
    )  # fmt: skip
    def send_leg(self, request, accident_id: UUID, leg_id: int):
        """登记一个环节已上报：何时、以何种方式、对方谁接的。下一级应报的环节随之开始计时。"""
        self.act(leg_actions.send_leg, accident_id, LegSendShape, leg_id=leg_id)
        return self._leg(leg_id)

    @extend_schema(request=LegReceiveShape, responses=LegOut, examples=example("签收", person=""))
    def receive_leg(self, request, accident_id: UUID, leg_id: int):
        """签收：本级收到并阅知；县以上各级由县值班室代登，写明签收人。"""
        self.act(leg_actions.receive_leg, accident_id, LegReceiveShape, leg_id=leg_id)
        return self._leg(leg_id)

    @extend_schema(
        request=LevelNotifiedShape, responses=AccidentOut,
        examples=example("核实接报时间", level="enterprise", at="2026-11-23T08:20:00+08:00", reason="调度台录音"),
    )  # fmt: skip
    def told(self, request, accident_id: UUID):
        """核实某一层级何时知悉：该层级的时限由此重新起算。"""
        self.act(leg_actions.state_known_moment, accident_id, LevelNotifiedShape)
        return self.accident(accident_id)

    @extend_schema(
        request=RescueEndedShape, responses=AccidentOut, examples=example("救援结束", at="2026-11-25T18:00:00+08:00")
    )
    def rescue_ended(self, request, accident_id: UUID):
        """救援结束：不再每日续报。"""
        self.act(leg_actions.end_rescue, accident_id, RescueEndedShape)
        return self.accident(accident_id)


class ReportLegDoor(Door):
    """应报环节"""

    serializer_class = DueLegOut
    ordering = ("due_at", "id")
    filters = {"list": LegFilters}

    def get_queryset(self):
        return shown.with_people(ReportLeg.objects.visible_to(self.request.user).select_related("accident"))

    def list(self, request, *args, **kwargs):
        """实时的应报清单：谁应在何时以前报告谁，按时限先后。随时间变化，不作缓存。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, due="open", within=30, **asked):
        now, rows = timezone.now(), rows.chosen(**asked)
        soon = now + timedelta(minutes=within)
        ways = {"open": rows.owed, "all": rows.all}
        if due == "overdue":
            return rows.overdue(now)
        return rows.in_time(now).filter(due_at__lte=soon) if due == "soon" else ways[due]()

    def page_of(self, rows) -> Response:
        legs = shown.shown(self.paginate_queryset(rows) or [], timezone.now())
        return self.get_paginated_response(DueLegOut(legs, many=True).data)


class ReminderDoor(Door):
    """报告提醒"""

    serializer_class = ReportReminderOut
    pagination_class = MergedKeyset
    ordering = ("-id",)
    filters = {"list": ReportReminderFilters}
    lookup_url_kwarg = "reminder_id"

    def get_queryset(self) -> Any:
        lists = Message.objects.of(CLOCK).addressed_to(self.request.user)
        return [each.with_first_seen() for each in lists]

    def chosen(self, rows, *, unseen=False):
        return [each.seen_by_any(False) for each in rows] if unseen else rows

    def page_of(self, rows) -> Response:
        page = shown.with_legs(self.paginate_queryset(rows) or [])
        return self.get_paginated_response(ReportReminderOut(page, many=True).data)

    @extend_schema(request=None, responses=ReportReminderOut)
    def seen(self, request, reminder_id: int):
        """已阅。"""
        return Response(ReportReminderOut(shown.with_legs([reminding.see(reminder_id, by=self.by)])[0]).data)
