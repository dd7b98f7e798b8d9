"""What its hazards say of a supervision class, for many units at once: one statement, however many (API.md, `hazards`).

Days are days in Asia/Shanghai and `on` is the day asked about, past or present: hazards are taken as they stood at its end,
by the steps taken until then; responsibility and levels as we know them now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from safety_api.days import day_over

# In time (hazards.rules.closed_on_time): review asked for by the deadline and passed, or closed by then, and not overdue
# before a later deadline was granted (DOMAIN, corrections to 3.7). What is noted while a review waits asks for none, and what was
# asked for before a review failed asks for none any more. An open one has fallen due when its day is over, unless its review was
# asked for in time: how late that is carried out is the authority's own affair. What is only reported, or was rejected or handed
# over, or lost its unit, is nobody's failure; what is void leaves nothing behind, on no day.
# (The ranking's on-time rate counts the same way.) Major ones count from `confirmed` on: those an authority found, and
# self-found ones only when overdue (API.md). What no step shows is taken from the hazard's own row.
#
# Hazard by hazard through the index of its steps: joined as two sets, tables just filled and not yet analysed brought a
# plan that compared every hazard with every other, and took minutes.
COUNTS = """
WITH mine AS (
  SELECT h.* FROM hazards_hazard h
  WHERE h.enterprise_id = ANY(%(ids)s) AND h.found_at < %(end)s AND {which}
    AND (h.due_on >= %(first)s OR (h.level = 'major' AND (h.closed_on IS NULL OR h.closed_on > %(on)s)))
), stood AS (
  SELECT mine.enterprise_id, mine.level, mine.origin, mine.overdue_since,
         coalesce(from_steps.state, mine.state) AS state, coalesce(from_steps.due_on, mine.due_on) AS due_on,
         CASE WHEN from_steps.state IS NULL THEN mine.review_requested_on
              WHEN from_steps.asked_at > coalesce(from_steps.sent_back_at, '-infinity')
              THEN (from_steps.asked_at AT TIME ZONE 'Asia/Shanghai')::date END AS asked_on,
         CASE WHEN from_steps.state IS NULL THEN mine.closed_on ELSE coalesce(from_steps.closed_on, mine.closed_on) END AS closed_on
  FROM mine CROSS JOIN LATERAL (
    SELECT (array_agg(s.after ORDER BY s.happened_at DESC, s.id DESC))[1] AS state,
           (array_agg(s.due_on ORDER BY s.happened_at DESC, s.id DESC)
              FILTER (WHERE s.due_on IS NOT NULL))[1] AS due_on,
           max(s.happened_at) FILTER (WHERE s.after = 'review_requested' AND s.before <> s.after) AS asked_at,
           max(s.happened_at) FILTER (WHERE s.step IN ('fail', 'enforce')) AS sent_back_at,
           (max(s.happened_at) FILTER (WHERE s.after = 'closed') AT TIME ZONE 'Asia/Shanghai')::date AS closed_on
    FROM hazards_step s WHERE s.hazard_id = mine.id AND s.happened_at < %(end)s {of_steps}
  ) from_steps
), judged AS (
  SELECT enterprise_id, origin,
         due_on >= %(first)s AND (CASE WHEN state = 'closed' THEN due_on <= %(on)s ELSE due_on < %(on)s END)
           AND state NOT IN ('draft', 'reported', 'rejected', 'transferred', 'unit_closed')
           AND NOT (state <> 'closed' AND coalesce(asked_on <= due_on, false) AND coalesce(overdue_since > %(on)s, true)) AS due,
         state = 'closed' AND coalesce(least(asked_on, closed_on) <= due_on, false)
           AND coalesce(overdue_since > %(on)s, true) AS in_time,
         level = 'major'
           AND state IN ('confirmed', 'ordered', 'rectifying', 'review_requested', 'enforcement') AS major,
         due_on < %(on)s AND NOT coalesce(asked_on <= due_on, false) AS overdue
  FROM stood
)
SELECT enterprise_id, count(*) FILTER (WHERE due), count(*) FILTER (WHERE due AND in_time),
       count(*) FILTER (WHERE major AND (overdue OR origin <> 'self')), count(*) FILTER (WHERE major AND overdue)
FROM judged GROUP BY enterprise_id
"""

STANDING = COUNTS.format(which="h.state <> 'void'", of_steps="")
VOIDED = COUNTS.format(
    which="h.state = 'void' AND EXISTS (SELECT FROM hazards_step v WHERE v.hazard_id = h.id AND v.after = 'void' AND v.recorded_at > %(moment)s)",
    of_steps="AND s.after <> 'void'",
)


class HazardCounts(NamedTuple):
    """Fallen due since the first day and of these in time; major ones open on the day and of these overdue."""

    due: int = 0
    on_time: int = 0
    major_open: int = 0
    major_overdue: int = 0


def hazard_counts(ids: Iterable[UUID], first: date, on: date) -> dict[UUID, HazardCounts]:
    """Of the units that have any, from `first` to `on`, both included."""
    return _counted(STANDING, {"ids": list(ids), "first": first, "on": on, "end": day_over(on)})


def voided_since(unit: UUID, first: date, on: date, moment: datetime) -> HazardCounts:
    """The same of what became void after that moment, as it stood on that day before."""
    asked = {"ids": [unit], "first": first, "on": on, "end": day_over(on), "moment": moment}
    return _counted(VOIDED, asked).get(unit, HazardCounts())


def _counted(statement: str, asked: dict[str, Any]) -> dict[UUID, HazardCounts]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return {key: HazardCounts(*counts) for key, *counts in cursor.fetchall()}
