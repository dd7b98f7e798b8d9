"""What held, rewritten without losing a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.history import Span, begun, corrected, rewritten

JAN, MARCH, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))
DAYS = [date(2026, 1, 1) + timedelta(days=n) for n in range(-5, 300, 5)]


def spans(*parts) -> list[Span]:
    """(since, status), one after another."""
    ends = [*(since for since, _ in parts[1:]), None]
    return [Span(since, until, {"status": status, "sector": "s"}) for (since, status), until in zip(parts, ends, strict=True)]


def status_spans(history) -> list[tuple]:
    return [(span.since, span.what["status"]) for span in history]


@pytest.mark.parametrize(
    ("before", "status", "day", "after"),
    [
        ([(JAN, "on")], "off", MARCH, [(JAN, "on"), (MARCH, "off")]),
        ([(JAN, "on"), (MAY, "closed")], "off", MARCH, [(JAN, "on"), (MARCH, "off"), (MAY, "closed")]),  # told late
        ([(JAN, "on"), (MARCH, "off")], "on", MAY, [(JAN, "on"), (MARCH, "off"), (MAY, "on")]),
        ([(JAN, "on"), (MARCH, "off")], "on", MARCH, [(JAN, "on")]),  # it never stopped
        ([(JAN, "on"), (MARCH, "off")], "off", JULY, [(JAN, "on"), (MARCH, "off")]),  # nothing new
        ([(MARCH, "on")], "off", JAN, [(MARCH, "off")]),  # before it began: from its first day
    ],
)
def test_a_change_holds_until_the_next_known_change_of_the_same_field(before, status, day, after):
    assert status_spans(rewritten(spans(*before), {"status": status}, day)) == after


def test_a_change_of_one_field_keeps_later_changes_of_other_fields():
    moved = rewritten(spans((JAN, "on"), (MARCH, "off")), {"sector": "t"}, MAY)
    assert [(span.since, span.what) for span in moved] == [
        (JAN, {"status": "on", "sector": "s"}), (MARCH, {"status": "off", "sector": "s"}), (MAY, {"status": "off", "sector": "t"}),
    ]  # fmt: skip
    all_along = corrected(spans((JAN, "on"), (MARCH, "off")), {"sector": "t"})
    assert [(span.since, span.what["sector"]) for span in all_along] == [(JAN, "t"), (MARCH, "t")]


def test_correcting_the_opening_day_keeps_the_later_history():
    assert status_spans(begun(spans((JAN, "on"), (MAY, "off")), MARCH)) == [(MARCH, "on"), (MAY, "off")]
    assert status_spans(begun(spans((MARCH, "on"), (MAY, "off")), JAN)) == [(JAN, "on"), (MAY, "off")]
    assert status_spans(begun(spans((JAN, "on"), (MARCH, "off")), JULY)) == [(JULY, "off")]


histories = st.lists(st.tuples(st.sampled_from(DAYS[2:]), st.sampled_from("abc")), min_size=1, max_size=5, unique_by=lambda each: each[0])


@given(histories, st.sampled_from(DAYS), st.sampled_from("abc"))
def test_after_a_change_every_day_is_covered_once_and_earlier_days_are_unchanged(parts, day, status):
    before = spans(*sorted(parts))
    after = rewritten(before, {"status": status}, day)
    assert after[0].since == before[0].since and after[-1].until is None
    assert all(one.until == other.since for one, other in pairwise(after))
    for each in DAYS:
        was = [span.what for span in before if span.covers(each)]
        now = [span.what for span in after if span.covers(each)]
        assert len(now) == len(was) and (each >= day or now == was)
        if each == max(day, before[0].since):
            assert now[0]["status"] == status
