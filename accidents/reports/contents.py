"""What the duty desk reads: the clock of a moment, what a report lacks, duplicates, findings, an investigation's days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accidents import reading
from accidents.clock import limits as report_limits
from accidents.clock import statistics
from accidents.clock.shown import clock_of
from accidents.models import Accident, Finding
from accidents.rules import reporting
from evidence.shown import of_scene
from reference.terms import AccidentKind


# --- parts of an accident --------------------------------------------------------------------------------------------
def with_contents(accident: Any) -> None:
    """The six groups of a report, and why it is a serious risk; `shown_reports` and `shown_units` are read already."""
    reports = [
        *accident.shown_reports,
        *(each for duplicate in accident.shown_duplicates for each in duplicate.shown_reports),
    ]
    groups = reporting.completeness(reading.said_of(accident, reports, has_unit=bool(accident.shown_units)))
    accident.shown_completeness = {
        "complete": sum(each.complete for each in groups), "of": len(groups),
        "groups": [{"code": each.code, "name": each.name, "complete": each.complete, "missing": list(each.missing)}
                   for each in groups],
    }  # fmt: skip
    owed = accident.kind == AccidentKind.ACCIDENT and report_limits.is_reportable(accident)
    accident.shown_lacks = statistics.lacks(accident, reports, has_unit=bool(accident.shown_units)) if owed else []
    limits = report_limits.limits_at(accident.received_at)
    accident.shown_risk = reporting.risk_reasons(limits.risk, **reading.risk_of(accident.shown_reports))


def duplicates_of(accident: Accident, at: datetime) -> list[Accident]:
    """Joined records with all that they reported: one query when there is none."""
    found: list[Any] = list(accident.duplicates.order_by("received_at", "id"))
    for duplicate in found:
        duplicate.shown_reports = reading.in_order(duplicate.reports.all())
        duplicate.shown_legs = clock_of(duplicate, at)
        duplicate.shown_photos = of_scene("accident", duplicate.pk)
    return found


def findings_of(accident: Accident) -> list[Finding]:
    found = list(accident.findings.order_by("id"))
    revoked = {each.revokes_id for each in found}
    for each in found:
        each.shown_in_force = each.revokes_id is None and each.pk not in revoked  # type: ignore[attr-defined]
    return found


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
