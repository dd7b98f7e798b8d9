"""What is known of accidents, and whom approved decisions charge or let off: the facts that the policy judges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from accidents import reading
from accidents.models import Accident
from accidents.rules import AccidentFacts
from zero_accident.choices import Charged, Effect
from zero_accident.models import AttributionOverride
from zero_accident.rules import AttributedAccident, Override


def facts_of(accidents: Sequence[Accident], known_at: datetime | None = None) -> dict[UUID, AttributedAccident]:
    """Three queries, however many accidents. `known_at`: as we knew then; the accidents themselves are as given."""
    return attributed(reading.facts_of(accidents, known_at), known_at)


def attributed(known: dict[UUID, AccidentFacts], known_at: datetime | None = None) -> dict[UUID, AttributedAccident]:
    """One query."""
    rows = AttributionOverride.objects.known(known_at).filter(accident__in=known.keys())
    orders = reading.grouped(rows)
    return {key: _with_orders(each, orders[key]) for key, each in known.items()}


def _with_orders(known: AccidentFacts, orders: Iterable[AttributionOverride]) -> AttributedAccident:
    orders = list(orders)
    return AttributedAccident(
        **{field.name: getattr(known, field.name) for field in fields(known)},
        excluded=any(each.subject == Charged.ACCIDENT for each in orders),
        overrides=tuple(_order(each) for each in orders if each.subject != Charged.ACCIDENT),
    )


def _order(each: AttributionOverride) -> Override:
    key = each.village if each.subject == Charged.VILLAGE else str(each.enterprise_id)
    return Override(each.subject, key, charged=each.effect == Effect.CHARGE)
