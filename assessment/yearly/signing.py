"""What every verb of the year has in common: who may sign, when, of which county."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone

from geo.codes import is_code, level_of, whole
from geo.models import Region
from safety_api.actors import Actor
from safety_api.problems import (
    IN_THE_FUTURE,
    LEADERS_ONLY,
    NOT_FOUND,
    OWN_PREPARATION,
    YEAR_NOT_OVER,
)
from safety_api.roles import Role


def check_signer(by: Actor, prepared_by: Iterable[UUID | None]) -> None:
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
        raise IN_THE_FUTURE.at("/year")


def county_of(by: Actor, region: str | None) -> str:
    """The county meant: the one named, else one's own. Raises NOT_FOUND outside the jurisdiction, or when none is meant."""
    code = whole(region or by.region[:6])
    mine = bool(by.region) and code.startswith(by.region[:6])
    if not mine or not is_code(code) or level_of(code) != "county" or not Region.objects.filter(code=code).exists():
        raise NOT_FOUND()
    return code


def today() -> date:
    return timezone.localdate()
