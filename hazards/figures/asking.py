"""What the kept sums say: counts and rates of a range of months, grouped as asked.

No hazard is read but those whose deadline lies ahead in the running month: they are in the month's sums, and have not
fallen due yet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from geo.codes import whole
from geo.models import Region
from reference import law
from safety_api.days import month_after, month_end
from safety_api.problems import BAD_PARAMETER, IN_THE_FUTURE

GROUPS = ("township", "sector", "department", "level", "origin", "month")
MOST_MONTHS = 60


# --- the range -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Range:
    """Whole months, the first and the last included, as they stand on `today`; the running one is to date."""

    first: date  # first day of the first month
    last: date  # first day of the last
    today: date

    @property
    def end(self) -> date:
        """The last day that counts."""
        return min(month_end(self.last), self.today)

    @property
    def is_running(self) -> bool:
        return self.last == self.today.replace(day=1)

    def months(self) -> Iterator[date]:
        month = self.first
        while month <= self.last:
            yield month
            month = month_after(month)


def range_of(first: date | None, last: date | None, today: date) -> Range:
    """Not given: this year to date. Months to come are left off. Raises IN_THE_FUTURE, BAD_PARAMETER."""
    running = today.replace(day=1)
    last = min(last or running, running)
    first = first or last.replace(month=1)
    if first > running:
        raise IN_THE_FUTURE.at("", said="from")
    if first > last:
        raise BAD_PARAMETER(name="to", detail="to 早于 from。")
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise BAD_PARAMETER(name="from", detail=f"一次最多 {MOST_MONTHS} 个月。")
    return Range(first, last, today)


# --- sums ------------------------------------------------------------------------------------------------------------
FLOWS = ("found", "confirmed", "cleared", "closed", "days", "due", "on_time")
STOCK_NAMES = ("open", "overdue")  # of all months until then
NAMES = FLOWS + STOCK_NAMES
MAJOR = ("found", "confirmed", "cleared", "closed", "open", "overdue")
SHOWN = (*NAMES, *(f"major_{name}" for name in MAJOR))
STOCKS = [name for name in SHOWN if name.endswith(STOCK_NAMES)]
PLACE = "township >= %(from_place)s::text AND township < %(to_place)s::text"
KEPT = f"""
SELECT {{keys}} level = 'major' AS is_major, {{bucket}} AS bucket, {", ".join(f"sum({name})" for name in FLOWS)},
       sum(found - ended), sum(lapsed - regained)
FROM hazards_figure WHERE {PLACE} AND month <= %(last)s::date {{where}} GROUP BY {{keys}} is_major, bucket
"""  # noqa: S608 - names of our own
BY_MONTH = "CASE WHEN month >= %(first)s::date THEN month END"
AT_ONCE = "CASE WHEN month >= %(first)s::date THEN %(last)s::date END"
# What of the running month's sums lies ahead: deadlines from today to its last day. One missed before fell due then, and
# may be missed once more.
AHEAD = f"""
SELECT {{keys}} level = 'major' AS is_major, %(last)s::date AS bucket, 0, 0, 0, 0, 0,
       -count(*) FILTER (WHERE fell_due_on = due_on AND (due_on > %(today)s::date OR closed_on IS NULL)),
       -count(*) FILTER (WHERE on_time AND due_on > %(today)s::date),
       0, -count(*) FILTER (WHERE late_from > %(today)s::date AND late_from <= %(month_end)s::date)
FROM hazards_counted
WHERE {PLACE} AND due_on BETWEEN %(today)s::date AND %(month_end)s::date {{where}}
GROUP BY {{keys}} is_major
"""  # noqa: S608


@dataclass(frozen=True)
class Question:
    over: Range
    by: tuple[str, ...]  # of GROUPS
    region: str  # prefix of 2 to 9 digits
    equal: Mapping[str, str] = field(default_factory=dict)  # sector, department, level, origin

    @property
    def keys(self) -> list[str]:
        return [name for name in self.by if name != "month"]

    @property
    def values(self) -> dict[str, Any]:
        over = self.over
        days = {"first": over.first, "last": over.last, "today": over.today, "month_end": month_end(over.last)}
        return {**days, "from_place": self.region, "to_place": str(int(self.region) + 1), **self.equal}


Sums = Counter[str]
Groups = dict[tuple, dict[date | None, Sums]]  # keys but the month → month, None for all before the range → sums


def answer(asked: Question) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(rows, total). A row has every key of GROUPS, None where not grouped by, and what `shown` gives. Three queries at most."""
    groups = _groups(asked)
    rows = [_keyed(asked, key, month) | shown(sums) for key, month, sums in _rows(asked, groups)]
    rows.sort(key=lambda row: [_place(row, name) for name in asked.by])
    _name(rows)
    return rows, shown(_total(groups))


def _groups(asked: Question) -> Groups:
    many = len(asked.keys)
    groups: Groups = defaultdict(lambda: defaultdict(Counter))
    for row in _fetch(asked):
        sums = groups[row[:many]][row[many + 1]]
        for name, n in zip(NAMES, row[many + 2 :], strict=True):
            sums[name] += int(n)
            if row[many] and name in MAJOR:
                sums[f"major_{name}"] += int(n)
    return groups


def _fetch(asked: Question) -> list[tuple]:
    parts = {
        "keys": "".join(f"{name}, " for name in asked.keys),
        "bucket": BY_MONTH if "month" in asked.by else AT_ONCE,
        "where": "".join(f" AND {name} = %({name})s::text" for name in asked.equal),
    }
    found: list[tuple] = []
    with connection.cursor() as cursor:
        for statement in (KEPT, AHEAD) if asked.over.is_running else (KEPT,):
            cursor.execute(statement.format(**parts), asked.values)
            found += cursor.fetchall()
    return found


def _rows(asked: Question, groups: Groups) -> Iterator[tuple[tuple, date, Sums]]:
    """Each group once, or once a month: what is open at a month's end was open before or came in it."""
    months = list(asked.over.months()) if "month" in asked.by else [asked.over.last]
    for key, by_month in groups.items():
        before = by_month.get(None, Counter())
        for month in months:
            sums = by_month.get(month, Counter()).copy()
            for name in STOCKS:
                sums[name] += before[name]
            before = sums
            if any(sums.values()):
                yield key, month, sums


def _total(groups: Groups) -> Sums:
    total: Sums = Counter()
    for by_month in groups.values():
        for month, sums in by_month.items():
            for name in SHOWN if month else STOCKS:
                total[name] += sums[name]
    return total


# --- words -----------------------------------------------------------------------------------------------------------
def shown(sums: Sums) -> dict[str, Any]:
    """Counts as they are, rates with both integers; nothing ever looks better by rounding."""
    counts = {name: sums[name] for name in SHOWN if name != "days"}
    return {
        **counts,
        "late": sums["due"] - sums["on_time"],
        "on_time_rate": share(sums["on_time"], sums["due"]),
        "closing_rate": share(sums["cleared"], sums["confirmed"]),
        "major_clearing_rate": share(sums["major_cleared"], sums["major_confirmed"]),
        "average_days": {
            "numerator": sums["days"],
            "denominator": sums["closed"],
            "days": rounded_down(sums["days"], sums["closed"]),
        },
    }


def share(part: int, whole_: int) -> dict[str, Any]:
    return {"numerator": part, "denominator": whole_, "percent": rounded_down(part * 100, whole_)}


def rounded_down(numerator: int, denominator: int) -> str | None:
    """Two decimals, cut off; None where there is nothing to divide by."""
    if not denominator:
        return None
    hundredths = numerator * 100 // denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _keyed(asked: Question, key: tuple, month: date) -> dict[str, Any]:
    keys: dict[str, Any] = dict.fromkeys(GROUPS) | dict(zip(asked.keys, key, strict=True))
    keys["department"] = keys["department"] or None  # a hazard of no department
    return keys | {"month": f"{month:%Y-%m}" if "month" in asked.by else None}


def _place(row: Mapping[str, Any], name: str) -> Any:
    """Sectors stand in the notice's order, everything else by its code; what has none comes last."""
    if name == "sector":
        known = law.books().sectors.get(row["sector"])
        return (known.order if known else 999, row["sector"])
    return (row[name] is None, row[name] or "")


def _name(rows: Iterable[dict[str, Any]]) -> None:
    """Names beside the codes; one query when there are townships."""
    books = law.books()
    prefixes = {row["township"] for row in rows if row["township"]}
    names = dict(Region.objects.filter(code__in=map(whole, prefixes)).values_list("code", "name")) if prefixes else {}
    for row in rows:
        code = row["township"] and whole(row["township"])
        sector, department = books.sectors.get(row["sector"]), books.departments.get(row["department"])
        row["township"], row["township_name"] = code, names.get(code)
        row["sector_name"] = sector.name if sector else None
        row["department_name"] = department.name if department else None
