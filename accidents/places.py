"""Where an accident lies and whose units it names: the lists of its own day, the jurisdiction of whoever reports."""

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
from reference import law
from safety_api import merged
from safety_api.actors import Actor
from safety_api.problems import BEFORE_THE_ACCIDENT, PLACE_REQUIRED, UNKNOWN_ENTERPRISE, UNKNOWN_REGION
from safety_api.remarks import Remark
from safety_api.roles import Role

PLACES = ("village", "township")


def unit_named(by: Actor, at: datetime, key: UUID | None) -> UUID:
    """One unit. Raises UNKNOWN_ENTERPRISE as `units_named` does."""
    if key is None or not units_found(by, at, [key]):
        raise UNKNOWN_ENTERPRISE.at("/enterprise")
    return key


def units_named(by: Actor, at: datetime, keys: Iterable[UUID]) -> list[Enterprise]:
    """The units in the order named. Raises UNKNOWN_ENTERPRISE for one outside the person's jurisdiction, now and at
    `at`.
    """
    keys = list(keys)
    found = units_found(by, at, keys)
    for place, key in enumerate(keys):
        if key not in found:
            raise UNKNOWN_ENTERPRISE.at(f"/units/{place}/enterprise")
    return [found[key] for key in keys]


def units_found(by: Actor, at: datetime, keys: list[UUID]) -> dict[UUID, Enterprise]:
    """Those of the person's jurisdiction, now or at `at`."""
    found: dict[UUID, Enterprise] = {}
    for person in past_and_present(by, at) if keys else ():
        rows = Enterprise.objects.visible_to(person).only("pk", "name", "region_code", "sector_id", "closed_on")
        found |= {unit.pk: unit for unit in rows.filter(pk__in=keys)}
        if len(found) == len(set(keys)):
            break
    return found


def check_day(on: date | None, accident_at: datetime, pointer: str = "/on") -> None:
    """Nothing is decided of an accident before its day. Raises BEFORE_THE_ACCIDENT."""
    if on and on < timezone.localdate(accident_at):
        raise BEFORE_THE_ACCIDENT.at(pointer)


def place_of(by: Actor, at: datetime, *, region: str | None, location: Any, units: list[Enterprise]) -> str:
    """The village or township of that day: as named, else the first unit's, else the person's own, else whose area
    holds the point.

    Raises UNKNOWN_REGION for what was not on the list of that day or is not the person's to report, PLACE_REQUIRED
    when nothing tells.
    """
    day = timezone.localdate(at)
    if region:
        return listed(successor_on(region, day), at, None if by.role == Role.ENTERPRISE_OFFICER else by)
    guesses = [units[0].region_code] if units else [by.region] if len(by.region) >= 9 else []
    for guess in guesses:
        if found := _listed(guess, day):
            return found
    return _by_point(by, location, day)


def successor_on(code: str, day: date) -> str:
    """A code that had ended by that day, as an old list on a phone still has it: whoever took over, else its township."""
    if len(code) != 12 or _listed(code, day) or not Region.objects.filter(code=code, valid_to__lte=day).exists():
        return code
    return next((each for each in (merged.heir(code), whole(code[:9])) if _listed(each, day)), code)


def listed(
    code: str, at: datetime, by: Actor | None, *, levels: Iterable[str] = PLACES, pointer: str = "/region"
) -> str:  # fmt: skip
    """The twelve digits of a village or township that was on the list of that day, in the person's jurisdiction (of
    anywhere for nobody). Raises UNKNOWN_REGION.
    """
    found = _listed(code, timezone.localdate(at), levels)
    if found is None or (by is not None and not _is_theirs(by, at, found)):
        raise UNKNOWN_REGION.at(pointer)
    return found


def _listed(text: str, day: date, levels: Iterable[str] = PLACES) -> str | None:
    code = whole(text) if len(text) in (9, 12) else ""
    known = is_code(code) and Region.objects.on(day).filter(code=code, level__in=levels).exists()
    return code if known else None


def _is_theirs(by: Actor, at: datetime, code: str) -> bool:
    return any(reaches(person, region_code=code, sector=None) for person in past_and_present(by, at))


def _by_point(by: Actor, location: Any, day: date) -> str:
    if location is not None and by.region:
        held = Region.objects.on(day).townships().within(by.region).filter(area__covers=location.point)
        if code := held.values_list("code", flat=True).first():
            return code
    raise PLACE_REQUIRED.at("/region")


def unit_warnings(units: Iterable[Enterprise], region_code: str, at: datetime) -> list[str]:
    """A unit's own place is in another township (a contractor's may well be); it was closed by then."""
    units, day = list(units), timezone.localdate(at)
    elsewhere = any(merged.heir(unit.region_code)[:9] != region_code[:9] for unit in units)
    closed = any(unit.closed_on and unit.closed_on <= day for unit in units)
    return [*([Remark.UNIT_ELSEWHERE] if elsewhere else []), *([Remark.UNIT_CLOSED] if closed else [])]


def point_warnings(location: Any, region_code: str, at: datetime) -> list[str]:
    """What the point says of itself, and whether another township's (approximate) area holds it. Never a refusal."""
    if location is None:
        return []
    said = location.warnings_within(law.field_remarks(timezone.localdate(at))["useless_accuracy_metres"])
    if {Remark.OUTSIDE_COUNTY, Remark.LOCATION_VAGUE}.intersection(said):
        return said
    around = Region.objects.around(location.point).values_list("code", flat=True).first()
    return [*said, Remark.POINT_ELSEWHERE] if around and around[:9] != region_code[:9] else said
