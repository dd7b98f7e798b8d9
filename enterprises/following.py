"""What follows a unit in the transaction that moves it: the one place where this floor calls those above it.

A floor above declares in its own `following.py` what it takes along.
"""

from __future__ import annotations

from collections.abc import Callable

from enterprises.models import Enterprise
from safety_api.actors import Actor

Follower = Callable[[Enterprise, str, Actor], None]
FOLLOWERS: list[Follower] = []


def follows_moves(follower: Follower) -> Follower:
    """`@follows_moves def f(unit, before, by)`: the unit is locked and stands at its new `region_code`; `before` is the old one."""
    FOLLOWERS.append(follower)
    return follower


def follow(unit: Enterprise, before: str, by: Actor) -> None:
    for follower in FOLLOWERS:
        follower(unit, before, by)
