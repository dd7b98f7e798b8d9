"""What a connection reads in its own way: a list of a hundred has some three hundred moments, and Django's loader takes each apart by hand.
And whether it leads to a database that can do our work at all.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.signals import connection_created
from django.db.utils import Error as DatabaseError
from psycopg.abc import Buffer
from psycopg.errors import Diagnostic
from psycopg.types.datetime import TimestamptzLoader


class MomentLoader(TimestamptzLoader):
    """timestamptz as text, in a session that speaks UTC: an aware moment in UTC. Raises DataError for what Python cannot hold."""

    timezone = UTC  # Django's cursor asks whether its loader speaks the connection's zone

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # before the year 1, after 9999, infinity: said as psycopg says it
            return super().load(data).replace(tzinfo=UTC)


NOT_HERE = (
    "25006",
    "25P03",
)  # a server that takes no writes: a standby, or a primary that was set aside; a session it ended


def is_lost(error: BaseException | None) -> bool:
    """Whether the database is away for the moment, failing over, or of another opinion for a while: whoever asks again is answered.
    A statement after such an error fails for another reason; then the connection itself tells.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DatabaseError) and (
        getattr(error.__cause__, "sqlstate", "") in NOT_HERE or not is_writable()
    )


def is_writable(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether this thread's connection stands and its server takes writes, as the server itself last said: it costs no statement."""
    line = connections[alias].connection
    if line is None or line.closed:
        return False
    return all(line.info.parameter_status(name) != "on" for name in ("in_hot_standby", "default_transaction_read_only"))


def read_moments(*, connection: Any, **_: Any) -> None:
    connection.connection.adapters.register_loader("timestamptz", MomentLoader)


WAITS_FOR_STANDBY = "SyncRepWaitForLSN"  # where in PostgreSQL such a notice is written; its words are in the server's language


def hear_notices(*, connection: Any, **_: Any) -> None:
    """`unconfirmed`: a commit was waited for in vain, what it wrote is on the primary alone (safety_api/standby.py)."""

    def hear(notice: Diagnostic) -> None:
        if notice.source_function == WAITS_FOR_STANDBY:
            connection.unconfirmed = True

    connection.connection.add_notice_handler(hear)


def watch() -> None:
    connection_created.connect(read_moments, dispatch_uid="moments")
    connection_created.connect(hear_notices, dispatch_uid="notices")
