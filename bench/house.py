"""A database and a web for each size, in the bench house's cluster: its data stay, the next run finds them."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.builds import THIS, Build
from bench.measuring import Watched
from bench.pooler import Pooler
from bench.processes import TICK, family, fields
from ops import house
from ops.cluster import Cluster
from ops.home import Home, environment, home, python
from ops.manager import Manager
from ops.processes import Service

MADE_BY = ("*/demo.py", "safety_api/management/commands/load_demo.py", "*/migrations/*.py")
GREW = 1.3  # measuring writes: a set grown by more than this is made anew


class House:
    """`name` is the database, made by `load_demo` with `words`; `build`: whose code makes and serves it."""

    def __init__(self, name: str, words: tuple[str, ...], rows: int = 0, pooler: Pooler | None = None, build: Build = THIS):
        self.name, self.words, self.rows, self.pooler, self.build = name, words, rows, pooler, build
        self.place: Home = home()
        self.cluster = Cluster(self.place)
        self.web = Service(self.place, "bench-pooled" if pooler else f"bench-web{build.suffix}")
        self.photos = self.place.state / f"photos-measured{build.suffix}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def env(self, role: str = "safety_app") -> dict[str, str]:
        settings = environment(self.place, port=self.port, role=role)
        ours = {name: settings[name].replace("/safety?", f"/{self.name}?") for name in ("DATABASE_URL", "MIGRATE_DATABASE_URL")}
        behind = {"DATABASE_URL": self.pooler.url, "DATABASE_POOLED": "1"} if self.pooler else {}
        apart = {"REDIS_URL": settings["REDIS_URL"].replace("?db=0", "?db=1")} if self.build.suffix else {}  # what two builds keep there differs
        return settings | ours | behind | apart | {"STORAGE_DIR": str(self.photos), "LOG_LEVEL": "INFO"}

    # --- data ---------------------------------------------------------------------------------------------------------
    def mark(self) -> str:
        """Changes with what the data are made by."""
        seen = hashlib.sha256(repr(self.words).encode())
        for path in sorted(path for pattern in MADE_BY for path in self.build.code.glob(pattern)):
            seen.update(path.read_bytes())
        return seen.hexdigest()[:16]

    def prepare(self) -> None:
        """Made once; anew when the tables or the builders have changed."""
        if self._mark_in_database() != self.mark():
            self._make()
        shutil.rmtree(self.photos, ignore_errors=True)
        (self.photos / "original").mkdir(parents=True)  # the rows speak of photos: a place without it would be a disk that is not mounted

    def _mark_in_database(self) -> str:
        asked = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{self.name}'"
        return self.cluster.sql(asked, "postgres")

    def _make(self) -> None:
        self.cluster.sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", "postgres")
        self.cluster.sql(f"CREATE DATABASE {self.name} OWNER safety_owner TEMPLATE template0", "postgres")
        self.cluster.sql((self.build.code / "ops" / "sql" / "database.sql").read_text(encoding="utf-8"), self.name)
        with Manager(self.place, self.env("safety_owner"), self.build.code) as owner:
            owner.do(f"{self.name}: migrate", "migrate", "--noinput")
        with Manager(self.place, self.env(), self.build.code) as app:
            app.do(f"{self.name}: load_reference", "load_reference")
            app.do(f"{self.name}: load_regions", "load_regions")
            app.do(f"{self.name}: load_demo {' '.join(self.words)}", "load_demo", *self.words)
            app.do(f"{self.name}: rebuild_grid", "rebuild_grid")
        self.cluster.sql("VACUUM (ANALYZE)", self.name)
        self.cluster.sql("CHECKPOINT", self.name)
        self.cluster.sql(f"COMMENT ON DATABASE {self.name} IS '{self.mark()}'", "postgres")

    def sql(self, text: str) -> str:
        return self.cluster.sql(text, self.name)

    def manage(self, *words: str) -> None:
        with Manager(self.place, self.env(), self.build.code) as app:
            app.do(f"{self.name}: {' '.join(words)}", *words)

    @property
    def label(self) -> str:
        return f"{self.rows:,}" if self.rows else self.name.removeprefix("bench_")

    def forget_if_grown(self) -> None:
        if self.rows and int(self.sql("SELECT count(*) FROM hazards_hazard")) > self.rows * GREW:
            self.cluster.sql(f"COMMENT ON DATABASE {self.name} IS 'grown'", "postgres")

    def settled(self) -> None:
        """Once no autovacuum works any more: its time is nobody's request. At most five minutes."""
        until, at_work = time.monotonic() + 300, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
        while int(self.cluster.sql(at_work, "postgres")) and time.monotonic() < until:
            time.sleep(1)

    @contextmanager
    def unswept(self) -> Iterator[None]:
        """Without autovacuum: in what all processes of the database spend, its part cannot be told from the others'."""
        self._sweeping("off")
        try:
            self.settled()
            yield
        finally:
            self._sweeping("on")

    def _sweeping(self, word: str) -> None:
        self.cluster.sql(f"ALTER SYSTEM SET autovacuum = {word}", "postgres")
        self.cluster.sql("SELECT pg_reload_conf()", "postgres")

    def spent_by_ended(self) -> float:
        """Milliseconds of CPU of all processes that this one and the database's main process have seen end."""
        server = fields(self.cluster.service.running()["pid"])
        mine = fields(os.getpid())
        return sum(int(value) for stat in (server, mine) for value in stat[13:15]) * TICK

    # --- web ----------------------------------------------------------------------------------------------------------
    @contextmanager
    def opened(self) -> Iterator[House]:
        self.web.start(self.build.web(python(self.place), self.port), env=self.env(), port=self.port, cwd=self.build.code)
        try:
            self.web.wait(lambda: house.ready(self.port), 120)
            yield self
        finally:
            self.web.stop(patience=15)
            shutil.rmtree(self.photos, ignore_errors=True)

    def watched(self) -> Watched:
        """The web's processes, and the backends that serve them; the pooler between them with these."""
        asked = f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.name}' AND application_name = 'safety'"
        backends = {int(pid) for pid in self.cluster.sql(asked, "postgres").split()}
        between = {self.pooler.process.pid} if self.pooler and self.pooler.process else set()
        return Watched(frozenset(family(self.web.running()["pid"])), frozenset(backends | between))


def use_this_environment() -> None:
    """The venv that runs the bench runs what it starts."""
    os.environ.setdefault("VENV_DIR", sys.prefix)
