"""What follows a report after its commit."""

from __future__ import annotations

from datetime import date
from typing import Any

from hazards import figures
from hazards.actions.clocks import continue_turn
from hazards.actions.repeats import mark_repeats
from safety_api.outbox import handles


@handles("hazard.reported")
def look_for_the_same_before(payload: dict[str, Any]) -> None:
    mark_repeats(payload["hazards"])


@handles("clock.turn")
def turn_on(payload: dict[str, Any]) -> None:
    continue_turn(date.fromisoformat(payload["on"]))


# --- figures: repeating a message changes nothing ----------------------------------------------------------------------------
@handles("hazard.reported")
def new_hazards_are_counted(payload: dict[str, Any]) -> None:
    figures.follow(payload["hazards"])


@handles("hazard.loaded")
def many_hazards_came_at_once(payload: dict[str, Any]) -> None:
    figures.rebuild()


@handles("hazard.moved")
def a_moved_hazard_counts_anew(payload: dict[str, Any]) -> None:
    figures.follow([payload["hazard"]])
