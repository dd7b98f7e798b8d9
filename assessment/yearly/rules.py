"""年度考核的规则, pure: no database, no clock. Days are days in Asia/Shanghai, given by the caller; 「以上」 includes the number.

Who may be vetoed and how a veto follows its accident; what makes a township a proposal for key patrol; what a conclusion
may be. Nothing here grades anybody: a conclusion is a person's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from accidents.rules import at_least
from assessment.yearly.states import PartyKind, VetoState
from reference.terms import Grade

MOST_NAMED = 20  # accidents by name in one ground; the rest are counted


class Party(NamedTuple):
    """Whoever answers for a year: a township, or a department that supervises."""

    kind: str
    code: str

    @classmethod
    def township(cls, code: str) -> Party:
        return cls(PartyKind.TOWNSHIP.value, code)

    @classmethod
    def department(cls, code: str) -> Party:
        return cls(PartyKind.DEPARTMENT.value, code)


# --- veto ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tenure:
    """A department supervises a sector from a day to another, both included; open without a last day."""

    department: str
    sector: str
    first: date
    last: date | None = None

    def holds(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)


def vetoed(township: str, sector: str | None, on: date, tenures: Iterable[Tenure]) -> set[Party]:
    """Whom a larger-or-above production accident proposes: the township of the place, and every department that
    supervises the sector on that day (通知 三十六; DOMAIN §8.1). Of an accident without a sector, the township alone.
    """
    supervising = {each.department for each in tenures if each.sector == sector and each.holds(on)}
    return {Party.township(township), *map(Party.department, supervising)}


class Reaction(StrEnum):
    PROPOSE = "propose"  # a new proposal
    RETURN = "return"  # one withdrawn before stands again
    REFRESH = "refresh"  # the proposal says what the accident is now
    WITHDRAW = "withdraw"
    LOSE = "lose"  # confirmed by a person: the ground is gone, a person lifts it
    REGAIN = "regain"
    NOTHING = "nothing"


REACTIONS: dict[tuple[VetoState | None, bool], Reaction] = {  # (what stands, is there ground)
    (None, True): Reaction.PROPOSE,
    (VetoState.PROPOSED, True): Reaction.REFRESH,
    (VetoState.PROPOSED, False): Reaction.WITHDRAW,
    (VetoState.WITHDRAWN, True): Reaction.RETURN,
    (VetoState.CONFIRMED, True): Reaction.REGAIN,
    (VetoState.CONFIRMED, False): Reaction.LOSE,
}


def reaction(state: VetoState | None, *, ground: bool, worse: bool = False, was_lost: bool = False) -> Reaction:
    """How a veto follows its accident. What a person rejected or lifted stays so, unless the accident has since become
    graver than what was rejected, or the ground of what was lifted had gone and has come back: then it is proposed anew.
    """
    if ground and ((state == VetoState.REJECTED and worse) or (state == VetoState.LIFTED and was_lost)):
        return Reaction.PROPOSE
    return REACTIONS.get((state, ground), Reaction.NOTHING)


def is_worse(grade: str, than: str) -> bool:
    return grade != than and at_least(Grade(grade), Grade(than))


# --- key patrol ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class YearAccident:
    """An accident of the year, once: joined duplicates, events without grade and what was written off are left out."""

    id: str
    on: date
    township: str
    place: str
    grade: str
    nature: str
    deaths: int = 0
    serious_injuries: int = 0
    counted: bool = False  # 计入生产安全事故统计


@dataclass(frozen=True)
class Disaster:
    id: str
    on: date
    township: str
    name: str
    document: str


@dataclass(frozen=True)
class KeyPatrolCriteria:
    """What makes a township a proposal: documents `assessment` (key_patrol) and `open_questions` (many_accidents, OPEN-7)."""

    grade_from: str
    natures: tuple[str, ...]
    accidents_from: int
    deaths_from: int


def read_criteria(assessment: Mapping[str, Any], questions: Mapping[str, Any]) -> KeyPatrolCriteria:
    """From the bodies of the two documents."""
    larger, many = assessment["key_patrol"], questions["many_accidents"]
    return KeyPatrolCriteria(
        larger["grade_from"], tuple(larger["natures"]), many["accidents_from"], many["deaths_from"]
    )


@dataclass
class TownshipFacts:
    accidents: list[YearAccident] = field(default_factory=list)
    disasters: list[Disaster] = field(default_factory=list)


Ground = dict[str, Any]  # kind, said, accidents, disasters


def grounds(criteria: KeyPatrolCriteria, facts: TownshipFacts) -> dict[str, list[Ground]]:
    """Township → why it is proposed for key patrol, the graver first; the order of the facts does not matter."""
    towns: dict[str, TownshipFacts] = defaultdict(TownshipFacts)
    for accident in sorted(facts.accidents, key=lambda each: (each.on, each.id)):
        towns[accident.township].accidents.append(accident)
    for disaster in sorted(facts.disasters, key=lambda each: (each.on, each.id)):
        towns[disaster.township].disasters.append(disaster)
    found = {town: [ground for rule in RULES if (ground := rule(criteria, each))] for town, each in towns.items()}
    return {town: found[town] for town in sorted(found) if found[town]}


def _larger(criteria: KeyPatrolCriteria, facts: TownshipFacts) -> Ground | None:
    least = Grade(criteria.grade_from)
    found = [each for each in facts.accidents if at_least(Grade(each.grade), least) and each.nature in criteria.natures]
    name = least.label.removesuffix("事故")
    return _ground("larger_accident", f"发生{name}及以上事故", found) if found else None


def _disaster(criteria: KeyPatrolCriteria, facts: TownshipFacts) -> Ground | None:
    if not facts.disasters:
        return None
    named = "；".join(f"{said_day(each.on)}{each.name}（{each.document}）" for each in facts.disasters)
    return {
        "kind": "larger_disaster",
        "said": f"发生较大自然灾害{len(facts.disasters)}起：{named}",
        "accidents": [],
        "disasters": [each.id for each in facts.disasters],
    }


def _many(criteria: KeyPatrolCriteria, facts: TownshipFacts) -> Ground | None:
    counted = [each for each in facts.accidents if each.counted]
    deaths = sum(each.deaths for each in counted)
    if len(counted) < criteria.accidents_from and deaths < criteria.deaths_from:
        return None
    standard = f"标准：{criteria.accidents_from}起以上或死亡{criteria.deaths_from}人以上"
    return _ground("many_accidents", f"事故多发（{standard}），计入统计的事故", counted)


RULES = (_larger, _disaster, _many)


def _ground(kind: str, what: str, found: Sequence[YearAccident]) -> Ground:
    named = "；".join(said(each) for each in found[:MOST_NAMED])
    more = "等" if len(found) > MOST_NAMED else ""
    deaths = sum(each.deaths for each in found)
    return {
        "kind": kind,
        "said": f"{what}{len(found)}起、死亡{deaths}人：{named}{more}",
        "accidents": [each.id for each in found],
        "disasters": [],
    }


def said(accident: YearAccident) -> str:
    """2025年3月5日二采区较大事故（死亡3人、重伤1人）."""
    harmed = [f"死亡{accident.deaths}人"] if accident.deaths else []
    harmed += [f"重伤{accident.serious_injuries}人"] if accident.serious_injuries else []
    harm = f"（{'、'.join(harmed)}）" if harmed else ""
    return f"{said_day(accident.on)}{accident.place}{Grade(accident.grade).label}{harm}"


def said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- conclusions -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Conclusion:
    code: str
    name: str
    barred_by_veto: bool


def conclusions(body: Mapping[str, Any]) -> dict[str, Conclusion]:
    return {row["code"]: Conclusion(**row) for row in body["conclusions"]}
