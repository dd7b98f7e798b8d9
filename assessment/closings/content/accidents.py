"""What happened: who broke and by what, every accident, late and wrongful reports, events in which nobody was hurt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from accidents.models import Accident, Finding, ReportLeg
from assessment.closings.content.closing_facts import ClosingFacts, iso
from enterprises.models import Enterprise
from reference.terms import AccidentKind, Subject
from safety_api.days import during
from safety_api.permissions import inside
from zero_accident import rules
from zero_accident.attribution import facts as attribution
from zero_accident.figures.tables import BrokenKey, BrokenSays
from zero_accident.figures.working_out import work_out
from zero_accident.models import AccidentEffect, Break


# --- who broke, and by what ------------------------------------------------------------------------------------------
def broken(facts: ClosingFacts) -> list[dict[str, Any]]:
    """All of the year to date, villages and units by place, with the line of the policy for each accident."""
    found = work_out(facts.asked.of, (facts.prefix,)).broken
    keys = {accident for says in found.values() for accident in says.accidents}
    lines = _lines(facts, keys)
    units = _unit_names(each.key for each in found if each.subject == Subject.UNIT)
    rows = [_broken(facts, key, says, lines, units) for key, says in found.items()]
    return sorted(rows, key=lambda row: (row["kind"] != Subject.VILLAGE, row["region"], row["key"]))


def _lines(facts: ClosingFacts, accidents: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[str, str]]:
    rows = Break.objects.filter(policy=facts.asked.of.policy.version, accident__in=accidents)
    columns = rows.values_list("accident", "enterprise", "line", "reason")
    return {(accident, str(unit or "")): (line, reason) for accident, unit, line, reason in columns}


def _unit_names(keys: Iterable[str]) -> dict[str, str]:
    rows = Enterprise.objects.filter(pk__in=list(keys)).values_list("pk", "name")
    return {str(key): name for key, name in rows}


def _broken(
    facts: ClosingFacts, key: BrokenKey, says: BrokenSays, lines: Mapping[tuple[UUID, str], tuple[str, str]],
    units: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    region, is_unit = says.region_code, key.subject == Subject.UNIT
    because = [(each, *lines.get((each, key.key if is_unit else ""), ("", ""))) for each in says.accidents]
    return {
        "kind": str(key.subject), "key": key.key, "region": region, "region_name": facts.names.get(region, ""), **facts.township(region),
        "name": units.get(key.key, "") if is_unit else facts.names.get(region, ""), "enterprise": key.key if is_unit else None,
        "broken_on": says.broken_on.isoformat(), "provisional": says.provisional,
        "accidents": [{"accident": str(each), "line": line, "sentence": reason} for each, line, reason in because],
    }  # fmt: skip


def accidents(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Every accident of the month with the line of the policy that decided, also of those that break nobody."""
    version = facts.asked.of.policy.version
    known = attribution.facts_of(facts.accidents)
    kept = AccidentEffect.objects.filter(
        policy=version, accident__in=[each.pk for each in facts.accidents], breaks=True
    )
    breaking = set(kept.values_list("accident", flat=True))
    return [_accident(facts, each, known[each.pk], each.pk in breaking) for each in facts.accidents]


def _accident(facts: ClosingFacts, each: Accident, known: rules.AttributedAccident, breaks: bool) -> dict[str, Any]:
    verdict, loss = rules.judge(facts.asked.of.policy, known), each.direct_loss_yuan
    return {
        "accident": str(each.pk), "occurred_at": iso(each.occurred_at),
        "region": each.region_code, "region_name": facts.names.get(each.region_code, ""), **facts.township(each.region_code),
        "place": each.place, "description": each.description, "sector": each.sector_id,
        "category": each.category or None, "category_name": each.get_category_display() if each.category else "",
        "nature": each.nature, "nature_name": each.get_nature_display(),
        "grade": each.grade, "grade_name": each.get_grade_display(),
        "deaths": each.deaths, "serious_injuries": each.serious_injuries, "missing": each.missing,
        "late_deaths": each.late_deaths, "direct_loss_yuan": None if loss is None else f"{loss:.2f}",
        "stat_status": each.stat_status, "stat_status_name": each.get_stat_status_display(),
        "in_statistics": each.in_statistics, "breaks": breaks, "line": verdict.line, "sentence": verdict.reason,
    }  # fmt: skip


# --- how they were reported ------------------------------------------------------------------------------------------
def late_reports(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Reports of the month's accidents that were late, or are overdue at that moment; local reminders are no 迟报."""
    rows = ReportLeg.objects.filter(accident__in=[each.pk for each in facts.accidents], void_at=None, warning=False)
    late = rows.filter(Q(sent_at__gt=F("due_at")) | Q(sent_at=None, due_at__lt=facts.known_at))
    return [_late(each, facts) for each in late.select_related("accident").order_by("due_at", "id")]


def _late(leg: ReportLeg, facts: ClosingFacts) -> dict[str, Any]:
    return {
        "accident": str(leg.accident_id), "occurred_at": iso(leg.accident.occurred_at), "code": leg.code,
        "level": leg.level, "level_name": leg.get_level_display(), "to": leg.to, "to_name": leg.get_to_display(),
        "due_at": iso(leg.due_at), "sent_at": leg.sent_at and iso(leg.sent_at),
        "minutes": int(((leg.sent_at or facts.known_at) - leg.due_at).total_seconds() // 60),
    }  # fmt: skip


def findings(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Wrongful reports found in the month, in force; of whatever accident of the county."""
    closing = facts.closing
    rows = Finding.objects.in_force().filter(
        inside(facts.prefix, "accident__region_code"), decided_on__range=(closing.first_day, closing.last_day)
    )
    return [
        {
            "accident": str(each.accident_id), "occurred_at": iso(each.accident.occurred_at),
            **facts.township(each.accident.region_code), "kind": each.kind, "kind_name": each.get_kind_display(),
            "level": each.level, "level_name": each.get_level_display(), "decided_on": each.decided_on.isoformat(), "document": each.document,
        }
        for each in rows.select_related("accident").order_by("decided_on", "id")
    ]  # fmt: skip


def risk_events(facts: ClosingFacts) -> int:
    """较大涉险 of the month in which nobody was hurt: neither graded nor counted elsewhere."""
    rows = Accident.objects.single().filter(inside(facts.prefix), kind=AccidentKind.EVENT)
    return rows.filter(during("occurred_at", facts.closing.first_day, facts.closing.last_day)).count()
