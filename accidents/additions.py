"""What the floors above add to an accident's answer and to what its list may be asked for.

A floor above declares it in its own `additions.py`; the doors of accidents show it as if it were theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accidents.models import Accident

MakesField = Callable[[], serializers.Field]


@dataclass(frozen=True)
class AddedPart:
    """A part of an accident's answer: the shape of its rows, and where they come from."""

    shape: type[serializers.Serializer]
    rows: Callable[[Accident], list[Any]]


@dataclass(frozen=True)
class Narrowing:
    """Parameters of the list, and what they do: takes its own out of `asked`, and what it reads otherwise."""

    parameters: dict[str, MakesField]
    narrow: Callable[[QuerySet, dict[str, Any]], QuerySet]


PARTS: dict[str, AddedPart] = {}
NARROWINGS: list[Narrowing] = []


def shown_with_accidents(name: str, shape: type[serializers.Serializer]) -> Callable[[Callable], Callable]:
    """`@shown_with_accidents("breaks", BreakOut) def breaks(accident): return rows`."""

    def declare(rows: Callable[[Accident], list[Any]]) -> Callable[[Accident], list[Any]]:
        PARTS[name] = AddedPart(shape, rows)
        return rows

    return declare


def narrows_accidents(**parameters: MakesField) -> Callable[[Callable], Callable]:
    """`@narrows_accidents(effect=lambda: ChoiceField(…)) def by_effect(rows, asked): return rows`."""

    def declare(narrow: Callable[[QuerySet, dict[str, Any]], QuerySet]) -> Callable:
        NARROWINGS.append(Narrowing(parameters, narrow))
        return narrow

    return declare


def fields_of_parts() -> dict[str, serializers.Field]:
    return {name: part.shape(source=f"shown_{name}", many=True) for name, part in PARTS.items()}


def show_parts(accident: Any) -> None:
    for name, part in PARTS.items():
        setattr(accident, f"shown_{name}", part.rows(accident))


def parameters() -> dict[str, serializers.Field]:
    return {name: make() for each in NARROWINGS for name, make in each.parameters.items()}


def narrowed(rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """What is left in `asked` is the list's own."""
    for each in NARROWINGS:
        rows = each.narrow(rows, asked)
    return rows
