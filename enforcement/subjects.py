"""对象 Whom a record is about: its place, sector, department and unit, taken from the hazard or the unit it names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from enforcement.kinds import SubjectKind
from enterprises.actions import check_reach
from enterprises.models import Enterprise, Site
from geo.codes import whole
from hazards.models import Hazard
from reference import law
from safety_api.actors import Actor
from safety_api.problems import (
    PRINCIPAL_REQUIRED,
    UNIT_HAS_ACCOUNT,
    UNKNOWN_ENTERPRISE,
    UNKNOWN_HAZARD,
    UNKNOWN_SECTOR,
    UNKNOWN_SITE,
    ProblemKind,
)
from safety_api.roles import Role


def of_hazard(hazard: Any) -> dict[str, Any]:
    return {
        "region_code": hazard.region_code, "sector_id": hazard.sector_id, "department_id": hazard.department_id,
        "enterprise_id": hazard.enterprise_id, "is_demo": hazard.is_demo,
    }  # fmt: skip


def resolve(
    by: Actor, *, hazard: UUID | None = None, enterprise: UUID | None = None, site: UUID | None = None,
    sector: str | None = None, region: str | None = None, department: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The columns of an Entry. What is named must lie in `by`'s jurisdiction; without hazard, unit and site the sector must be told.

    `department`: as given, else the hazard's, one's own, or the one that supervises the sector today.
    Raises UNKNOWN_HAZARD, UNKNOWN_ENTERPRISE, UNKNOWN_SITE, UNKNOWN_SECTOR, OUTSIDE_JURISDICTION.
    """
    nothing: dict[str, Any] = {
        "region_code": whole(region or by.region),
        "enterprise_id": None,
        "sector_id": sector,
        "is_demo": by.is_demo,
    }
    about = _named(by, hazard, enterprise, site, sector) or nothing
    if not about["sector_id"]:
        raise UNKNOWN_SECTOR.at("/sector")
    check_reach(by, about["region_code"], [about["sector_id"]])
    about["department_id"] = department or about.get("department_id") or by.department_id or _lead(about["sector_id"])
    return about


def _lead(sector: str) -> str | None:
    return law.lead_department(sector, timezone.localdate())


def _named(by: Actor, hazard: UUID | None, enterprise: UUID | None, site: UUID | None, sector: str | None) -> Any:
    if hazard:
        return of_hazard(one(Hazard, hazard, by, UNKNOWN_HAZARD, "/hazard"))
    if enterprise:
        unit = one(Enterprise, enterprise, by, UNKNOWN_ENTERPRISE, "/enterprise")
        if site and not unit.sites.filter(pk=site).exists():
            raise UNKNOWN_SITE.at("/site")
        return _of(unit, unit.pk, _sector_of(unit, by, sector))
    if site:
        found = one(Site, site, by, UNKNOWN_SITE, "/site")
        return _of(found, found.enterprise_id, found.sector_id)
    return None


def _of(place: Any, enterprise: UUID | None, sector: str) -> dict[str, Any]:
    return {
        "region_code": place.region_code,
        "sector_id": sector,
        "enterprise_id": enterprise,
        "is_demo": place.is_demo,
    }


def _sector_of(unit: Enterprise, by: Actor, given: str | None) -> str:
    """A unit has a main sector and perhaps further ones: the one that was given, the main one, or the one that is mine."""
    its: list[str] = [unit.sector_id, *unit.sectors]
    mine = [each for each in its if not by.sectors or each in by.sectors]
    return given if given and given in its else (mine or its)[0]


def one(model: Any, key: UUID, by: Actor, unknown: ProblemKind, pointer: str) -> Any:
    found = model.objects.visible_to(by).filter(pk=key).first()
    if found is None:
        raise unknown.at(pointer)
    return found


def check_applicant(by: Actor, enterprise: UUID | None) -> None:
    """A unit applies by its principal; an officer writes down the paper of one that has no account of a principal.

    Raises PRINCIPAL_REQUIRED, UNIT_HAS_ACCOUNT.
    """
    if by.role == Role.ENTERPRISE_OFFICER:
        if not by.is_principal:
            raise PRINCIPAL_REQUIRED()
    elif enterprise and User.objects.filter(enterprise_id=enterprise, is_principal=True, is_active=True).exists():
        raise UNIT_HAS_ACCOUNT()


def subject_name_of(kind: SubjectKind, given: str, enterprise: UUID | None) -> str:
    """A unit of ours bears its own name; of a person, or of a unit that is not ours, the name is given.

    Raises UNKNOWN_ENTERPRISE when nobody is named.
    """
    if kind == SubjectKind.UNIT and enterprise:
        return Enterprise.objects.values_list("name", flat=True).get(pk=enterprise)
    if not given:
        raise UNKNOWN_ENTERPRISE.at("/subject_name")
    return given
