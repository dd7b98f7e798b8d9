"""What a hazard leaves behind when it ends or is handed to enforcement: nothing that still waits for somebody."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from evidence.papers.drafting import discard_waiting
from hazards.models import Extension, Hazard
from hazards.states import ENDED, State
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.remarks import Remark
from safety_api.trail import record

NO_MORE_TIME = ENDED | {State.ENFORCEMENT}
# These say that there was no hazard; the papers of the others stay owed.
NEVER_WAS = frozenset({State.REJECTED, State.VOID})


def leave_nothing(hazard: Hazard, *, by: Actor, note: str) -> None:
    """In the transaction of the step, the hazard locked and saved: the request for more time is denied; of what never was a hazard the
    drafts of papers are discarded."""
    said = f"隐患转为“{State(hazard.state).label}”"
    why = f"{said}：{note}" if note else said
    if hazard.state in NO_MORE_TIME:
        for asked in hazard.extensions.filter(answer=Extension.Answer.ASKED):
            answered(asked, Extension.Answer.DENIED, by, why[:2000], hazard)
    if hazard.state in NEVER_WAS and discard_waiting(hazard.pk, by=by, reason=why):
        forget_draft(hazard, None, by)


def answered(asked: Extension, answer: str, by: Actor, note: str, hazard: Hazard) -> Extension:
    asked.answer, asked.answer_note, asked.answered_at = answer, note, timezone.now()
    asked.answered_by, asked.answered_by_name = by.pk, by.name
    asked.save(update_fields=["answer", "answer_note", "answered_at", "answered_by", "answered_by_name"])
    record(by, f"hazard.extension-{answer}", hazard, extension=str(asked.pk), note=note)
    outbox.send("hazard.extension_answered", {"hazard": str(hazard.pk), "extension": str(asked.pk), "answer": answer})
    return asked


def forget_draft(hazard: Hazard, paper: Any, by: Actor) -> None:
    """What was kept back is issued or discarded: nothing is remarkable any more."""
    if Remark.PAPER_DRAFTED in hazard.warnings:
        hazard.warnings = [word for word in hazard.warnings if word != Remark.PAPER_DRAFTED]
        hazard.save(update_fields=["warnings"])
