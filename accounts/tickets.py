"""凭条 What a short-lived address hangs on: the sign-in it was given to, and the post, the password and the lock of its person.

It says whom it was given to and a seal over what they were; whoever opens it is told nothing unless that still holds. One statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.deputies import acting_for
from accounts.models import Device
from accounts.second_factor import lacks_second_factor
from safety_api.problems import Problem

PERSON, LEADER, PAGE, SEAL = "u", "a", "p", "s"


def ticket_of(request: Any) -> dict[str, Any]:
    """For whoever asks; it goes into a signed address."""
    user, device = request.user, request.auth
    leader = getattr(user, "acting_for", None)
    proof = device.digest if device else request.session.session_key
    return {
        PERSON: user.pk.hex,
        SEAL: _seal(user, proof),
        **({LEADER: leader.hex} if leader else {}),
        **({} if device else {PAGE: 1}),
    }


def stands(ticket: dict[str, Any], request: Any) -> bool:
    """Whether the sign-in goes on and its person is who they were; a page's is proved by its cookie. Raises KeyError, ValueError."""
    wanted = ticket[SEAL]
    return any(
        constant_time_compare(wanted, _seal(user, proof))
        for user, device, proof in _sign_ins(ticket, request)
        if not lacks_second_factor(user, device, request)
    )


def _sign_ins(ticket: dict[str, Any], request: Any) -> Iterator[tuple[Any, Device | None, str]]:
    """Of this person, at the post that the ticket was given for."""
    found: list[tuple[Any, Device | None, str]] = []
    if PAGE in ticket:
        found = [(request.user, None, request.session.session_key)] if request.user.is_authenticated else []
    else:
        devices = Device.objects.valid().filter(user=UUID(ticket[PERSON]), user__is_active=True).select_related("user")
        found = [(device.user, device, device.digest) for device in devices]
    for user, device, proof in found:
        try:
            yield (acting_for(user, ticket[LEADER]) if LEADER in ticket else user), device, proof
        except Problem:
            return  # the deputation is over


def _seal(user: Any, proof: str) -> str:
    post = (user.role, user.region, sorted(user.sectors), user.enterprise_id, user.department_id, user.is_leader)
    facts = (user.pk, user.password, user.is_active, *post, user.is_principal, proof)
    return salted_hmac("accounts.tickets", repr(facts), algorithm="sha256").hexdigest()[:32]
