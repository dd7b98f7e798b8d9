"""What every verb has in common, inside the caller's transaction: the row is held, saved, its new stamp read, a line left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import DatabaseDefault

from safety_api.actors import Actor
from safety_api.problems import NOT_FOUND
from safety_api.trail import SYSTEM, line, record, record_many

Fresh = Callable[[Any], None] | None  # given the locked row, raises STALE: `Door.check_fresh`


def rows_for(model: Any, by: Actor) -> QuerySet[Any]:
    """What this person may see; the system sees all."""
    return model.objects.all() if by is SYSTEM else model.objects.visible_to(by)


def locked(rows: QuerySet[Any], key: Any, fresh: Fresh = None, *, no_key: bool = False) -> Any:
    """The row of `rows`, held until the transaction ends; `no_key`: others may still refer to it.

    Raises NOT_FOUND when it is not among them, STALE by `fresh`.
    """
    row = rows.select_for_update(of=("self",), no_key=no_key).filter(pk=key).order_by().first()
    if row is None:
        raise NOT_FOUND()
    if fresh:
        fresh(row)
    return row


def keep(row: Any, verb: str, columns: Iterable[str], *, by: Actor, **details: Any) -> Any:
    """Saves these columns, with a line."""
    row.save(update_fields=list(columns))
    return _recorded(row, verb, by, details)


def add(row: Any, verb: str, *, by: Actor, **details: Any) -> Any:
    """A new row, with a line."""
    row.save(force_insert=True)
    return _recorded(row, verb, by, details)


def _recorded(row: Any, verb: str, by: Actor, details: dict[str, Any]) -> Any:
    read_back(row)
    record(by, verb, row, **details)
    return row


def remark(model: Any, words: Mapping[Any, Iterable[str]], verb: str) -> int:
    """Adds remarks to records of the field (key → words), with a line for each that gained one; returns how many did."""
    wanted, lines = {key: set(each) for key, each in words.items() if each}, []
    rows = model.objects.filter(pk__in=wanted).select_for_update(no_key=True).order_by("pk") if wanted else ()
    for row in rows:
        if new := sorted(wanted[row.pk] - set(row.warnings)):
            model.objects.filter(pk=row.pk).update(warnings=sorted({*row.warnings, *new}))
            lines.append(line(SYSTEM, verb, row, words=new))
    record_many(lines)
    return len(lines)


def read_back(row: Any) -> None:
    """What the database gave the row, for the answer: its new stamp (the ETag), and what was left to its defaults."""
    left = [name for name, value in vars(row).items() if isinstance(value, DatabaseDefault)]
    row.refresh_from_db(fields={"epoch", "xid", *left})
