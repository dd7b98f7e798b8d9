"""Second hands for tests about what several connections see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from rest_framework.test import APIClient

from tests.conftest import OWNER


def _where() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "host", "port", "user", "password") if known.get(name)}


@contextmanager
def another(*, owner: bool = False, autocommit: bool = False) -> Iterator[psycopg.Connection]:
    """A connection of its own to the tests' database; a transaction begins with its first statement."""
    role = {"user": OWNER["USER"], **({"password": OWNER["PASSWORD"]} if OWNER["PASSWORD"] else {})} if owner else {}
    hands = psycopg.connect(**_where() | role, autocommit=autocommit)
    try:
        yield hands
    finally:
        if not hands.closed and not hands.broken:
            hands.rollback()  # closing alone lets its locks go a moment later
        hands.close()


@contextmanager
def as_owner() -> Iterator[None]:
    """The tests' own connection speaks as the owner of the tables for a while."""
    kept = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update({name: OWNER[name] for name in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


@contextmanager
def tampering(table: str) -> Iterator[psycopg.Cursor]:
    """The owner of the tables with the guard switched off: what no account of the system can do."""
    with another(owner=True) as hands, hands.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        hands.commit()


def until(happened, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def phone_of(username: str) -> APIClient:
    """As the fixture `as_`, for tests that really commit."""
    from accounts.actions import sign_in
    from accounts.models import User

    _, token = sign_in(User.objects.get(username=username), device_id="phone", device_name="测试手机")
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
