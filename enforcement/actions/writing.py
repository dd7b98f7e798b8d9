"""What every verb has in common. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from enforcement.subjects import at
from safety_api.problems import BEFORE_LAST_STEP, NOT_FOUND
from safety_api.steps import Flow
from safety_api.trail import SYSTEM, record

Fresh = Callable[[Any], None] | None


def locked(model: Any, key: UUID, *, by: Any, fresh: Fresh = None) -> Any:
    """Raises NOT_FOUND outside the jurisdiction, STALE by `fresh`."""
    rows = model.objects.all() if by is SYSTEM else model.objects.visible_to(by)
    row = rows.select_for_update(of=("self",)).filter(pk=key).first()
    if row is None:
        raise NOT_FOUND()
    if fresh:
        fresh(row)
    return row


def move(row: Any, flow: Flow, name: str) -> None:
    """The next state, in memory. Raises WRONG_STEP."""
    row.state = flow.after(row.state, name)


def author(by: Any) -> dict[str, Any]:
    return {"created_by": by.pk, "created_by_name": by.name}


def add(row: Any, verb: str, *, by: Any, **details: Any) -> Any:
    row.save(force_insert=True)
    row.refresh_from_db(fields=["epoch", "xid", "created_at"])
    record(by, verb, row, **details)
    return row


def keep(row: Any, verb: str, columns: Iterable[str], *, by: Any, **details: Any) -> Any:
    row.save(update_fields=list(columns))
    row.refresh_from_db(fields=["epoch", "xid"])
    record(by, verb, row, **details)
    return row


def check_order(day: date, *earlier: date | None, pointer: str = "/on") -> None:
    """Raises BEFORE_LAST_STEP."""
    if any(each is not None and day < each for each in earlier):
        raise at(BEFORE_LAST_STEP, pointer)
