"""连接池: nothing of a session outlives a transaction, so that a pooler in transaction mode may lend it to anyone."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as house
from django.db import connection, transaction

from safety_api import alone
from tests.ground.connections import another, until
from tests.ground.test_settings import GOOD, start

# What PostgreSQL keeps with the session. A transaction's own (SET LOCAL, pg_advisory_xact_lock) are what to use in their place.
OF_A_SESSION = {
    "setting": r"(\A|;)\s*SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)",
    "set_config": r"set_config\([^)]*false",
    "lock": r"pg_(try_)?advisory_lock(_shared)?\(",
    "listening": r"\b(LISTEN|UNLISTEN|NOTIFY)\b|pg_notify\(",
    "temporary": r"\bCREATE\s+(TEMP|TEMPORARY)\b",
    "prepared": r"\b(PREPARE|DEALLOCATE)\s",
    "cursor": r"\bWITH HOLD\b",
    "limit": r"\bset_limit\(",
}
ALLOWED = {  # by_session, which no pooled worker takes; and what refuses to go through a pooler
    ("safety_api/alone.py", "lock"),
    ("safety_api/management/commands/migrate.py", "setting"),
}


def _kept() -> set[tuple[str, str]]:
    found = set()
    for path in sorted(house.BASE_DIR.glob("*/**/*.py")):
        where = path.relative_to(house.BASE_DIR)
        if where.parts[0] in house.OUR_APPS:
            for text in re.findall(r'"""((?:.|\n)*?)"""|"([^"\n]*)"', path.read_text(encoding="utf-8")):
                found |= {
                    (str(where), name) for name, pattern in OF_A_SESSION.items() if re.search(pattern, "".join(text))
                }
    return found


def test_no_statement_of_ours_leaves_anything_in_a_session():
    assert _kept() - ALLOWED == set()


def test_behind_a_pooler_nothing_is_prepared_and_no_cursor_stays_open():
    code = "from safety_api.settings import DATABASES as d; print(d['default']['OPTIONS']['prepare_threshold'], d['default']['DISABLE_SERVER_SIDE_CURSORS'])"
    said = {pooled: start({"DATABASE_POOLED": pooled}, "-c", code).stdout.split() for pooled in ("0", "1")}
    assert said == {"0": ["3", "False"], "1": ["None", "True"]}


def test_words_for_the_session_in_the_address_are_refused_behind_a_pooler():
    address = GOOD["DATABASE_URL"] + "?options=-c%20statement_timeout%3D5000"
    assert start({"DATABASE_URL": address}).returncode == 0
    refused = start({"DATABASE_URL": address, "DATABASE_POOLED": "1"})
    assert refused.returncode and "options" in refused.stderr


def test_migrations_refuse_to_go_through_a_pooler():
    refused = start({"DATABASE_POOLED": "1"}, "manage.py", "migrate")
    assert refused.returncode and "DATABASE_POOLED" in refused.stderr


# --- the lock of a running task, held by a transaction ---------------------------------------------------------------------
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def locks() -> int:
    with another(autocommit=True) as looker:
        return looker.execute(HELD).fetchone()[0]


@pytest.fixture(params=[alone.by_session, alone.by_transaction])
def lock(request, transactional):
    return request.param


@pytest.fixture
def transactional(committed):
    """Statements of their own, as a worker's are."""


def test_a_lock_is_held_by_one_until_the_end(lock):
    with (
        alone.by_transaction("a task") as first,
        alone.by_transaction("a task") as second,
        lock("another task") as other,
    ):
        assert (first, second, other) == (True, False, True)
    with lock("a task") as again:
        assert again
    assert locks() == 0


def test_a_lock_ends_with_a_task_that_fails(lock):
    with pytest.raises(ZeroDivisionError), lock("a task"):
        raise ZeroDivisionError
    assert locks() == 0


def test_who_holds_a_lock_by_transaction_works_in_transactions_of_its_own(transactional):
    with alone.by_transaction("a task"):
        assert connection.get_autocommit()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT txid_current()")
        assert locks() == 1


def test_a_lock_by_transaction_holds_back_no_vacuum_and_no_cursor_of_changes(transactional):
    asked = "SELECT backend_xid, backend_xmin FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    with alone.by_transaction("a task"), another(autocommit=True) as looker:
        assert looker.execute(asked).fetchall() == [(None, None)]


def test_a_lock_by_transaction_ends_with_a_line_that_is_lost(transactional):
    asked = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    with alone.by_transaction("a task"), another(autocommit=True) as operator:
        operator.execute(asked)
        until(lambda: locks() == 0)
    with alone.by_transaction("a task") as mine:
        assert mine


@pytest.mark.parametrize("pooled", [False, True])
def test_a_pooled_worker_locks_by_transaction(transactional, settings, pooled):
    settings.DATABASE_POOLED = pooled
    with alone.held("a task"), another(autocommit=True) as looker:
        asked = "SELECT state FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND datname = current_database()"
        assert looker.execute(asked).fetchall() == [("idle in transaction" if pooled else "idle",)]
