"""What is told of an accident late, at the last moment or not at all."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from accidents.rules.accidents import Casualties, Grades, ReportedTotals, effective_casualties, grade_of, window_end
from reference.terms import Grade
from tests.cast.read_law import WINDOWS

DAY = date(2026, 3, 5)
NOON = datetime(2026, 3, 5, 12, tzinfo=timezone(timedelta(hours=8)))


def test_of_an_accident_first_told_after_its_window_nobody_counts():
    shown = ReportedTotals(DAY + timedelta(31), NOON + timedelta(31), deaths=2, serious_injuries=3, missing=1)
    found = effective_casualties([shown], last_day=window_end(DAY, "other", WINDOWS))
    assert found == Casualties(deaths=0, serious_injuries=0, missing=1, late_deaths=2, unfound=0)


def test_what_was_told_at_that_very_moment_was_known():
    shown = [ReportedTotals(DAY, NOON, deaths=1)]
    assert effective_casualties(shown, last_day=window_end(DAY, "other", WINDOWS), known_until=NOON).deaths == 1
    assert (
        effective_casualties(
            shown, last_day=window_end(DAY, "other", WINDOWS), known_until=NOON - timedelta(microseconds=1)
        ).deaths
        == 0
    )


def test_a_window_of_one_day_that_counts_the_first_ends_on_it():
    assert window_end(DAY, "other", replace(WINDOWS, days=1, count_from="same_day")) == DAY


def test_where_one_of_anything_is_enough_nothing_told_is_still_a_general_accident():
    assert grade_of(grades=Grades(((Grade.LARGER, 1, 1, 1),), False, 1_000_000)) == Grade.GENERAL
