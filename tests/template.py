"""The tests' database: migrated, with law, regions and the cast in it; made once, then copied for each worker.

Making it costs as much as hundreds of tests. It stays in the cluster under the mark of what it is made of, so that neither a second
worker nor the next run makes it again. `python -m tests.template` makes it ahead, beside other work.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

PROJECT = Path(__file__).resolve().parents[1]
MADE_OF = (  # the tables, and whatever fills or guards them before the first test
    "*/migrations/*.py", "*/*/migrations/*.py", "accounts/**/*.py", "geo/**/*", "reference/**/*", "safety_api/**/*.py",
    "ops/sql/*.sql", "requirements.lock", "tests/cast/people.py", "tests/template.py",
)  # fmt: skip


def mark() -> str:
    """Changes when a file changes that the template is made of."""
    seen = hashlib.sha256()
    for path in sorted(set(chain.from_iterable(PROJECT.glob(pattern) for pattern in MADE_OF))):
        if path.is_file() and "__pycache__" not in path.parts:
            seen.update(f"{path.relative_to(PROJECT)} ".encode() + hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()[:16]


def roles() -> tuple[dict[str, str], dict[str, str]]:
    """Who makes tables, and who runs."""
    from safety_api.environment import database

    runs = os.environ.get("DATABASE_URL")
    return database("MIGRATE_DATABASE_URL", runs, "建表角色"), database("DATABASE_URL", None, "运行角色")


def speak_as(role: dict[str, str], database: str | None = None) -> None:
    connection.close()
    connection.settings_dict |= {"USER": role["USER"], "PASSWORD": role["PASSWORD"]}
    if database:
        connection.settings_dict["NAME"] = database


def copy(worker: str, *, anew: bool = False) -> None:
    """The connection meets an untouched copy, in the role that runs."""
    name = f"{connection.settings_dict['TEST']['NAME']}_{worker}"
    with _alone() as cursor:
        template = _template(cursor, anew)
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    speak_as(roles()[1], name)


def drop() -> None:
    name = connection.settings_dict["NAME"]
    with _alone() as cursor:
        _drop(cursor, name)


def _drop(cursor: Any, name: str) -> None:
    """With whoever is in it. An autovacuum that passes through is the superuser's, whom the owner may not end: it is waited for."""
    for _ in range(240):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(f"somebody stays in {name}")


@contextmanager
def _alone() -> Iterator:
    """The owner, connected to no database of ours; workers that come at once wait for each other."""
    speak_as(roles()[0])
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('tests.template'))")
        yield cursor


def _template(cursor, anew: bool = False) -> str:
    """The name of the template; it is made if it is not there or is made of something else."""
    name, wanted = f"{connection.settings_dict['TEST']['NAME']}_template", mark()
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
    if anew or cursor.fetchone() != (wanted,):
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}"')
        _fill(name)
        cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{wanted}'")
    return name


def _fill(name: str) -> None:
    from tests.cast.people import enlist

    owner, runner = roles()
    speak_as(owner, name)
    call_command("migrate", verbosity=0)
    speak_as(runner)
    call_command("load_reference", verbosity=0)
    call_command("load_regions", verbosity=0)
    enlist()
    speak_as(owner)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else plans change in the middle of a run, when autovacuum comes by
    connection.close()


if __name__ == "__main__":
    django.setup()
    with _alone() as cursor:
        _template(cursor)
