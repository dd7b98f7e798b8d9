"""Doors of quick reports, each under its accident."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accidents.models import Accident, QuickReport
from accidents.quick_reports import actions
from accidents.quick_reports.serializers import (
    QuickReportEditShape,
    QuickReportOut,
    QuickReportRowOut,
    QuickReportSignShape,
)
from evidence.official import printing, word
from evidence.official.sheet import DRAFT, Sheet
from evidence.papers.views import DOCX, PDF, download
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND, STALE

EXAMPLE = {"words": {"measures": "已组织矿山救护队两队42人下井搜救，周边采掘作业全部停止。"}}


class QuickReportDoor(Door):
    """事故快报"""

    serializer_class = QuickReportRowOut
    pagination_class = None  # type: ignore[assignment]
    etag_tables = ("accidents.QuickReport", "accidents.Accident")
    tag = "accidents"

    def get_queryset(self):
        return QuickReport.objects.visible_to(self.request.user)

    def _accident(self, accident_id: UUID) -> None:
        if not Accident.objects.visible_to(self.request.user).filter(pk=accident_id).exists():
            raise NOT_FOUND()

    def _report(self, accident_id: UUID, report_id: int) -> QuickReport:
        rows = self.get_queryset().select_related("accident__sector")
        found = rows.filter(accident=accident_id, pk=report_id).first()
        if found is None:
            raise NOT_FOUND()
        return found

    def _answer(self, report: QuickReport, status: int = 200) -> Response:
        text, digest = actions.shown(report)
        report.shown_text, report.shown_digest = text, digest  # type: ignore[attr-defined]
        answer = self.shape(QuickReportOut).to_representation(report)
        return Response(answer, status=status, headers={"ETag": f'"{digest}"'})

    def _check_seen(self, digest: str) -> None:
        """Raises STALE when If-Match names another text than the one that stands."""
        wanted = self.request.headers.get("If-Match")
        if wanted and wanted != "*" and digest not in wanted:
            raise STALE()

    @extend_schema(responses=QuickReportRowOut(many=True))
    def list(self, request, accident_id: UUID):
        """一起事故的各期快报；草稿只有县级（值班、应急局、安委办）可见。"""
        self.parameters()
        self._accident(accident_id)
        rows = self.get_queryset().filter(accident=accident_id).order_by("issue").defer("text", "facts", "words")
        show = self.shape().to_representation
        return self.tagged(lambda: Response([show(row) for row in rows]))

    @extend_schema(request=None, responses={200: QuickReportOut, 201: QuickReportOut})
    def draft(self, request, accident_id: UUID):
        """另起一期（201）；已有草稿的返回草稿（200）。每次报告后自动起草，一般不必手动。"""
        self._accident(accident_id)
        report, new = actions.draft(accident_id, by=self.by)
        return self._answer(report, 201 if new else 200)

    @extend_schema(responses=QuickReportOut)
    def retrieve(self, request, accident_id: UUID, report_id: int):
        """一期快报的全文；草稿随最新报告变化，签发后固定。"""
        return self._answer(self._report(accident_id, report_id))

    @extend_schema(
        request=QuickReportEditShape,
        responses=QuickReportOut,
        examples=[OpenApiExample("改写措施", EXAMPLE, request_only=True)],
    )
    def edit(self, request, accident_id: UUID, report_id: int):
        """修改草稿的文字和主报、抄送；伤亡数字以报告为准，不在此修改。"""
        self._report(accident_id, report_id)
        written = self.read(QuickReportEditShape)
        return self._answer(actions.edit(accident_id, report_id, by=self.by, fresh=self._check_seen, **written))

    @extend_schema(
        request=QuickReportSignShape,
        responses=QuickReportOut,
        examples=[OpenApiExample("签发", {"seen": "0" * 64}, request_only=True)],
    )
    def sign(self, request, accident_id: UUID, report_id: int):
        """签发：编号、定稿，此后不能改动。起草人可以签发，记录签发人。"""
        self._report(accident_id, report_id)
        signed = self.read(QuickReportSignShape)
        return self._answer(actions.sign(accident_id, report_id, by=self.by, fresh=self._check_seen, **signed))

    # --- as files ----------------------------------------------------------------------------------------------------
    def _file(self, accident_id: UUID, report_id: int, make: Any, media_type: str, ending: str) -> Any:
        report = self._report(accident_id, report_id)
        sheet = sheet_of(report)
        name = f"{sheet.text['title']}{report.number or '（草稿）'}.{ending}"
        return download(make(sheet), media_type, name, inline=ending == "pdf")

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def pdf(self, request, accident_id: UUID, report_id: int):
        """供打印、传真的 PDF；草稿印有“草稿”字样。"""
        return self._file(accident_id, report_id, printing.pdf, PDF, "pdf")

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY})
    def docx(self, request, accident_id: UUID, report_id: int):
        """可编辑的 Word 文档，内容与 PDF 相同。"""
        return self._file(accident_id, report_id, word.docx, DOCX, "docx")


def sheet_of(report: QuickReport) -> Sheet:
    """Signed ones of their own moment; a draft of the moment of its last change."""
    text, _ = actions.shown(report)
    if report.signed_at:
        return Sheet(text, report.number, int(report.signed_at.timestamp()))
    moment = report.edited_at or report.drafted_at
    return Sheet(text, f"〔{moment.year}〕第　　期", int(moment.timestamp()), watermark=DRAFT)
