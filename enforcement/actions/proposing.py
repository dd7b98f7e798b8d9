"""挂牌建议 What should be listed, found by the day or asked for by a department; the committee decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from enforcement.actions.listing import LISTABLE
from enforcement.actions.writing import author, move
from enforcement.kinds import ProposalState, Trigger
from enforcement.models import ListingProposal
from enforcement.states import PROPOSAL
from enforcement.subjects import of_hazard
from hazards.actions import listing as hazard_side
from hazards.models import Hazard
from hazards.querysets import is_overdue
from hazards.states import ENDED
from reference.terms import HazardLevel
from safety_api.actors import Actor
from safety_api.inserts import insert_new
from safety_api.parts import in_parts
from safety_api.problems import ALREADY_LISTED, ALREADY_PROPOSED, ONLY_MAJOR
from safety_api.trail import SYSTEM, line, record_many
from safety_api.writing import Fresh, add, keep, locked, rows_for

# DOMAIN §3.6: a major hazard that is overdue, has come again, or that the unit cannot remove by itself.
TRIGGERS = {
    Trigger.OVERDUE: is_overdue,
    Trigger.REPEATED: lambda on: Q(repeat_of__isnull=False) | Q(recurrence_of__isnull=False),
    Trigger.OUTSIDE_FACTOR: lambda on: Q(outside_factor=True),
}
BATCH = 1000


@transaction.atomic
def propose(*, on: date, hazards: Iterable[UUID] | None = None, by: Actor = SYSTEM) -> int:
    """A proposal for every trigger a hazard meets on that day and was never proposed for; how many are new."""
    new = due(on=on, hazards=hazards, by=by)
    return sum(_write(part, by) for part in in_parts(new, BATCH))


def due(*, on: date, hazards: Iterable[UUID] | None = None, by: Actor = SYSTEM) -> list[ListingProposal]:
    """The same, not yet written."""
    rows = Hazard.objects.major().filter(state__in=LISTABLE, listed_level="")
    if hazards is not None:
        rows = rows.filter(pk__in=list(hazards))
    return [each for trigger, holds in TRIGGERS.items() for each in _proposals(rows.filter(holds(on)), trigger, on, by)]


def _proposals(rows: Any, trigger: Trigger, on: date, by: Actor) -> list[ListingProposal]:
    known = ListingProposal.objects.filter(hazard=OuterRef("pk"), trigger=trigger)
    columns = ("region_code", "sector_id", "department_id", "enterprise_id", "is_demo")
    return [
        ListingProposal(**of_hazard(hazard), **author(by), hazard=hazard, trigger=trigger, proposed_on=on)
        for hazard in rows.filter(~Exists(known)).only("pk", *columns)
    ]


def _write(proposals: list[ListingProposal], by: Actor) -> int:
    written = insert_new(proposals)  # a racing handler may have been first
    new = [each for each in proposals if each.pk in written]
    record_many(line(by, "listing.propose", each, trigger=each.trigger, hazard=str(each.hazard_id)) for each in new)
    return len(new)


@transaction.atomic
def ask(*, by: Actor, hazard: UUID, note: str, on: date) -> ListingProposal:
    """部门提请. Raises NOT_FOUND, ONLY_MAJOR, ALREADY_LISTED, ALREADY_PROPOSED."""
    row = hazard_side.lock(hazard, by=by)
    if row.listed_level:
        raise ALREADY_LISTED()
    if row.level != HazardLevel.MAJOR or row.state not in LISTABLE:
        raise ONLY_MAJOR(state=row.state)
    if ListingProposal.objects.open().filter(hazard=row, trigger=Trigger.REPORTED).exists():
        raise ALREADY_PROPOSED()
    proposal = ListingProposal(
        **of_hazard(row), **author(by), hazard=row, trigger=Trigger.REPORTED, proposed_on=on, note=note
    )
    add(proposal, "listing.propose", by=by, trigger=Trigger.REPORTED.value, hazard=str(hazard))
    return proposal


@transaction.atomic
def decline(proposal: UUID, *, by: Actor, on: date, reason: str, fresh: Fresh = None) -> ListingProposal:
    """不挂牌, with a reason: the same trigger proposes this hazard no more. Raises WRONG_STEP."""
    row = locked(rows_for(ListingProposal, by), proposal, fresh)
    move(row, PROPOSAL, "decline")
    row.decided_on, row.decided_by, row.decided_by_name, row.reason = on, by.pk, by.name, reason
    columns = ["state", "decided_on", "decided_by", "decided_by_name", "reason"]
    return keep(row, "listing.decline", columns, by=by, reason=reason)


@transaction.atomic
def lapse(*, on: date, hazards: Iterable[UUID] | None = None, by: Actor = SYSTEM) -> int:
    """Open proposals whose hazard has ended meanwhile; how many."""
    rows = ListingProposal.objects.open().filter(hazard__state__in=ENDED)
    if hazards is not None:
        rows = rows.filter(hazard__in=list(hazards))
    found = list(rows.select_for_update(of=("self",)))
    ListingProposal.objects.filter(pk__in=[each.pk for each in found]).update(
        state=ProposalState.LAPSED, decided_on=on, decided_by_name=by.name
    )
    record_many(line(by, "listing.lapse", each, hazard=str(each.hazard_id)) for each in found)
    return len(found)
