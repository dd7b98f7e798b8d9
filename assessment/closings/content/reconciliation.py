"""What was compared and objected to: lists, decisions, objections and their answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from assessment.closings.content.closing_facts import ClosingFacts, iso
from assessment.closings.words import ObjectionState
from assessment.models import Objection


def sources(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Of each month and source the edition that holds."""
    held = facts.reconciliation
    counts = Counter(each.of_id for each in held.rows.values())
    return [
        {
            "source": each.source, "name": getattr(held.rules.source(each.source), "name", each.source),
            "month": each.month, "edition": each.edition, "nil_return": each.nil_return, "rows": counts[each.pk],
            "sha256": each.sha256, "received_at": iso(each.received_at), "by_name": each.by_name,
        }
        for each in sorted(held.lists.values(), key=lambda each: (each.month, each.source))
    ]  # fmt: skip


def differences(facts: ClosingFacts) -> list[dict[str, Any]]:
    """What was decided about rows and accidents that are there; what an edition took back is no difference."""
    held = facts.reconciliation
    rows = [held.decisions[each.decision.id] for each in held.comparisons if each.decision]
    return [
        {
            "source": each.source, "month": each.month, "kind": each.kind, "kind_name": each.get_kind_display(),
            "external_number": each.external_number, "accident": each.accident_id and str(each.accident_id),
            "theirs": each.theirs, "ours": each.ours, "accepted": each.accepted, "reason": each.reason,
            "by_name": each.by_name, "at": iso(each.made_at),
        }
        for each in sorted(rows, key=lambda each: (each.month, each.source, each.external_number, each.pk))
    ]  # fmt: skip


def objections(facts: ClosingFacts) -> list[dict[str, Any]]:
    rows = Objection.objects.within(facts.prefix).about_days(facts.closing.first_day, facts.closing.last_day)
    rows = rows.exclude(state=ObjectionState.WITHDRAWN).order_by("made_at", "id")
    return [_objection(facts, each) for each in rows]


def _objection(facts: ClosingFacts, each: Objection) -> dict[str, Any]:
    return {
        "objection": each.pk, "accident": str(each.accident_id), **facts.township(each.region_code),
        "about": each.about, "about_name": each.get_about_display(), "reason": each.reason,
        "state": each.state, "state_name": each.get_state_display(), "answer": each.answer, "document": each.document,
        "answered_at": each.ended_at and iso(each.ended_at),
    }  # fmt: skip
