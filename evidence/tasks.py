from celery import shared_task

from evidence import actions, losing


@shared_task
def join_early() -> int:
    return actions.join_early()


@shared_task
def find_lost() -> int:
    return losing.find_again()
