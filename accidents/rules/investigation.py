"""Who investigates an accident, and the days by which (国务院令第493号 第十九至三十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from accidents.choices import LessonMark
from reference.terms import Grade, InvestigationLevel

MINE_SAFETY = InvestigationLevel.MINE_SAFETY
LEVELS = [level for level in InvestigationLevel if level != MINE_SAFETY]  # upward; a higher one may take over


@dataclass(frozen=True)
class Terms:
    """Days; document kind `investigation`."""

    levels: Mapping[str, str]
    coal_mine: str
    coal_mine_up_to: str
    report_days: int
    most_extension: int
    approval_days: int
    approval_days_extra_major: int
    most_approval_extension: int
    assessment_months: int


def read_terms(body: Mapping[str, Any]) -> Terms:
    return Terms(**body)


def level_of(terms: Terms, grade: str, *, coal_mine: bool = False) -> str:
    """Who must investigate: by grade; coal mines by the mine-safety authority up to 重大."""
    order = list(Grade)
    if coal_mine and order.index(Grade(grade)) <= order.index(Grade(terms.coal_mine_up_to)):
        return terms.coal_mine
    return terms.levels[grade]


def may_investigate(terms: Terms, level: str, grade: str, *, coal_mine: bool = False, casualties: bool = True) -> bool:
    """The level of the grade or one above it; the unit itself for a general accident that hurt nobody."""
    least = level_of(terms, grade, coal_mine=coal_mine)
    if MINE_SAFETY in (least, level):
        return least == level or (least == MINE_SAFETY and level == InvestigationLevel.STATE)
    if level == InvestigationLevel.UNIT:
        return grade == Grade.GENERAL and not casualties
    return LEVELS.index(InvestigationLevel(level)) >= LEVELS.index(InvestigationLevel(least))


def _each_day(appraisals: Iterable[tuple[date, date | None]], on: date) -> set[date]:
    spells = [(begun, ((ended or on) - begun).days + 1) for begun, ended in appraisals]
    return {begun + timedelta(days=n) for begun, days in spells for n in range(days)}


def days_not_counted(
    terms: Terms, occurred_on: date, appraisals: Iterable[tuple[date, date | None]], on: date, *, extension: int = 0
) -> int:
    """How many days of appraisal move the limit of the report (第二十七条): those until it. An appraisal that begins
    when the limit has passed does not bring it back.
    """
    moved = 0
    for day in sorted(_each_day(appraisals, on)):
        if occurred_on < day <= report_due(terms, occurred_on, extension=extension, appraisal_days=moved):
            moved += 1
    return moved


def report_due(terms: Terms, occurred_on: date, *, extension: int = 0, appraisal_days: int = 0) -> date:
    """The last day (inclusive) for the report: counted from the day after the accident, appraisal left out."""
    return occurred_on + timedelta(days=terms.report_days + extension + appraisal_days)


def approval_due(terms: Terms, submitted_on: date, grade: str, *, extension: int = 0) -> date:
    """The last day (inclusive) for the approval; only that of 特别重大 may be extended."""
    is_extra = grade == Grade.EXTRA_MAJOR
    days = terms.approval_days_extra_major + extension if is_extra else terms.approval_days
    return submitted_on + timedelta(days=days)


def assessment_due(terms: Terms, approved_on: date) -> date:
    """Within a year after the approval (安全生产法 第八十六条); of 29 February the 28th."""
    months = approved_on.month - 1 + terms.assessment_months
    year, month = approved_on.year + months // 12, months % 12 + 1
    day = approved_on.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def missing_marks(done: Iterable[str]) -> list[str]:
    known = set(done)
    return [mark.value for mark in LessonMark if mark not in known]
