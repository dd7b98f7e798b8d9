"""The worker: the same actions as the API, called by a clock or by the outbox."""

import os

from celery import Celery
from celery.signals import after_task_publish, beat_embedded_init, beat_init, setup_logging, task_postrun, task_prerun

from safety_api.broker import mend
from safety_api.environment import not_from_here

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_api.settings")

mend()
for _name in ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
    # its command line reads BROKER_URL too, and makes the first of these of it
    not_from_here(_name, "Celery 会绕过本系统的配置自己读取它；任务队列的地址请写在 BROKER_URL。", copy_of="BROKER_URL")
not_from_here("CELERY_RESULT_BACKEND", "Celery 会绕过本系统的配置自己读取它；任务的结果不保存，请删去。")
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


@beat_init.connect
@beat_embedded_init.connect
def listen_to_beat(**_):
    """A tick counts when the broker has taken its task. In the process of beat alone: others send tasks too."""
    after_task_publish.connect(beat_lives)


def beat_lives(**_):
    from safety_api import alive

    alive.say("beat")
