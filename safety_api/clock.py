"""Beat waits for a broker that is away. Celery's own goes on, and what was due at 01:30 would come a day later."""

from __future__ import annotations

import logging
import time

from amqp.exceptions import AMQPError
from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between tries
AWAY = (OperationalError, RedisError, AMQPError, OSError)  # or it does not take it: a quorum without its majority


class WaitingScheduler(PersistentScheduler):
    def apply_entry(self, entry: ScheduleEntry, producer: object = None) -> None:
        """Until the broker has it. What else is due meanwhile is due still when it is back."""
        waits = False
        while not self._sent(entry, producer):
            if not waits:
                log.warning("beat waits for the broker", extra={"task": entry.task})
                waits = True
            time.sleep(PAUSE)

    def _sent(self, entry: ScheduleEntry, producer: object) -> bool:
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            if isinstance(error.__context__, AWAY):
                return False
            log.exception("beat cannot send", extra={"task": entry.task})
        return True
