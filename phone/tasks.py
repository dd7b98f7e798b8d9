"""What the clock asks of the phone's floor."""

from celery import shared_task

from phone.uploads import actions


@shared_task
def forget_uploads() -> int:
    """Pieces of photos that nobody went on with for a week."""
    return actions.forget_expired()
