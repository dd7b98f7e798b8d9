"""Days that follow from days: no database."""

from __future__ import annotations

from datetime import date

import pytest

from enforcement import rules
from enforcement.states import DISHONESTY, LISTING, STOP
from reference.terms import Consent
from safety_api.problems import Problem
from tests import law


def body(year: str) -> dict:
    return law.body("dishonesty", date(int(year), 12, 31))


@pytest.mark.parametrize(
    "listed_on, every, after_day, due",
    [
        (date(2026, 11, 2), "month", date(2026, 11, 2), date(2026, 12, 2)),
        (date(2026, 11, 2), "month", date(2026, 12, 2), date(2027, 1, 2)),  # answered on its day: the next one
        (date(2026, 11, 2), "quarter", date(2026, 11, 2), date(2027, 2, 2)),
        (date(2026, 1, 31), "month", date(2026, 1, 31), date(2026, 2, 28)),  # the end of a shorter month
        (
            date(2026, 1, 31),
            "month",
            date(2026, 2, 28),
            date(2026, 3, 31),
        ),  # counted from the listing, not from the 28th
    ],
)
def test_listing_reports_are_due_at_the_set_interval(listed_on, every, after_day, due):
    assert rules.next_report_due(listed_on, every, after=after_day) == due


@pytest.mark.parametrize(
    "regime, listed_on, last, early",
    [
        ("2017", date(2022, 5, 10), date(2023, 5, 10), None),
        ("2023", date(2024, 5, 10), date(2027, 5, 10), date(2025, 5, 10)),
        ("2023", date(2024, 2, 29), date(2027, 2, 28), date(2025, 2, 28)),
    ],
)
def test_a_dishonesty_listing_lasts_as_long_as_the_rules_of_its_day_say(regime, listed_on, last, early):
    assert rules.listing_dates(listed_on, body(regime)) == (last, early)


@pytest.mark.parametrize("sector, old, new", [("coal_mine", True, True), ("urban_construction", True, False)])
def test_sectors_of_other_ministries_are_out_of_scope_since_2023(sector, old, new):
    assert (rules.in_scope(sector, body("2017")), rules.in_scope(sector, body("2023"))) == (old, new)


def test_the_2023_rules_have_nine_conditions():
    assert len(body("2023")["clauses"]) == 9


@pytest.mark.parametrize(
    "given, missing",
    [
        ([], ["chief", "mine_safety", "government"]),
        (["government", "chief"], ["mine_safety"]),
        (["chief", "mine_safety", "government"], []),
    ],
)
def test_missing_consents_of_a_coal_mine_are_named(given, missing):
    assert rules.consents_missing(law.body("hazard_steps"), given) == [Consent(each) for each in missing]


@pytest.mark.parametrize(
    "due, made, on, is_late",
    [
        (date(2026, 11, 9), None, date(2026, 11, 9), False),  # its own day is still in time
        (date(2026, 11, 9), None, date(2026, 11, 10), True),
        (date(2026, 11, 9), date(2026, 11, 9), date(2026, 12, 1), False),
        (date(2026, 11, 9), date(2026, 11, 10), date(2026, 12, 1), True),  # once late, late for ever
        (None, None, date(2026, 11, 9), False),
    ],
)
def test_something_is_late_only_after_its_due_day(due, made, on, is_late):
    assert rules.late(due, made, on=on) is is_late


@pytest.mark.parametrize("flow", [LISTING, STOP, DISHONESTY])
def test_a_step_is_possible_only_from_its_states(flow):
    for step in flow:
        for state in flow.states:
            if state in step.before:
                assert flow.after(state, step.name) == (step.after or state)
            else:
                with pytest.raises(Problem) as refusal:
                    flow.after(state, step.name)
                assert (refusal.value.kind.code, refusal.value.values["state"]) == ("wrong_step", state.value)
                assert step.label in refusal.value.values["detail"]
