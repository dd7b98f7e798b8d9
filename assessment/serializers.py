"""Shapes of closings, of departments' lists and of objections."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accidents.choices import Category, Nature
from accidents.serializers.accidents import MOST_PEOPLE, MOST_UNITS, DecideShape, UnitShape
from assessment.lists import MOST_ROWS
from assessment.models import State
from assessment.words import About, Difference, ObjectionState, Settled, Verb
from geo.serializers import Prefix, RegionParam
from safety_api.doors import Filters
from safety_api.shapes import Out, Shape, Text, Whole, reason
from zero_accident.choices import Charged, Effect, Subject
from zero_accident.lists.serializers import BecauseOut

FIRST_YEAR, LAST_YEAR = 2021, 2100  # the policy begins with 2021
MOST_EVIDENCE = 20


def year(**options: Any) -> Whole:
    return Whole(min_value=FIRST_YEAR, max_value=LAST_YEAR, **options)


def month(least: int = 1, **options: Any) -> Whole:
    return Whole(min_value=least, max_value=12, **options)


def year_asked(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, **options)


def month_asked(least: int = 1, **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=12, **options)


def maybe(most: int, **options: Any) -> Text:
    return Text(max_length=most, required=False, allow_blank=True, default="", **options)


class StateName(serializers.Serializer):
    state_name = serializers.SerializerMethodField()

    def get_state_name(self, row: Any) -> str:
        return row.get_state_display()


# --- closings: in ----------------------------------------------------------------------------------------------------
class ClosingFilters(Filters):
    year = year_asked(required=False)
    month = month_asked(0, required=False, help_text="0 为年度定稿")
    region = RegionParam(required=False)
    state = serializers.ChoiceField(choices=State.choices, required=False)


class OpenClosingShape(Shape):
    year = year()
    month = month(0, required=False, allow_null=True, default=0, help_text="不写或 0 为全年")
    region = Text(max_length=12, required=False, allow_null=True, default=None, help_text="县；不写为本县")


class NothingShape(Shape):
    """No body is needed."""


class ReasonShape(Shape):
    reason = reason()


# --- closings: out ---------------------------------------------------------------------------------------------------
class ClosingOut(Out, StateName):
    id = serializers.IntegerField()
    region = serializers.CharField(source="region_code")
    year = serializers.IntegerField()
    month = serializers.IntegerField(help_text="0 为年度定稿")
    said = serializers.CharField(source="said_period")
    number = serializers.IntegerField(help_text="第几次修订，自 1 起")
    state = serializers.ChoiceField(choices=State.choices)
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
    state = serializers.ChoiceField(choices=State.choices)
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
    accidents = BecauseOut(many=True)


class ClosingBrokenOut(serializers.Serializer):
    closing = serializers.IntegerField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    as_of = serializers.DateField()
    rows = ClosingBrokenRowOut(many=True)


class ClosingStepOut(Out):
    verb = serializers.ChoiceField(choices=Verb.choices)
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
    terms = serializers.CharField(help_text="所用规定 closing 的版本")
    no_objection = serializers.ListField(child=serializers.CharField(), help_text="已声明无异议的乡镇")
    steps = ClosingStepOut(many=True)
    waiting = WaitingOut(many=True, allow_null=True, help_text="尚缺什么不能签发；已冻结或不掌稿的为 null")
    content = ContentOut(allow_null=True, help_text="冻结前只有应急管理局和安委办可见；待核对的为此刻的草稿")
    changed_since = ChangedSinceOut(allow_null=True, help_text="冻结以后事实的变化；只给应急管理局和安委办")


# --- lists: in -------------------------------------------------------------------------------------------------------
class SourceListFilters(Filters):
    year = year_asked(required=False)
    month = month_asked(required=False)
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    region = RegionParam(required=False)
    current = serializers.BooleanField(required=False, default=False, help_text="true：只列现行版")


class SourceRowShape(Shape):
    external_number = Text(min_length=1, max_length=60, help_text="对方编号，同一月内不重复")
    day = serializers.DateField()
    time = serializers.TimeField(required=False, allow_null=True, default=None)
    region = Text(min_length=1, max_length=60, help_text="乡镇或村的代码或名称")
    place = maybe(200)
    deaths = Whole(min_value=0, max_value=MOST_PEOPLE)
    serious_injuries = Whole(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_null=True, default=None)
    description = maybe(2000)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)
        for name in ("external_number", "place", "description"):
            if told[name][:1] in ("=", "+", "@"):
                raise ValidationError({name: [ErrorDetail("不能以 =、+、@ 开头。", "bad_cell")]})
        return told


class SourceListShape(Shape):
    source = Text(max_length=40)  # type: ignore[assignment]
    year = year()
    month = month()
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    nil_return = serializers.BooleanField(required=False, default=False, help_text="零报告")
    note = maybe(500)
    rows = serializers.ListField(child=SourceRowShape(), max_length=MOST_ROWS, required=False, default=list)


class SendListFilters(Filters):
    source = serializers.CharField(max_length=40)  # type: ignore[assignment]
    year = year_asked()
    month = month_asked()
    region = Prefix()
    note = maybe(500)


# --- lists: out ------------------------------------------------------------------------------------------------------
class SourceListOut(Out):
    id = serializers.IntegerField()
    region = serializers.CharField(source="region_code")
    source = serializers.CharField()  # type: ignore[assignment]
    year = serializers.IntegerField()
    month = serializers.IntegerField()
    edition = serializers.IntegerField()
    nil_return = serializers.BooleanField()
    note = serializers.CharField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    by_name = serializers.CharField()


class SourceRowOut(Out):
    id = serializers.IntegerField()
    line = serializers.IntegerField()
    external_number = serializers.CharField()
    day = serializers.DateField()
    time = serializers.TimeField(allow_null=True)
    region = serializers.CharField(source="region_code")
    place = serializers.CharField()
    deaths = serializers.IntegerField()
    serious_injuries = serializers.IntegerField(allow_null=True)
    category = serializers.CharField(allow_blank=True)
    description = serializers.CharField()


class SourceListWholeOut(SourceListOut):
    rows = SourceRowOut(many=True)


# --- differences -----------------------------------------------------------------------------------------------------
class DifferenceFilters(Filters):
    year = year_asked()
    month = month_asked()
    region = Prefix()
    source = serializers.CharField(max_length=40, required=False)  # type: ignore[assignment]
    state = serializers.ChoiceField(
        choices=[("open", "待处理"), ("settled", "已处理"), ("all", "全部")], required=False, default="open"
    )


class MissingListOut(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    name = serializers.CharField()
    month = serializers.IntegerField()


class OurAccidentOut(serializers.Serializer):
    accident = serializers.UUIDField()
    day = serializers.DateField()
    region = serializers.CharField()
    region_name = serializers.CharField()
    deaths = serializers.IntegerField()
    serious_injuries = serializers.IntegerField()
    category = serializers.CharField(allow_blank=True)
    sector = serializers.CharField(allow_blank=True)
    gone = serializers.CharField(allow_blank=True, help_text="不再计入的原因")


class FieldDifferenceOut(serializers.Serializer):
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    theirs = serializers.JSONField()
    ours = serializers.JSONField()


class MatchProposalOut(serializers.Serializer):
    accident = serializers.UUIDField()
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())


class SettlementOut(Out):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Settled.choices)
    kind_name = serializers.CharField(source="get_kind_display")
    external_number = serializers.CharField()
    accident = serializers.UUIDField(source="accident_id", allow_null=True)
    accepted = serializers.BooleanField(help_text="差异已说明")
    reason = serializers.CharField()
    by_name = serializers.CharField()
    made_at = serializers.DateTimeField()


class DifferenceOut(serializers.Serializer):
    source = serializers.CharField()  # type: ignore[assignment]
    month = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Difference.choices)
    kind_name = serializers.CharField()
    settled = serializers.BooleanField()
    row = SourceRowOut(allow_null=True)
    accident = OurAccidentOut(allow_null=True)
    fields = FieldDifferenceOut(many=True)  # type: ignore[assignment]
    proposals = MatchProposalOut(many=True)
    settlement = SettlementOut(allow_null=True)


class DifferencesOut(serializers.Serializer):
    region = serializers.CharField()
    year = serializers.IntegerField()
    month = serializers.IntegerField()
    missing = MissingListOut(many=True, help_text="未交的部门月报")
    lists = SourceListOut(many=True, help_text="现行各版")
    open = serializers.IntegerField(help_text="待处理的差异")
    rows = DifferenceOut(many=True)


class MatchShape(Shape):
    accident = serializers.UUIDField()
    reason = maybe(1000, help_text="两边数字不同而仍是同一起的，可一并说明")


class CreateFromRowShape(Shape):
    """What their list does not say."""

    region = Text(max_length=12, required=False, allow_null=True, default=None, help_text="村；不写为月报所写的地区")
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_null=True, default=None)
    nature = serializers.ChoiceField(choices=Nature.choices, required=False, allow_null=True, default=None)
    sector = Text(max_length=30, required=False, allow_null=True, default=None)
    on_trunk_road = serializers.BooleanField(required=False, default=False)
    units = serializers.ListField(child=UnitShape(), max_length=MOST_UNITS, required=False, default=list)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)
        told["units"] = [{**each, "enterprise": str(each["enterprise"])} for each in told["units"]]
        return told


class ExplainShape(Shape):
    source = Text(max_length=40)  # type: ignore[assignment]
    year = year()
    month = month()
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    accident = serializers.UUIDField()
    reason = reason()


# --- objections ------------------------------------------------------------------------------------------------------
class AttributionObjectionFilters(Filters):
    region = RegionParam(required=False)
    year = year_asked(required=False)
    month = month_asked(required=False)
    state = serializers.ChoiceField(choices=ObjectionState.choices, required=False)
    about = serializers.ChoiceField(choices=About.choices, required=False)
    accident = serializers.UUIDField(required=False)


class AttributionObjectionShape(Shape):
    about = serializers.ChoiceField(choices=About.choices)
    village = Text(max_length=12, required=False, allow_null=True, default=None)
    enterprise = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="单位、责任的异议必填")
    reason = reason()
    evidence = serializers.ListField(
        child=Text(min_length=1, max_length=200),
        min_length=1,
        max_length=MOST_EVIDENCE,
        help_text="证明材料的名称、文号",
    )


class RemedyShape(Shape):
    """An override without its paper: that is the answer's."""

    subject = serializers.ChoiceField(choices=Charged.choices)
    effect = serializers.ChoiceField(choices=Effect.choices)
    village = Text(max_length=12, required=False, allow_null=True, default=None)
    enterprise = serializers.UUIDField(required=False, allow_null=True, default=None)

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["subject"] == Charged.ACCIDENT and told["effect"] != Effect.EXCLUDE:
            raise ValidationError({"effect": [ErrorDetail("整起事故只能不计入。", "invalid")]})
        return told


class ObjectionAnswerShape(Shape):
    upheld = serializers.BooleanField()
    answer = Text(min_length=1, max_length=2000)
    document = maybe(200)
    approved_by = maybe(100)
    override = RemedyShape(required=False, allow_null=True, default=None)
    decide = DecideShape(required=False, allow_null=True, default=None)


class AttributionObjectionOut(Out, StateName):
    id = serializers.IntegerField()
    accident = serializers.UUIDField(source="accident_id")
    occurred_on = serializers.DateField()
    region = serializers.CharField(source="region_code", help_text="提出异议的乡镇")
    about = serializers.ChoiceField(choices=About.choices)
    about_name = serializers.CharField(source="get_about_display")
    village = serializers.CharField(allow_blank=True)
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    reason = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=ObjectionState.choices)
    made_at = serializers.DateTimeField()
    by_name = serializers.CharField()
    answer = serializers.CharField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    remedy = serializers.JSONField(help_text="异议成立时所作的更正")
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_name = serializers.CharField()
