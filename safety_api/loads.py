"""装载之后 What follows when law or places are loaded: figures above that rest on them, in the same transaction.

A floor above declares it in its `following.py` and says in a sentence what it did; the load shows the sentences and keeps them in
the trail. What a load touches that nothing works out anew (open records, papers, plans: they stay as they are, or a person looks at them
again) a floor declares beside it, `@touched_by`: the load says it, and `load_reference --preview` says it without loading.
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
    documents: Mapping[str, frozenset[str]] = field(default_factory=dict)  # kind → codes of the documents touched

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


# --- what is touched --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Touch:
    """`since`: the first day on which any of it reads differently; `codes`: of the documents touched."""

    since: date
    codes: frozenset[str]


Touched = Callable[[Touch], str]
TOUCHED: list[tuple[frozenset[str], Touched]] = []
LEAVES_OPEN: set[str] = set()  # kinds by which no record is judged


def touched_by(*kinds: str) -> Callable[[Touched], Touched]:
    """`@touched_by("deadlines") def f(touch) -> a sentence`, empty where nothing of the floor's is. It writes nothing."""

    def register(said: Touched) -> Touched:
        TOUCHED.append((frozenset(kinds), said))
        return said

    return register


def touches_no_record(*kinds: str) -> None:
    """Kinds that are read for the day itself and kept nowhere."""
    LEAVES_OPEN.update(kinds)


def touched(loaded: Loaded) -> list[str]:
    return [sentence for kinds, said in TOUCHED if (touch := _touch(loaded, kinds)) and (sentence := said(touch))]


def _touch(loaded: Loaded, kinds: frozenset[str]) -> Touch | None:
    since = loaded.first_of(*kinds)
    codes = frozenset(code for kind in kinds for code in loaded.documents.get(kind, ()))
    return Touch(since, codes) if since else None
