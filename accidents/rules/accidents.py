"""One accident: its grade, the window for later deaths, the clock of its report, whether statistics count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from reference.terms import CountFrom, Grade, Nature, UnitRole, Window

Money = Decimal | int  # int = whole yuan


@dataclass(frozen=True)
class Grades:
    """The table by which an accident is graded: document kind `accident_grades`, of the accident's own day."""

    # grade, deaths, serious injuries (急性工业中毒 counts as one), direct loss in yuan; highest first, any one figure is enough
    rows: tuple[tuple[Grade, int, int, Money], ...]
    missing_counts_as_death: bool  # OPEN-9: 下落不明 counts for the grade before it is declared
    statistics_loss_yuan: Money  # no casualties and less than this is not counted


def read_grades(body: Mapping[str, Any]) -> Grades:
    rows = [
        (Grade(row["code"]), whole(row["deaths_from"]), whole(row["serious_injuries_from"]),
         exact(Decimal(row["loss_yuan_from"])))
        for row in body["grades"]
        if row["code"] != Grade.GENERAL  # what reaches none of the others
    ]  # fmt: skip
    highest_first = sorted(rows, key=lambda row: list(Grade).index(row[0]), reverse=True)
    least_loss = exact(Decimal(body["not_counted_below_loss_yuan"]))
    return Grades(tuple(highest_first), body["missing_counts_as_death"], least_loss)


def grade_of(*, grades: Grades, deaths: int = 0, serious_injuries: int = 0, loss_yuan: Money = 0) -> Grade:
    """The highest grade any one figure reaches. Missing persons and light injuries are no figure here."""
    deaths, serious, loss = whole(deaths), whole(serious_injuries), exact(loss_yuan)
    reached = (grade for grade, d, s, yuan in grades.rows if deaths >= d or serious >= s or loss >= yuan)
    return next(reached, Grade.GENERAL)


def at_least(grade: Grade, least: Grade) -> bool:
    order = list(Grade)
    return order.index(Grade(grade)) >= order.index(Grade(least))


def exact(amount: Money) -> Money:
    """Yuan as given, when exact: TypeError for float and bool, ValueError for NaN, infinity and less than nothing."""
    if isinstance(amount, bool) or not isinstance(amount, (int, Decimal)):
        raise TypeError(f"money is Decimal or whole yuan, not {type(amount).__name__}")
    if not Decimal(amount).is_finite() or amount < 0:
        raise ValueError("money is a finite amount of nothing or more")
    return amount


def fen_of(yuan: Money) -> int:
    """Yuan → whole fen; ValueError when there is a part of a fen."""
    numerator, denominator = exact(yuan).as_integer_ratio()
    fen, rest = divmod(numerator * 100, denominator)
    if rest:
        raise ValueError("money has no part of a fen")
    return fen


def whole(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int):
        raise TypeError(f"a count is an int, not {type(count).__name__}")
    if count < 0:
        raise ValueError("a count is nothing or more")
    return count


@dataclass(frozen=True)
class Windows:
    """国务院令第493号 第十三条; the counting rule is a setting (document kind `windows`)."""

    days: int
    shorter: Mapping[str, int]
    count_from: str


def window_kind(body: Mapping[str, Any], category: str | None, sector: str | None) -> Window:
    """Which window an accident has by its category, else by its sector; `body` is that of the kind `window_kinds`."""
    by_category = (Window(row["kind"]) for row in body["rows"] if category in row["categories"])
    by_sector = (Window(row["kind"]) for row in body["rows"] if sector in row["sectors"])
    return next(chain(by_category, by_sector), Window.OTHER)


def read_windows(body: Mapping[str, Any]) -> Windows:
    shorter = {row["kind"]: whole(row["days"]) for row in body.get("shorter", ())}
    if body["count_from"] not in CountFrom.values or not set(shorter) <= set(Window):
        raise ValueError("伤亡变化补报期限的参数有误")
    return Windows(whole(body["days"]), shorter, body["count_from"])


def window_end(occurred_on: date, kind: str, windows: Windows) -> date:
    """The last day (inclusive) on which a death changes grade and statistics; never before the accident's own."""
    days = windows.shorter.get(Window(kind), windows.days)
    return occurred_on + timedelta(days=days if windows.count_from == CountFrom.NEXT_DAY else max(0, days - 1))


@dataclass(frozen=True)
class ReportedTotals:
    """续报/补报: the totals as they stood on `held_on`, and when we came to know. Totals replace, they never add up."""

    held_on: date
    known_at: datetime
    deaths: int = 0
    serious_injuries: int = 0
    acute_poisonings: int = 0  # 急性工业中毒 counts as a serious injury
    missing: int = 0  # 下落不明: reported apart, no death until declared (OPEN-9)

    @property
    def injured(self) -> int:
        return self.serious_injuries + self.acute_poisonings

    @property
    def order(self) -> tuple[Any, ...]:
        """What held later prevails; of the same day what was known later; the rest only keeps the order certain."""
        return self.held_on, self.known_at, self.deaths, self.serious_injuries, self.acute_poisonings, self.missing


@dataclass(frozen=True)
class Casualties:
    deaths: int = 0
    serious_injuries: int = 0  # with acute poisonings
    missing: int = 0
    late_deaths: int = 0  # after the window: noted, neither graded nor counted
    unfound: int = 0  # missing when the window ended, and not found alive since: graded only if the county so decides


def effective_casualties(
    reports: Iterable[ReportedTotals], *, last_day: date, known_until: datetime | None = None
) -> Casualties:
    """What counts for grade and statistics, given `window_end`; as it was known at `known_until` when that is given.

    The order in which reports arrive does not matter. A figure reported last that is lower than what stood when the
    window ended corrects it, whenever it is reported: nobody who died comes back. A higher one is late.
    """
    known = sorted((s for s in reports if known_until is None or s.known_at <= known_until), key=lambda s: s.order)
    if not known:
        return Casualties()
    latest = known[-1]
    inside = next((s for s in reversed(known) if s.held_on <= last_day), None)
    deaths = min(inside.deaths, latest.deaths) if inside else 0
    late = latest.deaths - deaths
    injured = (
        min(inside.injured, latest.injured + late) if inside else 0
    )  # who died of it late was injured all the same
    unfound = min(inside.missing, latest.missing + late) if inside else 0  # declared dead later, they were no less dead
    return Casualties(deaths, injured, latest.missing, late, unfound)


def due_at(received_at: datetime, limit: timedelta) -> datetime:
    return received_at + limit


def is_late(due: datetime, reported: datetime) -> bool:
    """迟报: reported after the limit; the very moment of the limit is in time."""
    return reported > due


@dataclass(frozen=True)
class UnitPart:
    """A unit's part in an accident; `responsible` is the finding of the investigation, None until there is one."""

    unit: str
    role: str = UnitRole.OCCURRING  # any that the policy does not name is only noted
    responsible: bool | None = None


@dataclass(frozen=True)
class AccidentFacts:
    id: str
    occurred_on: date
    category: str | None = None  # Z1–Z8, None while nobody has said
    nature: str = Nature.UNDETERMINED
    stat_status: str = "provisional"
    event: bool = False  # 较大涉险: no grade, and it counts nowhere
    joined: bool = False  # the duplicate of another record, which counts for both
    before_law: bool = False  # older than the first law that we hold: kept, and it counts nowhere
    casualties: Casualties = field(default_factory=Casualties)
    light_injuries: int = 0  # 轻伤: never a grade
    loss_yuan: Money | None = None
    village: str | None = None  # the place; underground: that of the shaft mouth. None when no village is known
    on_trunk_road: bool = False  # 国省干线、铁路
    roles: tuple[UnitPart, ...] = ()
    grades: Grades = field(kw_only=True)  # of its day

    @property
    def counts(self) -> bool:
        return not (self.event or self.joined or self.before_law)

    @property
    def graded_deaths(self) -> int:
        """Deaths for the grade and for statistics; what an accident counts as asks its own policy."""
        return self.casualties.deaths + (self.casualties.unfound if self.grades.missing_counts_as_death else 0)

    @property
    def grade(self) -> Grade:
        return grade_of(
            deaths=self.graded_deaths, serious_injuries=self.casualties.serious_injuries,
            loss_yuan=self.loss_yuan or 0, grades=self.grades,
        )  # fmt: skip


def counted_in_statistics(accident: AccidentFacts) -> bool:
    """生产安全事故统计 — another counter than “零事故”: production only, and not without casualties under a million."""
    if (
        not accident.counts
        or accident.nature != Nature.PRODUCTION
        or accident.stat_status in ("not_counted", "written_off")
    ):
        return False
    harmed = accident.graded_deaths + accident.casualties.serious_injuries + accident.light_injuries
    return harmed > 0 or exact(accident.loss_yuan or 0) >= accident.grades.statistics_loss_yuan
