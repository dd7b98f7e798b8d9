"""The clock of an accident as it stands at a moment, with who took a leg and who was reminded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accidents.models import Accident, Receipt, Reminder, ReportLeg


# --- the clock -------------------------------------------------------------------------------------------------------
def with_people(legs: QuerySet) -> QuerySet:
    """Who took it and who was reminded: two queries, however many legs."""
    return legs.prefetch_related(
        Prefetch("receipts", Receipt.objects.order_by("received_at", "id"), "shown_receipts"),
        Prefetch("reminders", Reminder.objects.order_by("made_at", "id"), "shown_reminders"),
    )


def shown(legs: Iterable[ReportLeg], at: datetime) -> list[ReportLeg]:
    """As the clock stands at that moment."""
    found = list(legs)
    for leg in found:
        leg.shown_state = leg.state(at)  # type: ignore[attr-defined]
        seconds = (leg.due_at - at).total_seconds()
        leg.minutes_left = None if leg.sent_at or leg.void_at else int(seconds // 60)  # type: ignore[attr-defined]
    return found


def clock_of(accident: Accident, at: datetime) -> list[ReportLeg]:
    return shown(with_people(accident.legs.order_by("received_at", "due_at", "id")), at)
