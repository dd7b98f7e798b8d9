"""The clock's doors."""

import logging

from celery import shared_task
from django.utils.timezone import localdate

from hazards import figures
from hazards.actions.clocks import begin_turn

log = logging.getLogger(__name__)


@shared_task
def turn_clocks() -> None:
    """The day's first minutes; asked again every hour, so that a machine that slept at midnight loses no day."""
    begin_turn(localdate())


@shared_task(time_limit=3000)
def rebuild_figures() -> int:
    """Every night from nothing. A difference is a fault of ours, put right and said in the log."""
    report = figures.rebuild()
    if report.count:
        log.warning("hazard figures differed", extra={"hazards": report.hazards, "sums": report.sums})
    return report.count
