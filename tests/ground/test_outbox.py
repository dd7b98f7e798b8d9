"""发件箱: what must follow a commit follows it, once, whatever dies in between; what cannot be done is shown, not dropped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from django.conf import settings as house
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from ops.broker import find_program
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.ground.connections import another, phone_of, until


@pytest.fixture
def topic():
    """`topic(handler)` declares what is done about "test.topic" in this test alone."""

    def declare(handler):
        outbox.handles("test.topic")(handler)
        outbox.send("test.topic", {"number": 1})
        return OutboxMessage.objects.get(topic="test.topic")

    yield declare
    outbox.HANDLERS.pop("test.topic", None)


def make_due() -> None:
    OutboxMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def failing_handler(payload):
    raise ValueError("账号\x00不存在")  # a NUL, which PostgreSQL takes in no text


# --- written with the action -------------------------------------------------------------------------------------------------
def test_a_message_is_stored_exactly_when_its_transaction_commits(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.send("test.topic", {"number": 1})
        raise RuntimeError
    assert not OutboxMessage.objects.exists()
    outbox.send_many("test.topic", [{"number": number} for number in range(3)])
    assert OutboxMessage.objects.count() == 3


def test_every_handler_of_a_topic_gets_the_message_and_it_is_removed(db, topic):
    seen = []
    topic(lambda payload: seen.append(("one", payload["number"])))
    outbox.handles("test.topic")(lambda payload: seen.append(("other", payload["number"])))
    assert outbox.drain() == 1
    assert seen == [("one", 1), ("other", 1)]
    assert not OutboxMessage.objects.exists()


def test_a_message_without_a_handler_counts_as_done(db):
    outbox.send("test.nobody", {})
    assert outbox.drain() == 1


def test_a_failing_handler_is_rolled_back_and_other_messages_continue(db, topic):
    def write_and_break(payload):
        outbox.send("test.half", {})
        raise ValueError("half")

    topic(write_and_break)
    outbox.send("test.nobody", {})
    assert outbox.drain() == 1
    assert list(OutboxMessage.objects.values_list("topic", flat=True)) == ["test.topic"]


# --- failing -----------------------------------------------------------------------------------------------------------------
def test_a_failed_message_is_retried_at_growing_intervals(db, topic):
    message, waits = topic(failing_handler), []
    for attempt in range(1, outbox.MOST_ATTEMPTS):
        make_due()
        before = timezone.now()
        assert outbox.drain() == 0
        message.refresh_from_db()
        assert (message.attempts, message.parked_at) == (attempt, None)
        waits.append(round((message.due_at - before).total_seconds()))
    assert waits == list(outbox.RETRY_AFTER)
    assert outbox.drain() == 0  # it is not due
    assert message.attempts == OutboxMessage.objects.get().attempts


def park(topic) -> OutboxMessage:
    message = topic(failing_handler)
    OutboxMessage.objects.update(attempts=outbox.MOST_ATTEMPTS - 1)
    outbox.drain()
    message.refresh_from_db()
    return message


def test_a_message_that_keeps_failing_is_parked_with_its_error(db, topic):
    message = park(topic)
    assert message.parked_at is not None
    assert "ValueError: 账号不存在" in message.error
    make_due()
    assert outbox.drain() == 0


def test_the_system_administrator_sees_parked_messages_without_their_content(db, topic, as_):
    message = park(topic)
    rows = as_("sysadmin").get("/api/v1/outbox").json()["results"]
    assert [(row["id"], row["topic"], row["attempts"], row["error"]) for row in rows] == [
        (message.pk, "test.topic", outbox.MOST_ATTEMPTS, "ValueError: 账号不存在")
    ]
    assert rows[0]["parked_at"] and "payload" not in rows[0]
    assert as_("sysadmin").get("/readyz").json()["outbox"] == {"due": 0, "retrying": 0, "parked": 1}


@pytest.mark.parametrize("username", ["auditor", "secadmin", "bureau", "inspector"])
def test_only_the_system_administrator_sees_the_outbox(as_, username):
    assert as_(username).get("/api/v1/outbox").status_code == 403


def test_a_command_unparks_messages_and_writes_a_trail_line(db, topic, capsys):
    message = park(topic)
    call_command("unpark_outbox", topic="test.other")
    call_command("unpark_outbox", topic="test.topic")
    assert capsys.readouterr().out == "0 条消息重新排队。\n1 条消息重新排队。\n"
    assert TrailLine.objects.get(verb="outbox.unpark").object_id == str(message.pk)
    outbox.HANDLERS["test.topic"] = [lambda payload: None]  # mended
    call_command("drain_outbox")
    assert capsys.readouterr().out == "处理 1 条；待处理 0，重试中 0，搁置 0。\n"


# --- dying -------------------------------------------------------------------------------------------------------------------
def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the tests' database in place of any other."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return os.environ | {"DATABASE_URL": url, **more}


def test_an_attempt_that_kills_its_worker_is_counted(committed):
    outbox.send("test.kills", {})
    code = "from tests.ground import worker_handlers; from safety_api import outbox; outbox.drain()"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        env=environment(),
        cwd=house.BASE_DIR,
        check=False,
    )
    assert done.returncode == -9
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.parked_at) == (1, None)
    assert message.due_at - message.created_at >= outbox.LEASE  # nobody else takes it at once


def test_a_message_that_killed_every_worker_is_parked(db, topic):
    seen = []
    message = topic(seen.append)
    OutboxMessage.objects.update(attempts=outbox.MOST_ATTEMPTS)
    assert outbox.drain() == 0
    message.refresh_from_db()
    assert (seen, message.parked_at is not None, "killed" in message.error) == ([], True, True)


def test_two_concurrent_drains_never_handle_the_same_message(committed, topic):
    seen, start = [], Barrier(2)
    topic(lambda payload: seen.append(payload["number"]))
    outbox.send_many("test.topic", [{"number": number} for number in range(2, 61)])

    def drain(_):
        start.wait()
        try:
            return outbox.drain()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(drain, range(2))) == 60
    assert Counter(seen) == Counter(range(1, 61))


def test_a_message_locked_by_another_worker_is_skipped(committed, topic):
    message = topic(lambda payload: None)
    with another() as busy:
        busy.execute("SELECT 1 FROM safety_outbox WHERE id = %s FOR UPDATE", [message.pk])
        assert outbox.drain() == 0
    assert outbox.drain() == 1


def test_a_row_that_another_claim_holds_for_a_moment_is_waited_for(committed, topic):
    seen = []
    topic(seen.append)
    message = outbox._claim(set())

    def handle():
        try:
            return outbox._handle(message, set())
        finally:
            connection.close()

    with another() as claiming, another(autocommit=True) as looking, ThreadPoolExecutor(1) as pool:
        claiming.execute("SELECT 1 FROM safety_outbox WHERE id = %s FOR UPDATE", [message.pk])
        handled = pool.submit(handle)
        until(
            lambda: (
                looking.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone()[0]
                or handled.done()
            )
        )
        claiming.rollback()
        assert handled.result() and len(seen) == 1


# --- Redis dead, then alive -----------------------------------------------------------------------------------------------------
@pytest.fixture
def socket_folder() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="q"))  # a socket's path must be short
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen]]:
    """What is put into this list is ended after the test."""
    started: list[subprocess.Popen] = []
    yield started
    for process in reversed(started):
        process.terminate()
    for process in started:
        process.wait(timeout=20)


@pytest.mark.skipif(find_program() is None, reason="no redis-server on this machine")
def test_without_redis_writing_works_and_a_worker_catches_up_once_it_is_back(lasting_notes, socket_folder, processes):
    phone = phone_of("inspector")  # nothing listens at REDIS_URL's place in the worker's environment yet
    assert phone.post("/api/v1/notes", {"new": 5}, format="json").status_code == 201
    outbox.send_many("test.wrote", [{"number": number} for number in range(30)])
    socket = socket_folder / "redis.sock"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = environment(REDIS_URL=f"unix://{socket}")
    worker = ["-m", "celery", "-A", "safety_api", "worker", "-B", "-s", str(socket_folder / "beat"), "-c", "2",
              "--without-gossip", "--without-mingle", "-I", "tests.ground.worker_handlers"]  # fmt: skip
    processes.append(subprocess.Popen([sys.executable, *worker], env=env, cwd=house.BASE_DIR, **quiet))
    redis = [find_program(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(socket_folder)]
    processes.append(subprocess.Popen(redis, **quiet))
    until(lambda: not OutboxMessage.objects.exists(), seconds=60)
    handled = TrailLine.objects.filter(verb="test.handled").values_list("details", flat=True)
    assert sorted(each["number"] for each in handled) == list(range(30))
