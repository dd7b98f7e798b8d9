"""The broker as kombu speaks to it, with one fault of kombu 5.7 mended: a channel whose connection was closed says so.

When Redis dies under a worker, the tasks it holds are acknowledged and given back on a channel that is closed already. kombu then looks
for the address of nothing: an AttributeError, which Celery takes for a bug, and the worker ends. As a lost connection it is waited out.
"""

from __future__ import annotations

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict:
        if self.connection is None or self.connection.client is None:
            raise ConnectionLost("the connection of this channel was closed")
        return super()._connparams(asynchronous=asynchronous)


class Transport(redis.Transport):
    Channel = Channel


def mend() -> None:
    """`redis://`, `rediss://` and `redis+socket://` speak through it."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "safety_api.broker:Transport"))
