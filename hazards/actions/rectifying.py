"""整改 The unit's side: taking it on with a plan, and asking for the review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from evidence import actions as evidence
from hazards.actions.deadlines import TERM, begin_term, set_deadline
from hazards.actions.moving import Move, finish, take
from hazards.actions.steps import Manifest
from hazards.models import Hazard, Plan
from hazards.rules import not_in_place
from hazards.states import State
from reference import law
from reference.terms import HazardLevel, Loop
from safety_api.actors import Actor
from safety_api.problems import (
    EVALUATION_REQUIRED,
    FIVE_IN_PLACE_REQUIRED,
    FORBIDDEN,
    PHOTOS_REQUIRED,
    UNIT_HAS_ACCOUNT,
)
from safety_api.roles import Role
from safety_api.writing import Fresh


@transaction.atomic
def start(
    hazard_id: UUID, *, by: Actor, deadline: date | None = None, photos: Manifest = (), note: str = "",
    check_fresh: Fresh = None, **plan: Any,
) -> Hazard:  # fmt: skip
    """6b 自行整改: what a unit found itself needs no order. `photos` show it as found. Of a general one the unit sets the deadline.

    Raises FORBIDDEN for another deadline than its department set, FIVE_IN_PLACE_REQUIRED, IN_THE_PAST, DEADLINE_TOO_LONG,
    DEADLINE_NEEDS_LEADER and what `take` raises.
    """
    move = take(hazard_id, "start", by=by, check_fresh=check_fresh)
    if deadline and deadline != move.hazard.due_on:
        _check_sets_its_own_deadline(move.hazard)
        set_deadline(move, deadline)
    elif move.before == State.REPORTED:
        begin_term(move)
    evidence.declare(list(photos), owner_kind="hazard", owner_id=hazard_id, by=by)
    shown = {"photos_before": [str(each["id"]) for each in photos]} if photos else {}
    return finish(move, *TERM, note=note, due_on=move.hazard.due_on, plan=_state_plan(move, plan), **shown)


def _check_sets_its_own_deadline(hazard: Hazard) -> None:
    if hazard.loop != Loop.UNIT:
        raise FORBIDDEN(detail="整改期限由确认的部门确定；需要更多时间的，请申请延期。")


@transaction.atomic
def acknowledge(hazard_id: UUID, *, by: Actor, note: str = "", check_fresh: Fresh = None, **plan: Any) -> Hazard:
    """7 签收整改: the unit takes the order on with its plan; a major one needs all five (五落实).

    An officer may write it down only for whom has no account. Raises UNIT_HAS_ACCOUNT, FIVE_IN_PLACE_REQUIRED and what `take` raises.
    """
    move = take(hazard_id, "acknowledge", by=by, check_fresh=check_fresh)
    _check_speaks_for_the_unit(move, has_account)
    return finish(move, note=note, plan=_state_plan(move, plan))


def _check_speaks_for_the_unit(move: Move, speaks: Callable[[UUID | None], bool]) -> None:
    if move.by.role != Role.ENTERPRISE_OFFICER and speaks(move.hazard.enterprise_id):
        raise UNIT_HAS_ACCOUNT()


def has_account(enterprise: UUID | None, **more: Any) -> bool:
    return enterprise is not None and User.objects.filter(enterprise_id=enterprise, is_active=True, **more).exists()


def has_principal(enterprise: UUID | None) -> bool:
    """Somebody of the unit may take what only its principal may; an account of another officer is no help there."""
    return has_account(enterprise, is_principal=True)


def _state_plan(move: Move, plan: dict[str, Any]) -> dict[str, Any]:
    """Writes the plan and returns it as the step's details keep it."""
    hazard = move.hazard
    missing = not_in_place(law.hazard_steps(move.day), hazard.level, {**plan, "deadline": hazard.due_on})
    if missing:
        raise FIVE_IN_PLACE_REQUIRED.at(*(f"/{name}" for name in missing))
    Plan.objects.update_or_create(hazard=hazard, defaults={**plan, "stated_at": move.at, "stated_by": move.by.pk})
    return {**{name: _plain(value) for name, value in plan.items()}, "deadline": str(hazard.due_on)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def request_review(
    hazard_id: UUID, *, by: Actor, photos: Manifest, statement: str, cost_yuan: Decimal, evaluation_report: str = "",
    check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """8 申请复查: with photos of what was put right, what was done and what it cost; a major one with its evaluation report.

    An officer may write it down for a unit where no principal has an account.

    Raises PHOTOS_REQUIRED, EVALUATION_REQUIRED, UNIT_HAS_ACCOUNT and what `take` raises.
    """
    move = take(hazard_id, "request-review", by=by, check_fresh=check_fresh)
    _check_speaks_for_the_unit(move, has_principal)
    if not photos:
        raise PHOTOS_REQUIRED.at("/photos")
    if move.hazard.level == HazardLevel.MAJOR and not evaluation_report:
        raise EVALUATION_REQUIRED.at("/evaluation_report")
    evidence.declare(photos, owner_kind="hazard", owner_id=hazard_id, by=by)
    move.hazard.review_requested_on = move.day
    move.hazard.review_due_on = review_due(move.day)
    said: dict[str, Any] = {"cost_yuan": str(cost_yuan), "evaluation_report": evaluation_report}
    shown = [str(each["id"]) for each in photos]
    return finish(move, "review_requested_on", "review_due_on", note=statement, photos=shown, **said)


def review_due(asked_on: date) -> date:
    """By when a review asked for on that day is due (deadlines: review)."""
    row = law.deadline("review", asked_on)
    return law.days_after(asked_on, row["days"], row["day_kind"])
