"""migrate while others work: nobody waits behind it longer than a short `lock_timeout`, and a table that was not to be had is asked for again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import DatabaseError, OperationalError, connections
from psycopg.errors import DeadlockDetected, LockNotAvailable

LOCK_TIMEOUT = 2  # seconds it stands in line for a table: so long whoever comes after it waits too
PATIENCE = 30  # minutes for all tries together: the backup of a large county ends within them
PAUSES = (1, 2, 4, 8, 15, 30)  # seconds before the next try; the last of them again and again
LOOK = 0.2  # seconds between two looks at who is in the way
IN_THE_WAY = """
    SELECT pid, usename, application_name, coalesce(extract(epoch FROM now() - xact_start)::int, 0), coalesce(left(query, 80), '')
    FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids(%s)) ORDER BY xact_start, pid LIMIT 3"""
LEFT_BEHIND = """
    SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace AND (NOT indisvalid OR relname = ANY (%s))"""


class Watcher(threading.Thread):
    """Looks from a connection of its own at who is in the way, and says it once of each."""

    def __init__(self, database: str, pid: int, say: Callable[[str], None]):
        super().__init__(daemon=True)
        self.database, self.pid, self.say = database, pid, say
        self.seen, self._told, self.over = "?", set[int](), threading.Event()

    def run(self) -> None:
        with suppress(DatabaseError):  # then a sentence says less
            while not self.over.wait(LOOK):
                self._look()
        connections[self.database].close()

    def _look(self) -> None:
        with connections[self.database].cursor() as cursor:
            cursor.execute(IN_THE_WAY, [self.pid])
            found = cursor.fetchall()
        if found:
            self.seen = "; ".join(said(*row) for row in found)
        if new := {row[0] for row in found} - self._told:
            self._told |= new
            self.say(f"… 等待 waiting for {self.seen}")


def said(pid: int, role: str, application: str, seconds: int, query: str) -> str:
    return f"pid {pid} {application or '?'} ({role}, {seconds} s) {' '.join(query.split())}".rstrip()


class Command(DjangoMigrate):
    help = f"{DjangoMigrate.help} 表被占用时最多等 --lock-timeout 秒即让开，稍后再试，直到 --patience 分钟。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--lock-timeout", type=int, default=LOCK_TIMEOUT, help="等待表锁的秒数上限")
        parser.add_argument("--patience", type=float, default=PATIENCE, help="总共尝试的分钟数")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Raises CommandError behind a pooler, where `lock_timeout` would be somebody else's."""
        if settings.DATABASE_POOLED:
            raise CommandError(
                "迁移须直接连 PostgreSQL，不经连接池：请去掉 DATABASE_POOLED，DATABASE_URL 用建表角色的直连地址。"
            )
        return super().execute(*args, **options)

    def handle(self, *args: Any, lock_timeout: int, patience: float, **options: Any) -> None:
        """Raises CommandError when a table was not to be had in so many minutes: what was migrated stays, nothing is half done."""
        self.connection, self.lock_timeout = connections[options["database"]], lock_timeout
        self.end = time.monotonic() + patience * 60
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            with self._watched() as watcher:
                if self._migrated(*args, **options):
                    return
            if time.monotonic() + pause > self.end:
                raise CommandError(
                    f"{patience:g} 分钟内没有等到表，未完成的迁移没有留下痕迹，请稍后再来。占用者 in the way: {watcher.seen}"
                )
            self.stdout.write(f"… 让开，{pause} 秒后再试 stepped aside, again in {pause} s")
            time.sleep(pause)

    def _migrated(self, *args: Any, **options: Any) -> bool:
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            self.stdout.write("")  # ends the line of the migration that did not come through
            return False
        return True

    @contextmanager
    def _watched(self) -> Iterator[Watcher]:
        self._wait_at_most(self.lock_timeout)
        watcher = Watcher(self.connection.alias, self.connection.connection.info.backend_pid, self.stdout.write)
        watcher.start()
        try:
            with self.connection.execute_wrapper(self._patiently):
                yield watcher
        finally:
            watcher.over.set()
            watcher.join()
            with suppress(psycopg.Error):  # of a connection that is gone there is nothing to take back
                self._wait_at_most(0)

    def _patiently(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        """What is made beside the work waits for old transactions, and nobody waits for it."""
        if " CONCURRENTLY " not in str(sql):
            return execute(sql, params, many, context)
        self._wait_at_most(max(1, int(self.end - time.monotonic())))
        try:
            return execute(sql, params, many, context)
        finally:
            self._wait_at_most(self.lock_timeout)

    def _wait_at_most(self, seconds: int) -> None:
        self.connection.ensure_connection()
        self.connection.connection.execute(f"SET lock_timeout = '{seconds}s'")

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_start" and not fake and not migration.atomic:
            self._clear(migration)

    def _clear(self, migration: Any) -> None:
        """Indexes of a try that broke off, INVALID or whole: the migration that makes them is not on record, and makes them anew."""
        own = [each.index.name for each in migration.operations if isinstance(each, AddIndexConcurrently)]
        with self.connection.cursor() as cursor:
            cursor.execute(LEFT_BEHIND, [own])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
