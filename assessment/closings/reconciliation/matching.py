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

from assessment.closings.rules import Matching, Source
from assessment.closings.words import Difference, Settled

MOST_PROPOSED = 5


@dataclass(frozen=True)
class Theirs:
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
class Ours:
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
class Known:
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
class Proposal:
    accident: UUID
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    theirs: Any
    ours: Any


@dataclass(frozen=True)
class Found:
    """One row of theirs, or one accident of ours that they do not list, and how it stands."""

    source: str
    month: int
    kind: Difference
    settled: bool
    theirs: Theirs | None = None
    ours: Ours | None = None
    fields: tuple[Field, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    known: Known | None = None


# --- is it the same? -------------------------------------------------------------------------------------------------
def propose(row: Theirs, ours: Iterable[Ours], terms: Matching) -> tuple[Proposal, ...]:
    """The best first; of equal ones the earlier, then by id."""
    scored = [(found, each) for each in ours if (found := score(row, each, terms)) and found.score >= terms.least]
    scored.sort(key=lambda pair: (-pair[0].score, pair[1].day, str(pair[1].id)))
    return tuple(found for found, _ in scored[:MOST_PROPOSED])


def score(row: Theirs, accident: Ours, terms: Matching) -> Proposal | None:
    """None when it cannot be the same: another township, too far in days, or no accident any more."""
    apart = abs((row.day - accident.day).days)
    if apart > terms.days or row.region[:9] != accident.region[:9] or accident.gone:
        return None
    said = [_day(apart), _place(row, accident), _deaths(row, accident), _category(row, accident)]
    counted = [(terms.points[name], reason) for name, reason in filter(None, said)]
    return Proposal(accident.id, sum(points for points, _ in counted), tuple(reason for _, reason in counted))


def _day(apart: int) -> tuple[str, str]:
    return ("near_day", f"日期相差 {apart} 日") if apart else ("same_day", "同日")


def _place(row: Theirs, accident: Ours) -> tuple[str, str]:
    if _is_village(row.region) and _is_village(accident.region):
        is_same = row.region == accident.region
        return ("same_village", "同村") if is_same else ("other_village", "同乡镇，不同村")
    return "same_township", "同乡镇"


def _is_village(code: str) -> bool:
    return not code.endswith("000")


def _deaths(row: Theirs, accident: Ours) -> tuple[str, str] | None:
    apart = abs(row.deaths - accident.deaths)
    if apart > 1:
        return None
    return ("near_deaths", "死亡人数相差 1 人") if apart else ("same_deaths", f"死亡均为 {row.deaths} 人")


def _category(row: Theirs, accident: Ours) -> tuple[str, str] | None:
    if not row.category or not accident.category:
        return "category_unsaid", "一方未写类别"
    return ("same_category", "类别相同") if row.category == accident.category else None


# --- where both differ -----------------------------------------------------------------------------------------------
def compare(row: Theirs, accident: Ours) -> tuple[Field, ...]:
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
    return tuple(Field(name, label, theirs, ours) for name, label, theirs, ours, differs in pairs if differs)


def facts_of_row(row: Theirs) -> dict[str, Any]:
    """What a decision was made upon: when it reads otherwise in a later edition, the decision holds no more."""
    return {
        "day": row.day.isoformat(), "region": row.region, "deaths": row.deaths, "serious_injuries": row.serious_injuries,
        "category": row.category,
    }  # fmt: skip


def facts_of_accident(accident: Ours) -> dict[str, Any]:
    return {
        "day": accident.day.isoformat(), "region": accident.region, "deaths": accident.deaths,
        "serious_injuries": accident.serious_injuries, "category": accident.category, "gone": accident.gone,
    }  # fmt: skip


# --- a month, or twelve ----------------------------------------------------------------------------------------------
def reconcile(
    rows: Iterable[Theirs],
    ours: Mapping[UUID, Ours],
    known: Iterable[Known],
    listed: Mapping[tuple[str, int], Source],
    terms: Matching,
) -> list[Found]:
    """Every row of the lists (theirs first), then what of ours is missing in them.

    `listed`: the lists that are there, as (source, month) → what that source should hold. An accident of a month whose
    list has not come is no difference yet.
    """
    known = list(known)
    of_row = {(each.source, each.month, each.number): each for each in known if each.number}
    of_accident = {(each.source, each.accident): each for each in known if each.accident}
    places: dict[str, list[Ours]] = defaultdict(list)
    for each in ours.values():
        places[each.region[:9]].append(each)
    found, met = [], set()
    for row in rows:
        decision = of_row.get((row.source, row.month, row.number))
        free = [each for each in places[row.region[:9]] if not _is_taken(of_accident, row, each)]
        found.append(_of_row(row, decision, ours, free, terms))
        if decision and decision.accident:
            met.add((row.source, decision.accident))
    return found + _of_ours(ours.values(), met, of_accident, listed)


def _is_taken(of_accident: Mapping[tuple[str, UUID], Known], row: Theirs, accident: Ours) -> bool:
    decision = of_accident.get((row.source, accident.id))
    return decision is not None and decision.kind != Settled.UNLISTED


def _of_row(
    row: Theirs, decision: Known | None, ours: Mapping[UUID, Ours], free: Iterable[Ours], terms: Matching
) -> Found:
    accident = ours.get(decision.accident) if decision and decision.accident else None
    if decision and accident:
        fields = compare(row, accident)
        stands = decision.accepted and _is_as_accepted(decision, row, accident)
        kind = Difference.DIFFERS if fields else Difference.NONE
        return Found(row.source, row.month, kind, not fields or stands, row, accident, fields, known=decision)
    settled = bool(decision) and decision.theirs == facts_of_row(row)  # type: ignore[union-attr]
    proposals = () if settled else propose(row, free, terms)
    return Found(row.source, row.month, Difference.ONLY_THEIRS, settled, row, proposals=proposals, known=decision)


def _is_as_accepted(decision: Known, row: Theirs, accident: Ours) -> bool:
    return decision.theirs == facts_of_row(row) and decision.ours == facts_of_accident(accident)


def _of_ours(
    ours: Iterable[Ours],
    met: set[tuple[str, UUID]],
    of_accident: Mapping[tuple[str, UUID], Known],
    listed: Mapping[tuple[str, int], Source],
) -> list[Found]:
    """By source and day. One matched to a row of the neighbouring month's list is listed all the same."""
    found = []
    for (code, month), source in listed.items():
        for each in ours:
            decision = of_accident.get((code, each.id))
            is_elsewhere = decision is not None and decision.kind != Settled.UNLISTED and decision.month != month
            if each.day.month != month or each.gone or (code, each.id) in met or is_elsewhere:
                continue
            if source.should_hold(category=each.category, sector=each.sector, deaths=each.deaths):
                known = decision if decision and decision.kind == Settled.UNLISTED else None
                found.append(Found(code, month, Difference.ONLY_OURS, known is not None, ours=each, known=known))
    return sorted(found, key=lambda each: (each.source, each.month, each.ours.day, str(each.ours.id)))  # type: ignore[union-attr]
