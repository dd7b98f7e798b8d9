"""The door of wrongful reports found on evidence, under an accident."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accidents.findings import wrongful
from accidents.findings.serializers import WrongReportOut, WrongReportRevokeShape, WrongReportShape
from accidents.reports import contents
from accidents.reports.views import UNIT, CaseDoor, example

PAPER = {"document": "兴应急认〔2026〕4号", "approved_by": "县应急管理局局长办公会"}


class FindingDoor(CaseDoor):
    """违规报告认定"""

    @extend_schema(responses=WrongReportOut(many=True))
    def findings(self, request, accident_id: UUID):
        """迟报、漏报、谎报、瞒报、误报的认定，连同已撤销的。"""
        return Response(WrongReportOut(contents.findings_of(self.get_object()), many=True).data)

    @extend_schema(
        request=WrongReportShape, responses={201: WrongReportOut(many=True)},
        examples=example("瞒报", kind="concealed", level="enterprise", enterprise=UNIT,
                         evidence="调度记录与入井人员定位证实，时限内未报告", **PAPER),
    )  # fmt: skip
    def find(self, request, accident_id: UUID):
        """认定违规报告，须有证据、文书和批准人。谎报、瞒报同时记为该单位的事实，影响分类。"""
        self.act(wrongful.find, accident_id, WrongReportShape)
        return Response(WrongReportOut(contents.findings_of(self.get_object()), many=True).data, status=201)

    @extend_schema(
        request=WrongReportRevokeShape, responses={201: WrongReportOut(many=True)},
        examples=example("撤销认定", reason="复核认定已按时电话报告", **PAPER),
    )  # fmt: skip
    def revoke(self, request, accident_id: UUID, finding_id: int):
        """以新的认定撤销：原认定保留可查，单位事实撤回。"""
        self.act(wrongful.revoke, accident_id, WrongReportRevokeShape, finding_id=finding_id)
        return Response(WrongReportOut(contents.findings_of(self.get_object()), many=True).data, status=201)
