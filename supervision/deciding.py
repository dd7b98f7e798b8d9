"""Computed → effective for where a unit stands: the rule of change, a missed review, a first class being made. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from supervision import rules
from supervision.rules import CLASSES, ClassDecision, Scheme


def decide(stand: Any, computed: str, on: date, scheme: Scheme) -> ClassDecision:
    """What the class is from `on`, for a current class (effective, since, step, provisional, reviewed_on, accepted_on).

    A review day that passed without a run counts at the next one, for whoever would rise by it.
    """
    if not stand.effective or stand.since is None:
        return rules.effective_class(None, computed, on, scheme)
    present = rules.ClassHeld(stand.effective, stand.since)
    better = CLASSES.index(computed) < CLASSES.index(present.class_)
    if better and _still_being_made(stand, on):
        return rules.effective_class(None, computed, on, scheme)
    missed = last_review_day(on, scheme)
    waits = stand.reviewed_on is not None and stand.reviewed_on < missed
    day = missed if better and waits else on
    return rules.effective_class(present, computed, day, scheme, accepted_on=stand.accepted_on)


def _still_being_made(stand: Any, on: date) -> bool:
    """The first class stands when its data do.

    While one of the three bases is missing (K16, provisional), and on the day itself, what is learned later completes the
    first classification; it is no rise of a class once gained. Without this a unit whose papers are entered one by one
    would wait six months in the C that its first paper gave it.
    """
    return stand.step == "first" and (stand.provisional or stand.since == on)


def last_review_day(on: date, scheme: Scheme) -> date:
    """The last scheduled review on or before a day."""
    days = scheme["change"]["review_days"]
    reviews = (date.fromisoformat(f"{year:04}-{day}") for year in (on.year, on.year - 1) for day in days)
    return max(day for day in reviews if day <= on)
