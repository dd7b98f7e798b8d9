"""Doors of the figures: rates and averages for every office, and the hazards behind them within jurisdiction."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from geo.codes import whole
from geo.serializers import RegionParam
from hazards.figures.asking import GROUPS, Question, answer, range_of
from hazards.figures.behind import FIGURES, behind
from hazards.serializers import HazardOut
from hazards.states import Origin
from hazards.views.hazards import HazardDoor
from reference.serializers import DepartmentParam, SectorParam
from reference.terms import HazardLevel
from safety_api.doors import Door, Filters
from safety_api.permissions import county_of, inside
from safety_api.shapes import Out

MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z")


# --- parameters ------------------------------------------------------------------------------------------------------
@extend_schema_field({"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$", "example": "2026-01"})
class MonthParam(serializers.CharField):
    """`2026-01` → its first day."""

    def __init__(self, **options):
        super().__init__(**{"required": False, "default": None, **options})

    def to_internal_value(self, data: Any) -> date:  # type: ignore[override]
        text = super().to_internal_value(data)
        if not MONTH.match(text):
            raise ValidationError([ErrorDetail("应为月份，例如 2026-01。", "invalid")])
        return date(int(text[:4]), int(text[5:]), 1)


class TownshipParam(RegionParam):
    """The figures are kept by township: a village has none of its own."""

    def __init__(self, **options):
        super().__init__(**{"required": False, "default": None, "help_text": "县或乡镇代码；不写为本县", **options})

    def to_internal_value(self, data: Any) -> str:
        prefix = super().to_internal_value(data)
        if len(prefix) > 9:
            raise ValidationError([ErrorDetail("隐患数字按乡镇统计，不到村。", "invalid")])
        return prefix


class GroupsParam(serializers.CharField):
    """`township` or `township,month` → the words."""

    def __init__(self, **options):
        words = "、".join(GROUPS)
        super().__init__(**{"help_text": f"{words} 中的一项，或逗号隔开的两项", **options})

    def to_internal_value(self, data: Any) -> tuple[str, ...]:  # type: ignore[override]
        words = tuple(super().to_internal_value(data).split(","))
        if len(words) > 2 or len(set(words)) < len(words) or not set(words) <= set(GROUPS):
            raise ValidationError([ErrorDetail(f"应为 {'、'.join(GROUPS)} 中的一项，或逗号隔开的两项。", "invalid")])
        return words


class Choice(Filters):
    """`from` is a word of Python: the two months are added by `get_fields`."""

    region = TownshipParam()
    sector = SectorParam(required=False)
    department = DepartmentParam(required=False)
    level = serializers.ChoiceField(choices=HazardLevel.choices, required=False)
    origin = serializers.ChoiceField(choices=Origin.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        months = {
            "from": MonthParam(help_text="起始月份；不写为 to 当年的一月"),
            "to": MonthParam(help_text="截止月份（含）；不写为本月"),
        }
        return {**super().get_fields(), **months}


class FigureChoice(Choice):
    group_by = GroupsParam(default=("township",))


class BehindChoice(Choice):
    figure = serializers.ChoiceField(choices=[(name, label) for name, (label, _) in FIGURES.items()])


# --- answers ---------------------------------------------------------------------------------------------------------
class ShareOut(serializers.Serializer):
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.CharField(allow_null=True, help_text="百分数，两位小数，只舍不入；分母为零时为空")


class AverageOut(serializers.Serializer):
    numerator = serializers.IntegerField(help_text="合计天数")
    denominator = serializers.IntegerField(help_text="销号条数")
    days = serializers.CharField(allow_null=True, help_text="平均天数，两位小数，只舍不入")


class FiguresOut(serializers.Serializer):
    found = serializers.IntegerField(help_text="发现")
    confirmed = serializers.IntegerField(help_text="确认；不成立、单位关闭的不计")
    cleared = serializers.IntegerField(help_text="其中已销号")
    closed = serializers.IntegerField(help_text="期内销号")
    due = serializers.IntegerField(help_text="期内到期；本月只计到今天")
    on_time = serializers.IntegerField(help_text="其中按期：期限内申请复查并合格，或期限内销号，且从未逾期")
    late = serializers.IntegerField(help_text="其中未按期")
    open = serializers.IntegerField(help_text="期末未结")
    overdue = serializers.IntegerField(help_text="期末逾期")
    major_found = serializers.IntegerField(help_text="发现重大隐患")
    major_confirmed = serializers.IntegerField()
    major_cleared = serializers.IntegerField()
    major_closed = serializers.IntegerField()
    major_open = serializers.IntegerField()
    major_overdue = serializers.IntegerField()
    on_time_rate = ShareOut(help_text="按期整改率 = 按期 ÷ 到期")
    closing_rate = ShareOut(help_text="整改率 = 期内确认的隐患中已销号 ÷ 期内确认")
    major_clearing_rate = ShareOut(help_text="重大隐患动态清零 = 期内确认的重大隐患中已销号 ÷ 期内确认的重大隐患")
    average_days = AverageOut(help_text="期内销号的隐患，从发现到销号的平均天数")


class FigureRowOut(FiguresOut):
    township = serializers.CharField(allow_null=True)
    township_name = serializers.CharField(allow_null=True)
    sector = serializers.CharField(allow_null=True)
    sector_name = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    department_name = serializers.CharField(allow_null=True)
    level = serializers.ChoiceField(choices=HazardLevel.choices, allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices, allow_null=True)
    month = serializers.CharField(allow_null=True)


class HazardFiguresOut(Out):
    first = serializers.CharField()  # shown as `from`
    to = serializers.CharField()
    as_of = serializers.DateField(help_text="数字截至之日")
    region = serializers.CharField()
    group_by = serializers.ListField(child=serializers.CharField())
    rows = FigureRowOut(many=True)
    total = FiguresOut()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"from": fields.pop("first"), **fields}


# --- doors -----------------------------------------------------------------------------------------------------------
class HazardFigureDoor(Door):
    """隐患数字"""

    serializer_class = HazardFiguresOut
    pagination_class = None  # type: ignore[assignment]
    etag_tables = ("hazards.Figure", "geo.Region")
    filters = {"show": FigureChoice}

    @extend_schema(responses=HazardFiguresOut, parameters=[FigureChoice])
    def show(self, request):
        """按期整改率、整改率、重大隐患动态清零、平均整改天数，按乡镇、领域、部门、月份等汇总；取自保存的月度数字，不扫描隐患。各办公岗位都能看到所有乡镇的数字。"""
        asked = self._asked(**self.parameters())
        return self.tagged(lambda: Response(self._answer(asked)))

    def _asked(self, *, group_by, region, **chosen) -> Question:
        over = range_of(chosen.pop("from"), chosen.pop("to"), timezone.localdate())
        return Question(over, group_by, region or county_of(self.request.user), chosen)

    def _answer(self, asked: Question) -> dict[str, Any]:
        rows, total = answer(asked)
        return {
            "from": f"{asked.over.first:%Y-%m}",
            "to": f"{asked.over.last:%Y-%m}",
            "as_of": asked.over.end.isoformat(),
            "region": whole(asked.region),
            "group_by": asked.by,
            "rows": rows,
            "total": total,
        }


class BehindFigureDoor(HazardDoor):
    """隐患数字背后的隐患"""

    etag_tables = (*HazardDoor.etag_tables, "hazards.Figure")  # type: ignore[assignment]
    filters = {"list": BehindChoice}
    sorts = {}

    @extend_schema(responses=HazardOut(many=True), parameters=[BehindChoice])
    def list(self, request, *args, **kwargs):
        """一个数字由哪些隐患构成；只列出本人管辖范围内的。"""
        return super().list(request, *args, **kwargs)

    def chosen(self, rows, *, figure, region=None, **chosen):
        over = range_of(chosen.pop("from"), chosen.pop("to"), timezone.localdate())
        rows = rows.filter(behind(figure, over, **chosen), inside(region or county_of(self.request.user)))
        return rows.as_rows()
