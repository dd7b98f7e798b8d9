"""A statement that the ORM writes once. For what every request asks, writing it anew costs more than the database's answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class KeptStatement:
    """Rows of `make(*values)`, a queryset of plain values (no converters), for ever other values.

    `first` and `second`: two sets of values of the kind that will be given, all different, by which the places of each are found. They are put
    in as they are: days, UUIDs, words and numbers, never None. Raises AssertionError where the text itself depends on a value.
    """

    def __init__(self, make: Callable[..., QuerySet], first: tuple[Any, ...], second: tuple[Any, ...]) -> None:
        self.make, self.first, self.second = make, first, second

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        text, places = self._written
        with connection.cursor() as cursor:
            cursor.execute(text, [put(values) for put in places])
            return cursor.fetchall()

    @cached_property
    def _written(self) -> tuple[str, list[Callable[[tuple[Any, ...]], Any]]]:
        (text, first), (same, second) = (self.make(*values).query.sql_with_params() for values in (self.first, self.second))
        assert text == same, text
        return text, [self._place(*params) for params in zip(first, second, strict=True)]

    def _place(self, first: Any, second: Any) -> Callable[[tuple[Any, ...]], Any]:
        for number, pair in enumerate(zip(self.first, self.second, strict=True)):
            if pair == (first, second):
                return lambda values: values[number]
        assert first == second, (first, second)
        return lambda _: first
