"""What the tables say, as the facts that the rules judge: as we know it now, or as we knew it at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from accidents.models import Accident, AccidentReport, AccidentUnit
from accidents.rules import (
    AccidentFacts,
    Grades,
    ReportedTotals,
    UnitPart,
    Windows,
    counted_in_statistics,
    effective_casualties,
    read_grades,
    read_windows,
    window_end,
    window_kind,
)
from reference import files, law
from reference.models import Document
from reference.terms import AccidentKind

FIGURES = ("deaths", "serious_injuries", "acute_poisonings", "light_injuries", "missing", "direct_loss_yuan")
COUNTS = FIGURES[:-1]
RISK = ("endangered", "trapped", "evacuated")  # of a serious-risk event: neither graded nor counted
WORDS = ("unit_overview", "scene", "course", "measures", "other")  # 国务院令第493号 第十二条


# --- reports ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ReportHistory:
    """All that was reported of one accident: one report a day, the one that held last, gaps filled from before."""

    reports: tuple[ReportedTotals, ...] = ()
    light_injuries: int = 0
    loss_yuan: Decimal | None = None


def in_order(reports: Iterable[AccidentReport]) -> list[AccidentReport]:
    """What held later prevails; of the same moment what was known later; the rest only keeps the order certain."""
    return sorted(
        reports, key=lambda each: (each.held_at, each.known_at, repr([getattr(each, name) for name in FIGURES]))
    )


def report_history(reports: Iterable[AccidentReport]) -> ReportHistory:
    """A figure not reported stands as it was reported before. Pure."""
    days: dict[date, ReportedTotals] = {}
    stands: dict[str, Any] = {}
    for each in in_order(reports):
        stands |= {name: value for name in FIGURES if (value := getattr(each, name)) is not None}
        held_on = timezone.localdate(each.held_at)
        counts = {name: stands.get(name, 0) for name in COUNTS if name != "light_injuries"}
        days[held_on] = ReportedTotals(held_on=held_on, known_at=each.known_at, **counts)
    return ReportHistory(tuple(days.values()), stands.get("light_injuries", 0), stands.get("direct_loss_yuan"))


# --- facts -----------------------------------------------------------------------------------------------------------
def facts_of(accidents: Sequence[Accident], known_at: datetime | None = None) -> dict[UUID, AccidentFacts]:
    """Two queries, however many accidents. `known_at`: as we knew then; the accidents themselves are as given."""
    keys = [accident.pk for accident in accidents]
    rows = AccidentReport.objects.filter(accident__in=keys)
    reports = grouped(rows.filter(known_at__lte=known_at) if known_at else rows)
    parts = grouped(AccidentUnit.objects.known(known_at).filter(accident__in=keys))
    return {each.pk: facts(each, reports[each.pk], parts[each.pk]) for each in accidents}


def grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Rows of accidents by their accident."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.accident_id].append(row)
    return found


def facts(accident: Accident, reports: Iterable[AccidentReport], parts: Iterable[AccidentUnit]) -> AccidentFacts:
    """Pure but for the windows and grades of the accident's own day; of one before all of them the first."""
    occurred_on = timezone.localdate(accident.occurred_at)
    history = report_history(reports)
    said = None if accident.sector_inherited else accident.sector_id  # a fall at a haulier's yard is no road accident
    kind = window_kind(law.in_force_or_first("window_kinds", occurred_on).body, accident.category or None, said)
    last_day = window_end(occurred_on, kind, _windows_on(occurred_on))
    return AccidentFacts(
        id=str(accident.pk),
        occurred_on=occurred_on,
        category=accident.category or None,
        nature=accident.nature,
        stat_status=accident.stat_status,
        event=accident.kind == AccidentKind.EVENT,
        joined=accident.joined_to_id is not None,
        before_law=occurred_on < law.first_day("accident_grades"),
        casualties=effective_casualties(history.reports, last_day=last_day),
        light_injuries=history.light_injuries,
        loss_yuan=history.loss_yuan,
        village=accident.region_code if is_village(accident.region_code) else None,
        on_trunk_road=accident.on_trunk_road,
        roles=tuple(UnitPart(str(each.enterprise_id), each.role, each.responsible) for each in _in_turn(parts)),
        grades=grades_on(occurred_on),
    )


@files.carries_out("windows")
def _windows(document: Document) -> Windows:
    return read_windows(document.body)


@files.carries_out("accident_grades")
def _grades(document: Document) -> Grades:
    return read_grades(document.body)


def grades_on(day: date) -> Grades:
    return law.understood(_grades, law.in_force_or_first("accident_grades", day))


def _windows_on(day: date) -> Windows:
    return law.understood(_windows, law.in_force_or_first("windows", day))


def is_village(code: str) -> bool:
    return code[9:] != "000"


def _in_turn(parts: Iterable[AccidentUnit]) -> list[AccidentUnit]:
    return sorted(parts, key=lambda each: str(each.enterprise_id))


def kept_columns(known: AccidentFacts) -> dict[str, Any]:
    """The columns of an accident that follow from its facts. Pure."""
    found = known.casualties
    return {
        "grade": "" if known.event else str(known.grade),
        "deaths": found.deaths,
        "serious_injuries": found.serious_injuries,
        "missing": found.missing,
        "late_deaths": found.late_deaths,
        "direct_loss_yuan": known.loss_yuan,
        "in_statistics": counted_in_statistics(known),
    }


# --- what a report says ----------------------------------------------------------------------------------------------
def said_of(accident: Accident, reports: Iterable[AccidentReport], *, has_unit: bool) -> set[str]:
    """Names of what has been said of an accident, by whoever and whenever (rules.reporting.CONTENTS). Pure."""
    found = {"occurred_at"} | ({"units"} if has_unit else set())
    found |= {"village"} if is_village(accident.region_code) else set()
    found |= {name for name in ("place", "point", "description") if getattr(accident, name) not in (None, "")}
    for each in reports:
        found |= {name for name in FIGURES if getattr(each, name) is not None}
        found |= {name for name in WORDS if getattr(each, name)}
    return found


def risk_of(reports: Iterable[AccidentReport]) -> dict[str, Any]:
    """The last figures reported of people in danger, and all kinds of danger reported. Pure."""
    found: dict[str, Any] = {"dangers": set()}
    for each in in_order(reports):
        found |= {name: value for name in (*RISK, "missing") if (value := getattr(each, name)) is not None}
        found["dangers"] |= set(each.dangers)
    return found
