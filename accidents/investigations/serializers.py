"""Shapes of investigations."""

from __future__ import annotations

from rest_framework import serializers

from accidents.choices import LessonMark
from reference.terms import InvestigationLevel
from safety_api.shapes import PastDay, Shape, Text, Whole, paper


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
