"""追责问责 Entered once; what was entered in error is voided with a reason, never edited. The trail names no person."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from enforcement.actions.writing import author
from enforcement.models import Accountability
from enforcement.subjects import resolve
from safety_api.actors import Actor
from safety_api.problems import ENDED_ALREADY, NOT_YOUR_DEPARTMENT
from safety_api.roles import Role
from safety_api.writing import Fresh, add, keep, locked, rows_for


@transaction.atomic
def enter(
    *, by: Actor, decided_on: date, hazard: UUID | None = None, accident: UUID | None = None, enterprise: UUID | None = None,
    sector: str | None = None, region: str | None = None, department: str | None = None, **fields: Any,
) -> Accountability:  # fmt: skip
    """`fields`: case, person_name, person_unit, person_post, authority, measure, measure_text, document.

    Raises what `resolve` raises, NOT_YOUR_DEPARTMENT when a department enters for another.
    """
    own = by.department_id if by.role == Role.DEPARTMENT_OFFICER else None
    if by.role == Role.DEPARTMENT_OFFICER and (own is None or department not in (None, own)):
        raise NOT_YOUR_DEPARTMENT()
    about = resolve(
        by, hazard=hazard, enterprise=enterprise, sector=sector, region=region, department=own or department
    )
    row = Accountability(**about, **author(by), hazard_id=hazard, accident_id=accident, decided_on=decided_on, **fields)
    return add(row, "accountability.enter", by=by, measure=row.measure, document=row.document)


@transaction.atomic
def void(accountability: UUID, *, by: Actor, on: date, reason: str, fresh: Fresh = None) -> Accountability:
    """作废. Raises ENDED_ALREADY."""
    row = locked(rows_for(Accountability, by), accountability, fresh)
    if row.voided_on is not None:
        raise ENDED_ALREADY()
    row.voided_on, row.void_reason = on, reason
    return keep(row, "accountability.void", ["voided_on", "void_reason"], by=by, reason=reason)
