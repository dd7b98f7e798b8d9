"""Doors of ledgers, of lists from Excel, of superiors' templates."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ledgers import actions, exporting, forms, importing
from ledgers.books import LEDGERS
from ledgers.books.rectification import RectificationFilters
from ledgers.ledger import Ledger
from ledgers.models import Import, Reconciliation, ReportTemplate
from ledgers.serializers import (
    ImportFilters,
    ImportOut,
    ImportWholeOut,
    NewTemplateFilters,
    ReconciliationOut,
    ReconciliationWholeOut,
    ReportedUpOut,
    ReportedUpShape,
    ReportMappingShape,
    ReportTemplateOut,
    ReportTemplateWholeOut,
    SendAnyFilters,
    SendChecklistFilters,
    SendFilters,
    shape_of,
)
from safety_api.doors import Door, Filters
from safety_api.parsers import WorkbookBytes
from safety_api.problems import FORBIDDEN, IN_FUTURE, NOT_FOUND
from safety_api.search import search_for
from safety_api.shapes import RecordId
from safety_api.sheets import XLSX
from safety_api.stamps import etag_of
from safety_api.writing import read_back

MOST_FAULTS_SHOWN = 200


class BookDoor(Door):
    """A door that takes workbooks and hands them out."""

    content = b""

    def sent(self) -> bytes:
        """What came in the body."""
        _ = self.request.data  # read by the parser
        return self.content

    def may_see_people(self, ledger: Ledger, wanted: bool) -> bool:
        """Raises FORBIDDEN for who may not have people in the clear."""
        if wanted and not ledger.sees_people(self.request.user):
            raise FORBIDDEN()
        return wanted


class LedgerDoor(BookDoor):
    """One class a ledger, made by `door_of`."""

    tag = "ledgers"
    ledger: ClassVar[Ledger]
    contacts = False
    day: date

    def get_queryset(self):
        return self.ledger.rows(self.request.user, timezone.localdate())

    def shape_context(self) -> dict[str, Any]:
        return {"contacts": self.contacts}

    def list(self, request, *args, **kwargs) -> HttpResponseBase:  # type: ignore[override]
        wanted = self.parameters()
        self.day, self.contacts = timezone.localdate(), self.may_see_people(self.ledger, wanted.pop("contacts"))
        if wanted.pop("format") == "xlsx":
            asked = self.filters_of_action()()
            return exporting.workbook_file(self.ledger, asked, wanted, self.day, by=self.by, contacts=self.contacts)
        if self.ledger.searched:
            kind, column = self.ledger.searched
            self.search = search_for(kind, wanted.pop("q", None), column)
        return self.tagged(lambda: self.page_of(self.ledger.choose(self.get_queryset(), self.day, **wanted)))

    def page_of(self, rows):
        page = self.ledger.completed(self.paginate_queryset(rows) or [], self.day)
        return self.get_paginated_response([self.shape().to_representation(row) for row in page])


def door_of(ledger: Ledger) -> Any:
    shape = shape_of(ledger)
    answers = {(200, "application/json"): shape(many=True), (200, XLSX): OpenApiTypes.BINARY}
    said = f"{ledger.title}。format=xlsx 给出可直接报送的工作簿：每个行业领域一页，表头冻结，可打印。"
    door: Any = type(
        f"{shape.__name__.removesuffix('LedgerRowOut')}LedgerDoor",
        (LedgerDoor,),
        {
            "__doc__": ledger.title, "ledger": ledger, "serializer_class": shape, "filters": ledger.filters,
            "ordering": ledger.ordering, "etag_tables": ledger.tables,
        },
    )  # fmt: skip
    return extend_schema(methods=["GET"], responses=answers, description=said)(door)


def as_ledgers() -> dict[str, Any]:
    """The view of each ledger under its name in addresses."""
    return {
        name: door_of(ledger).as_view({"get": "list"}, basename=f"ledger_{name.replace('-', '_')}")
        for name, ledger in LEDGERS.items()
    }


# --- lists that come in -----------------------------------------------------------------------------------------------
BYTES = {"type": "string", "format": "binary"}
BOOK = {XLSX: BYTES, "application/octet-stream": BYTES}


class ImportDoor(BookDoor):
    """名册导入：单位、场所（车辆、承运单位、九小场所等）、部门检查表。全部无误才录入，否则一行也不录。"""

    tag = "imports"
    serializer_class = ImportOut
    parser_classes = (WorkbookBytes,)
    ordering = ("-made_at", "id")
    filters = {"list": ImportFilters}

    def get_queryset(self):
        return Import.objects.visible_to(self.request.user).defer("file")

    def chosen(self, rows, **wanted):
        return rows.filter(**wanted)

    def filters_of_action(self) -> type[Filters]:
        if self.action == "send":
            return SendChecklistFilters if self.kwargs.get("kind") == "checklists" else SendFilters
        return super().filters_of_action()

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def template(self, request: Request, kind: str) -> HttpResponseBase:
        """空表：第一行列名（*为必填），第二行说明。"""
        listed = self._kind(kind)
        return exporting.empty_table(listed.columns, f"{listed.label}.xlsx")

    @extend_schema(request=BOOK, parameters=[SendAnyFilters], responses={202: ImportOut})
    def send(self, request: Request, kind: str) -> Response:
        """交来一份名册（正文即 .xlsx 文件），由后台逐行检查并录入；dry_run=true 只检查。checklists 另须 sector 等参数。"""
        self._kind(kind)
        wanted = self.parameters()
        dry_run = wanted.pop("dry_run")
        row = importing.receive(kind, self.sent(), by=self.by, dry_run=dry_run, parameters=wanted)
        read_back(row)
        return self.shown(row, 202)

    @extend_schema(responses=ImportWholeOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """处理到哪里、结果如何、哪些行有什么问题。"""
        row = self.get_object()
        row.progress = importing.progress(row.pk)
        known = row.faults.order_by("row", "id")[:MOST_FAULTS_SHOWN]
        shown = self.shape(ImportOut).to_representation(row)
        faults = [
            {"row": each.row, "heading": each.heading, "value": each.value, "reason": each.reason} for each in known
        ]
        return Response({**shown, "warnings": row.warnings, "progress": row.progress, "faults": faults})

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def report(self, request: Request, pk: UUID) -> HttpResponseBase:
        """逐行问题，Excel。"""
        faults = self.get_object().faults.order_by("row", "id").values_list("row", "heading", "value", "reason")
        return exporting.table(("行", "列", "内容", "问题"), faults.iterator(), "逐行问题.xlsx")

    def _kind(self, kind: str) -> importing.ListKind:
        if kind not in importing.KINDS:
            raise NOT_FOUND()
        return importing.KINDS[kind]


# --- superiors' templates ---------------------------------------------------------------------------------------------
MAPPING = {
    "sheet": "Sheet1", "heading_row": 2, "first_row": 3,
    "columns": {"序号": "serial", "隐患描述": "description", "整改期限": "deadline", "整改情况": "state"},
    "words": {"已整改": "closed"},
}  # fmt: skip


class TemplateDoor(BookDoor):
    """上级模板：上传一次、对应一次，以后按它的样子填好我方数据。"""

    tag = "report-templates"
    serializer_class = ReportTemplateOut
    ordering = ("-made_at", "id")
    filters = {"create": NewTemplateFilters, "filled": RectificationFilters}

    def get_parsers(self):
        method = (
            getattr(self.request, "method", None) or ""
        ).lower()  # the action is not yet named when parsers are asked for
        return [WorkbookBytes()] if self.action_map.get(method) == "create" else super().get_parsers()

    def get_queryset(self):
        rows = ReportTemplate.objects.visible_to(self.request.user)
        return rows.defer("file") if self.action == "list" else rows

    @extend_schema(request=BOOK, parameters=[NewTemplateFilters], responses={201: ReportTemplateWholeOut})
    def create(self, request: Request) -> Response:
        """上传上级给的工作簿（正文即文件，至多 5 MB）；答复列出各表前几行，供对应各列。"""
        row = actions.keep_template(content=self.sent(), by=self.by, **self.parameters())
        return self.whole(ReportTemplate.objects.get(pk=row.pk), 201)

    @extend_schema(responses=ReportTemplateWholeOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """模板、各表前几行、可对应的字段。"""
        return self.whole(self.get_object())

    @extend_schema(
        request=ReportMappingShape,
        responses=ReportTemplateWholeOut,
        examples=[OpenApiExample("对应各列", MAPPING, request_only=True)],
    )
    def map_columns(self, request: Request, pk: UUID) -> Response:
        """设定列的对应：哪张表、列名在第几行、数据从第几行起、哪一列填什么。"""
        self.get_object()
        return self.whole(actions.map_columns(pk, by=self.by, fresh=self.check_fresh, **self.read(ReportMappingShape)))

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def filled(self, request: Request, pk: UUID) -> HttpResponseBase:
        """按上级模板的样子填好的工作簿；参数同该台账。答复头 Handed-Up 是这次上报的编号，供标记已报。"""
        template = self.get_object()
        self.asked = LEDGERS[template.ledger].filters
        wanted = self.parameters()
        wanted.pop("format")
        contacts = self.may_see_people(LEDGERS[template.ledger], wanted.pop("contacts"))
        with TemporaryDirectory(prefix="form-") as folder:
            path, day = Path(folder) / "filled.xlsx", timezone.localdate()
            made = actions.hand_up(template, path, self.asked(), wanted, day, by=self.by, contacts=contacts)
            answer = exporting.sent(path, f"{template.name}{day:%Y%m%d}.xlsx")
        answer["Handed-Up"] = str(made.pk)
        return answer

    @extend_schema(
        request=ReportedUpShape,
        responses=ReportedUpOut,
        examples=[OpenApiExample("已报", {"on": "2026-11-20"}, request_only=True)],
    )
    def mark(self, request: Request, pk: UUID) -> Response:
        """把最近一次填出的各条标记为“已报上级”；已有日期的不改。"""
        template = self.get_object()
        wanted = self.read(ReportedUpShape)
        if wanted["on"] > timezone.localdate():
            raise IN_FUTURE.at("/on")
        return Response({"marked": actions.mark(template, by=self.by, **wanted)})

    asked: type[Filters] | None = None  # of the template's own ledger

    def filters_of_action(self) -> type[Filters]:
        return self.asked or super().filters_of_action()

    def whole(self, template: ReportTemplate, status: int = 200) -> Response:
        ledger = LEDGERS[template.ledger]
        fields = {forms.SERIAL: "序号", forms.KEY: "我方编号"} | {each.name: each.heading for each in ledger.columns}
        body = self.shape(ReportTemplateOut).to_representation(template)
        whole = {**body, "sheets": actions.sheets_of(template), "fields_of_ledger": fields}
        return Response(whole, status=status, headers={"ETag": etag_of(template)})


class ReconciliationFilters(RectificationFilters):
    template = RecordId(help_text="已对应各列的模板，见 report-templates")


class ReconciliationDoor(BookDoor):
    """对账：上级的清单与我方的台账。"""

    tag = "reconciliations"
    serializer_class = ReconciliationOut
    parser_classes = (WorkbookBytes,)
    ordering = ("-made_at", "id")
    filters = {"create": ReconciliationFilters}

    def get_queryset(self):
        rows = Reconciliation.objects.visible_to(self.request.user)
        return rows.defer("only_theirs", "only_ours", "differences", "numbers") if self.action == "list" else rows

    @extend_schema(request=BOOK, parameters=[ReconciliationFilters], responses={201: ReconciliationWholeOut})
    def create(self, request: Request) -> Response:
        """交来上级导出的清单（正文即 .xlsx 文件），与我方按参数选出的各条比对：各自独有的、状态和期限不同的、可补记编号的。"""
        wanted = self.parameters()
        for name in ("format", "contacts"):
            wanted.pop(name)
        template = ReportTemplate.objects.visible_to(request.user).filter(pk=wanted.pop("template")).first()
        if template is None:
            raise NOT_FOUND()
        asked, day = self.filters_of_action()(), timezone.localdate()
        row = actions.reconcile(template, self.sent(), asked, wanted, day, by=self.by)
        return self.whole(Reconciliation.objects.get(pk=row.pk), 201)

    @extend_schema(responses=ReconciliationWholeOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """一次对账的结果。"""
        return self.whole(self.get_object())

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    def report(self, request: Request, pk: UUID) -> HttpResponseBase:
        """一次对账的结果，Excel。"""
        return exporting.table(exporting.RECONCILED, exporting.reconciled(self.get_object()), "对账.xlsx")

    @extend_schema(request=None, responses=ReconciliationWholeOut)
    def take_numbers(self, request: Request, pk: UUID) -> Response:
        """把对上的各条的上级平台编号补记到我方隐患。"""
        actions.take_numbers(pk, by=self.by)
        return self.whole(self.get_object())

    def whole(self, row: Reconciliation, status: int = 200) -> Response:
        body = self.shape(ReconciliationOut).to_representation(row)
        details = {name: getattr(row, name) for name in ("only_theirs", "only_ours", "differences", "numbers")}
        return Response({**body, **details}, status=status, headers={"ETag": etag_of(row)})


as_imports = partial(ImportDoor.as_view, basename="imports")
as_templates = partial(TemplateDoor.as_view, basename="report_templates")
as_reconciliations = partial(ReconciliationDoor.as_view, basename="reconciliations")
