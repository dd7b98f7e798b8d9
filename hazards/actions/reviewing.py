"""复查 Closing what was put right, or sending it back: at the door, by the unit itself, or as part of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import actions as evidence
from evidence.papers.drafting import Issuing
from hazards.actions.deadlines import TERM, set_deadline
from hazards.actions.history import (
    ACCEPTED,
    CONSENTED,
    UNDOES_ACCEPTANCE,
    UNDOES_CONSENT,
    History,
    before_photos,
    history_of,
)
from hazards.actions.issuing import OPINION, paper_of
from hazards.actions.moving import Move, finish, take
from hazards.actions.steps import Manifest
from hazards.models import Hazard, Review
from hazards.officers import alone, two_officers
from hazards.rules import approvals_missing, default_due, only_ordered
from hazards.states import FLOW, State
from reference import law
from safety_api.actors import Actor
from safety_api.problems import (
    ACCEPTANCE_REQUIRED,
    APPROVALS_REQUIRED,
    PHOTOS_REQUIRED,
    REVIEWER_ONLY_ORDERED,
    Problem,
)
from safety_api.roles import Role
from safety_api.writing import Fresh

ALONE = frozenset(
    {Role.TOWNSHIP_OFFICER, Role.ENTERPRISE_OFFICER}
)  # in their own loops, where no certificate is asked for


@transaction.atomic
def pass_(
    hazard_id: UUID, *, by: Actor, companion: UUID | None = None, photos: Manifest = (), approvals: dict | None = None,
    note: str = "", issue: str = Issuing.NOW, check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """9 复查合格: two officers, not only those who ordered; of a major one a department leader takes the step.

    Issues 整改复查意见书, or leaves its draft where one of them has no certificate. A township's officer closes its own loop alone, a unit
    its own findings, without a paper.

    Raises TWO_OFFICERS_REQUIRED, COMPANION_NOT_HERE, REVIEWER_ONLY_ORDERED, ACCEPTANCE_REQUIRED, APPROVALS_REQUIRED,
    PHOTOS_REQUIRED and what `take` raises.
    """
    move = take(hazard_id, "pass", by=by, check_fresh=check_fresh)
    shown = [str(each["id"]) for each in photos]
    details = _check_passes(move, history_of(move.hazard), [companion] if companion else [], shown, approvals or {})
    evidence.declare(list(photos), owner_kind="hazard", owner_id=hazard_id, by=by)
    return _close(move, note, details, issue)


def _check_passes(
    move: Move, history: History, companions: Sequence[UUID], shown: list[str], approvals: dict[str, Any]
) -> dict[str, Any]:
    """All that closing asks for; returns the step's details."""
    hazard = move.hazard
    officers = _officers(move, companions)
    if move.by.role not in ALONE and only_ordered([each["id"] for each in officers], history.ordered_by()):
        raise REVIEWER_ONLY_ORDERED()
    if hazard.listed_level and not history.stands(ACCEPTED, UNDOES_ACCEPTANCE):
        raise ACCEPTANCE_REQUIRED()
    _check_approvals(move, history, approvals)
    _check_photos(hazard, history, shown)
    said = {name: {**each, "date": str(each["date"])} for name, each in approvals.items() if each}
    return {"officers": officers, "photos": shown, **({"approvals": said} if said else {})}


def _officers(move: Move, companions: Sequence[UUID]) -> list[dict[str, str]]:
    if move.by.role in ALONE:
        return alone(move.by)
    return two_officers(move.by, companions, hazard=move.hazard, on=move.day)


def _check_approvals(move: Move, history: History, approvals: dict[str, Any]) -> None:
    hazard = move.hazard
    missing = approvals_missing(law.hazard_steps(move.day), hazard.sector_id, hazard.production_stopped, approvals)
    if missing and not history.stands(CONSENTED, UNDOES_CONSENT):
        raise APPROVALS_REQUIRED.at(*(f"/approvals/{name}" for name in missing))


def _check_photos(hazard: Hazard, history: History, shown: list[str]) -> None:
    """One that shows it put right, since it last failed; and one that shows it as it was."""
    after = [*shown, *history.after_photos(since_failed=True)]
    if not after or not before_photos(hazard, after=[*shown, *history.after_photos()]).exists():
        raise PHOTOS_REQUIRED.at("/photos")


def _close(move: Move, note: str, details: dict[str, Any], issue: str = Issuing.NOW) -> Hazard:
    move.hazard.closed_on = move.day
    return finish(move, "closed_on", note=note, **details, **_opinion(move, "pass", note, details, issue))


def _opinion(
    move: Move, result: str, note: str, details: dict[str, Any], issue: str, deadline: date | None = None
) -> dict[str, Any]:
    """整改复查意见书, by whoever enforces; a township and a unit close without one."""
    if move.by.role in ALONE:
        return {}
    said = {"result": result, "note": note, "deadline": deadline, "reviewed_on": move.day}
    return paper_of(move, OPINION, details["officers"], issuing=issue, at=move.at, **said)


@transaction.atomic
def fail(
    hazard_id: UUID, *, by: Actor, deadline: date, note: str, companion: UUID | None = None, photos: Manifest = (),
    issue: str = Issuing.NOW, check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """10 复查不合格: back to the unit, with a new deadline and what is still wrong. Issues 整改复查意见书; a township's none.

    Raises what `set_deadline`, `two_officers` and `take` raise.
    """
    move = take(hazard_id, "fail", by=by, check_fresh=check_fresh)
    officers = _officers(move, [companion] if companion else [])
    evidence.declare(list(photos), owner_kind="hazard", owner_id=hazard_id, by=by)
    return _send_back(move, deadline, note, {"officers": officers, **_still_there(photos)}, issue)


def _still_there(photos: Manifest) -> dict[str, Any]:
    """Their ids stand in the step under `review`: they show nothing put right."""
    return {"review": [str(each["id"]) for each in photos]} if photos else {}


def _send_back(move: Move, deadline: date, note: str, details: dict[str, Any], issue: str = Issuing.NOW) -> Hazard:
    set_deadline(move, deadline)
    move.hazard.review_requested_on = move.hazard.review_due_on = None
    paper = _opinion(move, "fail", note, details, issue, deadline)
    columns = (*TERM, "review_requested_on", "review_due_on")
    return finish(move, *columns, note=note, due_on=deadline, **details, **paper)


# --- carried by a visit ------------------------------------------------------------------------------------------------
def review_in_visit(
    reviews: list[dict[str, Any]], *, inspection_id: UUID, reviewed_at: datetime, by: Actor
) -> list[Review]:
    """What a visit found of hazards known before, kept beside them; in the caller's transaction, one statement."""
    return Review.objects.bulk_create(
        Review(
            hazard_id=each["hazard"], inspection_id=inspection_id, result=each["result"], note=each.get("note") or "",
            reviewed_at=reviewed_at, reviewed_by=by.pk, recorded_at=timezone.now(),
        )
        for each in reviews
    )  # fmt: skip


def apply_reviews(
    reviews: list[dict[str, Any]], *, inspection_id: UUID, reviewed_at: datetime, companions: Sequence[UUID], by: Actor
) -> bool:
    """Takes the steps that the reviews of a visit amount to, in its transaction; False when one of them could not be taken: it stays a
    kept review. A visit is never refused for it. The visit's photos must stand already."""
    at = min(reviewed_at, timezone.now())
    in_order = sorted(reviews, key=lambda each: each["hazard"])  # two visits lock in the same order
    taken = [_applied(each, inspection_id, at, companions, by) for each in in_order]
    return all(taken)


def _applied(review: dict[str, Any], inspection_id: UUID, at: datetime, companions: Sequence[UUID], by: Actor) -> bool:
    try:
        with transaction.atomic():
            _apply(review, inspection_id, at, companions, by)
    except Problem:
        return False
    return True


def _apply(review: dict[str, Any], inspection_id: UUID, at: datetime, companions: Sequence[UUID], by: Actor) -> None:
    name, note, shown = review["result"], review.get("note") or "", [str(each) for each in review["photos"]]
    move = take(review["hazard"], name, by=by, at=at)
    history = history_of(move.hazard)
    if move.before != State.REVIEW_REQUESTED or (history.asked_at() or at) > at:
        raise FLOW.wrong(move.before, name)  # the visit was before anybody asked for a review
    visit = {"inspection": str(inspection_id)}
    if name == "pass":
        _close(move, note, _check_passes(move, history, companions, shown, {}) | visit)
    else:
        deadline = _deadline_after(move, review.get("deadline"))
        _send_back(move, deadline, note, {"officers": _officers(move, companions), **visit, **({"review": shown} if shown else {})})


def _deadline_after(move: Move, stated: date | None) -> date:
    """The deadline that the visit named, else the rule's from the day of the visit; if the visit came so late that it has passed by then,
    the rule's from today: the unit is told only now."""
    row, today = law.deadline(move.hazard.level, move.day), timezone.localdate()
    named = stated or default_due(move.day, row)
    return named if named >= today else default_due(today, row)
