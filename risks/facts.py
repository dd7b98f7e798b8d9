"""What dual prevention comes to for a supervision class, for many units at once (API.md, `risk_control`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from risks import duties, rules
from risks.models import RiskAssessment

CONTROLS = """
SELECT point.enterprise_id, bool_and(a.assessed_on >= %(first)s),
       bool_and(a.inherent_level > %(must)s OR a.controlled)
FROM risks_point AS point JOIN risks_assessment AS a ON a.risk_id = point.id
WHERE point.enterprise_id = ANY(%(ids)s) AND a.held_from <= %(on)s AND (a.held_to IS NULL OR a.held_to > %(on)s)
GROUP BY 1
"""


def risk_control(ids: Iterable[UUID], first: date, on: date) -> dict[UUID, dict[str, Any]]:
    """Of the units that have risk points in force on the day; one statement, two more when there are any.

    `reviewed_12m`: every point assessed since `first` · `red_orange_controlled`: every red and orange one (before measures)
    has measures and a named person · `self_check_rate`: per cent of the tasks that fell due since then, absent when none did.
    """
    controls = _controls(list(ids), on, first)
    counts = duties.tasks(controls, first, on - timedelta(days=1)) if controls else {}
    found: dict[UUID, dict[str, Any]] = {}
    for key, (reviewed, controlled) in controls.items():
        found[key] = {"reviewed_12m": reviewed, "red_orange_controlled": controlled}
        count = duties.total(counts.get(key, {}))
        if count.due:
            found[key]["self_check_rate"] = rules.per_cent(count.done, count.due)
    return found


def _controls(ids: list[UUID], on: date, first: date) -> dict[UUID, tuple[bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(CONTROLS, {"ids": ids, "on": on, "first": first, "must": rules.MUST_BE_CONTROLLED})
        return {key: (reviewed, controlled) for key, reviewed, controlled in cursor.fetchall()}


def highest_colour(enterprise: UUID, on: date) -> str:
    """The most dangerous colour with measures on a day; "" for a unit without risk points."""
    rows = RiskAssessment.objects.in_force(on).filter(risk__enterprise_id=enterprise)
    worst = rows.aggregate(worst=Min("residual_level"))["worst"]
    return rules.highest([worst] if worst else [])
