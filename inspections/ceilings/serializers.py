"""Shapes of a unit's year and of the lists of units."""

from __future__ import annotations

from rest_framework import serializers

from geo.serializers import RegionParam
from reference.serializers import SectorParam
from safety_api.doors import Filters
from safety_api.parameters import flag
from safety_api.shapes import Out


def times(about: str, **options) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=about, **options)


def words(about: str, **options) -> serializers.CharField:
    return serializers.CharField(help_text=about, **options)


class YearOut(Out):
    """一家单位某年受一个部门检查的次数和上限。"""

    year = serializers.IntegerField()
    daily = times("日常")
    special = times("专项")
    case = times("个案")
    supervision = times("督导，另计")
    review = times("复查")
    untyped = times("2025年以前的，没有分类型")
    counted = times("计入上限的")
    next = times("再检查一次，是第几次")
    ceiling = times("全年至多几次；null：没有上限，或者不明（见 missing）", allow_null=True)
    left = times("还可以检查几次", allow_null=True)
    beyond_by_case = times("因个案超出上限的次数")
    supervision_ceiling = times("督导全年至多几次", allow_null=True)
    authority = words("谁的上限：部门代码")
    authority_name = serializers.CharField()
    ours = serializers.BooleanField(help_text="true：该部门没有公布，按县里自定的倍数")
    source = words("上限的依据")  # type: ignore[assignment]
    version = serializers.CharField()
    published_by = words("由谁公布")
    row = words("公布的表中哪一行")
    key = words("上限按什么定：coal_assurance、mine_risk、standardization、class")
    grade = words("本单位在该项上的等级")
    grade_document = words("等级的文书、证书编号")
    grade_since = serializers.DateField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="上限不明，缺什么")
    note = words("上限不明的说明")
    floor = times("按类别全年至少几次；不是主管部门的为 null", allow_null=True)
    required = times("下限与上限中较低的", allow_null=True)  # type: ignore[assignment]

    def get_fields(self):
        return {**super().get_fields(), "class": words("当日的分类监管类别")}


class UnitYearOut(YearOut):
    by_authority = YearOut(many=True, help_text="本年来检查过的各部门，一个部门一行")


class TaskYearOut(YearOut):
    would_exceed = serializers.BooleanField(help_text="按这项任务再检查一次，将超过上限")
    may_exceed = serializers.BooleanField(help_text="个案检查可以超过")
    exceeds = serializers.ListField(
        child=serializers.CharField(), help_text="超过的是哪些部门的上限；联合检查每个部门各计一次"
    )


class CeilingUnitFilters(Filters):
    lowered = flag("true：下限被公布的上限压低的")
    missing = flag("true：没有登记依据、上限不明的")
    sector = SectorParam(required=False)
    region = RegionParam(required=False)
    on = serializers.DateField(required=False, help_text="按哪天有效的上限，可以是以后的一天；单位按今天的等级和类别")


class CeilingUnitOut(Out):
    enterprise = serializers.UUIDField()
    name = serializers.CharField()
    region = serializers.CharField()
    sector = serializers.CharField()
    authority = serializers.CharField()
    floor = times("按类别至少几次", allow_null=True)
    row = serializers.CharField()
    key = serializers.CharField()
    grade = serializers.CharField()
    ceiling = times("公布的至多几次；null：不明", allow_null=True)
    required = times("两者中较低的", allow_null=True)  # type: ignore[assignment]
    missing = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]

    def get_fields(self):
        return {**super().get_fields(), "class": words("分类监管类别")}
