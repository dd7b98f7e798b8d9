"""RabbitMQ is killed and comes back, twice, under load: every visit is answered as ever, and what follows it is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from inspections.models import Inspection
from ops import services
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.units import a_unit
from tests.ground import topics  # noqa: F401 - declares them
from tests.ground.connections import phone_of, until
from tests.ground.rabbit import Rabbit, private
from tests.ops.front import Web, web
from tests.ops.inspectors import Inspectors

pytestmark = pytest.mark.foreign
VISITS = 15  # so many are acknowledged before the broker goes, and while it is away


@dataclass
class House:
    rabbit: Rabbit
    web: Web
    worker: subprocess.Popen
    beat: subprocess.Popen


@contextmanager
def service(name: str, folder: Path, *more: str, **told: str) -> Iterator[subprocess.Popen]:
    """What `./safety up` starts, on the tests' database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = services.command(name, python=sys.executable, beat=str(folder / "beat-schedule"))
    with open(folder / f"{name}.log", "ab") as out:
        process = subprocess.Popen(
            [*command, *more], env=os.environ | {"DATABASE_URL": url, **told}, cwd=settings.BASE_DIR, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def house(committed, tmp_path) -> Iterator[House]:
    with ExitStack() as open_:
        rabbit = open_.enter_context(private(Rabbit))
        rabbit.start()
        told = {"BROKER_URL": rabbit.url}
        running = open_.enter_context(web(**told))
        worker = open_.enter_context(service("worker", tmp_path, "-I", "tests.ground.worker_handlers", **told))
        yield House(rabbit, running, worker, open_.enter_context(service("beat", tmp_path, **told)))


def test_visits_go_on_while_rabbitmq_is_killed_twice_and_what_follows_is_done_once(house):
    token = phone_of("inspector")._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    inspectors, seconds = Inspectors(house.web.port, token, str(a_unit().pk)), []
    with inspectors.sending(2):
        inspectors.until_so_many_more(VISITS)
        until_all_of_now_is_done()
        for turn in range(2):
            house.rabbit.kill()
            outbox.send_many("test.wrote", [{"number": 100 * turn + number} for number in range(50)])
            inspectors.until_so_many_more(VISITS)
            house.rabbit.start()
            seconds.append(until_all_of_now_is_done())
    until(lambda: not OutboxMessage.objects.exists(), seconds=180)
    stored = Inspection.objects.filter(pk__in=inspectors.acknowledged).count()
    print(f"{inspectors.figures(stored)}; outbox empty {' and '.join(map(str, seconds))} s after the return")
    assert (len(inspectors.acknowledged) - stored, set(inspectors.answers)) == (0, {201})
    handled = TrailLine.objects.filter(verb="test.handled").values_list("details__number", flat=True)
    assert sorted(handled) == [*range(50), *range(100, 150)]
    assert house.worker.poll() is None is house.beat.poll()


def until_all_of_now_is_done() -> float:
    """Seconds until nothing is left that was written before this moment."""
    now, began = timezone.now(), time.monotonic()
    until(lambda: not OutboxMessage.objects.filter(created_at__lt=now).exists(), seconds=180)
    return round(time.monotonic() - began, 1)
