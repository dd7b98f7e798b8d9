"""What follows when a code is asked for."""

from typing import Any
from uuid import UUID

from accounts import recovery
from safety_api.outbox import handles


@handles("password.code_asked")
def on_password_code_asked(payload: dict[str, Any]) -> None:
    recovery.deliver(UUID(payload["code"]))
