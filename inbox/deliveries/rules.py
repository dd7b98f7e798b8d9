"""When something goes, and when it is tried again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from safety_api.days import ONE_DAY

PAUSES = tuple(
    timedelta(seconds=each) for each in (30, 60, 120, 300, 600, 900, 1800)
)  # after the first, second … failure


@dataclass(frozen=True)
class Quiet:
    """The hours in which these ways wake nobody; over midnight when `until` is the earlier one."""

    begins: time
    until: time
    ways: frozenset[str]

    def covers(self, at: datetime) -> bool:
        clock = at.time()
        if self.begins <= self.until:
            return self.begins <= clock < self.until
        return clock >= self.begins or clock < self.until

    def end(self, at: datetime) -> datetime:
        """The next time of day at which they are over; `at` is local."""
        day = at.date() + ONE_DAY if self.begins > self.until and at.time() >= self.begins else at.date()
        return datetime.combine(day, self.until, tzinfo=at.tzinfo)


def goes_at(made: datetime, *, urgent: bool, way: str, gather: timedelta, quiet: Quiet) -> datetime:
    """`made` is local. What is urgent waits for nothing; the rest for its like, and for the morning."""
    if urgent:
        return made
    at = made + gather
    return quiet.end(at) if way in quiet.ways and quiet.covers(at) else at


def pause(failures: int) -> timedelta:
    """After so many failures in a row."""
    return PAUSES[min(failures, len(PAUSES)) - 1]
