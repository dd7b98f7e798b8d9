"""What one hazard counts for, and the sums: kept by difference, equal to a rebuild.

A message only says which hazards were touched. What they count for now is worked out from the hazard and its steps, compared
with what they counted for (`hazards_counted`), and the difference is added to the sums. So messages may come twice and in any
order, and a step costs the same at a thousand hazards as at a million.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from hazards.models.figures import COUNTS, KEY
from hazards.models.hazard import Hazard
from safety_api import merged
from safety_api.parts import in_parts

LOCK = 0x4846  # pg_advisory_xact_lock: messages share it, a rebuild has it alone
MOST_SHOWN = 20
BATCH = 2000
COLUMNS = (
    "hazard_id", "township", "sector", "department", "level", "origin", "found_on", "confirmed_on", "closed_on", "ended_on",
    "due_on", "fell_due_on", "on_time", "late_from", "late_to", "earlier_late_from", "earlier_late_to",
)  # fmt: skip

# On time: review asked for by the deadline and passed, or closed by then, and never overdue before (DOMAIN, corrections to
# 3.7). A deadline missed stays missed: moved later, the hazard still fell due on the day before it first was overdue.
# Overdue is counted by the deadline in force on the day; asked for in time and not yet reviewed is not overdue, nor has it fallen due:
# how late the review is carried out is the authority's own affair. What is only reported, or was rejected, has no deadline to miss.
COUNTED = """
SELECT id AS hazard_id, left(region_code, 9) AS township, sector_id AS sector, coalesce(department_id, '') AS department,
       level, origin, found_on, confirmed_on,
       CASE WHEN state = 'closed' THEN ended_on END AS closed_on, ended_on,
       due_on, CASE WHEN state NOT IN ('reported', 'rejected', 'unit_closed') AND due_on IS NOT NULL
                     AND NOT (state <> 'closed' AND in_time AND overdue_since IS NULL)
                    THEN least(due_on, overdue_since - 1) END AS fell_due_on,
       coalesce(state = 'closed' AND overdue_since IS NULL AND (in_time OR closed_on <= due_on), false) AS on_time,
       CASE WHEN late THEN late_from END AS late_from, CASE WHEN late THEN ended_on END AS late_to,
       CASE WHEN earlier THEN overdue_since END AS earlier_late_from,
       CASE WHEN earlier THEN least(moved_on, ended_on) END AS earlier_late_to
FROM (
  SELECT *, told AND NOT in_time AND late_from < coalesce(ended_on, 'infinity') AS late,
         overdue_since <= due_on AND overdue_since < coalesce(least(moved_on, ended_on), 'infinity') AS earlier
  FROM (
    SELECT h.id, coalesce(heir.now, h.region_code) AS region_code, h.sector_id, h.department_id, h.level, h.origin, h.state,
           h.overdue_since, h.closed_on,
           found_on, moved_on, h.due_on, greatest(h.due_on + 1, from_steps.confirmed_on) AS late_from,
           h.state NOT IN ('reported', 'rejected') AND (h.state <> 'unit_closed' OR from_steps.confirmed_on IS NOT NULL) AS told,
           coalesce(h.review_requested_on <= h.due_on, false) AS in_time,
           CASE WHEN h.state NOT IN ('reported', 'rejected', 'unit_closed')
                THEN greatest(coalesce(from_steps.confirmed_on, found_on), found_on) END AS confirmed_on,
           CASE WHEN h.state = 'closed' THEN greatest(h.closed_on, found_on)
                WHEN h.state IN ('rejected', 'unit_closed') THEN greatest(from_steps.ended_on, found_on) END AS ended_on
    FROM hazards_hazard AS h
    LEFT JOIN (
      SELECT hazard_id,
             (min(happened_at) FILTER (WHERE after IN ('confirmed', 'ordered', 'rectifying', 'review_requested', 'closed',
                                                       'enforcement')) AT TIME ZONE 'Asia/Shanghai')::date AS confirmed_on,
             (max(happened_at) FILTER (WHERE after IN ('rejected', 'unit_closed'))
                AT TIME ZONE 'Asia/Shanghai')::date AS ended_on,
             (max(happened_at) FILTER (WHERE due_on IS NOT NULL) AT TIME ZONE 'Asia/Shanghai')::date AS moved_on
      FROM hazards_step {of_steps} GROUP BY hazard_id
    ) AS from_steps ON from_steps.hazard_id = h.id
    LEFT JOIN unnest(%(was)s::text[], %(now)s::text[]) AS heir (was, now) ON heir.was = h.region_code
    CROSS JOIN LATERAL (SELECT (h.found_at AT TIME ZONE 'Asia/Shanghai')::date AS found_on) AS found
    WHERE h.state NOT IN ('draft', 'void', 'transferred') {of_hazards}
  ) AS fared
) AS judged
"""
MINE = COUNTED.format(of_steps="WHERE hazard_id = ANY(%(ids)s)", of_hazards="AND h.id = ANY(%(ids)s)")
ALL = COUNTED.format(of_steps="", of_hazards="")

# What happened on which day. `since`: the day from which it counts; an open hazard has fallen due when its day is over.
EVENTS = """
CROSS JOIN LATERAL (VALUES
  (found_on,          found_on,          1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  (confirmed_on,      confirmed_on,      0, 1, (closed_on IS NOT NULL)::int, 0, 0, 0, 0, 0, 0, 0),
  (closed_on,         closed_on,         0, 0, 0, 1, closed_on - found_on, 0, 0, 0, 0, 0),
  (ended_on,          ended_on,          0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
  (fell_due_on, fell_due_on + (closed_on IS NULL)::int, 0, 0, 0, 0, 0, 0, 1, on_time::int, 0, 0),
  (late_from,         late_from,         0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
  (late_to,           late_to,           0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
  (earlier_late_from, earlier_late_from, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
  (earlier_late_to,   earlier_late_to,   0, 0, 0, 0, 0, 0, 0, 0, 0, 1)
) AS event (day, since, found, confirmed, cleared, closed, days, ended, due, on_time, lapsed, regained)
"""
MONTH = "date_trunc('month', day)::date"


def _list(names: Iterable[object], form: str = "{}") -> str:
    return ", ".join(form.format(name) for name in names)


OF_OLD, OF_NEW = _list(COLUMNS, "old.{}"), _list(COLUMNS, "new.{}")
SET_COLUMNS = _list(COLUMNS[1:], "{0} = excluded.{0}")
SUMS = _list(COUNTS, "sum(event.{0}) AS {0}")
DIFFERS = f"({OF_OLD}) IS DISTINCT FROM ({OF_NEW})"

LOCK_HAZARDS = "SELECT id FROM hazards_hazard WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE"
FOLLOW = f"""
WITH old AS MATERIALIZED (SELECT {_list(COLUMNS)} FROM hazards_counted WHERE hazard_id = ANY(%(ids)s)),
new AS MATERIALIZED ({MINE}),
moved AS MATERIALIZED (
  SELECT coalesce(old.hazard_id, new.hazard_id) AS id FROM old FULL JOIN new ON new.hazard_id = old.hazard_id WHERE {DIFFERS}
),
kept AS (
  INSERT INTO hazards_counted ({_list(COLUMNS)}) SELECT {OF_NEW} FROM new JOIN moved ON moved.id = new.hazard_id
  ON CONFLICT (hazard_id) DO UPDATE SET {SET_COLUMNS}
),
dropped AS (
  DELETE FROM hazards_counted AS gone USING moved
  WHERE gone.hazard_id = moved.id AND NOT EXISTS (SELECT FROM new WHERE new.hazard_id = moved.id)
),
signed AS (
  SELECT 1 AS sign, {OF_NEW} FROM new JOIN moved ON moved.id = new.hazard_id
  UNION ALL SELECT -1, {OF_OLD} FROM old JOIN moved ON moved.id = old.hazard_id
)
INSERT INTO hazards_figure AS figure ({_list(KEY)}, {_list(COUNTS)})
SELECT {MONTH} AS month, {_list(KEY[1:])}, {_list(COUNTS, "sum(sign * event.{})")}
FROM signed {EVENTS} WHERE day IS NOT NULL GROUP BY {_list(range(1, len(KEY) + 1))} ORDER BY {_list(range(1, len(KEY) + 1))}
ON CONFLICT (township, month, sector, department, level, origin)
DO UPDATE SET {_list(COUNTS, "{0} = figure.{0} + excluded.{0}")}
"""  # noqa: S608 - names of our own

RECOUNT = f"""
WITH new AS MATERIALIZED ({ALL}),
kept AS (
  INSERT INTO hazards_counted ({_list(COLUMNS)})
  SELECT {OF_NEW} FROM new LEFT JOIN hazards_counted AS old ON old.hazard_id = new.hazard_id WHERE {DIFFERS}
  ON CONFLICT (hazard_id) DO UPDATE SET {SET_COLUMNS} RETURNING hazard_id
),
dropped AS (
  DELETE FROM hazards_counted AS gone WHERE NOT EXISTS (SELECT FROM new WHERE new.hazard_id = gone.hazard_id)
  RETURNING hazard_id
)
SELECT count(*), (array_agg(hazard_id::text))[1:{MOST_SHOWN}] FROM (SELECT * FROM kept UNION ALL SELECT * FROM dropped) AS off
"""  # noqa: S608
SAME_CELL = " AND ".join(f"figure.{name} = fresh.{name}" for name in KEY)
RESUM = f"""
WITH fresh AS MATERIALIZED (
  SELECT {MONTH} AS month, {_list(KEY[1:])}, {SUMS} FROM hazards_counted AS counted {EVENTS} WHERE day IS NOT NULL
  GROUP BY {_list(range(1, len(KEY) + 1))}
),
kept AS (
  INSERT INTO hazards_figure ({_list(KEY)}, {_list(COUNTS)})
  SELECT {_list(KEY + COUNTS, "fresh.{}")} FROM fresh LEFT JOIN hazards_figure AS figure ON {SAME_CELL}
  WHERE ({_list(COUNTS, "figure.{}")}) IS DISTINCT FROM ({_list(COUNTS, "fresh.{}")})
  ON CONFLICT (township, month, sector, department, level, origin) DO UPDATE SET {_list(COUNTS, "{0} = excluded.{0}")}
  RETURNING month, township, sector
),
emptied AS (
  UPDATE hazards_figure AS figure SET {_list(COUNTS, "{} = 0")}
  WHERE ({_list(COUNTS)}) <> ({_list("0" for _ in COUNTS)}) AND NOT EXISTS (SELECT FROM fresh WHERE {SAME_CELL})
  RETURNING month, township, sector
)
SELECT count(*), (array_agg(to_char(month, 'YYYY-MM') || ' ' || township || ' ' || sector))[1:{MOST_SHOWN}]
FROM (SELECT * FROM kept UNION ALL SELECT * FROM emptied) AS off
"""  # noqa: S608


@transaction.atomic
def follow(hazards: Iterable[Any]) -> None:
    """These hazards (ids) have changed: the sums follow. Three statements, however many hazards there are."""
    ids = sorted({str(each) for each in hazards})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
        cursor.execute(LOCK_HAZARDS.replace("%(ids)s", "%(ids)s::uuid[]"), {"ids": ids})
        cursor.execute(FOLLOW.replace("%(ids)s", "%(ids)s::uuid[]"), {"ids": ids, **_heirs()})


def _heirs() -> dict[str, list[str]]:
    """Of places that ended: their codes, and the codes of those that took over."""
    of = merged.heirs()
    return {"was": list(of), "now": list(of.values())}


def follow_places(codes: Iterable[str]) -> None:
    """The hazards of these places count elsewhere from now on."""
    rows = Hazard.objects.filter(region_code__in=list(codes)).order_by("pk").values_list("pk", flat=True)
    for ids in in_parts(rows, BATCH):
        follow(ids)


@dataclass
class RecountReport:
    """What a rebuild found different: hazards and sums, and the first of them in words."""

    hazards: int = 0
    sums: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.hazards + self.sums


@transaction.atomic
def rebuild(*, check: bool = False) -> RecountReport:
    """Everything from the hazards and their steps; what differs is written. `check` reports the same and writes nothing.

    A hazard whose message waits in the outbox is a difference too: it is not yet followed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(RECOUNT, _heirs())
        hazards, ids = cursor.fetchone()
        cursor.execute(RESUM)
        sums, cells = cursor.fetchone()
    if check:
        transaction.set_rollback(True)
    lines = [*(f"隐患 {each}" for each in ids or ()), *(f"数字 {each}" for each in cells or ())]
    return RecountReport(hazards, sums, lines)
