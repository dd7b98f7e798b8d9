"""What a task to be made would add to the year of its unit: shown with it, warned of, never refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from inspections.ceilings import documents
from inspections.ceilings.reading import CASE, Year, would_exceed, years_of
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
        bodies = {task.pk: _bodies(task, day) for task, _ in found}
        years = years_of({(task.enterprise_id, each) for task, _ in found for each in bodies[task.pk]}, day)
        for task, what in found:
            _show(task, what, [years[task.enterprise_id, each] for each in bodies[task.pk]])
    return rows


def _bodies(task: Task, day: date) -> list[str]:
    """Whose years it is in: first that of its own department, then of those it is made together with."""
    joint = documents.counted_for(task.department, task.joint_departments, task.sector_id, day)
    return list(dict.fromkeys([task.department, *joint[1:]]))


def _day(task: Task, today: date) -> date:
    """A task of a year to come is a visit of that year."""
    return today if task.due_on.year <= today.year else date(task.due_on.year, 1, 1)


def _what(task: Task, today: date) -> Counted:
    return counted(rule_of(today), authority=task.authority, kind=task.kind, type=task.type, source=task.source)


def _show(task: Any, what: Counted, years: list[Year]) -> None:
    """The year is that of its own department; it exceeds where any of those that make it does."""
    passing = [year["authority"] for year in years if would_exceed(year, word=what.word, counts=what.counts)]
    may = bool(passing) and what.word == CASE
    task.count = {**years[0], "would_exceed": bool(passing), "may_exceed": may, "exceeds": passing}
    if passing and not may:
        task.warnings.append(Remark.OVER_CEILING)
