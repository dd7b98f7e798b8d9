"""PgBouncer as ops/pgbouncer.ini has it, in transaction mode: more clients than connections, and nobody meets what is another's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as house
from django.db import connection
from django.utils import timezone

from bench.client import Ask, Line
from bench.pooler import PASSWORD, Pooler, pooling
from enterprises.models import Enterprise
from inspections.models import Inspection
from safety_api.models import OutboxMessage
from tests.cast.units import mine
from tests.cast.visits import a_visit
from tests.cast.workbooks import XLSX, listing
from tests.ground.connections import another, phone_of, until
from tests.ground.test_broker import end, gate, order, queue, received, steps  # noqa: F401 - fixtures
from tests.ledgers.test_imports import SHOP
from tests.ops.front import web

pytestmark = pytest.mark.foreign
SERVERS = 3  # connections to PostgreSQL, for all of them together


@pytest.fixture
def pooler(committed) -> Iterator[Pooler]:
    known = connection.get_connection_params()
    folder = TemporaryDirectory(prefix="pool")  # the server's user must be able to enter
    with folder as name, pooling(Path(name), known["host"], known["dbname"], size=SERVERS) as running:
        yield running


# --- what a connection of ours is ----------------------------------------------------------------------------------------
@contextmanager
def lines(pooler: Pooler, count: int, **options: Any) -> Iterator[list]:
    """So many connections as Django makes them behind a pooler; `options` differ."""
    opened = [connection.copy() for _ in range(count)]
    for line in opened:
        line.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(pooler.port), "PASSWORD": PASSWORD}
        line.settings_dict["OPTIONS"] = {
            **line.settings_dict["OPTIONS"],
            "host": "127.0.0.1",
            "prepare_threshold": None,
            **options,
        }
        line.inc_thread_sharing()
    try:
        yield opened
    finally:
        for line in opened:
            line.close()


def asked(line: Any, sql: str, *values: Any) -> Any:
    with line.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def side_by_side(work: Callable[[int], Any], count: int) -> list[Any]:
    with ThreadPoolExecutor(count) as hands:
        return list(hands.map(work, range(count)))


@contextmanager
def county_time() -> Iterator[None]:
    """The database's own zone is another than the one we speak."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with another(owner=True, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {name} SET timezone TO 'Asia/Shanghai'")
        try:
            yield
        finally:
            owner.execute(f"ALTER DATABASE {name} RESET timezone")


def test_every_statement_of_a_pooled_session_speaks_utc(pooler):
    """On the same few connections as strangers that speak other zones."""
    moment = "SELECT current_setting('TimeZone'), now()::timestamptz, now() AT TIME ZONE 'UTC', pg_backend_pid()"
    with county_time(), lines(pooler, 8) as ours, lines(pooler, 2) as strangers:
        for line in strangers:
            asked(line, "SELECT set_config('TimeZone', 'America/New_York', false)")
        everyone = [*ours, *strangers]

        def ask(number: int) -> list:
            return [asked(line, moment if line in ours else "SELECT 1") for line in (everyone[number],) * 60]

        ours[0].set_autocommit(False)  # holds one server, so that whoever asks beside it is given another
        apart = [asked(line, moment) for line in ours[:2]]
        ours[0].commit()
        ours[0].set_autocommit(True)
        said = [*apart, *(each for line in side_by_side(ask, 10)[:8] for each in line)]
        assert {zone for zone, *_ in said} == {"UTC"}
        assert all(read.replace(tzinfo=None) == spoken for _, read, spoken, _ in said)
        assert 1 < len({pid for *_, pid in said}) <= SERVERS


def test_prepared_statements_are_what_a_pooler_cannot_bear(pooler):
    """The counter-proof: with them as they are without the setting, a client meets another's statement."""
    faults = Counter()

    def ask(line: Any, number: int) -> None:
        for turn in range(30):
            try:
                assert asked(line, f"SELECT {number} + %s::int", turn) == (number + turn,)
            except Exception as fault:
                faults[type(fault).__name__] += 1
                line.close()

    with lines(pooler, 8) as ours:
        side_by_side(lambda number: ask(ours[number], number), 8)
        assert (faults, prepared(pooler)) == ({}, 0)
    with lines(pooler, 8, prepare_threshold=3) as theirs:
        side_by_side(lambda number: ask(theirs[number], number), 8)
    assert faults


def prepared(pooler: Pooler) -> int:
    """Statements that any of PostgreSQL's connections keeps."""
    with ThreadPoolExecutor(SERVERS) as hands:
        return sum(hands.map(lambda _: _prepared(pooler), range(SERVERS)))


def _prepared(pooler: Pooler) -> int:
    with pooler.client() as line:
        return line.execute("SELECT count(*) FROM pg_prepared_statements, pg_sleep(0.1)").fetchone()[0]


@pytest.fixture
def workers() -> Iterator[list[subprocess.Popen]]:
    started: list[subprocess.Popen] = []
    yield started
    for each in started:
        end(each)


# --- a whole house ------------------------------------------------------------------------------------------------------
PEOPLE = ("inspector", "inspector2", "township", "bureau", "committee", "duty", "department", "leader")
LISTS = (
    "/inspections?limit=100",
    "/hazards?limit=100",
    "/zero-accident/ranking",
    "/map/tiles/hazards/8/206/98.mvt",
    "/enterprises",
    "/inbox",
)


def test_a_house_behind_a_pooler_refuses_nobody_and_shows_nobody_anothers(pooler, queue, gate, workers):  # noqa: F811
    unit = mine()
    queue.start()
    work(queue, workers, pooler)
    with house_of(pooler, queue) as port:
        phones = {name: Phone(port, name) for name in PEOPLE}
        seen = side_by_side(lambda number: day_of(phones[PEOPLE[number]], unit), len(PEOPLE))
        assert Counter(status for phone in phones.values() for status in phone.statuses if status >= 500) == {}
        assert [who for who, _, _ in seen] == list(PEOPLE)
        sent = [key for _, keys, _ in seen for key in keys]
        assert Inspection.objects.filter(pk__in=sent).count() == len(sent) > 20
        until(lambda: Enterprise.objects.filter(name__startswith="老王超市").count() == 2, seconds=60)
        until(lambda: not OutboxMessage.objects.filter(parked_at=None).exists(), seconds=60)
    assert not OutboxMessage.objects.exists()
    assert prepared(pooler) == 0


def day_of(phone: Phone, unit: Enterprise) -> tuple[str, list[str], int]:
    """Who the house says this is each time, what was sent, how often."""
    sent: list[str] = []
    for turn in range(25):
        assert phone.get("/me")["username"] == phone.name
        phone.get(LISTS[turn % len(LISTS)])
        if phone.name in ("inspector", "bureau") and turn % 2:
            sent.append(phone.visits(unit))
        if phone.name in ("inspector", "bureau"):
            assert {row["id"] for row in phone.get("/inspections?mine=true&limit=200")["results"]} == set(sent)
        if phone.name == "bureau" and turn in (5, 15):
            phone.sends_list(turn)
    return phone.name, sent, len(phone.statuses)


class Phone:
    """Someone's, on a connection of its own; it sends again what was answered 503."""

    def __init__(self, port: int, name: str):
        self.port, self.name, self.statuses = port, name, list[int]()
        self.token = phone_of(name)._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        self.line = Line(port)

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json", **headers: str
    ) -> tuple[int, bytes]:
        more = tuple(headers.items())
        answer = self.line.ask(Ask(method, f"/api/v1{path}", self.token, (body,) if body else (), kind, more))
        self.statuses.append(answer.status)
        return answer.status, answer.body

    def get(self, path: str) -> Any:
        status, body = self.ask("GET", path)
        assert status in (200, 204, 403), (self.name, path, status, body[:300])
        return json.loads(body) if body.startswith(b"{") else None

    def visits(self, unit: Enterprise) -> str:
        """A visit with an answer and no hazard; it is read again as it was sent."""
        key, note = str(uuid4()), f"{self.name} {uuid4()}"
        answers = [{"item": "C09-12", "result": "fail", "note": note}]
        body = a_visit(
            unit,
            hazards=[],
            answers=answers,
            device={"id": self.name, "app_version": "1", "clock": timezone.now().isoformat()},
        )
        status, said = self.ask("PUT", f"/inspections/{key}", json.dumps(body).encode())
        assert status == 201, (self.name, status, said[:300])
        assert self.get(f"/inspections/{key}")["answers"][0]["note"] == note
        return key

    def sends_list(self, number: int) -> None:
        book = listing(SHOP | {"单位名称": f"老王超市{number}"})
        status, said = self.ask("POST", "/imports/enterprises", book, XLSX)
        assert status == 202, said[:300]


def environment(pooler: Pooler, redis: Any) -> dict[str, str]:
    return {
        "DATABASE_URL": pooler.url,
        "DATABASE_POOLED": "1",
        "REDIS_URL": f"unix://{redis.socket}",
        "BROKER_URL": redis.url,
    }


@contextmanager
def house_of(pooler: Pooler, redis: Any) -> Iterator[int]:
    with web(workers=2, **environment(pooler, redis)) as running:
        yield running.port


def work(redis: Any, workers: list[subprocess.Popen], pooler: Pooler) -> subprocess.Popen:
    words = [
        "-m",
        "celery",
        "-A",
        "safety_api",
        "worker",
        "-c",
        "2",
        "--without-gossip",
        "--without-mingle",
        "--loglevel",
        "INFO",
    ]
    beat = ["-B", "-s", str(redis.folder / f"beat{len(workers)}")]
    with open(redis.folder / "worker.log", "ab") as out:
        worker = subprocess.Popen(
            [sys.executable, *words, *beat, "-I", "tests.ground.worker_handlers"], env=os.environ | environment(pooler, redis),
            cwd=house.BASE_DIR, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    workers.append(worker)
    return worker


# --- tasks ----------------------------------------------------------------------------------------------------------------
def test_two_workers_behind_a_pooler_are_not_at_one_task_at_once(pooler, queue, gate, workers):  # noqa: F811
    queue.start()
    for _ in range(2):
        work(queue, workers, pooler)
    order(queue)
    until(lambda: steps() == ["began"], seconds=60)
    order(queue)
    until(lambda: "Retry in" in (queue.folder / "worker.log").read_text(errors="replace"), seconds=60)
    assert steps() == ["began"]
    gate()
    until(lambda: steps() == ["began", "ended"] * 2, seconds=60)
    assert received(queue) >= 3


def test_a_task_behind_a_pooler_whose_worker_is_killed_is_done_by_the_next(pooler, queue, gate, workers):  # noqa: F811
    queue.start()
    first = work(queue, workers, pooler)
    order(queue)
    until(lambda: steps() == ["began"], seconds=60)
    end(first)
    gate()
    work(queue, workers, pooler)
    order(queue)
    until(lambda: steps() == ["began", "began", "ended"], seconds=60)


# --- the pooler dies --------------------------------------------------------------------------------------------------------
def test_a_killed_pooler_is_503_and_its_return_needs_nobody(pooler, queue, gate):  # noqa: F811
    queue.start()
    unit = mine()
    with house_of(pooler, queue) as port:
        phones = [Phone(port, name) for name in PEOPLE[:4]]
        stop: list[bool] = []
        busy = [Thread(target=asks_until, args=(phone, stop)) for phone in phones]
        for each in busy:
            each.start()
        until(lambda: all(len(phone.statuses) > 10 for phone in phones))
        pooler.stop(signal.SIGKILL)
        until(lambda: all(503 in phone.statuses for phone in phones))
        pooler.start()
        until(lambda: all(phone.statuses[-20:] == [200] * 20 for phone in phones))
        stop.append(True)
        for each in busy:
            each.join()
        assert {status for phone in phones for status in phone.statuses} == {200, 503}
        assert Phone(port, "inspector").visits(unit)


def asks_until(phone: Phone, stop: list[bool]) -> None:
    while not stop:
        phone.ask("GET", "/me")


def test_a_postgresql_connection_that_is_cut_behind_a_pooler_is_503_once(pooler, queue, gate):  # noqa: F811
    queue.start()
    with house_of(pooler, queue) as port:
        phone = Phone(port, "bureau")
        for _ in range(10):
            phone.get("/me")
        with another(autocommit=True) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        said = [phone.ask("GET", "/me")[0] for _ in range(30)]
        assert set(said) <= {200, 503} and said[-20:] == [200] * 20
