"""联合惩戒 Imposed on a unit or a person, carried out by departments, lifted before its end or run out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from enforcement.actions.writing import author, check_order
from enforcement.kinds import SubjectKind
from enforcement.models import JointPunishment
from enforcement.subjects import resolve, subject_name_of
from safety_api.actors import Actor
from safety_api.days import check_term
from safety_api.problems import ENDED_ALREADY
from safety_api.writing import Fresh, add, keep, locked, rows_for


@transaction.atomic
def impose(
    *, by: Actor, subject_kind: str, held_from: date, held_to: date | None = None, enterprise: UUID | None = None,
    subject_name: str = "", sector: str | None = None, region: str | None = None, department: str | None = None,
    **fields: Any,
) -> JointPunishment:  # fmt: skip
    """`fields`: person_post, reason, basis, document, measures, departments.

    Raises what `resolve` raises, ENDS_BEFORE_START.
    """
    check_term(held_from, held_to, at="/held_to")
    about = resolve(by, enterprise=enterprise, sector=sector, region=region, department=department)
    name = subject_name_of(SubjectKind(subject_kind), subject_name, about["enterprise_id"])
    row = JointPunishment(
        **about,
        **author(by),
        subject_kind=subject_kind,
        subject_name=name,
        held_from=held_from,
        held_to=held_to,
        **fields,
    )
    add(
        row, "joint_punishment.impose", by=by, document=row.document, measures=row.measures, departments=row.departments
    )
    return row


@transaction.atomic
def lift(punishment: UUID, *, by: Actor, on: date, document: str, reason: str, fresh: Fresh = None) -> JointPunishment:
    """解除 before the end. Raises ENDED_ALREADY, BEFORE_LAST_STEP."""
    row = locked(rows_for(JointPunishment, by), punishment, fresh)
    if row.lifted_on is not None or (row.held_to is not None and row.held_to < on):
        raise ENDED_ALREADY()
    check_order(on, row.held_from)
    row.lifted_on, row.lifting_document, row.lifting_reason = on, document, reason
    keep(row, "joint_punishment.lift", ["lifted_on", "lifting_document", "lifting_reason"], by=by, document=document)
    return row
