"""挂牌督办、追责问责、联合惩戒清单 (兴政发〔2021〕11号（四）) and the list of seriously dishonest subjects (DOMAIN §8.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from enforcement.kinds import (
    DishonestyState,
    JointMeasure,
    ListingLevel,
    ListingState,
    Measure,
    Removal,
    SubjectKind,
)
from enforcement.models import Accountability, Dishonesty, JointPunishment, Listing, Progress
from ledgers.columns import Column, ColumnKind, Row, of, person, subject
from ledgers.filters import Between, LedgerFilters
from ledgers.ledger import Ledger, Total, department_name, name_of_department, sector_name, with_places
from safety_api.roles import KEEPERS, Role
from safety_api.words import clauses, folded

OF_ENTRY = (
    "id", "sector_id", "department_id", "region_code", "region_name", "township_name", "enterprise__name",
)  # fmt: skip
SECTOR = Column("sector", "行业领域", 12, read=sector_name)
DEPARTMENT = Column("department", "主管部门", 16, read=department_name)
TOWNSHIP = Column("township", "乡镇", 10, read=of("township_name"))
UNIT = Column("unit", "单位", 26, read=of("enterprise__name"))
BASE = ("enterprises.Enterprise", "geo.Region")


def of_register(model: Any, *names: str) -> Callable[[Any, date], QuerySet]:
    def rows(user: Any, day: date) -> QuerySet:
        return with_places(model.objects.visible_to(user)).values(*OF_ENTRY, *names)

    return rows


def narrowed(
    found: Any,
    *,
    on: str,
    said_in: Iterable[str],
    first: date | None = None,
    last: date | None = None,
    q: str | None = None,
    state: str | None = None,
    **equal: Any,
) -> Any:
    """By what all these registers have: department, sector, region, words in the columns `said_in`, days of the column `on`."""
    found = found.filter(**{f"{on}__gte": first}) if first else found
    found = found.filter(**{f"{on}__lte": last}) if last else found
    for clause in clauses(q or ""):
        says = Q(enterprise__words__text__contains=folded(clause)) if folded(clause) else Q()
        for column in said_in:
            says |= Q(**{f"{column}__icontains": clause})
        found = found.filter(says)
    return found.chosen(state=[state] if state else None, **equal)


def keeps_registers(user: Any) -> bool:
    return user.role in KEEPERS


# --- 挂牌督办清单 -------------------------------------------------------------------------------------------------------
class ListingFilters(Between):
    state = serializers.ChoiceField(ListingState.choices, required=False, label="状态")
    level = serializers.ChoiceField(ListingLevel.choices, required=False, label="级别")
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)


def choose_listings(found: Any, day: date, *, overdue: bool | None = None, **asked: Any) -> Any:
    found = found if overdue is None else found.overdue(on=day, is_so=overdue)
    return narrowed(found, on="listed_on", said_in=("hazard__description", "enterprise__name", "document"), **asked)


def add_progress(found: list[Row], day: date) -> None:
    newest = Progress.objects.filter(listing_id__in=[row["id"] for row in found]).order_by("listing_id", "-id")
    last_of = {each.listing_id: each for each in newest.distinct("listing_id")}
    for row in found:
        last = last_of.get(row["id"])
        row["percent"], row["progress"] = (last.percent, last.done) if last else (None, "")
        row["overdue"] = row["state"] in STILL_DUE and row["deadline"] < day


STILL_DUE = frozenset({ListingState.LISTED, ListingState.APPLIED})
LISTED = Ledger(
    name="listed-supervision",
    title="挂牌督办清单",
    columns=(
        Column("document", "挂牌文号", 20),
        Column("level", "级别", 7, ColumnKind.WORD, words=dict(ListingLevel.choices)),
        Column("listed_on", "挂牌日", 11, ColumnKind.DAY),
        SECTOR, DEPARTMENT, TOWNSHIP, UNIT,
        Column("description", "重大隐患", 44, read=of("hazard__description")),
        Column("leader", "督办责任领导", 10),
        Column("leader_post", "领导职务", 14),
        person("responsible", "整改责任人", "responsible_person"),
        Column("measures", "整改措施", 30),
        Column("funds_yuan", "整改资金（元）", 13, ColumnKind.YUAN),
        Column("deadline", "整改时限", 11, ColumnKind.DAY),
        Column("plan", "应急预案（防范措施）", 26),
        Column("state", "状态", 9, ColumnKind.WORD, words=dict(ListingState.choices)),
        Column("overdue", "逾期", 6, ColumnKind.FLAG),
        Column("percent", "完成（%）", 8, ColumnKind.WHOLE),
        Column("progress", "最近进展", 30),
        Column("report_due_on", "下次进展报告", 11, ColumnKind.DAY),
        Column("published_on", "挂牌公告日", 11, ColumnKind.DAY),
        Column("accepted_on", "验收日", 11, ColumnKind.DAY),
        Column("delisted_on", "摘牌日", 11, ColumnKind.DAY),
        Column("delisting_document", "摘牌文号", 20),
    ),
    rows=of_register(
        Listing, "hazard__description", "level", "state", "document", "listed_on", "leader", "leader_post", "responsible_person",
        "measures", "funds_yuan", "deadline", "plan", "report_due_on", "published_on", "accepted_on", "delisted_on", "delisting_document",
    ),
    choose=choose_listings,
    filters=ListingFilters,
    ordering=("-listed_on", "id"),
    in_book=("listed_on", "id"),
    tables=("enforcement.Listing", "hazards.Hazard", *BASE),
    complete=add_progress,
    totals=(
        Total("督办中", lambda row: row["state"] != ListingState.DELISTED),
        Total("逾期", lambda row: row["overdue"]),
        Total("已摘牌", lambda row: row["state"] == ListingState.DELISTED),
    ),
)  # fmt: skip


# --- 追责问责清单 -------------------------------------------------------------------------------------------------------
class AccountabilityFilters(Between):
    measure = serializers.ChoiceField(Measure.choices, required=False, label="问责方式")


def choose_accountable(found: Any, day: date, **asked: Any) -> Any:
    """Without what was entered in error."""
    said_in = ("case", "document", "person_unit")
    return narrowed(found.standing(), on="decided_on", said_in=said_in, **asked)


def decides_on_people(user: Any) -> bool:
    """县应急局、安委办、本部门负责人: as the register itself has it (DOMAIN §8.4)."""
    return user.role in (Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER) or (
        user.role == Role.DEPARTMENT_OFFICER and user.is_leader
    )


ACCOUNTABILITY = Ledger(
    name="accountability",
    title="追责问责清单",
    columns=(
        Column("decided_on", "决定日", 11, ColumnKind.DAY),
        SECTOR, DEPARTMENT, TOWNSHIP, UNIT,
        Column("case", "事由", 40),
        person("person", "被问责人", "person_name"),
        Column("person_unit", "所在单位", 22),
        Column("person_post", "职务", 14),
        Column("authority", "问责机关", 20),
        Column("measure", "问责方式", 12, ColumnKind.WORD, words=dict(Measure.choices)),
        Column("measure_text", "具体处理", 24),
        Column("document", "文号", 20),
    ),
    rows=of_register(
        Accountability, "case", "person_name", "person_unit", "person_post", "authority", "measure", "measure_text", "document",
        "decided_on",
    ),
    choose=choose_accountable,
    filters=AccountabilityFilters,
    ordering=("-decided_on", "id"),
    in_book=("decided_on", "id"),
    tables=("enforcement.Accountability", *BASE),
    totals=(Total("党纪政务处分", lambda row: row["measure"] in (Measure.PARTY, Measure.SANCTION)),),
    sees_people=decides_on_people,
)  # fmt: skip


# --- 联合惩戒清单 -------------------------------------------------------------------------------------------------------
class JointFilters(Between):
    in_force = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="true：只列有效的")


def choose_joint(
    found: Any, day: date, *, department: str | None = None, in_force: bool | None = None, **asked: Any
) -> Any:
    """Of a department what it keeps and what it carries out."""
    found = found.filter(Q(department_id=department) | Q(departments__contains=[department])) if department else found
    found = found if in_force is None else found.in_force(on=day, is_so=in_force)
    return narrowed(found, on="held_from", said_in=("subject_name", "reason", "document"), **asked)


def _measures(row: Row) -> str:
    return "、".join(JointMeasure(each).label for each in row["measures"])


def _departments(row: Row) -> str:
    return "、".join(name_of_department(each) for each in row["departments"])


JOINT_PUNISHMENT = Ledger(
    name="joint-punishment",
    title="联合惩戒清单",
    columns=(
        subject("subject_name", "惩戒对象"),
        Column("subject_kind", "种类", 7, ColumnKind.WORD, words=dict(SubjectKind.choices)),
        Column("person_post", "职务", 14),
        SECTOR, DEPARTMENT, TOWNSHIP, UNIT,
        Column("reason", "事由", 40),
        Column("basis", "依据", 18),
        Column("document", "文号", 20),
        Column("measures", "惩戒措施", 28, read=_measures),
        Column("departments", "实施部门", 28, read=_departments),
        Column("held_from", "自", 11, ColumnKind.DAY),
        Column("held_to", "至（含）", 11, ColumnKind.DAY),
        Column("lifted_on", "解除日", 11, ColumnKind.DAY),
        Column("lifting_document", "解除文号", 20),
    ),
    rows=of_register(
        JointPunishment, "subject_name", "subject_kind", "person_post", "reason", "basis", "document", "measures", "departments",
        "held_from", "held_to", "lifted_on", "lifting_document",
    ),
    choose=choose_joint,
    filters=JointFilters,
    ordering=("-held_from", "id"),
    in_book=("held_from", "id"),
    tables=("enforcement.JointPunishment", *BASE),
    totals=(Total("已解除", lambda row: row["lifted_on"] is not None),),
    sees_people=keeps_registers,
)  # fmt: skip


# --- 严重失信主体名单 ---------------------------------------------------------------------------------------------------
class DishonestyFilters(LedgerFilters):
    state = serializers.ChoiceField(DishonestyState.choices, required=False, label="状态")
    in_force = serializers.BooleanField(required=False, allow_null=True, default=None, help_text="true：只列在名单上的")


def choose_dishonest(found: Any, day: date, *, in_force: bool | None = None, **asked: Any) -> Any:
    found = found if in_force is None else found.in_force(on=day, is_so=in_force)
    return narrowed(found, on="notified_on", said_in=("subject_name", "facts", "decision_document"), **asked)


DISHONESTY = Ledger(
    name="dishonesty",
    title="严重失信主体名单",
    columns=(
        subject("subject_name", "失信主体"),
        Column("subject_kind", "种类", 7, ColumnKind.WORD, words=dict(SubjectKind.choices)),
        Column("person_post", "职务", 14),
        SECTOR, DEPARTMENT, TOWNSHIP, UNIT,
        Column("state", "状态", 11, ColumnKind.WORD, words=dict(DishonestyState.choices)),
        Column("regime", "所依规定", 16),
        Column("clause", "条款", 8),
        Column("facts", "失信事实", 40),
        Column("penalty_document", "处罚决定文号", 20),
        Column("notified_on", "告知日", 11, ColumnKind.DAY),
        Column("listed_on", "列入日", 11, ColumnKind.DAY),
        Column("decision_document", "列入决定文号", 20),
        Column("expires_on", "期满日（含）", 11, ColumnKind.DAY),
        Column("early_removal_from", "可申请提前移出自", 11, ColumnKind.DAY),
        Column("published_on", "公示日", 11, ColumnKind.DAY),
        Column("removed_on", "移出日", 11, ColumnKind.DAY),
        Column("removal", "移出方式", 14, ColumnKind.WORD, words=dict(Removal.choices)),
        Column("removal_document", "移出决定文号", 20),
    ),
    rows=of_register(
        Dishonesty, "subject_name", "subject_kind", "person_post", "state", "regime", "clause", "facts", "penalty_document", "notified_on",
        "listed_on", "decision_document", "expires_on", "early_removal_from", "published_on", "removed_on", "removal", "removal_document",
    ),
    choose=choose_dishonest,
    filters=DishonestyFilters,
    ordering=("-notified_on", "id"),
    in_book=("notified_on", "id"),
    tables=("enforcement.Dishonesty", *BASE),
    totals=(
        Total("在名单上", lambda row: row["state"] == DishonestyState.LISTED),
        Total("已移出", lambda row: row["state"] == DishonestyState.REMOVED),
    ),
    sees_people=keeps_registers,
)  # fmt: skip
