"""Doors of the course: steps of a task, steps of a visit, the office's queue and its figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from inspections.course import afterwards, beforehand, reading
from inspections.course.serializers import (
    ApproveShape,
    AskApprovalShape,
    CourseFigureFilters,
    CourseFiguresOut,
    CourseFilters,
    CourseOut,
    CourseRowOut,
    DeclineShape,
    HandShape,
    ScanAtDoor,
    SettleShape,
)
from inspections.models import Inspection
from inspections.reading import papers_of
from inspections.serializers import TaskOut
from inspections.views import TaskDoor
from safety_api.doors import Door
from safety_api.paging import both
from safety_api.roles import BESIDE

HANDED = {"to": "张小三", "post": "矿长"}
SCANNED = {"code": "https://smrq.example/e?c=15102", "system": "扫码入企"}


def example(name: str, **body: Any) -> list[OpenApiExample]:
    return [OpenApiExample(name, body, request_only=True)]


class CourseOfTaskDoor(TaskDoor):
    """检查任务的审批、通知、扫码"""

    filters = {}
    tag = "tasks"

    @extend_schema(request=AskApprovalShape, responses=TaskOut, examples=example("报请审批", note="举报件，拟明日到矿"))
    def ask_approval(self, request, task_id: UUID):
        """报请审批：进入负责人的收件箱；答复回到检查人员的收件箱。"""
        return self._changed(beforehand.ask_approval, task_id, AskApprovalShape)

    @extend_schema(request=ApproveShape, responses=TaskOut, examples=example("同意", note="注意井下通风"))
    def approve(self, request, task_id: UUID):
        """审批：由检查人员以外的负责人，在检查开始以前；出具行政检查审批表。其检查不必再写审批。"""
        return self._changed(beforehand.approve, task_id, ApproveShape)

    @extend_schema(request=DeclineShape, responses=TaskOut, examples=example("不予批准", reason="本年度已检查两次"))
    def decline(self, request, task_id: UUID):
        """不予批准，写明理由；可以再次报请。"""
        return self._changed(beforehand.decline, task_id, DeclineShape)

    @extend_schema(request=HandShape, responses=TaskOut, examples=example("送达", **HANDED))
    def notice(self, request, task_id: UUID):
        """送达行政检查通知书，出具文书。"""
        return self._changed(beforehand.hand_notice, task_id, HandShape)

    @extend_schema(request=ScanAtDoor, responses=TaskOut, examples=example("扫码入企", **SCANNED))
    def scan(self, request, task_id: UUID):
        """扫码入企，或者写明没有扫码的理由；另一单位的码也收，并加提示。"""
        return self._changed(beforehand.scan, task_id, ScanAtDoor)


class CourseOfVisitDoor(Door):
    """检查程序"""

    serializer_class = CourseOut
    tag = "inspections"
    lookup_url_kwarg = "inspection_id"

    def shape_context(self) -> dict[str, Any]:
        return {"spares_complaints": self.by.role in BESIDE}

    def get_queryset(self):
        return Inspection.objects.visible_to(self.request.user).select_related("enterprise")

    @extend_schema(responses=CourseOut)
    def retrieve(self, request, inspection_id: UUID):
        """一次检查的程序：各步、文书、提示和怎样补正、结果告知的期限。"""
        return self._whole()

    def _whole(self) -> Response:
        visit = reading.show_course(self.get_object())
        visit.shown_papers = papers_of(visit, self.request.user)  # type: ignore[attr-defined]
        return self.shown(visit)

    def _taken(self, action: Any, inspection_id: UUID, shape: Any) -> Response:
        get_object_or_404(self.get_queryset(), pk=inspection_id)  # before the body is judged
        action(inspection_id, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self._whole()

    @extend_schema(request=ApproveShape, responses=CourseOut, examples=example("补办审批", note="紧急检查，已当场报告"))
    def approve(self, request, inspection_id: UUID):
        """补办审批：由检查人员以外的负责人。紧急检查在规定时间内补办的即为补正，逾期的记为审批晚于检查。"""
        return self._taken(afterwards.approve, inspection_id, ApproveShape)

    @extend_schema(request=HandShape, responses=CourseOut, examples=example("补送", **HANDED))
    def notice(self, request, inspection_id: UUID):
        """补送行政检查通知书，出具文书。"""
        return self._taken(afterwards.hand_notice, inspection_id, HandShape)

    @extend_schema(request=ScanAtDoor, responses=CourseOut, examples=example("免扫", exempt_reason="平台故障"))
    def scan(self, request, inspection_id: UUID):
        """补扫，或者写明没有扫码的理由。"""
        return self._taken(afterwards.scan, inspection_id, ScanAtDoor)

    @extend_schema(request=HandShape, responses=CourseOut, examples=example("告知", **HANDED))
    def tell_result(self, request, inspection_id: UUID):
        """告知检查结果，没有发现问题的也要告知；出具行政检查结果告知书。"""
        return self._taken(afterwards.tell_result, inspection_id, HandShape)

    @extend_schema(
        request=SettleShape,
        responses=CourseOut,
        examples=example("处理情况", word="approved_late", note="已约谈检查人员"),
    )
    def settle(self, request, inspection_id: UUID):
        """不能补正的提示，由负责人写明处理情况；提示留在记录上。"""
        return self._taken(afterwards.settle, inspection_id, SettleShape)


class CourseQueueDoor(Door):
    """检查程序的缺项"""

    serializer_class = CourseRowOut
    tag = "inspections"
    ordering = ("-started_at", "id")
    etag_tables = ("inspections.Inspection", "enterprises.Enterprise")
    filters = {"list": CourseFilters, "figures": CourseFigureFilters}
    sorts = both(started_at=("started_at", "-id"))

    def get_queryset(self):
        rows = reading.inspections(Inspection.objects.visible_to(self.request.user))
        return rows.select_related("enterprise").only(*reading.QUEUED, "enterprise__name")

    def chosen(self, rows, **parameters):
        return reading.queue(rows, by=self.request.user, on=timezone.localdate(), **parameters)

    def page_of(self, rows) -> Response:
        show = self.shape().to_representation
        found = self.paginate_queryset(rows) or ()
        return self.get_paginated_response([show(reading.show_course(row)) for row in found])

    @extend_schema(parameters=[CourseFigureFilters], responses=CourseFiguresOut(many=True))
    def figures(self, request):
        """各部门检查程序的缺项和补正，供整改；不排名，不作为考核。"""
        parameters = self.parameters()
        year = timezone.localdate().year
        rows = reading.inspections(Inspection.objects.visible_to(request.user))
        show = self.shape(CourseFiguresOut).to_representation
        return Response([show(row) for row in reading.figures(reading.of_time(rows, year, **parameters))])
