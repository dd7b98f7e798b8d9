"""All sections of a closing in one content, its digest, and what of it must be the same when it is frozen as when it was signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from assessment.closings.content import accidents, hazards, ranking, reconciliation
from assessment.closings.content.closing_facts import ClosingFacts
from assessment.models import Closing
from safety_api.idempotency import fingerprint

FORM = 1  # of what is frozen: readers of old content look at it
FIGURES = ("policy", "ratios", "ranking", "broken", "accidents")
OF_THE_RANK = ("before", "moved")  # compares with another month: no figure of this one


SECTIONS: dict[str, Callable[[ClosingFacts], Any]] = {
    "county": ranking.county,
    "period": ranking.period,
    "known_at": ranking.known_at,
    "policy": ranking.policy,
    "figures_revision": ranking.figures_revision,
    "ratios": ranking.ratios,
    "ranking": ranking.ranking,
    "before": ranking.before,
    "broken": accidents.broken,
    "accidents": accidents.accidents,
    "late_reports": accidents.late_reports,
    "overdue_hazards": hazards.overdue_hazards,
    "sources": reconciliation.sources,
    "differences": reconciliation.differences,
    "objections": reconciliation.objections,
    "reasons": ranking.reasons,
    "overdue_sectors": hazards.overdue_sectors,
    "overdue_major": hazards.overdue_major,
    "findings": accidents.findings,
    "risk_events": accidents.risk_events,
}


def draft(closing: Closing, known_at: datetime | None = None) -> dict[str, Any]:
    """The content as it would be signed now; some sixty queries, whatever the size. Raises NO_RULE."""
    facts = ClosingFacts(closing, known_at or timezone.now())
    return {"schema": FORM, **{name: section(facts) for name, section in SECTIONS.items()}}


def figures_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What must not differ between the signature and the freeze."""
    found = {name: content[name] for name in FIGURES}
    ranking = [{name: value for name, value in row.items() if name not in OF_THE_RANK} for row in content["ranking"]]
    return {**found, "ranking": ranking}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the RFC 8785 text."""
    return fingerprint(dict(content))
