"""告知 What authorities decided is told to the unit and to the departments that answer for it. After the commit, and safe to repeat."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from enforcement.messages import CASE, LISTING, NOTE, STOP
from enforcement.models import ApprovalNote, Case, Listing, StopOrder
from inbox import actions as inbox
from inbox.letters import Letter, To, posts
from safety_api.roles import COMMITTEE, DEPARTMENTS, ENTERPRISE


def tell_of_listing(key: UUID, step: str) -> None:
    for row in Listing.objects.filter(pk=key):
        said = f"挂牌督办（{row.document}）：{row.get_state_display()}，整改时限 {row.deadline}"
        _say(row, LISTING, step, said, (*_unit(row), *_department(row), *posts(COMMITTEE)), due_on=row.deadline)


def tell_of_stop(key: UUID, step: str) -> None:
    for row in StopOrder.objects.filter(pk=key):
        _say(row, STOP, step, f"停产停业决定（{row.document or '文号待定'}）：{row.get_state_display()}", _unit(row))


def tell_of_case(key: UUID, step: str) -> None:
    for row in Case.objects.filter(pk=key):
        _say(row, CASE, step, f"案件（{row.reason[:60]}）：{row.get_state_display()}", (*_unit(row), *_department(row)))


def tell_of_note(key: UUID) -> None:
    for row in ApprovalNote.objects.filter(pk=key):
        _say(
            row,
            NOTE,
            "receive",
            f"审批信息：{row.subject_name}，{row.matter}（{row.get_result_display()}），请接收并监管",
            _department(row),
        )


def _unit(row: Any) -> tuple[To, ...]:
    return posts(ENTERPRISE) if row.enterprise_id else ()


def _department(row: Any) -> tuple[To, ...]:
    return posts(DEPARTMENTS, department=row.department_id) if row.department_id else ()


def _say(row: Any, kind: str, step: str, sentence: str, to: tuple[To, ...], due_on: date | None = None) -> None:
    """Of each state that it came into by this step."""
    inbox.send([Letter(
        kind=kind, once=f"{kind}/{row.pk}/{step}/{row.epoch}.{row.xid}", sentence=sentence, to=to, day=timezone.localdate(), due_on=due_on,
        about_kind=kind.split(".")[0], about=row.pk, region_code=row.region_code, sector=row.sector_id, department=row.department_id,
        enterprise=row.enterprise_id,
    )])  # fmt: skip
