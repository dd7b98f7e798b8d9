"""The clock's door."""

from celery import shared_task
from django.utils.timezone import localdate

from supervision import actions


@shared_task
def evaluate_all() -> None:
    """Every night; on a review day this is the scheduled review."""
    actions.begin_run(localdate())
