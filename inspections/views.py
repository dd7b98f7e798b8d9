"""Doors of visits, receipts and tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from evidence.shown import completed
from geo.serializers import CrsOnly, crs_of
from inspections import actions
from inspections.models import Inspection, Task
from inspections.reading import whole, with_photos
from inspections.serializers import (
    InspectionFilters,
    InspectionOut,
    InspectionRowOut,
    InspectionShape,
    ReceiptAnswerOut,
    ReceiptOut,
    ReceiptsShape,
    TaskFilters,
    TaskOut,
    TaskShape,
)
from safety_api.doors import Door
from safety_api.idempotency import Sent
from safety_api.paging import both
from safety_api.permissions import inside
from safety_api.search import search_for

PHOTO = "3f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a11"
EXAMPLE: dict[str, Any] = {
    "enterprise": "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01",
    "sector": "coal_mine",
    "kind": "routine",
    "authority": "administrative",
    "started_at": "2026-11-23T09:00:00+08:00",
    "finished_at": "2026-11-23T10:20:00+08:00",
    "location": {"lon": 111.133972, "lat": 38.46254, "crs": "gcj02", "accuracy_m": 12},
    "checklist": {"code": "coal_mine", "version": "2021-1"},
    "unanswered": "pass",
    "answers": [{"item": "C09-12", "result": "fail", "note": "锚杆间距超出规程"}],
    "hazards": [
        {
            "id": "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0b02",
            "item": "C09-12",
            "level": "general",
            "description": "锚杆间距超出作业规程",
            "deadline": "2026-11-30",
            "photos": [PHOTO],
        }
    ],
    "photos": [
        {
            "id": PHOTO,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "size": 4182733,
            "media_type": "image/jpeg",
            "taken_at": "2026-11-23T09:41:00+08:00",
        }
    ],
    "device": {"id": "phone-1", "app_version": "1.0", "clock": "2026-11-23T10:21:07+08:00"},
}


class InspectionDoor(Door):
    """检查"""

    serializer_class = InspectionRowOut
    ordering = ("-started_at", "id")
    etag_tables = ("inspections.Inspection", "enterprises.Enterprise")
    etag_asked = {"complete": "evidence.Photo"}
    filters = {"list": InspectionFilters, "*": CrsOnly}
    sorts = both(started_at=("started_at", "-id"), received_at=("received_at", "id"))
    lookup_url_kwarg = "inspection_id"

    def get_queryset(self):
        return Inspection.objects.visible_to(self.request.user).to_show()

    def shape_context(self) -> dict[str, Any]:
        return {"crs": crs_of(self.request), "today": timezone.localdate()}

    def chosen(self, rows, *, crs=None, complete=None, q=None, **parameters):
        self.search = search_for("inspection", q, "started_at")
        return completed(rows.chosen(by=self.request.user, **parameters), "inspection", complete).as_rows()

    @extend_schema(
        request=InspectionShape,
        responses={200: InspectionOut, 201: InspectionOut},
        examples=[OpenApiExample("煤矿日常检查", EXAMPLE, request_only=True)],
    )
    def put(self, request, inspection_id: UUID):
        """提交一次检查：整体入库，只入库一次。201 新收；200 同样内容已有；409 编号已用于别的内容。"""
        sent = Sent.of(request.data)
        inspection, new = actions.SENT.or_as_before(
            inspection_id,
            sent,
            request.user,
            lambda: actions.receive(inspection_id, sent.read(self.read(InspectionShape)), sent=sent, by=self.by),
        )
        return self._whole(inspection, 201 if new else 200)

    @extend_schema(responses=InspectionOut)
    def retrieve(self, request, inspection_id: UUID):
        """一次检查的全部内容。"""
        return self._whole(self._one(), 200)

    def _one(self) -> Inspection:
        rows = Inspection.objects.visible_to(self.request.user).select_related("enterprise")
        return get_object_or_404(rows, pk=self.kwargs["inspection_id"])

    def _whole(self, inspection: Inspection, status: int) -> Response:
        return Response(self.shape(InspectionOut).to_representation(whole(inspection)), status=status)

    @extend_schema(responses=ReceiptOut)
    def receipt(self, request, inspection_id: UUID):
        """回执：收到的时间、内容指纹、每张照片的哈希与状态。手机据此核对后才可删除本机原件。"""
        return Response(self.shape(ReceiptOut).to_representation(with_photos(self._one())))


class ReceiptsDoor(Door):
    """批量核对回执"""

    serializer_class = ReceiptsShape
    tag = "inspections"
    keyed = False  # asks, and changes nothing

    @extend_schema(
        request=ReceiptsShape,
        responses=ReceiptAnswerOut(many=True),
        examples=[
            OpenApiExample(
                "核对",
                {"receipts": [{"id": EXAMPLE["hazards"][0]["id"], "content_sha256": EXAMPLE["photos"][0]["sha256"]}]},
                request_only=True,
            )
        ],
    )
    def check(self, request):
        """只问不改，不用 Idempotency-Key。最多 500 条：held 已收且一致，differs 内容不同，missing 没有收到。"""
        asked = self.read(ReceiptsShape)["receipts"]
        states = actions.SENT.compared([(each["id"], each["content_sha256"]) for each in asked], self.by)
        return Response([{"id": each["id"], "state": state} for each, state in zip(asked, states, strict=True)])


class TaskDoor(Door):
    """检查任务"""

    serializer_class = TaskOut
    ordering = ("due_on", "id")
    etag_tables = ("inspections.Task", "enterprises.Enterprise")
    filters = {"list": TaskFilters}

    def get_queryset(self):
        return Task.objects.visible_to(self.request.user).select_related("enterprise", "site")

    def chosen(self, rows, *, region=None, sector=None, due_from=None, due_before=None, done=False):
        rows = rows.exclude(done_by=None) if done else rows.to_make()
        rows = rows.filter(inside(region)) if region else rows
        rows = rows.filter(sector_id=sector) if sector else rows
        rows = rows.filter(due_on__gte=due_from) if due_from else rows
        return rows.due_before(due_before) if due_before else rows

    @extend_schema(
        request=TaskShape,
        responses={201: TaskOut},
        examples=[
            OpenApiExample(
                "下达检查任务",
                {
                    "enterprise": EXAMPLE["enterprise"],
                    "due_on": "2026-12-10",
                    "assignees": [EXAMPLE["hazards"][0]["id"]],
                },
                request_only=True,
            )
        ],
    )
    def create(self, request):
        """下达一次要做的检查。"""
        task = actions.set_task(by=self.by, **self.read(TaskShape))
        return self.shown(self.get_queryset().get(pk=task.pk), status=201)
