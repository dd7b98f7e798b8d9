"""The clock of an accident as it stands at a moment, with who took a leg and who was reminded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet

from accidents.messages import CLOCK
from accidents.models import Accident, Receipt, ReportLeg
from inbox.models import Message
from reference.terms import Stage


class ReminderShown(NamedTuple):
    stage: str
    made_at: datetime
    seen_at: datetime | None
    seen_name: str


# --- the clock -------------------------------------------------------------------------------------------------------
def with_people(legs: QuerySet) -> QuerySet:
    """Who took it: a query, however many legs."""
    return legs.prefetch_related(Prefetch("receipts", Receipt.objects.order_by("received_at", "id"), "shown_receipts"))


def shown(legs: Iterable[ReportLeg], at: datetime) -> list[ReportLeg]:
    """As the clock stands at that moment, with what was reminded: a query, however many legs."""
    found = list(legs)
    reminders = _reminders_of(found)
    for leg in found:
        leg.shown_reminders = reminders[leg.pk]  # type: ignore[attr-defined]
        leg.shown_state = leg.state(at)  # type: ignore[attr-defined]
        seconds = (leg.due_at - at).total_seconds()
        leg.minutes_left = None if leg.sent_at or leg.void_at else int(seconds // 60)  # type: ignore[attr-defined]
    return found


def _reminders_of(legs: list[ReportLeg]) -> dict[int, list[ReminderShown]]:
    rows = Message.objects.of(CLOCK).filter(about__in={leg.accident_id for leg in legs}).with_first_seen()
    found: dict[int, list[ReminderShown]] = defaultdict(list)
    for each in rows.order_by("made_at", "id"):
        found[each.details["leg"]].append(
            ReminderShown(each.details["stage"], each.made_at, each.seen_at, each.seen_name or "")
        )
    return found


def clock_of(accident: Accident, at: datetime) -> list[ReportLeg]:
    return shown(with_people(accident.legs.order_by("received_at", "due_at", "id")), at)


def with_legs(messages: Iterable[Message]) -> list[SimpleNamespace]:
    """Reminders with the legs they speak of: a query, however many."""
    found: list[Any] = list(messages)  # annotated by `with_first_seen`
    legs = ReportLeg.objects.in_bulk({each.details["leg"] for each in found})
    return [
        SimpleNamespace(
            id=each.pk, stage=each.details["stage"], stage_name=Stage(each.details["stage"]).label, made_at=each.made_at,
            seen_at=each.seen_at, seen_name=each.seen_name or "", leg=legs[each.details["leg"]],
        )
        for each in found
    ]  # fmt: skip
