"""The worker's doors: each calls one action and reports a number."""

from celery import shared_task

from inbox.deliveries import sending


@shared_task(together=True)
def deliver() -> int:
    return sending.deliver()


@shared_task
def forget_old() -> int:
    return sending.forget_old()
