"""The parameters of ledgers, and how a workbook says in words by which it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from enforcement.serializers.parts import DepartmentParam
from geo.models import Region
from geo.serializers import RegionParam
from reference import law
from reference.serializers import SectorParam
from safety_api.doors import Filters
from safety_api.search import FOUND_BY
from safety_api.shapes import Text


class LedgerFilters(Filters):
    """What every ledger is chosen by."""

    department = DepartmentParam(required=False)
    sector = SectorParam(required=False)
    region = RegionParam(required=False)
    q = Text(max_length=60, required=False, help_text=FOUND_BY)
    format = serializers.ChoiceField([("json", "JSON"), ("xlsx", "Excel 工作簿")], default="json")
    contacts = serializers.BooleanField(
        required=False, default=False, help_text="true：姓名、电话不遮掩（仅经管岗位，留痕）"
    )


class Between(LedgerFilters):
    """`from` and `to`, both included: words that Python keeps for itself."""

    def get_fields(self) -> dict[str, serializers.Field]:
        first = serializers.DateField(required=False, source="first", help_text="自（含）")
        last = serializers.DateField(required=False, source="last", help_text="至（含）")
        return {**super().get_fields(), "from": first, "to": last}


# --- in words ---------------------------------------------------------------------------------------------------------
def _region(prefix: str) -> str:
    code = prefix.ljust(12, "0")
    return Region.objects.filter(code=code).values_list("name", flat=True).first() or prefix


WORDS: dict[str, Any] = {  # parameter → how it is said; the rest say their label and the choice's
    "department": lambda value: f"部门：{law.department(value).name}",
    "sector": lambda value: f"行业领域：{law.sector(value).name}",
    "region": lambda value: f"区域：{_region(value)}",
    "q": lambda value: f"含“{value}”",
    "first": lambda value: f"自 {value}",
    "last": lambda value: f"至 {value}",
    "overdue": lambda value: "仅逾期" if value else "未逾期",
    "listed": lambda value: "仅挂牌" if value else "未挂牌",
    "reported": lambda value: "已报上级" if value else "未报上级",
    "in_force": lambda value: "仅有效" if value else "已失效",
}


def in_words(shape: Filters, filters: Mapping[str, Any]) -> str:
    said = [_said(shape, name, value) for name, value in filters.items() if value not in (None, "")]
    return "；".join(said) or "全部"


def _said(shape: Filters, name: str, value: Any) -> str:
    if name in WORDS:
        return WORDS[name](value)
    field: Any = next(each for each in shape.fields.values() if each.source == name)
    return f"{field.label}：{getattr(field, 'choices', {}).get(value, value)}"
