"""Doors between supervision and approval."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema

from enforcement.actions import handover
from enforcement.models import ApprovalNote, Handover
from enforcement.serializers.handover import (
    ApprovalFilters,
    ApprovalNoteOut,
    ApprovalNoteShape,
    ApprovalTakenShape,
    HandoverAnswerShape,
    HandoverFilters,
    HandoverOut,
    HandoverShape,
)
from enforcement.views.listing import example
from enforcement.views.register import RegisterDoor

UNIT = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"
SENT = {
    "enterprise": UNIT,
    "problem": "危险化学品经营许可证已过期，仍在经营",
    "licence_kind": "hazchem_business",
    "document": "兴应急抄〔2026〕4号",
}
APPROVED = {
    "enterprise": UNIT,
    "matter": "危险化学品经营许可证延续",
    "result": "renewed",
    "licence_number": "晋吕危化经字〔2026〕0012",
    "decided_on": "2026-11-18",
    "received_on": "2026-11-20",
}


class HandoverDoor(RegisterDoor):
    """审管衔接：抄告审批部门"""

    model = Handover
    serializer_class = HandoverOut
    ordering = ("-sent_on", "id")
    etag_tables = ("enforcement.Handover", "hazards.Hazard", "enterprises.Enterprise")
    filters = {"list": HandoverFilters}

    @extend_schema(responses=HandoverOut)
    def retrieve(self, request, pk):
        """一件抄告。"""
        return self.shown(self.get_object())

    @extend_schema(request=HandoverShape, responses={201: HandoverOut}, examples=example("证照过期", SENT))
    def create(self, request):
        """把检查中发现的审批手续、证照问题抄告审批部门，跟踪到答复为止。"""
        return self.added(handover.send_over(by=self.by, **self.read(HandoverShape)))

    @extend_schema(
        request=HandoverAnswerShape,
        responses=HandoverOut,
        examples=example("答复", {"answer": "已责令停止经营并注销许可", "result": "revoked"}),
    )
    def answer(self, request, pk):
        """审批部门答复；以纸质答复的由发出方登记。"""
        return self.step(handover.answer, pk, HandoverAnswerShape)


class ApprovalNoteDoor(RegisterDoor):
    """审管衔接：审批信息"""

    model = ApprovalNote
    serializer_class = ApprovalNoteOut
    ordering = ("-received_on", "id")
    etag_tables = ("enforcement.ApprovalNote", "enterprises.Enterprise")
    filters = {"list": ApprovalFilters}

    def chosen(self, rows, *, acknowledged=None, **asked):
        rows = rows.chosen(**asked)
        return rows if acknowledged is None else rows.acknowledged(acknowledged)

    @extend_schema(responses=ApprovalNoteOut)
    def retrieve(self, request, pk):
        """一条审批信息。"""
        return self.shown(self.get_object())

    @extend_schema(request=ApprovalNoteShape, responses={201: ApprovalNoteOut}, examples=example("许可延续", APPROVED))
    def create(self, request):
        """审批事项完成后抄告监管部门的信息；不写主管部门时按行业领域确定。"""
        return self.added(handover.receive(by=self.by, **self.read(ApprovalNoteShape)))

    @extend_schema(
        request=ApprovalTakenShape,
        responses=ApprovalNoteOut,
        examples=example("接收监管", {"note": "列入四季度检查计划"}),
    )
    def acknowledge(self, request, pk):
        """监管部门接收，写明监管安排。"""
        return self.step(handover.acknowledge, pk, ApprovalTakenShape)
