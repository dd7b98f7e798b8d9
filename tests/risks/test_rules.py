"""Scores, colours, levels, periods and rates: the tables of DOMAIN §4, and what must hold whatever is put in."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import files
from reference.terms import LEVEL_OF, CheckEvery, Colour, ControlLevel, RiskMethod
from risks import rules
from risks.rules import OutsideTable, Period

BODY = next(each.body for each in files.read().documents if each.kind == "risk_methods")
L, E, C = ([Decimal(row["value"]) for row in BODY["lec"][name]] for name in ("likelihood", "exposure", "consequence"))
ONE_TO_FIVE = range(1, 6)


# --- scores and colours ---------------------------------------------------------------------------------------------------
LEC = [  # L, E, C, D, colour
    ("6", "6", "15", "540", "red"),
    ("3", "6", "15", "270", "orange"),
    ("3", "3", "15", "135", "yellow"),
    ("1", "6", "7", "42", "blue"),
    ("0.5", "6", "15", "45", "blue"),
    ("1", "10", "7", "70", "yellow"),
    ("0.5", "0.5", "15", "3.75", "blue"),
    ("0.1", "0.5", "1", "0.05", "blue"),
    ("10", "10", "100", "10000", "red"),
]


def lec(likelihood: Decimal, exposure: Decimal, consequence: Decimal) -> Decimal:
    factors = {"likelihood": likelihood, "exposure": exposure, "consequence": consequence}
    return rules.score(BODY, RiskMethod.LEC, factors)


@pytest.mark.parametrize("likelihood, exposure, consequence, expected, colour", LEC)
def test_an_lec_score_is_the_exact_product_with_the_colour_of_its_band(likelihood, exposure, consequence, expected, colour):
    found = lec(Decimal(likelihood), Decimal(exposure), Decimal(consequence))
    assert (found, rules.colour_of(BODY, RiskMethod.LEC, found)) == (Decimal(expected), colour)


@pytest.mark.parametrize(
    "points, colour",
    [
        ("320", "red"), ("319.99", "orange"), ("160", "orange"), ("159.99", "yellow"), ("70", "yellow"), ("69.99", "blue"),
        ("0", "blue"), ("10000", "red"),
    ],
)  # fmt: skip
def test_the_lower_bound_of_a_band_of_lec_belongs_to_it(points, colour):
    assert rules.colour_of(BODY, RiskMethod.LEC, Decimal(points)) == colour


LS = {
    "blue": {1, 2, 3, 4, 5, 6, 8}, "yellow": {9, 10, 12}, "orange": {15, 16}, "red": {20, 25},
}  # fmt: skip


@pytest.mark.parametrize("likelihood", ONE_TO_FIVE)
@pytest.mark.parametrize("severity", ONE_TO_FIVE)
def test_every_ls_score_has_the_colour_of_the_table(likelihood, severity):
    found = rules.score(BODY, RiskMethod.LS, {"likelihood": Decimal(likelihood), "severity": Decimal(severity)})
    assert found == likelihood * severity
    assert found in LS[rules.colour_of(BODY, RiskMethod.LS, found)]


@pytest.mark.parametrize(
    "method, factors, wrong",
    [
        ("lec", {"likelihood": "5", "exposure": "6", "consequence": "15"}, "likelihood"),
        ("lec", {"likelihood": "0", "exposure": "6", "consequence": "15"}, "likelihood"),
        ("lec", {"likelihood": "6", "exposure": "0.2", "consequence": "15"}, "exposure"),
        ("lec", {"likelihood": "6", "exposure": "6", "consequence": "10"}, "consequence"),
        ("lec", {"likelihood": "6", "exposure": "6"}, "consequence"),
        ("lec", {"likelihood": "6", "exposure": "6", "consequence": "15", "severity": "1"}, "severity"),
        ("ls", {"likelihood": "6", "severity": "1"}, "likelihood"),
        ("ls", {"likelihood": "1", "severity": "0"}, "severity"),
        ("ls", {"likelihood": "1.5", "severity": "1"}, "likelihood"),
        ("ls", {"likelihood": "-1", "severity": "1"}, "likelihood"),
        ("ls", {"likelihood": "1", "severity": "1", "exposure": "1"}, "exposure"),
        ("ls", {}, "likelihood"),
    ],
)
def test_a_factor_outside_the_table_of_its_method_is_refused_by_name(method, factors, wrong):
    with pytest.raises(OutsideTable) as refused:
        rules.score(BODY, method, {name: Decimal(value) for name, value in factors.items()})
    assert refused.value.factor == wrong


@given(st.sampled_from(L), st.sampled_from(E), st.sampled_from(C), st.sampled_from(C))
def test_a_worse_consequence_never_gives_a_better_colour(likelihood, exposure, one, other):
    milder, worse = sorted((one, other))
    levels = [
        LEVEL_OF[rules.colour_of(BODY, "lec", lec(likelihood, exposure, each))]
        for each in (milder, worse)
    ]
    assert levels[1] <= levels[0]


@given(st.decimals(min_value=0, max_value=10000, places=2))
def test_every_score_has_exactly_one_colour(points):
    assert rules.colour_of(BODY, RiskMethod.LEC, points) in Colour


def test_colours_and_control_levels_equal_those_of_the_document():
    assert {row["colour"]: row["level"] for row in BODY["colours"]["levels"]} == {
        str(c): n for c, n in LEVEL_OF.items()
    }
    assert [row["code"] for row in BODY["control"]["levels"]] == list(ControlLevel)
    assert {row["control"] for row in BODY["colours"]["levels"]} == set(ControlLevel)


# --- forced major, control ------------------------------------------------------------------------------------------------
FACTORS = {"likelihood": Decimal(1), "exposure": Decimal(6), "consequence": Decimal(7)}


@pytest.mark.parametrize("reason", rules.forced_reasons(BODY))
def test_a_forced_major_reason_is_red_before_and_after_measures(reason):
    found = rules.assessed(BODY, "lec", FACTORS, {**FACTORS, "likelihood": Decimal("0.1")}, reason)
    assert (found.inherent_level, found.residual_level, found.control) == (1, 1, ControlLevel.COMPANY)
    assert (found.inherent_score, found.residual_score) == (Decimal(42), Decimal("4.2"))


def test_there_are_exactly_four_forced_major_reasons():
    assert len(rules.forced_reasons(BODY)) == 4


@pytest.mark.parametrize(
    "level, control, levels",
    [
        (1, "company", ["company", "workshop", "team", "post"]),
        (2, "workshop", ["workshop", "team", "post"]),
        (3, "team", ["team", "post"]),
        (4, "post", ["post"]),
    ],
)
def test_risks_controlled_by_a_level_are_also_controlled_by_all_lower_ones(level, control, levels):
    assert rules.control_of(BODY, level) == control
    assert rules.levels_controlled_by(control) == levels


def test_the_control_level_follows_from_the_inherent_risk():
    found = rules.assessed(
        BODY,
        "ls",
        {"likelihood": Decimal(4), "severity": Decimal(5)},
        {"likelihood": Decimal(1), "severity": Decimal(5)},
    )
    assert (found.inherent_level, found.residual_level, found.control) == (1, 4, ControlLevel.COMPANY)


@pytest.mark.parametrize(
    "measures, persons, controlled",
    [
        ({"engineering": "护栏"}, {"workshop": "王队"}, True),
        ({"engineering": ""}, {"workshop": "王队"}, False),
        ({}, {"workshop": "王队"}, False),
        ({"engineering": "护栏"}, {"team": "李班"}, False),
        ({"engineering": "护栏"}, {"workshop": ""}, False),
    ],
)
def test_a_risk_is_controlled_with_measures_and_a_person_at_its_control_level(measures, persons, controlled):
    assert rules.is_controlled(measures, persons, "workshop") is controlled


def test_levels_without_a_named_person_are_listed():
    assert rules.unnamed({"workshop": "王队", "post": ""}, "workshop") == ["team", "post"]


@pytest.mark.parametrize("levels, colour", [([], ""), ([4, 4], "blue"), ([4, 2, 3], "orange"), ([1], "red")])
def test_the_highest_colour_of_several_levels_is_chosen(levels, colour):
    assert rules.highest(levels) == colour


# --- periods --------------------------------------------------------------------------------------------------------------
def day(text: str) -> date:
    return date.fromisoformat(text)


PERIODS = [
    # how often, duty from – to (not included), asked first – last, shifts, tasks
    ("month", "2026-01-01", "2027-01-01", "2026-01-01", "2026-12-31", 1, 12),
    ("month", "2026-01-02", "2027-01-01", "2026-01-01", "2026-12-31", 1, 11),  # January had begun
    ("month", "2026-01-01", "2026-03-15", "2026-01-01", "2026-12-31", 1, 3),  # a month that has begun is owed
    ("month", "2026-01-01", "2027-01-01", "2026-01-31", "2026-01-31", 1, 1),
    ("month", "2026-01-01", "2027-01-01", "2026-01-01", "2026-01-30", 1, 0),  # not over
    ("month", "2025-12-01", "2027-01-01", "2026-01-05", "2026-02-27", 1, 1),  # January ended in it, February did not
    ("week", "2026-03-02", "2026-03-16", "2026-03-02", "2026-03-15", 1, 2),  # a Monday to a Sunday
    ("week", "2026-03-03", "2026-03-16", "2026-03-02", "2026-03-15", 1, 1),
    ("week", "2026-03-02", "2026-03-16", "2026-03-02", "2026-03-14", 1, 1),
    ("week", "2026-03-02", "2026-03-10", "2026-03-02", "2026-03-15", 1, 2),
    ("day", "2026-03-03", "2026-03-06", "2026-03-01", "2026-03-31", 1, 3),
    ("day", "2026-03-03", "2026-03-06", "2026-03-05", "2026-03-31", 1, 1),
    ("shift", "2026-03-03", "2026-03-06", "2026-03-01", "2026-03-31", 3, 9),
    ("day", "2026-03-03", "2026-03-03", "2026-03-01", "2026-03-31", 3, 0),
    ("day", "2026-05-01", "2026-06-01", "2026-03-01", "2026-03-31", 1, 0),
]


@pytest.mark.parametrize("how_often, begin, end, first, last, shifts, due", PERIODS)
def test_the_number_of_periods_due_follows_frequency_span_and_shifts(how_often, begin, end, first, last, shifts, due):
    assert rules.periods_due(how_often, (day(begin), day(end)), day(first), day(last), shifts) == due


days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(st.sampled_from(CheckEvery), days, st.integers(0, 500), days, st.integers(0, 400), st.integers(1, 4))
def test_counted_periods_equal_those_found_day_by_day(how_often, begin, length, first, asked, shifts):
    end, last = begin + timedelta(days=length), first + timedelta(days=asked)
    seen = set()
    for n in range((last - first).days + 1):
        period = rules.period_of(how_often, datetime.combine(first + timedelta(days=n), datetime.min.time()))
        if begin <= period.first < end and first <= period.last <= last:
            seen.add(period.first)
    expected = len(seen) * (shifts if how_often == CheckEvery.SHIFT else 1)
    assert rules.periods_due(how_often, (begin, end), first, last, shifts) == expected


@given(st.sampled_from(CheckEvery), days, st.integers(0, 300), st.integers(0, 300), days, st.integers(0, 400))
def test_a_change_of_control_neither_loses_nor_doubles_a_period(how_often, begin, one, two, first, asked):
    middle, last = begin + timedelta(days=one), first + timedelta(days=asked)
    end = middle + timedelta(days=two)
    parts = [rules.periods_due(how_often, span, first, last) for span in ((begin, middle), (middle, end))]
    assert sum(parts) == rules.periods_due(how_often, (begin, end), first, last)


@pytest.mark.parametrize(
    "how_often, moment, shifts, period",
    [
        ("shift", "2026-03-04T00:00", 3, ("2026-03-04", "2026-03-04", 1)),
        ("shift", "2026-03-04T07:59", 3, ("2026-03-04", "2026-03-04", 1)),
        ("shift", "2026-03-04T08:00", 3, ("2026-03-04", "2026-03-04", 2)),
        ("shift", "2026-03-04T23:59", 3, ("2026-03-04", "2026-03-04", 3)),
        ("shift", "2026-03-04T23:59", 1, ("2026-03-04", "2026-03-04", 1)),
        ("day", "2026-03-04T12:00", 3, ("2026-03-04", "2026-03-04", 0)),
        ("week", "2026-03-04T12:00", 1, ("2026-03-02", "2026-03-08", 0)),
        ("week", "2026-03-08T23:59", 1, ("2026-03-02", "2026-03-08", 0)),
        ("month", "2024-02-29T12:00", 1, ("2024-02-01", "2024-02-29", 0)),
        ("month", "2026-12-31T12:00", 1, ("2026-12-01", "2026-12-31", 0)),
    ],
)
def test_a_check_belongs_to_the_period_of_its_moment(how_often, moment, shifts, period):
    first, last, shift = period
    assert rules.period_of(how_often, datetime.fromisoformat(moment), shifts) == Period(day(first), day(last), shift)


@pytest.mark.parametrize(
    "sector, shifts", [("coal_mine", 3), ("hazardous_chemicals", 3), ("fire_safety", 1), ("other", 1)]
)
def test_the_number_of_shifts_per_day_follows_the_sector(sector, shifts):
    assert rules.shifts_per_day(BODY, sector) == shifts


@pytest.mark.parametrize("hours, in_time", [(0, True), (72, True), (72.01, False), (-0.1, True)])
def test_a_check_received_after_three_days_is_not_in_time(hours, in_time):
    at = datetime(2026, 3, 4, 9)
    assert rules.arrived_in_time(BODY, at, at + timedelta(hours=hours)) is in_time


def test_a_risk_point_counts_once_and_only_where_it_was_due():
    assert rules.newly_done(["a", "b", "c"], {"a", "b"}, {"b"}) == ["a"]


# --- review, rates --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("assessed, due", [("2026-03-04", "2027-03-04"), ("2024-02-29", "2025-02-28")])
def test_the_next_assessment_is_due_after_a_year(assessed, due):
    assert rules.review_due(BODY, day(assessed)) == day(due)


@pytest.mark.parametrize(
    "done, due, whole, text",
    [
        (0, 0, None, None),
        (0, 7, 0, "0.00"),
        (2, 3, 66, "66.66"),
        (19, 20, 95, "95.00"),
        (7, 7, 100, "100.00"),
        (9, 7, 100, "100.00"),
    ],
)
def test_rates_are_rounded_down_and_never_above_a_hundred(done, due, whole, text):
    assert (rules.per_cent(done, due), rules.rate(done, due)) == (whole, text)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_of_100_percent_means_all_were_done(done, due):
    done = min(done, due)
    assert (rules.per_cent(done, due) == 100) is (done == due)
