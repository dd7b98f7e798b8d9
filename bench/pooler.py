"""The pooler of ops/pgbouncer.ini before a PostgreSQL: as it stands there, but for addresses."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from ops.home import PROJECT, as_server, server_user
from ops.install import foreign_program

PASSWORD = "of-no-use-elsewhere"


class Pooler:
    """PgBouncer in `folder`, listening at `port`, before the database of that name at PostgreSQL's unix socket `server`."""

    def __init__(self, folder: Path, port: int, server: str, database: str, *, size: int = 20):
        self.folder, self.port, self.database = folder, port, database
        self.file = folder / "pgbouncer.ini"
        self.process: subprocess.Popen | None = None
        self._write("userlist.txt", f'"safety_app" "{PASSWORD}"\n')
        self._write(self.file.name, self._as_it_stands(server, size))

    @property
    def url(self) -> str:
        return f"postgis://safety_app:{PASSWORD}@127.0.0.1:{self.port}/{self.database}"

    def _as_it_stands(self, server: str, size: int) -> str:
        changed = {
            "safety": None, "listen_port": str(self.port), "unix_socket_dir": "", "logfile": str(self.folder / "pgbouncer.log"),
            "pidfile": str(self.folder / "pgbouncer.pid"), "auth_file": str(self.folder / "userlist.txt"), "default_pool_size": str(size),
        }  # fmt: skip
        text = (PROJECT / "ops" / "pgbouncer.ini").read_text(encoding="utf-8")
        for name, value in changed.items():
            line = (
                f"{name} = {value}" if value is not None else f"{self.database} = host={server} dbname={self.database}"
            )
            text, found = re.subn(rf"(?m)^{name} = .*$", line, text)
            assert found == 1, name
        return text

    def _write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")

    def start(self) -> Pooler:
        """As root it runs as the server's user, whom PostgreSQL knows by the socket."""
        if user := server_user():
            subprocess.run(["chown", "-R", user, self.folder], check=True)
        self.process = subprocess.Popen(
            [foreign_program("pgbouncer") or "pgbouncer", self.file], stderr=subprocess.DEVNULL, **as_server()
        )
        until = time.monotonic() + 20
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise TimeoutError((self.folder / "pgbouncer.log").read_text(encoding="utf-8"))
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), self.client() as line:
            return bool(line.execute("SELECT true").fetchone())
        return False

    def client(self) -> psycopg.Connection:
        return psycopg.connect(self.url.replace("postgis:", "postgresql:"), autocommit=True, prepare_threshold=None)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(by)
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def pooling(folder: Path, server: str, database: str, *, size: int = 20) -> Iterator[Pooler]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Pooler(folder, port, server, database, size=size).start()
    try:
        yield running
    finally:
        running.stop()
