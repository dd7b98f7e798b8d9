"""What happened: who broke and by what, every accident, late and wrongful reports, events in which nobody was hurt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from accidents import reading
from accidents.models import Accident, Finding, ReportLeg
from accidents.querysets import midnight
from accidents.rules import AccidentFacts
from assessment.closings.content.moment import Moment, iso
from enterprises.models import Enterprise
from reference.terms import ReportKind, Subject
from safety_api.permissions import inside
from zero_accident import rules
from zero_accident.figures.working_out import work_out
from zero_accident.models import AccidentEffect, Break


# --- who broke, and by what ------------------------------------------------------------------------------------------
def broken(at: Moment) -> list[dict[str, Any]]:
    """All of the year to date, villages and units by place, with the line of the policy for each accident."""
    found = work_out(at.asked.of, (at.prefix,)).broken
    keys = {accident for values in found.values() for accident in values[5]}
    lines = _lines(at, keys)
    units = _unit_names(key for subject, key in found if subject == Subject.UNIT)
    rows = [_broken(at, subject, key, values, lines, units) for (subject, key), values in found.items()]
    return sorted(rows, key=lambda row: (row["kind"] != Subject.VILLAGE, row["region"], row["key"]))


def _lines(at: Moment, accidents: Iterable[UUID]) -> dict[tuple[UUID, str], tuple[str, str]]:
    rows = Break.objects.filter(policy=at.asked.of.policy.version, accident__in=accidents)
    columns = rows.values_list("accident", "enterprise", "line", "reason")
    return {(accident, str(unit or "")): (line, reason) for accident, unit, line, reason in columns}


def _unit_names(keys: Iterable[str]) -> dict[str, str]:
    rows = Enterprise.objects.filter(pk__in=list(keys)).values_list("pk", "name")
    return {str(key): name for key, name in rows}


def _broken(
    at: Moment, subject: str, key: str, values: tuple, lines: Mapping[tuple[UUID, str], tuple[str, str]],
    units: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    region, _, _, since, provisional, accidents = values
    is_unit = subject == Subject.UNIT
    because = [(each, *lines.get((each, key if is_unit else ""), ("", ""))) for each in accidents]
    return {
        "kind": str(subject), "key": key, "region": region, "region_name": at.names.get(region, ""), **at.township(region),
        "name": units.get(key, "") if is_unit else at.names.get(region, ""), "enterprise": key if is_unit else None,
        "broken_on": since.isoformat(), "provisional": provisional,
        "accidents": [{"accident": str(each), "line": line, "sentence": reason} for each, line, reason in because],
    }  # fmt: skip


def accidents(at: Moment) -> list[dict[str, Any]]:
    """Every accident of the month with the line of the policy that decided, also of those that break nobody."""
    version = at.asked.of.policy.version
    facts = reading.facts_of(at.accidents)
    kept = AccidentEffect.objects.filter(policy=version, accident__in=[each.pk for each in at.accidents], breaks=True)
    breaking = set(kept.values_list("accident", flat=True))
    return [_accident(at, each, facts[each.pk], each.pk in breaking) for each in at.accidents]


def _accident(at: Moment, each: Accident, known: AccidentFacts, breaks: bool) -> dict[str, Any]:
    verdict, loss = rules.judge(at.asked.of.policy, known), each.direct_loss_yuan
    return {
        "accident": str(each.pk), "occurred_at": iso(each.occurred_at),
        "region": each.region_code, "region_name": at.names.get(each.region_code, ""), **at.township(each.region_code),
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
def late_reports(at: Moment) -> list[dict[str, Any]]:
    """Reports of the month's accidents that were late, or are overdue at that moment; local reminders are no 迟报."""
    rows = ReportLeg.objects.filter(accident__in=[each.pk for each in at.accidents], void_at=None, warning=False)
    late = rows.filter(Q(sent_at__gt=F("due_at")) | Q(sent_at=None, due_at__lt=at.known_at))
    return [_late(each, at) for each in late.select_related("accident").order_by("due_at", "id")]


def _late(leg: ReportLeg, at: Moment) -> dict[str, Any]:
    return {
        "accident": str(leg.accident_id), "occurred_at": iso(leg.accident.occurred_at), "code": leg.code,
        "level": leg.level, "level_name": leg.get_level_display(), "to": leg.to, "to_name": leg.get_to_display(),
        "due_at": iso(leg.due_at), "sent_at": leg.sent_at and iso(leg.sent_at),
        "minutes": int(((leg.sent_at or at.known_at) - leg.due_at).total_seconds() // 60),
    }  # fmt: skip


def findings(at: Moment) -> list[dict[str, Any]]:
    """Wrongful reports found in the month, in force; of whatever accident of the county."""
    closing = at.closing
    rows = Finding.objects.in_force().filter(
        inside(at.prefix, "accident__region_code"), decided_on__range=(closing.first_day, closing.last_day)
    )
    return [
        {
            "accident": str(each.accident_id), "occurred_at": iso(each.accident.occurred_at),
            **at.township(each.accident.region_code), "kind": each.kind, "kind_name": each.get_kind_display(),
            "level": each.level, "level_name": each.get_level_display(), "decided_on": each.decided_on.isoformat(), "document": each.document,
        }
        for each in rows.select_related("accident").order_by("decided_on", "id")
    ]  # fmt: skip


def risk_events(at: Moment) -> int:
    """较大涉险 of the month in which nobody was hurt: neither graded nor counted elsewhere."""
    first, after = midnight(at.closing.first_day), midnight(at.closing.last_day + timedelta(days=1))
    rows = Accident.objects.single().filter(inside(at.prefix), kind=ReportKind.EVENT)
    return rows.filter(occurred_at__gte=first, occurred_at__lt=after).count()
