"""Self-checks due and done, worked out: nothing is stored of a task until somebody has fulfilled it.

Days are days in Asia/Shanghai, first and last included. A period falls due when its last day is over. Statements are
set-based: as many for thirty units as for one, one more for each version of the methods that the days reach into.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from enterprises.facts import IN_BUSINESS
from reference import law
from reference.terms import ControlLevel
from risks import rules
from safety_api.days import ONE_DAY

LONGEST = timedelta(days=31)  # of a period: it may have begun so long before the first day asked about

# From when to when how many points of a unit were owed checks at a level, the unit being in business.
SPANS = f"""
SELECT point.enterprise_id, condition.sector_id, a.control_level,
       greatest(a.duty_from, condition.held_from), least(a.duty_to, condition.held_to, %(end)s), count(*)
FROM risks_point AS point
JOIN risks_assessment AS a ON a.risk_id = point.id
JOIN {IN_BUSINESS} AS condition
  ON condition.enterprise_id = point.enterprise_id AND condition.held_from < coalesce(a.duty_to, %(end)s)
     AND (condition.held_to IS NULL OR condition.held_to > a.duty_from)
WHERE point.enterprise_id = ANY(%(ids)s) AND a.duty_from < %(end)s
  AND (a.duty_to IS NULL OR a.duty_to > %(begin)s) AND (condition.held_to IS NULL OR condition.held_to > %(begin)s)
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - a fragment of the units' own
DONE = """
SELECT enterprise_id, level, sum(counted)::int FROM risks_self_check
WHERE enterprise_id = ANY(%(ids)s) AND due_on >= %(first)s AND due_on <= %(last)s GROUP BY 1, 2
"""
UNDER_WAY = """
SELECT level, period_from, shift, sum(counted)::int FROM risks_self_check
WHERE enterprise_id = %(unit)s AND due_on >= %(today)s AND period_from <= %(today)s GROUP BY 1, 2, 3
"""

# 每月至少一次: owed by units in business on the month's first day and on its last (today, while it lasts).
MONTHS = """
WITH month AS (
  SELECT * FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS month(first, last)
), owed AS (
  SELECT month.first, month.last, late.enterprise_id, late.region_code, late.sector_id
  FROM month
  JOIN {in_business} AS early
    ON early.held_from <= month.first AND (early.held_to IS NULL OR early.held_to > month.first)
  JOIN {in_business} AS late
    ON late.enterprise_id = early.enterprise_id AND late.held_from <= least(month.last, %(today)s)
       AND (late.held_to IS NULL OR late.held_to > least(month.last, %(today)s))
  WHERE late.unit_type = ANY(%(types)s) AND {which}
)
SELECT owed.first, {group}, count(*)::int, count(*) FILTER (WHERE EXISTS (
         SELECT FROM risks_self_check AS done
         WHERE done.enterprise_id = owed.enterprise_id AND done.level = '{level}' AND done.in_time
           AND done.due_on >= owed.first AND done.due_on <= owed.last))::int
FROM owed GROUP BY 1, 2 ORDER BY 1, 2
"""
GROUPS = {"unit": "enterprise_id::text", "township": "left(region_code, 9) || '000'", "sector": "sector_id"}
WHICH = {
    "unit": "late.enterprise_id = %(unit)s",
    "place": "late.region_code >= %(from_code)s AND late.region_code < %(to_code)s",
}


@dataclass
class Count:
    due: int = 0
    done: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.due + other.due, self.done + other.done)


class Span(NamedTuple):
    enterprise: UUID
    sector: str
    control: str
    first: date
    end: date
    points: int


class Month(NamedTuple):
    first: date
    group: str
    due: int
    done: int


# --- tasks ----------------------------------------------------------------------------------------------------------
def tasks(ids: Iterable[UUID], first: date, last: date) -> dict[UUID, dict[str, Count]]:
    """By unit and level; units that owed nothing are absent. More done than due (a point's duty ended within its period) is due."""
    wanted = list(ids)
    found: dict[UUID, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    for body, begin, end in _versions(first, last):
        below = _levels_below(body)
        for span in spans(wanted, begin, end):
            levels, shifts = found[span.enterprise], rules.shifts_per_day(body, span.sector)
            for level, often in below[span.control]:
                periods = rules.periods_due(often, (span.first, span.end), begin, end, shifts)
                levels[level].due += periods * span.points
    for enterprise, level, done in _rows(DONE, {"ids": wanted, "first": first, "last": last}):
        count = found[enterprise][level]
        count.done = min(done, count.due)
    return {unit: {level: each for level, each in levels.items() if each.due} for unit, levels in found.items()}


def spans(ids: list[UUID], first: date, last: date) -> list[Span]:
    asked = {"ids": ids, "begin": first - LONGEST, "end": last + ONE_DAY}
    return [Span(*row) for row in _rows(SPANS, asked)]


def _levels_below(body: rules.Body) -> dict[str, list[tuple[str, str]]]:
    """Control level → it and those below it, each with how often it looks."""
    return {
        str(control): [(str(level), str(rules.every(body, level))) for level in rules.levels_controlled_by(control)]
        for control in ControlLevel
    }


def _versions(first: date, last: date) -> Iterator[tuple[rules.Body, date, date]]:
    """The methods in force between two days, each with its share of them."""
    for each in law.books().documents.get("risk_methods", ()):
        begin, end = max(first, each.effective_from), min(last, each.effective_to or last)
        if begin <= end:
            yield each.body, begin, end


def total(levels: dict[str, Count]) -> Count:
    return sum(levels.values(), Count())


def under_way(unit: UUID, sector: str, now: datetime) -> list[dict[str, Any]]:
    """What is to be looked at in the periods that hold this (local) moment, by level; levels that owe nothing are absent."""
    today = now.date()
    body = law.in_force("risk_methods", today).body
    owed = spans([unit], today, today)
    done = {
        (level, first, shift): count for level, first, shift, count in _rows(UNDER_WAY, {"unit": unit, "today": today})
    }
    found = []
    for level in ControlLevel:
        period = rules.period_of(rules.every(body, level), now, rules.shifts_per_day(body, sector))
        points = sum(each.points for each in owed if _holds(each, level, period.first))
        if points:
            checked = min(points, done.get((str(level), period.first, period.shift), 0))
            found.append({"level": str(level), "points": points, "checked": checked, "period": period})
    return found


def _holds(span: Span, level: str, day: date) -> bool:
    return span.first <= day < span.end and rules.rank(span.control) <= rules.rank(level)


# --- once a month ---------------------------------------------------------------------------------------------------
def months_of_unit(unit: UUID, first: date, last: date, today: date) -> list[Month]:
    return _months("unit", "unit", first, last, today, unit=unit)


def months_of_place(group_by: str, prefix: str, first: date, last: date, today: date) -> list[Month]:
    """Of all units whose region code begins with `prefix`, by `township` or `sector`."""
    from_code, to_code = prefix.ljust(12, "0"), str(int(prefix) + 1).ljust(12, "0")
    return _months(group_by, "place", first, last, today, from_code=from_code, to_code=to_code)


def _months(group_by: str, which: str, first: date, last: date, today: date, **asked: Any) -> list[Month]:
    """`first` and `last` are first days of months. Raises NO_RULE."""
    duty = law.in_force("risk_methods", last).body["monthly"]
    level = ControlLevel(duty["level"])  # a word of ours, written out: the index of the company's rounds knows it
    statement = MONTHS.format(in_business=IN_BUSINESS, group=GROUPS[group_by], which=WHICH[which], level=level)
    count = last.year * 12 + last.month - first.year * 12 - first.month + 1
    firsts = [rules.add_months(first, n) for n in range(count)]  # named one by one: the planner knows how many they are
    lasts = [rules.add_months(each, 1) - ONE_DAY for each in firsts]
    common = {"firsts": firsts, "lasts": lasts, "today": today, "types": duty["unit_types"]}
    return [Month(*row) for row in _rows(statement, {**common, **asked})]


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()
