"""What the floors above add to the answer about one unit.

A floor above declares it in its own `additions.py`; the door of units shows it as if it were theirs. A list of units stays without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from enterprises.models import Enterprise

MakesField = Callable[[], serializers.Field]
Shown = Callable[[Enterprise, Any], Any]
PARTS: dict[str, tuple[MakesField, Shown]] = {}


def shown_with_units(name: str, field: MakesField) -> Callable[[Shown], Shown]:
    """`@shown_with_units("count", CountOut) def count(unit, reader): return what`; who may see the unit may see it."""

    def declare(shown: Shown) -> Shown:
        PARTS[name] = (field, shown)
        return shown

    return declare


def fields_of_parts() -> dict[str, serializers.Field]:
    return {name: field() for name, (field, _) in PARTS.items()}


def show_parts(unit: Any, reader: Any) -> None:
    for name, (_, shown) in PARTS.items():
        setattr(unit, name, shown(unit, reader))
