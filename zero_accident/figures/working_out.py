"""The figures of a year to a day, worked out from effects, lists, conditions and hazards: for one place or for all,
set-based.

The kept tables hold what this says at the end of the period; a past day is worked out afresh. Nothing here writes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery

from enterprises.kinds import STOPPED, Status
from geo.codes import whole
from reference.terms import Subject
from safety_api.parts import among
from safety_api.permissions import within
from zero_accident import rules
from zero_accident.figures.periods import Period, Prefixes
from zero_accident.figures.places import Places, is_fine
from zero_accident.figures.sources import BreakLine, CurrentFacts, town_of
from zero_accident.figures.tables import (
    BrokenKey,
    BrokenSays,
    TownshipCountKey,
    TownshipCountSays,
    TownshipFiguresKey,
    TownshipFiguresSays,
)
from zero_accident.rules.ratios import ancestry

ZONE = range(400, 600)  # the township digits of development zones (DOMAIN §10.2)


@dataclass
class FigureSet:
    """Rows of the kept tables: what names each, and what it says."""

    broken: dict[BrokenKey, BrokenSays] = field(default_factory=dict)
    counts: dict[TownshipCountKey, TownshipCountSays] = field(default_factory=dict)
    townships: dict[TownshipFiguresKey, TownshipFiguresSays] = field(default_factory=dict)


def work_out(of: Period, prefixes: Prefixes = None, source: CurrentFacts | None = None) -> FigureSet:
    """At most eight queries, whatever the size, when the source is the tables as we know now."""
    source = source or CurrentFacts()
    places = read_places(of, prefixes, source)
    found = FigureSet()
    counts: Counter[TownshipCountKey] = Counter()
    counts.update(
        {TownshipCountKey(code, Subject.VILLAGE, "", ""): n for code, n in _villages(of, places, found, source).items()}
    )
    counts.update(_units(of, places, found, source))
    _count(places, found, counts, _accepted(of, places, found, source))
    _stand(of, places, found, source)
    return found


def read_places(of: Period, prefixes: Prefixes, source: CurrentFacts | None = None) -> Places:
    source = source or CurrentFacts()
    predecessors: dict[str, set[str]] = defaultdict(set)
    heirs: dict[str, tuple[date, list[str]]] = {}
    for before, after, on in sorted(source.successions(of, whole_history=is_fine(prefixes))):
        last = heirs.get(before)  # whose code came back and went again belongs to whoever took over last
        heirs[before] = (on, [*last[1], after]) if last and last[0] == on else max((on, [after]), last or (on, [after]))
        if on >= of.start and not before.endswith("000"):
            predecessors[after].add(before)
    townships, villages = {}, []
    for code, name, level, virtual in source.regions(of, prefixes):
        if level == "township":
            townships[code] = name
        else:
            villages.append(rules.VillageFacts(code, virtual, tuple(sorted(predecessors.get(code, ())))))
    here = {village.code for village in villages}
    gone = {code: came_from for code, came_from in predecessors.items() if code not in here}
    again = source.listed(of, heirs)
    ended = {code: sorted(after) for code, (_, after) in heirs.items() if code not in again}
    return Places(prefixes, townships, villages, ended, gone)


# --- villages --------------------------------------------------------------------------------------------------------
def _villages(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> Counter[str]:
    """How many a township has; puts the broken ones down."""
    counted = [each for each in places.villages if rules.in_village_denominator(of.policy, each)]
    came_from = {**places.gone, **{each.code: each.predecessors for each in counted}}
    lines = source.lines(of, places, "village", ~Q(village="") & _of_villages(places, came_from))
    broken = rules.broken_villages(of.policy, counted, lines.keys(), places.gone)
    merged = of.policy.merge_rule != "own_accidents_only"
    for code in sorted(broken):
        own = [line for old in (ancestry(code, came_from) if merged else {code}) for line in lines.get(old, ())]
        found.broken[BrokenKey(Subject.VILLAGE, code)] = BrokenSays(code, "", "", *_broken(own))
    return Counter(whole(each.code[:9]) for each in counted)


def _of_villages(places: Places, came_from: Mapping[str, Collection[str]]) -> Q:
    if places.prefixes is None or not places.heirs:
        return within(places.prefixes, "village")
    older = {old for code in list(came_from) for old in ancestry(code, came_from)}
    return within(places.prefixes, "village") | Q(village__in=older)


def _broken(lines: Iterable[BreakLine]) -> tuple[date, bool, list[UUID]]:
    """Since when, whether only provisionally, by which accidents; an accident may reach a place by two ways and is
    one.
    """
    own = sorted(set(lines))
    return (
        own[0][0],
        all(provisional for *_, provisional in own),
        list(dict.fromkeys(accident for _, accident, _ in own)),
    )


# --- units -----------------------------------------------------------------------------------------------------------
def _units(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> Counter[TownshipCountKey]:
    """How many of each type and sector a township has; puts the broken ones down."""
    totals: Counter[TownshipCountKey] = Counter()
    for code, unit_type, sector, n in _by_cell(places, open_units(of, places, source)):
        if home := places.home(code):
            totals[TownshipCountKey(home, Subject.UNIT, unit_type, sector)] += n
    conditions = list(
        source.conditions(of)
        .filter(places.rows("region_code"), source.charged(of, places))
        .annotate(closed_since=_closed_since(of, source), opened_on=F("enterprise__opened_on"))
        .values_list("enterprise_id", *UNIT, named=True)
    )
    everybody = Q(enterprise__isnull=False)
    mine = everybody if places.prefixes is None else among("enterprise", (each.enterprise_id for each in conditions))
    lines = source.lines(of, places, "enterprise", mine) if conditions else {}
    for each in conditions:
        unit, home = _facts(each), places.home(each.region_code)
        own = lines.get(each.enterprise_id)
        if home is None or not own or not rules.in_unit_denominator(of.policy, unit, of.as_of, broken=True):
            continue
        now = places.now(each.region_code)
        found.broken[BrokenKey(Subject.UNIT, unit.id)] = BrokenSays(now, each.unit_type, each.sector_id, *_broken(own))
        if not rules.in_unit_denominator(of.policy, unit, of.as_of, broken=False):
            cell = TownshipCountKey(home, Subject.UNIT, each.unit_type, each.sector_id)
            totals[cell] += 1  # closed, idle or young, and broken: it stays
    return totals


def open_units(of: Period, places: Places, source: CurrentFacts) -> Any:
    """Conditions of the units that count whether they are broken or not: rules.in_unit_denominator of unbroken ones."""
    rows = source.conditions(of).filter(places.rows("region_code")).in_business()
    if of.policy.suspended == "not_counted":
        rows = rows.exclude(status__in=STOPPED)
    if of.policy.min_days_active:
        old_enough = Q(enterprise__opened_on__lte=of.as_of - timedelta(days=of.policy.min_days_active))
        rows = rows.filter(old_enough | Q(enterprise__opened_on=None))
    return rows


def _by_cell(places: Places, rows: Any) -> Iterable[tuple[str, str, str, int]]:
    """(place, type, sector, how many), counted by the database."""
    place = F("region_code") if places.fine else town_of(places.moved)
    counted = rows.annotate(place=place).values("place", "unit_type", "sector_id").annotate(n=Count("pk")).order_by()
    return ((whole(code), *rest) for code, *rest in counted.values_list("place", "unit_type", "sector_id", "n"))


def _closed_since(of: Period, source: CurrentFacts) -> Subquery:
    """The day on which the last time in business ended, as of that day."""
    open_ones = (
        source.known_conditions()
        .filter(enterprise=OuterRef("enterprise"), held_to__lte=of.as_of)
        .exclude(status=Status.CLOSED)
    )
    return Subquery(open_ones.order_by("-held_to").values("held_to")[:1])


UNIT = ("region_code", "unit_type", "sector_id", "status", "held_from", "closed_since", "opened_on")


def _facts(condition: Any) -> rules.UnitFacts:
    closed = condition.status == Status.CLOSED
    return rules.UnitFacts(
        id=str(condition.enterprise_id),
        type=condition.unit_type,
        registered_on=condition.opened_on,
        closed_on=(condition.closed_since or condition.held_from) if closed else None,
        suspended=condition.status in STOPPED,
    )


# --- the nine standards ----------------------------------------------------------------------------------------------
def _accepted(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> dict[str, Counter[TownshipCountKey]]:
    """Who is accepted for the year and not broken, by subject of which the policy asks it and by cell of the count."""
    ways = {Subject.VILLAGE: _accepted_villages, Subject.UNIT: _accepted_units}
    asked = {subject: way for subject, way in ways.items() if of.policy.asks_standards_of(subject)}
    return {subject: way(of, places, found, source) for subject, way in asked.items()}


def _accepted_villages(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> Counter[TownshipCountKey]:
    codes = {each.code for each in accepted_villages(of, places, source)}
    codes -= {each.key for each in found.broken if each.subject == Subject.VILLAGE}
    return Counter(TownshipCountKey(whole(code[:9]), Subject.VILLAGE, "", "") for code in codes)


def accepted_villages(of: Period, places: Places, source: CurrentFacts) -> list[rules.VillageFacts]:
    """Of the list of the day: by their own nine marks, else by those of the villages they took over in the period."""
    marks = source.marks(of)
    whole_ones = set(
        marks.filter(within(places.prefixes, "sheet__village"), sheet__subject=Subject.VILLAGE)
        .nine_passed("sheet__village").values_list("sheet__village", flat=True)
    )  # fmt: skip
    counted = [each for each in places.villages if rules.in_village_denominator(of.policy, each)]
    families = marks_of_villages(of, places, source, [each for each in counted if each.predecessors])
    return [each for each in counted if rules.is_accepted(families.get(each.code, {})) or each.code in whole_ones]


def marks_of_villages(
    of: Period, places: Places, source: CurrentFacts, villages: Iterable[rules.VillageFacts]
) -> dict[str, dict[str, bool]]:
    """What stands of each of these villages, its own or taken over (rules.marks_of)."""
    villages = list(villages)
    if not villages:
        return {}
    taken_over = of.policy.merge_rule != "own_accidents_only"
    came_from = {**places.gone, **{each.code: each.predecessors for each in villages}} if taken_over else {}
    codes = {old for each in villages for old in ancestry(each.code, came_from)}
    own: dict[str, dict[str, bool]] = defaultdict(dict)
    rows = source.marks(of).filter(sheet__village__in=codes)
    for code, standard, passed in rows.values_list("sheet__village", "standard", "passed"):
        own[code][standard] = passed
    return {each.code: rules.marks_of(each.code, own, came_from) for each in villages}


def _accepted_units(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> Counter[TownshipCountKey]:
    """Counted by the database; of the broken ones, few as they are, one by one."""
    rows, cells = open_units(of, places, source), Counter[TownshipCountKey]()
    marks = source.marks(of).filter(sheet__subject=Subject.UNIT)
    if places.prefixes is not None:
        marks = marks.filter(sheet__enterprise__in=rows.values("enterprise"))
    accepted = rows.filter(enterprise__in=marks.nine_passed("sheet__enterprise"))
    for code, unit_type, sector, n in _by_cell(places, accepted):
        if home := places.home(code):
            cells[TownshipCountKey(home, Subject.UNIT, unit_type, sector)] += n
    perhaps_broken = accepted.filter(source.charged(of, places))
    for key, code, *kind in perhaps_broken.values_list("enterprise", "region_code", "unit_type", "sector_id"):
        if BrokenKey(Subject.UNIT, str(key)) in found.broken:
            cells[TownshipCountKey(places.home(code) or "", Subject.UNIT, *kind)] -= 1
    return cells


# --- sums ------------------------------------------------------------------------------------------------------------
def _count(
    places: Places, found: FigureSet, totals: Counter[TownshipCountKey], accepted: Mapping[str, Counter[TownshipCountKey]]
) -> None:
    """A row for every kind of which there is one. Short of the standards (where they are asked for) is whoever is
    neither broken nor accepted.
    """
    broken: Counter[TownshipCountKey] = Counter()
    provisional: Counter[TownshipCountKey] = Counter()
    for key, says in found.broken.items():
        cell = TownshipCountKey(places.home(says.region_code) or "", key.subject, says.unit_type, says.sector_code)
        broken[cell] += 1
        provisional[cell] += says.provisional
    short = {
        cell: total - broken[cell] - accepted[cell.subject][cell]
        for cell, total in totals.items()
        if cell.subject in accepted
    }
    found.counts = {
        cell: TownshipCountSays(total, broken[cell], provisional[cell], short.get(cell, 0))
        for cell, total in totals.items()
        if total
    }


def _stand(of: Period, places: Places, found: FigureSet, source: CurrentFacts) -> None:
    effects = _by_township(places, source.effects(of, places), 3)
    towns = source.hazards(of, places.rows("region_code"), places.moved)
    hazards = _by_township(places, ((whole(code), *rest) for code, *rest in towns), 2)
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell, says in found.counts.items():
        place, counts = (cell.region_code, cell.subject), (says.total, says.broken, says.short)
        sums[place] = [before + more for before, more in zip(sums[place], counts, strict=True)]
    for code, name in places.townships.items():
        row: list[Any] = [name, int(code[6:9]) in ZONE]
        for subject in Subject:
            total, broken, short = sums[code, subject]
            row += [total, broken, rules.ratio(total - broken - short, total).percent]
        due, on_time = hazards[code]
        shorts = (sums[code, subject][2] for subject in Subject)
        found.townships[TownshipFiguresKey(code)] = TownshipFiguresSays._make(
            [*row, *effects[code], due, on_time, rules.ratio(on_time, due).percent, *shorts]
        )


def _by_township(places: Places, rows: Iterable[tuple], columns: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0] * columns)
    for code, *counts in rows:
        if home := places.home(code):
            found[home] = [before + more for before, more in zip(found[home], counts, strict=True)]
    return found
