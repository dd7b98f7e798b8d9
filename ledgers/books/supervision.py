"""安全监管台账 (兴政发〔2021〕11号（四）): the units of a department's sectors, and what stands with each of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q
from rest_framework import serializers

from enterprises.kinds import SAFETY_LICENCES, Status
from enterprises.models import Enterprise, Insurance, Licence, StandardizationCertificate
from hazards.models import Hazard
from hazards.querysets import is_overdue
from inspections.models import Authority, Inspection
from ledgers.columns import COUNTY_TIME, Column, ColumnKind, Row, of, person, phone
from ledgers.filters import LedgerFilters
from ledgers.ledger import Ledger, Total, sector_name, sectors_of, with_places
from reference.terms import Class, Colour, UnitType
from safety_api.days import midnight

OFFICIAL = (
    Authority.ADMINISTRATIVE,
    Authority.PATROL,
    Authority.SUPERVISION,
)  # an inspection by somebody else than the unit
READ = (
    "id", "sector_id", "region_code", "region_name", "township_name", "name", "credit_code", "unit_type", "address", "principal_name",
    "principal_phone", "status", "supervision_class", "class_on", "risk_colour",
)  # fmt: skip
NOTHING: Row = {
    "last_inspected_on": None, "inspected_this_year": 0, "open": 0, "major": 0, "overdue": 0, "listed": 0,
    "standardization": None, "standardization_until": None, "licence_until": None, "insurance_until": None,
}  # fmt: skip
COLUMNS = (
    Column("name", "单位名称", 30),
    Column("credit_code", "统一社会信用代码", 20),
    Column("sector", "主要行业", 12, read=sector_name),
    Column("unit_type", "类型", 12, ColumnKind.WORD, words=dict(UnitType.choices)),
    Column("township", "乡镇", 10, read=of("township_name")),
    Column("village", "村（社区）", 12, read=of("region_name")),
    Column("address", "地址", 24),
    person("principal_name", "主要负责人"),
    phone("principal_phone", "联系电话"),
    Column("status", "状态", 9, ColumnKind.WORD, words=dict(Status.choices)),
    Column("class", "分类监管类别", 8, read=of("supervision_class")),
    Column("class_on", "类别自", 11, ColumnKind.DAY),
    Column("risk_colour", "最高风险等级", 14, ColumnKind.WORD, words=dict(Colour.choices)),
    Column("standardization", "标准化等级", 8, ColumnKind.WHOLE),
    Column("standardization_until", "标准化有效期至", 11, ColumnKind.DAY),
    Column("licence_until", "安全许可最早到期", 11, ColumnKind.DAY),
    Column("insurance_until", "安责险有效期至", 11, ColumnKind.DAY),
    Column("last_inspected_on", "最近检查", 11, ColumnKind.DAY),
    Column("inspected_this_year", "本年检查次数", 8, ColumnKind.WHOLE),
    Column("open", "未销号隐患", 8, ColumnKind.WHOLE),
    Column("major", "其中重大", 8, ColumnKind.WHOLE),
    Column("overdue", "其中逾期", 8, ColumnKind.WHOLE),
    Column("listed", "其中挂牌", 8, ColumnKind.WHOLE),
)


class SupervisionFilters(LedgerFilters):
    state = serializers.ChoiceField(Status.choices, required=False, label="状态", help_text="不写则不含已关闭的")
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="有逾期隐患的")

    def get_fields(self) -> dict[str, serializers.Field]:
        word = serializers.ChoiceField(Class.choices, required=False, source="supervision_class", label="类别")
        return {**super().get_fields(), "class": word}


def rows(user: Any, day: date) -> Any:
    return with_places(Enterprise.objects.visible_to(user)).values(*READ)


def choose(
    found: Any,
    day: date,
    *,
    department: str | None = None,
    sector: str | None = None,
    region: str | None = None,
    state: str | None = None,
    overdue: bool | None = None,
    q: str | None = None,
    **equal: Any,
) -> Any:
    if department:
        theirs = sectors_of(department, day)
        found = found.filter(Q(sector_id__in=theirs) | Q(sectors__overlap=theirs))
    found = found.in_sector(sector) if sector else found
    found = found.within(region) if region else found
    found = found.filter(status=state) if state else found.exclude(status=Status.CLOSED)
    found = found if overdue is None else found.filter(_has_overdue(day) if overdue else ~_has_overdue(day))
    return (found.saying(q) if q else found).filter(**equal)


def _has_overdue(day: date) -> Any:
    return Exists(Hazard.objects.filter(is_overdue(day), enterprise_id=OuterRef("pk")))


# --- what stands with each of them: one query a table -----------------------------------------------------------------
def complete(found: list[Row], day: date) -> None:
    units = {row["id"]: row for row in found}
    for row in found:
        row |= NOTHING
    for facts in (*_hazards(list(units), day), *_visits(list(units), day), *_papers(list(units), day)):
        units[facts.pop("enterprise_id")].update(facts)


def _hazards(units: list[UUID], day: date) -> Iterable[Row]:
    return Hazard.objects.filter(enterprise_id__in=units).open().values("enterprise_id").annotate(
        open=Count("id"), major=Count("id", filter=Q(level="major")), overdue=Count("id", filter=is_overdue(day)),
        listed=Count("id", filter=~Q(listed_level="")),
    )  # fmt: skip


def _visits(units: list[UUID], day: date) -> Iterable[Row]:
    this_year = Q(started_at__gte=midnight(day.replace(month=1, day=1)))
    made = Inspection.objects.single().filter(enterprise_id__in=units, authority__in=OFFICIAL).values("enterprise_id")
    for each in made.annotate(last=Max("started_at"), inspected_this_year=Count("id", filter=this_year)):
        yield {
            "enterprise_id": each["enterprise_id"],
            "last_inspected_on": each["last"].astimezone(COUNTY_TIME).date(),
            "inspected_this_year": each["inspected_this_year"],
        }


def _papers(units: list[UUID], day: date) -> Iterable[Row]:
    """Of certificates the one that runs longest; of licences the first of all kinds to run out, each by its newest."""
    for each in _held(StandardizationCertificate, units, day, "level"):
        yield {
            "enterprise_id": each["enterprise_id"],
            "standardization": each["level"],
            "standardization_until": each["held_to"],
        }
    licences: dict[UUID, dict[str, date]] = {}
    for each in _held(Licence, units, day, "licence"):
        licences.setdefault(each["enterprise_id"], {})[each["licence"]] = each["held_to"] or date.max
    for unit, ends in licences.items():
        last = min((end for kind, end in ends.items() if kind in SAFETY_LICENCES), default=date.max)
        yield {"enterprise_id": unit, "licence_until": None if last == date.max else last}
    for each in _held(Insurance, units, day):
        yield {"enterprise_id": each["enterprise_id"], "insurance_until": each["held_to"]}


def _held(model: Any, units: list[UUID], day: date, *names: str) -> Iterable[Row]:
    """What is known and has begun, the one that ends last coming last; what has run out too: that is what a ledger is for."""
    valid = {"state": "valid"} if "state" in {each.name for each in model._meta.fields} else {}
    known = model.objects.filter(enterprise_id__in=units, **valid).known().begun(day)
    return known.order_by("held_to", "known_from").values("enterprise_id", "held_to", *names)


SUPERVISION = Ledger(
    name="supervision",
    title="安全监管台账",
    columns=COLUMNS,
    rows=rows,
    choose=choose,
    filters=SupervisionFilters,
    ordering=("region_code", "id"),
    in_book=("region_code", "name", "id"),
    tables=(
        "enterprises.Enterprise", "enterprises.StandardizationCertificate", "enterprises.Licence", "enterprises.Insurance",
        "hazards.Hazard", "inspections.Inspection", "geo.Region",
    ),
    complete=complete,
    totals=(
        Total("有未销号隐患的", lambda row: row["open"] > 0),
        Total("有逾期隐患的", lambda row: row["overdue"] > 0),
    ),
)  # fmt: skip
