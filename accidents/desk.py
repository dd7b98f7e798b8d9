"""What the duty desk reads: the clock of a moment, what a report lacks, twins, findings, an investigation's days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accidents import limits as report_limits
from accidents import reading, statistics
from accidents.actions import investigating
from accidents.choices import LessonMark
from accidents.models import Accident, Finding, Investigation, Receipt, Reminder, ReportLeg
from accidents.rules import investigation, reporting
from evidence.models import Photo
from reference.terms import AccidentKind


# --- the clock -------------------------------------------------------------------------------------------------------
def with_people(legs: QuerySet) -> QuerySet:
    """Who took it and who was reminded: two queries, however many legs."""
    return legs.prefetch_related(
        Prefetch("receipts", Receipt.objects.order_by("received_at", "id"), "shown_receipts"),
        Prefetch("reminders", Reminder.objects.order_by("made_at", "id"), "shown_reminders"),
    )


def shown(legs: Iterable[ReportLeg], at: datetime) -> list[ReportLeg]:
    """As the clock stands at that moment."""
    found = list(legs)
    for leg in found:
        leg.shown_state = leg.state(at)  # type: ignore[attr-defined]
        seconds = (leg.due_at - at).total_seconds()
        leg.minutes_left = None if leg.sent_at or leg.void_at else int(seconds // 60)  # type: ignore[attr-defined]
    return found


def clock_of(accident: Accident, at: datetime) -> list[ReportLeg]:
    return shown(with_people(accident.legs.order_by("received_at", "due_at", "id")), at)


# --- parts of an accident --------------------------------------------------------------------------------------------
def with_contents(accident: Any) -> None:
    """The six groups of a report, and why it is a serious risk; `shown_reports` and `shown_units` are read already."""
    told = [*accident.shown_reports, *(each for twin in accident.shown_twins for each in twin.shown_reports)]
    groups = reporting.completeness(reading.said_of(accident, told, has_unit=bool(accident.shown_units)))
    accident.shown_completeness = {
        "complete": sum(each.complete for each in groups), "of": len(groups),
        "groups": [{"code": each.code, "name": each.name, "complete": each.complete, "missing": list(each.missing)}
                   for each in groups],
    }  # fmt: skip
    owed = accident.kind == AccidentKind.ACCIDENT and report_limits.is_reportable(accident)
    accident.shown_lacks = statistics.lacks(accident, told, has_unit=bool(accident.shown_units)) if owed else []
    limits = report_limits.limits_at(accident.received_at)
    accident.shown_risk = reporting.risk_reasons(limits.risk, **reading.risk_of(accident.shown_reports))


def duplicates_of(accident: Accident, at: datetime) -> list[Accident]:
    """Joined records with all that was told by them: one query when there is none."""
    found: list[Any] = list(accident.twins.order_by("received_at", "id"))
    for twin in found:
        twin.shown_reports = reading.in_order(twin.statements.all())
        twin.shown_legs = clock_of(twin, at)
        twin.shown_photos = list(Photo.objects.filter(owner_kind="accident", owner_id=twin.pk).order_by("pk"))
    return found


def findings_of(accident: Accident) -> list[Finding]:
    found = list(accident.findings.order_by("id"))
    revoked = {each.revokes_id for each in found}
    for each in found:
        each.shown_in_force = each.revokes_id is None and each.pk not in revoked  # type: ignore[attr-defined]
    return found


# --- an investigation ------------------------------------------------------------------------------------------------
def investigation_of(found: Investigation, accident: Accident, today: date | None = None) -> dict[str, Any]:
    """All of it, with its days worked out; three queries."""
    today = today or timezone.localdate()
    appraisals = list(found.appraisals.order_by("begun_on", "id"))
    marks = {each.mark: each for each in found.marks.all()}
    columns = {field.name: getattr(found, field.name) for field in Investigation._meta.concrete_fields}
    dates = investigating.dates_of(found, accident, appraisals, today)
    assessed_by = dates["assessment_due_on"]
    return {
        **columns, **dates,
        "accident": accident.pk,
        "state": investigating.state_of(found),
        "level_name": found.get_level_display(),
        "level_due": investigating.level_of(accident),
        "level_holds": investigation.may_investigate(
            investigating.terms_of(accident), found.level, accident.grade,
            coal_mine=accident.sector_id == report_limits.COAL, casualties=investigating.harmed(accident),
        ),
        "approval_overdue": bool(
            dates["approval_due_on"] and (found.approved_on or today) > dates["approval_due_on"]
        ),
        "assessment_overdue": bool(assessed_by and (found.assessed_on or today) > assessed_by),
        "appraisals": appraisals,
        "marks": [{"mark": code, "name": name, "done": code in marks,
                   "done_on": marks[code].done_on if code in marks else None,
                   "document": marks[code].document if code in marks else "",
                   "note": marks[code].note if code in marks else ""} for code, name in LessonMark.choices],
    }  # fmt: skip


# --- what a first report lacks ----------------------------------------------------------------------------------------
WANTED = ("category", "sector_id", "place", "description", "direct_loss_yuan", "point")


def incomplete(accident: Accident, reports: Sequence[Any]) -> list[str]:
    """What a first report may lack and the written one may not (国务院令第493号 第十二条)."""
    lacks = [name.removesuffix("_id") for name in WANTED if getattr(accident, name) in (None, "")]
    lacks += ["region"] if not reading.is_village(accident.region_code) else []
    return lacks + [
        name
        for name in ("deaths", "serious_injuries", "missing")
        if all(getattr(each, name) is None for each in reports)
    ]
