"""Moments as a connection reads them: the same as psycopg's own, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from psycopg.types.datetime import TimestamptzLoader

from safety_api.connections import MomentLoader
from tests.conftest import tries

pytestmark = pytest.mark.django_db


def asked(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


def test_a_moment_comes_aware_and_in_utc():
    found = asked("2026-11-24 16:40:00.5+08")
    assert (found, found.utcoffset()) == (datetime(2026, 11, 24, 8, 40, 0, 500000, tzinfo=UTC), timedelta(0))


@trials(max_examples=tries(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_is_read_as_psycopg_reads_it(moment):
    loaders = (loader(1184, connection.connection) for loader in (MomentLoader, TimestamptzLoader))
    assert {each.load(str(moment).encode()) for each in loaders} == {moment}
    assert asked(moment.isoformat()) == moment


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01 00:00:00+00"])
def test_a_moment_that_python_cannot_hold_is_an_error_of_data(text):
    with pytest.raises(DataError):
        asked(text)
