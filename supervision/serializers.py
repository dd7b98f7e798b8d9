"""Shapes of classes and schemes. What a what-if sends is proven by rules.read_facts; its shape here documents it."""

from __future__ import annotations

from rest_framework import serializers

from reference.terms import Class, Colour
from safety_api.doors import Filters
from safety_api.shapes import Shape, Text, Whole
from supervision.models import Step


def months(about: str) -> Whole:
    return Whole(min_value=0, max_value=12_000, allow_null=True, help_text=f"{about}；null：从未")


def count(about: str = "") -> Whole:
    return Whole(min_value=0, max_value=1_000_000, help_text=about)


def flag(about: str = "", **options) -> serializers.BooleanField:
    return serializers.BooleanField(help_text=about, **options)


def known(about: str = "") -> serializers.BooleanField:
    return flag(f"{about}（null：不详或不适用）", allow_null=True)


# --- facts: the names of rules.FACTS; a test holds the two together -------------------------------------------------
class StandardizationFacts(Shape):
    applicable = flag("此类单位有安全标准化体系")
    level = Whole(min_value=1, max_value=3, allow_null=True, help_text="1 最高；null：没有")
    minimum = Whole(min_value=1, max_value=3, allow_null=True, help_text="规定的最低等级；null：没有规定")
    expired_days = Whole(min_value=0, max_value=100_000, allow_null=True)


class RiskControlFacts(Shape):
    reviewed_12m = known("12个月内评审过风险辨识")
    red_orange_controlled = known("红色橙色风险有措施和责任人")
    self_check_rate = serializers.FloatField(min_value=0, max_value=100, allow_null=True, help_text="自查任务完成率，%")


class HazardFacts(Shape):
    due_12m = count("12个月内到期的隐患")
    on_time_12m = count("其中按期整改的，不多于 due_12m")
    inspected_12m = known("12个月内接受过监管部门检查")
    major_open = count("未销号的重大隐患：监管部门发现、自确认起；自查发现的逾期才计")
    major_overdue = count("其中逾期的")


class PenaltyFacts(Shape):
    ordinary_12m = count()
    heavy_12m = count("停产停业整顿、暂扣吊销、罚款十万元以上")


class EmergencyFacts(Shape):
    plan_filed = known("应急预案备案")
    drill_on_time = known("按期演练")
    people_certified = known("主要负责人和安全管理人员持证")
    training_done = known("培训计划完成")
    insured = known("投保安责险")


class FactsShape(Shape):
    on = serializers.DateField()
    sector = Text(max_length=40)
    months_since_fatal = months("距最近一次负有责任的死亡事故的整月数")
    months_since_larger = months("距最近一次负有责任的较大及以上事故的整月数")
    months_operating = months("已运营整月数")
    serious_injury_accidents_12m = count()
    other_accidents_12m = count()
    standardization = StandardizationFacts()
    risk_control = RiskControlFacts()
    hazards = HazardFacts()
    penalties = PenaltyFacts()
    emergency = EmergencyFacts()
    stopped_by_order = flag()
    licence_invalid = flag()
    dishonesty_listed = flag()
    months_since_concealment = months("距最近一次经查实谎报、瞒报的整月数")
    refused_inspection = flag()
    stopped_months = months("已停产整月数")
    special_geology = flag("突出、冲击地压或水文极复杂")
    missing_bases = serializers.ListField(child=Text(max_length=40), max_length=200)


# --- out ------------------------------------------------------------------------------------------------------------
def points(**options) -> serializers.CharField:
    return serializers.CharField(help_text="一位小数", **options)


class PartsOut(serializers.Serializer):
    S = points()
    T = points(allow_null=True)
    R = points()
    R1 = points()
    R2 = points()
    R3 = points()
    R4 = points()


def class_out(about: str = "", **options) -> serializers.ChoiceField:
    return serializers.ChoiceField(Class.choices, help_text=about, **options)


class CapOut(serializers.Serializer):
    id = serializers.CharField()
    reason = serializers.CharField()

    def get_fields(self):
        return {**super().get_fields(), "class": class_out("最高为此类")}


class AnswerOut(serializers.Serializer):
    score = points()
    by_score = class_out("按分数")
    parts = PartsOut()
    caps = CapOut(many=True)
    provisional = serializers.BooleanField(help_text="三项依据不全，暂定")
    reasons = serializers.ListField(child=serializers.CharField())

    def get_fields(self):
        return {"class": class_out(), **super().get_fields()}


class StandingDecisionOut(serializers.Serializer):
    since = serializers.DateField()
    step = serializers.ChoiceField(Step.choices)
    reason = serializers.CharField()

    def get_fields(self):
        return {"class": class_out("执行类别"), **super().get_fields()}


class LiftOut(serializers.Serializer):
    cap = serializers.CharField()
    document = serializers.CharField()
    date = serializers.DateField()


class ManualOut(serializers.Serializer):
    effective = class_out("调整为")
    first = serializers.DateField()
    until = serializers.DateField(help_text="含当日")
    reason = serializers.CharField()
    document = serializers.CharField()
    lifts = LiftOut(many=True, help_text="解除封顶的文书")
    capped_by = CapOut(many=True, help_text="低于调整类别、没有文书解除的封顶；不为空时调整不执行")
    approver_name = serializers.CharField()


class ClassOut(AnswerOut):
    """`class` 为当日执行的类别（人工调整期内为调整后的类别）；`computed` 为计算类别，各部分与理由说明的是它。"""

    enterprise = serializers.UUIDField()
    since = serializers.DateField()
    computed = class_out("计算类别")
    d_reason = serializers.CharField(allow_null=True, help_text="score、cap:K…、stopped；null：不是D类")
    decision = StandingDecisionOut()
    manual = ManualOut(allow_null=True)
    next_upgrade_on = serializers.DateField(allow_null=True, help_text="最早可升级的评审日；A类为 null")
    accepted_on = serializers.DateField(allow_null=True, help_text="最近一次现场验收")
    facts = FactsShape()
    risk_colour = serializers.ChoiceField(
        ["", *Colour.choices], help_text="当日各风险点现有风险的最高等级；空：没有风险点"
    )
    scheme = serializers.CharField(help_text="方案版本")
    on = serializers.DateField(help_text="所问之日")
    evaluated_on = serializers.DateField(help_text="依据所属之日")
    evaluated_at = serializers.DateTimeField(allow_null=True)
    stored = serializers.BooleanField(help_text="false：尚未评定，按现有资料当场算出，没有存档")


class PublishedCeilingsOut(serializers.Serializer):
    authority = serializers.CharField(help_text="部门代码")
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)


class FrequenciesOut(serializers.Serializer):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    high_risk_sectors = serializers.ListField(child=serializers.CharField())
    high_risk_industries = serializers.ListField(child=serializers.CharField())
    floor = serializers.DictField(child=serializers.DictField(), help_text="high_risk、other → 类别 → 每年至少几次")
    ceiling = serializers.DictField(
        child=serializers.DictField(), help_text="县里自定，每年至多几次；null：当时没有上限"
    )
    published = PublishedCeilingsOut(
        many=True, help_text="自己公布了上限的部门，以其为准：reference/inspection-ceilings"
    )
    stopped = serializers.DictField()
    style = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class SchemeOut(serializers.Serializer):
    code = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    decimals = serializers.IntegerField()
    rounding = serializers.CharField()
    window_months = serializers.IntegerField()
    safe_period = serializers.DictField(help_text="S 安全生产周期")
    standardization = serializers.DictField(help_text="T 安全标准化等级")
    risk_control = serializers.DictField(help_text="R 风险管控能力")
    bands = serializers.ListField(child=serializers.DictField())
    caps = serializers.ListField(child=serializers.DictField())
    change = serializers.DictField(help_text="升降级规则")
    frequencies = FrequenciesOut(allow_null=True)


class SchemesOut(serializers.Serializer):
    results = SchemeOut(many=True)


# --- in -------------------------------------------------------------------------------------------------------------
class OnFilter(Filters):
    on = serializers.DateField(required=False, help_text="某日；默认今天")


class AcceptanceShape(Shape):
    on = serializers.DateField(help_text="验收日")
    document = Text(max_length=200, help_text="验收文书")
    note = Text(max_length=1000, required=False, allow_blank=True)


class LiftShape(Shape):
    cap = Text(max_length=10, help_text="封顶编号，如 K07")
    document = Text(max_length=200, help_text="解除封顶的文书")
    date = serializers.DateField(help_text="文书日期")


class ManualShape(Shape):
    until = serializers.DateField(help_text="截止日，含当日；自今天起")
    reason = Text(max_length=500)
    document = Text(max_length=200, help_text="依据文书")
    lifts = serializers.ListField(
        child=LiftShape(), max_length=20, default=list, help_text="调整高于封顶时，解除每项封顶的文书"
    )

    def get_fields(self):
        return {"class": serializers.ChoiceField(Class.choices, source="effective"), **super().get_fields()}
