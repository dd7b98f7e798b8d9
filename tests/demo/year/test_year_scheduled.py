"""Two beats send each task twice: what the clock does, done once more, leaves what it left the first time. On the demo year, task by task."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from safety_api import outbox
from safety_api.celery import app

pytestmark = pytest.mark.django_db
SCHEDULED = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})


@pytest.fixture(scope="module")
def settled(world):
    """What the demo left to be done is done."""
    app.loader.import_default_modules()
    drain()


def drain() -> None:
    while outbox.drain():
        pass


def rows() -> dict[str, int]:
    """Of every table of ours, as it stands after all that follows."""
    drain()
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(("django_", "spatial_"))]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())


@pytest.mark.parametrize("task", SCHEDULED)
def test_a_scheduled_task_done_twice_leaves_what_it_leaves_once(settled, task):
    app.tasks[task]()
    once = rows()
    app.tasks[task]()
    assert rows() == once


def test_the_schedule_does_something_on_the_demo_year(settled):
    """Else the test above could not fail."""
    before = rows()
    for task in SCHEDULED:
        app.tasks[task]()
    grown = {table for table, count in rows().items() if count > before[table]}
    assert {"safety_trail_line", "safety_trail_seal"} <= grown
    assert len(grown) > 4, grown
