"""How many SQL statements a request makes: the same request in this process, against the same database.

BEGIN, COMMIT and savepoints are not counted, as the figures of others are told without them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.client import Ask, Unexpected

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


@contextmanager
def attached(env: dict[str, str], name: str) -> Iterator[None]:
    """Django in this process, on the database of that name; one after another of the same cluster."""
    os.environ.update(env | {"LOG_LEVEL": "ERROR"})
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()


def count(asks: list[Ask]) -> int:
    """Of the last of them; those before it fill what a process keeps. Raises Unexpected."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = 0
    for ask in asks:
        with CaptureQueriesContext(connection) as captured:
            _answer(ask)
        found = sum(not query["sql"].startswith(NOT_COUNTED) for query in captured.captured_queries)
    return found


def _answer(ask: Ask) -> None:
    from django.test import Client

    headers: dict[str, Any] = {"Authorization": f"Bearer {ask.token}"} if ask.token else {}
    client = Client(headers=headers | dict(ask.headers), SERVER_NAME="127.0.0.1")
    response = client.generic(ask.method, ask.path, b"".join(ask.body), content_type=ask.kind)
    if response.status_code != ask.status:
        raise Unexpected(f"in process {ask.method} {ask.path}: {response.status_code} {response.content[:600]!r}")
