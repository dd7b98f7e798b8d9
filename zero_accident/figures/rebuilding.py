"""The kept figures made from nothing, and compared with what stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accidents import reading
from accidents.models import Accident
from zero_accident.attribution import facts as attribution
from zero_accident.figures.keeping import _reassessed, last_number, lock, refresh
from zero_accident.figures.tables import rewrite, write
from zero_accident.models import AccidentEffect, Break, Broken, TownshipCount, TownshipFigures
from zero_accident.policies import lookup
from zero_accident.rules import AttributedAccident

BATCH = 2000
MOST_SHOWN = 200


# --- from nothing ----------------------------------------------------------------------------------------------------
@dataclass
class RebuildReport:
    """What a rebuild found different: how much, and the first of it in words."""

    count: int = 0
    lines: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # what was looked at, in Chinese

    def add(self, found: Iterable[Any]) -> None:
        for each in found:
            self.count += 1
            if len(self.lines) < MOST_SHOWN:
                self.lines.append(str(each))


COUNTED = (AccidentEffect, Break, Broken, TownshipCount, TownshipFigures)


@transaction.atomic
def rebuild(year: int, *, check: bool = False, reason: str = "重新计算") -> RebuildReport:
    """Works everything out from the facts and writes what differs. `check` does the same, reports the same and writes
    nothing.
    """
    lock(year)
    report = RebuildReport()
    report.add(_stale(year))
    policies = lookup.policies_of(year)
    for accidents in _batches(Accident.objects.in_year(year).order_by("occurred_at", "id")):
        facts = attribution.facts_of(accidents)
        report.add(_columns(accidents, facts))
        for policy in policies:
            changes = [*_reassessed(policy, year, accidents, facts)]
            write(changes, policy=policy.version, year=year)
            report.add(changes)
        report.counts["事故"] = report.counts.get("事故", 0) + len(accidents)
    for policy in policies:
        if not check or last_number(policy.version, year):  # a year of which nothing is kept yet differs from nothing
            report.add(refresh(policy, year, None, reason=reason))
    report.counts |= {
        str(model._meta.verbose_name): model._default_manager.filter(year=year).count() for model in COUNTED
    }
    if check:
        transaction.set_rollback(True)
    return report


def _batches(rows: QuerySet) -> Iterator[list[Any]]:
    ahead = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(ahead, BATCH)):
        yield batch


def _columns(accidents: Sequence[Accident], facts: Mapping[UUID, AttributedAccident]) -> list[str]:
    """Kept columns of accidents that were wrong, put right."""
    wrong, lines = [], []
    names: set[str] = set()
    for accident in accidents:
        right = reading.kept_columns(facts[accident.pk])
        off = {name: value for name, value in right.items() if getattr(accident, name) != value}
        for name, value in off.items():
            setattr(accident, name, value)
        if off:
            wrong.append(accident)
            names |= off.keys()
            lines.append(f"事故 {accident.pk}: {'、'.join(sorted(off))}")
    rewrite(wrong, sorted(names))
    return lines


def _stale(year: int) -> Iterator[str]:
    """Rows of a policy that does not hold in the year, or of accidents of another year."""
    versions = [policy.version for policy in lookup.policies_of(year)]
    mine = Accident.objects.in_year(year)
    for model in (AccidentEffect, Break, Broken, TownshipCount, TownshipFigures):
        rows = model._default_manager.filter(year=year)
        astray = ~Q(policy__in=versions)
        if model in (AccidentEffect, Break):
            astray |= ~Q(accident__in=mine.values("pk"))
        count, _ = rows.filter(astray).delete()
        if count:
            yield f"{model._meta.verbose_name}: {count} 行不属于本年度或现行口径"
