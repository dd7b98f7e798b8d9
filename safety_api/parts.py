"""Keys and rows by the thousand: a statement takes no more than 65,535 parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db.models import Q
from django.db.models.expressions import RawSQL

Each = TypeVar("Each")
MOST = 10_000


def in_parts(each: Iterable[Each], most: int = MOST) -> Iterator[list[Each]]:
    """In their order, so many at a time."""
    known = list(each)
    return (known[at : at + most] for at in range(0, len(known), most))


def among(column: str, keys: Iterable[UUID]) -> Q:
    """Rows whose UUID in `column` is one of these, however many: they are one parameter."""
    return Q(**{f"{column}__in": RawSQL("SELECT unnest(%s::uuid[])", [list(keys)])})
