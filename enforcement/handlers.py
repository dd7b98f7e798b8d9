"""What hazards do, and what of it the registers follow. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from enforcement.actions import listing, proposing
from safety_api.outbox import handles


@handles("hazard.reported")
def some_may_be_proposed(payload: dict[str, Any]) -> None:
    proposing.propose(on=timezone.localdate(), hazards=[UUID(each) for each in payload["hazards"]])


@handles("hazard.moved")
def the_registers_follow(payload: dict[str, Any]) -> None:
    hazard = UUID(payload["hazard"])
    if payload["step"] == "fail":
        listing.reopen(hazard)
    today = timezone.localdate()
    proposing.propose(on=today, hazards=[hazard])
    proposing.lapse(on=today, hazards=[hazard])
