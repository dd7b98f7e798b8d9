"""Who is meant by an address today: the person, or whoever holds the post where the matter lies; and the deputies of both.

The other direction of `inbox.querysets.addresses_of`, and the same answer (a test compares the two).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from accounts.jurisdiction import department_of
from accounts.models import Deputy, User
from safety_api import merged
from safety_api.permissions import significant
from safety_api.roles import ADMINS, Role

COLUMNS = ("role", "region", "sectors", "department_id", "enterprise_id", "is_leader", "phone", "email")


class Addressees:
    """Everybody who can be meant by these addresses, read in two statements."""

    def __init__(self, addresses: Iterable[Any]) -> None:
        self._deputies: dict[Any, list[Any]] = defaultdict(list)
        for each in Deputy.objects.in_force(on=timezone.localdate()).select_related("deputy"):
            self._deputies[each.leader_id].append(each.deputy)
        listed = list(addresses)
        named = {each.person_id for each in listed if each.person_id}
        roles = {each.role for each in listed if each.role}
        people = User.objects.filter(is_active=True).only(*COLUMNS)
        found = [*people.filter(role__in=roles), *people.filter(pk__in=named)]
        self._people = {each.pk: each for each in found}
        self._holders: dict[Any, list[Any]] = defaultdict(list)
        for person in self._people.values():
            unit = person.enterprise_id if person.role == Role.ENTERPRISE_OFFICER else None
            self._holders[person.role, unit].append(person)

    def of(self, message: Any) -> dict[Any, Any]:
        """Key → person, everybody once."""
        meant = {each.pk: each for address in message.addresses.all() for each in self._of(message, address)}
        return {
            each.pk: each
            for each in [*meant.values(), *self._standing_in(meant)]
            if each.is_active and each.role not in ADMINS
        }

    def _of(self, message: Any, address: Any) -> Iterator[Any]:
        if address.person_id:
            yield from filter(None, [self._people.get(address.person_id)])
        elif address.role == Role.ENTERPRISE_OFFICER:
            yield from self._holders[address.role, address.enterprise] if address.enterprise else ()
        else:
            yield from (each for each in self._holders[address.role, None] if holds(each, message, address))

    def _standing_in(self, leaders: Iterable[Any]) -> Iterator[Any]:
        for key in leaders:
            yield from self._deputies.get(key, ())


def holds(holder: Any, message: Any, address: Any) -> bool:
    """Whether whoever has this role, place, sectors and department is meant by an address to a post of an office."""
    return (
        holder.role == address.role
        and bool(holder.region)
        and merged.lies_in(address.region_code, significant(holder.region))
        and (not address.leaders or holder.is_leader)
        and (not address.department_id or department_of(holder) in (None, address.department_id))
        and (not holder.sectors or message.sector_id is None or message.sector_id in holder.sectors)
    )
