"""What the calendar changes: deadlines pass, units become old enough, a year ends."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from zero_accident.figures import keeping


@shared_task
def refresh_figures() -> int:
    """Every morning: the figures of this year, and on New Year's Day those of the year that ended."""
    today = timezone.localdate()
    years = sorted({today.year, (today - timedelta(days=1)).year})
    return sum(keeping.refresh_year(year, reason="逐日更新") for year in years)
