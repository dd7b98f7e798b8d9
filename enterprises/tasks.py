"""The clock's door."""

from celery import shared_task
from django.utils import timezone

from enterprises.duties import reminding


@shared_task
def remind_of_dues() -> int:
    return reminding.remind(timezone.localdate())
