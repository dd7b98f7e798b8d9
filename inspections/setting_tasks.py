"""任务 Visits to make: set, edited, given to others, cancelled; one verb, one transaction, one line in the trail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.authorities import AUTHORITIES
from accounts.jurisdiction import reaches
from accounts.models import User
from hazards import whereabouts
from inspections.models import Task
from inspections.telling import tell_not_to_make, tell_to_make
from safety_api import merged
from safety_api.actors import Actor
from safety_api.corrections import differing
from safety_api.problems import CANNOT_MAKE_VISIT, IN_THE_PAST, PLACE_REQUIRED, TASK_OF_ANOTHER_OFFICE, WRONG_STEP
from safety_api.trail import record
from safety_api.writing import Fresh, keep, locked


@transaction.atomic
def set_task(*, by: Actor, enterprise: UUID | None, site: UUID | None, sector: str | None, **fields: Any) -> Task:
    """A visit to make. Raises PLACE_REQUIRED, UNKNOWN_ENTERPRISE or UNKNOWN_SITE for what lies outside the person's jurisdiction."""
    if not (enterprise or site):
        raise PLACE_REQUIRED.at("/enterprise")
    where = whereabouts.resolve(
        by, timezone.now(), enterprise=enterprise, site=site, place=None, region=None, sector=sector, location=None
    )
    if fields["due_on"] < timezone.localdate():
        raise IN_THE_PAST.at("/due_on")
    _check_assignees(fields["assignees"], where)
    task = Task.objects.create(
        enterprise=where.enterprise, site_id=where.site_id, region_code=where.region_code, sector_id=where.sector_id,
        created_by=by.pk, is_demo=by.is_demo, **fields,
    )  # fmt: skip
    record(by, "task.set", task, due_on=str(task.due_on))
    tell_to_make(task, task.assignees, by)
    return task


def _check_assignees(assignees: list[UUID], where: Any) -> None:
    """Each must be one who makes visits, and reach this place: a task nobody can carry out is worse than none."""
    people = User.objects.filter(pk__in=assignees, is_active=True, role__in=AUTHORITIES)
    able = {p.pk for p in people if reaches(p, region_code=where.region_code, sector=where.sector_id)}
    for place, each in enumerate(assignees):
        if each not in able:
            raise CANNOT_MAKE_VISIT.at(f"/assignees/{place}")


# --- changing one ----------------------------------------------------------------------------------------------------
@transaction.atomic
def edit(task_id: UUID, *, by: Actor, fresh: Fresh = None, **fields: Any) -> Task:
    """What is given changes. Raises NOT_FOUND, STALE, WRONG_STEP for one made or cancelled, TASK_OF_ANOTHER_OFFICE, IN_THE_PAST."""
    task = _to_change(task_id, "修改", by, fresh)
    changed = differing(task, fields)
    if changed.get("due_on", timezone.localdate()) < timezone.localdate():
        raise IN_THE_PAST.at("/due_on")
    before = {name: str(getattr(task, name)) for name in changed}
    _set(task, changed)
    after = {name: str(value) for name, value in changed.items()}
    if changed:
        keep(task, "task.edit", changed, by=by, before=before, after=after)
        tell_to_make(task, task.assignees, by, changed=True)
    return task


@transaction.atomic
def reassign(task_id: UUID, *, by: Actor, assignees: list[UUID], reason: str, fresh: Fresh = None) -> Task:
    """Others make it. Raises what `edit` raises, and CANNOT_MAKE_VISIT."""
    task = _to_change(task_id, "改派", by, fresh)
    _check_assignees(assignees, task)
    before, task.assignees = task.assignees, assignees
    told = {"before": [str(each) for each in before], "after": [str(each) for each in assignees]}
    keep(task, "task.reassign", ["assignees"], by=by, reason=reason, **told)
    tell_not_to_make(task, [each for each in before if each not in assignees], by, why=f"已改派他人：{reason}")
    tell_to_make(task, [each for each in assignees if each not in before], by)
    return task


@transaction.atomic
def cancel(task_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Task:
    """Nobody needs to make it. Raises what `edit` raises."""
    task = _to_change(task_id, "取消", by, fresh)
    _set(task, {"cancelled_on": timezone.localdate(), "cancel_reason": reason})
    keep(task, "task.cancel", ["cancelled_on", "cancel_reason"], by=by, reason=reason)
    tell_not_to_make(task, task.assignees, by, why=f"已取消任务：{reason}")
    return task


def _set(task: Task, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(task, name, value)


def _to_change(task_id: UUID, step: str, by: Actor, fresh: Fresh) -> Task:
    task = locked(Task.objects.visible_to(by), task_id, fresh)
    if task.done_by or task.cancelled_on:
        state = "已完成" if task.done_by else "已取消"
        raise WRONG_STEP(state=state, step=step, detail=f"任务{state}，不能再{step}。")
    if not _is_ours(task, by):
        raise TASK_OF_ANOTHER_OFFICE()
    return task


def _is_ours(task: Task, by: Actor) -> bool:
    """Set by an office of one's own place or of one below it: a township does not undo what the county asked for. One that came
    along with its unit belongs to whoever reaches the place, when the office that set it no longer does."""
    if not reaches(by, region_code=task.region_code, sector=task.sector_id):
        return False
    region = User.objects.filter(pk=task.created_by).values_list("region", flat=True).first()
    return region is None or region.startswith(by.region) or not merged.lies_in(task.region_code, region)
