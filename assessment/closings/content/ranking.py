"""The county's figures: its ratios, the ranking of its townships against the month before, and why they changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import Count, Max, Min

from assessment.closings.content.closing_facts import ClosingFacts, as_json, iso, ranked
from reference import law
from safety_api.permissions import significant
from zero_accident import rules
from zero_accident.models import FigureRevision
from zero_accident.targets.lookup import TargetInForce, targets_of_all


# --- head ------------------------------------------------------------------------------------------------------------
def county(facts: ClosingFacts) -> dict[str, Any]:
    return {"region": facts.closing.region_code, "name": facts.names.get(facts.closing.region_code, "")}


def period(facts: ClosingFacts) -> dict[str, Any]:
    closing = facts.closing
    return {
        "year": closing.year, "month": closing.month, "first_day": closing.first_day.isoformat(),
        "last_day": closing.last_day.isoformat(), "said": closing.period_name,
    }  # fmt: skip


def known_at(facts: ClosingFacts) -> str:
    return iso(facts.known_at)


def policy(facts: ClosingFacts) -> dict[str, Any]:
    held = law.in_force("zero_accident_policy", facts.closing.last_day)
    return {"version": held.version, "title": held.title, "source": held.source}


def figures_revision(facts: ClosingFacts) -> int:
    return facts.ratios["revision"]


# --- ratios and ranking ----------------------------------------------------------------------------------------------
def ratios(facts: ClosingFacts) -> dict[str, Any]:
    return {name: as_json(facts.ratios[name]) for name in ("villages", "units")}


def ranking(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Each township with what it was the month before, how many places it gained since, and whether it met its target."""
    rows = ranked(facts.asked, facts.prefix)
    before = {row["region"]: row for row in facts.ranking_before[1]}
    targets = targets_of_all(facts.closing.year, [significant(row["region"]) for row in rows])
    return [_ranked(row, before.get(row["region"]), targets[significant(row["region"])]) for row in rows]


def before(facts: ClosingFacts) -> dict[str, Any] | None:
    return facts.ranking_before[0]


def _ranked(row: dict[str, Any], old: dict[str, Any] | None, targets: Mapping[str, TargetInForce]) -> dict[str, Any]:
    met = {f"{subject}_met": _met(row, subject, held.percent) for subject, held in targets.items()}
    was = old and {name: old[name] for name in ("rank", "village_ratio", "unit_ratio")}
    moved = was["rank"] - row["rank"] if was and was["rank"] and row["rank"] else None
    return {**row, **met, "before": was, "moved": moved}


def _met(row: Mapping[str, Any], name: str, target: Decimal) -> bool | None:
    return rules.ratio(row[f"{name}_zero"], row[f"{name}_total"], target).met


# --- why they changed ------------------------------------------------------------------------------------------------
def reasons(facts: ClosingFacts) -> list[dict[str, Any]]:
    """Why figures of this county changed since the frozen revision before, the same reason once."""
    since = facts.last_frozen
    return reasons_since(facts, since.known_at if since else None)


def reasons_since(facts: ClosingFacts, moment: datetime | None) -> list[dict[str, Any]]:
    rows = FigureRevision.objects.filter(
        policy=facts.asked.of.policy.version, year=facts.closing.year, counties__contains=[facts.prefix]
    )
    rows = rows.filter(made_at__gt=moment) if moment else rows
    grouped = rows.values("reason").annotate(Count("pk"), Min("number"), Max("number"), Max("made_at")).order_by()
    columns = grouped.values_list("reason", "pk__count", "number__min", "number__max", "made_at__max")
    return [
        {"reason": reason, "count": count, "first_number": first, "last_number": last, "last_at": iso(last_at)}
        for reason, count, first, last, last_at in sorted(columns, key=itemgetter(2, 3))
    ]
