"""What a ledger is: a declared table over records of lower floors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from enterprises.querysets import Placed
from ledgers.columns import Column, Row
from reference import law
from safety_api.doors import Filters
from safety_api.roles import REGISTRARS

CHUNK = 1000  # rows that are completed together


def keeps_the_list(user: Any) -> bool:
    return user.role in REGISTRARS


@dataclass(frozen=True)
class Total:
    """A figure of the last line: how many rows are so."""

    words: str
    counts: Callable[[Row], bool]


@dataclass(frozen=True)
class Ledger:
    """`rows(user, day)`: the reader's rows as dicts, with `id` and `sector_id`. `choose` narrows them by the list's filters.

    `complete` adds to a page or a chunk of rows what no single query says, in as many queries whatever its length.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Any, date], QuerySet]
    choose: Callable[..., QuerySet]
    filters: type[Filters]
    ordering: tuple[str, ...]  # of the list: a keyset
    in_book: tuple[str, ...]  # of the workbook, within a sector
    tables: tuple[str, ...]  # what an answer is made from
    complete: Callable[[list[Row], date], None] | None = None
    totals: tuple[Total, ...] = ()
    searched: tuple[str, ...] = ()  # kind of record, and its column of time: a page of a search begins at the newest
    sees_people: Callable[[Any], bool] = keeps_the_list  # who may ask for people in the clear; asking is recorded

    def chosen(self, user: Any, day: date, filters: Mapping[str, Any]) -> QuerySet:
        return self.choose(self.rows(user, day), day, **filters)

    def completed(self, rows: list[Row], day: date) -> list[Row]:
        if self.complete and rows:
            self.complete(rows, day)
        return rows

    def stream(self, user: Any, day: date, filters: Mapping[str, Any]) -> Iterator[Row]:
        """All of them by sector, from a cursor of the server's: what is in memory is one chunk."""
        rows = self.chosen(user, day, filters).order_by("sector__order", *self.in_book)
        for chunk in chunks(rows.iterator(chunk_size=CHUNK), CHUNK):
            yield from self.completed(chunk, day)


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


# --- what several ledgers say -----------------------------------------------------------------------------------------
def with_places(rows: QuerySet) -> Any:
    """`region_name` and `township_name`, of any rows with a `region_code`."""
    return Placed.named_places(rows)  # type: ignore[arg-type]


def sector_name(row: Row) -> str:
    return law.sector(row["sector_id"]).name


def department_name(row: Row) -> str:
    return name_of_department(row["department_id"])


def name_of_department(code: str | None) -> str:
    return law.department(code).name if code else ""


def sectors_of(department: str, day: date) -> list[str]:
    """The sectors that a department supervises or manages on a day."""
    return [
        sector.code
        for sector in law.sectors()
        if any(
            each.department_id == department and each.role != "assist" for each in law.departments_of(sector.code, day)
        )
    ]
