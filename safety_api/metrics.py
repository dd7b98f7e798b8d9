"""What an operator watches, asked from the database at each scrape: the same whichever of the web processes answers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from safety_api import outbox, trail


class House:
    """A collector: gauges of the outbox and of the trail, or one gauge that says that the database is gone."""

    def collect(self) -> Iterator[Metric]:
        try:
            found = [*self._outbox(), *self._trail()]
        except DatabaseError:
            connection.close()
            yield GaugeMetricFamily("safety_database_up", "1 when the database answers", value=0)
            return
        yield GaugeMetricFamily("safety_database_up", "1 when the database answers", value=1)
        yield from found

    @staticmethod
    def _outbox() -> Iterator[Metric]:
        messages = GaugeMetricFamily("safety_outbox_messages", "Messages of the outbox by state", labels=["state"])
        for state, count in outbox.waiting().items():
            messages.add_metric([state], count)
        yield messages

    @staticmethod
    def _trail() -> Iterator[Metric]:
        """Seconds since the first line that no seal holds yet: above a few minutes the worker is not sealing."""
        oldest = trail.unsealed().order_by("epoch", "xid", "id").values_list("at", flat=True).first()
        waiting = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("safety_trail_unsealed_seconds", "Age of the first unsealed line", value=waiting)
