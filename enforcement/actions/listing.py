"""挂牌督办 From a proposal or out of the county's own choice to delisting (DOMAIN §3.6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from enforcement import periods, rules
from enforcement.actions.writing import author, check_order, move
from enforcement.kinds import Every, ListingState, ProposalState
from enforcement.models import Listing, ListingProposal, Progress
from enforcement.states import LISTING
from enforcement.subjects import check_applicant, of_hazard
from hazards.actions import listing as hazard_side
from hazards.models import Hazard
from hazards.states import ENDED, TOLD, State
from reference.terms import HazardLevel
from safety_api.actors import Actor
from safety_api.outbox import send
from safety_api.problems import ALREADY_LISTED, ALREADY_PUBLISHED, HAZARD_NOT_CLOSED, NOT_LISTED, ONLY_MAJOR
from safety_api.trail import SYSTEM
from safety_api.writing import Fresh, add, keep, locked, rows_for

LISTABLE = TOLD  # what is only reported may still turn out to be none
RECTIFIED_FROM = frozenset({State.RECTIFYING, State.REVIEW_REQUESTED})
ENDED_OTHERWISE = ENDED - {State.CLOSED}  # void, transferred, the unit closed: nothing is left to accept


@transaction.atomic
def put_up(
    hazard: UUID, *, by: Actor, level: str, document: str, listed_on: date, leader: str, leader_post: str,
    responsible_person: str, measures: str, funds_yuan: Decimal, deadline: date, plan: str,
    report_every: str = Every.MONTH, fresh: Fresh = None,
) -> Listing:  # fmt: skip
    """挂牌: the decision of the listing body, with its notice. Open proposals for the hazard are granted by it.

    Raises NOT_FOUND, ONLY_MAJOR, ALREADY_LISTED, BEFORE_LAST_STEP.
    """
    row = hazard_side.lock(hazard, by=by)
    if fresh:
        fresh(row)
    _check_listable(row)
    check_order(listed_on, timezone.localdate(row.found_at), pointer="/listed_on")
    check_order(deadline, listed_on, pointer="/deadline")
    listing = Listing(
        **of_hazard(row), **author(by), hazard=row, level=level, document=document, listed_on=listed_on, leader=leader,
        leader_post=leader_post, responsible_person=responsible_person, measures=measures, funds_yuan=funds_yuan,
        deadline=deadline, plan=plan, report_every=report_every,
        report_due_on=rules.next_report_due(listed_on, report_every, after=listed_on),
        publication_due_on=periods.ends("listing_publication", listed_on),
    )  # fmt: skip
    add(listing, "listing.put_up", by=by, level=level, hazard=str(hazard), document=document)
    grant_proposals(listing, by=by, on=listed_on)
    hazard_side.set_listed(hazard, level, by=by, note=document, listing=str(listing.pk), deadline=str(deadline))
    return _said(listing, "put_up")


def _check_listable(hazard: Hazard) -> None:
    if hazard.listed_level or Listing.objects.open().filter(hazard=hazard).exists():
        raise ALREADY_LISTED()
    if hazard.level != HazardLevel.MAJOR or hazard.state not in LISTABLE:
        raise ONLY_MAJOR(state=hazard.state)


def grant_proposals(listing: Listing, *, by: Actor, on: date) -> None:
    ListingProposal.objects.open().filter(hazard=listing.hazard_id).update(
        state=ProposalState.LISTED, listing=listing, decided_on=on, decided_by=by.pk, decided_by_name=by.name
    )


def _said(listing: Listing, step: str) -> Listing:
    send("listing.changed", {"listing": str(listing.pk), "hazard": str(listing.hazard_id), "step": step})
    return listing


@transaction.atomic
def publish(
    listing: UUID, *, by: Actor, on: date, where: str, what: str = "listing", fresh: Fresh = None
) -> Listing:  # fmt: skip
    """公告 of the listing or of the delisting. Raises WRONG_STEP, ALREADY_PUBLISHED, BEFORE_LAST_STEP."""
    row = locked(rows_for(Listing, by), listing, fresh)
    move(row, LISTING, "publish")
    if what == "delisting" and row.delisted_on is None:
        raise LISTING.wrong(row.state, "publish", "尚未摘牌，不能公告摘牌")
    day, place = ("published_on", "published_at") if what == "listing" else PUBLICATION_OF_END
    if getattr(row, day) is not None:
        raise ALREADY_PUBLISHED()
    check_order(on, row.listed_on if what == "listing" else row.delisted_on)
    setattr(row, day, on)
    setattr(row, place, where)
    keep(row, "listing.publish", [day, place], by=by, what=what, on=str(on))
    return _said(row, "publish")


PUBLICATION_OF_END = ("delisting_published_on", "delisting_published_at")


@transaction.atomic
def report_progress(
    listing: UUID, *, by: Actor, on: date, done: str, percent: int, problems: str = "",
    funds_spent_yuan: Decimal | None = None, fresh: Fresh = None,
) -> Listing:  # fmt: skip
    """进展报告: answers the one that is due; the next falls due an interval later. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    row = locked(rows_for(Listing, by), listing, fresh)
    move(row, LISTING, "progress")
    check_order(on, row.listed_on)
    Progress.objects.create(
        listing=row, due_on=row.report_due_on, reported_on=on, done=done, problems=problems, percent=percent,
        funds_spent_yuan=funds_spent_yuan, by_id=by.pk, by_name=by.name,
    )  # fmt: skip
    row.report_due_on = rules.next_report_due(row.listed_on, row.report_every, after=max(on, row.report_due_on))
    keep(row, "listing.progress", ["report_due_on"], by=by, on=str(on), percent=percent)
    return _said(row, "progress")


@transaction.atomic
def apply(listing: UUID, *, by: Actor, on: date, application: str, fresh: Fresh = None) -> Listing:
    """申请验收, by the unit's principal. Raises WRONG_STEP, PRINCIPAL_REQUIRED, UNIT_HAS_ACCOUNT, BEFORE_LAST_STEP."""
    row = locked(rows_for(Listing, by), listing, fresh)
    check_applicant(by, row.enterprise_id)
    before = ListingState(row.state)
    move(row, LISTING, "apply")
    if row.hazard.state not in RECTIFIED_FROM:
        raise LISTING.wrong(before, "apply", f"隐患状态为“{State(row.hazard.state).label}”，整改后才能申请验收")
    check_order(on, row.listed_on)
    row.applied_on, row.application = on, application
    row.acceptance_due_on = periods.ends("listing_acceptance", on)
    columns = ["state", "applied_on", "application", "acceptance_due_on"]
    return _said(keep(row, "listing.apply", columns, by=by, on=str(on)), "apply")


@transaction.atomic
def accept(listing: UUID, *, by: Actor, on: date, acceptance: str, fresh: Fresh = None) -> Listing:
    """验收合格: from now on the hazard may be closed. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    row = _judged(listing, "accept", by=by, on=on, acceptance=acceptance, fresh=fresh)
    hazard_side.note_acceptance(row.hazard_id, by=by, note=acceptance, listing=str(row.pk), on=str(on))
    return _said(row, "accept")


@transaction.atomic
def refuse(listing: UUID, *, by: Actor, on: date, acceptance: str, fresh: Fresh = None) -> Listing:
    """验收不合格: listed as before, until another application. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    return _said(_judged(listing, "refuse", by=by, on=on, acceptance=acceptance, fresh=fresh), "refuse")


def _judged(listing: UUID, name: str, *, by: Actor, on: date, acceptance: str, fresh: Fresh) -> Listing:
    row = locked(rows_for(Listing, by), listing, fresh)
    move(row, LISTING, name)
    check_order(on, row.applied_on)
    row.accepted_on, row.acceptance = on if name == "accept" else None, acceptance
    return keep(row, f"listing.{name}", ["state", "accepted_on", "acceptance"], by=by, on=str(on), note=acceptance)


@transaction.atomic
def delist(hazard: UUID, *, by: Actor, document: str, on: date, note: str = "", fresh: Fresh = None) -> Listing:
    """摘牌: accepted and closed, or when the hazard has ended otherwise.

    Raises NOT_FOUND, NOT_LISTED, WRONG_STEP, HAZARD_NOT_CLOSED, BEFORE_LAST_STEP.
    """
    row = _listing_of(hazard, by, fresh)
    state = hazard_side.lock(hazard, by=by).state
    if state in ENDED_OTHERWISE:
        row.state = ListingState.DELISTED
    else:
        move(row, LISTING, "delist")
        _check_closed(state)
    check_order(on, row.listed_on, row.accepted_on)
    row.delisted_on, row.delisting_document, row.delisting_note = on, document, note
    row.delisting_publication_due_on = periods.ends("listing_publication", on)
    columns = ["state", "delisted_on", "delisting_document", "delisting_note", "delisting_publication_due_on"]
    keep(row, "listing.delist", columns, by=by, on=str(on), document=document)
    hazard_side.set_listed(hazard, "", by=by, note=document, listing=str(row.pk))
    return _said(row, "delist")


def _check_closed(state: str) -> None:
    if state != State.CLOSED:
        raise HAZARD_NOT_CLOSED(state=state, detail=f"隐患状态为“{State(state).label}”，销号后才能摘牌。")


def _listing_of(hazard: UUID, by: Actor, fresh: Fresh) -> Listing:
    """The hazard's listing of now, locked."""
    key = Listing.objects.visible_to(by).open().filter(hazard=hazard).values_list("pk", flat=True).first()
    if key is None:
        raise NOT_LISTED()
    return locked(rows_for(Listing, by), key, fresh)


@transaction.atomic
def reopen(hazard: UUID, *, by: Actor = SYSTEM) -> bool:
    """The department's review failed after the acceptance: supervision goes on. False when there was nothing to reopen."""
    row = Listing.objects.select_for_update().filter(hazard=hazard, state=ListingState.ACCEPTED).first()
    if row is None:
        return False
    move(row, LISTING, "reopen")
    row.accepted_on = None
    _said(keep(row, "listing.reopen", ["state", "accepted_on"], by=by), "reopen")
    return True
