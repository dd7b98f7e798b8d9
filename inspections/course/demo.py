"""The course of the demo's visits since there is one: most are whole, a few have gaps, a few of those are made good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.jurisdiction import department_of
from inspections.course.facts import facts_of, rule_of
from inspections.course.rules import assumed_type, remarks
from inspections.models import Authority, Inspection, InspectionType, SourceKind
from safety_api.remarks import Remark

SOURCES = {
    InspectionType.DAILY: {"kind": SourceKind.PLAN, "number": "演示〔2026〕1号", "ordered_by": "", "record": ""},
    InspectionType.SPECIAL: {
        "kind": SourceKind.CAMPAIGN,
        "number": "演示〔2026〕9号",
        "ordered_by": "演示·上级",
        "record": "",
    },
    InspectionType.CASE: {"kind": SourceKind.COMPLAINT, "number": "演示-12350-7", "ordered_by": "", "record": ""},
}
WHOLE: tuple[str, ...] = ()
GAPS = (*[WHOLE] * 14, ("approval",), ("notice",), ("scan",), ("notice", "scan"), ("result",), ("source",))
TOLD_AFTER = timedelta(days=3)


def walk(visit: Inspection, by: Any, chance: Any, today: Any) -> None:
    """As its phone told it; nothing for visits of before."""
    rule = rule_of(timezone.localdate(visit.started_at))
    if rule is None or visit.authority != Authority.ADMINISTRATIVE:
        return
    visit.type = InspectionType.CASE if chance.random() < 0.08 else assumed_type(visit.kind)
    visit.source, visit.department = dict(SOURCES[InspectionType(visit.type)]), department_of(by) or ""
    missing = chance.choice(GAPS)
    visit.course = {name: said for name, said in _whole(visit, today).items() if name not in missing}
    visit.source = {} if "source" in missing else visit.source
    found = remarks(facts_of(visit, {}), rule)
    visit.warnings = sorted({*visit.warnings, *found})
    if Remark.NO_NOTICE in found and chance.random() < 0.5:
        _make_good(visit, by)


def _whole(visit: Inspection, today: Any) -> dict[str, Any]:
    start, end = visit.started_at, visit.finished_at
    unit = {"to": "演示·接收人", "post": "负责人", "note": "", "paper": None, "number": "", "no_paper": True}
    leader = "演示·分管领导" if visit.by_name == "吴长" else "吴长"  # nobody approves their own
    approval = {
        "at": (start - timedelta(days=1)).isoformat(), "approver": None, "approver_name": leader, "approver_post": "局长",
        "urgent": False, "reported_at": None, "reported_to": "", "note": "", "paper": None, "number": "", "no_paper": True,
    }  # fmt: skip
    scan = {
        "code": f"https://demo.example/e?c={visit.pk.hex[:6]}",
        "at": start.isoformat(),
        "system": "演示",
        "exempt_reason": "",
    }
    told = {"result": {**unit, "at": (end + TOLD_AFTER).isoformat()}} if (end + TOLD_AFTER).date() < today else {}
    return {
        "approval": approval, "scan": scan, "certificates_shown": True, "notice": {**unit, "at": start.isoformat()},
        "record": {**unit, "at": end.isoformat()}, **told,
    }  # fmt: skip


def _make_good(visit: Inspection, by: Any) -> None:
    at = (visit.finished_at + timedelta(days=1)).isoformat()
    visit.course["notice"] = {
        "to": "演示·接收人", "post": "负责人", "note": "", "paper": None, "number": "", "at": at, "step": "notice",
    }  # fmt: skip
    visit.course["steps"] = [
        {"step": "notice", "at": at, "by": str(by.pk), "by_name": by.name, "healed": [str(Remark.NO_NOTICE)]}
    ]
    visit.healed = [str(Remark.NO_NOTICE)]
