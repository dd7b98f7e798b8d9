"""Whoever acts: a person signed in, or the system itself (`trail.SYSTEM`), which has an id, a name and a role of none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID


class Actor(Protocol):
    """What actions ask of whoever acts."""

    @property
    def pk(self) -> Any: ...

    @property
    def name(self) -> str: ...

    @property
    def role(self) -> str: ...

    @property
    def region(self) -> str:
        """The jurisdiction: a prefix of region codes, in these sectors ([]: all), of the own unit."""

    @property
    def sectors(self) -> Sequence[str]: ...

    @property
    def enterprise_id(self) -> UUID | None: ...

    @property
    def department_id(self) -> str | None: ...

    @property
    def is_leader(self) -> bool: ...

    @property
    def is_principal(self) -> bool: ...

    @property
    def is_demo(self) -> bool: ...


def by_device(by: Any) -> Any:
    """The device by whose key alone this person speaks; None of whoever has signed in."""
    return getattr(by, "by_device", None)
