"""The worker's doors: each calls one action and reports a number."""

from celery import shared_task

from safety_api import alive, idempotency, outbox, trail


@shared_task(together=True)
def drain_outbox() -> int:
    return outbox.drain(after_each=lambda: alive.say("worker"))


@shared_task
def seal_trail() -> int:
    return trail.seal()


@shared_task
def forget_old_keys() -> int:
    return idempotency.forget_old()
