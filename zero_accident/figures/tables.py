"""The kept tables as key and values, and how a difference is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet

from safety_api.inserts import insert_all
from safety_api.parts import in_parts
from zero_accident.models import AccidentEffect, Break, Broken, TownshipCount, TownshipFigures


# --- what names a row, and what it says --------------------------------------------------------------------------------
class EffectKey(NamedTuple):
    accident_id: UUID


class EffectSays(NamedTuple):
    occurred_on: date
    region_code: str
    breaks: bool
    deaths: int
    provisional: bool
    veto: bool
    line: str
    reason: str


class BreakKey(NamedTuple):
    accident_id: UUID
    village: str
    enterprise_id: UUID | None


class BreakSays(NamedTuple):
    occurred_on: date
    line: str
    attribution: str
    reason: str
    provisional: bool


class BrokenKey(NamedTuple):
    subject: str
    key: str


class BrokenSays(NamedTuple):
    region_code: str
    unit_type: str
    sector_code: str
    broken_on: date
    provisional: bool
    accidents: list[UUID]


class TownshipCountKey(NamedTuple):
    region_code: str
    subject: str
    unit_type: str
    sector_code: str


class TownshipCountSays(NamedTuple):
    total: int
    broken: int
    provisional: int
    short: int


class TownshipFiguresKey(NamedTuple):
    region_code: str


class TownshipFiguresSays(NamedTuple):
    name: str
    zone: bool
    villages_total: int
    villages_broken: int
    village_ratio: Decimal | None
    units_total: int
    units_broken: int
    unit_ratio: Decimal | None
    deaths: int
    accidents: int
    vetoes: int
    hazards_due: int
    hazards_on_time: int
    on_time_rate: Decimal | None
    villages_short: int
    units_short: int


@dataclass(frozen=True)
class KeptTable:
    """A kept table; its rows as (what names it, what it says)."""

    model: type[models.Model]
    key: type[Any]
    says: type[Any]

    def rows(self, kept: QuerySet) -> Iterator[tuple[int, Any, Any]]:
        width = len(self.key._fields)
        for pk, *columns in kept.values_list("pk", *self.key._fields, *self.says._fields):
            yield pk, self.key(*columns[:width]), self.says(*columns[width:])


EFFECT = KeptTable(AccidentEffect, EffectKey, EffectSays)
BREAK = KeptTable(Break, BreakKey, BreakSays)
BROKEN = KeptTable(Broken, BrokenKey, BrokenSays)
TOWNSHIP_COUNT = KeptTable(TownshipCount, TownshipCountKey, TownshipCountSays)
TOWNSHIP_FIGURES = KeptTable(TownshipFigures, TownshipFiguresKey, TownshipFiguresSays)


@dataclass(frozen=True)
class Change:
    """One row that differs: nothing before is a new row, nothing after a row that falls away."""

    table: KeptTable
    key: Any
    before: Any  # what the row says, or None
    after: Any
    pk: int | None = None

    def __str__(self) -> str:
        name = self.table.model._meta.verbose_name
        return f"{name} {'/'.join(map(str, self.key))}: {_said(self.before)} → {_said(self.after)}"


def _said(values: Any) -> str:
    return "—" if values is None else " ".join(map(str, values))


def differences(table: KeptTable, kept: QuerySet, wanted: Mapping[Any, Any]) -> list[Change]:
    found, seen = [], set()
    for pk, key, says in table.rows(kept):
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
        rewrite(
            [_row(change, columns) for change in mine if change.pk and change.after is not None], table.says._fields
        )
        insert_all([_row(change, columns) for change in mine if change.pk is None])


def _row(change: Change, columns: Mapping[str, Any]) -> models.Model:
    said = {**change.key._asdict(), **(change.after._asdict() if change.after else {})}
    return change.table.model(pk=change.pk, **said, **columns)


def rewrite(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """UPDATE of many rows in one statement: these columns, and the revision where there is one."""
    if not rows:
        return
    model = type(rows[0])
    revised = ("revision",) if any(field.name == "revision" for field in model._meta.fields) else ()
    names = (*columns, *revised)
    sets = ", ".join(f'"{name}" = new."{name}"' for name in names)
    values = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS old SET {sets} FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) AS new'  # noqa: S608 - names of our own
            " WHERE old.id = new.id",
            [json.dumps(values, default=str, ensure_ascii=False)],
        )
