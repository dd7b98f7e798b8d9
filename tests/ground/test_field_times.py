"""时间: which moment of a field record counts, as a table of what phones state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safety_api.field_times import Sending, Tolerance, clock_of
from tests.law import body

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
BELIEVED = Tolerance.read(body("field_times"))
NONE, RIGHT, SLOW, FAST = None, timedelta(), timedelta(days=2), timedelta(days=-2)  # what receipt − clock may be
UNSET, AHEAD = NOW - datetime(1970, 1, 1, 0, 10, tzinfo=UTC), NOW - datetime(2036, 5, 1, tzinfo=UTC)
TOLD, RECEIPT = "as told", "receipt"


def days(n: float) -> timedelta:
    return timedelta(days=n)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def sending(skew: timedelta | None) -> Sending:
    return Sending(NOW, None if skew is None else NOW - skew, BELIEVED)


CASES = [  # skew, stated (from the receipt), what counts (a shift, or a word), remark
    (RIGHT, -minutes(90), TOLD, None),
    (minutes(10), -days(30), TOLD, None),  # both edges are within
    (minutes(-10), -days(3), TOLD, None),
    (RIGHT, -days(30) - minutes(1), RECEIPT, "told_long_ago"),  # a phone that was off for six weeks
    (RIGHT, minutes(10), RECEIPT, None),  # a little ahead: nothing is known before it is received
    (RIGHT, minutes(11), RECEIPT, "in_the_future"),
    (minutes(11), -minutes(41), minutes(11), "clock_shifted"),
    (SLOW, -days(2) - minutes(60), SLOW, "clock_shifted"),
    (FAST, days(2) - minutes(60), FAST, "clock_shifted"),
    (SLOW, minutes(-5), RECEIPT, "clock_wrong"),  # stated when the clock was right: shifted it lies ahead
    (SLOW, -days(33), RECEIPT, "clock_wrong"),
    (UNSET, datetime(1970, 1, 1, tzinfo=UTC) - NOW, UNSET, "clock_shifted"),
    (UNSET, -minutes(5), RECEIPT, "clock_wrong"),
    (AHEAD, datetime(2036, 4, 30, tzinfo=UTC) - NOW, AHEAD, "clock_shifted"),
    (NONE, -timedelta(hours=72), TOLD, None),
    (NONE, -timedelta(hours=72, minutes=1), RECEIPT, "told_long_ago"),
    (NONE, datetime(1970, 1, 1, tzinfo=UTC) - NOW, RECEIPT, "told_long_ago"),
    (NONE, datetime(2036, 1, 1, tzinfo=UTC) - NOW, RECEIPT, "in_the_future"),
]


@pytest.mark.parametrize("skew, stated, counts, remark", CASES)
def test_the_moment_that_counts_follows_from_the_phones_measured_clock(skew, stated, counts, remark):
    told = NOW + stated
    expected = {TOLD: told, RECEIPT: NOW}.get(counts) if isinstance(counts, str) else told + counts
    found = sending(skew).counting(told)
    assert (found.at, found.remark) == (expected, remark)
    assert found.told == (None if counts == TOLD else told)  # what was stated is never lost


HAPPENED = [  # skew, stated (from the receipt), counts, remark
    (RIGHT, -days(45), TOLD, None),  # late and concealed reporting stays visible
    (NONE, -days(400), TOLD, None),
    (NONE, timedelta(seconds=200), RECEIPT, None),
    (RIGHT, minutes(11), RECEIPT, "occurred_at_doubtful"),
    (NONE, datetime(1970, 1, 1, tzinfo=UTC) - NOW, RECEIPT, "occurred_at_doubtful"),
    (NONE, datetime(2036, 1, 1, tzinfo=UTC) - NOW, RECEIPT, "occurred_at_doubtful"),
    (SLOW, -days(2), RECEIPT, "occurred_at_doubtful"),
]


@pytest.mark.parametrize("skew, stated, counts, remark", HAPPENED)
def test_an_accidents_moment_is_never_shifted_and_counts_from_receipt_while_doubtful(skew, stated, counts, remark):
    found = sending(skew).happened(NOW + stated)
    assert (found.at, found.remark) == (NOW + stated if counts == TOLD else NOW, remark)


CLOCKS = [
    ({"clock": "2026-11-30T18:00:00+08:00"}, NOW),
    ({"clock": "2026-11-30T10:00:00Z"}, NOW),
    ({"clock": "2026-11-30T18:00:00"}, None),  # of which place?
    ({"clock": "0001-01-01T00:00:00+08:00"}, None),
    ({"clock": "half past ten"}, None),
    ({"clock": 1796032800}, None),
    ({"clock": None}, None),
    ({}, None),
    ("phone", None),
    (None, None),
]


@pytest.mark.parametrize("device, clock", CLOCKS)
def test_a_clock_that_cannot_be_read_is_no_clock(device, clock):
    assert clock_of(device) == clock
