"""What follows a change of a unit after its commit, and a lock of somebody's sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from enterprises.people import locks
from enterprises.search import UNITS
from safety_api.outbox import handles
from safety_api.search import keep

FOUND_BY = frozenset({"name", "address", "credit_code", "region_code"})


@handles("enterprise.changed")
def on_enterprise_changed(payload: dict[str, Any]) -> None:
    if FOUND_BY.intersection(payload["what"]):
        keep(UNITS, [payload["enterprise"]])


@handles("sign_in.lock_noted")
def on_sign_in_lock_noted(payload: dict[str, Any]) -> None:
    locks.tell(UUID(payload["lock"]))
