from celery import shared_task
from django.utils import timezone

from accounts import actions, administering


@shared_task
def forget_ended_sign_ins() -> int:
    return actions.forget_ended_sign_ins()


@shared_task
def turn_posts() -> int:
    """Posts whose day has come or is over; a missed run is caught up."""
    return administering.turn_posts(timezone.now())
