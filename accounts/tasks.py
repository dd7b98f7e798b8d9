from celery import shared_task

from accounts import actions


@shared_task
def forget_ended_sign_ins() -> int:
    return actions.forget_ended_sign_ins()
