"""What reports and decisions share: their checks, a unit's part, who said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accidents.clock import limits
from accidents.models import Accident, AccidentUnit
from enterprises.models import Enterprise
from reference import law
from safety_api.actors import Actor
from safety_api.problems import (
    BEFORE_THE_ACCIDENT,
    IN_THE_FUTURE,
    TWICE,
    UNKNOWN_SECTOR,
)
from safety_api.roles import Role


def check_moment(moment: datetime, pointer: str) -> None:
    if moment > timezone.now() + limits.AHEAD:
        raise IN_THE_FUTURE.at(pointer)


def check_after(moment: datetime, occurred_at: datetime, pointer: str) -> None:
    if moment < occurred_at:
        raise BEFORE_THE_ACCIDENT.at(pointer)


def check_once(keys: list[UUID]) -> None:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise TWICE.at(f"/units/{place}/enterprise")


def sector_of(code: str | None, units: list[Enterprise]) -> str | None:
    if code is None:
        return units[0].sector_id if units else None
    if code not in law.books().sectors:
        raise UNKNOWN_SECTOR.at("/sector")
    return code


def part_of(
    accident: Accident, each: Mapping[str, Any], by: Actor, held_on: date | None = None, document: str = ""
) -> AccidentUnit:
    decides = by.role == Role.BUREAU_OFFICER
    return AccidentUnit(
        accident=accident, enterprise_id=each["enterprise"], role=each["role"], held_on=held_on, document=document,
        responsible=each["responsible"] if decides else None, known_from=timezone.now(),
    )  # fmt: skip


def said_by(by: Actor) -> dict[str, Any]:
    return {"by_id": by.pk, "by_name": by.name, "by_role": by.role, "known_at": timezone.now()}
