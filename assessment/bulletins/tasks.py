"""On the first days of a month: the bulletin of the month before."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.utils import timezone

from assessment.bulletins import actions


@shared_task(name="assessment.tasks.draft_bulletins")
def draft_bulletins(day: str | None = None) -> dict[str, int]:
    """Drafts for every closing in work of the month before `day` (ISO, today when none is given): how many were drafted, how
    many stood already. Safe to repeat.
    """
    return actions.draft_month(*actions.month_before(date.fromisoformat(day) if day else timezone.localdate()))
