"""The facts of a class (API.md) for many units at once: nine statements, however many, summed up by the database; two
more where a unit has risk points.

Days are days in Asia/Shanghai and `on` is the day asked about, past or present: hazards are taken as they stood at its
end, by the steps taken until then; accidents, responsibility and levels of hazards as we know them now.
“Within 12 months” means fewer than 12 whole ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timezone import make_aware

from enterprises.facts import stated_facts
from risks.facts import risk_control
from risks.rules import window_begins
from supervision.rules import whole_months

# In time (hazards.rules.closed_on_time): review asked for by the deadline and passed, or closed by then, and not overdue
# before a later deadline was granted (DOMAIN, corrections to 3.7). What is noted while a review waits asks for none. An open one has
# fallen due when its day is over. What was rejected, voided or handed over, or lost its unit, is nobody's failure.
# (The ranking's on-time rate counts the same way.) Major ones count from `confirmed` on: those an authority found, and
# self-found ones only when overdue (API.md). What no step tells is taken from the hazard's own row.
#
# Hazard by hazard through the index of its steps: joined as two sets, tables just filled and not yet analysed brought a
# plan that compared every hazard with every other, and took minutes.
HAZARDS = """
WITH mine AS (
  SELECT h.* FROM hazards_hazard h
  WHERE h.enterprise_id = ANY(%(ids)s) AND h.found_at < %(end)s
    AND (h.due_on >= %(first)s OR (h.level = 'major' AND (h.closed_on IS NULL OR h.closed_on > %(on)s)))
), stood AS (
  SELECT mine.enterprise_id, mine.level, mine.origin, mine.overdue_since,
         coalesce(told.state, mine.state) AS state, coalesce(told.due_on, mine.due_on) AS due_on,
         CASE WHEN told.state IS NULL THEN mine.review_requested_on ELSE told.asked_on END AS asked_on,
         CASE WHEN told.state IS NULL THEN mine.closed_on ELSE coalesce(told.closed_on, mine.closed_on) END AS closed_on
  FROM mine CROSS JOIN LATERAL (
    SELECT (array_agg(s.after ORDER BY s.happened_at DESC, s.id DESC))[1] AS state,
           (array_agg(s.due_on ORDER BY s.happened_at DESC, s.id DESC)
              FILTER (WHERE s.due_on IS NOT NULL))[1] AS due_on,
           (max(s.happened_at) FILTER (WHERE s.after = 'review_requested' AND s.before <> s.after)
              AT TIME ZONE 'Asia/Shanghai')::date AS asked_on,
           (max(s.happened_at) FILTER (WHERE s.after = 'closed') AT TIME ZONE 'Asia/Shanghai')::date AS closed_on
    FROM hazards_step s WHERE s.hazard_id = mine.id AND s.happened_at < %(end)s
  ) told
), judged AS (
  SELECT enterprise_id, origin,
         due_on >= %(first)s AND (CASE WHEN state = 'closed' THEN due_on <= %(on)s ELSE due_on < %(on)s END)
           AND state NOT IN ('draft', 'rejected', 'void', 'transferred', 'unit_closed') AS due,
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

INSPECTED = """
SELECT DISTINCT enterprise_id FROM inspections_inspection
WHERE enterprise_id = ANY(%(ids)s) AND started_at >= %(start)s AND started_at < %(end)s AND authority <> 'self_check'
"""

# Responsible, or nobody has found yet (pending counts); what is written off, a serious risk without harm, or told twice is
# no accident of its own, and of one outside
# production a unit answers only when found responsible. Late deaths are neither graded nor counted.
ACCIDENTS = """
WITH answered AS (
  SELECT u.enterprise_id, a.deaths, a.serious_injuries, a.grade,
         (a.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM zero_accident_unit u JOIN zero_accident_accident a ON a.id = u.accident_id
  WHERE u.enterprise_id = ANY(%(ids)s) AND u.known_to IS NULL
    AND a.occurred_at < %(end)s AND a.stat_status <> 'written_off'
    AND a.kind = 'accident' AND a.joined_to_id IS NULL
    AND (u.responsible OR (u.responsible IS NULL AND a.nature <> 'non_production'))
)
SELECT enterprise_id, max(day) FILTER (WHERE deaths > 0), max(day) FILTER (WHERE grade <> 'general'),
       count(*) FILTER (WHERE day >= %(first)s AND deaths = 0 AND serious_injuries > 0),
       count(*) FILTER (WHERE day >= %(first)s AND deaths = 0 AND serious_injuries = 0)
FROM answered GROUP BY enterprise_id
"""


def gather(ids: Iterable[UUID], on: date) -> dict[UUID, dict[str, Any]]:
    """By id; a unit that had not begun by then is absent. Raises NO_RULE."""
    stated = stated_facts(ids, on)
    asked = _parameters(list(stated), on)
    hazards = {key: counts for key, *counts in _rows(HAZARDS, asked)}
    inspected = {key for (key,) in _rows(INSPECTED, asked)}
    accidents = {key: found for key, *found in _rows(ACCIDENTS, asked)}
    own = risk_control(list(stated), on)
    return {
        key: {
            "on": on.isoformat(),
            **_accidents(accidents.get(key), on),
            "hazards": _hazards(hazards.get(key), key in inspected),
            **_controlled(told, own.get(key)),
        }
        for key, told in stated.items()
    }


def _controlled(told: dict[str, Any], own: dict[str, Any] | None) -> dict[str, Any]:
    """What a unit's risk points say comes before what was stated about them; a rate nobody can tell yet stays as stated."""
    if own is None:
        return told
    missing = [base for base in told["missing_bases"] if base != "risk_control"]
    return {**told, "risk_control": {**told["risk_control"], **own}, "missing_bases": missing}


def _parameters(ids: list[UUID], on: date) -> dict[str, Any]:
    first = window_begins(on)
    return {"ids": ids, "on": on, "first": first, "start": _midnight(first), "end": _midnight(on + timedelta(days=1))}


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _rows(statement: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def _hazards(counts: list[int] | None, inspected: bool) -> dict[str, Any]:
    due, on_time, major_open, major_overdue = counts or (0, 0, 0, 0)
    return {
        "due_12m": due,
        "on_time_12m": on_time,
        "inspected_12m": inspected,
        "major_open": major_open,
        "major_overdue": major_overdue,
    }


def _accidents(found: list[Any] | None, on: date) -> dict[str, Any]:
    fatal, larger, injuries, others = found or (None, None, 0, 0)
    return {
        "months_since_fatal": whole_months(fatal, on) if fatal else None,
        "months_since_larger": whole_months(larger, on) if larger else None,
        "serious_injury_accidents_12m": injuries,
        "other_accidents_12m": others,
    }
