"""The kept figures: an accident's effects and breaks, who is broken, counts, township figures — and their revisions.

Everything is written the same way: what the rules say now is compared with what stands, and the difference is
written. So a change in the transaction of a fact, a nightly refresh and a rebuild from nothing cannot disagree. An
accident touches the rows of its own places and no others. Writers of one year's figures wait for each other at a lock
of that year, readers never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from accidents.models import Accident
from accidents.rules import AccidentFacts
from enterprises.models import Condition
from geo.codes import whole
from geo.models import RegionSuccession
from safety_api.permissions import within
from zero_accident import rules
from zero_accident.attribution.facts import attributed
from zero_accident.choices import Charged
from zero_accident.figures.impact import assess
from zero_accident.figures.periods import Period, Prefixes, period
from zero_accident.figures.tables import (
    BREAK,
    BROKEN,
    EFFECT,
    TOWNSHIP_COUNT,
    TOWNSHIP_FIGURES,
    BreakKey,
    BreakSays,
    Change,
    EffectKey,
    EffectSays,
    differences,
    write,
)
from zero_accident.figures.working_out import FigureSet, work_out
from zero_accident.models import AccidentEffect, Break, Broken, FigureRevision, TownshipCount, TownshipFigures
from zero_accident.notices import sending
from zero_accident.policies import lookup
from zero_accident.rules import AttributedAccident

LOCK = 0x5A41  # with the year: pg_advisory_xact_lock


def lock(year: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, year])


# --- what an accident does -------------------------------------------------------------------------------------------
def follow(accident: Accident, known: AccidentFacts, reason: str) -> set[str]:
    """In the transaction of the fact, the accident locked: the figures of the places it touches. Returns the units that
    approved decisions charge or let off.
    """
    charged = attributed({accident.pk: known})[accident.pk]
    year = known.occurred_on.year
    if accident.occurred_told_at:
        _leave_other_years(accident, year, reason)
    lock(year)
    for policy in lookup.policies_of(year):
        _follow(policy, year, accident, charged, reason)
    return {each.key for each in charged.overrides if each.subject == Charged.UNIT}


def _leave_other_years(accident: Accident, year: int, reason: str) -> None:
    """The bureau has stated a time of another year than the one it counted in: what it did there is taken back."""
    mine = Q(accident=accident.pk) & ~Q(year=year)
    there = AccidentEffect.objects.filter(mine).values_list("policy", "year")
    for version, other in sorted(there.union(Break.objects.filter(mine).values_list("policy", "year"))):
        lock(other)
        gone = Q(accident=accident.pk, policy=version, year=other)
        changes = [
            *differences(EFFECT, AccidentEffect.objects.filter(gone), {}),
            *differences(BREAK, Break.objects.filter(gone), {}),
        ]
        write(changes, policy=version, year=other)
        of = period(next(each for each in lookup.policies_of(other) if each.version == version), other, timezone.localdate())
        refresh(of.policy, other, _townships(of, changes), reason=reason, cause=accident.pk)


def _follow(policy: rules.Policy, year: int, accident: Accident, known: AttributedAccident, reason: str) -> None:
    changes = [*_reassessed(policy, year, [accident], {accident.pk: known})]
    if not changes and last_number(policy.version, year):
        return
    write(changes, policy=policy.version, year=year)
    touched = _townships(period(policy, year, timezone.localdate()), changes)
    refresh(policy, year, touched, reason=reason, cause=accident.pk)


def _reassessed(
    policy: rules.Policy, year: int, accidents: Sequence[Accident], facts: Mapping[UUID, AttributedAccident]
) -> Iterator[Change]:
    effects: dict[EffectKey, EffectSays] = {}
    breaks: dict[BreakKey, BreakSays] = {}
    for accident in accidents:
        effect, broken = assess(policy, accident, facts[accident.pk])
        effects |= effect
        breaks |= broken
    mine = Q(policy=policy.version, accident__in=[accident.pk for accident in accidents])
    yield from differences(EFFECT, AccidentEffect.objects.filter(mine), effects)
    yield from differences(BREAK, Break.objects.filter(mine), breaks)


def _townships(of: Period, changes: Sequence[Change]) -> tuple[str, ...]:
    """Prefixes of all townships in whose figures these effects and breaks stand, stood, or stand since a merger."""
    effects = [says for each in changes if each.table is EFFECT for says in (each.before, each.after) if says]
    breaks = [each.key for each in changes if each.table is BREAK]
    places = {each.region_code for each in effects} | {each.village for each in breaks if each.village}
    units = {each.enterprise_id for each in breaks if each.enterprise_id}
    places |= set(Condition.objects.as_of(of.as_of).filter(enterprise__in=units).values_list("region_code", flat=True))
    return townships_of(places)


def townships_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Prefixes of the townships of these codes, and of whoever took over from them."""
    return tuple(sorted({code[:9] for code in _with_heirs(codes)}))


def _with_heirs(codes: Iterable[str]) -> set[str]:
    """These codes, their townships, and whoever took over from them, however often."""
    found: set[str] = set()
    ahead = {each for code in codes for each in (code, whole(code[:9]))}
    while ahead:
        found |= ahead
        after = RegionSuccession.objects.filter(predecessor__in=ahead).values_list("successor", flat=True)
        ahead = {code for code in after if code} - found
    return found


# --- the figures of a year -------------------------------------------------------------------------------------------
def refresh(
    policy: rules.Policy, year: int, prefixes: Prefixes, *, reason: str, cause: UUID | None = None
) -> list[Change]:
    """Writes what differs from the kept figures of these places, as a revision with its reason. The year is locked by
    the caller.

    The first time, all places: a ranking of some townships would be none.
    """
    number, of = last_number(policy.version, year), period(policy, year, timezone.localdate())
    prefixes = prefixes if number else None
    changes = _due(policy, year, prefixes, work_out(of, prefixes))
    if changes:
        write(changes, policy=policy.version, year=year, revision=number + 1)
        FigureRevision.objects.create(
            policy=policy.version,
            year=year,
            number=number + 1,
            reason=reason[:200],
            cause=cause,
            changes=_listed(changes),
            counties=sorted({code[:6] for each in changes for code in _places(each)}),
            made_at=timezone.now(),
        )
    if number and lookup.policy_on(of.as_of).version == policy.version:  # what is ranked by another policy is no news
        sending.send_notices(policy, year, number + 1, changes, reason=reason[:200])
    return changes


def _places(change: Change) -> Iterator[str]:
    """Where the row is, and where it was."""
    if change.table is BROKEN:
        yield from (says.region_code for says in (change.before, change.after) if says)
    else:
        yield change.key.region_code


def last_number(policy: str, year: int, known_at: datetime | None = None) -> int:
    """The last revision of a year's figures, as we knew at that moment; 0 when there is none."""
    rows = FigureRevision.objects.filter(policy=policy, year=year)
    rows = rows.filter(made_at__lte=known_at) if known_at else rows
    return rows.aggregate(last=Max("number"))["last"] or 0


def _due(policy: rules.Policy, year: int, prefixes: Prefixes, found: FigureSet) -> list[Change]:
    here = within(prefixes)
    moved_in = Q() if prefixes is None else Q(key__in=[each.key for each in found.broken])
    return [
        *differences(
            BROKEN, Broken.objects.of(policy.version, year).filter(here | moved_in if moved_in else here), found.broken
        ),
        *differences(TOWNSHIP_COUNT, TownshipCount.objects.of(policy.version, year).filter(here), found.counts),
        *differences(TOWNSHIP_FIGURES, TownshipFigures.objects.of(policy.version, year).filter(here), found.townships),
    ]


def _listed(changes: Iterable[Change]) -> dict[str, Any]:
    """What a revision shows: the townships' figures before and after, and who broke or is restored."""
    changes = list(changes)
    broken = [each for each in changes if each.table is BROKEN]
    return {
        "columns": list(TOWNSHIP_FIGURES.says._fields),
        "townships": {each.key.region_code: [each.before, each.after] for each in changes if each.table is TOWNSHIP_FIGURES},
        "broken": sorted(each.key.key for each in broken if each.before is None),
        "restored": sorted(each.key.key for each in broken if each.after is None),
        "places": {each.key.key: next(_places(each)) for each in broken if None in (each.before, each.after)},
    }


def kept() -> list[tuple[rules.Policy, int]]:
    """Policies and years whose figures are kept."""
    return [(policy, year) for year in kept_years() for policy in lookup.policies_of(year)]


def kept_years() -> list[int]:
    return sorted(FigureRevision.objects.order_by().values_list("year", flat=True).distinct())


@transaction.atomic
def places_changed(prefixes: Prefixes, *, reason: str, years: Iterable[int] | None = None) -> int:
    """Denominators or hazards of these townships changed: the figures of every kept year follow. Returns how many
    rows changed.
    """
    changed = 0
    for policy, year in kept():
        if years is None or year in years:
            lock(year)
            changed += len(refresh(policy, year, prefixes, reason=reason))
    return changed


@transaction.atomic
def refresh_year(year: int, *, reason: str) -> int:
    """What the calendar changes in a year: deadlines pass, units come of age. Also keeps a year from its first day
    on.
    """
    lock(year)
    return sum(len(refresh(policy, year, None, reason=reason)) for policy in lookup.policies_of(year))


def units_changed(units: Iterable[UUID], *, reason: str) -> int:
    """In every township where they ever were, as we knew."""
    codes = Condition.objects.filter(enterprise__in=list(units)).values_list("region_code", flat=True).distinct()
    townships = townships_of(codes)
    return places_changed(townships, reason=reason) if townships else 0
