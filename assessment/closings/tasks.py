"""On the first of the month: the month that ended, and the year, to be closed."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from assessment.closings import actions


@shared_task(name="assessment.tasks.open_closings")
def open_closings() -> int:
    """On any later day what was missed; safe to repeat."""
    return actions.open_due(timezone.localdate())
