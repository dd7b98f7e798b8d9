"""Doors of bulletins."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from assessment.bulletins import actions, sheets
from assessment.bulletins.serializers import BulletinEditShape, BulletinFilters, BulletinOut, BulletinRowOut
from assessment.models import Bulletin, Closing
from evidence.official import printing, word, workbook
from evidence.papers.views import DOCX, PDF, download, site_of
from safety_api.doors import Door
from safety_api.problems import NOT_FOUND
from safety_api.stamps import etag_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW = (
    "id", "epoch", "xid", "closing_id", "region_code", "year", "month", "revision", "first_id", "number", "issued_on",
    "frozen_at", "gathered_at", "drafted_name", "edited_at", "sha256",
)  # fmt: skip
EXAMPLE = {
    "requirements": ["各乡镇要立即组织开展煤矿顶板、瓦斯专项检查。", "对逾期未整改的隐患，逐条落实责任人和时限。"],
    "paragraphs": {"accidents": ["“3·05”事故正在由省级有关部门组织调查。"]},
}


class BulletinDoor(Door):
    """通报"""

    serializer_class = BulletinRowOut
    ordering = ("-year", "-month", "-revision", "id")
    etag_tables = ("assessment.Bulletin",)
    filters = {"list": BulletinFilters}
    lookup_url_kwarg = "bulletin_id"

    def get_queryset(self):
        rows = Bulletin.objects.visible_to(self.request.user)
        return rows.only(*ROW) if self.action == "list" else rows.select_related("closing")

    def chosen(self, rows, *, frozen=None, **equal):
        rows = rows.filter(**equal)
        return rows if frozen is None else rows.frozen(frozen)

    @extend_schema(responses=BulletinOut)
    def retrieve(self, request, bulletin_id: int):
        """一份通报：可改的部分和现在的全文。草稿由县应急局、安委办查看，定稿后全县各部门、各乡镇可见。"""
        return self._shown(self.get_object())

    @extend_schema(request=None, responses={200: BulletinOut, 201: BulletinOut})
    def draft(self, request, closing_id: int):
        """起草（201），或按现在掌握的情况重新汇总数字（200）：已写的主送、要求等不变。每月1日自动起草上月的。"""
        if not Closing.objects.visible_to(request.user).filter(pk=closing_id).exists():
            raise NOT_FOUND()
        bulletin, new = actions.draft(closing_id, by=self.by)
        return self._shown(bulletin, 201 if new else 200)

    @extend_schema(
        request=BulletinEditShape,
        responses=BulletinOut,
        examples=[OpenApiExample("工作要求", EXAMPLE, request_only=True)],
    )
    def edit(self, request, bulletin_id: int):
        """修改主送、抄送、导语、各部分补充和工作要求；定稿签发后不能再改。数字由平台生成，不在此修改。"""
        if not self.get_queryset().filter(pk=bulletin_id).exists():
            raise NOT_FOUND()
        written = self.read(BulletinEditShape)
        return self._shown(actions.edit(bulletin_id, by=self.by, fresh=self.check_fresh, **written))

    def _shown(self, bulletin: Bulletin, status: int = 200) -> Response:
        bulletin.shown_text = sheets.sheet_of(bulletin, site="").text  # type: ignore[attr-defined]
        shown = self.shape(BulletinOut).to_representation(bulletin)
        return Response(shown, status=status, headers={"ETag": etag_of(bulletin)})

    # --- as files ----------------------------------------------------------------------------------------------------
    def _file(self, make: Any, media_type: str, ending: str) -> Any:
        bulletin = self.get_object()
        sheet = sheets.sheet_of(bulletin, site=site_of(self.request))
        return download(make(sheet), media_type, sheets.file_name(bulletin, sheet, ending), inline=ending == "pdf")

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def pdf(self, request, bulletin_id: int):
        """公文版式的 PDF；定稿的每次相同，草稿印有“草稿”字样。"""
        return self._file(printing.pdf, PDF, "pdf")

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY})
    def docx(self, request, bulletin_id: int):
        """可编辑的 Word 文档，内容与 PDF 相同；改动它不会改动已定稿的通报。"""
        return self._file(word.docx, DOCX, "docx")

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def xlsx(self, request, bulletin_id: int):
        """工作簿：首页为正文，各表各占一页，不含公式和链接。"""
        return self._file(workbook.xlsx, XLSX, "xlsx")
