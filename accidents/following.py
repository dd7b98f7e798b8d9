"""What follows an accident in the transaction of the fact: the one place where this floor calls one above it.

A floor above declares in its own `following.py` what it does; `settle`, the end of every verb, calls it.
"""

from __future__ import annotations

from collections.abc import Callable

from accidents.models import Accident
from accidents.rules import AccidentFacts

Follower = Callable[[Accident, AccidentFacts, str], set[str]]
FOLLOWERS: list[Follower] = []


def follows_accidents(follower: Follower) -> Follower:
    """`@follows_accidents def f(accident, known, reason) -> units`: the accident is locked and its kept columns are
    written; `reason` is a Chinese sentence. Returns the ids of units it concerns beyond those that have a part in it.
    """
    FOLLOWERS.append(follower)
    return follower


def follow(accident: Accident, known: AccidentFacts, reason: str) -> set[str]:
    """Ids of all units that the floors above hold to be concerned."""
    return {unit for follower in FOLLOWERS for unit in follower(accident, known, reason)}
