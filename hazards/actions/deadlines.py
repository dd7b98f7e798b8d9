"""期限 Setting a deadline within a step: by the dated rules, and never so that being late is forgotten."""

from __future__ import annotations

from datetime import date

from hazards.actions.moving import Move
from hazards.models import Hazard
from hazards.rules import deadline_refusal, default_due, is_overdue
from reference import law
from safety_api.actors import Actor
from safety_api.days import ONE_DAY
from safety_api.problems import REGISTRY

TERM = ("due_on", "overdue_since", "term_by_rule", "due_told_on")  # what these set, for whoever saves


def set_deadline(move: Move, due_on: date) -> None:
    """The hazard's new deadline; one that was overdue stays marked so. Save TERM.

    Raises IN_THE_PAST, DEADLINE_TOO_LONG, DEADLINE_NEEDS_LEADER at /deadline.
    """
    hazard = move.hazard
    check_deadline(hazard, due_on, on=move.day, by=move.by)
    mark_overdue(hazard, before=move.before, on=move.day)
    hazard.due_on, hazard.term_by_rule = due_on, False


def begin_term(move: Move) -> None:
    """The unit is told on this day: a term that nobody set runs from now on, and so does one that passed before anybody told it.
    Neither makes a hazard overdue, for nobody knew of it. Save TERM."""
    hazard = move.hazard
    if hazard.due_on and not hazard.term_by_rule and hazard.due_on >= move.day:
        return
    hazard.due_told_on = hazard.due_told_on if hazard.term_by_rule else hazard.due_on
    hazard.due_on, hazard.term_by_rule = default_due(move.day, law.deadline(hazard.level, move.day)), True


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
