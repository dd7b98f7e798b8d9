"""What the calendar changes: deadlines pass, units become old enough, a year ends."""

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from zero_accident import clock, figures


@shared_task
def refresh_figures() -> int:
    """Every morning: the figures of this year, and on New Year's Day those of the year that ended."""
    today = timezone.localdate()
    years = sorted({today.year, (today - timedelta(days=1)).year})
    return sum(figures.refresh_year(year, reason="逐日更新") for year in years)


@shared_task
def watch_clocks(moment: str | None = None) -> int:
    """Every minute: reminds of what is nearly due, overdue or to be escalated at `moment` (RFC 3339; now when none is
    given). Safe to repeat: a leg is reminded of once a stage.
    """
    return clock.remind(datetime.fromisoformat(moment) if moment else timezone.now())
