"""告知 An approval that is wanted reaches the leader's inbox, and the answer comes back to whoever wants it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from inbox import actions as inbox
from inbox.letters import Letter, To, person, posts
from inspections.course.facts import rule_of
from inspections.messages import APPROVAL_ANSWERED, APPROVAL_ASKED, APPROVAL_DUE
from inspections.models import Inspection, Task
from safety_api.actors import Actor
from safety_api.remarks import Remark
from safety_api.roles import ENFORCING, Role


def tell_leaders(task: Task, by: Actor, *, approver: UUID | None, note: str) -> None:
    said = f"{by.name}请批准对{_place_of(task)}的{_what(task)}，最迟 {task.due_on}" + (
        f"：{note[:200]}" if note else ""
    )
    to = person(approver) if approver else heads(task.department)
    _send(task, APPROVAL_ASKED, "task", to, said, due_on=task.due_on)


def tell_answer(task: Task, hearers: Iterable[UUID], by: Actor, *, approved: bool, note: str) -> None:
    said = f"对{_place_of(task)}的{_what(task)}，{by.name}{'已批准' if approved else '未批准'}" + (
        f"：{note[:200]}" if note else ""
    )
    end_asking(task)
    for each in hearers:
        _send(task, APPROVAL_ANSWERED, "task", person(each), said)


def end_asking(task: Task) -> None:
    """Nobody needs to answer any more."""
    inbox.end(APPROVAL_ASKED, about=[task.pk])


def tell_due(visit: Inspection) -> None:
    """An urgent visit was made before its approval: whoever heads the body completes it in time. Safe to repeat."""
    approval = visit.course.get("approval") or {}
    if not approval.get("urgent") or Remark.NO_APPROVAL not in visit.warnings or Remark.NO_APPROVAL in visit.healed:
        return
    until = _until(visit)
    said = (
        f"{visit.by_name}已对{_place_of(visit)}进行紧急检查，请在 {timezone.localtime(until):%m月%d日%H:%M} 前补办审批"
    )
    _send(
        visit, APPROVAL_DUE, "inspection", heads(visit.department), said, once="due", due_on=timezone.localdate(until)
    )


def tell_completed(visit: Inspection, by: Actor) -> None:
    inbox.end(APPROVAL_DUE, about=[visit.pk])
    if visit.by_id != by.pk:
        said = f"您 {timezone.localdate(visit.started_at)} 对{_place_of(visit)}的检查，{by.name}已补办审批"
        _send(visit, APPROVAL_ANSWERED, "inspection", person(visit.by_id), said)


def heads(department: str) -> tuple[To, ...]:
    """Whoever heads the body at the place; of a township its leaders."""
    of_offices = posts(ENFORCING, department=department or None, leaders=True)
    return of_offices if department else of_offices + posts({Role.TOWNSHIP_LEADER})


def _until(visit: Inspection) -> datetime:
    rule = rule_of(timezone.localdate(visit.started_at))
    return visit.started_at + (rule.urgent if rule else timedelta())


def _send(
    record: Any, kind: str, about: str, to: tuple[To, ...], sentence: str, *, once: str = "", due_on: Any = None
) -> None:
    """One thread a matter and reader: what is said later takes the place of what was said before."""
    now = timezone.localtime()
    thread = f"{kind}/{record.pk}/{to[0].person or 'heads'}"
    inbox.send([Letter(
        kind=kind, once=f"{thread}/{once or now.isoformat()}", thread=thread, sentence=sentence, to=to, day=now.date(), due_on=due_on,
        about_kind=about, about=record.pk, region_code=record.region_code, sector=record.sector_id,
        department=record.department or None, enterprise=record.enterprise_id,
    )])  # fmt: skip


def _what(task: Task) -> str:
    return task.get_type_display() or "检查"


def _place_of(matter: Any) -> str:
    found = matter.enterprise or matter.site
    return f"“{found.name if found else matter.place}”"
