"""What the clock changes: limits of reports come near and pass."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from accidents.clock import reminding


@shared_task
def watch_clocks(moment: str | None = None) -> int:
    """Every minute: reminds of what is nearly due, overdue or to be escalated at `moment` (RFC 3339; now when none is
    given). Safe to repeat: a leg is reminded of once a stage.
    """
    return reminding.remind(datetime.fromisoformat(moment) if moment else timezone.now())
