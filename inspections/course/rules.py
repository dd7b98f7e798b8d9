"""What is remarkable of the course of a visit (国办发〔2024〕54号), and what a visit counts as: pure, by the dated rule of its day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from enterprises.rules import credit_check
from inspections.models import Authority, InspectionType, SourceKind, VisitKind
from safety_api.remarks import Remark


@dataclass(frozen=True)
class CourseRule:
    """The document `inspection_course` of a day, as it is used."""

    types: frozenset[str]
    ways_not_counted: frozenset[str]
    special_from_above_counts: bool
    case_may_exceed: bool
    supervision_most: int
    urgent: timedelta
    scan_required: bool
    result_days: int
    result_day_kind: str

    @classmethod
    def read(cls, document: Any) -> CourseRule:
        counting, body = document.body["counting"], document.body
        return cls(
            types=frozenset(counting["types"]),
            ways_not_counted=frozenset(counting["ways_not_counted"]),
            special_from_above_counts=counting["special_from_above_counts"],
            case_may_exceed=counting["case_may_exceed"],
            supervision_most=counting["supervision_most"],
            urgent=timedelta(hours=body["approval"]["urgent_hours"]),
            scan_required=body["scan"]["required"],
            result_days=body["result"]["days"],
            result_day_kind=body["result"]["day_kind"],
        )


# --- what it counts as -------------------------------------------------------------------------------------------------
class Counted(NamedTuple):
    """`word`: daily, special, case, supervision or '' for what is no inspection. `counts`: towards the ceiling of the year."""

    word: str
    counts: bool


NOTHING = Counted("", False)


def counted(rule: CourseRule | None, *, authority: str, kind: str, type: str, source: Mapping[str, Any]) -> Counted:
    """`rule`: of the visit's day, None before 2025, when a visit had no type and every one but a review counted."""
    if authority == Authority.SUPERVISION:
        return Counted("supervision", False)
    if authority != Authority.ADMINISTRATIVE:
        return NOTHING
    if rule is None:
        return Counted(type, kind != VisitKind.REVIEW)
    spared = type == InspectionType.SPECIAL and is_from_above(source) and not rule.special_from_above_counts
    return Counted(type, type in rule.types and kind not in rule.ways_not_counted and not spared)


def is_from_above(source: Mapping[str, Any]) -> bool:
    """Ordered by a body above, which the order's number shows."""
    return source.get("kind") == SourceKind.CAMPAIGN and bool(source.get("number") and source.get("ordered_by"))


# --- the type ----------------------------------------------------------------------------------------------------------
def assumed_type(kind: str) -> InspectionType:
    """Of a visit that says none, nor does its task."""
    return InspectionType.SPECIAL if kind == VisitKind.SPECIAL else InspectionType.DAILY


ORDERED = frozenset({SourceKind.PLAN, SourceKind.CAMPAIGN})


def is_unordered(type: str, source: Mapping[str, Any]) -> bool:
    """A special inspection rests on an approved plan or on an order from above, by its number."""
    return type == InspectionType.SPECIAL and not (source.get("kind") in ORDERED and source.get("number"))


# --- the course --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Approval:
    """`approver` is None for one named in words only. `at` is None while an urgent visit waits for it."""

    at: datetime | None = None
    approver: UUID | None = None
    name: str = ""
    is_leader: bool | None = None  # None: not looked up, or named in words only
    urgent: bool = False
    reported_at: datetime | None = None


@dataclass(frozen=True)
class CourseFacts:
    """`type` is '' where neither the visit nor its task says one. `credit_code` and `own_ids`: by which
    the place is known from a scan, as far as it is; `other_units`: ids in the scanned code that are another unit's."""

    started_at: datetime
    finished_at: datetime
    kind: str = VisitKind.ROUTINE
    type: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    officers: frozenset[UUID] = frozenset()
    officer_names: frozenset[str] = frozenset()
    approval: Approval | None = None
    notice_at: datetime | None = None
    notice: bool = False
    scan: Mapping[str, Any] = field(default_factory=dict)
    credit_code: str = ""
    own_ids: frozenset[str] = frozenset()
    other_units: frozenset[str] = frozenset()
    of_enterprise: bool = True


Fitting = Callable[[CourseFacts, CourseRule], bool]


def remarks(facts: CourseFacts, rule: CourseRule | None) -> list[Remark]:
    """Of an administrative visit. Before 2025 (`rule` None) there was no such course: nothing is said of it. In a public place nobody is
    scanned, and nobody is handed a notice: nothing lacks there."""
    if rule is None:
        return []
    spared = frozenset() if facts.of_enterprise else OF_ENTERPRISES
    return [word for word, holds in TABLE.items() if word not in spared and holds(facts, rule)]


def _approved_late(facts: CourseFacts, rule: CourseRule) -> bool:
    approval = facts.approval
    if approval is None or approval.at is None or approval.at < facts.started_at:
        return False
    return not (approval.urgent and approval.reported_at and approval.at <= facts.started_at + rule.urgent)


def _took_part(facts: CourseFacts, rule: CourseRule) -> bool:
    approval = facts.approval
    if approval is None:
        return False
    return approval.approver in facts.officers if approval.approver else approval.name in facts.officer_names


def scanned_elsewhere(facts: CourseFacts) -> bool:
    """The code names units, and this is none of them. What most codes name cannot be read, and nothing is said of it."""
    code = str(facts.scan.get("code") or "")
    credit_codes, ids = credit_codes_in(code), ids_in(code)
    if facts.credit_code in credit_codes or ids & facts.own_ids:
        return False
    return bool((facts.credit_code and credit_codes) or ids & facts.other_units)


TABLE: dict[Remark, Fitting] = {
    Remark.TYPE_ASSUMED: lambda facts, rule: not facts.type,
    Remark.NO_SOURCE: lambda facts, rule: bool(facts.type) and not facts.source.get("kind"),
    Remark.SPECIAL_UNORDERED: lambda facts, rule: bool(facts.source.get("kind")) and is_unordered(facts.type, facts.source),
    Remark.NO_APPROVAL: lambda facts, rule: facts.approval is None or (facts.approval.urgent and facts.approval.at is None),
    Remark.APPROVED_LATE: _approved_late,
    Remark.APPROVER_TOOK_PART: _took_part,
    Remark.APPROVER_NO_LEADER: lambda facts, rule: facts.approval is not None
    and facts.approval.is_leader is False
    and not _took_part(facts, rule),
    Remark.NO_NOTICE: lambda facts, rule: not facts.notice,
    Remark.NOTICE_LATE: lambda facts, rule: facts.notice_at is not None and facts.notice_at > facts.finished_at,
    Remark.NOT_SCANNED: lambda facts, rule: rule.scan_required
    and not (facts.scan.get("code") or facts.scan.get("exempt_reason")),
    Remark.SCAN_ELSEWHERE: lambda facts, rule: scanned_elsewhere(facts),
}  # fmt: skip
WORDS = frozenset(TABLE)
OF_ENTERPRISES = frozenset({Remark.NO_APPROVAL, Remark.APPROVED_LATE, Remark.NO_NOTICE, Remark.NOT_SCANNED})

# 统一社会信用代码 (GB 32100), and the ids that our own codes carry
CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
OUR_ID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def credit_codes_in(code: str) -> frozenset[str]:
    """The credit codes in the text of a scanned code; what only looks like one is none."""
    return frozenset(each for each in CREDIT_CODE.findall(_plain(code)) if credit_check(each[:17]) == each[17])


def ids_in(code: str) -> frozenset[str]:
    return frozenset(OUR_ID.findall(_plain(code)))


def _plain(code: str) -> str:
    return unicodedata.normalize("NFKC", code).upper()
