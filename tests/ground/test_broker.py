"""The broker dies, Redis or RabbitMQ: lines are opened again, a worker does not end, beat waits, and no task is lost or run by two at once."""

from __future__ import annotations

import logging
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from ssl import CERT_REQUIRED
from threading import Thread
from types import SimpleNamespace

import pytest
import redis
from celery import Celery
from celery.exceptions import OperationalError, Reject
from django.conf import settings as house
from django_redis import get_redis_connection
from kombu import Connection
from kombu.transport import pyamqp

from ops.broker import find_program
from safety_api import broker
from safety_api.clock import WaitingScheduler
from safety_api.models import TrailLine
from tests.ground.connections import another, until
from tests.ground.rabbit import Rabbit, private
from tests.ground.test_outbox import environment
from tests.ground.worker_handlers import GATE, slow

pytestmark = pytest.mark.skipif(find_program() is None, reason="no redis-server on this machine")
log = logging.getLogger(__name__)


class Redis:
    """A private one that may be killed and comes back with what it had."""

    def __init__(self, folder: Path):
        self.folder, self.socket = folder, folder / "redis.sock"
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        words = ["--port", "0", "--unixsocket", self.socket, "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self.process = subprocess.Popen([find_program(), *words, "--dir", self.folder], stdout=subprocess.DEVNULL)
        until(self._answers)

    def _answers(self) -> bool:
        try:
            return self.client().ping()
        except redis.ConnectionError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket))

    def waiting(self) -> int:
        return self.client().llen("celery")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    close = kill


Broker = Redis | Rabbit


@pytest.fixture
def queue() -> Iterator[Redis]:
    with private(Redis) as server:
        yield server


def sender(broker: Broker) -> Celery:
    """A Celery as the settings make it where BROKER_URL names this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROKER_URL", broker.url)
        words = runpy.run_path(str(house.BASE_DIR / "safety_api" / "settings.py"))
    app = Celery("apart", set_as_current=False)
    app.config_from_object(SimpleNamespace(**words), namespace="CELERY")
    return app


@pytest.fixture(params=[Redis, Rabbit], ids=["redis", "rabbitmq"])
def either(request) -> Iterator[Broker]:
    with private(request.param) as server:
        yield server


def test_a_client_of_ours_opens_a_line_again_that_redis_has_cut():
    line = get_redis_connection("default")
    line.client_setname("cut-me")
    for each in line.client_list():
        if each["name"] == "cut-me":
            line.client_kill_filter(_id=each["id"], skipme=False)
    assert line.ping()
    assert line.get_retry().get_retries() == 1


def test_a_channel_without_its_connection_says_so_and_raises_nothing_else(queue):
    """What Celery does when the broker is lost under a task: it closes the connection, then the task is acknowledged."""
    queue.start()
    line = Connection(queue.url)
    assert isinstance(line.transport, broker.Transport)
    letters = line.SimpleQueue("letters")
    letters.put("one")
    message = letters.get(timeout=5)
    queue.kill()
    channel = message.channel
    line.collect()
    line.transport.client = None
    channel.connection = line.transport
    message.ack_log_error(log, line.connection_errors)
    with pytest.raises(line.connection_errors):
        message.ack()


# --- a real worker ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def gate(committed) -> Iterator[None]:
    """Closed as long as the test holds it: the slow task waits there."""
    with another(autocommit=True) as keeper:
        keeper.execute("SELECT pg_advisory_lock(%s)", [GATE])
        yield lambda: keeper.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def test_a_certificate_must_bear_the_name_of_the_node_that_is_spoken_to(monkeypatch):
    asked = []
    monkeypatch.setattr(pyamqp.SSLTransport, "establish_connection", lambda self: asked.append(self.client.ssl))
    line = Connection("amqps://one/safety;amqps://two/safety")
    for node in line.alt:
        line.switch(node)
        line.transport.establish_connection()
    assert asked == [{"cert_reqs": CERT_REQUIRED, "server_hostname": name} for name in ("one", "two")]


def test_a_task_that_the_broker_does_not_take_for_later_is_not_dropped(monkeypatch):
    def away(*_, **__):
        raise OperationalError("the broker is away")

    monkeypatch.setattr("celery.canvas.Signature.apply_async", away)
    slow.push_request(id="one", args=(), kwargs={}, called_directly=False, delivery_info={})
    with pytest.raises(Reject) as refused:
        slow.retry(countdown=10)
    slow.pop_request()
    assert refused.value.requeue


@pytest.mark.foreign
def test_beat_waits_for_a_broker_that_is_away(either, tmp_path):
    app = sender(either)
    clock = WaitingScheduler(app, lazy=True, schedule_filename=str(tmp_path / "schedule"))
    entry = clock.Entry(name="daily", task="some.daily.task", schedule=60, app=app)
    sending = Thread(target=clock.apply_entry, args=(entry,), daemon=True)
    sending.start()
    either.start()
    sending.join(timeout=60)
    assert not sending.is_alive()
    assert either.waiting() == 1


@pytest.fixture
def workers(either) -> Iterator[list[subprocess.Popen]]:
    started: list[subprocess.Popen] = []
    yield started
    for each in started:
        end(each)


def end(worker: subprocess.Popen) -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def work(queue: Broker, workers: list[subprocess.Popen]) -> subprocess.Popen:
    words = ["-m", "celery", "-A", "safety_api", "worker", "-c", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    with open(queue.folder / "worker.log", "ab") as out:
        worker = subprocess.Popen(
            [sys.executable, *words, "-I", "tests.ground.worker_handlers"],
            env=environment(BROKER_URL=queue.url),
            cwd=house.BASE_DIR,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    workers.append(worker)
    return worker


def order(queue: Broker) -> None:
    sender(queue).send_task(slow.name)


def steps() -> list[str]:
    return list(TrailLine.objects.filter(verb__startswith="test.slow").order_by("id").values_list("details__step", flat=True))


def received(queue: Broker) -> int:
    return (queue.folder / "worker.log").read_text(encoding="utf-8", errors="replace").count(f"Task {slow.name}[")


def give_out_again(queue: Broker, seen: int) -> None:
    """Until a worker has the second copy. RabbitMQ does so by itself; Redis as if the visibility timeout were over."""
    if isinstance(queue, Redis):
        line = queue.client()
        for tag in line.zrange("unacked_index", 0, -1):
            line.zadd("unacked_index", {tag: 0})
    until(lambda: received(queue) > seen, seconds=60)


@pytest.mark.foreign
def test_a_task_whose_broker_dies_is_given_out_again_but_not_run_by_two_at_once(either, gate, workers):
    either.start()
    worker = work(either, workers)
    order(either)
    until(lambda: steps() == ["began"], seconds=60)
    seen = received(either)
    either.kill()
    either.start()
    give_out_again(either, seen)
    assert steps() == ["began"]
    gate()
    until(lambda: steps() == ["began", "ended"] * 2, seconds=60)
    assert worker.poll() is None


@pytest.mark.foreign
def test_a_task_whose_worker_is_killed_is_done_by_the_next(either, gate, workers):
    either.start()
    first = work(either, workers)
    order(either)
    until(lambda: steps() == ["began"], seconds=60)
    seen = received(either)
    end(first)
    work(either, workers)
    give_out_again(either, seen)
    assert steps() == ["began"]  # the dead one's last statement is still on its way in the database
    gate()
    until(lambda: steps() == ["began", "began", "ended"], seconds=60)


@pytest.mark.foreign
def test_a_worker_waits_for_a_broker_that_takes_nothing_for_a_while(queue, gate, workers):
    """It answers and refuses whatever writes: its disk is full (MISCONF), or here, its replica is away (NOREPLICAS)."""
    queue.start()
    worker = work(queue, workers)
    gate()
    order(queue)
    until(lambda: steps() == ["began", "ended"], seconds=60)
    queue.client().config_set("min-replicas-to-write", 1)
    until(lambda: "NOREPLICAS" in (queue.folder / "worker.log").read_text(encoding="utf-8"), seconds=60)
    queue.client().config_set("min-replicas-to-write", 0)
    order(queue)
    until(lambda: steps() == ["began", "ended"] * 2, seconds=60)
    assert worker.poll() is None
