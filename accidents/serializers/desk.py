"""Shapes of the duty desk: legs, reminders, twins, findings, investigations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accidents.choices import LEG_ENDS, DuplicateState, LessonMark, WrongReportKind
from accidents.serializers.accidents import LegOut, PaperShape
from geo.serializers import RegionParam
from reference.terms import AccidentKind, Channel, Grade, InvestigationLevel, ReportLevel, Stage
from safety_api.doors import Filters
from safety_api.shapes import Moment, PastDay, Required, Shape, Text, Whole, paper, reason


# --- legs ------------------------------------------------------------------------------------------------------------
class LegSendShape(Shape):
    channel = serializers.ChoiceField(choices=Channel.choices)
    sent_at = Moment(required=False, allow_null=True, default=None, help_text="不写为现在")
    told_to = Text(max_length=60, required=False, allow_blank=True, default="", help_text="对方接报人")
    note = Text(max_length=200, required=False, allow_blank=True, default="")
    reason = Text(max_length=1000, required=False, allow_blank=True, default="", help_text="更正已登记的，须写明")


class LegReceiveShape(Shape):
    received_at = Moment(required=False, allow_null=True, default=None, help_text="不写为现在")
    person = Text(max_length=60, required=False, allow_blank=True, default="", help_text="代上级登记的，写签收人")


class LevelToldShape(Shape):
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    at = Moment()
    reason = reason()


class RescueEndedShape(Shape):
    at = Moment()
    note = Text(max_length=1000, required=False, allow_blank=True, default="")


class DueLegOut(LegOut):
    """A leg with what it is about."""

    accident = serializers.UUIDField(source="accident_id")
    kind = serializers.ChoiceField(choices=AccidentKind.choices, source="accident.kind")
    occurred_at = serializers.DateTimeField(source="accident.occurred_at")
    region = serializers.CharField(source="accident.region_code")
    place = serializers.CharField(source="accident.place")
    description = serializers.CharField(source="accident.description")
    grade = serializers.SerializerMethodField()
    deaths = serializers.IntegerField(source="accident.deaths")
    missing = serializers.IntegerField(source="accident.missing")

    @extend_schema_field(serializers.ChoiceField(choices=Grade.choices, allow_null=True))
    def get_grade(self, leg: Any) -> str | None:
        return leg.accident.grade or None


DUE = (("open", "待报"), ("soon", "临近时限"), ("overdue", "超时未报"), ("all", "全部"))


class LegFilters(Filters):
    due = serializers.ChoiceField(choices=DUE, required=False, default="open", help_text="不写为全部待报")
    within = Whole(min_value=1, max_value=1440, required=False, default=30)
    level = serializers.ChoiceField(choices=ReportLevel.choices, required=False, default=None)
    to = serializers.ChoiceField(choices=LEG_ENDS, required=False, default=None)
    warning = serializers.BooleanField(required=False, allow_null=True, default=None)
    region = RegionParam(required=False)
    accident = serializers.UUIDField(required=False, default=None)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        within = data.get("within")
        if isinstance(within, str):
            data = {**data, "within": int(within) if within.isdecimal() and len(within) < 6 else within}
        return super().to_internal_value(data)


class ReportReminderOut(serializers.Serializer):
    id = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    stage_name = serializers.CharField(source="get_stage_display")
    made_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    seen_name = serializers.CharField()
    accident = serializers.UUIDField(source="leg.accident_id")
    leg = serializers.IntegerField(source="leg_id")
    code = serializers.CharField(source="leg.code")
    level_name = serializers.CharField(source="leg.get_level_display")
    to_name = serializers.CharField(source="leg.get_to_display")
    due_at = serializers.DateTimeField(source="leg.due_at")
    sent_at = serializers.DateTimeField(source="leg.sent_at", allow_null=True)


class ReportReminderFilters(Filters):
    unseen = serializers.BooleanField(required=False, default=False)


# --- twins -----------------------------------------------------------------------------------------------------------
class DuplicateJoinShape(Shape):
    into = serializers.UUIDField(help_text="保留的记录；本条并入它")
    reason = reason()


class DuplicateReasonShape(Shape):
    reason = reason()


class DuplicateSideOut(serializers.Serializer):
    id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    place = serializers.CharField()
    category = serializers.CharField()
    description = serializers.CharField()
    deaths = serializers.IntegerField()
    reporter_name = serializers.CharField()


class DuplicatePairOut(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=DuplicateState.choices)
    metres = serializers.IntegerField(allow_null=True, help_text="相距；没有坐标的为 null")
    minutes = serializers.IntegerField()
    proposed_at = serializers.DateTimeField()
    first = DuplicateSideOut()
    second = DuplicateSideOut()
    stays = serializers.UUIDField(source="stays_id", allow_null=True)
    reason = serializers.CharField()
    by_name = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class DuplicateFilters(Filters):
    state = serializers.ChoiceField(choices=DuplicateState.choices, required=False, default=DuplicateState.PROPOSED)
    accident = serializers.UUIDField(required=False, default=None)


# --- findings --------------------------------------------------------------------------------------------------------
class WrongReportShape(Shape):
    kind = serializers.ChoiceField(choices=WrongReportKind.choices)
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    enterprise = serializers.UUIDField(required=False, allow_null=True, default=None)
    evidence = Required("evidence_required", "请写明事实和证据。", max_length=2000)
    document = paper(200)
    approved_by = paper(100)
    on = PastDay(required=False, allow_null=True, default=None)


class WrongReportRevokeShape(PaperShape):
    """A finding is taken back as it was made: by reason and paper."""


# --- investigations --------------------------------------------------------------------------------------------------
class InvestigationOpenShape(Shape):
    organiser = Text(max_length=100, min_length=1, help_text="牵头单位")
    level = serializers.ChoiceField(
        choices=InvestigationLevel.choices, required=False, allow_null=True, default=None, help_text="不写为等级所定"
    )
    on = PastDay(required=False, allow_null=True, default=None)
    document = Text(max_length=200, required=False, allow_blank=True, default="")


class InvestigationTakeOverShape(Shape):
    level = serializers.ChoiceField(choices=InvestigationLevel.choices)
    organiser = Text(max_length=100, min_length=1)
    document = paper(200)


class InvestigationExtendShape(Shape):
    of = serializers.ChoiceField(choices=[("report", "调查报告"), ("approval", "批复")], default="report")
    days = Whole(min_value=1, max_value=60)
    document = paper(200)
    approved_by = paper(100)


class InvestigationAppraiseShape(Shape):
    what = Text(max_length=200, min_length=1)
    begun_on = PastDay()
    ended_on = PastDay(required=False, allow_null=True, default=None)
    document = paper(200)


class InvestigationPaperShape(Shape):
    on = PastDay()
    document = paper(200)


class InvestigationMarkShape(InvestigationPaperShape):
    mark = serializers.ChoiceField(choices=LessonMark.choices)
    note = Text(max_length=1000, required=False, allow_blank=True, default="")


class InvestigationDayShape(Shape):
    on = PastDay()


class InvestigationAssessShape(InvestigationPaperShape):
    assessment = Text(max_length=2000, min_length=1)


class InvestigationAppraisalOut(serializers.Serializer):
    what = serializers.CharField()
    begun_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    document = serializers.CharField()


class InvestigationMarkOut(serializers.Serializer):
    mark = serializers.ChoiceField(choices=LessonMark.choices)
    name = serializers.CharField()
    done = serializers.BooleanField()
    done_on = serializers.DateField(allow_null=True)
    document = serializers.CharField()
    note = serializers.CharField()


STATES = (("open", "调查中"), ("submitted", "已提交报告"), ("approved", "已批复"), ("closed", "已结案"))


class InvestigationOut(serializers.Serializer):
    accident = serializers.UUIDField()
    state = serializers.ChoiceField(choices=STATES)
    level = serializers.ChoiceField(choices=InvestigationLevel.choices)
    level_name = serializers.CharField()
    level_due = serializers.ChoiceField(choices=InvestigationLevel.choices, help_text="按现在的等级应由谁调查")
    level_holds = serializers.BooleanField(help_text="false：等级已变，应由上级接手")
    organiser = serializers.CharField()
    opened_on = serializers.DateField()
    document = serializers.CharField()
    report_due_on = serializers.DateField(help_text="事故之日起60日，加延长和技术鉴定日数，含当日")
    report_overdue = serializers.BooleanField()
    appraisal_days = serializers.IntegerField(help_text="技术鉴定不计入的日数")
    extension_days = serializers.IntegerField()
    extension_document = serializers.CharField()
    extension_approved_by = serializers.CharField()
    submitted_on = serializers.DateField(allow_null=True)
    report_document = serializers.CharField()
    approval_due_on = serializers.DateField(allow_null=True)
    approval_overdue = serializers.BooleanField()
    approval_extension_days = serializers.IntegerField()
    approval_extension_document = serializers.CharField()
    approval_extension_approved_by = serializers.CharField()
    approved_on = serializers.DateField(allow_null=True)
    approval_document = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)
    assessment_due_on = serializers.DateField(allow_null=True)
    assessment_overdue = serializers.BooleanField()
    assessed_on = serializers.DateField(allow_null=True)
    assessment_document = serializers.CharField()
    assessment = serializers.CharField()
    appraisals = InvestigationAppraisalOut(many=True)
    marks = InvestigationMarkOut(many=True)
