"""What the floors above ask of a step, and what follows it, in the transaction of the step: where this floor calls those above it.

A floor above declares in its own `following.py` what it asks, and what it does when a step was taken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hazards.models import Hazard
from safety_api.actors import Actor
from safety_api.problems import Problem

Condition = Callable[[Hazard], None]
Follower = Callable[[Hazard, Actor, date, str], None]
CONDITIONS: dict[str, list[Condition]] = {}
FOLLOWERS: dict[str, list[Follower]] = {}


def asked_before(step: str) -> Callable[[Condition], Condition]:
    """`@asked_before("resume") def f(hazard)`: raises a problem while the step may not be taken; the hazard is locked."""

    def declare(condition: Condition) -> Condition:
        CONDITIONS.setdefault(step, []).append(condition)
        return condition

    return declare


def follows_step(step: str) -> Callable[[Follower], Follower]:
    """`@follows_step("enforce") def f(hazard, by, on, note)`: the hazard is locked, and saved in its new state."""

    def declare(follower: Follower) -> Follower:
        FOLLOWERS.setdefault(step, []).append(follower)
        return follower

    return declare


def check(hazard: Hazard, step: str) -> None:
    for condition in CONDITIONS.get(step, ()):
        condition(hazard)


def stands_open(hazard: Hazard, step: str) -> bool:
    """Whether nothing above keeps it from this step now; to be asked of one hazard, not of a list."""
    try:
        check(hazard, step)
    except Problem:
        return False
    return True


def follow(hazard: Hazard, step: str, *, by: Actor, on: date, note: str) -> None:
    for follower in FOLLOWERS.get(step, ()):
        follower(hazard, by, on, note)
