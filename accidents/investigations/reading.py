"""An investigation with its days worked out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from accidents.choices import LessonMark
from accidents.clock import limits as report_limits
from accidents.investigations import investigating
from accidents.models import Accident, Investigation
from accidents.rules import investigation


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
