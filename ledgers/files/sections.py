"""What a file is made of: named sections, each a small table that says how many rows there are in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

MOST = 50  # newest rows of a section; how many there are in all is said beside them


@dataclass(frozen=True)
class Section:
    """`columns`: name → heading; every row has just these names."""

    name: str
    title: str
    columns: Mapping[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "title": self.title, "columns": dict(self.columns), "total": self.total or len(self.rows),
            "rows": self.rows,
        }  # fmt: skip


def of_rows(name: str, title: str, columns: Mapping[str, str], rows: Iterable[dict[str, Any]]) -> Section:
    found = list(rows)
    return Section(name, title, columns, found, len(found))


def newest(
    name: str, title: str, columns: Mapping[str, str], rows: QuerySet, cells: Callable[[Any], dict[str, Any]]
) -> Section:
    """The first MOST of them as ordered; one query more only when there are others."""
    found = list(rows[: MOST + 1])
    total = len(found) if len(found) <= MOST else rows.order_by().count()
    return Section(name, title, columns, [cells(row) for row in found[:MOST]], total)
