"""变更戳 Change stamps: who changed when, in the order in which transactions may be shown to a reader.

A stamped row carries `epoch` (rises after a restore or a promotion) and `xid` (the id of the transaction that wrote it last), set by a trigger.
Two things follow without any counter row at which writers would queue:

* a cursor that skips nobody: readers take rows whose xid lies below the snapshot's xmin, so a transaction that commits late is
  still ahead of every cursor given out;
* an exact ETag of a whole table at the cost of one index look-up: the newest stamp, and the transactions below it that are still
  under way. When one of those commits, the tag changes although the newest stamp does not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from safety_api.parsers import storable
from safety_api.problems import BAD_CURSOR

# Both count the transactions of the whole cluster: one that is long under way in another database delays cursors and seals.
SETTLED_BELOW = "(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"
NEXT = "(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint"
# lowest:next:under,way. A replica names nobody who is under way; its place in the log stands there instead.
SNAPSHOT = (
    "CASE WHEN pg_is_in_recovery() THEN pg_snapshot_xmin(pg_current_snapshot()) || ':0:' || pg_last_wal_replay_lsn()"
    " ELSE pg_current_snapshot()::text END"
)
# The epoch; and, between a promotion and the first write after it, the timeline that has none yet.
EPOCH = (
    "(SELECT number || CASE WHEN safety_timeline() IN ('', timeline) THEN '' ELSE safety_timeline() END"
    " FROM safety_epoch)"
)


class Stamped(models.Model):
    """Abstract. The migration that makes the table runs `SELECT safety_stamp('app_table')`."""

    epoch = models.SmallIntegerField(db_default=0, editable=False)
    xid = models.BigIntegerField(db_default=0, editable=False)

    class Meta:
        abstract = True


def etag_of(row: Stamped) -> str:
    """A strong validator of one record, for ETag and If-Match."""
    return f'"{row.epoch}-{row.xid}"'


@dataclass(frozen=True)
class Cursor:
    """A place in the order of changes: everything up to and including it has been handed out."""

    epoch: int = 0
    xid: int = 0
    key: str = ""

    def __str__(self) -> str:
        return f"{self.epoch}.{self.xid}.{self.key}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Raises BAD_CURSOR."""
        try:
            epoch, xid, key = text.split(".", 2)
            return cls(int(epoch), int(xid), key)
        except ValueError:
            raise BAD_CURSOR() from None


def settled(rows: models.QuerySet) -> models.QuerySet:
    """Only rows of transactions that can no longer be overtaken by an earlier one."""
    table = rows.model._meta.db_table  # named, because a joined table may be a stamped one too
    below = (  # an own table's name, no word of a caller
        f'("{table}".epoch < (SELECT number FROM safety_epoch) OR "{table}".xid < {SETTLED_BELOW})'  # noqa: S608
    )
    return rows.extra(where=[below])  # noqa: S610


def changes_after(rows: models.QuerySet, cursor: Cursor, limit: int) -> tuple[list, Cursor]:
    """The next rows in the order of changes, and the cursor behind the last of them. Raises BAD_CURSOR."""
    ordered = settled(rows).order_by("epoch", "xid", "pk")
    after = models.Q(epoch__gt=cursor.epoch) | models.Q(epoch=cursor.epoch, xid__gt=cursor.xid)
    if cursor.key:
        after |= models.Q(epoch=cursor.epoch, xid=cursor.xid, pk__gt=_key_of(rows.model, cursor.key))
    found = list(ordered.filter(epoch__gte=cursor.epoch).filter(after)[:limit])
    return found, Cursor(found[-1].epoch, found[-1].xid, str(found[-1].pk)) if found else cursor


def _key_of(model: type[models.Model], text: str) -> object:
    try:
        return model._meta.pk.to_python(storable(text))
    except (ValidationError, ValueError):
        raise BAD_CURSOR() from None


@transaction.atomic
def begin_epoch() -> int:
    """After a restore transaction ids start again: every cursor given out before is behind. Only the owner's role may."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE safety_epoch SET number = number + 1, timeline = safety_timeline() RETURNING number")
        return cursor.fetchone()[0]


def tables_of(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Table names of models given as `app.Model`; looked up, never taken from a request."""
    return tuple(apps.get_model(kind)._meta.db_table for kind in kinds)


@dataclass(frozen=True)
class State:
    """How tables stand. Equal states mean: no transaction that touched them has become visible in between."""

    epoch: str
    newest: dict[str, str | None]  # table → its newest stamp
    late: list[str]  # transactions below the newest stamp that are still under way

    def tag(self, *of_the_answer: object) -> str:
        """A weak validator of any answer made from these tables and from `of_the_answer` (who asks, for what, on which day)."""
        text = repr((self.epoch, list(self.newest.values()), self.late, of_the_answer))
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def state_of(kinds: tuple[str, ...]) -> State:
    """One query."""
    tables = ("safety_tombstone", *tables_of(kinds))
    newest = "".join(  # deletions too: one that commits late is under way below the newest tombstone
        f", (SELECT epoch || '.' || xid FROM {table} ORDER BY epoch DESC, xid DESC LIMIT 1)"  # noqa: S608
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {EPOCH}, {SNAPSHOT}{newest}")
        epoch, snapshot, *stamps = cursor.fetchone()
    top = max((int(stamp.split(".")[1]) for stamp in stamps if stamp), default=0)
    return State(epoch, dict(zip(tables, stamps, strict=True)), under_way(snapshot, top))


def under_way(snapshot: str, top: int) -> list[str]:
    """The transactions below the newest stamp that may yet become visible. A replica that may have some says how far it has read:
    its tag holds until it reads on. With none of them, a replica and its primary give the same tag to the same state.
    """
    lowest, _, named = snapshot.split(":")
    if int(lowest) > top:
        return []
    return [name for name in named.split(",") if name and ("/" in name or int(name) <= top)]


@dataclass(frozen=True)
class Horizon:
    """`below`: every transaction of a lower id has ended. `changed`: the kinds of which rows were written since; by whomever, wherever."""

    epoch: int
    below: int
    changed: frozenset[str]


@cache
def _newest(kinds: tuple[str, ...]) -> str:
    tables = ("safety_tombstone", *tables_of(kinds))
    return ", ".join(f"(SELECT xid FROM {table} WHERE epoch = safety_epoch.number ORDER BY xid DESC LIMIT 1)" for table in tables)  # noqa: S608


def horizon(kinds: tuple[str, ...], epoch: int, since: int) -> Horizon:
    """How far whoever reads changes may read now, and which of these tables (given as `app.Model`) have any from `since` on.

    Never past the newest row that is to be seen: an id behind it, of a transaction that was rolled back, may be on no disk yet, and a
    PostgreSQL that was killed gives it out once more, to a row that whoever had read past it would never meet.

    One statement, a look into one index a table. Another epoch than today's: all have.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT safety_epoch.number, least({SETTLED_BELOW}, {NEXT}), {_newest(kinds)} FROM safety_epoch")  # noqa: S608
        now, below, *found = cursor.fetchone()
    written = {name: xid or 0 for name, xid in zip(("safety_api.Tombstone", *kinds), found, strict=True)}
    changed = frozenset(name for name, xid in written.items() if xid >= since or now != epoch)
    return Horizon(now, min(below, max(written.values()) + 1), changed)
