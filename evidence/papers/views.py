"""Doors of papers: issuing them, reading them, what happens to them, and the one door that asks nobody who they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

from evidence import storage
from evidence.looking import Unreadable, shown
from evidence.papers import actions, printing, word
from evidence.papers.drafting import discard, issue_draft
from evidence.papers.models import Paper, PaperDraft
from evidence.papers.registry import VERIFIERS, find, verifies
from evidence.papers.serializers import (
    CorrectionShape,
    DiscardShape,
    DraftFilters,
    IssueDraftShape,
    IssueShape,
    PaperDraftOut,
    PaperFilters,
    PaperOut,
    PaperRowOut,
    RefusalOut,
    RefusalShape,
    ScanFilters,
    ScanInFilters,
    ScanOut,
    ServiceOut,
    ServiceShape,
    SheetFilters,
    SignatureOut,
    SignatureShape,
    VerifiedOut,
)
from evidence.streams import AnyBytes, chunks_of
from readers.media_types import Bytes
from safety_api.bodies import announced
from safety_api.doors import Door
from safety_api.paging import both
from safety_api.problems import FILE_TOO_HEAVY, NOT_FOUND

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HAZARD, COLLEAGUE = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0b02", "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a01"
ORDER = {
    "kind": "rectify_order",
    "subject": {"kind": "hazard", "id": HAZARD},
    "officers": [COLLEAGUE],
    "fields": {"deadline": "2026-12-10", "measures": "停止该工作面作业，补打锚杆后验收"},
}
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
ASKED = {
    "subject_kind": "subject_kind", "subject": "subject_id", "enterprise": "enterprise_id", "kind": "kind__in",
    "nature": "nature__in", "department": "department_id", "year": "year", "issued_from": "issued_at__gte",
    "issued_before": "issued_at__lt",
}  # fmt: skip

DRAFT_EQUALITIES = {"subject": "subject_id", "enterprise": "enterprise_id", "kind": "kind", "made_by": "made_by"}


def site_of(request: Any) -> str:
    """The address printed into QR codes: PUBLIC_URL, or the one by which this request found us."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def the_paper(request: Any, paper_id: UUID) -> Paper:
    """Raises 404 for one that this person may not see."""
    return get_object_or_404(Paper.objects.visible_to(request.user).select_related("corrected_by"), pk=paper_id)


def download(content: bytes, media_type: str, name: str, *, inline: bool) -> HttpResponse:
    """A file that a browser shows or saves, and that may do nothing of its own."""
    response = HttpResponse(content, content_type=media_type)
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def whole(paper: Paper) -> Paper:
    """Four queries, however much has happened to it."""
    for name in ("signatures", "refusals", "services", "scans"):
        setattr(paper, f"shown_{name}", list(getattr(paper, name).order_by("recorded_at", "pk")))
    return paper


class PaperDoor(Door):
    """文书"""

    serializer_class = PaperRowOut
    ordering = ("-issued_at", "id")
    etag_tables = ("evidence.Paper",)
    filters = {"list": PaperFilters, "pdf": SheetFilters}
    sorts = both(issued_at=("issued_at", "-id"))

    def get_queryset(self):
        return Paper.objects.visible_to(self.request.user).as_rows()

    def chosen(self, rows, *, corrected=None, mine=None, **asked):
        rows = rows.filter(**{ASKED[name]: value for name, value in asked.items()})
        issued = {"issued_by": self.request.user.pk}
        rows = rows if mine is None else rows.filter(**issued) if mine else rows.exclude(**issued)
        return rows if corrected is None else rows.filter(corrected_by__isnull=not corrected)

    def _answer(self, paper: Paper, status: int = 200) -> Response:
        return Response(self.shape(PaperOut).to_representation(whole(paper)), status=status)

    @extend_schema(
        request=IssueShape,
        responses={201: PaperOut},
        examples=[OpenApiExample("责令限期整改", ORDER, request_only=True)],
    )
    def create(self, request):
        """出具一份文书：取号、定稿，此后不能改动。执法文书须两名当日持有效执法证的人员；隐患整改告知书由乡镇出具。"""
        wanted = self.read(IssueShape)
        subject = find(wanted["subject"]["kind"], wanted["subject"]["id"], by=self.by)
        paper = actions.issue(wanted["kind"], subject, by=self.by, officers=wanted["officers"], fields=wanted["fields"])
        return self._answer(paper, 201)

    @extend_schema(responses=PaperOut)
    def retrieve(self, request, paper_id: UUID):
        """一份文书的全部：定稿的记录及其摘要，签名、拒签、送达与签章原件。"""
        return self._answer(the_paper(request, paper_id))

    @extend_schema(
        request=CorrectionShape,
        responses={201: PaperOut},
        examples=[
            OpenApiExample(
                "更正",
                {"reason": "整改期限误写", "officers": [COLLEAGUE], "fields": {"deadline": "2026-12-20"}},
                request_only=True,
            )
        ],
    )
    def correct(self, request, paper_id: UUID):
        """更正：另出一份新文书代替它；原文书保留并注明已更正。"""
        paper = actions.correct(the_paper(request, paper_id), by=self.by, **self.read(CorrectionShape))
        return self._answer(paper, 201)

    # --- the sheet ------------------------------------------------------------------------------------------------------
    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def pdf(self, request, paper_id: UUID):
        """供打印的 PDF：定稿的文字，已有的签名，核验二维码；form=narrow 为 80 毫米便携打印机的窄幅。"""
        paper, form = the_paper(request, paper_id), self.parameters()["form"]
        content = printing.PRINTED[form](printing.of_paper(paper, site=site_of(request)))
        return download(content, PDF, printing.file_name(paper, "pdf"), inline=True)

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY})
    def docx(self, request, paper_id: UUID):
        """可编辑的 Word 文档，内容与 PDF 相同；改动它不会改动已定稿的文书。"""
        paper = the_paper(request, paper_id)
        content = word.docx(printing.of_paper(paper, site=site_of(request)))
        return download(content, DOCX, printing.file_name(paper, "docx"), inline=False)

    # --- what happens to it -----------------------------------------------------------------------------------------------
    @extend_schema(
        request=SignatureShape,
        responses={201: SignatureOut},
        examples=[
            OpenApiExample(
                "单位负责人签名",
                {
                    "party": "unit", "name": "张小三", "post": "矿长", "signed_at": "2026-11-23T10:30:00+08:00", "image": DOT,
                    "location": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84"},
                },
                request_only=True,
            )
        ],
    )  # fmt: skip
    def sign(self, request, paper_id: UUID):
        """留存一个手写签名的图像及其时间、地点。仅为辅助，原件是签名盖章后的扫描件。"""
        row = actions.sign(the_paper(request, paper_id), by=self.by, **self.read(SignatureShape))
        return Response(self.shape(SignatureOut).to_representation(row), status=201)

    @extend_schema(
        request=RefusalShape,
        responses={201: RefusalOut},
        examples=[
            OpenApiExample(
                "拒绝签名",
                {
                    "name": "张小三", "post": "矿长", "reason": "对问题认定有异议", "witnesses": ["赵安"],
                    "refused_at": "2026-11-23T10:35:00+08:00",
                },
                request_only=True,
            )
        ],
    )  # fmt: skip
    def refuse(self, request, paper_id: UUID):
        """记录拒绝签名的人、理由和在场人员（安全生产法第六十八条）。"""
        row = actions.refuse(the_paper(request, paper_id), by=self.by, **self.read(RefusalShape))
        return Response(self.shape(RefusalOut).to_representation(row), status=201)

    @extend_schema(
        request=ServiceShape,
        responses={201: ServiceOut},
        examples=[
            OpenApiExample(
                "直接送达",
                {
                    "how": "direct", "received_by": "张小三", "post": "矿长", "place": "矿调度室",
                    "served_at": "2026-11-23T10:40:00+08:00",
                },
                request_only=True,
            )
        ],
    )  # fmt: skip
    def serve(self, request, paper_id: UUID):
        """登记送达：何时、以何方式、交给何人；送达回证由此出具。留置送达须有见证人。"""
        row = actions.serve(the_paper(request, paper_id), by=self.by, **self.read(ServiceShape))
        return Response(self.shape(ServiceOut).to_representation(row), status=201)


class ScanDoor(Door):
    """签章原件"""

    serializer_class = ScanOut
    parser_classes = (AnyBytes,)
    filters = {"put_scan": ScanInFilters, "scan": ScanFilters}
    tag = "papers"

    @extend_schema(
        request={(PDF): {"type": "string", "format": "binary"}, "image/*": {"type": "string", "format": "binary"}},
        parameters=[ScanInFilters, OpenApiParameter("Content-Length", int, OpenApiParameter.HEADER)],
        responses={200: ScanOut, 201: ScanOut},
    )
    def put_scan(self, request, paper_id: UUID):
        """整份上传签名盖章后的扫描件（PDF 或照片）。201 新收；200 同样内容已有；409 已有另一份，加 again=true 另存为新版。"""
        again = self.parameters()["again"]
        scan, new = actions.keep_scan(
            the_paper(request, paper_id), chunks_of(request), size=announced(request), by=self.by, again=again
        )
        return Response(self.shape(ScanOut).to_representation(scan), status=201 if new else 200)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def scan(self, request, paper_id: UUID):
        """签章原件，最新一版或 version 所指的一版。"""
        wanted = self.parameters()
        size = wanted.pop("size")
        scans = the_paper(request, paper_id).scans.order_by("-version")
        found = scans.filter(**wanted).first()
        if found is None:
            raise NOT_FOUND()
        file = storage.opened(found.sha256)
        response: FileResponse | HttpResponse = FileResponse(file, content_type=found.media_type)
        if size == "screen" and found.media_type != PDF:
            response = HttpResponse(_for_the_screen(file), content_type="image/webp")
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


def _for_the_screen(file: Bytes) -> bytes:
    """Raises FILE_TOO_HEAVY of a scan that was taken under wider limits."""
    try:
        return shown(file, ("screen",)).derivatives["screen"]
    except Unreadable:
        raise FILE_TOO_HEAVY() from None


class PreviewDoor(Door):
    """草稿"""

    serializer_class = IssueShape
    filters = SheetFilters
    tag = "papers"
    keyed = False  # shows, and changes nothing

    @extend_schema(
        request=IssueShape,
        responses={(200, PDF): OpenApiTypes.BINARY},
        examples=[OpenApiExample("先看草稿", ORDER, request_only=True)],
    )
    def preview(self, request):
        """草稿：与出具相同的内容，不取号、不存档，印有“草稿”字样；能看到草稿，就能出具。"""
        form, wanted = self.parameters()["form"], self.read(IssueShape)
        subject = find(wanted["subject"]["kind"], wanted["subject"]["id"], by=self.by)
        draft = actions.prepare(
            wanted["kind"], subject, by=self.by, officers=wanted["officers"], fields=wanted["fields"]
        )
        return download(
            printing.PRINTED[form](printing.of_draft(draft)), PDF, f"{draft.text['title']}（草稿）.pdf", inline=True
        )


class DraftDoor(Door):
    """文书草稿"""

    serializer_class = PaperDraftOut
    ordering = ("-made_at", "id")
    etag_tables = ("evidence.PaperDraft",)
    filters = {"list": DraftFilters}
    tag = "papers"
    lookup_url_kwarg = "draft_id"

    def get_queryset(self):
        return PaperDraft.objects.visible_to(self.request.user)

    def chosen(self, rows, *, open=None, **equal):
        rows = rows.filter(**{DRAFT_EQUALITIES[name]: value for name, value in equal.items()})
        return rows if open is None else rows.open(open)

    @extend_schema(responses=PaperDraftOut)
    def retrieve(self, request, draft_id: UUID):
        """一份草稿：由哪一步产生，为什么没有即时出具。"""
        return self.shown(self.get_object())

    @extend_schema(
        request=IssueDraftShape,
        responses={201: PaperOut},
        examples=[OpenApiExample("出具", {"officers": [COLLEAGUE]}, request_only=True)],
    )
    def issue(self, request, draft_id: UUID):
        """出具草稿：取号、定稿；记录的状态已经不同的不予出具。"""
        self.get_object()  # before the body is judged
        wanted = self.read(IssueDraftShape)
        paper = issue_draft(
            draft_id, by=self.by, officers=wanted["officers"], fields=wanted["fields"], check=self.check_fresh
        )
        return Response(self.shape(PaperOut).to_representation(whole(paper)), status=201)

    @extend_schema(
        request=DiscardShape,
        responses=PaperDraftOut,
        examples=[OpenApiExample("作废", {"reason": "隐患已当场消除，不再出具"}, request_only=True)],
    )
    def discard(self, request, draft_id: UUID):
        """作废草稿，说明理由；草稿保留备查。"""
        self.get_object()
        return self.shown(discard(draft_id, by=self.by, check=self.check_fresh, **self.read(DiscardShape)))


class VerifyThrottle(SimpleRateThrottle):
    """Per address: a citizen holds one sheet, not thousands of codes to try."""

    scope = "verify"
    rate = "60/min"

    def get_cache_key(self, request, view) -> str:
        return f"verify:{self.get_ident(request)}"


class VerifyDoor(Door):
    """核验"""

    serializer_class = VerifiedOut
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (VerifyThrottle,)
    tag = "papers"

    def check_parameters(self) -> None:
        """Whatever a scanner or a chat program adds to the address behind a QR code: a citizen cannot help it."""

    def show(self, request, code: str):
        """凭文书上的核验码（二维码）核对：文号、名称、出具机关、日期、记录摘要、是否已更正。不需登录，不含个人信息。"""
        plain = code.replace("-", "").upper()
        found = (verifier(plain) for verifier in VERIFIERS) if plain.isascii() else iter(())
        answer = next(filter(None, found), None)
        if answer is None:
            raise NOT_FOUND()
        return Response(self.shape().to_representation(answer))


@verifies
def facts_of_paper(code: str) -> dict[str, Any] | None:
    paper = Paper.objects.select_related("corrected_by").filter(code=code).first()
    if paper is None:
        return None
    later = getattr(paper, "corrected_by", None)
    facts = {name: getattr(paper, name) for name in ("number", "title", "organ", "issued_on", "sha256", "is_demo")}
    return facts | {"corrected": later is not None, "corrected_by": later.number if later else None}
