"""案件 Opened when a hazard is handed to enforcement, decided with a penalty or with the ground for none (DOMAIN §3.7 steps 11, 12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.authorities import check_may_inspect
from enforcement.actions.writing import author, check_order, move
from enforcement.kinds import CaseState
from enforcement.models import Case
from enforcement.states import CASE
from enforcement.subjects import of_hazard
from hazards.actions import listing as hazard_side
from hazards.leniency import no_penalty
from hazards.models import Hazard
from hazards.states import State
from safety_api.actors import Actor
from safety_api.outbox import send
from safety_api.problems import CASE_STANDS, NOT_IN_ENFORCEMENT
from safety_api.writing import Fresh, add, keep, locked, rows_for

DECISION = ("penalties", "document", "decided_on", "amount_yuan", "basis", "ground", "note")
OUTCOMES = {"penalty": ("penalize", CaseState.PENALIZED), "none": ("spare", CaseState.NO_PENALTY)}


@transaction.atomic
def open_for(hazard: UUID, *, by: Actor, reason: str, opened_on: date) -> Case:
    """立案 for a hazard in enforcement that has no case. Raises NOT_FOUND, NOT_IN_ENFORCEMENT, CASE_STANDS, BEFORE_LAST_STEP,
    COORDINATING_BODY."""
    check_may_inspect(by, opened_on)
    row = hazard_side.lock(hazard, by=by)
    if row.state != State.ENFORCEMENT:
        raise NOT_IN_ENFORCEMENT(state=row.state)
    if case_of_now(row):
        raise CASE_STANDS()
    check_order(opened_on, timezone.localdate(row.found_at), pointer="/opened_on")
    return opened(row, by=by, on=opened_on, reason=reason)


def opened(hazard: Hazard, *, by: Actor, on: date, reason: str) -> Case:
    """The hazard is locked, and nobody's case is open."""
    row = Case(**of_hazard(hazard), **author(by), created_at=timezone.now(), hazard=hazard, opened_on=on, reason=reason)
    lenient = no_penalty(hazard, on=on)
    add(
        row,
        "case.open",
        by=by,
        hazard=str(hazard.pk),
        on=str(on),
        **({"no_penalty": lenient["basis"]} if lenient else {}),
    )
    return _said(row, "open")


def case_of_now(hazard: Hazard) -> Case | None:
    """Undecided, or decided since the hazard was handed over last; one decided before that is of another time."""
    latest = Case.objects.latest_of(hazard)
    handed = hazard.steps.filter(step="enforce").order_by("-id").first()
    stands = latest and (latest.state == CaseState.OPEN or handed is None or latest.created_at >= handed.recorded_at)
    return latest if stands else None


@transaction.atomic
def decide(case: UUID, *, by: Actor, outcome: str, fresh: Fresh = None, **decision: Any) -> Case:
    """处罚 or 不予处罚; `decision` has the columns of DECISION. Raises NOT_FOUND, WRONG_STEP,
    BEFORE_LAST_STEP, COORDINATING_BODY for the committee's office.
    """
    check_may_inspect(by, decision["decided_on"])
    row = locked(rows_for(Case, by), case, fresh)
    move(row, CASE, OUTCOMES[outcome][0])
    return _decided(row, "decide", by, decision)


def ended_with(hazard: Hazard, *, by: Actor, on: date, note: str) -> None:
    """The hazard is void: its undecided case is decided without a penalty. It is locked, and so is the case."""
    ground = f"隐患已撤销：{note}" if note else "隐患已撤销"
    for row in Case.objects.undecided().filter(hazard=hazard).select_for_update(of=("self",)):
        move(row, CASE, "spare")
        row.decided_on, row.ground = max(on, row.opened_on), ground[:2000]
        row.decided_by, row.decided_by_name = by.pk, by.name
        columns = ["state", "decided_on", "ground", "decided_by", "decided_by_name"]
        keep(row, "case.decide", columns, by=by, state=str(row.state), ground=row.ground)
        _said(row, "decide")


@transaction.atomic
def correct(case: UUID, *, by: Actor, outcome: str, reason: str, fresh: Fresh = None, **decision: Any) -> Case:
    """What was written down wrongly; the trail keeps what stood before. Raises NOT_FOUND, WRONG_STEP, BEFORE_LAST_STEP,
    COORDINATING_BODY."""
    check_may_inspect(by, timezone.localdate())
    row = locked(rows_for(Case, by), case, fresh)
    move(row, CASE, "correct")
    before = {name: _plain(getattr(row, name)) for name in ("state", *DECISION)}
    row.state = OUTCOMES[outcome][1]
    return _decided(row, "correct", by, decision, before_was=before, reason=reason)


def _decided(row: Case, verb: str, by: Actor, decision: dict[str, Any], **more: Any) -> Case:
    check_order(decision["decided_on"], row.opened_on, pointer="/decided_on")
    for name in DECISION:
        setattr(row, name, decision[name])
    row.decided_by, row.decided_by_name = by.pk, by.name
    said = {"state": str(row.state), "document": row.document, "amount_yuan": _plain(row.amount_yuan), **more}
    keep(row, f"case.{verb}", ["state", *DECISION, "decided_by", "decided_by_name"], by=by, **said)
    return _said(row, verb)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _said(row: Case, step: str) -> Case:
    send("case.changed", {"case": str(row.pk), "hazard": str(row.hazard_id), "step": step})
    return row
