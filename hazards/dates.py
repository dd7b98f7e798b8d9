"""Dates of hazards that a period of the law gives, for `provisional` and for a year's notice (reference/working_out.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from hazards.models import Extension
from hazards.states import State
from reference import law
from reference.working_out import WorkedOut


def answer_period(hazard: Any, on: date) -> Any:
    return law.deadline("listed_extension_answer" if hazard.listed_level else "extension_answer", on)


def _asked_on(hazard: Any) -> date | None:
    """The unit's request, else the day before the clock turned the deadline into a review (8a)."""
    if hazard.review_requested_on or hazard.due_on is None:
        return hazard.review_requested_on
    return max(hazard.due_on, timezone.localdate(hazard.received_at))


EXTENSION = (
    WorkedOut(
        "answer_due_on",
        lambda row: timezone.localdate(row.asked_at),
        lambda row, on: answer_period(row.hazard, on),
        Q(answer=Extension.Answer.ASKED),
    ),
)
HAZARD = (
    WorkedOut("review_due_on", _asked_on, lambda _, on: law.deadline("review", on), Q(state=State.REVIEW_REQUESTED)),
)
