"""Doors of departments' lists: as JSON, and as a workbook."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from assessment.closings.rules import rules_on
from assessment.closings.source_lists import actions
from assessment.closings.source_lists.columns import COLUMNS
from assessment.closings.source_lists.serializers import (
    SendListFilters,
    SourceListFilters,
    SourceListOut,
    SourceListShape,
    SourceListWholeOut,
    SourceRowOut,
)
from assessment.models import SourceList
from safety_api.doors import Door
from safety_api.parsers import WorkbookBytes
from safety_api.permissions import inside
from safety_api.roles import Role
from safety_api.sheets import XLSX, write_template
from safety_api.stamps import etag_of

LIST = {
    "source": "police", "year": 2026, "month": 10,
    "rows": [{
        "external_number": "兴公交〔2026〕47号", "day": "2026-10-12", "time": "21:40", "region": "蔚汾镇", "place": "218省道 12 公里处",
        "deaths": 1, "serious_injuries": 0, "category": "Z2", "description": "小客车驶出路面",
    }],
}  # fmt: skip
NIL = {"source": "fire", "year": 2026, "month": 10, "nil_return": True}
BYTES = {"type": "string", "format": "binary"}
BOOK = {XLSX: BYTES, "application/octet-stream": BYTES}


class SourceListDoor(Door):
    """部门月报：公安交警、消防救援等按月列出的事故，或零报告"""

    serializer_class = SourceListOut
    ordering = ("-year", "-month", "source", "-edition", "id")
    etag_tables = ("assessment.SourceList",)
    filters = {"list": SourceListFilters}
    lookup_url_kwarg = "list_id"

    def get_queryset(self):
        user: Any = self.request.user
        rows = SourceList.objects.visible_to(user)
        if user.role != Role.DEPARTMENT_OFFICER:
            return rows
        return rows.filter(source__in=_own_sources(user))

    def chosen(self, rows, *, region=None, current=False, **equal):
        rows = rows.filter(**equal)
        rows = rows.filter(inside(region)) if region else rows
        return rows.filter(pk__in=rows.current().values("pk")) if current else rows

    @extend_schema(responses=SourceListWholeOut)
    def retrieve(self, request, list_id: int):
        """一版月报和它的各行。"""
        return self._whole(self.get_object())

    @extend_schema(
        request=SourceListShape,
        responses={201: SourceListWholeOut},
        examples=[
            OpenApiExample("交警月报", LIST, request_only=True),
            OpenApiExample("零报告", NIL, request_only=True),
        ],
    )
    def create(self, request):
        """提交一份月报（整份收或整份不收）；更正后重交成为新的一版，旧版保留。"""
        return self._whole(actions.take_rows(by=self.by, **self.read(SourceListShape)), 201)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def template(self, request) -> HttpResponseBase:
        """空表：第一行列名（*为必填），第二行说明。"""
        with TemporaryDirectory(prefix="table-") as folder:
            path = Path(folder) / "list.xlsx"
            write_template(path, COLUMNS)
            file = open(path, "rb")  # noqa: SIM115 - the answer closes it
            os.unlink(path)
        return FileResponse(file, as_attachment=True, filename="部门月报.xlsx", content_type=XLSX)

    def _whole(self, row: SourceList, status: int = 200) -> Response:
        shown = self.shape(SourceListOut).to_representation(row)
        show = self.shape(SourceRowOut).to_representation
        rows = [show(each) for each in row.rows.order_by("line", "id")]
        return Response({**shown, "rows": rows}, status=status, headers={"ETag": etag_of(row)})


def _own_sources(user: Any) -> list[str]:
    return [each.code for each in rules_on(timezone.localdate()).sources if each.department == user.department_id]


class SourceWorkbookDoor(SourceListDoor):
    """部门月报，Excel"""

    tag = "source_lists"
    parser_classes = (WorkbookBytes,)
    filters = {"send_workbook": SendListFilters}
    content = b""

    @extend_schema(request=BOOK, parameters=[SendListFilters], responses={201: SourceListWholeOut})
    def send_workbook(self, request):
        """提交一份月报，正文即 .xlsx 文件（至多 5 MB、2000 行，不得含公式）；有误的各格逐一指出，整份不收。"""
        body = self.parameters()
        _ = request.data  # read by the parser
        return self._whole(actions.take_workbook(self.content, by=self.by, **body), 201)
