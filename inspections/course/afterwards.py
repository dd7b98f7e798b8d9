"""Steps of a visit after it was made: what was missed is made good, the result is told. One verb, one transaction, each with its step."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.authorities import check_may_inspect
from evidence.papers.drafting import plain
from inspections.course.beforehand import approval_by, check_approver, when
from inspections.course.facts import GATHERED, rule_of
from inspections.course.healing import add_step, open_words, recheck
from inspections.course.issuing import issue
from inspections.course.telling import tell_completed
from inspections.course.words import BY_APPROVAL, SETTLED_ONLY
from inspections.models import Authority, Inspection
from reference import law
from safety_api.actors import Actor
from safety_api.problems import BEFORE_THE_VISIT, FORBIDDEN, WRONG_STEP
from safety_api.remarks import Remark
from safety_api.roles import REGISTRARS
from safety_api.writing import Fresh, keep, locked

SAVED = ("course", "warnings", "healed")


@transaction.atomic
def approve(inspection_id: UUID, *, by: Actor, note: str, fresh: Fresh = None) -> Inspection:
    """补办审批: in time it heals an urgent visit; later it is `approved_late`. Raises NOT_FOUND, STALE, WRONG_STEP, COORDINATING_BODY, and
    what the approval of a task raises of whoever approves."""
    visit = _administrative(inspection_id, "补办审批", by, fresh)
    if not open_words(visit) & BY_APPROVAL:
        raise WRONG_STEP(state="已审批", step="补办审批", detail="这次检查的审批不缺，无须补办。")
    check_may_inspect(by, timezone.localdate())
    check_approver(by, [visit.by_id, *visit.companions], visit.department)
    told = visit.course.get("approval") or {}
    urgent = {name: told[name] for name in ("urgent", "reported_at", "reported_to") if name in told}
    visit.course = {**visit.course, "approval": approval_by(by, note) | urgent}
    kept = _with_paper(visit, "approval", "approve", by)
    tell_completed(kept, by)
    return kept


@transaction.atomic
def hand_notice(inspection_id: UUID, *, by: Actor, fresh: Fresh = None, **said: Any) -> Inspection:
    """补送通知书. Raises NOT_FOUND, STALE, FORBIDDEN, COORDINATING_BODY, WRONG_STEP, IN_THE_FUTURE, BEFORE_THE_VISIT."""
    visit = _administrative(inspection_id, "补送通知书", by, fresh)
    _check_hands(visit, by)
    if "notice" in visit.course:
        raise WRONG_STEP(state="已送达", step="补送通知书", detail="通知书已经送达，不能重复送达。")
    return _handed(visit, "notice", said, by)


@transaction.atomic
def scan(inspection_id: UUID, *, by: Actor, fresh: Fresh = None, **said: Any) -> Inspection:
    """补扫, or why not. Raises NOT_FOUND, STALE, FORBIDDEN, WRONG_STEP, IN_THE_FUTURE."""
    visit = _administrative(inspection_id, "补扫", by, fresh)
    _check_keeps(visit, by)
    visit.course = {**visit.course, "scan": plain({**said, "at": when(said["at"]), "step": "scan"})}
    return _taken(visit, "scan", by)


@transaction.atomic
def tell_result(inspection_id: UUID, *, by: Actor, fresh: Fresh = None, **said: Any) -> Inspection:
    """结果告知, also when nothing was found. Raises what `hand_notice` raises."""
    visit = _administrative(inspection_id, "告知结果", by, fresh)
    _check_hands(visit, by)
    if "result" in visit.course:
        raise WRONG_STEP(state="已告知", step="告知结果", detail="结果已经告知，不能重复告知。")
    return _handed(visit, "result", said, by)


@transaction.atomic
def settle(inspection_id: UUID, *, by: Actor, word: Remark, note: str, fresh: Fresh = None) -> Inspection:
    """What no step heals is closed by whoever might have approved the visit, who says what was done about it.

    Raises NOT_FOUND, STALE, WRONG_STEP, and what the approval of a task raises of whoever approves.
    """
    visit = _administrative(inspection_id, "写明处理情况", by, fresh)
    check_approver(by, [visit.by_id, *visit.companions], visit.department)
    if word not in open_words(visit) & SETTLED_ONLY:
        raise WRONG_STEP(
            state="没有", step="写明处理情况", detail="这次检查没有这一提示，或者它可以补正，或者已经处理。"
        )
    visit.course = {**visit.course, "settled": sorted({*visit.course.get("settled", ()), str(word)})}
    return _taken(visit, "settle", by, word=str(word), note=note)


def result_due(visit: Any) -> date | None:
    """Until when the unit is to be told; None where there was no such duty."""
    rule = rule_of(timezone.localdate(visit.started_at))
    if rule is None or visit.authority != Authority.ADMINISTRATIVE or visit.enterprise_id is None:
        return None
    return law.days_after(timezone.localdate(visit.finished_at), rule.result_days, rule.result_day_kind)


# --- how -----------------------------------------------------------------------------------------------------------------
def _handed(visit: Inspection, step: str, said: dict[str, Any], by: Actor) -> Inspection:
    at = when(said["at"])
    if at < visit.started_at:
        raise BEFORE_THE_VISIT.at("/at")
    kept = {name: said.pop(name) for name in GATHERED}
    visit.course = {**visit.course, step: plain({**said, "at": at, "step": step})}
    return _with_paper(visit, step, "tell-result" if step == "result" else step, by, kept=kept)


def _with_paper(visit: Inspection, told: str, step: str, by: Actor, kept: Any = None) -> Inspection:
    paper, back = issue(told, visit, [visit.by_id, *visit.companions], at=timezone.now(), kept=kept)
    visit.course = {**visit.course, told: {**visit.course[told], **paper}}
    visit.warnings = sorted({*visit.warnings, *([Remark.PAPER_DRAFTED] if back else [])})
    return _taken(visit, step, by, **paper)


def _taken(visit: Inspection, step: str, by: Actor, **more: Any) -> Inspection:
    """The step stands with the visit, with the words that it healed."""
    healed = recheck(visit)
    add_step(visit, step, by, healed, **more)
    return keep(visit, f"inspection.{VERBS[step]}", SAVED, by=by, healed=healed, **more)


VERBS = {
    "approve": "approve", "notice": "hand-notice", "scan": "scan", "tell-result": "tell-result", "settle": "settle-remark",
}  # fmt: skip


def _administrative(inspection_id: UUID, step: str, by: Actor, fresh: Fresh) -> Inspection:
    """Only of an inspection since there is a course, and of the record that counts."""
    rows = Inspection.objects.visible_to(by).select_related("enterprise", "site")
    visit = locked(rows, inspection_id, fresh)
    if visit.authority != Authority.ADMINISTRATIVE or rule_of(timezone.localdate(visit.started_at)) is None:
        raise WRONG_STEP(state="不适用", step=step, detail="只有2025年以后的行政检查才有这一步。")
    if visit.joined_to_id:
        raise WRONG_STEP(state="已并入", step=step, detail="这次检查已并入另一记录，请在那里办理。")
    return visit


def _check_hands(visit: Inspection, by: Actor) -> None:
    """Who keeps the record, unless it is an office that coordinates. Raises FORBIDDEN, COORDINATING_BODY."""
    _check_keeps(visit, by)
    check_may_inspect(by, timezone.localdate())


def _check_keeps(visit: Inspection, by: Actor) -> None:
    """Who made the visit, or an office that keeps the records of the place."""
    if by.pk not in (visit.by_id, *visit.companions) and by.role not in REGISTRARS:
        raise FORBIDDEN()
