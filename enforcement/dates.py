"""Dates of the registers that a period of the law gives, for `provisional` and for a year's notice (reference/working_out.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Q

from enforcement import periods
from enforcement.kinds import COAL, DishonestyState, HandoverState, ListingState, StopState
from reference.working_out import WorkedOut


def _by(code: str) -> Callable[[Any, date], Mapping[str, Any]]:
    return lambda _, on: periods.period(code, on)


def resumption_acceptance(row: Any) -> str:
    return "coal_resumption_acceptance" if row.sector_id == COAL else "resumption_acceptance"


HANDOVER = (WorkedOut("answer_due_on", attrgetter("sent_on"), _by("handover_answer"), Q(state=HandoverState.SENT)),)
LISTING = (
    WorkedOut("publication_due_on", attrgetter("listed_on"), _by("listing_publication"), Q(published_on=None)),
    WorkedOut("acceptance_due_on", attrgetter("applied_on"), _by("listing_acceptance"), Q(state=ListingState.APPLIED)),
    WorkedOut(
        "delisting_publication_due_on",
        attrgetter("delisted_on"),
        _by("listing_publication"),
        Q(delisting_published_on=None),
    ),
)
STOP_ORDER = (
    WorkedOut("publication_due_on", attrgetter("issued_on"), _by("coal_stop_publication"), Q(published_on=None)),
    WorkedOut(
        "acceptance_due_on", attrgetter("applied_on"),
        lambda row, on: periods.period(resumption_acceptance(row), on), Q(state=StopState.APPLIED),
    ),
    WorkedOut(
        "resumption_publication_due_on", attrgetter("resumed_on"), _by("coal_stop_publication"),
        Q(resumption_published_on=None),
    ),
)  # fmt: skip
DISHONESTY = (
    WorkedOut(
        "objection_due_on", attrgetter("notified_on"), lambda _, on: periods.objection_period(on),
        Q(state=DishonestyState.NOTIFIED),
    ),
)  # fmt: skip
