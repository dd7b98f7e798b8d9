"""文书 The paper that a step is the ground of, in the step's own transaction: docs/papers.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evidence.papers.drafting import Issuing, kept_back, noted, of_step
from hazards.actions.moving import Move
from hazards.models import Hazard
from safety_api.remarks import Remark

ORDER, NOTICE, OPINION, TRANSFER = "rectify_order", "rectify_notice", "review_opinion", "transfer"


def paper_of(
    move: Move, kind: str, officers: Sequence[dict[str, str]], *, issuing: str = Issuing.NOW, at: datetime | None = None, **fields: Any
) -> dict[str, Any]:  # fmt: skip
    """What the step's details say of its paper, or of the draft that waits; `officers` as the step keeps them."""
    if issuing == Issuing.NONE:
        return {}
    named = [each["id"] for each in officers]
    made = of_step(
        kind, move.hazard, step=move.step.name, by=move.by, officers=named, fields=fields, issuing=issuing, at=at
    )
    if kept_back(made):
        remark(move.hazard, Remark.PAPER_DRAFTED)
    return noted(made)


def remark(hazard: Hazard, word: Remark) -> None:
    hazard.warnings = sorted({*hazard.warnings, word})
    hazard.save(update_fields=["warnings"])
