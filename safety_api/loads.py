"""装载之后 What follows when law or places are loaded: figures above that rest on them, in the same transaction.

A floor above declares it in its `following.py` and says in a sentence what it did; the load shows the sentences and keeps them in
the trail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

REGIONS, HOLIDAYS = "regions", "holidays"


@dataclass(frozen=True)
class Loaded:
    """`since`: what was touched (a kind of document, HOLIDAYS, REGIONS) → the first day on which it reads differently."""

    name: str  # of the load, for the reason that figures keep
    since: Mapping[str, date]
    codes: frozenset[str] = field(default_factory=frozenset)  # of regions touched

    def first_of(self, *kinds: str) -> date | None:
        """The first day touched by any of these; None when none was."""
        return min((day for kind, day in self.since.items() if kind in kinds), default=None)


Follower = Callable[[Loaded], list[str]]
FOLLOWERS: list[Follower] = []


def follows_loads(follower: Follower) -> Follower:
    """`@follows_loads def f(loaded) -> sentences`: none where nothing of its own was touched. Called floor by floor, upward."""
    FOLLOWERS.append(follower)
    return follower


def follow(loaded: Loaded) -> list[str]:
    return [said for follower in FOLLOWERS for said in follower(loaded)]
