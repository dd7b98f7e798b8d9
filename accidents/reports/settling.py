"""The end of every verb of an accident, and the seam through which the figures above follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from accidents import following, reading
from accidents.clock import keeping
from accidents.models import Accident
from accidents.rules import AccidentFacts
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.trail import record
from safety_api.writing import read_back


@dataclass(frozen=True)
class IncomingReport:
    """A report has come, by telephone when there is a call."""

    call: Mapping[str, Any] | None
    new: bool = False


def keep(accident: Accident, columns: Iterable[str]) -> AccidentFacts:
    """Writes these columns and those that follow from the facts, which are returned."""
    known = reading.facts_of([accident])[accident.pk]
    kept = reading.kept_columns(known)
    for name, value in kept.items():
        setattr(accident, name, value)
    accident.save(update_fields=[*kept, *columns])
    read_back(accident)
    return known


def settle(
    accident: Accident,
    verb: str,
    *,
    by: Actor,
    reason: str,
    columns: Iterable[str] = (),
    gone: Iterable[UUID] = (),
    incoming: IncomingReport | None = None,
    **details: Any,
) -> None:
    """The end of every verb: figures, clock, trail, and word to the floors above, also about units that were let off.

    `incoming`: a report has come.
    """
    before = accident.grade
    known = keep(accident, columns)
    concerned = following.follow(accident, known, reason)
    graded_at = timezone.now() if accident.grade != before else None
    new, has_unit = incoming is not None and incoming.new, bool(known.roles)
    legs = keeping.follow(accident, has_unit=has_unit, new=new, graded_at=None if new else graded_at)
    keeping.enter(accident, legs, verb=verb, by=by, has_unit=has_unit)
    if incoming:
        keeping.report_came(accident, legs, by=by, call=incoming.call)
    else:
        keeping.write(accident, legs)
    record(by, verb, accident, **details)
    units = {each.unit for each in known.roles} | concerned
    outbox.send(
        "accident.changed", {"accident": str(accident.pk), "enterprises": sorted(units | {str(each) for each in gone})}
    )
