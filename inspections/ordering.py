"""The order that a visit carries: its hazards are ordered, one paper of them all is issued, and the visit is never refused for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from evidence.papers.drafting import Issuing, kept_back, leave_draft, noted, of_step
from evidence.papers.models import Paper, PaperDraft
from evidence.papers.reading import of_draft, of_paper
from hazards import actions as hazards
from hazards.models import Hazard
from inspections.models import Inspection
from safety_api.actors import Actor
from safety_api.remarks import Remark

ORDER = "rectify_order"


def wanted(body: dict[str, Any]) -> dict[UUID, str]:
    """The hazards to order, with what is to be done."""
    return {each["id"]: each["order"]["measures"] for each in body["hazards"] if each["order"] is not None}


def order_on_the_spot(
    inspection: Inspection, body: dict[str, Any], measures: dict[UUID, str], found: list[Hazard], by: Actor
) -> tuple[list[Remark], list[dict[str, Any]]]:
    """(remarks, the papers as the answer shows them)."""
    shown, made = body["order_paper"] or {}, []
    at = min(inspection.finished_at, timezone.now())

    def paper(ordered: list[Hazard], officers: list[dict[str, str]]) -> dict[str, Any]:
        said = {
            "hazards": [each.pk for each in ordered],
            "measures": _joined(measures, ordered),
            "shown": _shown(shown),
        }
        people = [each["id"] for each in officers]
        made.append(
            of_step(
                ORDER, inspection, step="order", by=by, officers=people, fields=said, issuing=shown.get("issue", Issuing.NOW), at=at, kept=shown
            )
        )  # fmt: skip
        return noted(made[0])

    words = hazards.order_in_visit(
        found, measures, inspection_id=inspection.pk, at=at, companions=body["companions"], by=by, paper=paper
    )
    if shown and not made:
        made.append(_unused(inspection, shown, measures, words[0], by))
    drafted = any(kept_back(each) for each in made)
    words += [Remark.PAPER_DRAFTED] if drafted else []
    return words, [of_paper(each) if isinstance(each, Paper) else of_draft(each) for each in made]


def _joined(measures: dict[UUID, str], ordered: list[Hazard]) -> str:
    return "；".join(dict.fromkeys(said for each in ordered if (said := measures[each.pk].rstrip("。；; "))))


def _shown(shown: dict[str, Any]) -> dict[str, Any] | None:
    return {"text": shown["text"], "written_at": shown["written_at"]} if shown else None


def _unused(
    inspection: Inspection, shown: dict[str, Any], measures: dict[UUID, str], word: Remark, by: Actor
) -> PaperDraft:
    """What was shown and signed is kept, though nothing of it could be ordered."""
    said = {"hazards": list(measures), "shown": _shown(shown)}
    return leave_draft(ORDER, inspection, "order", by, [str(by.pk)], said, (word.value, word.label), shown)
