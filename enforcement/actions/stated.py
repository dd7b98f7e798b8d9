"""What a register states about a unit, so that its class follows (K08, K09): one fact a record, corrected as the record goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

from enterprises import actions as enterprises
from safety_api.actors import Actor
from safety_api.days import ONE_DAY


def state(row: Any, kind: str, *, by: Actor, held_from: date, held_to: date | None, document: str, **value: str) -> None:
    """Keeps the fact's id in `row.fact_id`, in memory; a record without a unit states nothing."""
    if row.enterprise_id is None:
        return
    fact = enterprises.state_fact(
        row.enterprise_id, by=by, supersedes=row.fact_id, kind=kind, held_from=held_from, held_to=held_to,
        document=document, value=value,
    )  # fmt: skip
    row.fact_id = fact.pk


def last_day(held_from: date, ended_on: date) -> date:
    """Of what ended on a day: the day before, for the day of the end is free; never before its first."""
    return max(held_from, ended_on - ONE_DAY)


def withdraw(row: Any, kind: str, *, by: Actor, reason: str) -> None:
    """It was never so."""
    if row.fact_id:
        enterprises.withdraw_fact(row.enterprise_id, kind, row.fact_id, by=by, reason=reason)
        row.fact_id = None
