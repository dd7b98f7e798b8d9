"""The kept tables as key and values, and how a difference is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from safety_api.inserts import insert_all
from safety_api.parts import in_parts
from zero_accident.models import AccidentEffect, Break, Broken, Standing, Tally


@dataclass(frozen=True)
class Table:
    """A kept table: what names a row, and what it says."""

    model: type[models.Model]
    key: tuple[str, ...]
    says: tuple[str, ...]

    def rows(self, standing: QuerySet) -> Iterator[tuple[int, tuple, tuple]]:
        for pk, *columns in standing.values_list("pk", *self.key, *self.says):
            yield pk, tuple(columns[: len(self.key)]), tuple(columns[len(self.key) :])


EFFECT = Table(
    AccidentEffect,
    ("accident_id",),
    ("occurred_on", "region_code", "breaks", "deaths", "provisional", "veto", "line", "reason"),
)
BREAK = Table(
    Break, ("accident_id", "village", "enterprise_id"), ("occurred_on", "line", "attribution", "reason", "provisional")
)
BROKEN = Table(
    Broken, ("subject", "key"), ("region_code", "unit_type", "sector_code", "broken_on", "provisional", "accidents")
)
TALLY = Table(
    Tally, ("region_code", "subject", "unit_type", "sector_code"), ("total", "broken", "provisional", "short")
)
STANDING = Table(
    Standing, ("region_code",),
    ("name", "zone", "villages_total", "villages_broken", "village_ratio", "units_total", "units_broken", "unit_ratio",
     "deaths", "accidents", "vetoes", "hazards_due", "hazards_on_time", "on_time_rate",
     "villages_short", "units_short"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One row that differs: nothing before is a new row, nothing after a row that falls away."""

    table: Table
    key: tuple
    before: tuple | None
    after: tuple | None
    pk: int | None = None

    def __str__(self) -> str:
        name = self.table.model._meta.verbose_name
        return f"{name} {'/'.join(map(str, self.key))}: {_said(self.before)} → {_said(self.after)}"


def _said(values: tuple | None) -> str:
    return "—" if values is None else " ".join(map(str, values))


def differences(table: Table, standing: QuerySet, wanted: Mapping[tuple, tuple]) -> list[Change]:
    found, seen = [], set()
    for pk, key, says in table.rows(standing):
        seen.add(key)
        if wanted.get(key) != says:
            found.append(Change(table, key, says, wanted.get(key), pk))
    return found + [Change(table, key, None, says) for key, says in wanted.items() if key not in seen]


def write(changes: Sequence[Change], **columns: Any) -> None:
    """Three statements a table at most; `columns` stand in every row written."""
    for table in dict.fromkeys(change.table for change in changes):
        mine = [change for change in changes if change.table is table]
        if gone := [change.pk for change in mine if change.after is None]:
            for keys in in_parts(gone):
                table.model._default_manager.filter(pk__in=keys).delete()
        rewrite([_row(change, columns) for change in mine if change.pk and change.after is not None], table.says)
        insert_all([_row(change, columns) for change in mine if change.pk is None])


def _row(change: Change, columns: Mapping[str, Any]) -> models.Model:
    said = zip((*change.table.key, *change.table.says), (*change.key, *(change.after or ())), strict=True)
    return change.table.model(pk=change.pk, **dict(said), **columns)


def rewrite(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """UPDATE of many rows in one statement: these columns, and the revision where there is one."""
    if not rows:
        return
    model = type(rows[0])
    revised = ("revision",) if any(field.name == "revision" for field in model._meta.fields) else ()
    names = (*columns, *revised)
    sets = ", ".join(f'"{name}" = new."{name}"' for name in names)
    told = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS old SET {sets} FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) AS new'  # noqa: S608 - names of our own
            " WHERE old.id = new.id",
            [json.dumps(told, default=str, ensure_ascii=False)],
        )
