"""部门月报与我方事故: what is there of a month, and where both differ.

Worked out from the current editions, our accidents and the decisions in force: nothing of it is kept, so a correction on
either side shows at once. Four queries, however many months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accidents.choices import StatStatus
from accidents.models import Accident
from accidents.querysets import midnight
from assessment.closings import periods
from assessment.closings.reconciliation import matching
from assessment.closings.reconciliation.matching import Found, Known, Ours, Theirs
from assessment.closings.rules import Source, Terms, terms_on
from assessment.models import Closing, Settlement, SourceList, SourceRow
from reference.terms import ReportKind
from safety_api.permissions import inside, significant

COLUMNS = (
    "pk", "occurred_at", "region_code", "deaths", "serious_injuries", "category", "sector_id", "stat_status", "kind",
    "joined_to_id",
)  # fmt: skip


# --- what is there ---------------------------------------------------------------------------------------------------
@dataclass
class Books:
    """All that is compared: months of a year of a county."""

    terms: Terms
    lists: dict[tuple[str, int], SourceList] = field(default_factory=dict)
    rows: dict[int, SourceRow] = field(default_factory=dict)  # by id, of current editions
    decisions: dict[int, Settlement] = field(default_factory=dict)  # by id
    found: list[Found] = field(default_factory=list)

    def missing(self, months: Iterable[int]) -> list[tuple[Source, int]]:
        needed = [each for each in self.terms.sources if each.required]
        return [(source, month) for month in months for source in needed if (source.code, month) not in self.lists]

    @property
    def unsettled(self) -> list[Found]:
        return [each for each in self.found if not each.settled]


def books_of(region_code: str, year: int, months: Sequence[int]) -> Books:
    terms = terms_on(periods.last_day(year, max(months)))
    books = Books(terms)
    current = SourceList.objects.filter(region_code=region_code, year=year, month__in=months).current()
    books.lists = {(each.source, each.month): each for each in current}
    by_list = {each.pk: each for each in books.lists.values()}
    books.rows = {each.pk: each for each in SourceRow.objects.filter(of__in=by_list).order_by("day", "line", "id")}
    theirs = [theirs_of(each, by_list[each.of_id]) for each in books.rows.values()]
    books.decisions = {each.pk: each for each in Settlement.objects.in_force().around(region_code, year, months)}
    decisions = [_known(each, year) for each in books.decisions.values()]
    ours = _ours(region_code, year, months, terms.matching.days, [each.accident for each in decisions if each.accident])
    held = {key: source for key in books.lists if (source := terms.source(key[0]))}
    books.found = matching.reconcile(theirs, ours, decisions, held, terms.matching)
    return books


def theirs_of(row: SourceRow, of: SourceList) -> Theirs:
    return Theirs(
        row.pk, of.source, of.month, row.external_number, row.day, row.region_code, row.deaths, row.serious_injuries,
        row.category,
    )  # fmt: skip


def _known(row: Settlement, year: int) -> Known:
    """Months are counted from this year's January: last December is 0."""
    return Known(
        row.pk, row.source, row.month + 12 * (row.year - year), row.kind, row.external_number, row.accident_id,
        row.theirs, row.ours, row.accepted,
    )  # fmt: skip


def _ours(region_code: str, year: int, months: Sequence[int], days: int, also: Iterable[UUID]) -> dict[UUID, Ours]:
    """Accidents of these months and of the days around them, and those that decisions name."""
    first = date(year, min(months), 1) - timedelta(days=days)
    last = periods.last_day(year, max(months)) + timedelta(days=days + 1)
    period = inside(significant(region_code)) & Q(occurred_at__gte=midnight(first), occurred_at__lt=midnight(last))
    rows = Accident.objects.filter(period | Q(pk__in=list(also))).values_list(*COLUMNS)
    return {row[0]: ours_of(*row) for row in rows}


def ours_of(
    key: UUID, occurred_at: Any, region: str, deaths: int, injuries: int, category: str, sector: str | None, status: str,
    kind: str, joined_to: UUID | None,
) -> Ours:  # fmt: skip
    gone = (
        "已核销" if status == StatStatus.WRITTEN_OFF
        else "已并入另一条记录" if joined_to
        else "较大涉险，无人伤亡" if kind == ReportKind.EVENT
        else ""
    )  # fmt: skip
    return Ours(key, timezone.localdate(occurred_at), region, deaths, injuries, category, sector or "", gone)


# --- for a closing ---------------------------------------------------------------------------------------------------
def of_closing(closing: Closing) -> Books:
    return books_of(closing.region_code, closing.year, closing.months)


def lists_told(books: Books) -> list[dict[str, Any]]:
    """Of each month and source the edition that holds."""
    counts = Counter(each.of_id for each in books.rows.values())
    ordered = sorted(books.lists.values(), key=lambda each: (each.month, each.source))
    return [
        {
            "source": each.source, "name": getattr(books.terms.source(each.source), "name", each.source),
            "month": each.month, "edition": each.edition, "nil_return": each.nil_return, "rows": counts[each.pk],
            "sha256": each.sha256, "received_at": _said(each.received_at), "by_name": each.by_name,
        }
        for each in ordered
    ]  # fmt: skip


def decisions_told(books: Books) -> list[dict[str, Any]]:
    """Those that say something of a row or an accident that is there; what an edition took back is no difference."""
    standing = sorted(each.known.id for each in books.found if each.known)
    rows = [books.decisions[key] for key in standing]
    return [
        {
            "source": each.source, "month": each.month, "kind": each.kind, "kind_name": each.get_kind_display(),
            "external_number": each.external_number, "accident": each.accident_id and str(each.accident_id),
            "theirs": each.theirs, "ours": each.ours, "accepted": each.accepted, "reason": each.reason,
            "by_name": each.by_name, "at": _said(each.made_at),
        }
        for each in sorted(rows, key=lambda each: (each.month, each.source, each.external_number, each.pk))
    ]  # fmt: skip


def _said(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def settlers_of(closing: Closing) -> set[UUID]:
    """Who decided anything of these months, also what holds no more."""
    rows = Settlement.objects.filter(region_code=closing.region_code, year=closing.year, month__in=closing.months)
    return set(rows.values_list("by_id", flat=True))
