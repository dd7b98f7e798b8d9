"""Doors of visits, receipts and tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from evidence.models import Photo
from evidence.receipts import ReceiptOut, with_receipt
from evidence.shown import completed, flagged
from geo.serializers import CrsOnly, crs_of
from inspections import actions, correcting, setting_tasks
from inspections.ceilings.tasks import with_counts
from inspections.models import Inspection, Task
from inspections.reading import papers_of, whole
from inspections.serializers import (
    CorrectionOut,
    InspectionFilters,
    InspectionOut,
    InspectionRowOut,
    InspectionShape,
    ReceiptAnswerOut,
    ReceiptsShape,
    TaskCancelShape,
    TaskFilters,
    TaskOut,
    TaskPatch,
    TaskReassignShape,
    TaskShape,
    VisitCorrectionShape,
)
from safety_api.doors import Door
from safety_api.idempotency import Sent, receipts_of
from safety_api.paging import both
from safety_api.roles import BESIDE, ENTERPRISE
from safety_api.search import search_for

PHOTO = "3f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a11"
EXAMPLE: dict[str, Any] = {
    "enterprise": "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01",
    "sector": "coal_mine",
    "kind": "routine",
    "authority": "administrative",
    "type": "daily",
    "source": {"kind": "plan", "number": "兴应急〔2026〕5号"},
    "approval": {"approver_name": "吴长", "approver_post": "局长", "at": "2026-11-20T16:00:00+08:00"},
    "scan": {"code": "https://smrq.example/e?c=15102", "at": "2026-11-23T08:58:00+08:00", "system": "扫码入企"},
    "certificates_shown": True,
    "notice": {"at": "2026-11-23T09:02:00+08:00", "to": "张小三", "post": "矿长"},
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
    etag_asked = {"complete": "evidence.Photo", "photo_flag": "evidence.Photo"}
    filters = {"list": InspectionFilters, "*": CrsOnly}
    sorts = both(started_at=("started_at", "-id"), received_at=("received_at", "id"))
    lookup_url_kwarg = "inspection_id"

    def get_queryset(self):
        return Inspection.objects.visible_to(self.request.user).to_show()

    def shape_context(self) -> dict[str, Any]:
        return {
            "crs": crs_of(self.request),
            "today": timezone.localdate(),
            "spares_complaints": self.by.role in BESIDE,
        }

    def chosen(self, rows, *, crs=None, complete=None, photo_flag=None, q=None, **parameters):
        self.search = search_for("inspection", q, "started_at")
        rows = completed(rows.chosen(by=self.request.user, **parameters), "inspection", complete)
        return flagged(rows, "inspection", photo_flag).as_rows()

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
        return Response(
            self.shape(InspectionOut).to_representation(whole(inspection, self.request.user)), status=status
        )

    @extend_schema(
        request=VisitCorrectionShape,
        responses=InspectionOut,
        examples=[
            OpenApiExample(
                "单位选错", {"reason": "选错了同名的单位", "enterprise": EXAMPLE["enterprise"]}, request_only=True
            )
        ],
    )
    def correct(self, request, inspection_id: UUID):
        """更正录入有误的检查，写明理由；原记录和内容指纹保留，手机重发原件仍是 200。由检查人或主管部门、乡镇办理。

        尚未确认的隐患随单位、地点一并更正；已在办理的先以“单位有误”撤销。
        """
        self._one()  # before the body is judged
        fields = self.read(VisitCorrectionShape)
        correcting.correct(inspection_id, by=self.by, fresh=self.check_fresh, **fields)
        return self._whole(self._one(), 200)

    @extend_schema(responses=CorrectionOut(many=True))
    def corrections(self, request, inspection_id: UUID):
        """历次更正：原记、更正为、理由、由谁。"""
        show = self.shape(CorrectionOut).to_representation
        return Response([show(row) for row in self._one().corrections.order_by("pk")])

    @extend_schema(responses=ReceiptOut)
    def receipt(self, request, inspection_id: UUID):
        """回执：收到的时间、内容指纹、每张照片的哈希与状态。手机据此核对后才可删除本机原件。"""
        inspection = self._one()
        photos = Photo.objects.of("inspection", inspection.pk).as_entered()
        with_receipt(inspection, photos, papers_of(inspection, request.user))
        return Response(self.shape(ReceiptOut).to_representation(inspection))


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
        """检查、隐患、事故、自查和带 Idempotency-Key 的步骤一并核对；只问不改。最多 500 条：held 已收且一致，differs 内容不同，missing 没有收到。"""
        asked = self.read(ReceiptsShape)["receipts"]
        states = receipts_of([(each["id"], each["content_sha256"]) for each in asked], self.by)
        return Response([{"id": each["id"], "state": state} for each, state in zip(asked, states, strict=True)])


class TaskDoor(Door):
    """检查任务"""

    serializer_class = TaskOut
    ordering = ("due_on", "id")
    etag_tables = (
        "inspections.Task", "enterprises.Enterprise", "inspections.YearCount", "enterprises.StatedFact",
        "enterprises.StandardizationCertificate", "reference.Load",
    )  # fmt: skip
    filters = {"list": TaskFilters}
    sorts = both(due_on=("due_on", "id"), created_at=("created_at", "id"))
    lookup_url_kwarg = "task_id"

    def shape_context(self) -> dict[str, Any]:
        return {"spares_complaints": self.by.role in BESIDE, "unit": self.by.role in ENTERPRISE}

    def get_queryset(self):
        return Task.objects.visible_to(self.request.user).select_related("enterprise", "site").with_names()

    def chosen(self, rows, **parameters):
        return rows.chosen(by=self.request.user, on=timezone.localdate(), **parameters)

    def page_of(self, rows):
        show = self.shape().to_representation
        page = with_counts(self.paginate_queryset(rows) or (), timezone.localdate())
        return self.get_paginated_response([show(task) for task in page])

    def shown(self, row: Any, status: int = 200) -> Response:
        return super().shown(with_counts([row], timezone.localdate())[0], status=status)

    @extend_schema(responses=TaskOut)
    def retrieve(self, request, task_id: UUID):
        """一项检查任务；ETag 供修改时的 If-Match。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=TaskShape,
        responses={201: TaskOut},
        examples=[
            OpenApiExample(
                "下达检查任务",
                {
                    "enterprise": EXAMPLE["enterprise"],
                    "type": "case",
                    "source": {"kind": "complaint", "number": "12350-7"},
                    "due_on": "2026-12-10",
                    "assignees": [EXAMPLE["hazards"][0]["id"]],
                },
                request_only=True,
            )
        ],
    )
    def create(self, request):
        """下达一次要做的检查。将超过全年上限的照样下达，答复写明（warnings、count）。"""
        task = setting_tasks.set_task(by=self.by, **self.read(TaskShape))
        return self.shown(self.get_queryset().get(pk=task.pk), status=201)

    @extend_schema(
        request=TaskPatch,
        responses=TaskOut,
        examples=[OpenApiExample("改期", {"due_on": "2026-12-20", "note": "带测气仪"}, request_only=True)],
    )
    def partial_update(self, request, task_id: UUID):
        """修改期限、方式、名义或要求；单位不能改，请取消后另下。带 If-Match 时，他人已改则 412。"""
        return self._changed(setting_tasks.edit, task_id, TaskPatch)

    @extend_schema(
        request=TaskReassignShape,
        responses=TaskOut,
        examples=[
            OpenApiExample(
                "改派", {"assignees": [EXAMPLE["hazards"][0]["id"]], "reason": "原检查人员外出培训"}, request_only=True
            )
        ],
    )
    def reassign(self, request, task_id: UUID):
        """改派他人，写明理由。"""
        return self._changed(setting_tasks.reassign, task_id, TaskReassignShape)

    @extend_schema(
        request=TaskCancelShape,
        responses=TaskOut,
        examples=[OpenApiExample("取消", {"reason": "企业已关闭"}, request_only=True)],
    )
    def cancel(self, request, task_id: UUID):
        """取消，写明理由；保留备查。"""
        return self._changed(setting_tasks.cancel, task_id, TaskCancelShape)

    def _changed(self, action: Any, task_id: UUID, shape: Any) -> Response:
        get_object_or_404(Task.objects.visible_to(self.request.user), pk=task_id)  # before the body is judged
        action(task_id, by=self.by, fresh=self.check_fresh, **self.read(shape))
        return self.shown(self.get_queryset().get(pk=task_id))
