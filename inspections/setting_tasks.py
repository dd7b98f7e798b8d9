"""任务 Visits to make: set, edited, given to others, cancelled; one verb, one transaction, one line in the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.authorities import AUTHORITIES, check_may_inspect
from accounts.jurisdiction import department_of, reaches
from accounts.models import User
from hazards import whereabouts
from inspections.course.rules import ORDERED, assumed_type, is_unordered
from inspections.course.telling import end_asking
from inspections.models import Authority, SourceKind, Task
from inspections.telling import tell_not_to_make, tell_to_make
from reference import bodies
from safety_api import merged
from safety_api.actors import Actor
from safety_api.corrections import differing
from safety_api.problems import (
    CANNOT_MAKE_VISIT,
    COORDINATING_BODY,
    IN_THE_PAST,
    ORDER_NUMBER_REQUIRED,
    ORDERED_BY_REQUIRED,
    PLACE_REQUIRED,
    SOURCE_REQUIRED,
    TASK_OF_ANOTHER_OFFICE,
    WRONG_STEP,
)
from safety_api.trail import record
from safety_api.writing import Fresh, keep, locked


@transaction.atomic
def set_task(*, by: Actor, enterprise: UUID | None, site: UUID | None, sector: str | None, **fields: Any) -> Task:
    """A visit to make. Raises PLACE_REQUIRED, UNKNOWN_ENTERPRISE or UNKNOWN_SITE for what lies outside the person's jurisdiction, and
    what `_check_ground` and `_check_names` raise."""
    if not (enterprise or site):
        raise PLACE_REQUIRED.at("/enterprise")
    where = whereabouts.resolve(
        by, timezone.now(), enterprise=enterprise, site=site, place=None, region=None, sector=sector, location=None
    )
    if fields["due_on"] < timezone.localdate():
        raise IN_THE_PAST.at("/due_on")
    people = _check_assignees(fields["assignees"], where)
    _check_names(fields["authority"], people, fields["joint_departments"], by)
    type, source = fields.pop("type", None) or "", fields.pop("source", None) or {}
    _check_ground(type, source)
    task = Task.objects.create(
        enterprise=where.enterprise, site_id=where.site_id, region_code=where.region_code, sector_id=where.sector_id,
        type=type or assumed_type(fields["kind"]), source=source, department=_body(people, by), created_by=by.pk,
        is_demo=by.is_demo, **fields,
    )  # fmt: skip
    record(by, "task.set", task, due_on=str(task.due_on))
    tell_to_make(task, task.assignees, by)
    return task


def _check_names(authority: str, people: Iterable[User], joint: Iterable[str], by: Actor) -> None:
    """Nobody inspects in the name of an office that coordinates. Raises COORDINATING_BODY."""
    if authority != Authority.ADMINISTRATIVE:
        return
    today = timezone.localdate()
    check_may_inspect(by, today)
    named = {"assignees": map(department_of, people), "joint_departments": joint}
    for name, departments in named.items():
        for place, each in enumerate(departments):
            if bodies.is_coordinating(each, today):
                raise COORDINATING_BODY.at(f"/{name}/{place}")


def _check_ground(type: str, source: Mapping[str, Any]) -> None:
    """An office says what a typed visit rests on. A task without a source has an assumed type, and so has its visit.

    Raises SOURCE_REQUIRED, ORDER_NUMBER_REQUIRED, ORDERED_BY_REQUIRED.
    """
    if type and not source.get("kind"):
        raise SOURCE_REQUIRED.at("/source")
    if source and is_unordered(type, source):
        raise ORDER_NUMBER_REQUIRED.at("/source/number" if source["kind"] in ORDERED else "/source/kind")
    if source.get("kind") == SourceKind.CAMPAIGN and not source.get("ordered_by"):
        raise ORDERED_BY_REQUIRED.at("/source/ordered_by")


def _body(people: Iterable[User], by: Actor) -> str:
    """In whose name it is made: that of those who make it, else of the office that sets it."""
    return _body_of(people) or department_of(by) or ""


def _body_of(people: Iterable[User]) -> str | None:
    return next((found for each in people if (found := department_of(each))), None)


APPROVED = frozenset({"kind", "authority", "type", "source", "joint_departments", "experts"})  # what an approval says


def _approver_of(task: Task) -> UUID | None:
    """Who approved it, or is asked to."""
    said = task.course.get("approval") or {}
    key = said.get("approver") or (task.course.get("asked") or {}).get("approver")
    return UUID(key) if key else None


def _lapse(task: Task) -> dict[str, Any]:
    """An approval serves what was approved, and nobody approves their own visit: it is asked for anew. Returns what the trail says."""
    lapsed = {name: task.course[name] for name in ("approval", "asked") if name in task.course}
    task.course = {name: value for name, value in task.course.items() if name not in lapsed}
    end_asking(task)
    return lapsed


def _check_assignees(assignees: list[UUID], where: Any) -> list[User]:
    """Each must be one who makes visits, and reach this place: a task nobody can carry out is worse than none."""
    people = list(User.objects.filter(pk__in=assignees, is_active=True, role__in=AUTHORITIES))
    able = {p.pk for p in people if reaches(p, region_code=where.region_code, sector=where.sector_id)}
    for place, each in enumerate(assignees):
        if each not in able:
            raise CANNOT_MAKE_VISIT.at(f"/assignees/{place}")
    return sorted(people, key=lambda each: assignees.index(each.pk))


# --- changing one ----------------------------------------------------------------------------------------------------
@transaction.atomic
def edit(task_id: UUID, *, by: Actor, fresh: Fresh = None, **fields: Any) -> Task:
    """What is given changes; what its approval says of it is approved anew.

    Raises NOT_FOUND, STALE, WRONG_STEP for one made or cancelled, TASK_OF_ANOTHER_OFFICE, IN_THE_PAST.
    """
    task = _to_change(task_id, "修改", by, fresh)
    changed = differing(task, fields)
    if changed.keys() & {"type", "source"}:
        _check_ground(changed.get("type", task.type), changed.get("source", task.source))
    if changed.keys() & {"authority", "joint_departments"}:
        _check_names(changed.get("authority", task.authority), (), changed.get("joint_departments", ()), by)
    if changed.get("due_on", timezone.localdate()) < timezone.localdate():
        raise IN_THE_PAST.at("/due_on")
    before = {name: str(getattr(task, name)) for name in changed}
    _set(task, changed)
    after = {name: str(value) for name, value in changed.items()}
    if changed:
        lapsed = _lapse(task) if changed.keys() & APPROVED else {}
        keep(task, "task.edit", [*changed, "course"], by=by, before=before, after=after, **lapsed)
        tell_to_make(task, task.assignees, by, changed=True, anew="approval" in lapsed)
    return task


@transaction.atomic
def reassign(task_id: UUID, *, by: Actor, assignees: list[UUID], reason: str, fresh: Fresh = None) -> Task:
    """Others make it; one of them, or another body, has it approved anew by somebody else. Raises what `edit` raises, and CANNOT_MAKE_VISIT."""
    task = _to_change(task_id, "改派", by, fresh)
    people = _check_assignees(assignees, task)
    _check_names(task.authority, people, (), by)
    before, task.assignees = task.assignees, assignees
    told = {"before": [str(each) for each in before], "after": [str(each) for each in assignees]}
    body, task.department = task.department, _body_of(people) or task.department
    lapsed = _lapse(task) if task.department != body or _approver_of(task) in assignees else {}
    keep(task, "task.reassign", ["assignees", "department", "course"], by=by, reason=reason, **told, **lapsed)
    tell_not_to_make(task, [each for each in before if each not in assignees], by, why=f"已改派他人：{reason}")
    tell_to_make(task, [each for each in assignees if each not in before], by, anew="approval" in lapsed)
    if "approval" in lapsed:
        tell_to_make(task, [each for each in assignees if each in before], by, changed=True, anew=True)
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
