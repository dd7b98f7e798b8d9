"""Keyset paging: the cost of a page does not grow with its place, and a row that arrives moves no other row."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import FloatField, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from safety_api.parsers import storable
from safety_api.problems import BAD_CURSOR, BAD_LIMIT, BAD_PARAMETER

DEFAULT, MOST = 50, 200
OF_A_PAGE = frozenset({"limit", "cursor", "count"})
SEAL = 24  # hexadecimal digits of a cursor's seal


def read_limit(text: str | None, most: int = MOST) -> int:
    """Raises BAD_LIMIT for anything but a whole number from 1 to `most`."""
    if text is None:
        return DEFAULT
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise BAD_LIMIT(most=most)
    return int(text)


def read_count(text: str | None) -> bool:
    """Raises BAD_PARAMETER for anything but true and false."""
    if text not in (None, "true", "false"):
        raise BAD_PARAMETER.at("", said="true, false", name="count")
    return text == "true"


def flipped(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The same order from behind: one index serves both."""
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in keys)


def both(**orders: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Each order by its word, and by -word from behind."""
    return {
        word: keys for name, order in orders.items() for word, keys in ((name, order), (f"-{name}", flipped(order)))
    }


def list_of(request: Any, but: frozenset[str] = OF_A_PAGE) -> str:
    """Which list a request reads: whose, where, by which parameters. What tells the pages of one list apart, or how it is shown, is no part
    of it."""
    asked = sorted((name, sorted(values)) for name, values in request.query_params.lists() if name not in but)
    return repr((str(request.user.pk), request.path_info, asked))


def encode(direction: str, values: list[Any], place: str) -> str:
    """A cursor of this list and no other: sealed with our key, so that whatever else comes in its place is told."""
    text = json.dumps([direction, *values], default=str)
    return base64.urlsafe_b64encode(f"{_seal(text, place)}{text}".encode()).decode().rstrip("=")


def _seal(text: str, place: str) -> str:
    return salted_hmac("safety_api.paging", f"{place} {text}", algorithm="sha256").hexdigest()[:SEAL]


def decode(text: str, rows: QuerySet, names: list[str], place: str) -> tuple[str, list[Any]]:
    """A direction, `n` or `p`, and one value a key. Raises BAD_CURSOR for whatever we did not make, or made for another list."""
    try:
        opened = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)).decode()
        seal, made = opened[:SEAL], opened[SEAL:]
        if not constant_time_compare(seal, _seal(made, place)):
            raise ValueError
        direction, *raw = json.loads(made)
        values = [_value_of(rows, name, value) for name, value in zip(names, raw, strict=True)]
    except (ValueError, TypeError, AttributeError, ArithmeticError, ValidationError, RecursionError):
        raise BAD_CURSOR() from None
    return direction, values


def _value_of(rows: QuerySet, name: str, raw: Any) -> Any:
    """The key's value as the database takes it; raises for what it would refuse."""
    worked_out: Any = rows.query.annotations.get(name)
    column: Any = worked_out.output_field if worked_out is not None else rows.model._meta.get_field(name)
    if not isinstance(raw, str | int) and not (isinstance(raw, float) and isinstance(column, FloatField)):
        raise ValueError
    value = column.to_python(storable(raw) if isinstance(raw, str) else raw)
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError
    if isinstance(value, float) and not isfinite(value):
        raise ValueError
    return value


def beyond(keys: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Rows behind `values` in the order of `keys` (name, descending)."""
    condition, equal = Q(), Q()
    for (name, descending), value in zip(keys, values, strict=True):
        condition |= equal & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{name: value})
    first, descending = keys[0]
    return Q(**{f"{first}__{'lte' if descending else 'gte'}": values[0]}) & condition  # the bound an index can use


class Keyset(BasePagination):
    """Orders by the view's `ordering`, whose last key is unique and none of whose keys is null. A cursor is of one list: of this person,
    address, parameters and order."""

    def paginate_queryset(self, queryset: QuerySet, request, view=None) -> list:  # type: ignore[override]  # we page querysets only
        self.request = request
        self.limit = read_limit(request.query_params.get("limit"))
        self.keys = [(name.lstrip("-"), name.startswith("-")) for name in view.ordering]
        self.search = view.search
        queryset = self.search.narrowed(queryset) if self.search else queryset
        self.total = self.count_of(queryset) if read_count(request.query_params.get("count")) else None
        direction, values = self._read_cursor(self.keyed(queryset))
        self.begins = values[0] if values else None
        keys = [(name, down != (direction == "p")) for name, down in self.keys]
        found = self.read_rows(queryset, beyond(keys, values) if values else Q(), keys, self.limit + 1)
        more, found = len(found) > self.limit, found[: self.limit]
        self.page = found[::-1] if direction == "p" else found
        self.has_next = more if direction == "n" else True
        self.has_previous = bool(values) if direction == "n" else more
        return self.page

    def read_rows(self, queryset: Any, condition: Q, order: list[tuple[str, bool]], most: int) -> list:
        rows = queryset.filter(condition) if condition else queryset
        rows = rows.order_by(*(("-" if down else "") + name for name, down in order))
        if self.search and order[0] == (self.search.column, True):
            return self.search.newest_first(rows, most, before=self.begins)
        return list((self.search.indexed(rows) if self.search else rows)[:most])

    def keyed(self, queryset: Any) -> QuerySet:
        """The rows that know what the keys are."""
        return queryset

    def count_of(self, queryset: Any) -> int:
        return (self.search.indexed(queryset) if self.search else queryset).count()

    def _read_cursor(self, rows: QuerySet) -> tuple[str, list[Any]]:
        text = self.request.query_params.get("cursor")
        return (
            decode(text, rows, [name for name, _ in self.keys], list_of(self.request))
            if text is not None
            else ("n", [])
        )

    def get_paginated_response(self, data) -> Response:
        body = {"next": self._link("n", self.has_next), "previous": self._link("p", self.has_previous), "results": data}
        return Response(body if self.total is None else {"total": self.total, **body})

    def _link(self, direction: str, exists: bool) -> str | None:
        if not exists or not self.page:
            return None
        row = self.page[-1 if direction == "n" else 0]
        query = self.request.query_params.copy()
        query["cursor"] = encode(direction, [self._value(row, name) for name, _ in self.keys], list_of(self.request))
        return f"{self.request.build_absolute_uri(self.request.path)}?{urlencode(list(query.lists()), doseq=True)}"

    @staticmethod
    def _value(row: Any, name: str) -> Any:
        value = row[name] if isinstance(row, dict) else getattr(row, name)
        return value.isoformat() if hasattr(value, "isoformat") else value

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "total": {"type": "integer", "description": "仅当 ?count=true"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }
