"""Shapes of accidents, their reports and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accidents import additions
from accidents.choices import Caller, Danger, ReportType, StatStatus, WrongReportKind
from accidents.clock.serializers import LegOut
from accidents.findings.serializers import WrongReportOut
from accidents.models import Accident
from accounts.masking import mask_mobile
from evidence.papers.wording import WordingShape
from evidence.serializers import MOST_PHOTOS, PhotoShape
from evidence.shown import ShownPhotoOut, complete_param, photo_flag_param
from geo.serializers import CrsParam, PointIn, PointOut, RegionParam
from reference.serializers import SectorParam
from reference.terms import AccidentKind, Category, Channel, Grade, Nature, ReportLevel, UnitRole
from safety_api.doors import Filters
from safety_api.parameters import DayOrMoment, Several, flag
from safety_api.search import FOUND_BY
from safety_api.shapes import (
    FieldMoment,
    Moment,
    Money,
    PastDay,
    RecordId,
    RemarksField,
    Shape,
    Text,
    Whole,
    Year,
    skew_field,
    warning_param,
    warnings_field,
)

MOST_PEOPLE = 100_000
MOST_UNITS = 50


# --- in --------------------------------------------------------------------------------------------------------------
def people(**options: Any) -> Whole:
    return Whole(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True, default=None, **options)


def words(help_text: str) -> Text:
    """A part of a report (国务院令第493号 第十二条); nothing means not reported this time."""
    return Text(max_length=4000, required=False, allow_null=True, allow_blank=True, default="", help_text=help_text)


class UnitShape(Shape):
    enterprise = RecordId()
    role = serializers.ChoiceField(choices=UnitRole.choices, default=UnitRole.OCCURRING)
    responsible = serializers.BooleanField(required=False, allow_null=True, default=None)


class AccidentCallShape(Shape):
    """Who notified an office, and when: the telephone is the legal first report."""

    caller = serializers.ChoiceField(choices=Caller.choices)
    name = Text(max_length=60, required=False, allow_blank=True, default="")
    phone = Text(max_length=20, required=False, allow_blank=True, default="")
    received_at = FieldMoment(help_text="接报时间")
    channel = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in (Channel.TELEPHONE, Channel.WRITTEN, Channel.PLATFORM)],
        default=Channel.TELEPHONE,
    )


class CasualtiesShape(Shape):
    """Totals, not additions; what is left out was not reported."""

    deaths = people()
    serious_injuries = people()
    acute_poisonings = people()
    light_injuries = people()
    missing = people()
    direct_loss_yuan = Money(required=False, allow_null=True, default=None)
    endangered = people(help_text="涉险人数")
    trapped = people(help_text="被困人数")
    evacuated = people(help_text="紧急疏散人数")
    dangers = serializers.ListField(
        child=serializers.ChoiceField(choices=Danger.choices), max_length=3, required=False, default=list
    )
    unit_overview = words("事故发生单位概况")
    scene = words("事故现场情况")
    course = words("简要经过")
    measures = words("已经采取的措施")
    other = words("其他应当报告的情况；没有的写“无”")
    call = AccidentCallShape(
        required=False, allow_null=True, default=None, help_text="接到电话或书面报告的，由接报人填"
    )
    unit_told_at = FieldMoment(
        required=False, allow_null=True, default=None, help_text="单位负责人接报时间；1小时时限由此起算"
    )
    photos = serializers.ListField(child=PhotoShape(), max_length=MOST_PHOTOS, required=False, default=list)


class AccidentShape(CasualtiesShape):
    """A first report; only the time is indispensable."""

    kind = serializers.ChoiceField(
        choices=AccidentKind.choices,
        required=False,
        default=AccidentKind.ACCIDENT,
        help_text="较大涉险不定级；有人伤亡即为事故",
    )
    occurred_at = FieldMoment()
    held_at = FieldMoment(
        required=False, allow_null=True, default=None, help_text="伤亡数字的截止时间；不写为事故发生时"
    )
    told_at = FieldMoment(required=False, allow_null=True, default=None, help_text="本级知悉时间；不写为现在")
    already_reported = Text(
        max_length=200,
        required=False,
        allow_null=True,
        allow_blank=True,
        default="",
        help_text="已在上级平台报告的编号（县级登记）：不再计时",
    )
    location = PointIn(required=False, allow_null=True, default=None)
    region = Text(max_length=12, required=False, allow_null=True, default=None)
    place = Text(max_length=200, required=False, allow_null=True, allow_blank=True, default="")
    category = serializers.ChoiceField(choices=Category.choices, required=False, allow_null=True, default=None)
    nature = serializers.ChoiceField(choices=Nature.choices, required=False, allow_null=True, default=None)
    sector = Text(max_length=30, required=False, allow_null=True, default=None)
    on_trunk_road = serializers.BooleanField(required=False, default=False)
    great_impact = serializers.BooleanField(
        required=False, default=False, help_text="社会影响重大：不论等级，1小时内电话报省"
    )
    units = serializers.ListField(child=UnitShape(), max_length=MOST_UNITS, required=False, default=list)
    description = Text(max_length=4000, required=False, allow_null=True, allow_blank=True, default="")
    device = serializers.JSONField(required=False, default=dict)


BESIDES = ("kind", "held_at", "device", "reason")  # these alone say nothing


class AccidentReportShape(CasualtiesShape):
    kind = serializers.ChoiceField(choices=[each for each in ReportType.choices if each[0] != ReportType.FIRST])
    held_at = FieldMoment(
        required=False, allow_null=True, default=None, help_text="数字的截止时间（后来死亡的，为死亡之日）；不写为现在"
    )
    note = Text(max_length=4000, required=False, allow_blank=True, default="")
    reason = Text(max_length=1000, required=False, allow_blank=True, default="", help_text="数字减少时必填")
    device = serializers.JSONField(required=False, default=dict)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """“Nothing new” is news too, and is said in the note."""
        fields = super().validate(fields)
        if not any(value not in (None, "", [], {}) for name, value in fields.items() if name not in BESIDES):
            raise ValidationError(
                [ErrorDetail("没有写明报告的内容；情况没有变化的，请在 note 中写明。", "nothing_told")]
            )
        return fields


class CorrectAccidentWordingShape(WordingShape):
    model = Accident
    field = serializers.ChoiceField(choices=[("description", "简要经过"), ("place", "地点")])


class DecideShape(Shape):
    occurred_at = Moment(required=False, help_text="发生时间：所报不可信的由应急管理局认定；改正可信的须写明理由")
    nature = serializers.ChoiceField(choices=Nature.choices, required=False)
    kind = serializers.ChoiceField(choices=AccidentKind.choices, required=False)
    category = serializers.ChoiceField(choices=Category.choices, required=False)
    stat_status = serializers.ChoiceField(
        choices=[each for each in StatStatus.choices if each[0] != StatStatus.WRITTEN_OFF], required=False
    )
    sector = Text(max_length=30, required=False)
    region = Text(max_length=12, required=False)
    on_trunk_road = serializers.BooleanField(required=False)
    great_impact = serializers.BooleanField(required=False)
    units = serializers.ListField(child=UnitShape(), max_length=MOST_UNITS, required=False)
    on = PastDay(required=False, allow_null=True, default=None)
    reason = Text(max_length=1000, required=False, allow_blank=True, default="")
    document = Text(max_length=200, required=False, allow_blank=True, default="")
    approved_by = Text(max_length=100, required=False, allow_blank=True, default="")

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A decision that decides nothing would only stand in the way of reading the others."""
        if not fields.keys() & {
            "occurred_at",
            "kind",
            "nature",
            "category",
            "stat_status",
            "sector",
            "region",
            "on_trunk_road",
            "great_impact",
            "units",
        }:
            raise ValidationError([ErrorDetail("没有写明认定的内容。", "nothing_decided")])
        return fields


# --- out -------------------------------------------------------------------------------------------------------------
class UnitOut(serializers.Serializer):
    enterprise = serializers.UUIDField(source="enterprise_id")
    name = serializers.CharField(source="enterprise.name")
    role = serializers.ChoiceField(choices=UnitRole.choices)
    responsible = serializers.BooleanField(allow_null=True)


class AccidentRowOut(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=AccidentKind.choices)
    occurred_at = serializers.SerializerMethodField(help_text="发生时间：所报的，或应急管理局认定的")
    counts_at = serializers.SerializerMethodField(help_text="计算所用的时间；为空即发生时间")
    received_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    place = serializers.CharField()
    location = PointOut(source="point", allow_null=True)
    category = serializers.SerializerMethodField()
    category_name = serializers.CharField(source="get_category_display")
    nature = serializers.ChoiceField(choices=Nature.choices)
    sector = serializers.CharField(source="sector_id", allow_null=True)
    on_trunk_road = serializers.BooleanField()
    great_impact = serializers.BooleanField()
    description = serializers.CharField()
    deaths = serializers.IntegerField(help_text="期限内，计入等级和统计")
    serious_injuries = serializers.IntegerField(help_text="含急性工业中毒")
    missing = serializers.IntegerField()
    late_deaths = serializers.IntegerField(help_text="30日（道路交通、火灾7日）以外，只作记录")
    direct_loss_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    grade = serializers.SerializerMethodField(help_text="较大涉险没有等级")
    grade_name = serializers.CharField(source="get_grade_display")
    stat_status = serializers.ChoiceField(choices=StatStatus.choices)
    in_statistics = serializers.BooleanField(help_text="计入生产安全事故统计；与“零事故”是两本账")
    units = UnitOut(source="shown_units", many=True)
    reported_by = serializers.UUIDField()
    reporter_name = serializers.CharField()
    warnings = warnings_field()
    remarks = RemarksField()
    joined_to = serializers.UUIDField(source="joined_to_id", allow_null=True, help_text="并入的记录；不另计入")
    rescue_ended_at = serializers.DateTimeField(allow_null=True)
    already_reported = serializers.CharField()
    is_demo = serializers.BooleanField(help_text="演示数据")

    @extend_schema_field(serializers.DateTimeField())
    def get_occurred_at(self, accident: Any) -> datetime:
        return timezone.localtime((accident.time_is_doubtful and accident.occurred_told_at) or accident.occurred_at)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_counts_at(self, accident: Any) -> datetime | None:
        return timezone.localtime(accident.occurred_at) if accident.time_is_doubtful else None

    @extend_schema_field(serializers.ChoiceField(choices=Category.choices, allow_null=True))
    def get_category(self, accident: Any) -> str | None:
        return accident.category or None

    @extend_schema_field(serializers.ChoiceField(choices=Grade.choices, allow_null=True))
    def get_grade(self, accident: Any) -> str | None:
        return accident.grade or None


class AccidentReportOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ReportType.choices)
    held_at = serializers.DateTimeField()
    told_times = serializers.DictField(child=serializers.DateTimeField(), help_text="所报时间，计算另用他时的")
    known_at = serializers.DateTimeField()
    deaths = serializers.IntegerField(allow_null=True)
    serious_injuries = serializers.IntegerField(allow_null=True)
    acute_poisonings = serializers.IntegerField(allow_null=True)
    light_injuries = serializers.IntegerField(allow_null=True)
    missing = serializers.IntegerField(allow_null=True)
    direct_loss_yuan = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    endangered = serializers.IntegerField(allow_null=True)
    trapped = serializers.IntegerField(allow_null=True)
    evacuated = serializers.IntegerField(allow_null=True)
    dangers = serializers.ListField(child=serializers.CharField())
    unit_overview = serializers.CharField()
    scene = serializers.CharField()
    course = serializers.CharField()
    measures = serializers.CharField()
    other = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.choices)
    through = serializers.UUIDField(source="through_id", allow_null=True, help_text="经由已并入的记录报告")
    note = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.UUIDField(source="by_id", allow_null=True)
    by_name = serializers.CharField()
    by_role = serializers.CharField()


class DecisionOut(serializers.Serializer):
    occurred_at = serializers.DateTimeField(allow_null=True)
    decided_on = serializers.DateField()
    known_at = serializers.DateTimeField()
    region = serializers.CharField(source="region_code")
    category = serializers.CharField()
    nature = serializers.ChoiceField(choices=Nature.choices)
    sector = serializers.CharField(source="sector_code")
    stat_status = serializers.ChoiceField(choices=StatStatus.choices)
    stat_before = serializers.CharField(help_text="认定前的统计状态；空为首报")
    reason = serializers.CharField()
    document = serializers.CharField()
    approved_by = serializers.CharField()
    by_name = serializers.CharField()


class WordingOut(serializers.Serializer):
    field = serializers.CharField()
    was = serializers.CharField(help_text="原文")
    text = serializers.CharField(help_text="改为")
    reason = serializers.CharField()
    by_name = serializers.CharField()
    known_at = serializers.DateTimeField()


class AccidentCallOut(serializers.Serializer):
    caller = serializers.ChoiceField(choices=Caller.choices)
    caller_name = serializers.CharField()
    caller_phone = serializers.SerializerMethodField(help_text="县级以外遮蔽")
    received_at = serializers.DateTimeField()
    level = serializers.ChoiceField(choices=ReportLevel.choices)
    by_name = serializers.CharField()

    def get_caller_phone(self, call: Any) -> str:
        if self.context.get("phones") or not call.caller_phone:
            return call.caller_phone
        return mask_mobile(call.caller_phone)


class ContentGroupOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    complete = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())


class CompletenessOut(serializers.Serializer):
    complete = serializers.IntegerField(help_text="已齐的项数")
    of = serializers.IntegerField(help_text="国务院令第493号第十二条的六项")
    groups = ContentGroupOut(many=True)


class JoinedRecordOut(serializers.Serializer):
    id = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    reporter_name = serializers.CharField()
    place = serializers.CharField()
    description = serializers.CharField()
    reports = AccidentReportOut(source="shown_reports", many=True)
    legs = LegOut(source="shown_legs", many=True)
    photos = ShownPhotoOut(source="shown_photos", many=True)


class AccidentOut(AccidentRowOut):
    location_sent = serializers.SerializerMethodField()
    stated = serializers.JSONField(help_text="报告人对性质、责任的说法；由应急管理局认定")
    incomplete = serializers.ListField(child=serializers.CharField(), help_text="首报尚缺的内容")
    completeness = CompletenessOut(source="shown_completeness")
    risk_reasons = serializers.ListField(
        child=serializers.CharField(), source="shown_risk", help_text="属于较大涉险的情形；空为均未达到"
    )
    heard = serializers.JSONField(help_text="各层级知悉时间；presumed 为推定")
    calls = AccidentCallOut(source="shown_calls", many=True)
    statistics_lacks = serializers.ListField(
        child=serializers.CharField(), source="shown_lacks", help_text="统计必填而尚缺的内容；不须填报的为空"
    )
    findings = WrongReportOut(source="shown_findings", many=True)
    reports = AccidentReportOut(source="shown_reports", many=True)
    decisions = DecisionOut(source="shown_decisions", many=True)
    wordings = WordingOut(source="shown_wordings", many=True, help_text="更正过的文字及原文")
    legs = LegOut(source="shown_legs", many=True)
    photos = ShownPhotoOut(source="shown_photos", many=True)
    twins = JoinedRecordOut(source="shown_duplicates", many=True, help_text="并入本记录的各条，报告、照片、环节照存")
    content_sha256 = serializers.CharField()
    occurred_told_at = serializers.DateTimeField(allow_null=True, help_text="首报所报的发生时间，与计算所用不同的")
    clock_skew = skew_field()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | additions.fields_of_parts()

    @extend_schema_field(PointIn(allow_null=True))
    def get_location_sent(self, accident: Any) -> dict[str, Any] | None:
        if not accident.sent_crs:
            return None
        return {
            "lon": accident.sent_lon,
            "lat": accident.sent_lat,
            "crs": accident.sent_crs,
            "accuracy_m": accident.accuracy_m,
        }


class AccidentChoice(Filters):
    """What a list and a map may be asked for."""

    region = RegionParam(required=False)
    sector = SectorParam(required=False)
    kind = serializers.ChoiceField(choices=AccidentKind.choices, required=False)
    joined = serializers.BooleanField(required=False, default=False, help_text="连同已并入其他记录的")
    category = Several(serializers.ChoiceField(choices=Category.choices))
    nature = Several(serializers.ChoiceField(choices=Nature.choices))
    grade = Several(serializers.ChoiceField(choices=Grade.choices))
    stat_status = Several(serializers.ChoiceField(choices=StatStatus.choices))
    year = Year()
    occurred_from = DayOrMoment(default=None, help_text="发生不早于")
    occurred_before = DayOrMoment(default=None, help_text="发生早于")
    received_since = DayOrMoment(default=None, help_text="收到不早于")
    received_before = DayOrMoment(default=None, help_text="收到早于")
    enterprise = RecordId(required=False, default=None)


class AccidentFilters(AccidentChoice):
    mine = flag("true：本人报告的")
    open = flag("true：性质、统计尚未认定的")
    in_statistics = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="是否计入生产安全事故统计"
    )
    finding = serializers.ChoiceField(
        choices=WrongReportKind.choices, required=False, default=None, help_text="有未撤销的违规报告认定，且未核销"
    )
    warning = warning_param()
    complete = complete_param()
    photo_flag = photo_flag_param()
    q = Text(max_length=60, required=False, default=None, help_text=FOUND_BY)
    crs = CrsParam()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | additions.parameters()
