"""What is stated about a unit amounts to this on a day: its share of the facts of a supervision class (API.md). Pure.

Rows are anything with the columns of the tables; all of them are known and none begins after the day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from enterprises.duties.rules import Limit, best_of, is_filed
from enterprises.kinds import SAFETY_LICENCES, STOPPED, PaperState, Status
from reference.rules import Calendar, whole_months


@dataclass(frozen=True)
class Book:
    """The rules of the day: minimum levels by line, high-risk sectors and traits, the fine that makes it heavy, the months a fact
    counts (fewer than so many whole ones), and the body of `unit_duties`; what policies must be worth by the day they begin, what
    plans need (`plan_duties`) and the holidays by which their terms are counted.
    """

    minimums: Mapping[str, int]
    high_risk_sectors: Collection[str]
    high_risk_traits: Collection[str]
    heavy_fine_from: Decimal
    window_months: int
    duties: Mapping[str, Any]
    limits: Sequence[Limit] = ()
    plans: Mapping[str, Any] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=dict)


@dataclass
class Stated:
    """All that is known about one unit; each list ordered by its first day."""

    opened_on: date | None
    conditions: list[Any] = field(default_factory=list)
    certificates: list[Any] = field(default_factory=list)
    licences: list[Any] = field(default_factory=list)
    insurances: list[Any] = field(default_factory=list)
    facts: list[Any] = field(default_factory=list)

    def of(self, kind: str) -> list[Any]:
        return [fact for fact in self.facts if fact.kind == kind]


def class_facts(stated: Stated, on: date, book: Book) -> dict[str, Any]:
    """The facts under the names of `supervision/what-if`, without those of accidents, hazards and inspections."""
    unit = stated.conditions[-1]
    return {
        "sector": unit.sector_id,
        "months_operating": whole_months(stated.opened_on, on) if stated.opened_on else None,
        "standardization": standardization(unit, stated.certificates, on, book),
        "risk_control": risk_control(stated, on, book),
        "penalties": penalties(stated.of("penalty"), on, book),
        "emergency": emergency(unit, stated, on, book),
        "stopped_by_order": unit.status == Status.STOPPED_BY_ORDER or any_held(stated.of("stop_order"), on),
        "licence_invalid": licence_invalid(stated.licences, on),
        "dishonesty_listed": any_held(stated.of("dishonesty_listing"), on),
        "months_since_concealment": months_since(stated.of("concealment"), on),
        "refused_inspection": any_held(stated.of("refusal"), on),
        "stopped_months": stopped_months(stated.conditions, on),
        "special_geology": unit.special_geology,
        "missing_bases": missing_bases(unit, stated, on, book),
    }


# --- days -----------------------------------------------------------------------------------------------------------
def months_since(rows: Sequence[Any], on: date) -> int | None:
    """Since the last one's first day; None when there was never one."""
    return whole_months(rows[-1].held_from, on) if rows else None


def within(row: Any, months: int, on: date) -> bool:
    return whole_months(row.held_from, on) < months


def held(row: Any, on: date) -> bool:
    """Up to and including its last day."""
    return row.held_from <= on and (row.held_to is None or on <= row.held_to)


def any_held(rows: Iterable[Any], on: date) -> bool:
    return any(held(row, on) for row in rows)


# --- standardization ------------------------------------------------------------------------------------------------
def minimum_level(unit: Any, book: Book) -> int | None:
    """The level the unit must reach (1 is the best), None where none is prescribed. 兴政发〔2021〕11号（十八）."""
    line = next((each for each in book.duties["minimum_lines"] if _fits(unit, each, book)), None)
    return book.minimums.get(line["code"]) if line else None


def _fits(unit: Any, line: Mapping[str, Any], book: Book) -> bool:
    has = {
        "trait": lambda trait: trait in unit.traits,
        "sector": lambda sector: unit.sector_id == sector,
        "producing": lambda yes: unit.producing is yes,
        "above_scale": lambda yes: unit.above_scale is yes,
        "high_risk": lambda yes: is_high_risk(unit, book) is yes,
    }
    return all(fits(line[name]) for name, fits in has.items() if name in line)


def is_high_risk(unit: Any, book: Book) -> bool:
    return _is_among(unit, book.high_risk_sectors, book.high_risk_traits)


def standing_paper(paper: Any, on: date) -> bool:
    """Neither lowered, suspended nor revoked by that day; it may have run out."""
    return paper.state == PaperState.VALID or on < paper.state_on


def expired_days(paper: Any, on: date) -> int:
    return max(0, (on - paper.held_to).days) if paper.held_to else 0


def standardization(unit: Any, certificates: Sequence[Any], on: date, book: Book) -> dict[str, Any]:
    """The best certificate: one in time before one run out, then the better level. A voluntary level counts."""
    minimum = minimum_level(unit, book)
    standing_ones = [paper for paper in certificates if standing_paper(paper, on)]
    best = min(standing_ones, key=lambda paper: (expired_days(paper, on), paper.level), default=None)
    return {
        "applicable": minimum is not None or best is not None,
        "level": best.level if best else None,
        "minimum": minimum,
        "expired_days": expired_days(best, on) if best else 0,
    }


# --- risk control ---------------------------------------------------------------------------------------------------
def risk_control(stated: Stated, on: date, book: Book) -> dict[str, Any]:
    reviews = stated.of("risk_review")
    return {
        "reviewed_12m": bool(reviews) and within(reviews[-1], book.window_months, on),
        "red_orange_controlled": bool(reviews) and reviews[-1].value["red_orange_controlled"],
        "self_check_rate": self_check_rate(stated.of("self_check"), on, book),
    }


def self_check_rate(checks: Iterable[Any], on: date, book: Book) -> int:
    """Per cent of self-checks done of those due in the window, rounded down; 0 when none was due or told."""
    recent = [check.value for check in checks if within(check, book.window_months, on)]
    due = sum(each["due"] for each in recent)
    return min(100, 100 * sum(each["done"] for each in recent) // due) if due else 0


def penalties(rows: Iterable[Any], on: date, book: Book) -> dict[str, int]:
    recent = [is_heavy(row.value, book) for row in rows if within(row, book.window_months, on)]
    return {"ordinary_12m": recent.count(False), "heavy_12m": recent.count(True)}


def is_heavy(penalty: Mapping[str, Any], book: Book) -> bool:
    return penalty["severity"] == "heavy" or Decimal(penalty.get("fine_yuan") or 0) >= book.heavy_fine_from


def emergency(unit: Any, stated: Stated, on: date, book: Book) -> dict[str, bool | None]:
    """What does not apply counts as done (XX-ABCD-1, R4); what is not known, None, is not held against the unit."""
    certified = [fact.value for fact in stated.of("people_certified") if held(fact, on)]
    trained = [fact for fact in stated.of("training") if within(fact, book.duties["training_months"], on)]
    return {
        "plan_filed": any_held(stated.of("plan_filing"), on) or plan_filed(stated.of("plan"), on, book),
        "drill_on_time": drill_on_time(unit, stated, on, book),
        "people_certified": bool(certified) and certified[-1]["principal"] and certified[-1]["safety_officers"],
        "training_done": bool(trained) and trained[-1].value["plan_done"],
        "insured": insured(unit, stated.insurances, on, book),
    }


def plan_filed(plans: Iterable[Any], on: date, book: Book) -> bool:
    """By an answer, or by silence (生产安全事故应急预案管理办法 第二十八条)."""
    return any(held(each, on) and is_filed(each, on, book.plans, book.calendar) for each in plans)


def drill_on_time(unit: Any, stated: Stated, on: date, book: Book) -> bool:
    """生产安全事故应急条例 第八条; a unit younger than the interval is not late yet."""
    drills = book.duties["drills"]
    often = _is_among(unit, drills["often_sectors"], drills["often_traits"])
    months = drills["often_months" if often else "months"]
    if made := stated.of("drill"):
        return within(made[-1], months, on)
    return stated.opened_on is not None and whole_months(stated.opened_on, on) < months


def insured(unit: Any, policies: Iterable[Any], on: date, book: Book) -> bool | None:
    """By a policy worth what the text of its first day asks; None where the records held do not say whether it is."""
    return best_of([each for each in policies if held(each, on)], book.limits) if must_insure(unit, book) else True


def must_insure(unit: Any, book: Book) -> bool:
    return _is_among(unit, book.duties["insurance"]["sectors"], book.duties["insurance"]["traits"])


def _is_among(unit: Any, sectors: Collection[str], traits: Collection[str]) -> bool:
    return unit.sector_id in sectors or bool(set(unit.traits) & set(traits))


# --- what stops a unit ----------------------------------------------------------------------------------------------
def licence_invalid(licences: Iterable[Any], on: date) -> bool:
    """Of a safety licence it once had, no copy is in force: suspended, revoked or run out."""
    had = [paper for paper in licences if paper.licence in SAFETY_LICENCES]
    good = {paper.licence for paper in had if standing_paper(paper, on) and held(paper, on)}
    return any(paper.licence not in good for paper in had)


def stopped_months(conditions: Sequence[Any], on: date) -> int:
    """Whole months of the stop that lasts on that day, whoever ordered it; 0 when it does not stand still."""
    since = None
    for each in reversed(conditions):
        if each.status not in STOPPED:
            break
        since = each.held_from
    return whole_months(since, on) if since else 0


def missing_bases(unit: Any, stated: Stated, on: date, book: Book) -> list[str]:
    """Of the three bases of 兴政发〔2021〕11号（二十四）, those nobody has told us anything about."""
    given = {
        "safe_period": stated.opened_on is not None,
        "standardization": minimum_level(unit, book) is None
        or bool(stated.certificates)
        or any_held(stated.of("no_standardization"), on),
        "risk_control": bool(stated.of("risk_review") or stated.of("self_check")),
    }
    return [name for name, known in given.items() if not known]
