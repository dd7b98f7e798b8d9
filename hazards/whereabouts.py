"""Where a finding is, and so whose it is: a unit, a site without a unit, or words with a region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.jurisdiction import past_and_present, reaches
from enterprises.models import Enterprise, Site
from geo.codes import is_code, whole
from geo.models import Region
from reference import law
from safety_api.actors import Actor
from safety_api.problems import (
    PLACE_REQUIRED,
    SECTOR_NOT_YOURS,
    UNKNOWN_ENTERPRISE,
    UNKNOWN_REGION,
    UNKNOWN_SECTOR,
    UNKNOWN_SITE,
    Problem,
    ProblemKind,
)

AT_THE_POINT = "见定位"
OF_A_UNIT = ("name", "credit_code", "region_code", "sector_id", "closed_on", "traits")


@dataclass(frozen=True)
class Whereabouts:
    """The region and the sector decide whose it is; both are those of the day of finding."""

    region_code: str
    sector_id: str
    enterprise: Enterprise | None = None
    site_id: UUID | None = None
    place: str = ""
    closed: bool = False  # on the day of finding, as the register says today


def resolve(
    by: Actor, at: datetime, *, enterprise: UUID | None, site: UUID | None, place: str | None, region: str | None,
    sector: str | None, location: Any, point_suffices: bool = False,
) -> Whereabouts:  # fmt: skip
    """Raises UNKNOWN_ENTERPRISE, UNKNOWN_SITE, UNKNOWN_REGION, UNKNOWN_SECTOR, SECTOR_NOT_YOURS or PLACE_REQUIRED, each with its pointer.

    `point_suffices`: whoever only points at a spot need not find words for it. A unit or site outside the person's jurisdiction, now
    and at `at`, is answered like one that does not exist.
    """
    if enterprise is None and by.enterprise_id:
        enterprise = by.enterprise_id
    if sector is not None:
        _known_sector(sector, by)
    if enterprise is not None:
        unit = _visible(Enterprise, enterprise, by, at, UNKNOWN_ENTERPRISE, "/enterprise", *OF_A_UNIT)
        closed = _closed(unit, at)
        if site is not None:
            closed |= _closed(_visible(Site, site, by, at, UNKNOWN_SITE, "/site"), at)
        return Whereabouts(unit.region_code, sector or unit.sector_id, unit, site, place or "", closed)
    if site is not None:
        spot = _visible(Site, site, by, at, UNKNOWN_SITE, "/site")
        sector = sector or spot.sector_id or "other"
        return Whereabouts(spot.region_code, sector, spot.enterprise, spot.pk, place or "", _closed(spot, at))
    if point_suffices and location is not None:
        place = place or AT_THE_POINT
    return _in_words(by, at, place=place, region=region, sector=sector or "other", location=location)


def _known_sector(sector: str, by: Actor) -> None:
    try:
        law.sector(sector)
    except Problem:
        raise UNKNOWN_SECTOR.at("/sector") from None
    if by.sectors and sector not in by.sectors:
        raise SECTOR_NOT_YOURS.at("/sector")


def _visible(model: Any, key: UUID, by: Actor, at: datetime, unknown: ProblemKind, pointer: str, *only: str) -> Any:
    for person in past_and_present(by, at):
        row = model.objects.visible_to(person).filter(pk=key).only(*only).order_by()[:1]
        if found := list(row):
            return found[0]
    raise unknown.at(pointer)


def _closed(place: Enterprise | Site, at: datetime) -> bool:
    return place.closed_on is not None and place.closed_on <= timezone.localdate(at)


def _in_words(
    by: Actor, at: datetime, *, place: str | None, region: str | None, sector: str, location: Any
) -> Whereabouts:
    if not (place or "").strip():
        raise PLACE_REQUIRED.at("/place")
    code = _known_region(region) if region else _region_of(by, location)
    if not any(reaches(person, region_code=code, sector=None) for person in past_and_present(by, at)):
        raise UNKNOWN_REGION.at("/region")
    return Whereabouts(code, sector, place=(place or "").strip())


def _known_region(text: str) -> str:
    code = whole(text) if len(text) in (6, 9, 12) else ""
    if not is_code(code) or not Region.objects.filter(code=code).exists():
        raise UNKNOWN_REGION.at("/region")
    return code


def _region_of(by: Actor, location: Any) -> str:
    """Nobody named a region: the township whose (approximate) area holds the point, else the person's own place."""
    if location is not None and len(by.region) < 9:
        held = Region.objects.around(location.point).values_list("code", flat=True).first()
        if held and held.startswith(by.region):
            return held
    return whole(by.region)
