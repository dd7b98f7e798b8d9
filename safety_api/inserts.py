"""Writing rows in one statement, however many: the database decides who came first.

`jsonb_populate_recordset` takes all rows as one parameter, so the statement of a table is always the same text: it is written once
and PostgreSQL keeps its plan. (Measured for a visit with three hazards and five photos: half the time of bulk_create.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def insert_new(rows: Sequence[models.Model]) -> set[Any]:
    """INSERT … ON CONFLICT DO NOTHING RETURNING: the primary keys of the rows that were written; the others stood already.

    A racing insert of the same key waits for the first transaction's end. Columns whose value is the database's default are left to it.
    """
    return {key for (key,) in _run(rows, "ON CONFLICT DO NOTHING RETURNING {key}")} if rows else set()


def insert_all(rows: Sequence[models.Model]) -> None:
    """INSERT without a key to hand back; a conflict raises IntegrityError."""
    if rows:
        _run(rows, "")


def _run(rows: Sequence[models.Model], ending: str) -> list[tuple]:
    model, left_out = type(rows[0]), _left_to_the_database(rows[0])
    values = [{column: row.__dict__[attname] for attname, column in _columns(model, left_out)} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, left_out, ending), [orjson.dumps(values, default=_plain).decode()])
        return cursor.fetchall() if ending else []


def _left_to_the_database(row: models.Model) -> frozenset[str]:
    values, numbered = row.__dict__, _numbered(type(row))
    return frozenset(
        name for name, value in values.items() if type(value) is DatabaseDefault or (value is None and name == numbered)
    )


@cache
def _numbered(model: type[models.Model]) -> str:
    """The column that counts by itself, if there is one."""
    return next((field.attname for field in model._meta.concrete_fields if isinstance(field, models.AutoField)), "")


@cache
def _columns(model: type[models.Model], left_out: frozenset[str]) -> tuple[tuple[str, str], ...]:
    fields = (field for field in model._meta.concrete_fields if not field.generated and field.attname not in left_out)
    return tuple((field.attname, str(field.column)) for field in fields)


@cache
def _statement(model: type[models.Model], left_out: frozenset[str], ending: str) -> str:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(column) for _, column in _columns(model, left_out))
    key = quote(model._meta.pk.column) if model._meta.pk.column else ""
    return (
        f"INSERT INTO {table} ({names}) SELECT {names}"  # noqa: S608 - names of our own models
        f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) {ending.format(key=key)}"
    )


def _plain(value: Any) -> str:
    return value.ewkt if isinstance(value, GEOSGeometry) else str(value)
