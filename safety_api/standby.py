"""备机 An answer is given when what it tells is on the standby too, where the primary waits for one (`synchronous_standby_names`).

PostgreSQL ends such a wait only by hand; the transaction then stands on the primary alone, and COMMIT says so in a notice and no error. So
each web process has a second thread that ends waits which last too long, whosever they are, and what was told in a notice becomes 503:
whoever asked sends it again. While no standby is there, writes are refused before they begin, so that the computing thread stays free.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import Error as DatabaseError
from django.http import HttpResponse
from rest_framework.permissions import SAFE_METHODS

from safety_api.problems import STANDBY_AWAY, plain

log = logging.getLogger(__name__)
LOOK = 0.5  # seconds
END_LONG_WAITS = """
    SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
     WHERE usename = current_user AND wait_event = 'SyncRep' AND query_start < now() - make_interval(secs => %s)"""
# Whether the primary waits for a standby and none of that name is connected.
ASK = """
    SELECT wanted <> '' AND NOT EXISTS (
           SELECT FROM pg_stat_replication
            WHERE application_name <> '' AND (strpos(wanted, '*') > 0 OR strpos(wanted, application_name) > 0))
      FROM current_setting('synchronous_standby_names') AS wanted"""


class Vigil:
    """What this process knows. `began`: when the request at hand did."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.away = False

    def run(self) -> None:
        while True:
            time.sleep(LOOK)
            with suppress(DatabaseError):
                self.look()

    def look(self) -> None:
        began = self.began
        if began is not None and time.monotonic() - began > settings.STANDBY_PATIENCE:
            with closing(connection):
                _asked(END_LONG_WAITS, settings.STANDBY_PATIENCE)
        if self.away:
            with closing(connection):
                self.away = is_missing()


vigil = Vigil()


def watch() -> None:
    """In a thread of its own, with a connection of its own while it needs one."""
    threading.Thread(target=vigil.run, name="standby", daemon=True).start()


def is_missing() -> bool:
    """Whether the primary waits for a standby, and none is there."""
    return _asked(ASK)


def _asked(sql: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def confirmed(get_response: Callable[[Any], HttpResponse], request: Any) -> HttpResponse:
    """The answer, or 503 when what it tells was written to the primary alone."""
    if vigil.away and request.method not in SAFE_METHODS:
        return _away()
    vigil.began = time.monotonic()
    try:
        response = get_response(request)
    finally:
        vigil.began = None
    if not getattr(connection, "unconfirmed", False):
        return response
    connection.unconfirmed = False  # type: ignore[attr-defined]
    vigil.away = True
    log.error("written to the primary alone: no standby confirms")
    return _away()


def _away() -> HttpResponse:
    return plain(STANDBY_AWAY(headers={"Retry-After": "5"}, retry_after=5))
