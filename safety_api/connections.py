"""What a connection reads in its own way: a list of a hundred has some three hundred moments, and Django's loader takes each apart by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.signals import connection_created
from psycopg.abc import Buffer
from psycopg.types.datetime import TimestamptzLoader


class MomentLoader(TimestamptzLoader):
    """timestamptz as text, in a session that speaks UTC: an aware moment in UTC. Raises DataError for what Python cannot hold."""

    timezone = UTC  # Django's cursor asks whether its loader speaks the connection's zone

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # before the year 1, after 9999, infinity: said as psycopg says it
            return super().load(data).replace(tzinfo=UTC)


def read_moments(*, connection: Any, **_: Any) -> None:
    connection.connection.adapters.register_loader("timestamptz", MomentLoader)


def watch() -> None:
    connection_created.connect(read_moments, dispatch_uid="moments")
