"""Handlers of topics that only tests send; a worker loads them with `-I tests.ground.worker_handlers`."""

import os
import signal
from typing import Any

from celery import shared_task
from django.db import connection, transaction

from safety_api.models import Epoch
from safety_api.outbox import handles
from safety_api.trail import SYSTEM, record
from tests.ground import topics  # noqa: F401 - declares them


@handles("test.wrote")
def on_test_wrote(payload: dict[str, Any]) -> None:
    record(SYSTEM, "test.handled", Epoch.objects.get(), number=payload["number"])


@handles("test.kills")
def on_test_kills(payload: dict[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


GATE = 4711


@shared_task(name="tests.slow")
def slow() -> None:
    """Waits at the gate that the test holds closed."""
    _step("began")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GATE])
    _step("ended")


def _step(step: str) -> None:
    record(SYSTEM, "test.slow", Epoch.objects.get(), step=step)
