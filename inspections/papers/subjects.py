"""The records that papers of inspections are made from, and the day that each speaks of."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from enterprises.models import Enterprise
from evidence.papers import kinds
from evidence.papers.registry import Sheet, gives_papers
from hazards.papers import places_of
from inspections.models import Inspection, Task, VisitKind
from safety_api.problems import NOT_OF_THE_VISIT


def made_on(visit: Inspection) -> date:
    return timezone.localdate(visit.as_papers_say[0])


def ended_on(visit: Inspection) -> date:
    return timezone.localdate(visit.as_papers_say[1])


@gives_papers("inspection", Inspection, day=made_on)
def visits(user: Any):
    return Inspection.objects.visible_to(user).select_related("enterprise", "site")


@gives_papers("task", Task)
def tasks(user: Any):
    return Task.objects.visible_to(user).select_related("enterprise", "site")


@gives_papers("enterprise", Enterprise, unit="pk")
def units(user: Any):
    return Enterprise.objects.visible_to(user)


def check_were_there(visit: Inspection, sheet: Sheet, **stated: Any) -> None:
    """Raises NOT_OF_THE_VISIT for an officer who did not make it."""
    there = {str(visit.by_id), *map(str, visit.companions)}
    if strangers := [place for place, each in enumerate(sheet.officers) if each["id"] not in there]:
        raise NOT_OF_THE_VISIT.at(*places_of(strangers))


def spoken_way(kind: str, on: date) -> str:
    """Beside a type, as papers of the course have one, “日常” would read as a second type."""
    return "常规" if kind == VisitKind.ROUTINE and kinds.of_the_course(on) else VisitKind(kind).label


def spoken_days(first: date, last: date | None) -> str:
    """2026年11月23日, 2026年11月23日至11月25日, with the year again where it changes."""
    begin = f"{first.year}年{first.month}月{first.day}日"
    if last is None or last <= first:
        return begin
    year = "" if last.year == first.year else f"{last.year}年"
    return f"{begin}至{year}{last.month}月{last.day}日"
