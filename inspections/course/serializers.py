"""Shapes of the course of a visit: its type and source, and what was done of each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from evidence.papers.models import Party
from evidence.papers.serializers import Base64, PaperOfRecordOut, RefusalShape
from geo.serializers import RegionParam
from inspections.course.words import HEALS, SETTLED_ONLY
from inspections.models import SourceKind, VisitKind
from reference.serializers import DepartmentParam, SectorParam
from reference.terms import InspectionType
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, flag
from safety_api.shapes import FieldMoment, Moment, Out, RecordId, Shape, Text, reason


def words(most: int, **options: Any) -> Text:
    return Text(max_length=most, required=False, default="", allow_blank=True, **options)


class FieldSignature(Shape):
    party = serializers.ChoiceField(choices=Party.choices)
    name = Text(min_length=1, max_length=60)
    post = Text(max_length=60, required=False, default="", allow_blank=True)
    signed_at = FieldMoment()
    image = Base64(help_text="PNG，base64；超过 200 KB 的不收，检查照收")


# --- type and source ---------------------------------------------------------------------------------------------------
class OrOneWord(Shape):
    """A phone that has only one thing to say may say it by itself: "complaint" for {"kind": "complaint"}."""

    alone = ""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return super().to_internal_value({self.alone: data} if isinstance(data, str) else data)


class SourceShape(OrOneWord):
    """来源: plan with its number, campaign with the order's number and who ordered it, or the complaint, case, accident behind it."""

    alone = "kind"
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    number = words(100, help_text="计划或者部署文件的文号，投诉、移送等的编号")
    ordered_by = words(100, help_text="部署机关")
    record = words(100, help_text="所依据的记录（编号）")


class SourceToldShape(SourceShape):
    """A phone's form may be sent with no kind chosen: that is remarked, and no reason to refuse the visit."""

    kind = serializers.ChoiceField(
        choices=SourceKind.choices, required=False, allow_null=True, allow_blank=True, default=""
    )

    def validate_kind(self, kind: str | None) -> str:
        return kind or ""


class SourceOut(Out):
    kind = serializers.ChoiceField(choices=SourceKind.choices, allow_blank=True)
    number = serializers.CharField()
    ordered_by = serializers.CharField()
    record = serializers.CharField()


@extend_schema_field(SourceOut(allow_null=True))
class SourceField(serializers.Field):
    """null where none is known. Whoever lives beside a complaint reads that there was one, not whose: its number and record are the office's."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any] | None:
        return (without_complaint(value) if self.context.get("spares_complaints") else value) or None


def without_complaint(source: Mapping[str, Any]) -> dict[str, Any]:
    if source.get("kind") != SourceKind.COMPLAINT:
        return dict(source)
    return {**source, **{name: "" for name in ("number", "record") if name in source}}


def source_field() -> SourceField:
    return SourceField(read_only=True, help_text="来源；2025年以前的记录为空")


def type_field() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=InspectionType.choices, allow_blank=True, read_only=True, help_text="类型；2025年以前的记录为空，不补"
    )


class ExpertShape(Shape):
    name = Text(min_length=1, max_length=60)
    organ = words(100)
    post = words(60)


class ExpertOfVisit(ExpertShape):
    """A row that a phone left empty names nobody."""

    name = words(60)


# --- the steps as a phone tells them -----------------------------------------------------------------------------------
class StepOfVisit(OrOneWord):
    """`paper` or `number`: of a paper that was issued already; without both one is issued when the visit has come."""

    alone = "paper"
    paper = RecordId(required=False, allow_null=True, default=None)
    number = words(100, help_text="已有文书的文号")
    at = FieldMoment(required=False, allow_null=True, default=None)


class ApprovalOfVisit(StepOfVisit):
    """审批: by a leader other than the officers, before the start; urgent: reported at once, completed afterwards."""

    approver = RecordId(required=False, allow_null=True, default=None, help_text="审批人（本系统用户）")
    approver_name = words(60)
    approver_post = words(60)
    urgent = serializers.BooleanField(required=False, default=False, help_text="紧急检查，先报告后补办")
    reported_at = FieldMoment(required=False, allow_null=True, default=None, help_text="紧急检查的报告时间")
    reported_to = words(60)
    note = words(500)


class Handed(Shape):
    """送达、告知: to whom, and what was signed there."""

    to = words(60, help_text="接收人")
    post = words(60, help_text="接收人职务")
    note = words(1000)
    signatures = serializers.ListField(child=FieldSignature(), max_length=8, required=False, default=list)
    refusals = serializers.ListField(child=RefusalShape(), max_length=4, required=False, default=list)


class SignedStepOfVisit(Handed, StepOfVisit):
    pass


class Scanned(Shape):
    """扫码入企. What the code says stays text: nothing follows its address."""

    code = words(2000)
    system = words(60, help_text="平台")
    exempt_reason = words(500, help_text="没有扫码的理由")


class ScanOfVisit(Scanned, OrOneWord):
    alone = "code"
    at = FieldMoment(required=False, allow_null=True, default=None)


class CourseShape(Shape):
    """What a visit tells of its course, each part optional: none was asked of yesterday's phones."""

    type = serializers.ChoiceField(choices=InspectionType.choices, required=False, allow_null=True, allow_blank=True)
    source = SourceToldShape(required=False, allow_null=True)  # type: ignore[assignment]  # the field's own name
    joint_departments = serializers.ListField(
        child=Text(max_length=40), max_length=20, required=False, allow_null=True, help_text="联合检查的其他部门"
    )
    experts = serializers.ListField(child=ExpertOfVisit(), max_length=20, required=False, allow_null=True)
    approval = ApprovalOfVisit(required=False, allow_null=True)
    notice = SignedStepOfVisit(required=False, allow_null=True, help_text="行政检查通知书的送达")
    scan = ScanOfVisit(required=False, allow_null=True)
    certificates_shown = serializers.BooleanField(required=False, allow_null=True, help_text="已出示执法证件")
    record = SignedStepOfVisit(required=False, allow_null=True, help_text="现场检查笔录的签字")
    result = SignedStepOfVisit(required=False, allow_null=True, help_text="检查结果的告知")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Only what was said: a body of before keeps its meaning, and null says no more than nothing."""
        read = super().to_internal_value(data)
        read["experts"] = [each for each in read.get("experts") or () if each["name"]]
        return {name: value for name, value in read.items() if name not in OF_COURSE or _says_something(value)}


def _says_something(value: Any) -> bool:
    """A form sent empty is no approval and no notice."""
    return any(value.values()) if isinstance(value, dict) else value not in (None, "", [])


OF_COURSE = frozenset(CourseShape().fields)


# --- the steps at their doors ------------------------------------------------------------------------------------------
def step_note() -> Text:
    return words(500, help_text="说明")


class AskApprovalShape(Shape):
    approver = RecordId(required=False, allow_null=True, default=None, help_text="请谁批准；不写即部门负责人")
    note = step_note()


class ApproveShape(Shape):
    note = step_note()


class DeclineShape(Shape):
    reason = reason()


class HandShape(Handed):
    """Now, unless a moment is said."""

    at = Moment(required=False, allow_null=True, default=None)


class ScanAtDoor(Scanned):
    at = Moment(required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        read = super().to_internal_value(data)
        if not (read["code"] or read["exempt_reason"]):
            raise serializers.ValidationError({"code": ErrorDetail("请写明所扫的码，或者没有扫码的理由。", "required")})
        return read


class SettleShape(Shape):
    word = serializers.ChoiceField(choices=[(str(each), each.label) for each in sorted(SETTLED_ONLY)])
    note = reason()


class CourseFilters(Filters):
    region = RegionParam(required=False)
    sector = SectorParam(required=False)
    department = DepartmentParam(required=False)
    enterprise = RecordId(required=False)
    word = serializers.ChoiceField(
        choices=[(str(each), each.label) for each in HEALS], required=False, help_text="带有此提示的"
    )
    open = serializers.BooleanField(
        required=False, allow_null=True, default=True, help_text="true 未补正的；false 已全部补正的"
    )
    untold = flag("true：逾期没有告知结果的，不论提示")
    mine = flag("true：本人检查或同行的")
    started_from = DayOrMoment(help_text="开始不早于")
    started_before = DayOrMoment(help_text="开始早于")


class CourseFigureFilters(Filters):
    region = RegionParam(required=False)
    sector = SectorParam(required=False)
    started_from = DayOrMoment(help_text="开始不早于；不写即当年")
    started_before = DayOrMoment(help_text="开始早于")


# --- out -----------------------------------------------------------------------------------------------------------------
class StepOfVisitOut(Out):
    paper = serializers.CharField(required=False, allow_null=True)
    number = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False, allow_null=True)


class ApprovalOfVisitOut(StepOfVisitOut):
    approver = serializers.CharField(required=False, allow_null=True)
    approver_name = serializers.CharField(required=False)
    approver_post = serializers.CharField(required=False)
    urgent = serializers.BooleanField(required=False)
    reported_at = serializers.DateTimeField(required=False, allow_null=True)
    reported_to = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    task = serializers.CharField(required=False, help_text="由任务办理的")


class SignedStepOfVisitOut(StepOfVisitOut):
    to = serializers.CharField(required=False)
    post = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    task = serializers.CharField(required=False, help_text="由任务办理的")


class ScanOfVisitOut(Out):
    code = serializers.CharField(required=False)
    at = serializers.DateTimeField(required=False, allow_null=True)
    system = serializers.CharField(required=False)
    exempt_reason = serializers.CharField(required=False)


class StepOfCourse(serializers.Field):
    """A step out of the column `course`; null where nothing was said of it."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name = name
        super().__init__(source="course", read_only=True, **options)

    def to_representation(self, value: dict[str, Any]) -> Any:
        return value.get(self.name)


def _step(shape: type[Out]) -> type[StepOfCourse]:
    return extend_schema_field(shape(allow_null=True))(type(f"{shape.__name__}Field", (StepOfCourse,), {}))


ApprovalField, SignedStepField, ScanField = (
    _step(ApprovalOfVisitOut),
    _step(SignedStepOfVisitOut),
    _step(ScanOfVisitOut),
)


class AskedOut(Out):
    at = serializers.DateTimeField()
    by = serializers.CharField()
    by_name = serializers.CharField()
    note = serializers.CharField()


@extend_schema_field(AskedOut(allow_null=True))
class AskedField(StepOfCourse):
    """What offices say among themselves is not the unit's to read."""

    def to_representation(self, value: dict[str, Any]) -> Any:
        return None if self.context.get("unit") else super().to_representation(value)


@extend_schema_field(serializers.BooleanField(allow_null=True))
class ShownField(StepOfCourse):
    pass


class ExpertOut(Out):
    name = serializers.CharField()
    organ = serializers.CharField()
    post = serializers.CharField()


class TakenStepOut(Out):
    step = serializers.CharField()
    at = serializers.CharField()
    by = serializers.CharField()
    by_name = serializers.CharField()
    healed = serializers.ListField(child=serializers.CharField())


class CourseWordOut(Out):
    word = serializers.CharField()
    detail = serializers.CharField()
    open = serializers.BooleanField()
    step = serializers.CharField(allow_null=True, help_text="补正的步骤：inspections/{id}/<step>")
    heals = serializers.CharField(help_text="怎样补正")
    healed_at = serializers.CharField(allow_null=True)
    healed_by = serializers.CharField()
    healed_with = serializers.CharField()


class CourseRowOut(Out):
    id = serializers.UUIDField()
    by = serializers.UUIDField(source="by_id")
    by_name = serializers.CharField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.SerializerMethodField()
    place = serializers.CharField()
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    department = serializers.CharField(help_text="检查机关（部门代码），没有为空")
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    type = type_field()
    started_at = serializers.DateTimeField()
    words = CourseWordOut(many=True, source="shown_words")
    result_told = serializers.BooleanField()
    result_due_on = serializers.DateField(allow_null=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_enterprise_name(self, visit: Any):
        return visit.enterprise.name if visit.enterprise_id else None


class CourseOut(CourseRowOut):
    source = source_field()  # type: ignore[assignment]  # the field's own name
    approval = ApprovalField("approval", help_text="审批")
    notice = SignedStepField("notice", help_text="通知书")
    scan = ScanField("scan", help_text="扫码入企")
    certificates_shown = ShownField("certificates_shown", help_text="已出示执法证件")
    record = SignedStepField("record", help_text="现场检查笔录")
    result = SignedStepField("result", help_text="检查结果的告知")
    steps = TakenStepOut(many=True, help_text="事后补办的各步")
    papers = PaperOfRecordOut(many=True, source="shown_papers")


class WordFigureOut(Out):
    word = serializers.CharField()
    detail = serializers.CharField()
    remarked = serializers.IntegerField(help_text="带有此提示的检查")
    healed = serializers.IntegerField(help_text="其中已补正的")
    open = serializers.IntegerField()


class CourseFiguresOut(Out):
    """By department, in the order of the register: what to put right. It is no merit and ranks nobody."""

    department = serializers.CharField()
    name = serializers.CharField()
    words = WordFigureOut(many=True)
