"""Shapes of visits, receipts and tasks."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.papers.serializers import PaperOfRecordOut, RefusalShape, issuing
from evidence.serializers import MOST_PHOTOS, PhotoShape, Sha256
from evidence.shown import PhotoOfVisitOut, complete_param, photo_flag_param
from geo.serializers import CrsParam, PlaceOut, PointIn, PointOut, RegionParam
from hazards.serializers import CRITERION, HazardOut
from inspections.ceilings.serializers import TaskYearOut
from inspections.course.serializers import (
    ApprovalField,
    AskedField,
    CourseShape,
    ExpertOut,
    ExpertShape,
    FieldSignature,
    ScanField,
    ShownField,
    SignedStepField,
    SourceShape,
    source_field,
    type_field,
    without_complaint,
)
from inspections.models import Authority, Inspection, Result, Unanswered, VisitKind
from reference.serializers import DepartmentParam, SectorParam
from reference.terms import HazardLevel, InspectionType
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, Several, WaitingFor, flag, on_day
from safety_api.remarks import Remark
from safety_api.search import FOUND_BY
from safety_api.shapes import (
    CountingField,
    FieldMoment,
    Moment,
    Out,
    RecordId,
    RemarksField,
    Shape,
    Text,
    ToldMoment,
    reason,
    shared,
    skew_field,
    warning_param,
    warnings_field,
)


class ChecklistOfVisit(Shape):
    code = Text(max_length=40)
    version = Text(max_length=30)


class AnswerShape(Shape):
    item = Text(max_length=20)
    result = serializers.ChoiceField(choices=Result.choices)
    note = Text(max_length=1000, required=False, allow_blank=True, allow_null=True, default="")

    def validate_note(self, note: str | None) -> str:
        return note or ""


class OrderOnTheSpot(Shape):
    """责令整改 by the officers of the visit; the deadline is the hazard's."""

    measures = Text(max_length=500, required=False, allow_blank=True, default="", help_text="整改要求")


class OrderPaperShape(Shape):
    """What the phone showed, before there was a number, and who signed it."""

    text = Text(
        max_length=10_000,
        required=False,
        default="",
        allow_blank=True,
        help_text="现场出示的全文，文号写作“文号待回传”",
    )
    written_at = FieldMoment()
    signatures = serializers.ListField(child=FieldSignature(), max_length=8, required=False, default=list)
    refusals = serializers.ListField(child=RefusalShape(), max_length=4, required=False, default=list)
    issue = issuing()


class FindingShape(Shape):
    id = RecordId()
    item = Text(max_length=20, required=False, allow_null=True, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=HazardLevel.choices, default=HazardLevel.GENERAL)
    description = Text(min_length=1, max_length=2000)
    standard_clause = Text(max_length=200, required=False, allow_blank=True, default="")
    criterion = Text(max_length=80, required=False, allow_null=True, allow_blank=True, default="", help_text=CRITERION)
    judged_by_expert = Text(max_length=1000, required=False, allow_blank=True, default="")
    deadline = serializers.DateField(required=False, allow_null=True, default=None)
    location = PointIn(required=False, allow_null=True, default=None)
    recurrence_of = RecordId(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=RecordId(), max_length=MOST_PHOTOS, required=False, default=list)
    order = OrderOnTheSpot(
        required=False, allow_null=True, default=None, help_text="当场责令整改：两名持证人员，一般隐患"
    )


class ReviewShape(Shape):
    hazard = RecordId()
    result = serializers.ChoiceField(choices=["pass", "fail"])
    note = Text(max_length=2000, required=False, allow_blank=True, default="")
    deadline = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="不合格时的新期限；不写则按规定的期限"
    )
    photos = serializers.ListField(child=RecordId(), max_length=MOST_PHOTOS, required=False, default=list)


class DeviceOfVisit(serializers.Serializer):
    """What the phone says of itself; kept, never judged, and not part of the fingerprint."""

    id = serializers.CharField(max_length=80, required=False, allow_blank=True)
    app_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    clock = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Never a reason to refuse a visit: what is not short text is left out."""
        if not isinstance(data, dict):
            return {}
        kept = {str(name): data[name] for name in self.fields if isinstance(data.get(name), str)}
        return {name: text[:80] for name, text in kept.items()}


class InspectionShape(CourseShape):
    enterprise = RecordId(required=False, allow_null=True, default=None)
    site = RecordId(required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, allow_null=True, allow_blank=True, default="")
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    place_type = Text(max_length=40, required=False, allow_null=True, allow_blank=True, default="")
    project_type = Text(max_length=40, required=False, allow_null=True, allow_blank=True, default="")
    sector = Text(max_length=30)
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    authority = serializers.ChoiceField(choices=Authority.choices)
    task = RecordId(required=False, allow_null=True, default=None)
    started_at = FieldMoment()
    finished_at = FieldMoment()
    location = PointIn(required=False, allow_null=True, default=None)
    companions = serializers.ListField(child=RecordId(), max_length=20, required=False, default=list)
    checklist = ChecklistOfVisit(required=False, allow_null=True, default=None)
    unanswered = serializers.ChoiceField(choices=Unanswered.choices, default=Unanswered.NONE)
    answers = serializers.ListField(child=AnswerShape(), max_length=300, required=False, default=list)
    hazards = serializers.ListField(child=FindingShape(), max_length=100, required=False, default=list)
    reviews = serializers.ListField(child=ReviewShape(), max_length=100, required=False, default=list)
    photos = serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS, required=False, default=list)
    order_paper = OrderPaperShape(
        required=False,
        allow_null=True,
        default=None,
        help_text="当场责令整改的文书：离线时出示的文字和签名；文号由服务器收到后编定",
    )
    device = DeviceOfVisit(required=False, default=dict)


class InspectionFilters(Filters):
    q = Text(max_length=60, required=False, help_text=FOUND_BY)
    region = RegionParam(required=False)
    sector = SectorParam(required=False)
    enterprise = RecordId(required=False)
    kind = Several(serializers.ChoiceField(choices=VisitKind.choices))
    type = Several(serializers.ChoiceField(choices=InspectionType.choices))
    authority = Several(serializers.ChoiceField(choices=Authority.choices))
    by = RecordId(required=False)
    mine = flag("true：本人检查或同行的")
    started_from = DayOrMoment(help_text="开始不早于")
    started_before = DayOrMoment(help_text="开始早于")
    received_since = DayOrMoment(help_text="收到不早于")
    received_before = DayOrMoment(help_text="收到早于")
    warning = warning_param()
    joined = serializers.BooleanField(required=False, default=False, help_text="true：也列出并入其他记录的")
    complete = complete_param()
    photo_flag = photo_flag_param()
    crs = CrsParam()


class InspectionRowOut(Out):
    """A visit in a list."""

    id = serializers.UUIDField()
    by = serializers.UUIDField(source="by_id")
    by_name = serializers.CharField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.SerializerMethodField()
    site = serializers.UUIDField(source="site_id", allow_null=True)
    place = serializers.CharField()
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    authority = serializers.ChoiceField(choices=Authority.choices)
    type = type_field()
    source = source_field()  # type: ignore[assignment]  # the field's own name
    started_at = ToldMoment("started")
    finished_at = ToldMoment("finished")
    counts_at = CountingField("started")
    received_at = serializers.DateTimeField()
    location = PlaceOut()
    hazards_found = serializers.IntegerField()
    warnings = warnings_field()
    remarks = RemarksField()
    is_demo = serializers.BooleanField(help_text="演示数据")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_enterprise_name(self, inspection: Any):
        if hasattr(inspection, "enterprise_name"):
            return inspection.enterprise_name  # a row of a list
        return inspection.enterprise.name if inspection.enterprise else None


class SentPointOut(Out):
    lon = serializers.FloatField(source="sent_lon")
    lat = serializers.FloatField(source="sent_lat")
    crs = serializers.CharField(source="sent_crs")
    accuracy_m = serializers.FloatField(allow_null=True)
    mocked = serializers.SerializerMethodField(help_text="终端说明为模拟定位")

    def get_mocked(self, inspection: Inspection) -> bool:
        return Remark.LOCATION_MOCKED in inspection.warnings


class AnswerOfVisitOut(Out):
    item = serializers.CharField()
    result = serializers.ChoiceField(choices=Result.choices)
    note = serializers.CharField()


class ReviewOut(Out):
    hazard = serializers.UUIDField(source="hazard_id")
    result = serializers.CharField()
    note = serializers.CharField()


class InspectionOut(InspectionRowOut):
    """A visit whole, as it was sent and as it was understood."""

    joined_to = serializers.UUIDField(source="joined_to_id", allow_null=True, help_text="并入的记录；不另计入")
    content_sha256 = serializers.CharField()
    place_type = serializers.CharField()
    project_type = serializers.CharField()
    task = serializers.UUIDField(source="task_id", allow_null=True)
    location_sent = serializers.SerializerMethodField()
    companions = serializers.ListField(child=serializers.UUIDField())
    checklist = serializers.SerializerMethodField()
    unanswered = serializers.ChoiceField(choices=Unanswered.choices)
    answers = serializers.SerializerMethodField()
    hazards = HazardOut(source="shown_hazards", many=True)
    reviews = ReviewOut(source="shown_reviews", many=True)
    photos = PhotoOfVisitOut(source="shown_photos", many=True)
    papers = PaperOfRecordOut(many=True, source="shown_papers", help_text="由这次检查出具的文书和待出具的草稿")
    complete = serializers.BooleanField(help_text="申报的照片是否全部收到")
    clock_skew = skew_field()
    department = serializers.CharField(help_text="检查机关（部门代码），没有为空")
    joint_departments = serializers.ListField(child=serializers.CharField())
    experts = ExpertOut(many=True)
    approval = ApprovalField("approval", help_text="审批")
    notice = SignedStepField("notice", help_text="通知书")
    scan = ScanField("scan", help_text="扫码入企")
    certificates_shown = ShownField("certificates_shown", help_text="已出示执法证件")
    record = SignedStepField("record", help_text="现场检查笔录")
    result = SignedStepField("result", help_text="检查结果的告知")

    @extend_schema_field(AnswerOfVisitOut(many=True))
    def get_answers(self, inspection: Inspection):
        return inspection.answers

    @extend_schema_field(SentPointOut(allow_null=True))
    def get_location_sent(self, inspection: Inspection):
        return shared(SentPointOut).to_representation(inspection) if inspection.sent_crs else None

    @extend_schema_field(ChecklistOfVisit(allow_null=True))
    def get_checklist(self, inspection: Inspection):
        named = {"code": inspection.checklist_code, "version": inspection.checklist_version}
        return named if inspection.checklist_code else None


class VisitCorrectionShape(Shape):
    """What is given is put right; what the visit found, its photos and reviews have steps of their own."""

    reason = reason()
    enterprise = RecordId(required=False, allow_null=True)
    site = RecordId(required=False, allow_null=True)
    place = Text(max_length=200, required=False, allow_blank=True)
    region = Text(max_length=12, required=False)
    sector = Text(max_length=30, required=False)
    place_type = Text(max_length=40, required=False, allow_blank=True)
    project_type = Text(max_length=40, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=VisitKind.choices, required=False)
    authority = serializers.ChoiceField(choices=Authority.choices, required=False)
    type = serializers.ChoiceField(choices=InspectionType.choices, required=False)
    source = SourceShape(required=False)  # type: ignore[assignment]  # the field's own name
    joint_departments = serializers.ListField(child=DepartmentParam(), max_length=20, required=False)
    started_at = Moment(required=False)
    finished_at = Moment(required=False)
    location = PointIn(required=False)
    companions = serializers.ListField(child=RecordId(), max_length=20, required=False)
    answers = serializers.ListField(child=AnswerShape(), max_length=300, required=False)


@extend_schema_field(serializers.JSONField())
class CorrectedColumns(serializers.Field):
    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        if self.context.get("spares_complaints") and value.get("source"):
            return {**value, "source": without_complaint(value["source"])}
        return value


class CorrectionOut(Out):
    reason = serializers.CharField()
    before = CorrectedColumns(read_only=True, help_text="原记")
    after = CorrectedColumns(read_only=True, help_text="更正为")
    made_at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by_id")
    by_name = serializers.CharField()
    by_role = serializers.CharField()


class ReceiptQuestion(Shape):
    id = RecordId(help_text="记录的编号；步骤为其 Idempotency-Key")
    content_sha256 = Sha256()


class ReceiptsShape(Shape):
    receipts = serializers.ListField(child=ReceiptQuestion(), min_length=1, max_length=500)


class ReceiptAnswerOut(Out):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["held", "differs", "missing"])


class TaskFilters(Filters):
    region = RegionParam(required=False)
    sector = SectorParam(required=False)
    enterprise = RecordId(required=False)
    site = RecordId(required=False)
    assignee = RecordId(required=False, help_text="派给谁的")
    kind = Several(serializers.ChoiceField(choices=VisitKind.choices))
    type = Several(serializers.ChoiceField(choices=InspectionType.choices))
    mine = flag("true：派给本人的")
    waiting_for = WaitingFor()
    overdue = flag("true：到期未做的")
    due_from = on_day("最迟日不早于")
    due_before = on_day("最迟日早于")
    open = flag("true：要做的（不写即是）；false：做完或取消的")
    done = flag("true：做完的")
    cancelled = flag("true：取消的")

    def validate_assignee(self, key: Any) -> list[Any]:
        return [key]


class TaskShape(Shape):
    enterprise = RecordId(required=False, allow_null=True, default=None)
    site = RecordId(required=False, allow_null=True, default=None)
    sector = Text(max_length=30, required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=VisitKind.choices, default=VisitKind.ROUTINE)
    authority = serializers.ChoiceField(choices=Authority.choices, default=Authority.ADMINISTRATIVE)
    type = serializers.ChoiceField(choices=InspectionType.choices, required=False, allow_null=True, default=None)
    source = SourceShape(required=False, allow_null=True, default=None)  # type: ignore[assignment]  # the field's own name
    joint_departments = serializers.ListField(
        child=DepartmentParam(), max_length=20, required=False, default=list, help_text="联合检查的其他部门"
    )
    experts = serializers.ListField(child=ExpertShape(), max_length=20, required=False, default=list)
    due_on = serializers.DateField()
    note = Text(max_length=1000, required=False, allow_blank=True, default="")
    assignees = serializers.ListField(child=RecordId(), min_length=1, max_length=20)


class TaskPatch(Shape):
    """What is given changes; the place and the people have their own ways."""

    kind = serializers.ChoiceField(choices=VisitKind.choices, required=False)
    authority = serializers.ChoiceField(choices=Authority.choices, required=False)
    type = serializers.ChoiceField(choices=InspectionType.choices, required=False)
    source = SourceShape(required=False)  # type: ignore[assignment]  # the field's own name
    joint_departments = serializers.ListField(child=DepartmentParam(), max_length=20, required=False)
    experts = serializers.ListField(child=ExpertShape(), max_length=20, required=False)
    due_on = serializers.DateField(required=False)
    note = Text(max_length=1000, required=False, allow_blank=True)


class TaskCancelShape(Shape):
    reason = reason()


class TaskReassignShape(Shape):
    assignees = serializers.ListField(child=RecordId(), min_length=1, max_length=20)
    reason = reason()


class TaskOut(Out):
    id = serializers.UUIDField()
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.SerializerMethodField()
    site = serializers.UUIDField(source="site_id", allow_null=True)
    site_name = serializers.SerializerMethodField()
    region = serializers.CharField(source="region_code")
    sector = serializers.CharField(source="sector_id")
    kind = serializers.ChoiceField(choices=VisitKind.choices)
    authority = serializers.ChoiceField(choices=Authority.choices)
    type = type_field()
    source = source_field()  # type: ignore[assignment]  # the field's own name
    department = serializers.CharField(help_text="检查机关（部门代码），没有为空")
    joint_departments = serializers.ListField(child=serializers.CharField())
    experts = ExpertOut(many=True)
    approval = ApprovalField("approval", help_text="审批")
    approval_asked = AskedField("asked", help_text="已报请审批，尚无答复的")
    approval_declined = AskedField("declined", help_text="不予批准")
    notice = SignedStepField("notice", help_text="通知书")
    scan = ScanField("scan", help_text="扫码入企")
    due_on = serializers.DateField()
    note = serializers.CharField()
    assignees = serializers.ListField(child=serializers.UUIDField())
    assignee_names = serializers.ListField(child=serializers.CharField(), help_text="姓名，与 assignees 同序")
    done_by = serializers.UUIDField(allow_null=True)
    cancelled_on = serializers.DateField(allow_null=True)
    cancel_reason = serializers.CharField()
    overdue = serializers.SerializerMethodField(help_text="到期未做")
    location = serializers.SerializerMethodField()
    count = TaskYearOut(allow_null=True, help_text="单位全年受检查的次数；做完、取消的和不是检查的没有")
    warnings = warnings_field()
    remarks = RemarksField()
    is_demo = serializers.BooleanField(help_text="演示数据")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_enterprise_name(self, task):
        return task.enterprise.name if task.enterprise_id else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_site_name(self, task):
        return task.site.name if task.site_id else None

    def get_overdue(self, task) -> bool:
        return task.done_by is None and task.cancelled_on is None and task.due_on < timezone.localdate()

    @extend_schema_field(PointOut(allow_null=True))
    def get_location(self, task):
        place = task.site if task.site_id else task.enterprise
        return PointOut().to_representation(place.point) if place and place.point else None
