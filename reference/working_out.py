"""Dates that a period of the law gives and a record keeps: which of them are provisional, and how they follow a year's notice.

A date counted in working days over a year whose holidays the State Council has not announced stands on weekends alone. An app names
such columns of a model in a table (`WorkedOut`); answers say which are provisional, and loading the year works the open ones out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q

from reference import law
from reference.terms import DayKind
from safety_api.trail import SYSTEM, line, record_many

REASON = "节假日安排公布"


@dataclass(frozen=True)
class WorkedOut:
    """`after`: the day it is counted from, None when there is none yet; `period`: the row of law of that day (days, day_kind);
    `open`: while it still matters."""

    column: str
    after: Callable[[Any], date | None]
    period: Callable[[Any, date], Mapping[str, Any]]
    open: Q

    def is_provisional(self, record: Any) -> bool:
        due = getattr(record, self.column)
        if due is None or not law.years_by_weekends_only(due, due):
            return False
        after = self.after(record)
        return after is not None and law.is_provisional(after, due, self.period(record, after)["day_kind"])

    def anew(self, record: Any) -> date | None:
        """None where the days announced cannot have moved it."""
        after = self.after(record)
        row = self.period(record, after) if after else None
        return (
            law.days_after(after, row["days"], row["day_kind"])
            if after and row and row["day_kind"] == DayKind.WORKING
            else None
        )


def provisional_in(record: Any, dates: Sequence[WorkedOut]) -> list[str]:
    """Names of the columns that stand on weekends alone."""
    return [each.column for each in dates if each.is_provisional(record)]


def work_out_anew(model: type[Model], dates: Sequence[WorkedOut], *, since: date) -> list[str]:
    """Open dates from that day on; a line in the trail for each that moved, and a sentence."""
    moved = [found for each in dates for found in _moved(model, each, since)]
    record_many([line(SYSTEM, f"{model._meta.model_name}.date_moved", row, **said) for row, said in moved])
    name = model._meta.verbose_name
    return [f"{name} {row.pk} {said['name']}：{said['before']} → {said['after']}" for row, said in moved]


def _moved(model: type[Model], each: WorkedOut, since: date) -> list[tuple[Any, dict[str, str]]]:
    rows = model._default_manager.filter(each.open, **{f"{each.column}__gte": since})
    found = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        before, after = getattr(row, each.column), each.anew(row)
        if after is not None and after != before:
            setattr(row, each.column, after)
            row.save(update_fields=[each.column])
            name = str(getattr(model._meta.get_field(each.column), "verbose_name", each.column))
            said = {"column": each.column, "name": name, "before": str(before), "after": str(after), "reason": REASON}
            found.append((row, said))
    return found
