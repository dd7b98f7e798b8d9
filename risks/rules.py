"""How dangerous, whose to control, how often to look: pure functions over the dated document `risk_methods` (DOMAIN §4).

`body` is that document's body. Days are days in Asia/Shanghai; spans of days are half-open [first, end). Scores of LEC are
Decimals, scores of LS whole numbers, rates are made of whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from reference.rules import add_months
from reference.terms import COLOUR_OF, LEVEL_OF, CheckEvery, Colour, ControlLevel, RiskMethod

Body = Mapping[str, Any]
MUST_BE_CONTROLLED = LEVEL_OF[Colour.ORANGE]  # and what is worse: `red_orange_controlled`
FACTORS = {  # what is multiplied, in the order in which it is written down
    RiskMethod.LEC: ("likelihood", "exposure", "consequence"),
    RiskMethod.LS: ("likelihood", "severity"),
}


class OutsideTable(ValueError):
    """A factor that the method's table does not have, or that the method does not ask for; `factor` names it."""

    def __init__(self, factor: str):
        super().__init__(factor)
        self.factor = factor


# --- scores and colours ---------------------------------------------------------------------------------------------
def score(body: Body, method: str, factors: Mapping[str, Decimal]) -> Decimal:
    """The product of exactly the factors of this method, each of them a value of its table. Raises OutsideTable."""
    for name in factors.keys() - set(FACTORS[RiskMethod(method)]):
        raise OutsideTable(name)
    product = Decimal(1)
    for name in FACTORS[RiskMethod(method)]:
        value = factors.get(name)
        if value not in {Decimal(row["value"]) for row in body[method][name]}:
            raise OutsideTable(name)
        product *= value
    return product


def colour_of(body: Body, method: str, points: Decimal | int) -> Colour:
    """The band's lower bound belongs to it: 320 is red, 319.99 orange."""
    bands = body["colours"]["levels"]
    return Colour(next(band["colour"] for band in bands if points >= band[f"{RiskMethod(method)}_from"]))


def forced_reasons(body: Body) -> dict[str, str]:
    """直接判定为重大风险的情形: a closed list, code → words."""
    return {row["code"]: row["name"] for row in body["forced_major"]["reasons"]}


@dataclass(frozen=True)
class Assessed:
    """Scores and levels (1 red … 4 blue) before and with measures, and the lowest control level that will do."""

    inherent_score: Decimal
    inherent_level: int
    residual_score: Decimal
    residual_level: int
    control: ControlLevel


def assessed(
    body: Body, method: str, inherent: Mapping[str, Decimal], residual: Mapping[str, Decimal], forced_major: str = ""
) -> Assessed:
    """A forced reason is red before and after measures, whatever the scores. Raises OutsideTable."""
    scores = [score(body, method, factors) for factors in (inherent, residual)]
    levels = [1 if forced_major else LEVEL_OF[colour_of(body, method, each)] for each in scores]
    deciding = dict(zip(("inherent", "residual"), levels, strict=True))[body["colours"]["control_by"]]
    return Assessed(scores[0], levels[0], scores[1], levels[1], control_of(body, deciding))


# --- control --------------------------------------------------------------------------------------------------------
def control_of(body: Body, level: int) -> ControlLevel:
    """Who must control a risk of this level, at least."""
    return ControlLevel(next(band["control"] for band in body["colours"]["levels"] if band["level"] == level))


def rank(control: str) -> int:
    """0 for the company, 3 for the post."""
    return list(ControlLevel).index(ControlLevel(control))


def levels_controlled_by(control: str) -> list[ControlLevel]:
    """The level itself and all below it: 上级管控的风险，下级同时管控."""
    return list(ControlLevel)[rank(control) :]


def too_low(control: str, least: str) -> bool:
    return rank(control) > rank(least)


def is_controlled(measures: Mapping[str, str], persons: Mapping[str, str], control: str) -> bool:
    """Measures and a named person at the level that answers for it."""
    return any(measures.values()) and bool(persons.get(control))


def unnamed(persons: Mapping[str, str], control: str) -> list[str]:
    """Levels that control it and for which nobody is named."""
    return [str(level) for level in levels_controlled_by(control) if not persons.get(level)]


def highest(levels: Iterable[int]) -> str:
    """The colour of the most dangerous of them; "" for none."""
    return str(COLOUR_OF[min(found)]) if (found := list(levels)) else ""


# --- review ---------------------------------------------------------------------------------------------------------
def review_due(body: Body, assessed_on: date) -> date:
    return add_months(assessed_on, body["review"]["months"])


# --- periods --------------------------------------------------------------------------------------------------------
# A period is known by its number: days since the first of 1970, weeks since its first Monday, months since year 0. Each
# shift has a number within its day besides.
MONDAY = date(1970, 1, 5).toordinal()


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    shift: int = 0  # 1 … n; 0 where periods are days or longer


def every(body: Body, control: str) -> CheckEvery:
    return CheckEvery(next(row["every"] for row in body["control"]["levels"] if row["code"] == control))


def shifts_per_day(body: Body, sector: str) -> int:
    shifts = body["control"]["shifts_per_day"]
    return shifts.get(sector, shifts["default"])


def _index(how_often: str, day: date) -> tuple[int, bool]:
    """The number of the period that holds this day, and whether the day is its first."""
    if how_often == CheckEvery.MONTH:
        return day.year * 12 + day.month - 1, day.day == 1
    if how_often == CheckEvery.WEEK:
        number, weekday = divmod(day.toordinal() - MONDAY, 7)
        return number, weekday == 0
    return day.toordinal(), True


def _holding(how_often: str, day: date) -> int:
    return _index(how_often, day)[0]


def _beginning_from(how_often: str, day: date) -> int:
    number, is_first = _index(how_often, day)
    return number if is_first else number + 1


@lru_cache(maxsize=4096)  # many points were entered on one day
def periods_due(how_often: str, span: tuple[date, date], first: date, last: date, shifts: int = 1) -> int:
    """How many periods begin in `span` [from, end) and have their last day between `first` and `last`, both included."""
    begin = max(_beginning_from(how_often, span[0]), _holding(how_often, first))
    end = min(_beginning_from(how_often, span[1]), _holding(how_often, last + timedelta(days=1)))
    return max(0, end - begin) * (shifts if how_often == CheckEvery.SHIFT else 1)


def period_of(how_often: str, moment: datetime, shifts: int = 1) -> Period:
    """The period in which something was done; `moment` is local time. The day's shifts are of equal length, from midnight."""
    day = moment.date()
    if how_often == CheckEvery.SHIFT:
        return Period(day, day, (moment.hour * 60 + moment.minute) * shifts // (24 * 60) + 1)
    if how_often == CheckEvery.MONTH:
        first = day.replace(day=1)
        return Period(first, add_months(first, 1) - timedelta(days=1))
    length = 7 if how_often == CheckEvery.WEEK else 1
    first = day - timedelta(days=(day.toordinal() - MONDAY) % length)
    return Period(first, first + timedelta(days=length - 1))


def arrived_in_time(body: Body, checked_at: datetime, received_at: datetime) -> bool:
    """What was done offline and came much later is kept, and counts for nothing."""
    return received_at - checked_at <= timedelta(hours=body["control"]["upload_within_hours"])


def newly_done(checked: Collection[Any], due: Collection[Any], done_before: Collection[Any]) -> list[Any]:
    """Of the points looked at, those that were due in the period and that nobody had looked at in it before."""
    return [each for each in checked if each in due and each not in done_before]


# --- rates ----------------------------------------------------------------------------------------------------------
def per_cent(done: int, due: int) -> int | None:
    """Rounded down; None when nothing was due."""
    return min(100, 100 * done // due) if due else None


def rate(done: int, due: int) -> str | None:
    """Per cent with two decimals, rounded down."""
    if not due:
        return None
    whole, rest = divmod(min(10_000, 10_000 * done // due), 100)
    return f"{whole}.{rest:02}"
