"""告知 Whoever is to make a visit hears of it, and that they need not; whoever made one, that others put its record right.

In the transaction of the step: no phone waits for it. Nobody is told what they did themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from inbox import actions as inbox
from inbox.letters import Letter, person
from inspections.messages import CORRECTED, NOT_TO_MAKE, TO_MAKE
from inspections.models import Inspection, Task, VisitKind
from safety_api.actors import Actor


def tell_to_make(task: Task, people: Iterable[UUID], by: Actor, *, changed: bool = False, anew: bool = False) -> None:
    """`anew`: its approval serves no more."""
    said = f"交您检查的{_what(task)}已修改" if changed else f"交您检查：{_what(task)}"
    said += "，原审批不再有效，请重新报请审批" if anew else ""
    note = f"。{task.note[:200]}" if task.note else ""
    _send(task, people, by, TO_MAKE, f"{said}，最迟 {task.due_on}，{by.name}下达{note}")


def tell_not_to_make(task: Task, people: Iterable[UUID], by: Actor, *, why: str) -> None:
    _send(task, people, by, NOT_TO_MAKE, f"{_what(task)}不必由您检查了，{by.name}{why}")


def end_made(inspection: UUID) -> None:
    """Of the visit that came, after its commit: nobody has to make it any more."""
    named = Inspection.objects.filter(pk=inspection).exclude(task_id=None).values("task_id")
    inbox.end(TO_MAKE, about=Task.objects.filter(pk__in=named, done_by=inspection).values_list("pk", flat=True))


def tell_author(visit: Inspection, by: Actor, *, reason: str) -> None:
    if visit.by_id == by.pk:
        return
    moment = timezone.localtime()
    inbox.send([Letter(
        kind=CORRECTED, once=f"inspection/{visit.pk}/{moment.isoformat()}", to=person(visit.by_id), day=moment.date(),
        sentence=f"您 {timezone.localdate(visit.started_at)} 对{_place_of(visit)}的检查记录，{by.name}作了更正：{reason}",
        about_kind="inspection", about=visit.pk, region_code=visit.region_code, sector=visit.sector_id,
        enterprise=visit.enterprise_id,
    )])  # fmt: skip


def _send(task: Task, people: Iterable[UUID], by: Actor, kind: str, sentence: str) -> None:
    """One thread a person: what is said later of a task takes the place of what was said before."""
    moment = timezone.localtime()
    inbox.send([_letter(task, each, kind, sentence, moment) for each in people if each != by.pk])


def _letter(task: Task, key: UUID, kind: str, sentence: str, moment: Any) -> Letter:
    return Letter(
        kind=kind, once=f"task/{task.pk}/{key}/{moment.isoformat()}", thread=f"task/{task.pk}/{key}", sentence=sentence,
        to=person(key), day=moment.date(), due_on=task.due_on, about_kind="task", about=task.pk, region_code=task.region_code,
        sector=task.sector_id, enterprise=task.enterprise_id,
    )  # fmt: skip


def _what(task: Task) -> str:
    """With its type, and its way where that says more."""
    type, way = task.get_type_display(), task.get_kind_display()
    said = type if type and (way in type or task.kind == VisitKind.ROUTINE) else "，".join(filter(None, (type, way)))
    return f"{_place_of(task)}（{said}）"


def _place_of(matter: Any) -> str:
    found = matter.enterprise or matter.site
    return f"“{found.name if found else matter.place}”"
