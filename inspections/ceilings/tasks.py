"""What a task to be made would add to the year of its unit: shown with it, warned of, never refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from inspections.ceilings.reading import Year, would_exceed, years_of
from inspections.course.facts import rule_of
from inspections.course.rules import Counted, counted
from inspections.models import Task
from safety_api.remarks import Remark


def with_counts(tasks: Iterable[Task], today: date) -> list[Any]:
    """Each with `count`, None for one that is over, has no unit or is no inspection, and `warnings`: of its own steps, and of the year.
    Two statements for those of a year, however many."""
    rows: list[Any] = list(tasks)
    by_day: dict[date, list[tuple[Any, Counted]]] = defaultdict(list)
    for task in rows:
        task.count, task.warnings = None, list(task.course.get("warnings", ()))
        if task.enterprise_id and not (task.done_by or task.cancelled_on) and (what := _what(task, today)).word:
            by_day[_day(task, today)].append((task, what))
    for day, found in by_day.items():
        years = years_of({(task.enterprise_id, task.department) for task, _ in found}, day)
        for task, what in found:
            _show(task, what, years[task.enterprise_id, task.department])
    return rows


def _day(task: Task, today: date) -> date:
    """A task of a year to come is a visit of that year."""
    return today if task.due_on.year <= today.year else date(task.due_on.year, 1, 1)


def _what(task: Task, today: date) -> Counted:
    return counted(rule_of(today), authority=task.authority, kind=task.kind, type=task.type, source=task.source)


def _show(task: Any, what: Counted, year: Year) -> None:
    passes = would_exceed(year, word=what.word, counts=what.counts)
    task.count = {**year, **passes}
    if passes["would_exceed"] and not passes["may_exceed"]:
        task.warnings.append(Remark.OVER_CEILING)
