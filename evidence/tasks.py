from celery import shared_task

from evidence import actions


@shared_task
def join_early() -> int:
    return actions.join_early()
