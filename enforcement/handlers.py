"""What hazards do, and what of it the registers follow. Repeating a message changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from enforcement import telling
from enforcement.actions import listing, proposing
from safety_api.outbox import handles


@handles("hazard.reported")
def on_hazard_reported(payload: dict[str, Any]) -> None:
    proposing.propose(on=timezone.localdate(), hazards=[UUID(each) for each in payload["hazards"]])


@handles("hazard.moved")
def on_hazard_moved(payload: dict[str, Any]) -> None:
    hazard = UUID(payload["hazard"])
    if payload["step"] == "fail":
        listing.reopen(hazard)
    today = timezone.localdate()
    proposing.propose(on=today, hazards=[hazard])
    proposing.lapse(on=today, hazards=[hazard])


@handles("listing.changed")
def on_listing_changed(payload: dict[str, Any]) -> None:
    telling.tell_of_listing(UUID(payload["listing"]), payload["step"])


@handles("stop_order.changed")
def on_stop_order_changed(payload: dict[str, Any]) -> None:
    telling.tell_of_stop(UUID(payload["stop_order"]), payload["step"])


@handles("case.changed")
def on_case_changed(payload: dict[str, Any]) -> None:
    telling.tell_of_case(UUID(payload["case"]), payload["step"])


@handles("approval_note.received")
def on_approval_note_received(payload: dict[str, Any]) -> None:
    telling.tell_of_note(UUID(payload["approval_note"]))
