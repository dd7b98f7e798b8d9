"""Where an accident lies and whose units it names: the lists of its own day, the jurisdiction of whoever tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.jurisdiction import past_and_present, reaches
from enterprises.models import Enterprise
from geo.codes import is_code, whole
from geo.models import Region
from safety_api.permissions import Role
from safety_api.problems import PLACE_REQUIRED, UNKNOWN_ENTERPRISE, UNKNOWN_REGION, Kind

PLACES = ("village", "township")


def at_field(kind: Kind, pointer: str) -> Exception:
    return kind(errors=[{"pointer": pointer, "code": kind.code, "detail": kind.sentence()}])


def units_named(by: Any, at: datetime, keys: Iterable[UUID]) -> list[Enterprise]:
    """The units in the order named. Raises UNKNOWN_ENTERPRISE for one outside the person's jurisdiction, now and at
    `at`.
    """
    keys = list(keys)
    found: dict[UUID, Enterprise] = {}
    for person in past_and_present(by, at) if keys else ():
        rows = Enterprise.objects.visible_to(person).only("pk", "name", "region_code", "sector_id")
        found |= {unit.pk: unit for unit in rows.filter(pk__in=keys)}
        if len(found) == len(set(keys)):
            break
    for place, key in enumerate(keys):
        if key not in found:
            raise at_field(UNKNOWN_ENTERPRISE, f"/units/{place}/enterprise")
    return [found[key] for key in keys]


def place_of(by: Any, at: datetime, *, region: str | None, location: Any, units: list[Enterprise]) -> str:
    """The village or township of that day: as named, else the first unit's, else the person's own, else whose area
    holds the point.

    Raises UNKNOWN_REGION for what was not on the list of that day or is not the person's to report, PLACE_REQUIRED
    when nothing tells.
    """
    day = timezone.localdate(at)
    if region:
        code = listed(region, day)
        if by.role != Role.ENTERPRISE_OFFICER and not _is_theirs(by, at, code):
            raise at_field(UNKNOWN_REGION, "/region")
        return code
    guesses = [units[0].region_code] if units else [by.region] if len(by.region) >= 9 else []
    for guess in guesses:
        if found := _listed(guess, day):
            return found
    return _by_point(by, location, day)


def listed(code: str, day: date) -> str:
    """The twelve digits of a village or township that was on the list of that day. Raises UNKNOWN_REGION."""
    found = _listed(code, day)
    if found is None:
        raise at_field(UNKNOWN_REGION, "/region")
    return found


def _listed(text: str, day: date) -> str | None:
    code = whole(text) if len(text) in (9, 12) else ""
    known = is_code(code) and Region.objects.on(day).filter(code=code, level__in=PLACES).exists()
    return code if known else None


def _is_theirs(by: Any, at: datetime, code: str) -> bool:
    return any(reaches(person, region_code=code, sector=None) for person in past_and_present(by, at))


def _by_point(by: Any, location: Any, day: date) -> str:
    if location is not None and by.region:
        held = Region.objects.on(day).townships().within(by.region).filter(area__covers=location.point)
        if code := held.values_list("code", flat=True).first():
            return code
    raise at_field(PLACE_REQUIRED, "/region")


def point_warnings(location: Any, region_code: str) -> list[str]:
    """`outside_county`; `point_elsewhere` when another township's (approximate) area holds the point. Never a
    refusal.
    """
    if location is None:
        return []
    if location.warnings:
        return list(location.warnings)
    around = (
        Region.objects.today().townships().filter(area__covers=location.point).values_list("code", flat=True).first()
    )
    return ["point_elsewhere"] if around and around[:9] != region_code[:9] else []
