"""时间 Which moment of a record from the field counts: the one the phone stated, the same shifted by its clock's error, or the receipt.

Pure: the numbers are those of the dated document `field_times`, and the receipt is an argument. Nothing here refuses: what was stated
is kept beside what counts, and the remark says which it is and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from safety_api.remarks import Remark

FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)  # that are moments of a day in any zone


@dataclass(frozen=True)
class Tolerance:
    """What is believed of a phone: its clock's error, and how long after the fact it may send, with a clock and without one."""

    skew: timedelta
    back: timedelta
    back_without_clock: timedelta
    happened_from: date  # no accident is so old: the time of a clock that nobody set

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Tolerance:
        return cls(
            skew=timedelta(minutes=body["skew_minutes"]),
            back=timedelta(days=body["back_days"]),
            back_without_clock=timedelta(hours=body["back_hours_without_clock"]),
            happened_from=date.fromisoformat(body["happened_from"]),
        )


class CountingMoment(NamedTuple):
    """The moment that counts and the remark that says why; `told` is what was stated where another counts."""

    at: datetime
    told: datetime | None = None
    remark: Remark | None = None


@dataclass(frozen=True)
class Sending:
    """One sending of a record: when it was received, and what the phone's clock said then (None: nothing)."""

    received_at: datetime
    clock: datetime | None
    tolerance: Tolerance

    @cached_property
    def skew(self) -> timedelta | None:
        """Receipt − clock: positive when the phone's clock is slow."""
        return None if self.clock is None else self.received_at - self.clock

    @property
    def skew_seconds(self) -> int | None:
        return None if self.skew is None else round(self.skew.total_seconds())

    @property
    def clock_is_off(self) -> bool:
        return self.skew is not None and abs(self.skew) > self.tolerance.skew

    def counting(self, told: datetime) -> CountingMoment:
        """Which moment counts of one that the phone stated."""
        if self.clock_is_off:
            return self._shifted(told)
        back = self.tolerance.back_without_clock if self.skew is None else self.tolerance.back
        if self._plausible(told, back):
            return self._as_told(told)
        late = told > self.received_at
        return CountingMoment(self.received_at, told, Remark.IN_THE_FUTURE if late else Remark.LONG_AGO)

    def happened(self, told: datetime, *, by_bureau: bool = False) -> CountingMoment:
        """The same of the moment of an accident: however late it is reported, it counts as stated, unless it lies ahead or nobody can
        mean it; and then only until the bureau states it. The bureau also enters what happened long ago."""
        past = told - self.received_at <= self.tolerance.skew
        meant = told > FIRST if by_bureau else told.date() >= self.tolerance.happened_from
        if past and meant and not self.clock_is_off:
            return self._as_told(told)
        return CountingMoment(self.received_at, told, Remark.OCCURRED_AT_DOUBTFUL)

    def after(self, told: datetime, accident_at: datetime | None) -> CountingMoment:
        """The same of a moment in the course of an accident, such as a call: however late it is reported, but never before the accident.
        None: nobody knows yet when that was."""
        if self.clock_is_off or accident_at is None:
            found = self.counting(told)
        elif told - self.received_at > self.tolerance.skew:
            found = CountingMoment(self.received_at, told, Remark.IN_THE_FUTURE)
        else:
            found = self._as_told(told)
        if accident_at is None or found.at >= accident_at:
            return found
        return CountingMoment(accident_at, told, Remark.TIME_OUT_OF_ORDER)

    def sent_late(self, told: datetime) -> bool:
        """So long after that somebody should look at it; of a clock that is off nobody can say."""
        return not self.clock_is_off and self.received_at - told > self.tolerance.back_without_clock

    def _shifted(self, told: datetime) -> CountingMoment:
        moved = _plus(told, self.skew or timedelta())
        if moved is not None and self._plausible(moved, self.tolerance.back):
            return CountingMoment(min(moved, self.received_at), told, Remark.CLOCK_SHIFTED)
        return CountingMoment(self.received_at, told, Remark.CLOCK_WRONG)

    def _plausible(self, moment: datetime, back: timedelta) -> bool:
        return -back <= moment - self.received_at <= self.tolerance.skew

    def _as_told(self, told: datetime) -> CountingMoment:
        """A clock that runs ahead a little states moments to come: nothing is known before it is received."""
        return CountingMoment(told) if told <= self.received_at else CountingMoment(self.received_at, told)


def _plus(moment: datetime, by: timedelta) -> datetime | None:
    try:
        return moment + by
    except OverflowError:
        return None


def clock_of(device: Any) -> datetime | None:
    """What the phone's clock said when it sent; None for nothing, and for what is no time with an offset."""
    said = device.get("clock") if isinstance(device, Mapping) else None
    try:
        clock = datetime.fromisoformat(said) if isinstance(said, str) else None
        return None if clock is None or clock.tzinfo is None else clock.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
