"""Shapes of the figures: what they may be asked for, ratios, rankings, who broke, revisions, notices, the policy."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from geo.serializers import Prefix
from reference.serializers import SectorParam
from reference.terms import Subject
from safety_api.doors import Filters
from safety_api.shapes import Year
from zero_accident.figures.ranking import BY, OF


# --- what may be asked -----------------------------------------------------------------------------------------------
def a_day(help_text: str) -> serializers.DateField:
    return serializers.DateField(required=False, default=None, help_text=help_text)


def sector(help_text: str) -> SectorParam:
    return SectorParam(required=False, default=None, help_text=help_text)


class FigureFilters(Filters):
    year = Year(help_text="不写为今年；写了日期则为该日所在年")
    as_of = a_day("事实截至某日；不写为今天或 as_known_on 当日，往年为年末")
    as_known_on = a_day("按某日终了时我们所知；不写为现在所知")
    region = Prefix()


class RatioFilters(FigureFilters):
    sector = sector("只算该领域的单位；村不变")


class BreakdownFilters(RatioFilters):
    by = serializers.ChoiceField(choices=OF, required=False, default="township", help_text="按乡镇、县或领域分列")


class RankingFilters(FigureFilters):
    of = serializers.ChoiceField(choices=OF, required=False, default="township", help_text="排乡镇、县或领域")
    by = serializers.ChoiceField(
        choices=BY,
        required=False,
        default=None,
        help_text="综合（口径规定的全部次序）、只看村率、只看单位率；有 sector 时只能看单位率",
    )
    sector = sector("按该领域单位的零事故率排")


class RevisionFilters(Filters):
    year = Year(help_text="不写为今年")
    region = Prefix()


# --- ratios ----------------------------------------------------------------------------------------------------------
class ZeroShareOut(serializers.Serializer):
    zero = serializers.IntegerField(help_text="零事故个数")
    total = serializers.IntegerField()
    ratio = serializers.CharField(allow_null=True, help_text="百分比，两位小数，只舍不入；分母为 0 时为 null")


class SectorShareOut(ZeroShareOut):
    name = serializers.CharField()


class TargetedOut(ZeroShareOut):
    broken = serializers.IntegerField()
    provisional = serializers.IntegerField(help_text="破零中性质待定、暂计的个数")
    short = serializers.IntegerField(help_text="未破零而未达创建标准的个数；口径只看事故时为 0")
    target = serializers.CharField()
    target_year = serializers.IntegerField(help_text="目标是哪一年的；没有本年目标时沿用最近一年")
    target_region = serializers.CharField(allow_null=True, help_text="谁定的目标：县或乡镇的代码；null 为文件所定")
    met = serializers.BooleanField(allow_null=True, help_text="以整数比较，恰好达到为达标")
    spare = serializers.IntegerField(allow_null=True, help_text="还能再破几个而仍达标；负数为已多破几个")
    forecast = serializers.CharField(help_text="全年能否达标，一句话")
    broken_list = serializers.CharField(help_text="破零名单的地址，参数相同")


class UnitsOut(TargetedOut):
    split = serializers.DictField(child=ZeroShareOut(), help_text="按单位类型")
    sectors = serializers.DictField(child=SectorShareOut(), help_text="按行业领域")


class FigureLinksOut(serializers.Serializer):
    breakdown = serializers.CharField(help_text="分列到下一级")
    ranking = serializers.CharField()
    policy = serializers.CharField(help_text="口径的全部条目")


class RatiosOut(serializers.Serializer):
    year = serializers.IntegerField()
    as_of = serializers.DateField(help_text="事实截至")
    as_known_on = serializers.DateField(allow_null=True, help_text="按某日所知；null 为现在所知")
    region = serializers.CharField()
    sector = serializers.CharField(allow_null=True)
    villages = TargetedOut()
    units = UnitsOut()
    policy = serializers.CharField()
    revision = serializers.IntegerField(help_text="0：尚无留存的数字，当场算出")
    links = FigureLinksOut()


class BreakdownOut(serializers.Serializer):
    region = serializers.CharField()
    sector = serializers.CharField(allow_null=True)
    name = serializers.CharField(help_text="乡镇、县或领域的名称")
    villages = TargetedOut(allow_null=True, help_text="按领域时为 null：村没有领域")
    units = TargetedOut()
    policy = serializers.CharField()


# --- ranking ---------------------------------------------------------------------------------------------------------
class RankedOut(serializers.Serializer):
    rank = serializers.IntegerField(allow_null=True, help_text="并列同名次，后一名次跳过；null 为只列示不排名")
    policy = serializers.CharField()
    region = serializers.CharField()
    sector = serializers.CharField(allow_null=True, help_text="排领域时的领域代码")
    name = serializers.CharField()
    village_ratio = serializers.CharField(allow_null=True)
    village_zero = serializers.IntegerField()
    village_total = serializers.IntegerField()
    village_broken = serializers.IntegerField()
    village_short = serializers.IntegerField(help_text="未破零而未达创建标准")
    unit_ratio = serializers.CharField(allow_null=True)
    unit_zero = serializers.IntegerField()
    unit_total = serializers.IntegerField()
    unit_broken = serializers.IntegerField()
    unit_short = serializers.IntegerField(help_text="未破零而未达创建标准")
    deaths = serializers.IntegerField()
    accidents = serializers.IntegerField()
    on_time_rate = serializers.CharField(allow_null=True)
    hazards_on_time = serializers.IntegerField()
    hazards_due = serializers.IntegerField()
    veto = serializers.BooleanField()
    zone = serializers.BooleanField(help_text="开发区")
    revision = serializers.IntegerField(help_text="本行最近一次变化的修订号")


class TrendFilters(Filters):
    year = Year(help_text="不写为今年")
    as_of = a_day("到某日为止；不写为今天，往年为年末")
    months = serializers.IntegerField(required=False, min_value=1, max_value=24, default=12, help_text="到最近一个月末为止的几个月")
    region = Prefix()


class TrendPointOut(serializers.Serializer):
    as_of = serializers.DateField(help_text="该月月末；最近一个月为今天")
    rank = serializers.IntegerField(allow_null=True)
    village_ratio = serializers.CharField(allow_null=True)
    unit_ratio = serializers.CharField(allow_null=True)
    on_time_rate = serializers.CharField(allow_null=True)
    deaths = serializers.IntegerField(help_text="当年累计")
    veto = serializers.BooleanField()


class TrendOut(serializers.Serializer):
    region = serializers.CharField()
    name = serializers.CharField()
    points = TrendPointOut(many=True)


# --- revisions -------------------------------------------------------------------------------------------------------
class RevisedOut(serializers.Serializer):
    region = serializers.CharField()
    name = serializers.CharField()
    before = serializers.DictField(
        child=serializers.JSONField(), allow_null=True, help_text="各列的原值；null 为新列入"
    )
    after = serializers.DictField(
        child=serializers.JSONField(), allow_null=True, help_text="各列的现值；null 为不再列入"
    )
    changed = serializers.ListField(child=serializers.CharField(), help_text="变了的列")


class MemberOut(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Subject.choices)
    key = serializers.CharField(allow_null=True, help_text="不在管辖范围的单位为 null")
    name = serializers.CharField(allow_null=True)


class FigureRevisionOut(serializers.Serializer):
    number = serializers.IntegerField()
    year = serializers.IntegerField()
    policy = serializers.CharField()
    reason = serializers.CharField(help_text="事故不在管辖范围的只写事由类别")
    accident = serializers.UUIDField(allow_null=True, help_text="引起修订的事故；不在管辖范围的为 null")
    made_at = serializers.DateTimeField()
    townships = RevisedOut(many=True)
    broken = MemberOut(many=True, help_text="新增破零")
    restored = MemberOut(many=True, help_text="恢复零事故")


def query_of(found: dict[str, Any]) -> dict[str, Any]:
    """The parameters that make a query, by the names of `query.figure_query`."""
    return {name: found.get(name) for name in ("year", "as_of", "as_known_on")}
