"""The database's roles: the one that runs owns nothing and cannot make itself room."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

FORBIDDEN = {
    "make_a_table": "CREATE TABLE sly (id int)",
    "change_a_table": "ALTER TABLE safety_trail_line ADD COLUMN sly int",
    "switch_a_guard_off": "ALTER TABLE safety_trail_line DISABLE TRIGGER append_only",
    "drop_a_guard": "DROP TRIGGER append_only ON safety_trail_seal",
    "replace_a_guard": "CREATE OR REPLACE FUNCTION safety_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "stop_triggers": "SET session_replication_role = 'replica'",
    "move_the_epoch": "UPDATE safety_epoch SET number = 9",
    "forget_a_deletion": "DELETE FROM safety_tombstone",
    "become_the_owner": "SET ROLE safety_owner",
    "make_a_role": "CREATE ROLE sly",
    "run_a_program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read_a_file": "SELECT pg_read_file('/etc/passwd')",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_runtime_database_role_is_denied_forbidden_statements(db, what):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be superuser"), transaction.atomic():
        connection.cursor().execute(FORBIDDEN[what])


def test_the_runtime_database_role_owns_nothing_and_has_no_privileges(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False, False)
