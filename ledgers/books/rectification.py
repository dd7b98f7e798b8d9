"""问题整改清单 (兴政发〔2021〕11号（四）): every hazard with what was ordered, by whom it is put right, until when, and how far it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers

from hazards.models import Hazard
from hazards.states import Origin, State
from ledgers.columns import Column, ColumnKind, Row, day_of, first_of, of, person
from ledgers.filters import Between
from ledgers.ledger import Ledger, Total, department_name, sector_name, with_places
from reference.terms import HazardLevel
from safety_api.days import during

NO_PROBLEM = (State.DRAFT, State.REJECTED, State.VOID)  # shown only to whoever asks for that state
LISTED = {"county": "县级", "city": "市级", "province": "省级"}
WHERE = first_of("enterprise__name", "site__name", "place")
BASIS = first_of("standard_clause", "judged_by_expert", "item")
READ = (
    "id", "sector_id", "department_id", "region_code", "region_name", "township_name", "enterprise_id", "enterprise__name",
    "enterprise__credit_code", "site__name", "place", "item", "description", "standard_clause", "judged_by_expert", "level", "origin",
    "state", "found_at", "due_on", "review_requested_on", "overdue_since", "closed_on", "repeat_of_id", "listed_level",
    "production_stopped", "reporter_name", "external_number", "reported_up_on", "overdue",
    "plan__responsible_person", "plan__measures", "plan__funds_yuan",
)  # fmt: skip
COLUMNS = (
    Column("found_on", "发现日期", 11, ColumnKind.DAY, day_of("found_at")),
    Column("sector", "行业领域", 12, read=sector_name),
    Column("department", "主管部门", 16, read=department_name),
    Column("township", "乡镇", 10, read=of("township_name")),
    Column("village", "村（社区）", 12, read=of("region_name")),
    Column("unit", "单位（场所、地点）", 26, read=WHERE),
    Column("credit_code", "统一社会信用代码", 20, read=of("enterprise__credit_code")),
    Column("description", "问题隐患", 44),
    Column("basis", "判定依据、检查项", 18, read=BASIS),
    Column("level", "级别", 6, ColumnKind.WORD, words=dict(HazardLevel.choices)),
    Column("origin", "来源", 10, ColumnKind.WORD, words=dict(Origin.choices)),
    Column("found_by", "发现人", 9, read=of("reporter_name")),
    person("responsible", "整改责任人", "plan__responsible_person"),
    Column("measures", "整改措施", 30, read=of("plan__measures")),
    Column("funds_yuan", "整改资金（元）", 13, ColumnKind.YUAN, of("plan__funds_yuan")),
    Column("deadline", "整改期限", 11, ColumnKind.DAY, of("due_on")),
    Column("state", "状态", 9, ColumnKind.WORD, words=dict(State.choices)),
    Column("overdue", "逾期", 6, ColumnKind.FLAG),
    Column("overdue_since", "首次逾期日", 11, ColumnKind.DAY),
    Column("review_requested_on", "申请复查日", 11, ColumnKind.DAY),
    Column("closed_on", "销号日", 11, ColumnKind.DAY),
    Column("repeat", "重复隐患", 8, ColumnKind.FLAG, lambda row: row["repeat_of_id"] is not None),
    Column("listed", "挂牌督办", 8, ColumnKind.WORD, of("listed_level"), words=LISTED),
    Column("production_stopped", "停产", 6, ColumnKind.FLAG),
    Column("external_number", "上级平台编号", 18),
    Column("reported_up_on", "已报上级日", 11, ColumnKind.DAY),
)


class RectificationFilters(Between):
    state = serializers.ChoiceField(State.choices, required=False, label="状态")
    level = serializers.ChoiceField(HazardLevel.choices, required=False, label="级别")
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    listed = serializers.BooleanField(required=False, allow_null=True, default=None)
    reported = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="已报上级")


def rows(user: Any, day: date) -> Any:
    """Of a unit's own officer the unit's; else the jurisdiction's."""
    found: Any = Hazard.objects.visible_to(user).with_flags(on=day)
    return with_places(found).values(*READ)


def choose(
    found: Any,
    day: date,
    *,
    department: str | None = None,
    state: str | None = None,
    reported: bool | None = None,
    first: date | None = None,
    last: date | None = None,
    **words: Any,
) -> Any:
    found = found.filter(department_id=department) if department else found
    found = found.filter(state=state) if state else found.exclude(state__in=NO_PROBLEM)
    found = found if reported is None else found.filter(reported_up_on__isnull=not reported)
    return found.filter(during("found_at", first, last)).chosen(on=day, **words)


def is_open(row: Row) -> bool:
    return row["closed_on"] is None and row["state"] not in CLOSED


CLOSED = frozenset({State.CLOSED, State.TRANSFERRED, State.UNIT_CLOSED, *NO_PROBLEM})
RECTIFICATION = Ledger(
    name="rectification",
    title="问题整改清单",
    columns=COLUMNS,
    rows=rows,
    choose=choose,
    filters=RectificationFilters,
    ordering=("-found_at", "id"),
    searched=("hazard", "found_at"),
    in_book=("found_at", "id"),
    tables=("hazards.Hazard", "enterprises.Enterprise", "enterprises.Site", "geo.Region"),
    totals=(
        Total("未销号", is_open),
        Total("重大", lambda row: row["level"] == HazardLevel.MAJOR),
        Total("逾期", lambda row: row["overdue"]),
        Total("已销号", lambda row: row["state"] == State.CLOSED),
    ),
)
