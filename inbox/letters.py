"""A message before it is written: what it says, of which matter, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class To:
    """One person; or whoever holds a post of this role, now or later: at the matter's place and for its sector, of the matter's unit
    when they are a unit's own people. `department`: only who speaks for it, or for none. `leaders`: only the head of an office.
    """

    person: UUID | None = None
    role: str = ""
    department: str | None = None
    leaders: bool = False
    enterprise: UUID | None = None  # of another unit than the matter's


def posts(
    roles: Iterable[str], *, department: str | None = None, leaders: bool = False, enterprise: UUID | None = None
) -> tuple[To, ...]:
    return tuple(To(None, str(role), department, leaders, enterprise) for role in sorted(roles))


def person(key: UUID | None) -> tuple[To, ...]:
    return (To(person=key),) if key else ()


@dataclass(frozen=True)
class Letter:
    """`once`: what makes it the same message when it is sent again. `thread`: a later message of a thread ends those before it.

    `about` is the record (`hazard`, its id). The place, sector, department and unit are those of the matter on that day.
    """

    kind: str
    once: str
    sentence: str
    to: tuple[To, ...]
    day: date
    about_kind: str = ""
    about: UUID | None = None
    thread: str = ""
    due_on: date | None = None
    region_code: str = ""
    sector: str | None = None
    department: str | None = None
    enterprise: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
