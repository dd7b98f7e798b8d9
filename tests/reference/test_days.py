"""Working days over a table with holidays and swapped Saturdays, and the overlap of versions."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import files, rules

LOADED = {row["day"]: row["is_workday"] for row in files.read().holidays}
D = date.fromisoformat


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        ("2026-10-01", False, "国庆节"),
        ("2026-10-07", False, "国庆节末日"),
        ("2026-10-08", True, "周四"),
        ("2026-10-10", True, "周六调休上班"),
        ("2026-09-20", True, "周日调休上班"),
        ("2026-10-11", False, "周日"),
        ("2026-01-04", True, "元旦后周日上班"),
        ("2025-09-28", True, "国庆前周日上班"),
        ("2025-10-08", False, "中秋连休"),
        ("2021-10-09", True, "周六调休上班"),
        ("2023-01-02", False, "元旦补休"),
        ("2022-12-31", False, "元旦连休"),
        ("2030-10-01", True, "没有当年数据，只按周末"),
        ("2030-10-05", False, "周六"),
    ],
)
def test_working_days_respect_holidays_and_swapped_weekend_days(day, working, why):
    assert rules.is_working_day(D(day), LOADED) is working, why


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-09-30", 1, "2026-10-08"),  # the whole National Day week is skipped
        ("2026-09-30", 3, "2026-10-10"),  # the swapped Saturday counts
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-09-18", 1, "2026-09-20"),  # Friday → the swapped Sunday
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-10-03", 0, "2026-10-03"),
        ("2026-10-12", -1, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
    ],
)
def test_working_days_are_counted_from_the_next_day_over_holidays_and_swapped_days(day, n, expected):
    assert rules.working_days_after(D(day), n, LOADED) == D(expected)


def test_calendar_and_working_periods_differ_as_the_rule_says():
    assert rules.days_after(D("2026-09-30"), 5, "calendar", LOADED) == D("2026-10-05")
    assert rules.days_after(D("2026-09-30"), 5, "working", LOADED) == D("2026-10-13")


def test_years_without_a_holiday_notice_are_listed():
    assert rules.years_by_weekends_only(D("2026-12-20"), D("2027-01-10"), LOADED) == [2027]
    assert rules.years_by_weekends_only(D("2025-12-20"), D("2026-01-10"), LOADED) == []


def test_a_days_notice_for_new_year_does_not_announce_the_year_it_reaches_into():
    turn = {**LOADED, D("2027-01-01"): False, D("2027-01-02"): True}
    assert rules.unannounced(2027, turn)
    assert not rules.unannounced(2027, {**turn, D("2027-10-01"): False})


@given(st.dates(D("2021-01-01"), D("2026-12-01")), st.integers(1, 40))
def test_adding_working_days_and_counting_them_agree(day, n):
    last = rules.working_days_after(day, n, LOADED)
    until = [day + timedelta(days=each) for each in range(1, (last - day).days + 1)]
    assert sum(rules.is_working_day(each, LOADED) for each in until) == n
    assert rules.is_working_day(last, LOADED)


@given(st.dates(D("2021-01-01"), D("2026-11-01")), st.integers(1, 30))
def test_going_back_the_same_working_days_lands_on_or_before_the_start(day, n):
    back = rules.working_days_after(rules.working_days_after(day, n, LOADED), -n, LOADED)
    assert back <= day
    assert all(not rules.is_working_day(back + timedelta(days=k), LOADED) for k in range(1, (day - back).days + 1))


def version(first, last=None, code="coal_mine"):
    return SimpleNamespace(kind="checklist", code=code, effective_from=D(first), effective_to=D(last) if last else None)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (version("2021-01-01"), version("2022-01-01"), True),
        (version("2021-01-01", "2022-01-01"), version("2022-01-01"), True),  # both include that day
        (version("2021-01-01", "2021-12-31"), version("2022-01-01"), False),
        (version("2021-01-01"), version("2022-01-01", code="fire_safety"), False),
    ],
)
def test_versions_may_follow_each_other_but_not_share_a_day(one, other, clash):
    assert bool(rules.overlaps([other, one])) is clash
