"""Shapes of closings."""

from __future__ import annotations

from rest_framework import serializers

from assessment.closings.fields import StateName, month, month_asked, year, year_asked
from assessment.closings.words import ClosingVerb
from assessment.models import ClosingState
from geo.serializers import RegionParam
from reference.terms import Subject
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text
from zero_accident.lists.serializers import BreakReasonOut


# --- in --------------------------------------------------------------------------------------------------------------
class ClosingFilters(Filters):
    year = year_asked(required=False)
    month = month_asked(0, required=False, help_text="0 为年度定稿")
    region = RegionParam(required=False)
    state = serializers.ChoiceField(choices=ClosingState.choices, required=False)


class OpenClosingShape(Shape):
    year = year()
    month = month(0, required=False, allow_null=True, default=0, help_text="不写或 0 为全年")
    region = Text(max_length=12, required=False, allow_null=True, default=None, help_text="县；不写为本县")


# --- out -------------------------------------------------------------------------------------------------------------
class ClosingOut(Out, StateName):
    id = serializers.IntegerField()
    region = serializers.CharField(source="region_code")
    year = serializers.IntegerField()
    month = serializers.IntegerField(help_text="0 为年度定稿")
    said = serializers.CharField(source="period_name")
    number = serializers.IntegerField(help_text="第几次修订，自 1 起")
    state = serializers.ChoiceField(choices=ClosingState.choices)
    reason = serializers.CharField(help_text="修订原因；首次为空")
    opened_at = serializers.DateTimeField()
    opened_name = serializers.CharField()
    content_sha256 = serializers.CharField(help_text="所签内容（RFC 8785 规范 JSON）的 SHA-256")
    known_at = serializers.DateTimeField(allow_null=True, help_text="内容按此时所知")
    signed_at = serializers.DateTimeField(allow_null=True)
    signed_name = serializers.CharField()
    frozen_at = serializers.DateTimeField(allow_null=True)
    frozen_name = serializers.CharField()


class ClosingBeforeOut(serializers.Serializer):
    rank = serializers.IntegerField(allow_null=True)
    village_ratio = serializers.CharField(allow_null=True)
    unit_ratio = serializers.CharField(allow_null=True)


class ClosingRankedOut(serializers.Serializer):
    rank = serializers.IntegerField(allow_null=True)
    region = serializers.CharField()
    name = serializers.CharField()
    village_ratio = serializers.CharField(allow_null=True)
    village_zero = serializers.IntegerField()
    village_total = serializers.IntegerField()
    village_met = serializers.BooleanField(allow_null=True)
    unit_ratio = serializers.CharField(allow_null=True)
    unit_zero = serializers.IntegerField()
    unit_total = serializers.IntegerField()
    unit_met = serializers.BooleanField(allow_null=True)
    deaths = serializers.IntegerField()
    accidents = serializers.IntegerField()
    on_time_rate = serializers.CharField(allow_null=True)
    hazards_on_time = serializers.IntegerField()
    hazards_due = serializers.IntegerField()
    veto = serializers.BooleanField()
    zone = serializers.BooleanField()
    policy = serializers.CharField()
    before = ClosingBeforeOut(allow_null=True)
    moved = serializers.IntegerField(allow_null=True, help_text="比上月前进的名次；负数为后退")


class CitedRankingOut(serializers.Serializer):
    """A ranking with the revision that it stands in."""

    closing = serializers.IntegerField()
    number = serializers.IntegerField(help_text="引用的修订")
    state = serializers.ChoiceField(choices=ClosingState.choices)
    as_of = serializers.DateField()
    content_sha256 = serializers.CharField()
    before = serializers.JSONField(help_text="上月名次取自何处")
    rows = ClosingRankedOut(many=True)


class ClosingBrokenRowOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Subject.choices)
    key = serializers.CharField(allow_null=True)
    region = serializers.CharField()
    region_name = serializers.CharField()
    township = serializers.CharField()
    township_name = serializers.CharField()
    name = serializers.CharField(allow_null=True, help_text="不在管辖范围的单位为 null")
    enterprise = serializers.UUIDField(allow_null=True)
    broken_on = serializers.DateField()
    provisional = serializers.BooleanField()
    accidents = BreakReasonOut(many=True)


class ClosingBrokenOut(serializers.Serializer):
    closing = serializers.IntegerField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ClosingState.choices)
    as_of = serializers.DateField()
    rows = ClosingBrokenRowOut(many=True)


class ClosingStepOut(Out):
    verb = serializers.ChoiceField(choices=ClosingVerb.choices)
    verb_name = serializers.CharField(source="get_verb_display")
    region = serializers.CharField(source="region_code", help_text="声明无异议的乡镇")
    reason = serializers.CharField()
    content_sha256 = serializers.CharField()
    by_name = serializers.CharField()
    by_role = serializers.CharField()
    at = serializers.DateTimeField()


class WaitingOut(serializers.Serializer):
    code = serializers.CharField(help_text="与拒绝签发时的词相同")
    detail = serializers.CharField()


class ChangeOut(serializers.Serializer):
    what = serializers.CharField(help_text="policy、county、township、broken、accident")
    key = serializers.CharField()
    name = serializers.CharField()
    field = serializers.CharField(help_text="空：整行新增或不再有")
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.JSONField()
    after = serializers.JSONField()


class FigureReasonOut(serializers.Serializer):
    reason = serializers.CharField()
    count = serializers.IntegerField()
    first_number = serializers.IntegerField()
    last_number = serializers.IntegerField()
    last_at = serializers.DateTimeField()


class ChangedSinceOut(serializers.Serializer):
    changed = ChangeOut(many=True)
    reasons = FigureReasonOut(many=True)
    figures_revision = serializers.IntegerField()


class ContentOut(serializers.Serializer):
    """What was, or would be, signed. Records outside the jurisdiction are left out; further sections may be there."""

    schema = serializers.IntegerField()
    county = serializers.JSONField()
    period = serializers.JSONField()
    known_at = serializers.DateTimeField()
    policy = serializers.JSONField()
    figures_revision = serializers.IntegerField()
    ratios = serializers.JSONField(help_text="全县村、单位零事故率，同 zero-accident/ratios")
    ranking = ClosingRankedOut(many=True)
    before = serializers.JSONField()
    broken = ClosingBrokenRowOut(many=True)
    accidents = serializers.JSONField(help_text="本月（年）各起事故及口径条目")
    late_reports = serializers.JSONField()
    overdue_hazards = serializers.JSONField()
    sources = serializers.JSONField(help_text="所核对的部门月报各版")
    differences = serializers.JSONField(help_text="已处理的差异")
    objections = serializers.JSONField(help_text="异议与答复")
    reasons = serializers.JSONField(required=False, help_text="自上次冻结以来数字变化的原因")


class ClosingWholeOut(ClosingOut):
    objections_until = serializers.DateField(help_text="异议期末日；次日起可以签发")
    provisional = serializers.ListField(
        child=serializers.CharField(), help_text="暂定的日期（列名）：跨尚未公布节假日安排的年度"
    )
    terms = serializers.CharField(help_text="所用规定 closing 的版本")
    no_objection = serializers.ListField(child=serializers.CharField(), help_text="已声明无异议的乡镇")
    steps = ClosingStepOut(many=True)
    waiting = WaitingOut(many=True, allow_null=True, help_text="尚缺什么不能签发；已冻结或不掌稿的为 null")
    content = ContentOut(allow_null=True, help_text="冻结前只有应急管理局和安委办可见；待核对的为此刻的草稿")
    changed_since = ChangedSinceOut(allow_null=True, help_text="冻结以后事实的变化；只给应急管理局和安委办")
