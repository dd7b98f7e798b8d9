"""Beat and worker say that they live, in Redis; `/readyz` asks how long ago. The age is Redis's own: no machine's clock is compared."""

from __future__ import annotations

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
    with suppress(Exception):
        get_redis_connection("default").set(_key(who), 1, ex=KEPT)
        _said[who] = time.monotonic()


def silence(who: str) -> float | None:
    """Seconds since it last said so; None when it never did, or when Redis cannot be asked."""
    with suppress(Exception):
        left = get_redis_connection("default").pttl(_key(who))
        return KEPT - left / 1000 if left > 0 else None
    return None


def _key(who: str) -> str:
    return f"safety:alive:{who}"
