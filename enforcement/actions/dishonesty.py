"""严重失信主体名单 Notice, objection, decision, publication, removal, by the regime of the day (reference kind `dishonesty`)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from enforcement import periods, rules
from enforcement.actions import stated
from enforcement.actions.writing import author, check_order, move
from enforcement.kinds import DishonestyState, Removal, SubjectKind
from enforcement.models import Dishonesty
from enforcement.states import DISHONESTY
from enforcement.subjects import check_applicant, resolve, subject_name_of
from safety_api.actors import Actor
from safety_api.problems import (
    ALREADY_PUBLISHED,
    OBJECTION_TIME_RUNS,
    OBJECTION_UNANSWERED,
    OUTSIDE_LIST_SCOPE,
    TOO_EARLY_TO_REMOVE,
    UNKNOWN_CLAUSE,
)
from safety_api.writing import Fresh, add, keep, locked, rows_for

FACT = "dishonesty_listing"


@transaction.atomic
def notify(
    *, by: Actor, notified_on: date, subject_kind: str, clause: str, enterprise: UUID | None = None,
    subject_name: str = "", sector: str | None = None, region: str | None = None, department: str | None = None,
    **fields: Any,
) -> Dishonesty:  # fmt: skip
    """告知: before anybody is listed. `fields`: person_post, facts, penalty_document, notice_document.

    Raises what `resolve` raises, UNKNOWN_CLAUSE, OUTSIDE_LIST_SCOPE, NO_RULE.
    """
    about = resolve(by, enterprise=enterprise, sector=sector, region=region, department=department)
    regime = periods.regime(notified_on)
    if clause not in {each["code"] for each in regime.body["clauses"]}:
        raise UNKNOWN_CLAUSE.at("/clause")
    if not rules.in_scope(about["sector_id"], regime.body):
        raise OUTSIDE_LIST_SCOPE.at("/sector")
    row = Dishonesty(
        **about, **author(by), subject_kind=subject_kind, notified_on=notified_on, regime=regime.version, clause=clause,
        subject_name=subject_name_of(SubjectKind(subject_kind), subject_name, about["enterprise_id"]),
        objection_due_on=periods.objection_ends(notified_on), **fields,
    )  # fmt: skip
    return add(row, "dishonesty.notify", by=by, regime=row.regime, clause=clause)


@transaction.atomic
def object_to(
    dishonesty: UUID, *, by: Actor, on: date, objection: str, answer: str = "", fresh: Fresh = None
) -> Dishonesty:  # fmt: skip
    """陈述申辩, and when it is known already, how it was answered. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    move(row, DISHONESTY, "object")
    check_order(on, row.notified_on)
    row.objected_on, row.objection, row.objection_answer = on, objection, answer
    return keep(row, "dishonesty.object", ["objected_on", "objection", "objection_answer"], by=by, on=str(on))


@transaction.atomic
def drop(dishonesty: UUID, *, by: Actor, on: date, reason: str, fresh: Fresh = None) -> Dishonesty:
    """不予列入. Raises WRONG_STEP, BEFORE_LAST_STEP."""
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    move(row, DISHONESTY, "drop")
    check_order(on, row.notified_on)
    row.dropped_on, row.drop_reason = on, reason
    return keep(row, "dishonesty.drop", ["state", "dropped_on", "drop_reason"], by=by, reason=reason)


@transaction.atomic
def enlist(
    dishonesty: UUID, *, by: Actor, on: date, document: str, objection_answer: str = "", fresh: Fresh = None
) -> Dishonesty:  # fmt: skip
    """列入决定, under the regime of its day; the unit's class follows (K09).

    Raises WRONG_STEP, BEFORE_LAST_STEP, OBJECTION_TIME_RUNS, OBJECTION_UNANSWERED.
    """
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    move(row, DISHONESTY, "enlist")
    check_order(on, row.notified_on)
    regime = periods.regime(on)
    row.objection_answer = objection_answer or row.objection_answer
    _check_objection_period(row, on, regime.body)
    row.regime, row.listed_on, row.decision_document = regime.version, on, document
    row.expires_on, row.early_removal_from = rules.listing_dates(on, regime.body)
    _state(row, by, row.expires_on)
    columns = ["state", "regime", "listed_on", "decision_document", "expires_on", "early_removal_from", "fact_id",
               "objection_answer"]  # fmt: skip
    return keep(row, "dishonesty.enlist", columns, by=by, on=str(on), document=document)


def _check_objection_period(row: Dishonesty, on: date, regime: dict[str, Any]) -> None:
    if row.objected_on and not row.objection_answer:
        raise OBJECTION_UNANSWERED()
    if regime["notice_required"] and not row.objected_on and on <= row.objection_due_on:
        raise OBJECTION_TIME_RUNS()


def _state(row: Any, by: Actor, until: date) -> None:
    """About a unit only: a person on the list lowers no unit's class."""
    if row.subject_kind == SubjectKind.UNIT:
        stated.state(
            row, FACT, by=by, held_from=row.listed_on, held_to=until, document=row.decision_document, clause=row.clause
        )


@transaction.atomic
def publish(dishonesty: UUID, *, by: Actor, on: date, where: str, fresh: Fresh = None) -> Dishonesty:
    """公示. Raises WRONG_STEP, ALREADY_PUBLISHED, BEFORE_LAST_STEP."""
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    move(row, DISHONESTY, "publish")
    if row.published_on is not None:
        raise ALREADY_PUBLISHED()
    check_order(on, row.listed_on)
    row.published_on, row.published_at = on, where
    return keep(row, "dishonesty.publish", ["published_on", "published_at"], by=by, on=str(on))


@transaction.atomic
def apply_removal(dishonesty: UUID, *, by: Actor, on: date, application: str, fresh: Fresh = None) -> Dishonesty:
    """申请提前移出, by the unit's principal. Raises WRONG_STEP, PRINCIPAL_REQUIRED, UNIT_HAS_ACCOUNT, TOO_EARLY_TO_REMOVE."""
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    check_applicant(by, row.enterprise_id if row.subject_kind == SubjectKind.UNIT else None)
    move(row, DISHONESTY, "apply")
    if row.early_removal_from is None or on < row.early_removal_from:
        raise TOO_EARLY_TO_REMOVE()
    row.removal_applied_on, row.removal_application = on, application
    columns = ["removal_applied_on", "removal_application"]
    return keep(row, "dishonesty.apply_removal", columns, by=by, on=str(on))


@transaction.atomic
def remove(
    dishonesty: UUID, *, by: Actor, on: date, kind: str, document: str, reason: str = "", fresh: Fresh = None
) -> Dishonesty:  # fmt: skip
    """移出: run out, early after an application, or because the listing itself is revoked.

    Raises WRONG_STEP, TOO_EARLY_TO_REMOVE, BEFORE_LAST_STEP.
    """
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    before = DishonestyState(row.state)
    move(row, DISHONESTY, "remove")
    check_order(on, row.listed_on)
    REMOVALS[Removal(kind)](row, before, on=on, by=by, reason=reason)
    row.removed_on, row.removal, row.removal_document, row.removal_reason = on, kind, document, reason
    columns = ["state", "removed_on", "removal", "removal_document", "removal_reason", "fact_id"]
    return keep(row, "dishonesty.remove", columns, by=by, on=str(on), kind=kind, document=document)


def _run_out(row: Any, before: DishonestyState, *, on: date, by: Actor, reason: str) -> None:
    """What is stated about the unit has ended of itself."""
    if on <= row.expires_on:
        raise TOO_EARLY_TO_REMOVE()


def _early(row: Any, before: DishonestyState, *, on: date, by: Actor, reason: str) -> None:
    if row.removal_applied_on is None:
        raise DISHONESTY.wrong(before, "remove", "尚未申请提前移出")
    check_order(on, row.removal_applied_on)
    if row.fact_id:
        _state(row, by, stated.last_day(row.listed_on, on))


def _revoked(row: Any, before: DishonestyState, *, on: date, by: Actor, reason: str) -> None:
    stated.withdraw(row, FACT, by=by, reason=reason or "列入决定被撤销")


REMOVALS = {Removal.EXPIRED: _run_out, Removal.EARLY: _early, Removal.REVOKED: _revoked}


@transaction.atomic
def restore(
    dishonesty: UUID, *, by: Actor, on: date, document: str, reason: str, fresh: Fresh = None
) -> Dishonesty:  # fmt: skip
    """恢复列入: an early removal was obtained by fraud. The list counts as never left, unless the regime starts anew.

    Raises WRONG_STEP, BEFORE_LAST_STEP.
    """
    row = locked(rows_for(Dishonesty, by), dishonesty, fresh)
    before = DishonestyState(row.state)
    move(row, DISHONESTY, "restore")
    if row.removal != Removal.EARLY:
        raise DISHONESTY.wrong(before, "restore", "只有提前移出可以撤销")
    check_order(on, row.removed_on)
    body = periods.regime(on).body
    if body["restored_period_restarts"]:
        row.expires_on, row.early_removal_from = rules.listing_dates(on, body)
    _state(row, by, row.expires_on)
    row.restored_on, row.restoring_document, row.restoring_reason = on, document, reason
    row.removal_applied_on, row.removed_on, row.removal = None, None, ""
    columns = ["state", "expires_on", "early_removal_from", "fact_id", "restored_on", "restoring_document",
               "restoring_reason", "removal_applied_on", "removed_on", "removal"]  # fmt: skip
    return keep(row, "dishonesty.restore", columns, by=by, on=str(on), reason=reason)
