"""The worker: the same actions as the API, called by a clock or by the outbox."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_api.settings")

app = Celery("safety_api")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def speak_json(**_):
    """The worker logs as the web does: one JSON object a line."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
