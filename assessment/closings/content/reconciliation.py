"""What was compared and objected to: lists, decisions, objections and their answers."""

from __future__ import annotations

from typing import Any

from assessment.closings.content.moment import Moment, iso
from assessment.closings.reconciliation.differences import decisions_told, lists_told
from assessment.closings.words import ObjectionState
from assessment.models import Objection


def sources(at: Moment) -> list[dict[str, Any]]:
    return lists_told(at.books)


def differences(at: Moment) -> list[dict[str, Any]]:
    """What was decided about rows and accidents that did not agree by themselves."""
    return decisions_told(at.books)


def objections(at: Moment) -> list[dict[str, Any]]:
    rows = Objection.objects.within(at.prefix).about_days(at.closing.first_day, at.closing.last_day)
    rows = rows.exclude(state=ObjectionState.WITHDRAWN).order_by("made_at", "id")
    return [_objection(at, each) for each in rows]


def _objection(at: Moment, each: Objection) -> dict[str, Any]:
    return {
        "objection": each.pk, "accident": str(each.accident_id), **at.township(each.region_code),
        "about": each.about, "about_name": each.get_about_display(), "reason": each.reason,
        "state": each.state, "state_name": each.get_state_display(), "answer": each.answer, "document": each.document,
        "answered_at": each.ended_at and iso(each.ended_at),
    }  # fmt: skip
