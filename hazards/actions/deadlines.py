"""期限 Setting a deadline within a step: by the dated rules, and never so that being late is forgotten."""

from __future__ import annotations

from datetime import date

from hazards.actions.moving import Move
from hazards.models import Hazard
from hazards.rules import deadline_refusal, is_overdue
from reference import law
from safety_api.actors import Actor
from safety_api.days import ONE_DAY
from safety_api.problems import REGISTRY


def set_deadline(move: Move, due_on: date) -> None:
    """The hazard's new deadline; one that was overdue stays marked so. Save `due_on` and `overdue_since`.

    Raises IN_THE_PAST, DEADLINE_TOO_LONG, DEADLINE_NEEDS_LEADER at /deadline.
    """
    hazard = move.hazard
    check_deadline(hazard, due_on, on=move.day, by=move.by)
    mark_overdue(hazard, before=move.before, on=move.day)
    hazard.due_on = due_on


def check_deadline(hazard: Hazard, due_on: date, *, on: date, by: Actor) -> None:
    row, listed = law.deadline(hazard.level, on), bool(hazard.listed_level)
    if word := deadline_refusal(on, due_on, row, leader=by.is_leader, listed=listed):
        raise REGISTRY[word].at("/deadline")


def mark_overdue(hazard: Hazard, *, before: str, on: date) -> None:
    """Once late, late for ever: recorded before a new deadline covers it. `before` is the state that the step began in."""
    after, hazard.state = hazard.state, before
    if hazard.overdue_since is None and hazard.due_on and is_overdue(hazard, on=on):
        hazard.overdue_since = hazard.due_on + ONE_DAY
    hazard.state = after
