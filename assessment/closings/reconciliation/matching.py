"""Theirs against ours: which accident of ours a row of theirs may be, and where both differ. Pure.

A proposal needs the same township and a day near enough; everything else only adds points. A person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from assessment.closings.rules import ListSource, MatchingRules
from assessment.closings.words import DifferenceKind, SettlementKind

MOST_PROPOSED = 5


@dataclass(frozen=True)
class ListedAccident:
    """A row of a current list. None and "" are “they do not say”."""

    row: int
    source: str
    month: int
    number: str
    day: date
    region: str
    deaths: int
    serious_injuries: int | None = None
    category: str = ""


@dataclass(frozen=True)
class OurAccident:
    """An accident as it stands; `gone` says in words why it counts nowhere any more."""

    id: UUID
    day: date
    region: str
    deaths: int
    serious_injuries: int
    category: str = ""
    sector: str = ""
    gone: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision in force."""

    id: int
    source: str
    month: int
    kind: str
    number: str
    accident: UUID | None
    theirs: Mapping[str, Any] = field(default_factory=dict)
    ours: Mapping[str, Any] = field(default_factory=dict)
    accepted: bool = False


@dataclass(frozen=True)
class MatchProposal:
    accident: UUID
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FieldDifference:
    name: str
    label: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Comparison:
    """One row of theirs, or one accident of ours that they do not list, and how it stands."""

    source: str
    month: int
    kind: DifferenceKind
    settled: bool
    theirs: ListedAccident | None = None
    ours: OurAccident | None = None
    fields: tuple[FieldDifference, ...] = ()
    proposals: tuple[MatchProposal, ...] = ()
    decision: Decision | None = None


# --- is it the same? -------------------------------------------------------------------------------------------------
def propose(row: ListedAccident, ours: Iterable[OurAccident], rules: MatchingRules) -> tuple[MatchProposal, ...]:
    """The best first; of equal ones the earlier, then by id."""
    scored = [(found, each) for each in ours if (found := score(row, each, rules)) and found.score >= rules.least]
    scored.sort(key=lambda pair: (-pair[0].score, pair[1].day, str(pair[1].id)))
    return tuple(found for found, _ in scored[:MOST_PROPOSED])


def score(row: ListedAccident, accident: OurAccident, rules: MatchingRules) -> MatchProposal | None:
    """None when it cannot be the same: another township, too far in days, or no accident any more."""
    apart = abs((row.day - accident.day).days)
    if apart > rules.days or row.region[:9] != accident.region[:9] or accident.gone:
        return None
    said = [_day(apart), _place(row, accident), _deaths(row, accident), _category(row, accident)]
    counted = [(rules.points[name], reason) for name, reason in filter(None, said)]
    return MatchProposal(accident.id, sum(points for points, _ in counted), tuple(reason for _, reason in counted))


def _day(apart: int) -> tuple[str, str]:
    return ("near_day", f"日期相差 {apart} 日") if apart else ("same_day", "同日")


def _place(row: ListedAccident, accident: OurAccident) -> tuple[str, str]:
    if _is_village(row.region) and _is_village(accident.region):
        is_same = row.region == accident.region
        return ("same_village", "同村") if is_same else ("other_village", "同乡镇，不同村")
    return "same_township", "同乡镇"


def _is_village(code: str) -> bool:
    return not code.endswith("000")


def _deaths(row: ListedAccident, accident: OurAccident) -> tuple[str, str] | None:
    apart = abs(row.deaths - accident.deaths)
    if apart > 1:
        return None
    return ("near_deaths", "死亡人数相差 1 人") if apart else ("same_deaths", f"死亡均为 {row.deaths} 人")


def _category(row: ListedAccident, accident: OurAccident) -> tuple[str, str] | None:
    if not row.category or not accident.category:
        return "category_unsaid", "一方未写类别"
    return ("same_category", "类别相同") if row.category == accident.category else None


# --- where both differ -----------------------------------------------------------------------------------------------
def compare(row: ListedAccident, accident: OurAccident) -> tuple[FieldDifference, ...]:
    """What they say and we say otherwise; what they do not say is no difference."""
    pairs = (
        ("standing", "是否计入", "列入月报", accident.gone, bool(accident.gone)),
        ("day", "发生日", row.day.isoformat(), accident.day.isoformat(), row.day != accident.day),
        ("region", "乡镇", row.region, accident.region, row.region[:9] != accident.region[:9]),
        ("deaths", "死亡", row.deaths, accident.deaths, row.deaths != accident.deaths),
        (
            "serious_injuries", "重伤", row.serious_injuries, accident.serious_injuries,
            row.serious_injuries not in (None, accident.serious_injuries),
        ),
        ("category", "类别", row.category, accident.category, row.category not in ("", accident.category)),
    )  # fmt: skip
    return tuple(FieldDifference(name, label, theirs, ours) for name, label, theirs, ours, differs in pairs if differs)


def facts_of_row(row: ListedAccident) -> dict[str, Any]:
    """What a decision was made upon: when it reads otherwise in a later edition, the decision holds no more."""
    return {
        "day": row.day.isoformat(), "region": row.region, "deaths": row.deaths, "serious_injuries": row.serious_injuries,
        "category": row.category,
    }  # fmt: skip


def facts_of_accident(accident: OurAccident) -> dict[str, Any]:
    return {
        "day": accident.day.isoformat(), "region": accident.region, "deaths": accident.deaths,
        "serious_injuries": accident.serious_injuries, "category": accident.category, "gone": accident.gone,
    }  # fmt: skip


# --- a month, or twelve ----------------------------------------------------------------------------------------------
def reconcile(
    rows: Iterable[ListedAccident],
    ours: Mapping[UUID, OurAccident],
    decisions: Iterable[Decision],
    listed: Mapping[tuple[str, int], ListSource],
    rules: MatchingRules,
) -> list[Comparison]:
    """Every row of the lists (theirs first), then what of ours is missing in them.

    `listed`: the lists that are there, as (source, month) → what that source should hold. An accident of a month whose
    list has not come is no difference yet.
    """
    decisions = list(decisions)
    of_row = {(each.source, each.month, each.number): each for each in decisions if each.number}
    of_accident = {(each.source, each.accident): each for each in decisions if each.accident}
    places: dict[str, list[OurAccident]] = defaultdict(list)
    for each in ours.values():
        places[each.region[:9]].append(each)
    found, met = [], set()
    for row in rows:
        decision = of_row.get((row.source, row.month, row.number))
        free = [each for each in places[row.region[:9]] if not _is_taken(of_accident, row, each)]
        found.append(_of_row(row, decision, ours, free, rules))
        if decision and decision.accident:
            met.add((row.source, decision.accident))
    return found + _of_ours(ours.values(), met, of_accident, listed)


def _is_taken(of_accident: Mapping[tuple[str, UUID], Decision], row: ListedAccident, accident: OurAccident) -> bool:
    decision = of_accident.get((row.source, accident.id))
    return decision is not None and decision.kind != SettlementKind.UNLISTED


def _of_row(
    row: ListedAccident,
    decision: Decision | None,
    ours: Mapping[UUID, OurAccident],
    free: Iterable[OurAccident],
    rules: MatchingRules,
) -> Comparison:
    accident = ours.get(decision.accident) if decision and decision.accident else None
    if decision and accident:
        fields = compare(row, accident)
        stands = decision.accepted and _is_as_accepted(decision, row, accident)
        kind = DifferenceKind.DIFFERS if fields else DifferenceKind.NONE
        return Comparison(row.source, row.month, kind, not fields or stands, row, accident, fields, decision=decision)
    settled = bool(decision) and decision.theirs == facts_of_row(row)  # type: ignore[union-attr]
    proposals = () if settled else propose(row, free, rules)
    return Comparison(
        row.source, row.month, DifferenceKind.ONLY_THEIRS, settled, row, proposals=proposals, decision=decision
    )


def _is_as_accepted(decision: Decision, row: ListedAccident, accident: OurAccident) -> bool:
    return decision.theirs == facts_of_row(row) and decision.ours == facts_of_accident(accident)


def _of_ours(
    ours: Iterable[OurAccident],
    met: set[tuple[str, UUID]],
    of_accident: Mapping[tuple[str, UUID], Decision],
    listed: Mapping[tuple[str, int], ListSource],
) -> list[Comparison]:
    """By source and day. One matched to a row of the neighbouring month's list is listed all the same."""
    found = []
    for (code, month), source in listed.items():
        for each in ours:
            decision = of_accident.get((code, each.id))
            is_elsewhere = decision is not None and decision.kind != SettlementKind.UNLISTED and decision.month != month
            if each.day.month != month or each.gone or (code, each.id) in met or is_elsewhere:
                continue
            if source.should_hold(category=each.category, sector=each.sector, deaths=each.deaths):
                explained = decision if decision and decision.kind == SettlementKind.UNLISTED else None
                found.append(
                    Comparison(
                        code, month, DifferenceKind.ONLY_OURS, explained is not None, ours=each, decision=explained
                    )
                )
    return sorted(found, key=lambda each: (each.source, each.month, each.ours.day, str(each.ours.id)))  # type: ignore[union-attr]
