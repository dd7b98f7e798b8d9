"""What follows a report after its commit."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hazards import figures
from hazards.actions.clocks import continue_turn, end_reminders
from hazards.actions.repeats import mark_repeats, unmark_repeats
from hazards.actions.telling import (
    KIND_OF_STEP,
    TO_THE_UNIT,
    tell_finder,
    tell_of_major,
    tell_reviewer,
    tell_unit,
    tell_who_answers,
    tell_who_asked,
)
from hazards.duplicates.proposing import NO_HAZARDS, propose
from hazards.models import Hazard
from hazards.remarks import remark_reported
from hazards.search import HAZARDS
from safety_api.outbox import handles
from safety_api.search import fill, keep


@handles("clock.turn")
def on_clock_turn(payload: dict[str, Any]) -> None:
    continue_turn(date.fromisoformat(payload["on"]))


@handles("hazard.major_found")
def on_hazard_major_found(payload: dict[str, Any]) -> None:
    tell_of_major(UUID(payload["hazard"]), payload["departments"])


@handles("hazard.extension_asked")
def on_hazard_extension_asked(payload: dict[str, Any]) -> None:
    tell_who_answers(UUID(payload["extension"]))


@handles("hazard.extension_answered")
def on_hazard_extension_answered(payload: dict[str, Any]) -> None:
    tell_who_asked(UUID(payload["extension"]))


# --- figures: repeating a message changes nothing ----------------------------------------------------------------------------
@handles("hazard.reported")
def on_hazard_reported(payload: dict[str, Any]) -> None:
    keep(HAZARDS, payload["hazards"])
    mark_repeats(payload["hazards"])
    remark_reported(payload["hazards"])
    propose(Hazard.objects.filter(pk__in=payload["hazards"]).exclude(state__in=NO_HAZARDS))
    figures.follow(payload["hazards"])


@handles("regions.loaded")
def on_regions_loaded(payload: dict[str, Any]) -> None:
    figures.follow_places(payload["codes"])


@handles("hazard.loaded")
def on_hazard_loaded(payload: dict[str, Any]) -> None:
    figures.rebuild()
    fill("hazard")


@handles("hazard.moved")
def on_hazard_moved(payload: dict[str, Any]) -> None:
    keep(HAZARDS, [payload["hazard"]])
    if payload["step"] in ("void", "reject", "join"):
        unmark_repeats(payload["hazard"])
    figures.follow([payload["hazard"]])
    end_reminders(UUID(payload["hazard"]))
    tell_reviewer(UUID(payload["hazard"]), payload["step"])
    if payload["step"] in KIND_OF_STEP:
        tell_finder(UUID(payload["hazard"]), payload["step"])
    if payload["step"] in TO_THE_UNIT:
        tell_unit(UUID(payload["hazard"]), payload["step"])


@handles("enterprise.changed")
def on_enterprise_changed(payload: dict[str, Any]) -> None:
    """Hazards of a unit are found by what it is called and where it lies today."""
    if {"name", "region_code"}.intersection(payload["what"]):
        keep(HAZARDS, Hazard.objects.filter(enterprise=payload["enterprise"]).values_list("pk", flat=True))
