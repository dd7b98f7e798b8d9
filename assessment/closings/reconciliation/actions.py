"""What a person decides of a row of theirs, or of an accident of ours that they do not list: matched, added, set aside, explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accidents.models import Accident
from accidents.reports import reporting as accidents
from accidents.reports.serializers import AccidentShape
from assessment.closings import periods
from assessment.closings.querysets import in_county
from assessment.closings.reconciliation import matching
from assessment.closings.reconciliation.differences import (
    COLUMNS,
    Reconciliation,
    listed_accident,
    our_accident,
    reconciliation_of,
)
from assessment.closings.reconciliation.matching import Comparison, OurAccident
from assessment.closings.words import DifferenceKind, SettlementKind
from assessment.models import Settlement, SourceList, SourceRow
from safety_api.actors import Actor
from safety_api.idempotency import Sent, fingerprint
from safety_api.permissions import inside, significant
from safety_api.problems import (
    ALREADY_SETTLED,
    NOT_FOUND,
    NOTHING_DIFFERS,
    OLD_EDITION,
    REASON_REQUIRED,
    UNKNOWN_ACCIDENT,
    UNKNOWN_REGION,
    UNKNOWN_SOURCE,
)
from safety_api.shapes import shared
from safety_api.trail import record
from safety_api.writing import read_back

FIRST_MOMENT = "00:00:00"  # a row without a time: the first moment of its day


@dataclass
class OpenRow:
    """A row of a current edition with its month locked and open."""

    row: SourceRow
    of: SourceList
    reconciliation: Reconciliation

    @property
    def comparison(self) -> Comparison:
        return next(each for each in self.reconciliation.comparisons if each.theirs and each.theirs.row == self.row.pk)


def _open_row(row_id: int, by: Actor) -> OpenRow:
    """Raises NOT_FOUND, OLD_EDITION, WRONG_STEP, MONTH_FROZEN."""
    row = SourceRow.objects.select_related("of").filter(pk=row_id).filter(in_county(by, "of__region_code")).first()
    if row is None:
        raise NOT_FOUND()
    of = row.of
    periods.lock(of.region_code, of.year)
    periods.check_open(of.region_code, of.year, of.month)
    reconciliation = reconciliation_of(of.region_code, of.year, [of.month])
    if row.pk not in reconciliation.rows:
        raise OLD_EDITION()
    return OpenRow(row, of, reconciliation)


@transaction.atomic
def match(row_id: int, *, by: Actor, accident: UUID, reason: str = "") -> Settlement:
    """是这起事故. With a reason a difference of figures is explained at once.

    Raises UNKNOWN_ACCIDENT, ALREADY_SETTLED when either is matched already, and what `_open_row` raises.
    """
    open_row = _open_row(row_id, by)
    _check_free(open_row)
    mine = Accident.objects.visible_to(by).filter(inside(significant(open_row.of.region_code)), pk=accident)
    found = mine.values_list(*COLUMNS).first()
    if found is None or our_accident(*found).gone:
        raise UNKNOWN_ACCIDENT.at("/accident")
    return _settle(
        open_row, SettlementKind.MATCHED, by=by, ours=our_accident(*found), reason=reason, accepted=bool(reason)
    )


@transaction.atomic
def create(row_id: int, *, by: Actor, **added: Any) -> Settlement:
    """补录: an accident of ours is made of their row, in one transaction with the decision. `added`: what they do not say
    (nature, category, region of the village, units, sector, on_trunk_road).

    Raises what put (`accidents/reports`) raises, ALREADY_SETTLED and what `_open_row` raises.
    """
    open_row = _open_row(row_id, by)
    _check_free(open_row)
    body = _accident_of(open_row, added)
    _check_place(open_row.row, added.get("region"))
    fields = shared(AccidentShape).run_validation(body)
    del fields["device"]
    accident, _ = accidents.put(uuid4(), sent=Sent(fingerprint(body)), by=by, **fields)
    ours = our_accident(*Accident.objects.filter(pk=accident.pk).values_list(*COLUMNS).get())
    return _settle(open_row, SettlementKind.CREATED, by=by, ours=ours)


def _check_place(row: SourceRow, region: str | None) -> None:
    """A village of the township that they name. Raises UNKNOWN_REGION: theirs is put right in a corrected list."""
    if region and region[:9] != row.region_code[:9]:
        raise UNKNOWN_REGION.at("/region", said="与对方所列乡镇不同；对方写错的，请其报更正的月报。")


def _accident_of(open_row: OpenRow, added: Mapping[str, Any]) -> dict[str, Any]:
    row, source = open_row.row, open_row.reconciliation.rules.source(open_row.of.source)
    name = source.name if source else open_row.of.source
    body = {
        "occurred_at": f"{row.day.isoformat()}T{row.time or FIRST_MOMENT}+08:00",
        "region": row.region_code,
        "place": row.place,
        "category": row.category or (source and source.default_category),
        "deaths": row.deaths,
        "serious_injuries": row.serious_injuries or 0,
        "description": row.description,
        "already_reported": f"{name}{open_row.of.year}年{open_row.of.month}月 {row.external_number}"[:200],
    }
    return body | {name: value for name, value in added.items() if value is not None}


@transaction.atomic
def set_aside(row_id: int, *, by: Actor, reason: str) -> Settlement:
    """不补录: theirs, and not ours to count; with the reason. Raises ALREADY_SETTLED and what `_open_row` raises."""
    open_row = _open_row(row_id, by)
    _check_free(open_row)
    return _settle(open_row, SettlementKind.SET_ASIDE, by=by, reason=reason)


@transaction.atomic
def accept(row_id: int, *, by: Actor, reason: str) -> Settlement:
    """Both differ, and stand so with the reason, until either changes. Raises NOTHING_DIFFERS and what `_open_row` raises."""
    open_row = _open_row(row_id, by)
    found = open_row.comparison
    if found.kind != DifferenceKind.DIFFERS or found.decision is None:
        raise NOTHING_DIFFERS()
    return _settle(open_row, SettlementKind(found.decision.kind), by=by, ours=found.ours, reason=reason, accepted=True)


@transaction.atomic
def undo(row_id: int, *, by: Actor, reason: str) -> None:
    """The decision of a row holds no more; an accident that was made of it stays. Raises NOTHING_DIFFERS when there is
    none, and what `_open_row` raises.
    """
    open_row = _open_row(row_id, by)
    if open_row.comparison.decision is None:
        raise NOTHING_DIFFERS(detail="这一行没有认定可撤销。")
    row = Settlement.objects.in_force().get(pk=open_row.comparison.decision.id)
    _end([row.pk])
    record(by, "source_row.undo", row, reason=reason, number=row.external_number)


@transaction.atomic
def explain(
    *, by: Actor, source: str, year: int, month: int, accident: UUID, reason: str, region: str | None = None
) -> Settlement:  # fmt: skip
    """对方未列: why an accident of ours is not in their list. Raises UNKNOWN_SOURCE, UNKNOWN_ACCIDENT, NOTHING_DIFFERS,
    WRONG_STEP, MONTH_FROZEN.
    """
    county = periods.county_for(by, region)
    periods.lock(county, year)
    periods.check_open(county, year, month)
    reconciliation = reconciliation_of(county, year, [month])
    if reconciliation.rules.source(source) is None:
        raise UNKNOWN_SOURCE.at("/source")
    missing = [
        each for each in reconciliation.comparisons if each.kind == DifferenceKind.ONLY_OURS and each.source == source
    ]
    found = next((each for each in missing if each.ours and each.ours.id == accident), None)
    if found is None:
        if not Accident.objects.visible_to(by).filter(pk=accident).exists():
            raise UNKNOWN_ACCIDENT.at("/accident")
        raise NOTHING_DIFFERS(detail="这起事故不在对方应列而未列之列。")
    old = Settlement.objects.in_force().filter(region_code=county, source=source, accident=accident)
    _end(old.values_list("pk", flat=True))
    return _keep(
        Settlement(
            region_code=county, source=source, year=year, month=month, kind=SettlementKind.UNLISTED, accident_id=accident,
            ours=matching.facts_of_accident(found.ours), accepted=True, reason=reason,  # type: ignore[arg-type]
        ),
        by,
    )  # fmt: skip


def _check_free(open_row: OpenRow) -> None:
    """A decision on what the row said in an earlier edition stands in nobody's way."""
    if open_row.comparison.decision and (open_row.comparison.settled or open_row.comparison.decision.accident):
        raise ALREADY_SETTLED()


def _settle(
    open_row: OpenRow,
    kind: SettlementKind,
    *,
    by: Actor,
    ours: OurAccident | None = None,
    reason: str = "",
    accepted: bool = False,
) -> Settlement:
    if kind == SettlementKind.SET_ASIDE and not reason:
        raise REASON_REQUIRED.at("/reason")
    of, row = open_row.of, open_row.row
    mine = Settlement.objects.in_force().filter(region_code=of.region_code, source=of.source)
    ends = Q(year=of.year, month=of.month, external_number=row.external_number)
    if ours:
        ends |= Q(accident=ours.id) & (Q(kind=SettlementKind.UNLISTED) | ~Q(pk__in=_still_valid(open_row, ours)))
    _end(mine.filter(ends).values_list("pk", flat=True))
    if ours and mine.filter(accident=ours.id).exists():
        raise ALREADY_SETTLED(detail="这起事故已与对方另一行对应，请先撤销。")
    return _keep(
        Settlement(
            region_code=of.region_code, source=of.source, year=of.year, month=of.month, kind=kind,
            external_number=row.external_number, accident_id=ours.id if ours else None,
            theirs=matching.facts_of_row(listed_accident(row, of)), ours=matching.facts_of_accident(ours) if ours else {},
            accepted=accepted, reason=reason,
        ),
        by,
    )  # fmt: skip


def _still_valid(open_row: OpenRow, ours: OurAccident) -> list[int]:
    """Decisions about this accident whose row is still there: of this month by its current rows, of others as they are."""
    theirs = [each.theirs for each in open_row.reconciliation.comparisons if each.theirs]
    rows = {(each.source, each.month, each.number) for each in theirs}
    decided = Settlement.objects.in_force().filter(
        region_code=open_row.of.region_code, source=open_row.of.source, accident=ours.id
    )
    return [
        each.pk for each in decided
        if (each.year, each.month) != (open_row.of.year, open_row.of.month)
        or (each.source, each.month, each.external_number) in rows
    ]  # fmt: skip


def _end(keys: Iterable[int]) -> None:
    Settlement.objects.filter(pk__in=list(keys), ended_at=None).update(ended_at=timezone.now())


def _keep(row: Settlement, by: Actor) -> Settlement:
    row.by_id, row.by_name = by.pk, by.name
    row.save(force_insert=True)
    read_back(row)
    record(
        by, f"source_row.{row.kind}", row, source=row.source, number=row.external_number, reason=row.reason,
        accident=str(row.accident_id or ""), accepted=row.accepted,
    )  # fmt: skip
    return row
