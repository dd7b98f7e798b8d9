"""The worker: the same actions as the API, called by a clock or by the outbox."""

import os

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_embedded_init,
    beat_init,
    heartbeat_sent,
    setup_logging,
    task_postrun,
    task_prerun,
)

from safety_api.broker import mend

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_api.settings")

mend()
app = Celery("safety_api", task_cls="safety_api.alone:Alone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def speak_json(**_):
    """The worker logs as the web does: one JSON object a line."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
@task_postrun.connect
def worker_lives(**_):
    from safety_api import alive

    alive.say("worker")


@heartbeat_sent.connect
def this_worker_lives(**_):
    """Every two seconds while it holds its line to the broker, whether or not a task came its way."""
    from safety_api import alive

    alive.say(alive.here("worker"))


@beat_init.connect
@beat_embedded_init.connect
def listen_to_beat(**_):
    """A tick counts when the broker has taken its task. In the process of beat alone: others send tasks too."""
    after_task_publish.connect(beat_lives)


def beat_lives(**_):
    from safety_api import alive

    alive.say("beat")
    alive.say(alive.here("beat"))
