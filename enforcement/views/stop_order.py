"""Doors of stop orders and resumption."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from enforcement.actions import stop_order
from enforcement.models import StopOrder
from enforcement.querysets import ACTIVE_STOPS
from enforcement.serializers.listing import RegisterApplicationShape
from enforcement.serializers.stop_order import (
    PublishStopShape,
    ResumptionShape,
    StopAcceptanceShape,
    StopConsentShape,
    StopEndShape,
    StopFilters,
    StopOrderOut,
    StopOrderWholeOut,
    StopShape,
)
from enforcement.views.listing import example
from enforcement.views.register import RegisterDoor
from evidence.papers.reading import of_record, remarks_of

ORDER = {
    "enterprise": "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01",
    "hazards": ["7a2f6c39-5b44-4be5-9a38-6f3f1f1cb001"],
    "extent": "whole",
    "reason": "通风系统不完善、不可靠，存在重大事故隐患",
    "basis": "煤矿安全生产条例 第三十六条",
    "document": "兴应急停〔2026〕2号",
    "issued_on": "2026-11-20",
}
CONSENT = {"kind": "mine_safety", "person": "马某", "document": "晋矿安监函〔2026〕8号", "on": "2026-11-23"}


class StopOrderDoor(RegisterDoor):
    """停产停业与复产"""

    model = StopOrder
    serializer_class = StopOrderOut
    whole = StopOrderWholeOut
    ordering = ("-issued_on", "id")
    etag_tables = (
        "enforcement.StopOrder", "hazards.Hazard", "enterprises.Enterprise", "enterprises.Site",
    )  # fmt: skip
    filters = {"list": StopFilters}

    def shown(self, row: Any, status: int = 200) -> Response:
        row.shown_papers = of_record(row, self.request.user)
        row.warnings = remarks_of(row.shown_papers)
        return super().shown(row, status)

    def chosen(self, rows, *, active=None, **asked):
        rows = rows.chosen(**asked)
        standing = Q(state__in=ACTIVE_STOPS)
        return rows if active is None else rows.filter(standing if active else ~standing)

    @extend_schema(responses=StopOrderWholeOut)
    def retrieve(self, request, pk):
        """一份停产停业决定及其复产过程。"""
        return self.shown(self.get_object())

    @extend_schema(request=StopShape, responses={201: StopOrderWholeOut}, examples=example("责令停产整顿", ORDER))
    def create(self, request):
        """责令停产停业：不写文号的，随之出具现场处理措施决定书；已另行制作决定书的，登记其文号。全部停产停业即成为该单位的事实，分类监管随之封顶（K08）；所列隐患标为已停产。"""
        return self.added(stop_order.issue(by=self.by, **self.read(StopShape)))

    @extend_schema(
        request=PublishStopShape,
        responses=StopOrderWholeOut,
        examples=example("公告", {"what": "stop", "where": "县政府网站"}),
    )
    def publish(self, request, pk):
        """登记停产或复产公告；煤矿期限 5 个工作日（煤矿安全生产条例 第四十九条）。"""
        return self.step(stop_order.publish, pk, PublishStopShape)

    @extend_schema(
        request=RegisterApplicationShape,
        responses=StopOrderWholeOut,
        examples=example("申请复产", {"application": "整改完成，申请复产验收"}),
    )
    def apply(self, request, pk):
        """申请复产：由企业主要负责人；煤矿自申请之日起 20 日内组织验收。"""
        return self.step(stop_order.apply, pk, RegisterApplicationShape)

    @extend_schema(
        request=StopAcceptanceShape,
        responses=StopOrderWholeOut,
        examples=example("验收合格", {"acceptance": "逐项查验合格", "document": "兴应急验〔2026〕5号"}),
    )
    def accept(self, request, pk):
        """复产验收合格；恢复生产仍须另行决定。"""
        return self.step(stop_order.accept, pk, StopAcceptanceShape)

    @extend_schema(
        request=StopAcceptanceShape,
        responses=StopOrderWholeOut,
        examples=example("验收不合格", {"acceptance": "回风巷断面仍不足"}),
    )
    def refuse(self, request, pk):
        """复产验收不合格：继续停产。"""
        return self.step(stop_order.refuse, pk, StopAcceptanceShape)

    @extend_schema(
        request=StopConsentShape, responses=StopOrderWholeOut, examples=example("矿山安全监察机构同意", CONSENT)
    )
    def consent(self, request, pk):
        """登记煤矿复产的三方同意：主要负责人签字、矿山安全监察机构审核同意、政府主要负责人批准。"""
        return self.step(stop_order.consent, pk, StopConsentShape)

    @extend_schema(
        request=ResumptionShape,
        responses=StopOrderWholeOut,
        examples=example("恢复生产", {"document": "兴应急复〔2026〕2号"}),
    )
    def resume(self, request, pk):
        """恢复生产：随之出具整改复查意见书，或登记已另行制作的文号；须部门负责人办理，所列隐患全部销号，煤矿须三方同意齐全。"""
        return self.step(stop_order.resume, pk, ResumptionShape)

    @extend_schema(
        request=StopEndShape,
        responses=StopOrderWholeOut,
        examples=example("撤销", {"note": "文书送达对象有误，撤销后另行决定"}),
    )
    def withdraw(self, request, pk):
        """撤销停产决定：自始不作数，所述事实一并撤回。"""
        return self.step(stop_order.withdraw, pk, StopEndShape)

    @extend_schema(
        request=StopEndShape,
        responses=StopOrderWholeOut,
        examples=example("关闭", {"note": "兴政关〔2026〕1号，予以关闭"}),
    )
    def close(self, request, pk):
        """登记单位已由政府关闭，不再复产。"""
        return self.step(stop_order.close, pk, StopEndShape)
