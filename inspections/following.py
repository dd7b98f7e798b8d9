"""What tasks do when their unit moves: those still to be made go along, without those who do not reach the new place. And what a load of
ceilings does to the units: visits are counted anew, and those whose floor is lowered are named before anybody plans by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from accounts.jurisdiction import reaches
from accounts.models import User
from enterprises.following import follows_moves
from enterprises.models import Enterprise
from inspections.ceilings.counting import begin_recount
from inspections.ceilings.lists import lowered, shown, with_grades
from inspections.models import Inspection, Task
from inspections.telling import tell_not_to_make
from safety_api.actors import Actor
from safety_api.loads import Loaded, follows_loads
from safety_api.trail import line, record_many


@follows_moves
def take_tasks_along(unit: Enterprise, before: str, by: Actor) -> None:
    moved = list(Task.objects.to_make().filter(enterprise=unit, region_code=before).select_for_update().order_by("pk"))
    people = User.objects.filter(pk__in={each for task in moved for each in task.assignees})
    released = {task.pk: _who_stays_behind(task, unit.region_code, people) for task in moved}
    for task in moved:
        task.region_code = unit.region_code
        task.assignees = [each for each in task.assignees if each not in released[task.pk]]
    Task.objects.bulk_update(moved, ["region_code", "assignees"])
    for task in moved:
        tell_not_to_make(task, sorted(released[task.pk]), by, why="已将单位迁出您的辖区")
    record_many(
        line(by, "task.relocate", task, before=before, after=task.region_code, released=sorted(map(str, released[task.pk])))
        for task in moved
    )  # fmt: skip


def _who_stays_behind(task: Task, region_code: str, people: Iterable[User]) -> set[UUID]:
    """Who reached the place that the unit left, and does not reach this one: the offices here give the task to others."""
    assigned = [each for each in people if each.pk in task.assignees]
    return {each.pk for each in assigned if not reaches(each, region_code=region_code, sector=task.sector_id)}


CEILINGS = ("inspection_ceilings", "frequencies")
COUNTED_BY = (*CEILINGS, "inspection_counting", "inspection_course")
NAMED = 20  # of the units in the answer of the command; the list `inspection-ceilings/units` has them all


@follows_loads
def visits_by_new_law(loaded: Loaded) -> list[str]:
    if loaded.first_of(*COUNTED_BY) is None or not Inspection.objects.exists():
        return []
    begin_recount()
    return ["检查次数：已交后台按新的上限和计数办法重新计算"]


@follows_loads
def floors_lowered(loaded: Loaded) -> list[str]:
    """By what holds on its first day, or today where that is past."""
    if (since := loaded.first_of(*CEILINGS)) is None:
        return []
    on = max(since, timezone.localdate())
    rows = (
        with_grades(Enterprise.objects.exclude(status="closed"), on).filter(lowered(on)).order_by("region_code", "pk")
    )
    said = [_lowered(shown(row, on)) for row in rows[:NAMED]]
    return [f"检查频次：{rows.count()} 家单位的下限高于公布的上限，按上限执行（{on} 起）", *said] if said else []


def _lowered(found: dict) -> str:
    return f"{found['name']}：{found['class']}类下限 {found['floor']} 次，公布的上限 {found['ceiling']} 次（{found['row']}，{found['grade']}）"
