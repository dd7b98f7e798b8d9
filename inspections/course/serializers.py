"""Shapes of the course of a visit: its type and source, and what was done of each step."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.papers.models import Party
from evidence.papers.scans import MOST_SIGNATURE
from evidence.papers.serializers import Base64, RefusalShape
from inspections.models import SourceKind
from reference.terms import InspectionType
from safety_api.shapes import FieldMoment, Out, Shape, Text


def words(most: int, **options: Any) -> Text:
    return Text(max_length=most, required=False, default="", allow_blank=True, **options)


class FieldSignature(Shape):
    party = serializers.ChoiceField(choices=Party.choices)
    name = Text(min_length=1, max_length=60)
    post = Text(max_length=60, required=False, default="", allow_blank=True)
    signed_at = FieldMoment()
    image = Base64(max_length=MOST_SIGNATURE * 4 // 3 + 4, help_text="PNG，base64，不超过 200 KB")


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


class SourceOut(Out):
    kind = serializers.ChoiceField(choices=SourceKind.choices)
    number = serializers.CharField()
    ordered_by = serializers.CharField()
    record = serializers.CharField()


@extend_schema_field(SourceOut(allow_null=True))
class SourceField(serializers.Field):
    """null where none is known."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any] | None:
        return value or None


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


# --- the steps as a phone tells them -----------------------------------------------------------------------------------
class StepOfVisit(OrOneWord):
    """`paper` or `number`: of a paper that was issued already; without both one is issued when the visit has come."""

    alone = "paper"
    paper = serializers.UUIDField(required=False, allow_null=True, default=None)
    number = words(100, help_text="已有文书的文号")
    at = FieldMoment(required=False, allow_null=True, default=None)


class ApprovalOfVisit(StepOfVisit):
    """审批: by a leader other than the officers, before the start; urgent: reported at once, completed afterwards."""

    approver = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="审批人（本系统用户）")
    approver_name = words(60)
    approver_post = words(60)
    urgent = serializers.BooleanField(required=False, default=False, help_text="紧急检查，先报告后补办")
    reported_at = FieldMoment(required=False, allow_null=True, default=None, help_text="紧急检查的报告时间")
    reported_to = words(60)
    note = words(500)


class SignedStepOfVisit(StepOfVisit):
    to = words(60, help_text="接收人")
    post = words(60, help_text="接收人职务")
    note = words(1000)
    signatures = serializers.ListField(child=FieldSignature(), max_length=8, required=False, default=list)
    refusals = serializers.ListField(child=RefusalShape(), max_length=4, required=False, default=list)


class ScanOfVisit(OrOneWord):
    """扫码入企. What the code says stays text: nothing follows its address."""

    alone = "code"
    code = words(2000)
    at = FieldMoment(required=False, allow_null=True, default=None)
    system = words(60, help_text="平台")
    exempt_reason = words(500, help_text="没有扫码的理由")


class CourseShape(Shape):
    """What a visit tells of its course, each part optional: none was asked of yesterday's phones."""

    type = serializers.ChoiceField(choices=InspectionType.choices, required=False, allow_null=True, allow_blank=True)
    source = SourceShape(required=False, allow_null=True)
    joint_departments = serializers.ListField(
        child=Text(max_length=40), max_length=20, required=False, allow_null=True, help_text="联合检查的其他部门"
    )
    experts = serializers.ListField(child=ExpertShape(), max_length=20, required=False, allow_null=True)
    approval = ApprovalOfVisit(required=False, allow_null=True)
    notice = SignedStepOfVisit(required=False, allow_null=True, help_text="行政检查通知书的送达")
    scan = ScanOfVisit(required=False, allow_null=True)
    certificates_shown = serializers.BooleanField(required=False, allow_null=True, help_text="已出示执法证件")
    record = SignedStepOfVisit(required=False, allow_null=True, help_text="现场检查笔录的签字")
    result = SignedStepOfVisit(required=False, allow_null=True, help_text="检查结果的告知")

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Only what was said: a body of before keeps its meaning, and null says no more than nothing."""
        read = super().to_internal_value(data)
        return {name: value for name, value in read.items() if name not in OF_COURSE or value not in (None, "", [])}


OF_COURSE = frozenset(CourseShape().fields)


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


@extend_schema_field(serializers.BooleanField(allow_null=True))
class ShownField(StepOfCourse):
    pass


class ExpertOut(Out):
    name = serializers.CharField()
    organ = serializers.CharField()
    post = serializers.CharField()
