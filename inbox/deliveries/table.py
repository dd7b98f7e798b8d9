"""Which kinds of messages leave the house, by which way, how soon: the dated document `outward_notices`."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import NamedTuple

from inbox.deliveries.rules import Quiet
from reference import law


class Sending(NamedTuple):
    """How messages of a kind go out; by no way: they do not."""

    urgent: bool
    ways: frozenset[str]


class Table(NamedTuple):
    kinds: dict[str, Sending]
    gather: timedelta
    quiet: Quiet
    ends_after: timedelta

    def of(self, kind: str) -> Sending:
        """What the table does not name stays in the house."""
        return self.kinds.get(kind, STAYS)


STAYS = Sending(False, frozenset())


def table(day: date) -> Table:
    body = law.in_force("outward_notices", day).body
    quiet = body["quiet"]
    return Table(
        {row["code"]: Sending(row["urgent"], frozenset(row["ways"])) for row in body["rows"]},
        timedelta(minutes=body["gather_minutes"]),
        Quiet(time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["until"]), frozenset(quiet["ways"])),
        timedelta(days=body["ends_after_days"]),
    )
