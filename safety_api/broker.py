"""The broker as kombu 5.7 speaks to it, with three faults mended.

A channel of Redis whose connection was closed says so, and the certificate of RabbitMQ must bear its name.

When Redis dies under a worker, the tasks it holds are acknowledged and given back on a channel that is closed already. kombu then looks
for the address of nothing: an AttributeError, which Celery takes for a bug, and the worker ends. As a lost connection it is waited out.
So is what a living Redis refuses for a while.
"""

from __future__ import annotations

from ssl import CERT_REQUIRED
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, pyamqp, redis
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import ResponseError


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict:
        if self.connection is None or self.connection.client is None:
            raise ConnectionLost("the connection of this channel was closed")
        return super()._connparams(asynchronous=asynchronous)


class Transport(redis.Transport):
    Channel = Channel
    connection_errors = (*redis.Transport.connection_errors, ResponseError)  # its disk is full (MISCONF), or its memory


class CheckedTransport(pyamqp.SSLTransport):
    """The certificate must bear the name of the node: kombu asks for none, or with one set for the first node's from all of them."""

    client: Any

    def establish_connection(self) -> pyamqp.Connection:
        self.client.ssl = {"cert_reqs": CERT_REQUIRED, "server_hostname": self.client.hostname}
        return super().establish_connection()


def mend() -> None:
    """`redis://`, `rediss://`, `redis+socket://` and `amqps://` speak through it."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "safety_api.broker:Transport"))
    TRANSPORT_ALIASES["amqps"] = "safety_api.broker:CheckedTransport"
