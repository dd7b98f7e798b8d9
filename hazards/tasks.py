"""The clock's doors."""

from celery import shared_task
from django.utils.timezone import localdate

from hazards.actions.clocks import begin_turn


@shared_task
def turn_clocks() -> None:
    """The day's first minutes; asked again every hour, so that a machine that slept at midnight loses no day."""
    begin_turn(localdate())
