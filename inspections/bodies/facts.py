"""In whose name a visit was made, and by how many certified officers: from what was looked up already, and from the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from accounts.authorities import body_of
from evidence.papers import kinds
from geo.models import Region
from inspections.bodies.rules import Made, remarks
from inspections.course.facts import Named
from inspections.models import Inspection
from reference import bodies
from safety_api.actors import Actor
from safety_api.remarks import Remark


def remark_bodies(visit: Inspection, on: date, people: Mapping[UUID, Named], by: Actor) -> set[Remark]:
    """Nothing before 2025. Of a joint visit every department must be on the list."""
    if bodies.rule(on) is None:
        return set()
    codes = [body_of(by, visit.sector_id, on, visit.department), *visit.joint_departments]
    return remarks(
        Made(
            authority=visit.authority,
            kind=visit.kind,
            of_enterprise=visit.enterprise_id is not None,
            listed=all(bodies.is_listed(each, on, visit.sector_id) for each in codes),
            certified=sum(people[each].certified for each in {by.pk, *visit.companions} & people.keys()),
            needed=kinds.certified_officers(on),
            experts=len(visit.experts),
        )
    )


def townships_named(codes: Iterable[str]) -> dict[str, str]:
    """Those of these nine digits that are a township, with its name."""
    wanted = [f"{each}000" for each in codes]
    rows = Region.objects.filter(level="township", code__in=wanted).values_list("code", "name") if wanted else ()
    return {code[: bodies.TOWNSHIP_DIGITS]: name for code, name in rows}
