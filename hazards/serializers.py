"""Shapes of hazards."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.papers.serializers import PaperOfRecordOut, issuing
from evidence.papers.wording import WordingShape
from evidence.serializers import MOST_PHOTOS, PhotoShape
from evidence.shown import ShownPhotoOut, complete_param, photo_flag_param
from geo.serializers import BboxParam, CrsParam, PlaceOut, PointIn, RegionParam
from hazards import dates
from hazards.editions import due_edition, is_to_be_looked_at, now_instead
from hazards.leniency import no_penalty
from hazards.models import EditionLook, Extension, Hazard
from hazards.rules import is_overdue
from hazards.states import STEPS, Origin, State
from reference.criteria import editions
from reference.criteria.serializers import CriterionOut, EditionNameOut, name_of
from reference.serializers import DepartmentParam, SectorParam, provisional_field
from reference.terms import HazardLevel, Loop
from reference.working_out import provisional_in
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, Several, WaitingFor, flag, on_day
from safety_api.search import FOUND_BY
from safety_api.shapes import (
    CountingField,
    FieldMoment,
    Money,
    Out,
    RecordId,
    RemarksField,
    Shape,
    Text,
    ToldMoment,
    shared,
    skew_field,
    warning_param,
    warnings_field,
)

STATE_NAMES = dict(State.choices)
CRITERION = "判定条目代码，见 reference/criteria；查不到或不属于发现之日的标准，只作提示"


class HazardChoice(Filters):
    """What a list and a map have in common."""

    state = Several(serializers.ChoiceField(choices=State.choices))
    open = flag("true：未结的；false：已结的和本人的草稿")
    mine = flag("true：本人发现的")
    waiting_for = WaitingFor()
    level = serializers.ChoiceField(choices=HazardLevel.choices, required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="与 open_on 同用：那一日终了时是否逾期")
    review_overdue = flag("true：复查期限已过而未复查")
    sector = SectorParam(required=False)
    department = DepartmentParam(required=False)
    region = RegionParam(required=False)
    q = Text(max_length=60, required=False, help_text=FOUND_BY)
    listed = serializers.BooleanField(required=False, allow_null=True, default=None)
    origin = Several(serializers.ChoiceField(choices=Origin.choices))
    enterprise = RecordId(required=False)
    loop = serializers.ChoiceField(choices=Loop.choices, required=False)
    repeat = serializers.BooleanField(required=False, allow_null=True, default=None)
    found_from = DayOrMoment(help_text="发现不早于")
    found_before = DayOrMoment(help_text="发现早于")
    received_since = DayOrMoment(help_text="收到不早于")
    received_before = DayOrMoment(help_text="收到早于")
    due_from = on_day("整改期限不早于")
    due_before = on_day("整改期限早于")
    open_on = on_day("某日终了时未结的（按现行级别），用于看从前")
    closed_from = on_day("销号不早于")
    closed_before = on_day("销号早于")
    review_due_from = on_day("复查期限不早于")
    review_due_before = on_day("复查期限早于")
    extension_pending = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="true：有待批的延期申请"
    )
    warning = warning_param()
    edition = Text(
        max_length=60, required=False, help_text="判定标准代码，或 unknown；与 judged_by 同用时为取代原标准的那一版"
    )
    criterion = Text(max_length=80, required=False, help_text="判定条目代码")
    judged_by = serializers.ChoiceField(
        choices=[("ended", "新标准施行后仍按已失效文本判定的"), ("unknown", "其后发现的重大隐患，判定文本不明的")],
        required=False,
    )
    looked_at = flag("true：已按现行标准复看；false：还没有")


class HazardFilters(HazardChoice):
    complete = complete_param()
    photo_flag = photo_flag_param()
    bbox = BboxParam(required=False)
    crs = CrsParam()


class HazardShape(Shape):
    """A hazard found outside a visit; a draft is seen by its author only, until it is reported."""

    draft = serializers.BooleanField(default=False)
    enterprise = RecordId(required=False, allow_null=True, default=None)
    site = RecordId(required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, allow_null=True, allow_blank=True, default="")
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    sector = serializers.CharField(max_length=30, required=False, allow_null=True, default=None)
    item = Text(max_length=20, required=False, allow_null=True, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=HazardLevel.choices, default=HazardLevel.GENERAL)
    description = Text(min_length=1, max_length=2000)
    standard_clause = Text(max_length=200, required=False, allow_blank=True, default="")
    criterion = Text(max_length=80, required=False, allow_null=True, allow_blank=True, default="", help_text=CRITERION)
    judged_by_expert = Text(max_length=1000, required=False, allow_blank=True, default="")
    found_at = FieldMoment()
    deadline = serializers.DateField(required=False, allow_null=True, default=None)
    location = PointIn(required=False, allow_null=True, default=None)
    recurrence_of = RecordId(required=False, allow_null=True, default=None)
    photos = serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS, required=False, default=list)
    device = serializers.JSONField(required=False, default=dict)


# --- bodies of steps -----------------------------------------------------------------------------------------------------
def manifest(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS, **options)


def no_photos() -> serializers.ListField:
    return manifest(required=False, default=list)


def words(most: int = 2000) -> Text:
    """Words that may be left out."""
    return Text(max_length=most, required=False, allow_blank=True, default="")


def day(**options: Any) -> serializers.DateField:
    return serializers.DateField(**(options or {"required": False, "allow_null": True, "default": None}))


class NothingShape(Shape):
    """No body, or an empty one."""


class NoteShape(Shape):
    note = Text(min_length=1, max_length=2000)


class ConfirmShape(Shape):
    level = serializers.ChoiceField(choices=HazardLevel.choices, required=False, allow_null=True, default=None)
    standard_clause = words(200)
    criterion = Text(
        max_length=80, required=False, allow_blank=True, default="", help_text="判定条目代码，须属于发现之日有效的标准"
    )
    judged_by_expert = words(1000)
    outside_factor = serializers.BooleanField(required=False, allow_null=True, default=None)
    deadline = day()
    photos = no_photos()
    note = words()


class TransferShape(Shape):
    department = Text(max_length=40)
    sector = Text(max_length=30, required=False, allow_null=True, default=None)
    companion = RecordId(required=False, allow_null=True, default=None, help_text="与本人一同承办移送书的人员")
    materials = serializers.ListField(
        child=Text(min_length=1, max_length=200), max_length=30, required=False, default=list, help_text="附送材料"
    )
    issue = issuing()
    note = words()


class OrderShape(Shape):
    companion = RecordId(required=False, allow_null=True, default=None)
    deadline = day()
    onsite_measures = words()
    photos = no_photos()
    issue = issuing()
    note = words()


class CloseOnSpotShape(Shape):
    photos = manifest()
    note = words()


class AcknowledgeShape(Shape):
    """五落实; the deadline is the hazard's."""

    responsible_person = words(60)
    measures = words()
    funds_yuan = Money(max_digits=14, required=False, allow_null=True, default=None)
    emergency_plan = words()
    note = words()


class StartShape(AcknowledgeShape):
    deadline = day()
    photos = no_photos()


class RequestReviewShape(Shape):
    photos = manifest()
    statement = Text(min_length=1, max_length=2000)
    cost_yuan = Money(max_digits=14)
    evaluation_report = words(4000)


class ApprovalShape(Shape):
    document = Text(min_length=1, max_length=120)
    date = serializers.DateField()


class ApprovalsShape(Shape):
    """煤矿安全生产条例 第四十八条"""

    chief = ApprovalShape(required=False, allow_null=True, default=None)
    mine_safety_office = ApprovalShape(required=False, allow_null=True, default=None)
    government = ApprovalShape(required=False, allow_null=True, default=None)


class PassShape(Shape):
    companion = RecordId(required=False, allow_null=True, default=None)
    photos = no_photos()
    approvals = ApprovalsShape(required=False, allow_null=True, default=None)
    issue = issuing()
    note = words()


class FailShape(Shape):
    companion = RecordId(required=False, allow_null=True, default=None)
    deadline = day(required=True)
    photos = no_photos()
    issue = issuing()
    note = Text(min_length=1, max_length=2000)


class EnforceShape(NoteShape):
    reason = serializers.ChoiceField(
        choices=[("refusal", "拒不整改"), ("repeated_failure", "屡次不合格"), ("overdue", "逾期")]
    )


class ResumeShape(NoteShape):
    deadline = day(required=True)


class UnitCloseShape(Shape):
    document = Text(min_length=1, max_length=120)
    note = words()


class VoidShape(Shape):
    reason = serializers.ChoiceField(choices=[("duplicate", "重复上报"), ("wrong_unit", "单位有误"), ("other", "其他")])
    note = words()


class RecurShape(Shape):
    id = RecordId(required=False, allow_null=True, default=None)
    found_at = FieldMoment(required=False, allow_null=True, default=None)
    description = words()
    level = serializers.ChoiceField(choices=HazardLevel.choices, required=False, allow_null=True, default=None)
    deadline = day()
    photos = no_photos()
    note = words()
    device = serializers.JSONField(required=False, default=dict, help_text="同上报：clock 为发送时的手机时间")


class EscalateShape(NoteShape):
    reason = serializers.ChoiceField(
        choices=[("refused", "拒不整改"), ("beyond", "超出乡镇职权"), ("overdue", "逾期"), ("major", "应为重大")]
    )


class CorrectWordingShape(WordingShape):
    model = Hazard
    field = serializers.ChoiceField(
        choices=[
            ("description", "描述"),
            ("place", "地点"),
            ("standard_clause", "判定标准条款"),
            ("criterion", "判定条目"),
            ("judged_by_expert", "专家判定"),
        ]
    )


class LookAgainShape(Shape):
    word = serializers.ChoiceField(choices=EditionLook.Word.choices)
    reason = Text(min_length=1, max_length=2000)
    criterion = Text(
        max_length=80, required=False, allow_blank=True, default="", help_text="rejudged 必填：现行标准的条目"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["word"] == EditionLook.Word.REJUDGED and not attrs["criterion"]:
            raise serializers.ValidationError(
                {"criterion": serializers.ErrorDetail("请写明现行标准的条目。", "required")}
            )
        return attrs


class ExtensionShape(Shape):
    deadline = day(required=True)
    reason = Text(min_length=1, max_length=2000)
    interim_measures = Text(min_length=1, max_length=2000)
    applicant = words(60)


class ExtensionFilters(Filters):
    answer = serializers.ChoiceField(choices=Extension.Answer.choices, required=False)
    overdue = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="true：过了答复期限仍待批"
    )
    enterprise = RecordId(required=False)
    region = RegionParam(required=False)


class ExtensionAnswerShape(Shape):
    note = words()


# --- answers ---------------------------------------------------------------------------------------------------------------
class NoPenaltyOut(serializers.Serializer):
    basis = serializers.CharField()
    sentence = serializers.CharField()


class HazardOut(Out):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=State.choices)
    state_name = serializers.SerializerMethodField()
    level = serializers.ChoiceField(choices=HazardLevel.choices)
    origin = serializers.ChoiceField(choices=Origin.choices)
    sector = serializers.CharField(source="sector_id")
    department = serializers.CharField(source="department_id", allow_null=True)
    region = serializers.CharField(source="region_code")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    enterprise_name = serializers.SerializerMethodField()
    site = serializers.UUIDField(source="site_id", allow_null=True)
    place = serializers.CharField()
    inspection = serializers.UUIDField(source="inspection_id", allow_null=True)
    item = serializers.CharField()
    description = serializers.CharField()
    standard_clause = serializers.CharField()
    edition = serializers.CharField(
        help_text="发现之日有效的判定标准，见 reference/criteria/{edition}；unknown：旧记录没有写明；空：没有"
    )
    edition_now = serializers.SerializerMethodField(
        help_text="未结而判定标准已被取代的：现行的一版；隐患仍按原来的判定"
    )
    criterion = serializers.CharField(help_text="判定条目代码")
    judged_by_expert = serializers.CharField()
    location = PlaceOut()
    reported_by = serializers.UUIDField()
    reporter_name = serializers.CharField()
    found_at = ToldMoment("found")
    counts_at = CountingField("found")
    received_at = serializers.DateTimeField()
    deadline = serializers.DateField(source="due_on", allow_null=True)
    overdue = serializers.SerializerMethodField()
    closed_on = serializers.DateField(allow_null=True)
    recurrence_of = serializers.UUIDField(source="recurrence_of_id", allow_null=True)
    repeat = serializers.SerializerMethodField(help_text="再次发现，或同一单位 12 个月内同一检查项、条款")
    loop = serializers.ChoiceField(choices=Loop.choices, help_text="由谁闭环：county 县级 township 乡镇 unit 企业")
    review_due_on = serializers.DateField(allow_null=True)
    provisional = provisional_field()
    repeat_of = serializers.UUIDField(source="repeat_of_id", allow_null=True)
    transferred_from = serializers.UUIDField(source="transferred_from_id", allow_null=True)
    outside_factor = serializers.BooleanField()
    listed = serializers.CharField(source="listed_level", help_text="挂牌级别：county city province，空为未挂牌")
    production_stopped = serializers.BooleanField()
    warnings = warnings_field()
    remarks = RemarksField()
    no_penalty = serializers.SerializerMethodField(help_text="企业自查自报并按期整改的，不予处罚：依据；没有为空")
    is_demo = serializers.BooleanField(help_text="演示数据")

    @extend_schema_field(NoPenaltyOut(allow_null=True))
    def get_no_penalty(self, hazard: Any) -> dict[str, str] | None:
        return no_penalty(hazard, on=self.context["today"])

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_enterprise_name(self, hazard: Any):
        if hasattr(hazard, "enterprise_name"):
            return hazard.enterprise_name  # a row of a list
        return hazard.enterprise.name if hazard.enterprise else None

    @extend_schema_field(EditionNameOut(allow_null=True))
    def get_edition_now(self, hazard: Any):
        found = now_instead(hazard, self.context["today"])
        return name_of(found) if found else None

    def get_provisional(self, hazard: Any) -> list[str]:
        return provisional_in(hazard, dates.HAZARD)

    def get_overdue(self, hazard: Hazard) -> bool:
        return is_overdue(hazard, on=self.context["today"])

    def get_state_name(self, hazard: Hazard) -> str:
        return STATE_NAMES[hazard.state]

    def get_repeat(self, hazard: Hazard) -> bool:
        return hazard.recurrence_of_id is not None or hazard.repeat_of_id is not None


class LookOut(serializers.Serializer):
    word = serializers.ChoiceField(choices=EditionLook.Word.choices)
    reason = serializers.CharField()
    judged_by = serializers.CharField(help_text="原判定标准")
    due = serializers.CharField(help_text="应按的判定标准")
    criterion = serializers.CharField()
    by_name = serializers.CharField()
    at = serializers.DateTimeField()


class PlanOut(Out):
    """五落实; the deadline is the hazard's."""

    responsible_person = serializers.CharField()
    measures = serializers.CharField()
    funds_yuan = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    emergency_plan = serializers.CharField()
    stated_at = serializers.DateTimeField()


class ExtensionOut(Out):
    id = serializers.UUIDField()
    hazard = serializers.UUIDField(source="hazard_id")
    reason = serializers.CharField()
    interim_measures = serializers.CharField()
    old_deadline = serializers.DateField(source="old_due_on")
    deadline = serializers.DateField(source="new_due_on", help_text="申请延至")
    asked_at = serializers.DateTimeField()
    asked_by_name = serializers.CharField()
    for_unit = serializers.BooleanField(help_text="单位没有主要负责人账号，由执法人员或乡镇代录")
    applicant = serializers.CharField(help_text="代录时单位的申请人")
    answer_due_on = serializers.DateField(help_text="答复期限")
    provisional = provisional_field()
    answer = serializers.ChoiceField(choices=Extension.Answer.choices)
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by_name = serializers.CharField()
    answer_note = serializers.CharField()
    late = serializers.SerializerMethodField(help_text="期满之后才申请")

    def get_provisional(self, extension: Extension) -> list[str]:
        return provisional_in(extension, dates.EXTENSION)

    def get_late(self, extension: Extension) -> bool:
        return timezone.localdate(extension.asked_at) > extension.old_due_on


class HazardWholeOut(HazardOut):
    """One hazard with its plan, and what this person may do next."""

    review_requested_on = serializers.DateField(allow_null=True)
    overdue_since = serializers.DateField(allow_null=True, help_text="首次逾期之日，延期不消除")
    joined_to = serializers.UUIDField(source="joined_to_id", allow_null=True, help_text="并入的一条；不另计入")
    external_number = serializers.CharField(help_text="上级平台编号")
    reported_up_on = serializers.DateField(allow_null=True)
    deadline_told = serializers.DateField(
        source="due_told_on", allow_null=True, help_text="上报时所填期限与现行的不同者"
    )
    deadline_by_rule = serializers.BooleanField(
        source="term_by_rule", help_text="期限无人指定，按规定自告知单位之日起算"
    )
    clock_skew = skew_field()
    edition_named = serializers.SerializerMethodField(help_text="edition 的名称、文号和日期，条文录入到什么程度")
    edition_due = serializers.SerializerMethodField(help_text="按已失效文本判定、还须复看的：发现之日有效的一版")
    criterion_named = serializers.SerializerMethodField(help_text="criterion 的条目")
    looks = LookOut(many=True, source="shown_looks", help_text="按现行标准复看的结论")
    plan = serializers.SerializerMethodField()
    photos = ShownPhotoOut(many=True)
    papers = PaperOfRecordOut(many=True, source="shown_papers", help_text="由各步骤出具的文书和待出具的草稿")
    extension = serializers.SerializerMethodField(help_text="待批的延期申请")
    may = serializers.ListField(
        child=serializers.ChoiceField(choices=[*STEPS, "ask-extension", "answer-extension"]),
        help_text="此人现在可以办理的步骤；条件另由各步骤核对",
    )

    @extend_schema_field(ExtensionOut(allow_null=True))
    def get_extension(self, hazard: Any):
        return shared(ExtensionOut).to_representation(hazard.pending) if hazard.pending else None

    @extend_schema_field(EditionNameOut(allow_null=True))
    def get_edition_named(self, hazard: Any):
        found = editions.known(hazard.edition)
        return name_of(found) if found else None

    @extend_schema_field(EditionNameOut(allow_null=True))
    def get_edition_due(self, hazard: Any):
        due = due_edition(hazard) if is_to_be_looked_at(hazard) else None
        return name_of(due) if due else None

    @extend_schema_field(CriterionOut(allow_null=True))
    def get_criterion_named(self, hazard: Any):
        return editions.item(hazard.criterion)

    @extend_schema_field(PlanOut(allow_null=True))
    def get_plan(self, hazard: Hazard):
        plan = getattr(hazard, "plan", None)
        return shared(PlanOut).to_representation(plan) if plan else None


class HazardPutOut(HazardOut):
    content_sha256 = serializers.CharField()
    photos = ShownPhotoOut(many=True)


class HazardStepOut(Out):
    step = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    by = serializers.UUIDField(source="by_id", allow_null=True)
    by_name = serializers.CharField()
    by_role = serializers.CharField()
    deadline = serializers.DateField(source="due_on", allow_null=True)
    note = serializers.CharField()
    details = serializers.JSONField(help_text="办理人员、文号、方案、费用等，因步骤而异")
    photos = ShownPhotoOut(many=True)
