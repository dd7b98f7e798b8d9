"""Steps of a task before its visit: approval asked for, given or denied; a notice handed, a code scanned. One verb, one transaction.

A task approved once serves its visit: `course` of the task is taken over when the visit comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.authorities import check_may_inspect
from accounts.deputies import leads
from accounts.jurisdiction import department_of
from evidence.papers.drafting import plain
from inspections.course.facts import GATHERED, heads_an_office, other_units, own_ids, people_of
from inspections.course.issuing import issue
from inspections.course.rules import CourseFacts, scanned_elsewhere
from inspections.course.telling import tell_answer, tell_leaders
from inspections.models import Authority, Task
from safety_api.actors import Actor
from safety_api.problems import (
    APPROVER_TOOK_PART,
    FORBIDDEN,
    IN_THE_FUTURE,
    LEADER_REQUIRED,
    NO_LEADER,
    TASK_OF_ANOTHER_OFFICE,
    WRONG_STEP,
)
from safety_api.remarks import Remark
from safety_api.roles import REGISTRARS
from safety_api.writing import Fresh, keep, locked


@transaction.atomic
def ask_approval(task_id: UUID, *, by: Actor, approver: UUID | None, note: str, fresh: Fresh = None) -> Task:
    """By who makes the visit or set the task. `approver`: a leader by name, else whoever heads the body.

    Raises NOT_FOUND, STALE, FORBIDDEN, WRONG_STEP, APPROVER_TOOK_PART, NO_LEADER.
    """
    task = _to_prepare(task_id, "报请审批", by, fresh)
    _check_unapproved(task, "报请审批")
    if approver in task.assignees:
        raise APPROVER_TOOK_PART.at("/approver")
    if approver and not heads_an_office(approver, people_of([approver], by, task.region_code), task.department):
        raise NO_LEADER.at("/approver")
    task.course = _without(task, "declined") | {"asked": _taken(by, note=note, approver=approver)}
    keep(task, "task.ask-approval", ["course"], by=by, approver=str(approver or ""), note=note)
    tell_leaders(task, by, approver=approver, note=note)
    return task


@transaction.atomic
def approve(task_id: UUID, *, by: Actor, note: str, fresh: Fresh = None) -> Task:
    """审批, with its form in the name of those who make the visit. Raises NOT_FOUND, STALE, WRONG_STEP, COORDINATING_BODY,
    and what `check_approver` does."""
    task = _to_make(task_id, "审批", by, fresh)
    _check_unapproved(task, "审批")
    _check_body(task, by)
    check_approver(by, task.assignees, task.department)
    task.course = _without(task, "declined") | {"approval": approval_by(by, note)}
    _add_paper(task, "approval")
    keep(task, "task.approve", ["course"], by=by, note=note, **_of_paper(task.course["approval"]))
    tell_answer(task, _hearers(task), by, approved=True, note=note)
    return task


@transaction.atomic
def decline(task_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> Task:
    """不予批准: the task stays, and may be asked for again. Raises what `approve` raises."""
    task = _to_make(task_id, "审批", by, fresh)
    _check_unapproved(task, "审批")
    _check_body(task, by)
    check_approver(by, task.assignees, task.department)
    hearers = _hearers(task)
    task.course = _without(task, "asked") | {"declined": _taken(by, note=reason)}
    keep(task, "task.decline-approval", ["course"], by=by, reason=reason)
    tell_answer(task, hearers, by, approved=False, note=reason)
    return task


def _hearers(task: Task) -> list[UUID]:
    """Whoever asked, and those who wait to go."""
    asked = (task.course.get("asked") or {}).get("by")
    return list(dict.fromkeys([*([UUID(asked)] if asked else []), *task.assignees]))


@transaction.atomic
def hand_notice(task_id: UUID, *, by: Actor, fresh: Fresh = None, **said: Any) -> Task:
    """送达通知书 before the visit, with its paper. Raises NOT_FOUND, STALE, FORBIDDEN, WRONG_STEP, COORDINATING_BODY, IN_THE_FUTURE."""
    task = _to_prepare(task_id, "送达通知书", by, fresh)
    _check_body(task, by)
    if "notice" in task.course:
        raise WRONG_STEP(state="已送达", step="送达通知书", detail="通知书已经送达，不能重复送达。")
    kept = {name: said.pop(name) for name in GATHERED}
    task.course = {**task.course, "notice": plain({**said, "at": when(said["at"]), "step": "notice"})}
    _add_paper(task, "notice", kept=kept)
    return keep(task, "task.hand-notice", ["course"], by=by, **_of_paper(task.course["notice"]))


@transaction.atomic
def scan(task_id: UUID, *, by: Actor, fresh: Fresh = None, **said: Any) -> Task:
    """扫码; again takes the place of the one before. A code of another unit is taken too, and remarked.

    Raises NOT_FOUND, STALE, FORBIDDEN, WRONG_STEP, IN_THE_FUTURE.
    """
    task = _to_prepare(task_id, "扫码", by, fresh)
    task.course = {**task.course, "scan": plain({**said, "at": when(said["at"])})}
    task.course["warnings"] = plain(remarks_of(task))
    return keep(task, "task.scan", ["course"], by=by, remarks=task.course["warnings"])


def remarks_of(task: Task) -> list[Remark]:
    """What is remarkable of a task's own steps."""
    said = task.course.get("scan") or {}
    own = own_ids(task)
    facts = CourseFacts(
        started_at=timezone.now(), finished_at=timezone.now(), scan=said, own_ids=own,
        credit_code=(task.enterprise and task.enterprise.credit_code) or "", other_units=other_units(said.get("code") or "", own),
    )  # fmt: skip
    return [Remark.SCAN_ELSEWHERE] if scanned_elsewhere(facts) else []


# --- what the steps of a visit need too ------------------------------------------------------------------------------------
def _check_body(task: Task, by: Actor) -> None:
    """Raises COORDINATING_BODY; to urge and to supervise is free."""
    if task.authority == Authority.ADMINISTRATIVE:
        check_may_inspect(by, timezone.localdate())


def check_approver(by: Actor, officers: Iterable[UUID], department: str) -> None:
    """A leader of the body, other than the officers. Raises LEADER_REQUIRED, APPROVER_TOOK_PART, TASK_OF_ANOTHER_OFFICE."""
    if not leads(by):
        raise LEADER_REQUIRED()
    if by.pk in set(officers):
        raise APPROVER_TOOK_PART()
    if department and department_of(by) != department:
        raise TASK_OF_ANOTHER_OFFICE(detail="这次检查以另一机关的名义进行，由该机关的负责人办理。")


def approval_by(by: Actor, note: str) -> dict[str, Any]:
    return {
        "approver": str(by.pk), "approver_name": by.name, "approver_post": "", "at": timezone.now().isoformat(), "urgent": False,
        "reported_at": None, "reported_to": "", "note": note, "paper": None, "number": "", "step": "approve",
    }  # fmt: skip


def when(stated: datetime | None) -> datetime:
    """Raises IN_THE_FUTURE."""
    now = timezone.now()
    if stated and stated > now:
        raise IN_THE_FUTURE.at("/at")
    return stated or now


def _taken(by: Actor, **more: Any) -> dict[str, Any]:
    return plain({"at": timezone.now(), "by": by.pk, "by_name": by.name, **more})


def _of_paper(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("paper", "number", "draft", "draft_reason") if said.get(name)}


def _add_paper(task: Task, step: str, kept: Any = None) -> None:
    if task.authority == Authority.ADMINISTRATIVE:
        said, _ = issue(step, task, task.assignees, at=timezone.now(), kept=kept)
        task.course = {**task.course, step: {**task.course[step], **said}}


def _without(task: Task, *names: str) -> dict[str, Any]:
    return {name: value for name, value in task.course.items() if name not in names}


def _check_unapproved(task: Task, step: str) -> None:
    if "approval" in task.course:
        raise WRONG_STEP(state="已审批", step=step, detail=f"任务已经审批，不能再{step}。")


def _to_make(task_id: UUID, step: str, by: Actor, fresh: Fresh) -> Task:
    task = locked(Task.objects.visible_to(by).select_related("enterprise", "site"), task_id, fresh)
    if task.done_by:
        raise WRONG_STEP(state="已完成", step=step, detail=f"任务已完成，不能再{step}；请在检查记录上补办。")
    if task.cancelled_on:
        raise WRONG_STEP(state="已取消", step=step, detail=f"任务已取消，不能再{step}。")
    return task


def _to_prepare(task_id: UUID, step: str, by: Actor, fresh: Fresh) -> Task:
    task = _to_make(task_id, step, by, fresh)
    if by.pk not in task.assignees and by.role not in REGISTRARS:
        raise FORBIDDEN()
    return task
