"""Beat and worker say that they live, in Redis; `/readyz` asks how long ago. The age is Redis's own: no machine's clock is compared.

Each says it twice: for the house, which asks whether the work is done, and for its machine, whose supervisor asks whether this one lives.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from django_redis import get_redis_connection

KEPT = 86_400  # seconds: whoever was silent for longer counts as never heard
SAYS_EVERY = 5  # seconds: a worker that does a hundred tasks a second says it once
_said: dict[str, float] = {}


def say(who: str) -> None:
    """Without Redis nobody can hear it, and the work goes on."""
    if time.monotonic() - _said.get(who, -SAYS_EVERY) < SAYS_EVERY:
        return
    _said[who] = time.monotonic()  # also when nobody hears: a Redis that hangs is tried no oftener
    with suppress(Exception):
        get_redis_connection("default").set(_key(who), 1, ex=KEPT)


def silence(who: str) -> float | None:
    """Seconds since it last said so; None when it never did, or when Redis cannot be asked."""
    with suppress(Exception):
        left = get_redis_connection("default").pttl(_key(who))
        return KEPT - left / 1000 if left > 0 else None
    return None


def here(who: str) -> str:
    """The name of this machine's, or this container's."""
    return f"{who}@{socket.gethostname()}"


def _key(who: str) -> str:
    return f"safety:alive:{who}"
