"""What is in a database, table by table: the number of rows and a digest of all their content, in whatever order they lie.

A backup writes them down in the snapshot it dumps; a drill works them out anew from what it has restored.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from ops.cluster import CLEAN, Cluster
from ops.show import Failed

END = "-- that was all --"
TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'spatial_ref_sys' ORDER BY relname
"""
# Sixty bits of each row's md5, added up: md5 is the same on every version and machine.
FIGURES = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0) FROM public.{} t"


class Snapshot:
    """A session that sees the database as it was at one moment. pg_dump may look at the same (`name`)."""

    def __init__(self, psql: subprocess.Popen):
        self.psql = psql
        self.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (self.name,) = self.ask("SELECT pg_export_snapshot()")

    def ask(self, sql: str) -> list[str]:
        """Raises Failed: psql ends at the first error."""
        assert self.psql.stdin and self.psql.stdout
        try:
            self.psql.stdin.write(f"{sql};\n\\echo {END}\n")
            self.psql.stdin.flush()
        except BrokenPipeError:
            pass
        lines = []
        while (line := self.psql.stdout.readline()) and line != END + "\n":
            lines.append(line.removesuffix("\n"))
        if not line:
            raise Failed("PostgreSQL ended the session that was reading the tables.")
        return lines

    def tables(self) -> dict[str, str]:
        """Table → “rows digest”."""
        return {name: self.ask(FIGURES.format(name))[0].replace("|", " ") for name in self.ask(TABLES)}


@contextmanager
def snapshot(cluster: Cluster, database: str = "safety") -> Iterator[Snapshot]:
    command = cluster.tool("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database)
    with open(cluster.home.logs / "snapshot.log", "wb") as log:
        psql = subprocess.Popen(
            command, env=CLEAN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
        )
    try:
        yield Snapshot(psql)
    finally:
        psql.kill()
        psql.communicate()
