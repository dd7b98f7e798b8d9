"""Shapes of risk points, assessments and self-checks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from accounts.masking import mask_name
from geo.serializers import CrsParam, PlaceOut, PointIn, RegionParam
from reference.serializers import SectorParam
from reference.terms import COLOUR_OF, CheckEvery, Colour, ControlLevel, RiskMethod
from risks.actions import plain
from risks.models import RiskAssessment, RiskPoint
from risks.rules import unnamed
from safety_api.doors import Filters
from safety_api.problems import BAD_SPAN
from safety_api.shapes import (
    CountingField,
    FieldMoment,
    Out,
    RecordId,
    RemarksField,
    Shape,
    Text,
    ToldMoment,
    skew_field,
    warning_param,
    warnings_field,
)

MEASURES = {  # 安全风险管控措施的五类
    "engineering": "工程技术措施",
    "management": "管理措施",
    "training": "培训教育措施",
    "ppe": "个体防护措施",
    "emergency": "应急处置措施",
}
MOST_POINTS, MOST_HAZARDS = 500, 100
FACTOR = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?\Z")


# --- in -------------------------------------------------------------------------------------------------------------
class Factor(serializers.DecimalField):
    """A value of a method's table as text: "0.5"."""

    default_error_messages = {"factor": '取值应为文字，例如 "0.5"。'}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 5, "decimal_places": 2, "min_value": 0, "required": False, **options})

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not FACTOR.match(data):
            self.fail("factor")
        return super().to_internal_value(data)


class FactorsShape(Shape):
    """LEC：likelihood、exposure、consequence；LS：likelihood、severity。"""

    likelihood = Factor(help_text="L 发生的可能性")
    exposure = Factor(help_text="E 暴露的频繁程度（LEC）")
    consequence = Factor(help_text="C 后果（LEC）")
    severity = Factor(help_text="S 严重性（LS）")


class MeasuresShape(Shape):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            name: Text(max_length=2000, required=False, allow_blank=True, help_text=label)
            for name, label in MEASURES.items()
        }


class PersonsShape(Shape):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            str(level): Text(max_length=60, required=False, allow_blank=True, help_text=f"{level.label}责任人")
            for level in ControlLevel
        }


class ControlShape(Shape):
    measures = MeasuresShape(required=False)
    persons = PersonsShape(required=False)
    control_level = serializers.ChoiceField(
        ControlLevel.choices, required=False, help_text="可高于、不可低于风险等级所要求的；不写则按等级"
    )


class AboutShape(Shape):
    name = Text(min_length=2, max_length=120)
    place = Text(max_length=200, required=False, allow_blank=True, help_text="部位、岗位")
    hazard_factors = Text(min_length=1, max_length=1000, help_text="危险有害因素")
    accident_types = serializers.ListField(
        child=Text(max_length=20), max_length=20, required=False, help_text="GB 6441 所列，如 瓦斯爆炸"
    )
    site = RecordId(required=False, allow_null=True, help_text="本单位的场所")
    location = PointIn(required=False, allow_null=True)


class ScoredShape(ControlShape):
    method = serializers.ChoiceField(RiskMethod.choices)
    inherent = FactorsShape(help_text="不计现有措施时的取值")
    residual = FactorsShape(required=False, help_text="计入现有措施时的取值；不写则同固有风险")
    forced_major = Text(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="直接判定为重大风险的情形，见 rules 中的 risk_methods",
    )
    assessed_on = serializers.DateField(required=False, help_text="评价日，不晚于今天；不写为今天")
    review_due_on = serializers.DateField(required=False, allow_null=True, help_text="下次评价；可早于、不可晚于一年")


class RiskPointShape(AboutShape, ScoredShape):
    pass


class AssessShape(ScoredShape):
    occasion = serializers.ChoiceField(
        [each for each in RiskAssessment.Occasion.choices if each[0] in ("yearly", "change", "accident")]
    )


class RiskPointPatch(AboutShape, ControlShape):
    """What is given changes; scores change by another assessment."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for each in fields.values():
            each.required, each.default = False, empty
        return fields


class RetireShape(Shape):
    reason = Text(min_length=1, max_length=200)


class SelfCheckShape(Shape):
    level = serializers.ChoiceField(ControlLevel.choices)
    checked_at = FieldMoment(help_text="现场时间")
    points = serializers.ListField(
        child=RecordId(), max_length=MOST_POINTS, required=False, allow_null=True,
        help_text="所查风险点；不写即本级管控的全部",
    )  # fmt: skip
    hazards = serializers.ListField(
        child=RecordId(), max_length=MOST_HAZARDS, required=False, default=list,
        help_text="所发现隐患的编号，隐患另行上报",
    )  # fmt: skip
    note = Text(max_length=1000, required=False, allow_blank=True, default="")
    device = serializers.JSONField(required=False, default=dict)


# --- out ------------------------------------------------------------------------------------------------------------
@extend_schema_field({"type": "string"})
class ScoreOut(serializers.Field):
    """A score as text, without zeros behind it."""

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


class AssessmentOut(Out):
    """Names of persons are masked unless the context says `contacts`."""

    occasion = serializers.ChoiceField(RiskAssessment.Occasion.choices)
    methods_version = serializers.CharField(help_text="评价办法的版本")
    method = serializers.ChoiceField(RiskMethod.choices)
    inherent = serializers.DictField(child=serializers.CharField())
    residual = serializers.DictField(child=serializers.CharField())
    inherent_score = ScoreOut()
    inherent_colour = serializers.SerializerMethodField()
    residual_score = ScoreOut()
    colour = serializers.SerializerMethodField(help_text="现有风险")
    level = serializers.IntegerField(source="residual_level", help_text="1 红 2 橙 3 黄 4 蓝")
    forced_major = serializers.CharField()
    measures = serializers.DictField(child=serializers.CharField())
    control_level = serializers.ChoiceField(ControlLevel.choices)
    persons = serializers.SerializerMethodField()
    unnamed = serializers.SerializerMethodField(help_text="应当管控而未写明责任人的层级")
    controlled = serializers.BooleanField(help_text="有措施，管控层级有责任人")
    assessed_on = serializers.DateField()
    review_due_on = serializers.DateField()
    overdue_review = serializers.SerializerMethodField()
    held_from = serializers.DateField()
    held_to = serializers.DateField(allow_null=True, help_text="不含当日；null 为现行")
    recorded_at = serializers.DateTimeField()
    recorded_by_name = serializers.CharField()

    @extend_schema_field(serializers.ChoiceField(Colour.choices))
    def get_inherent_colour(self, row: Any) -> str:
        return str(COLOUR_OF[row.inherent_level])

    @extend_schema_field(serializers.ChoiceField(Colour.choices))
    def get_colour(self, row: Any) -> str:
        return str(COLOUR_OF[row.residual_level])

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_persons(self, row: Any) -> dict[str, str]:
        if self.context.get("contacts"):
            return row.persons
        return {level: mask_name(name) if name else "" for level, name in row.persons.items()}

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ControlLevel.choices)))
    def get_unnamed(self, row: Any) -> list[str]:
        return unnamed(row.persons, row.control_level)

    def get_overdue_review(self, row: Any) -> bool:
        return row.review_due_on < self.context["on"]


class RiskPointOut(AssessmentOut):
    id = serializers.UUIDField(source="risk_id")
    name = serializers.CharField(source="risk__name")
    place = serializers.CharField(source="risk__place")
    hazard_factors = serializers.CharField(source="risk__hazard_factors")
    accident_types = serializers.ListField(child=serializers.CharField(), source="risk__accident_types")
    status = serializers.ChoiceField(RiskPoint.Status.choices, source="risk__status")
    retired_on = serializers.DateField(source="risk__retired_on", allow_null=True)
    retired_why = serializers.CharField(source="risk__retired_why")
    enterprise = serializers.UUIDField(source="risk__enterprise_id")
    enterprise_name = serializers.CharField(source="risk__enterprise__name")
    sector = serializers.CharField(source="risk__enterprise__sector_id")
    region = serializers.CharField(source="risk__enterprise__region_code")
    site = serializers.UUIDField(source="risk__site_id", allow_null=True)
    location = PlaceOut()
    created_at = serializers.DateTimeField(source="risk__created_at")
    is_demo = serializers.BooleanField(source="risk__is_demo", help_text="演示数据")


class RiskPointWrittenOut(RiskPointOut):
    warnings = serializers.ListField(child=serializers.CharField(), help_text="outside_county")


class SelfCheckOut(Out):
    id = serializers.UUIDField()
    enterprise = serializers.UUIDField(source="enterprise_id")
    enterprise_name = serializers.CharField(source="enterprise__name")
    level = serializers.ChoiceField(ControlLevel.choices)
    checked_at = ToldMoment("checked")
    counts_at = CountingField("checked")
    clock_skew = skew_field()
    warnings = warnings_field()
    remarks = RemarksField()
    received_at = serializers.DateTimeField()
    period_from = serializers.DateField(help_text="所属时段自")
    due_on = serializers.DateField(help_text="所属时段至（含）")
    shift = serializers.IntegerField(help_text="班次；按日、周、月的为 0")
    in_time = serializers.BooleanField(help_text="false：送达过晚，不计入完成")
    points = serializers.ListField(child=serializers.UUIDField())
    counted = serializers.IntegerField(help_text="由它完成的任务数")
    hazards = serializers.ListField(child=serializers.UUIDField())
    note = serializers.CharField()
    by_name = serializers.CharField()
    content_sha256 = serializers.CharField()
    is_demo = serializers.BooleanField(help_text="演示数据")


class RateOut(serializers.Serializer):
    due = serializers.IntegerField(help_text="应做")
    done = serializers.IntegerField(help_text="其中按时完成")
    rate = serializers.CharField(allow_null=True, help_text="百分比，两位小数，只舍不入；应做为 0 时为 null")


class LevelRateOut(RateOut):
    level = serializers.ChoiceField(ControlLevel.choices)
    every = serializers.ChoiceField(CheckEvery.choices)


class NowOut(serializers.Serializer):
    level = serializers.ChoiceField(ControlLevel.choices)
    period_from = serializers.DateField()
    due_on = serializers.DateField()
    shift = serializers.IntegerField()
    points = serializers.IntegerField(help_text="应查风险点数")
    checked = serializers.IntegerField(help_text="其中已查")


class MonthDutyOut(serializers.Serializer):
    month = serializers.CharField()
    done = serializers.BooleanField(help_text="当月做过公司级隐患排查")
    over = serializers.BooleanField(help_text="当月已过完")


class DutyOut(RateOut):
    enterprise = serializers.UUIDField()
    first = serializers.DateField(source="from")
    last = serializers.DateField(source="to")
    levels = LevelRateOut(many=True)
    now = NowOut(many=True, help_text="眼下的时段")
    months = MonthDutyOut(many=True, help_text="每月至少一次隐患排查：应做的月份")
    monthly = RateOut(help_text="已过完的月份中按月完成的")

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        first, last = serializers.DateField(help_text="首日"), serializers.DateField(help_text="末日（含）")
        return {
            "from": first,
            "to": last,
            **{name: each for name, each in fields.items() if name not in ("first", "last")},
        }


class GroupRateOut(RateOut):
    code = serializers.CharField()
    name = serializers.CharField()


class RatesOut(RateOut):
    group_by = serializers.ChoiceField([("township", "乡镇"), ("sector", "行业领域")])
    month = serializers.CharField(help_text="末月")
    months = serializers.IntegerField(help_text="共几个月")
    over = serializers.BooleanField(help_text="末月已过完")
    results = GroupRateOut(many=True)


# --- parameters -----------------------------------------------------------------------------------------------------
class OfUnits(Filters):
    enterprise = RecordId(required=False)
    region = RegionParam(required=False)
    sector = SectorParam(required=False)


class RiskChoice(OfUnits):
    """What a list and the map have in common."""

    colour = serializers.ChoiceField(Colour.choices, required=False, help_text="现有风险")
    overdue_review = serializers.BooleanField(required=False, allow_null=True, default=None)


class OneRiskFilters(Filters):
    on = serializers.DateField(required=False, help_text="某日的情形；不写为今天")
    crs = CrsParam()


class RiskFilters(RiskChoice, OneRiskFilters):
    pass


class SelfCheckFilters(OfUnits):
    level = serializers.ChoiceField(ControlLevel.choices, required=False)
    since = serializers.DateField(required=False, help_text="自查日不早于")
    until = serializers.DateField(required=False, help_text="自查日不晚于")
    warning = warning_param()


class DutyFilters(Filters):
    """`from` and `to`: this month when neither is said."""

    def get_fields(self) -> dict[str, serializers.Field]:
        first = serializers.DateField(required=False, help_text="首日；不写为末日当月一日")
        last = serializers.DateField(required=False, help_text="末日（含）；不写为今天")
        return {"from": first, "to": last}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        last: date = attrs.get("to") or timezone.localdate()
        first: date = attrs.get("from") or last.replace(day=1)
        if not timedelta(0) <= last - first <= timedelta(days=366):
            raise ValidationError({"from": [ErrorDetail(BAD_SPAN.sentence(), BAD_SPAN.code)]})
        return {"first": first, "last": last}


MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z")


@extend_schema_field({"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"})
class MonthParam(serializers.CharField):
    """`2026-11` → its first day."""

    default_error_messages = {"month": "应为年月，例如 2026-11。"}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "help_text": "如 2026-11；不写为本月", **options})

    def to_internal_value(self, data: Any) -> date:  # type: ignore[override]
        found = MONTH.match(super().to_internal_value(data))
        if not found:
            self.fail("month")
        return date(int(found[1]), int(found[2]), 1)


class RatesFilters(Filters):
    group_by = serializers.ChoiceField(
        [("township", "乡镇"), ("sector", "行业领域")], required=False, default="township"
    )
    month = MonthParam()
    months = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=12, help_text="连同以前共几个月"
    )
