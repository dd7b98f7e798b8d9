"""What follows when a code is asked for, and when wrong passwords locked a sign-in."""

from typing import Any
from uuid import UUID

from accounts import attempts, recovery
from safety_api.outbox import handles


@handles("password.code_asked")
def on_password_code_asked(payload: dict[str, Any]) -> None:
    recovery.deliver(UUID(payload["code"]))


@handles("sign_in.locked")
def on_sign_in_locked(payload: dict[str, Any]) -> None:
    attempts.note_lock(**payload)
