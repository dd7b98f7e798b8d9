"""部门月报与我方事故: what is there of a month, and where both differ.

Worked out from the current editions, our accidents and the decisions in force: nothing of it is kept, so a correction on
either side shows at once. Four queries, however many months.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accidents.choices import StatStatus
from accidents.models import Accident
from assessment.closings import periods
from assessment.closings.reconciliation import matching
from assessment.closings.reconciliation.matching import Comparison, Decision, ListedAccident, OurAccident
from assessment.closings.rules import ClosingRules, ListSource, rules_on
from assessment.models import Closing, Settlement, SourceList, SourceRow
from reference.terms import AccidentKind
from safety_api.days import during
from safety_api.permissions import inside, significant

COLUMNS = (
    "pk", "occurred_at", "region_code", "deaths", "serious_injuries", "category", "sector_id", "stat_status", "kind",
    "joined_to_id",
)  # fmt: skip


# --- what is there ---------------------------------------------------------------------------------------------------
@dataclass
class Reconciliation:
    """All that is compared: months of a year of a county."""

    rules: ClosingRules
    lists: Mapping[tuple[str, int], SourceList]
    rows: Mapping[int, SourceRow]  # by id, of current editions
    decisions: Mapping[int, Settlement]  # by id
    comparisons: list[Comparison] = field(default_factory=list)

    def missing(self, months: Iterable[int]) -> list[tuple[ListSource, int]]:
        needed = [each for each in self.rules.sources if each.required]
        return [(source, month) for month in months for source in needed if (source.code, month) not in self.lists]

    @property
    def unsettled(self) -> list[Comparison]:
        return [each for each in self.comparisons if not each.settled]


def reconciliation_of(region_code: str, year: int, months: Sequence[int]) -> Reconciliation:
    rules = rules_on(periods.last_day(year, max(months)))
    current = SourceList.objects.filter(region_code=region_code, year=year, month__in=months).current()
    by_list = {each.pk: each for each in current}
    rows = SourceRow.objects.filter(of__in=by_list).order_by("day", "line", "id")
    settlements = Settlement.objects.in_force().around(region_code, year, months)
    found = Reconciliation(
        rules=rules,
        lists={(each.source, each.month): each for each in by_list.values()},
        rows={each.pk: each for each in rows},
        decisions={each.pk: each for each in settlements},
    )
    found.comparisons = _compared(found, by_list, region_code, year, months)
    return found


def _compared(
    found: Reconciliation, by_list: Mapping[int, SourceList], region_code: str, year: int, months: Sequence[int]
) -> list[Comparison]:
    rules = found.rules
    theirs = [listed_accident(each, by_list[each.of_id]) for each in found.rows.values()]
    decisions = [_decision(each, year) for each in found.decisions.values()]
    named = [each.accident for each in decisions if each.accident]
    ours = _our_accidents(region_code, year, months, rules.matching.days, named)
    listed = {key: source for key in found.lists if (source := rules.source(key[0]))}
    return matching.reconcile(theirs, ours, decisions, listed, rules.matching)


def listed_accident(row: SourceRow, of: SourceList) -> ListedAccident:
    return ListedAccident(
        row.pk, of.source, of.month, row.external_number, row.day, row.region_code, row.deaths, row.serious_injuries,
        row.category,
    )  # fmt: skip


def _decision(row: Settlement, year: int) -> Decision:
    """Months are counted from this year's January: last December is 0."""
    return Decision(
        row.pk, row.source, row.month + 12 * (row.year - year), row.kind, row.external_number, row.accident_id,
        row.theirs, row.ours, row.accepted,
    )  # fmt: skip


def _our_accidents(
    region_code: str, year: int, months: Sequence[int], days: int, also: Iterable[UUID]
) -> dict[UUID, OurAccident]:
    """Accidents of these months and of the days around them, and those that decisions name."""
    first = date(year, min(months), 1) - timedelta(days=days)
    last = periods.last_day(year, max(months)) + timedelta(days=days)
    period = inside(significant(region_code)) & during("occurred_at", first, last)
    rows = Accident.objects.filter(period | Q(pk__in=list(also))).values_list(*COLUMNS)
    return {row[0]: our_accident(*row) for row in rows}


def our_accident(
    key: UUID, occurred_at: Any, region: str, deaths: int, injuries: int, category: str, sector: str | None, status: str,
    kind: str, joined_to: UUID | None,
) -> OurAccident:  # fmt: skip
    gone = (
        "已核销" if status == StatStatus.WRITTEN_OFF
        else "已并入另一条记录" if joined_to
        else "较大涉险，无人伤亡" if kind == AccidentKind.EVENT
        else ""
    )  # fmt: skip
    return OurAccident(key, timezone.localdate(occurred_at), region, deaths, injuries, category, sector or "", gone)


# --- for a closing ---------------------------------------------------------------------------------------------------
def of_closing(closing: Closing) -> Reconciliation:
    return reconciliation_of(closing.region_code, closing.year, closing.months)


def deciders_of(closing: Closing) -> set[UUID]:
    """Who decided anything of these months, also what holds no more."""
    rows = Settlement.objects.filter(region_code=closing.region_code, year=closing.year, month__in=closing.months)
    return set(rows.values_list("by_id", flat=True))
