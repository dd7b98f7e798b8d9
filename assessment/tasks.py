"""Tasks of our rooms, where the worker looks for them."""

from celery import shared_task
from django.utils import timezone

from assessment import closing
from assessment.bulletins.tasks import draft_bulletins
from assessment.yearly.tasks import draft_the_year

__all__ = ["draft_bulletins", "draft_the_year", "open_closings"]


@shared_task(name="assessment.tasks.open_closings")
def open_closings() -> int:
    """On the first of the month: the month that ended, and the year. On any later day what was missed; safe to repeat."""
    return closing.open_due(timezone.localdate())
