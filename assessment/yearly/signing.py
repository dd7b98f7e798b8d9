"""What every verb of the year has in common: who may sign, a row locked in its jurisdiction, a row kept with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from geo.codes import is_code, level_of, whole
from geo.models import Region
from safety_api.problems import (
    IN_THE_FUTURE,
    LEADERS_ONLY,
    NOT_FOUND,
    OWN_PREPARATION,
    YEAR_NOT_OVER,
    Kind,
)
from safety_api.roles import Role
from safety_api.trail import record

Fresh = Callable[[Any], None] | None


def check_signer(by: Any, prepared_by: Iterable[UUID | None]) -> None:
    """县安委办, or a leader of the bureau; nobody signs what they prepared. Raises LEADERS_ONLY, OWN_PREPARATION."""
    if by.role != Role.COMMITTEE_OFFICER and not (by.role == Role.BUREAU_OFFICER and by.is_leader):
        raise LEADERS_ONLY()
    if by.pk in set(prepared_by):
        raise OWN_PREPARATION()


def check_over(year: int) -> None:
    """Raises YEAR_NOT_OVER."""
    if timezone.localdate().year <= year:
        raise YEAR_NOT_OVER(year=year)


def check_begun(year: int, most: int) -> None:
    """Raises IN_THE_FUTURE for a year after `most`."""
    if year > most:
        raise at(IN_THE_FUTURE, "/year")


def at(kind: Kind, pointer: str) -> Exception:
    return kind(errors=[{"pointer": pointer, "code": kind.code, "detail": kind.sentence()}])


def county_of(by: Any, region: str | None) -> str:
    """The county meant: the one named, else one's own. Raises NOT_FOUND outside the jurisdiction, or when none is meant."""
    code = whole(region or by.region[:6])
    mine = bool(by.region) and code.startswith(by.region[:6])
    if not mine or not is_code(code) or level_of(code) != "county" or not Region.objects.filter(code=code).exists():
        raise NOT_FOUND()
    return code


def locked(rows: Any, key: UUID, fresh: Fresh = None) -> Any:
    """`rows`: what the person may see. Raises NOT_FOUND, STALE by `fresh`."""
    row = rows.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NOT_FOUND()
    if fresh:
        fresh(row)
    return row


def keep(row: Any, verb: str, columns: Iterable[str], *, by: Any, **details: Any) -> Any:
    row.save(update_fields=list(columns))
    row.refresh_from_db(fields=["epoch", "xid"])
    record(by, verb, row, **details)
    return row


def add(row: Any, verb: str, *, by: Any, **details: Any) -> Any:
    row.save(force_insert=True)
    row.refresh_from_db(fields=["epoch", "xid"])
    record(by, verb, row, **details)
    return row


def today() -> date:
    return timezone.localdate()
