"""管辖 Whose place, sectors and unit: today's, and that of a past moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from accounts.models import Post
from accounts.querysets import held_at
from safety_api import merged
from safety_api.permissions import significant
from safety_api.roles import OFFICE, Role

COUNTY_DIGITS = 6
BUREAU_CODE = "emergency"  # 应急管理局: its officers speak for it even when their account names no department


def past_and_present(user: Any, moment: datetime) -> Iterator[Any]:
    """The user as they are, then as they were at `moment`: a late upload is judged by either, so a transfer strands nothing.

    The past one costs a query and is asked for only when the present one did not suffice.
    """
    yield user
    for post in held_at(Post.objects.filter(user_id=user.pk), moment):
        yield SimpleNamespace(
            pk=user.pk, role=post.role, region=post.region, sectors=post.sectors, enterprise_id=post.enterprise_id
        )


def department_of(user: Any) -> str | None:
    """The code of the department that a person speaks for."""
    return user.department_id or (BUREAU_CODE if user.role == Role.BUREAU_OFFICER else None)


def office_of(user: Any) -> str:
    """Which office a person works in: the department they speak for, else their township or village, else their role at the county."""
    return department_of(user) or (user.region if len(user.region) >= 9 else f"{user.region} {user.role}")


def works_with(person: Any, by: Any, place: str) -> bool:
    """Whether somebody is a colleague of the county: of an office, not locked. Of whom that is not so nothing is told, not even that there
    is such an account."""
    if not person.is_active or person.role not in OFFICE:
        return False
    return any(_one_county(person.region, each) for each in (place, merged.heir(place), by.region))


def _one_county(one: str, other: str) -> bool:
    """Or above it, as a city is."""
    one, other = significant(one)[:COUNTY_DIGITS], significant(other)[:COUNTY_DIGITS]
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def reaches(user: Any, *, region_code: str, sector: str | None) -> bool:
    """Whether a place and a sector lie in a person's jurisdiction; what `scope_of` says, for one row not yet written."""
    in_region = bool(user.region) and merged.lies_in(region_code, user.region)
    return in_region and (sector is None or not user.sectors or sector in user.sectors)
