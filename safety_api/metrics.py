"""What an operator watches, asked from the database at each scrape: the same whichever of the web processes answers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from safety_api import alive, health, outbox, trail, watching


class House:
    """A collector: gauges of all that ops/alerts.yml looks at. With the database gone, those that need none."""

    def collect(self) -> Iterator[Metric]:
        yield from self._machine()
        try:
            found = [*self._outbox(), *self._trail(), *self._floors(), *self._checks()]
        except DatabaseError:
            connection.close()
            yield GaugeMetricFamily("safety_database_up", "1 when the database answers", value=0)
            return
        yield GaugeMetricFamily("safety_database_up", "1 when the database answers", value=1)
        yield from found

    @staticmethod
    def _machine() -> Iterator[Metric]:
        silent = GaugeMetricFamily("safety_silence_seconds", "Since beat or worker was last heard; none: never", labels=["service"])
        for who in ("beat", "worker"):
            if (age := alive.silence(who)) is not None:
                silent.add_metric([who], age)
        free = GaugeMetricFamily("safety_disk_free_ratio", "Free part of the disk of a folder", labels=["folder"])
        for name, folder in health.folders().items():
            total, left, _, _ = health.disk(folder)
            free.add_metric([name], left / total)
        restarted = CounterMetricFamily("safety_restarts", "How often the watch brought a service back", labels=["service"])
        for name, life in health.restarts().items():
            restarted.add_metric([name], life["restarts"])
        yield from (silent, free, restarted)

    @staticmethod
    def _checks() -> Iterator[Metric]:
        """One for each name that `/readyz` may say."""
        wrong = health.wrong()
        gauge = GaugeMetricFamily("safety_degraded", "1 while /readyz says this name", labels=["name"])
        for check in health.all_checks():
            gauge.add_metric([check.name], int(check.name in wrong))
        yield gauge

    @staticmethod
    def _floors() -> Iterator[Metric]:
        """What the floors count, each in its `watching.py`."""
        for name, about, labels, counted in watching.FIGURES:
            gauge = GaugeMetricFamily(name, about, labels=labels)
            for values, number in counted().items():
                gauge.add_metric(values, number)
            yield gauge

    @staticmethod
    def _outbox() -> Iterator[Metric]:
        messages = GaugeMetricFamily("safety_outbox_messages", "Messages of the outbox by state", labels=["state"])
        for state, count in outbox.waiting().items():
            messages.add_metric([state], count)
        yield messages
        yield GaugeMetricFamily("safety_outbox_oldest_seconds", "Age of the oldest unsent message", value=health.oldest_unsent())

    @staticmethod
    def _trail() -> Iterator[Metric]:
        """Seconds since the first line that no seal holds yet: above a few minutes the worker is not sealing."""
        oldest = trail.unsealed().order_by("epoch", "xid", "id").values_list("at", flat=True).first()
        waiting = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("safety_trail_unsealed_seconds", "Age of the first unsealed line", value=waiting)
