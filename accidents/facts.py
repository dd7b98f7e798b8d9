"""What accidents say of a supervision class, for many units at once: one statement, however many.

Days are days in Asia/Shanghai. Accidents and whose they were are taken as we know them now, also for a past day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from reference import law
from safety_api.days import day_over, midnight

# Responsible, or nobody has found yet (pending counts); what is written off, a serious risk without harm, or reported twice is
# no accident of its own, and of one outside production a unit answers only when found responsible. What is older than the
# first law of grades counts nowhere. Late deaths are neither graded nor counted.
ANSWERED = """
WITH answered AS (
  SELECT u.enterprise_id, a.deaths, a.serious_injuries, a.grade,
         (a.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM zero_accident_unit u JOIN zero_accident_accident a ON a.id = u.accident_id
  WHERE u.enterprise_id = ANY(%(ids)s) AND u.known_to IS NULL
    AND a.occurred_at < %(end)s AND a.stat_status <> 'written_off'
    AND a.kind = 'accident' AND a.joined_to_id IS NULL AND a.occurred_at >= %(law)s
    AND (u.responsible OR (u.responsible IS NULL AND a.nature <> 'non_production'))
)
SELECT enterprise_id, max(day) FILTER (WHERE deaths > 0), max(day) FILTER (WHERE grade <> 'general'),
       count(*) FILTER (WHERE day >= %(first)s AND deaths = 0 AND serious_injuries > 0),
       count(*) FILTER (WHERE day >= %(first)s AND deaths = 0 AND serious_injuries = 0)
FROM answered GROUP BY enterprise_id
"""


class AccidentsAnswered(NamedTuple):
    """The last with a death and the last above the lowest grade, whenever; since the first day, without a death, those with a
    serious injury and those without."""

    fatal_on: date | None = None
    larger_on: date | None = None
    serious_injuries: int = 0
    others: int = 0


def accidents_answered(ids: Iterable[UUID], first: date, on: date) -> dict[UUID, AccidentsAnswered]:
    """Of the units that answer for any until `on`, that day included."""
    end, begun = day_over(on), midnight(law.first_day("accident_grades"))
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, {"ids": list(ids), "first": first, "on": on, "end": end, "law": begun})
        return {key: AccidentsAnswered(*found) for key, *found in cursor.fetchall()}
