"""What tasks do when their unit moves: those still to be made go along, without those who do not reach the new place; so do its counts. And a load
of ceilings: visits are counted anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.jurisdiction import reaches
from accounts.models import User
from enterprises.following import follows_moves
from enterprises.models import Enterprise
from inspections.ceilings.counting import begin_recount
from inspections.models import Inspection, Task, YearCount
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


@follows_moves
def counts_leave_and_come(unit: Enterprise, before: str, by: Actor) -> None:
    """Rows of their own with a stamp of their own: phones of the old place forget them, those of the new one are brought them."""
    columns = ("year", "department", "word", "made", "counted")
    rows = YearCount.objects.filter(enterprise=unit).select_for_update().order_by("pk")
    anew = [YearCount(enterprise=unit, **{name: getattr(each, name) for name in columns}) for each in rows]
    rows.delete()
    YearCount.objects.bulk_create(anew)


def _who_stays_behind(task: Task, region_code: str, people: Iterable[User]) -> set[UUID]:
    """Who reached the place that the unit left, and does not reach this one: the offices here give the task to others."""
    assigned = [each for each in people if each.pk in task.assignees]
    return {each.pk for each in assigned if not reaches(each, region_code=region_code, sector=task.sector_id)}


COUNTED_BY = ("inspection_ceilings", "frequencies", "inspection_counting", "inspection_course")


@follows_loads
def visits_by_new_law(loaded: Loaded) -> list[str]:
    if loaded.first_of(*COUNTED_BY) is None or not Inspection.objects.exists():
        return []
    begin_recount()
    return ["检查次数：已交后台按新的上限和计数办法重新计算"]
