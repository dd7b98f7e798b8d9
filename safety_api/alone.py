"""A task is never lost and never run by two at once.

A broker gives a task out again when its worker lost the connection, though the worker may be at it still; two beats send each task twice.
A lock of the database, held by the connection that does the work, decides: it ends with the last statement of a worker that was killed.
Behind a pooler (DATABASE_POOLED) there is no session to hold it: a transaction that stands open beside the work does, on a line of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from celery import Task
from celery.exceptions import Reject
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import Error as DatabaseError

from safety_api.connections import is_lost

AGAIN = 10  # seconds until it is tried again, while another is at it or the database is gone
TRIES = 360  # an hour of it: then it has failed


class Alone(Task):
    """The base of every task. `together`: it shares its work out by rows itself (the outbox)."""

    abstract = True
    together = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        try:
            with held(f"{self.name} {json.dumps([args, kwargs], default=str)}", free=self.together) as mine:
                if mine:
                    return self.run(*args, **kwargs)
        except DatabaseError as gone:
            if not is_lost(gone):
                raise
            connection.close()
            raise self.retry(exc=gone, countdown=AGAIN, max_retries=TRIES) from gone
        raise self.retry(countdown=AGAIN, max_retries=TRIES)

    def retry(self, *args: Any, **kwargs: Any) -> Any:
        """What the broker does not take for later stays with it as it is; Celery would drop it."""
        try:
            return super().retry(*args, **kwargs)
        except Reject as refused:
            raise Reject(refused.reason, requeue=True) from refused


def held(name: str, *, free: bool = False) -> AbstractContextManager[bool]:
    """Whether the lock of this name is ours until the end; `free`: no lock is asked for."""
    return nullcontext(True) if free else by_transaction(name) if settings.DATABASE_POOLED else by_session(name)


@contextmanager
def by_session(name: str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@contextmanager
def by_transaction(name: str) -> Iterator[bool]:
    """Costs one connection to PostgreSQL as long as it is held, and keeps no snapshot: it holds back no vacuum and no cursor of changes."""
    line = connection.copy()
    try:
        line.set_autocommit(False)
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            mine = cursor.fetchone()[0]
            # last, because a SELECT keeps its snapshot until the next statement
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if not mine:
            line.rollback()
        yield mine
    finally:
        with suppress(OperationalError, InterfaceError):
            line.rollback()  # hanging up in a transaction would cost the pooler its connection
        line.close()
