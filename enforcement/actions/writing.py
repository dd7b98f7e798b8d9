"""What the verbs of all registers have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from safety_api.actors import Actor
from safety_api.problems import BEFORE_LAST_STEP
from safety_api.steps import Flow


def move(row: Any, flow: Flow, name: str) -> None:
    """The next state, in memory. Raises WRONG_STEP."""
    row.state = flow.after(row.state, name)


def author(by: Actor) -> dict[str, Any]:
    return {"created_by": by.pk, "created_by_name": by.name}


def check_order(day: date, *earlier: date | None, pointer: str = "/on") -> None:
    """Raises BEFORE_LAST_STEP."""
    if any(each is not None and day < each for each in earlier):
        raise BEFORE_LAST_STEP.at(pointer)
