"""事故调查's writes: opened by the level of the grade, reported, approved, marked, closed, assessed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.clock import limits
from accidents.models import Accident, Appraisal, Investigation, InvestigationMark
from accidents.reports import locking
from accidents.reports.locking import alive
from accidents.rules import investigation
from reference import law
from reference.models import Document
from reference.terms import AccidentKind, Grade, Nature
from safety_api.actors import Actor
from safety_api.problems import (
    BEFORE_THE_ACCIDENT,
    MARKS_MISSING,
    NO_INVESTIGATION,
    NOT_THE_LEVEL,
    OUT_OF_ORDER,
    TOO_MANY_DAYS,
    WRONG_STEP,
)
from safety_api.trail import record
from safety_api.writing import Fresh, read_back


# --- what holds ------------------------------------------------------------------------------------------------------
def terms_on(day: date) -> investigation.Terms:
    """Raises NO_RULE."""
    return law.read("investigation", day, _terms)


def _terms(document: Document) -> investigation.Terms:
    return investigation.read_terms(document.body)


def terms_of(accident: Accident) -> investigation.Terms:
    return terms_on(timezone.localdate(accident.occurred_at))


def level_of(accident: Accident) -> str:
    """Who must investigate as the grade stands now."""
    return investigation.level_of(terms_of(accident), accident.grade, coal_mine=accident.sector_id == limits.COAL)


def harmed(accident: Accident) -> bool:
    light = accident.reports.order_by("-held_at", "-known_at").exclude(light_injuries=None)
    return bool(
        accident.deaths or accident.serious_injuries or accident.missing or accident.late_deaths
        or (light.values_list("light_injuries", flat=True).first() or 0)
    )  # fmt: skip


def dates_of(found: Investigation, accident: Accident, appraisals: list[Appraisal], today: date) -> dict[str, Any]:
    """By when the report, the approval and the assessment are due, and how many days did not count. Pure."""
    terms = terms_of(accident)
    occurred_on, longer = timezone.localdate(accident.occurred_at), found.extension_days
    spells = [(each.begun_on, each.ended_on) for each in appraisals]
    appraised = investigation.days_not_counted(terms, occurred_on, spells, today, extension=longer)
    report_due = investigation.report_due(terms, occurred_on, extension=longer, appraisal_days=appraised)
    submitted, approved = found.submitted_on, found.approved_on
    return {
        "appraisal_days": appraised,
        "report_due_on": report_due,
        "report_overdue": (submitted or today) > report_due,
        "approval_due_on": submitted
        and investigation.approval_due(terms, submitted, accident.grade, extension=found.approval_extension_days),
        "assessment_due_on": approved and investigation.assessment_due(terms, approved),
    }


# --- verbs -----------------------------------------------------------------------------------------------------------
def _found(accident_id: UUID, by: Actor, fresh: Fresh, step: str) -> tuple[Accident, Investigation]:
    """Both locked. Raises NOT_FOUND, NO_INVESTIGATION, STALE, WRONG_STEP."""
    accident = alive(locking.locked(accident_id, by), step)
    found = Investigation.objects.select_for_update().filter(accident=accident).first()
    if found is None:
        raise NO_INVESTIGATION()
    if fresh:
        fresh(found)
    return accident, found


def state_of(found: Investigation) -> str:
    steps = (("closed", found.closed_on), ("approved", found.approved_on), ("submitted", found.submitted_on))
    return next((name for name, day in steps if day), "open")


def _in_state(found: Investigation, step: str, *states: str) -> None:
    if state_of(found) not in states:
        raise WRONG_STEP(state=state_of(found), step=step)


def _check_level(accident: Accident, level: str) -> None:
    ours = investigation.may_investigate(
        terms_of(accident), level, accident.grade, coal_mine=accident.sector_id == limits.COAL,
        casualties=harmed(accident),
    )  # fmt: skip
    if not ours:
        raise NOT_THE_LEVEL.at("/level")


def _after(day: date, before: date | None, pointer: str) -> date:
    if before and day < before:
        raise OUT_OF_ORDER.at(pointer)
    return day


@transaction.atomic
def open_one(
    accident_id: UUID, *, by: Actor, organiser: str, level: str | None = None, on: date | None = None,
    document: str = "", fresh: Fresh = None,
) -> Investigation:  # fmt: skip
    """成立调查组, by the level of the grade or one above; coal mines by the mine-safety authority.

    Raises NOT_FOUND, NOT_THE_LEVEL, BEFORE_THE_ACCIDENT, WRONG_STEP for an event, a non-production accident, or one
    that has an investigation.
    """
    accident = alive(locking.locked(accident_id, by, fresh), "investigate")
    if accident.kind == AccidentKind.EVENT or accident.nature == Nature.NON_PRODUCTION:
        raise WRONG_STEP(
            state=accident.kind if accident.kind == AccidentKind.EVENT else accident.nature, step="investigate"
        )
    if Investigation.objects.filter(accident=accident).exists():
        raise WRONG_STEP(state="open", step="investigate", detail="已成立调查组。")
    day = on or timezone.localdate()
    if day < timezone.localdate(accident.occurred_at):
        raise BEFORE_THE_ACCIDENT.at("/on")
    level = level or level_of(accident)
    _check_level(accident, level)
    found = Investigation.objects.create(
        accident=accident, level=level, organiser=organiser, opened_on=day, document=document
    )
    record(by, "investigation.open", accident, level=level, organiser=organiser, document=document)
    read_back(found)
    return found


def _save(found: Investigation, accident: Accident, by: Actor, verb: str, **columns: Any) -> Investigation:
    for name, value in columns.items():
        setattr(found, name, value)
    found.save(update_fields=list(columns))
    read_back(found)
    record(by, f"investigation.{verb}", accident, **{name: _plain(value) for name, value in columns.items()})
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def take_over(
    accident_id: UUID, *, by: Actor, level: str, organiser: str, document: str, fresh: Fresh = None
) -> Investigation:
    """Another level takes it: the grade has changed, or a higher government wants it. Raises NOT_THE_LEVEL."""
    accident, found = _found(accident_id, by, fresh, "take_over")
    _in_state(found, "take_over", "open", "submitted")
    _check_level(accident, level)
    return _save(found, accident, by, "take_over", level=level, organiser=organiser, document=document)


@transaction.atomic
def extend(
    accident_id: UUID, *, by: Actor, days: int, document: str, approved_by: str, of: str = "report", fresh: Fresh = None
) -> Investigation:
    """Days more for the report (all together no more than 60), or for the approval of 特别重大 (30). Raises
    TOO_MANY_DAYS.
    """
    accident, found = _found(accident_id, by, fresh, "extend")
    terms = terms_of(accident)
    if of == "report":
        _in_state(found, "extend", "open")
        if found.extension_days + days > terms.most_extension:
            raise TOO_MANY_DAYS.at("/days")
        return _save(found, accident, by, "extend", extension_days=found.extension_days + days,
                     extension_document=document, extension_approved_by=approved_by)  # fmt: skip
    _in_state(found, "extend", "submitted")
    most = terms.most_approval_extension if accident.grade == Grade.EXTRA_MAJOR else 0
    if found.approval_extension_days + days > most:
        raise TOO_MANY_DAYS.at("/days")
    return _save(
        found, accident, by, "extend_approval", approval_extension_days=found.approval_extension_days + days,
        approval_extension_document=document, approval_extension_approved_by=approved_by,
    )  # fmt: skip


@transaction.atomic
def appraise(
    accident_id: UUID, *, by: Actor, what: str, begun_on: date, document: str, ended_on: date | None = None,
    fresh: Fresh = None,
) -> Investigation:  # fmt: skip
    """技术鉴定 begins, or, reported with its end, is written down whole; one that goes on gets its end. Raises
    OUT_OF_ORDER.
    """
    accident, found = _found(accident_id, by, fresh, "appraise")
    _in_state(found, "appraise", "open")
    _after(begun_on, timezone.localdate(accident.occurred_at), "/begun_on")
    if ended_on:
        _after(ended_on, begun_on, "/ended_on")
    running = found.appraisals.filter(ended_on=None).first()
    if running and not (running.what == what and running.begun_on == begun_on and ended_on):
        raise WRONG_STEP(state="appraising", step="appraise", detail="上一项技术鉴定还没有结束。")
    if running:
        running.ended_on, running.document = ended_on, document
        running.save(update_fields=["ended_on", "document"])
    else:
        Appraisal.objects.create(
            investigation=found, what=what, begun_on=begun_on, ended_on=ended_on, document=document, by_id=by.pk,
            by_name=by.name, by_role=by.role, known_at=timezone.now(),
        )  # fmt: skip
    record(by, "investigation.appraise", accident, what=what, begun_on=str(begun_on), ended_on=str(ended_on or ""))
    return _touched(found)


def _touched(found: Investigation) -> Investigation:
    """Its parts changed, so its tag must."""
    found.save(update_fields=["level"])
    read_back(found)
    return found


@transaction.atomic
def submit(accident_id: UUID, *, by: Actor, on: date, document: str, fresh: Fresh = None) -> Investigation:
    """调查报告提交. Raises OUT_OF_ORDER, WRONG_STEP."""
    accident, found = _found(accident_id, by, fresh, "submit")
    _in_state(found, "submit", "open")
    if found.appraisals.filter(ended_on=None).exists():
        raise WRONG_STEP(state="appraising", step="submit", detail="技术鉴定还没有结束。")
    _after(on, found.opened_on, "/on")
    return _save(found, accident, by, "submit", submitted_on=on, report_document=document)


@transaction.atomic
def approve(accident_id: UUID, *, by: Actor, on: date, document: str, fresh: Fresh = None) -> Investigation:
    """批复. Raises OUT_OF_ORDER, WRONG_STEP."""
    accident, found = _found(accident_id, by, fresh, "approve")
    _in_state(found, "approve", "submitted")
    _after(on, found.submitted_on, "/on")
    return _save(found, accident, by, "approve", approved_on=on, approval_document=document)


@transaction.atomic
def mark(
    accident_id: UUID, *, by: Actor, mark: str, on: date, document: str, note: str = "", fresh: Fresh = None
) -> Investigation:
    """One of the four is done. Raises WRONG_STEP for one that is marked, OUT_OF_ORDER."""
    accident, found = _found(accident_id, by, fresh, "mark")
    _in_state(found, "mark", "submitted", "approved")
    if found.marks.filter(mark=mark).exists():
        raise WRONG_STEP(state=mark, step="mark", detail="这一项已经落实。")
    _after(on, timezone.localdate(accident.occurred_at), "/on")
    InvestigationMark.objects.create(
        investigation=found, mark=mark, done_on=on, document=document, note=note, by_id=by.pk, by_name=by.name,
        by_role=by.role, known_at=timezone.now(),
    )  # fmt: skip
    record(by, "investigation.mark", accident, mark=mark, document=document)
    return _touched(found)


@transaction.atomic
def close(accident_id: UUID, *, by: Actor, on: date, fresh: Fresh = None) -> Investigation:
    """结案, when it is approved and all four marks are done. Raises MARKS_MISSING, OUT_OF_ORDER, WRONG_STEP."""
    accident, found = _found(accident_id, by, fresh, "close")
    _in_state(found, "close", "approved")
    lacking = investigation.missing_marks(found.marks.values_list("mark", flat=True))
    if lacking:
        raise MARKS_MISSING(errors=[MARKS_MISSING.fault(said=each) for each in lacking])
    _after(on, found.approved_on, "/on")
    return _save(found, accident, by, "close", closed_on=on)


@transaction.atomic
def assess(
    accident_id: UUID, *, by: Actor, on: date, document: str, assessment: str, fresh: Fresh = None
) -> Investigation:
    """整改和防范措施落实情况评估, within a year after the approval; one that comes later is taken and shown as late.
    Raises OUT_OF_ORDER, WRONG_STEP.
    """
    accident, found = _found(accident_id, by, fresh, "assess")
    _in_state(found, "assess", "approved", "closed")
    if found.assessed_on:
        raise WRONG_STEP(state="assessed", step="assess")
    _after(on, found.approved_on, "/on")
    return _save(found, accident, by, "assess", assessed_on=on, assessment_document=document, assessment=assessment)
