"""The clock of a report: who owes whom a report and by when, follow-ups, reminders, what a report must contain.

Limits are those of document kind `report_limits`; the very moment of a limit is in time. Levels are our words
(`enterprise`, `county`, …), moments are aware, days are days in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from accidents.choices import Danger
from accidents.rules.accidents import whole
from reference.terms import UPWARD, Grade

EVENT, ACCIDENT = "serious_risk_event", "accident"
TELEPHONE, WRITTEN = "telephone", "written"
IN_WRITING = frozenset({"written", "app", "platform"})  # what the phone or the platform sends is text
OF_WHOM = {"unit_head": "enterprise", "township": "township"}  # words of the document → ours
TO_WHOM = {
    "county_emergency_and_sector_department": ("county", "department"),
    "county_emergency": ("county",),
    "township": ("township",),
}
FOLLOW_UP = "R5"
STATISTICS = "statistics"
ENTERED, COMPLETE = "S1", "S2"  # 统计填报: reminded of, and never 迟报


@dataclass(frozen=True)
class Limit:
    """One line of the document: from whom to whom in how many minutes. `channel`: only this way will do."""

    code: str
    level: str
    to: str
    minutes: int
    channel: str = ""
    warning: bool = False
    grades: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stage:
    """When a reminder is due, in minutes after the limit (below 0: before), and to whom."""

    code: str
    minutes: int
    to: str  # owing | receiving | leaders


@dataclass(frozen=True)
class RiskLimits:
    """较大涉险 (原安监总局令第21号 第二十六条)."""

    endangered: int
    trapped_or_missing: int
    evacuated: int


@dataclass(frozen=True)
class Limits:
    lines: tuple[Limit, ...]
    times_per_day: Mapping[str, int]
    highest: Mapping[str, str]
    coal_mine_also: str
    app_counts: bool
    stages: tuple[Stage, ...]
    risk: RiskLimits
    duplicate_hours: int
    duplicate_metres: int


def read_limits(body: Mapping[str, Any]) -> Limits:
    """The bodies of `report_limits` and `report_desk` as a table of single lines; `statistics` is that of kind
    `statistics_entry`, if one holds. Raises KeyError for a body without R1, R2 or R3.
    """
    legs = {row["code"]: row for row in body["legs"]}
    hour, level = legs["R1"]["limit_minutes"], legs["R2"]["limit_minutes"]
    quick = legs["R4"]
    lines = [Limit("R1", "enterprise", to, hour) for to in TO_WHOM[legs["R1"]["to"]]]
    lines += [Limit("R2", "township", "county", level), Limit("R2", "county", "government", level)]
    lines += [Limit("R2", each, above, level) for each, above in pairwise(UPWARD)]
    lines += [Limit("R3", "county", "organs", level)]
    lines += [Limit("R4", "county", "province", quick["limit_minutes"], TELEPHONE, grades=frozenset(quick["grades"]))]
    lines += _local(body["local"])
    lines.append(Limit("R2", "county", body["coal_mine_also"], level))
    lines += _statistics(body.get("statistics") or {})
    risk, duplicates = body["serious_risk_event"], body["twins"]
    return Limits(
        lines=tuple(lines),
        times_per_day=legs["R5"]["times_per_day"],
        highest=body["highest_level"],
        coal_mine_also=body["coal_mine_also"],
        app_counts=body["app_report_counts"],
        stages=tuple(Stage(row["code"], row["minutes"], row["to"]) for row in body["reminders"]),
        risk=RiskLimits(risk["endangered_from"], risk["trapped_or_missing_from"], risk["evacuated_from"]),
        duplicate_hours=duplicates["hours"],
        duplicate_metres=duplicates["metres"],
    )


def _local(local: Mapping[str, Any]) -> list[Limit]:
    """The stricter local limits: reminders, never 迟报; none when switched off."""
    if not local["enabled"]:
        return []
    return [
        Limit(row["code"], OF_WHOM[row["from"]], TO_WHOM[row["to"]][0], row["limit_minutes"], row["channel"], True)
        for row in local["limits"]
    ]


def _statistics(body: Mapping[str, Any]) -> list[Limit]:
    if not body:
        return []
    hours, days = body["enter_hours"], body["complete_days"]
    return [
        Limit(ENTERED, "county", STATISTICS, hours * 60, warning=True),
        Limit(COMPLETE, "county", STATISTICS, days * 24 * 60, warning=True),
    ]


# --- what is owed ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Case:
    """What decides who must be notified."""

    grade: str = Grade.GENERAL  # "" of an event
    kind: str = ACCIDENT
    owed: bool = True  # False: not a production accident, written off, a duplicate, reported elsewhere
    has_unit: bool = True
    coal_mine: bool = False
    other_department: bool = True  # the sector's department is another than the county desk's own bureau
    counted: bool = True  # False: decided that statistics do not count it, so nothing is left to complete
    great_impact: bool = False  # 社会影响重大: by telephone to the province, whatever the grade

    @property
    def weight(self) -> str:
        return EVENT if self.kind == EVENT else str(self.grade)


@dataclass(frozen=True)
class Owed:
    code: str
    level: str
    to: str
    received_at: datetime
    due_at: datetime
    channel: str = ""
    warning: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.code, self.level, self.to


def owed(limits: Limits, case: Case, notified: Mapping[str, datetime], graded_at: datetime | None = None) -> list[Owed]:
    """Every leg that this accident owes, given when each level was notified (`notified`).

    What only the grade asks for (province by telephone, the levels above) runs from the moment the grade was known,
    when that is later. A level that was notified before somebody else could notify it is not notified by them again.
    """
    if not case.owed:
        return []
    found = []
    for line in limits.lines:
        start = notified.get(line.level)
        if start is None or not _applies(limits, case, line) or _was_notified_before(line, notified, start):
            continue
        if graded_at and _asked_by_grade(line):
            start = max(start, graded_at)
        due = start + timedelta(minutes=line.minutes)
        found.append(Owed(line.code, line.level, line.to, start, due, line.channel, line.warning))
    return found


def _applies(limits: Limits, case: Case, line: Limit) -> bool:
    return (
        (line.level != "enterprise" or case.has_unit)
        and (line.to != "department" or case.other_department)
        and (line.to != limits.coal_mine_also or (case.coal_mine and case.kind == ACCIDENT))
        and (line.to not in UPWARD[1:] or line.code != "R2" or reaches(limits, case.weight, line.to))
        and (not line.grades or case.weight in line.grades or case.great_impact)
        and (line.to != STATISTICS or (case.kind == ACCIDENT and (case.counted or line.code == ENTERED)))
    )


def _asked_by_grade(line: Limit) -> bool:
    return asked_by_grade(line.code, line.to)


def asked_by_grade(code: str, to: str) -> bool:
    """Owed only since the grade was known."""
    return code == "R4" or to in UPWARD[2:]


def _was_notified_before(line: Limit, notified: Mapping[str, datetime], start: datetime) -> bool:
    known = notified.get(line.to)
    return line.level == "township" and known is not None and known <= start


def highest_level(limits: Limits, weight: str) -> str:
    """How far up it must go (第十条); an event as far as a general accident (OPEN-8)."""
    return limits.highest.get(weight) or limits.highest[Grade.GENERAL]


def reaches(limits: Limits, weight: str, level: str) -> bool:
    return UPWARD.index(level) <= UPWARD.index(highest_level(limits, weight))


def serves(limits: Limits, channel: str, wanted: str) -> bool:
    """Whether a report by this channel does what a leg asks for."""
    if wanted == WRITTEN:
        return channel in IN_WRITING
    if wanted:
        return channel == wanted
    return channel != "app" or limits.app_counts


def follow_up_due(after: datetime, times_a_day: int) -> datetime:
    """The end of the next of so many equal parts of the day (in the zone of `after`): 24:00 of the next day for one a
    day, the end of the next half for two.
    """
    part = timedelta(hours=24) / whole(times_a_day)
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((after - midnight) // part + 2) * part


# --- reminders -------------------------------------------------------------------------------------------------------
# --- serious-risk events ---------------------------------------------------------------------------------------------
def risk_reasons(
    limits: RiskLimits, *, endangered: int = 0, trapped: int = 0, missing: int = 0, evacuated: int = 0,
    dangers: Iterable[str] = (),
) -> list[str]:  # fmt: skip
    """Which lines of 第二十六条 make it one; [] when none does. Trapped and missing count together (或者)."""
    reached = [
        ("endangered", whole(endangered) >= limits.endangered),
        ("trapped_or_missing", whole(trapped) + whole(missing) >= limits.trapped_or_missing),
        ("evacuated", whole(evacuated) >= limits.evacuated),
    ]
    return [name for name, is_so in reached if is_so] + [each.value for each in Danger if each in set(dangers)]


# --- what a report must contain --------------------------------------------------------------------------------------
CONTENTS = (  # 国务院令第493号 第十二条: code, 中文, the fields it takes; a tuple: any of them is enough
    ("unit", "事故发生单位概况", (("units", "unit_overview"),)),
    ("scene", "时间、地点以及现场情况", ("occurred_at", "village", ("place", "point"), "scene")),
    ("course", "简要经过", (("description", "course"),)),
    ("casualties", "伤亡、下落不明人数和初步估计的直接经济损失",
     ("deaths", "serious_injuries", "missing", "direct_loss_yuan")),
    ("measures", "已经采取的措施", ("measures",)),
    ("other", "其他应当报告的情况", ("other",)),
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    code: str
    name: str
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


def completeness(given: Iterable[str]) -> list[Content]:
    """The six groups, each with what it lacks; `given` names what has been said. A first report may lack anything."""
    known = set(given)
    return [Content(code, name, tuple(_lacks(known, fields))) for code, name, fields in CONTENTS]


REQUIRED = ("category", "nature", "village", "units", "deaths", "serious_injuries", "direct_loss_yuan")  # by statistics


def lacking(given: Iterable[str]) -> list[str]:
    """What statistics still require. The unit's industry (GB/T 4754) goes with the unit."""
    known = set(given)
    return [name for name in REQUIRED if name not in known]


def _lacks(known: set[str], fields: Iterable[str | tuple[str, ...]]) -> Iterable[str]:
    for each in fields:
        names = (each,) if isinstance(each, str) else each
        if not known.intersection(names):
            yield names[0]
