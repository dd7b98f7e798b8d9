"""执法人员 Who may order and review here on a day: officers of the jurisdiction with a certificate in force (行政处罚法 第四十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from accounts.authorities import check_may_inspect
from accounts.jurisdiction import reaches
from accounts.models import Certificate, User
from reference import bodies
from safety_api.actors import Actor
from safety_api.problems import CERTIFICATE_REQUIRED, COMPANION_NOT_HERE, TWO_OFFICERS_REQUIRED
from safety_api.roles import ENFORCING

AT = "/companion"


def alone(by: Actor) -> list[dict[str, str]]:
    """A township's officer: no enforcement, no certificate."""
    return [_shown(by, "")]


def two_officers(by: Actor, companions: Sequence[UUID], *, hazard: Any, on: date) -> list[dict[str, str]]:
    """`by` and those of the companions who may act here that day, the certified ones if there are any, as a step's details keep them; one query.

    A certificate that lacks keeps no step back, only its paper. Raises TWO_OFFICERS_REQUIRED when nobody else is named, COMPANION_NOT_HERE
    when none of them has this place, COORDINATING_BODY for an officer of the committee's office.
    """
    check_may_inspect(by, on)
    others = set(companions) - {by.pk}
    if not others:
        raise TWO_OFFICERS_REQUIRED.at(AT)
    people = {
        each.pk: each
        for each in _with_certificates({by.pk, *others}, on)
        if not bodies.is_coordinating(each.department_id, on)
    }
    here = [people[key] for key in sorted(others & people.keys()) if _acts_here(people[key], hazard)]
    if not here:
        raise COMPANION_NOT_HERE.at(AT)
    own = people[by.pk].certificate if by.pk in people else None
    signing = [each for each in here if each.certificate is not None] or here
    return [_shown(by, own or ""), *(_shown(each, each.certificate or "") for each in signing)]


def two_certified(by: Actor, companions: Sequence[UUID], *, hazard: Any, on: date) -> list[dict[str, str]]:
    """The same where nobody is by who could make it good: an order on the spot. Raises CERTIFICATE_REQUIRED besides."""
    officers = two_officers(by, companions, hazard=hazard, on=on)
    if not all_certified(officers):
        raise CERTIFICATE_REQUIRED.at(AT)
    return officers


def all_certified(officers: Iterable[Mapping[str, str]]) -> bool:
    return all(each.get("certificate") for each in officers)


def check_here(companion: UUID, *, hazard: Any) -> None:
    """Raises COMPANION_NOT_HERE."""
    found = User.objects.filter(pk=companion, is_active=True).only("role", "region", "sectors").first()
    if found is None or not _acts_here(found, hazard):
        raise COMPANION_NOT_HERE.at(AT)


def _with_certificates(keys: set[UUID], on: date) -> Any:
    valid = Certificate.objects.valid(on=on).filter(user=OuterRef("pk")).order_by("-valid_to").values("number")[:1]
    people = User.objects.filter(pk__in=keys, is_active=True).only("name", "role", "region", "sectors", "department")
    return people.annotate(certificate=Subquery(valid))


def _acts_here(officer: Any, hazard: Any) -> bool:
    return officer.role in ENFORCING and reaches(officer, region_code=hazard.region_code, sector=hazard.sector_id)


def _shown(officer: Any, certificate: str) -> dict[str, str]:
    return {"id": str(officer.pk), "name": officer.name, "role": str(officer.role), "certificate": certificate}
