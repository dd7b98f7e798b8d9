"""What the calendar changes: hazards fall overdue, answers fail to come."""

from celery import shared_task
from django.utils import timezone

from enforcement.actions import handover, proposing


@shared_task
def propose_listings() -> int:
    """Every morning: what should be listed by today's date, and what of it is past."""
    today = timezone.localdate()
    proposing.lapse(on=today)
    return proposing.propose(on=today)


@shared_task
def remind_of_handovers() -> int:
    return handover.remind(on=timezone.localdate())
