"""告知 Who freezes a signed closing, the townships of a frozen one, the bureau of an objection and its township of the answer.

After the commit, and safe to repeat.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from assessment.closings.readiness import townships_of
from assessment.messages import ANSWERED, FROZEN, MADE, SIGNED
from assessment.models import Closing, Objection
from assessment.models.closings import ClosingState
from assessment.models.objections import ObjectionState
from inbox import actions as inbox
from inbox.letters import Letter, To, posts
from safety_api.roles import ASSESSORS, BUREAU, TOWNSHIP


def tell_of_signing(closing: int) -> None:
    for row in Closing.objects.filter(pk=closing, state=ClosingState.SIGNED):
        said = f"{_period(row)}定稿已由{row.signed_name}签发，请另一人冻结"
        inbox.send([_of_closing(row, SIGNED, row.region_code, said, posts(ASSESSORS), at=row.signed_at)])


def tell_of_freezing(closing: int) -> None:
    for row in Closing.objects.filter(pk=closing, state=ClosingState.FROZEN):
        said = f"{_period(row)}定稿已冻结：{row.reason or '首次发布'}"
        inbox.send(
            [
                _of_closing(row, FROZEN, code, said, posts(TOWNSHIP), at=row.frozen_at)
                for code in sorted(townships_of(row))
            ]
        )


def _period(row: Closing) -> str:
    return f"{row.year}年{row.month}月" if row.month else f"{row.year}年度"


def _of_closing(row: Closing, kind: str, place: str, sentence: str, to: tuple[To, ...], *, at: Any) -> Letter:
    return Letter(
        kind=kind, once=f"{kind}/{row.pk}/{place}/{at:%s}", sentence=sentence, to=to, day=timezone.localdate(at), about_kind="closing",
        region_code=place, details={"closing": row.pk},
    )  # fmt: skip


def tell_of_objection(objection: int) -> None:
    for row in Objection.objects.filter(pk=objection, state=ObjectionState.OPEN):
        said = f"乡镇对一起事故的{row.get_about_display()}提出异议：{row.reason[:80]}"
        inbox.send([_of_objection(row, MADE, said, posts(BUREAU), at=row.made_at)])


def tell_of_answer(objection: int) -> None:
    for row in Objection.objects.exclude(state=ObjectionState.OPEN).filter(pk=objection):
        said = f"异议已答复（{row.get_state_display()}）：{row.answer[:80]}"
        inbox.send([_of_objection(row, ANSWERED, said, posts(TOWNSHIP), at=row.ended_at)])


def _of_objection(row: Objection, kind: str, sentence: str, to: tuple[To, ...], *, at: Any) -> Letter:
    return Letter(
        kind=kind, once=f"{kind}/{row.pk}", sentence=sentence, to=to, day=timezone.localdate(at), about_kind="accident", about=row.accident_id,
        region_code=row.region_code, details={"objection": row.pk},
    )  # fmt: skip
