"""The papers of the course: each step has its own, in the name of those who make the visit; what keeps one back leaves a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.jurisdiction import works_with
from accounts.models import User
from evidence.papers import kinds
from evidence.papers.drafting import kept_back, noted, of_step
from inspections.course.facts import moment, rule_of
from inspections.models import Authority, Inspection, Task
from safety_api.remarks import Remark
from safety_api.roles import ENFORCING
from safety_api.trail import SYSTEM
from safety_api.writing import keep

PAPERS = {
    "approval": "approval_form", "notice": "inspection_notice", "record": "inspection_record", "result": "result_notice",
}  # fmt: skip
AT_ITS_END = frozenset({"record", "result"})
SPOILT = {
    Remark.NO_APPROVAL, Remark.APPROVER_TOOK_PART, Remark.APPROVER_NO_LEADER,
}  # fmt: skip  # such an approval is no ground for a paper
BELIEVED = timedelta(days=30)  # before the visit: a notice sent ahead, an approval


def officers_of(people: Iterable[UUID], place: str) -> list[User]:
    """Those of them who may sign such a paper, in their order: the first, and who works with the first or at this place."""
    wanted = list(dict.fromkeys(people))
    found = User.objects.in_bulk(wanted)
    first = found.get(wanted[0]) if wanted else None
    named = [found[key] for key in wanted if key in found]
    here = [each for each in named if first and (each.is_active if each is first else works_with(each, first, place))]
    return [each for each in here if each.role in ENFORCING]


def issue(
    step: str, record: Task | Inspection, people: Iterable[UUID], *, at: datetime, kept: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], bool]:
    """(what the step's record says of its paper, whether it was kept back). Nothing where nobody of them may sign one, or where the set
    of the day has none."""
    officers = officers_of(people, record.region_code)
    if not officers or not kinds.has(PAPERS[step], _day_of(record)):
        return {}, False
    made = of_step(
        PAPERS[step], record, step=step, by=officers[0], officers=[each.pk for each in officers], fields=_stated(step, record),
        at=at, kept=kept,
    )  # fmt: skip
    return noted(made), kept_back(made)


def _day_of(record: Task | Inspection) -> date:
    return timezone.localdate(record.as_papers_say[0] if isinstance(record, Inspection) else None)


def _stated(step: str, record: Task | Inspection) -> dict[str, Any]:
    """A visit says it all itself; of a task: from when and until when."""
    if isinstance(record, Inspection):
        return {}
    return {"check_on": timezone.localdate().isoformat(), "until": record.due_on.isoformat()}


# --- after the commit ----------------------------------------------------------------------------------------------------
@transaction.atomic
def issue_told(inspection: UUID | str) -> int:
    """The papers of what a phone told of the course; safe to repeat. Of a task's steps, and of what has its paper, none."""
    visit = Inspection.objects.select_for_update(of=("self",)).filter(pk=inspection).first()
    if (
        visit is None
        or visit.authority != Authority.ADMINISTRATIVE
        or rule_of(timezone.localdate(visit.as_papers_say[0])) is None
    ):
        return 0
    waiting = [step for step in PAPERS if _waits(visit, step)]
    back = [_issue_told(visit, step) for step in waiting]
    if not waiting:
        return 0
    gathered = {name: each for name, each in visit.course.pop("gathered", {}).items() if name not in waiting}
    visit.course |= {"gathered": gathered} if gathered else {}
    visit.warnings = sorted({*visit.warnings, *([Remark.PAPER_DRAFTED] if any(back) else [])})
    keep(visit, "inspection.issue-course", ["course", "warnings"], by=SYSTEM, steps=waiting)
    return len(waiting)


def _waits(visit: Inspection, step: str) -> bool:
    told = visit.course.get(step)
    if not isinstance(told, dict) or any(
        told.get(name) for name in ("paper", "number", "draft", "no_paper", "task", "step")
    ):
        return False
    return step != "approval" or SPOILT.isdisjoint(visit.warnings)


def _issue_told(visit: Inspection, step: str) -> bool:
    told, kept = visit.course[step], visit.course.get("gathered", {}).get(step)
    said, back = issue(step, visit, [visit.by_id, *visit.companions], at=_at(visit, step, told), kept=kept)
    visit.course[step] = {**told, **(said or {"no_paper": True})}
    return back


def _at(visit: Inspection, step: str, told: Mapping[str, Any]) -> datetime:
    """As told, where a paper may bear that day; else when such a step belongs."""
    stated = moment(told.get("at"))
    now = timezone.now()
    if stated and visit.started_at - BELIEVED <= stated <= now:
        return stated
    return min(visit.finished_at if step in AT_ITS_END else visit.started_at, now)
