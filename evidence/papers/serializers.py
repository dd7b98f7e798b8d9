"""Shapes of papers: what is asked for, what is told, what a stranger with the code may know."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.looking import MOST_SIGNATURE
from evidence.papers.drafting import CHOICES, Issuing
from evidence.papers.kinds import title_of
from evidence.papers.models import How, Paper, PaperDraft, Party
from geo.serializers import PointIn, PointOut
from reference.serializers import DepartmentParam
from reference.terms import PaperNature
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, Several, flag
from safety_api.shapes import FieldMoment, Moment, Out, RecordId, Shape, Text

BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}\Z")


# --- in ----------------------------------------------------------------------------------------------------------------------
class Named(Text):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_length": 1, "max_length": 60, **options})


class SubjectShape(Shape):
    kind = serializers.CharField(max_length=30, help_text="hazard、inspection、task、enterprise 或 paper")
    id = RecordId()


class OfficersShape(Shape):
    """What issuing and correcting have in common."""

    officers = serializers.ListField(
        child=RecordId(), max_length=10, required=False, default=list, help_text="与本人一同承办的人员；执法文书合计不少于两名"
    )  # fmt: skip
    fields_ = serializers.DictField(required=False, default=dict, help_text="各种文书自己的内容，见 docs/papers.md")

    def get_fields(self) -> dict[str, serializers.Field]:
        """`fields` is a word of DRF's own: it is declared under another name and spoken under this one."""
        declared = super().get_fields()
        stated = declared.pop("fields_")
        return {**declared, "fields": stated}


class IssueShape(OfficersShape):
    kind = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)
    subject = SubjectShape()


class CorrectionShape(OfficersShape):
    reason = Text(min_length=2, max_length=500)


class Base64(serializers.CharField):
    default_error_messages = {"base64": "应为 base64 文字。"}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if len(text) % 4 or not BASE64.match(text):
            self.fail("base64")
        return text


class SignatureShape(Shape):
    party = serializers.ChoiceField(choices=Party.choices)
    name = Named()
    post = Text(max_length=60, required=False, default="", allow_blank=True)
    signed_at = Moment()
    location = PointIn(required=False, allow_null=True, default=None)
    image = Base64(max_length=MOST_SIGNATURE * 4 // 3 + 4, help_text="PNG，base64，不超过 200 KB")


class RefusalShape(Shape):
    name = Named()
    post = Text(max_length=60, required=False, default="", allow_blank=True)
    reason = Text(min_length=1, max_length=500)
    witnesses = serializers.ListField(child=Named(), max_length=10, required=False, default=list)
    refused_at = FieldMoment()


class ServiceShape(Shape):
    how = serializers.ChoiceField(choices=How.choices)
    received_by = Named()
    post = Text(max_length=60, required=False, default="", allow_blank=True)
    place = Text(min_length=1, max_length=200)
    served_at = Moment()
    witnesses = serializers.ListField(child=Named(), max_length=10, required=False, default=list)
    note = Text(max_length=500, required=False, default="", allow_blank=True)


class PaperFilters(Filters):
    subject_kind = serializers.CharField(max_length=30, required=False)
    subject = RecordId(required=False)
    enterprise = RecordId(required=False)
    kind = Several(serializers.CharField(max_length=40))
    nature = Several(serializers.ChoiceField(choices=PaperNature.choices))
    mine = flag("true：本人出具的")
    issued_from = DayOrMoment(help_text="出具不早于")
    issued_before = DayOrMoment(help_text="出具早于")
    department = DepartmentParam(required=False)
    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)
    corrected = serializers.BooleanField(required=False, help_text="true 只看已更正的，false 只看现行的")


class IssueDraftShape(OfficersShape):
    """What was drafted stands; here is only what changes. Without officers: those of the step."""


class DiscardShape(Shape):
    reason = Text(min_length=2, max_length=500)


class DraftFilters(Filters):
    open = serializers.BooleanField(
        required=False, allow_null=True, default=True, help_text="true 待出具；false 已出具或作废"
    )
    subject = RecordId(required=False)
    enterprise = RecordId(required=False)
    kind = serializers.CharField(max_length=40, required=False)
    made_by = RecordId(required=False)


def issuing() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=CHOICES, default=Issuing.NOW, help_text="步骤的文书即时出具，或先存草稿；未能出具的自动存为草稿"
    )


class ScanInFilters(Filters):
    again = serializers.BooleanField(required=False, default=False, help_text="true：另存为新版，原有各版保留")


class SheetFilters(Filters):
    form = serializers.ChoiceField(
        choices=["a4", "narrow"], default="a4", help_text="narrow：80 毫米便携打印机用的窄幅，一长条"
    )


class ScanFilters(Filters):
    version = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    size = serializers.ChoiceField(
        choices=["original", "screen"],
        default="original",
        help_text="screen：照片转成 WebP，任何浏览器都能看（HEIC 等）；PDF 不变",
    )


# --- out ---------------------------------------------------------------------------------------------------------------------
class PaperRowOut(Out):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    nature = serializers.ChoiceField(choices=PaperNature.choices)
    number = serializers.CharField()
    organ = serializers.CharField()
    department = serializers.CharField(source="department_id", allow_null=True)
    year = serializers.IntegerField()
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField(source="subject_id")
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    addressee = serializers.CharField()
    issued_on = serializers.DateField()
    issued_at = serializers.DateTimeField()
    issued_by_name = serializers.CharField()
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    corrected_by = serializers.SerializerMethodField()
    is_demo = serializers.BooleanField()

    @extend_schema_field({"type": ["string", "null"], "description": "更正后文书的文号"})
    def get_corrected_by(self, paper: Paper) -> str | None:
        later = getattr(paper, "corrected_by", None)
        return later.number if later else None


class PaperDraftOut(Out):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    step = serializers.CharField(help_text="这份文书由哪一步产生")
    subject_kind = serializers.CharField()
    subject = serializers.UUIDField(source="subject_id")
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    officers = serializers.ListField(child=serializers.UUIDField(), help_text="办理这一步的人员")
    stated = serializers.DictField(source="fields", help_text="办理人员写的内容，各种文书不同")
    reason = serializers.CharField(help_text="chosen 选择先存草稿，或未能出具的原因")
    reason_detail = serializers.CharField()
    kept_text = serializers.SerializerMethodField(help_text="现场出示的文字")
    signatures = serializers.SerializerMethodField(help_text="现场已签名的人数")
    made_at = serializers.DateTimeField()
    made_by_name = serializers.CharField()
    paper = serializers.UUIDField(source="paper_id", allow_null=True)
    discarded_at = serializers.DateTimeField(allow_null=True)
    discarded_by_name = serializers.CharField()
    discard_reason = serializers.CharField()

    def get_title(self, draft: PaperDraft) -> str:
        return title_of(draft.kind, timezone.localdate(draft.made_at))

    def get_kept_text(self, draft: PaperDraft) -> str:
        return draft.kept.get("text", "")

    def get_signatures(self, draft: PaperDraft) -> int:
        return len(draft.kept.get("signatures", ()))


class PaperOfRecordOut(Out):
    """A paper in the answer of its record; a draft has no number and says why it waits."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    draft = serializers.BooleanField()
    reason = serializers.CharField(help_text="草稿的缘由：chosen 选择先存草稿，或未能出具的原因")
    reason_detail = serializers.CharField()


class SignatureOut(Out):
    id = serializers.UUIDField()
    party = serializers.ChoiceField(choices=Party.choices)
    name = serializers.CharField()
    post = serializers.CharField()
    signed_at = serializers.DateTimeField()
    location = PointOut(source="point", allow_null=True)
    sha256 = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class RefusalOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    post = serializers.CharField()
    reason = serializers.CharField()
    witnesses = serializers.ListField(child=serializers.CharField())
    refused_at = serializers.DateTimeField()
    recorded_by_name = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class ServiceOut(Out):
    id = serializers.UUIDField()
    how = serializers.ChoiceField(choices=How.choices)
    received_by = serializers.CharField()
    post = serializers.CharField()
    place = serializers.CharField()
    served_at = serializers.DateTimeField()
    witnesses = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    recorded_by_name = serializers.CharField()


class ScanOut(Out):
    version = serializers.IntegerField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class PaperOut(PaperRowOut):
    """`record` is what `sha256` is the fingerprint of (RFC 8785): anyone who holds it can check."""

    code = serializers.CharField(source="spoken_code")
    sha256 = serializers.CharField()
    template = serializers.CharField()
    correction = serializers.CharField()
    officers = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))
    record = serializers.DictField()
    signatures = SignatureOut(many=True, source="shown_signatures")
    refusals = RefusalOut(many=True, source="shown_refusals")
    services = ServiceOut(many=True, source="shown_services")
    scans = ScanOut(many=True, source="shown_scans")


class VerifiedOut(Out):
    """For whoever holds the sheet: no person, no place, no content."""

    number = serializers.CharField()
    title = serializers.CharField()
    organ = serializers.CharField()
    issued_on = serializers.DateField()
    sha256 = serializers.CharField()
    corrected = serializers.BooleanField()
    corrected_by = serializers.CharField(allow_null=True)
    is_demo = serializers.BooleanField()
