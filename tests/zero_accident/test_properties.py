"""Whatever happens in whatever order: the figures follow the facts and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.models import Region
from tests.enterprises.units import AWAY, elsewhere, mine
from tests.people import MINE
from tests.zero_accident.cast import PAPER, V2, YEAR, V, W, at, bureau, everything_kept, key, tell
from zero_accident import actions, answers, figures
from zero_accident.models import AccidentEffect, Break, Broken, FigureRevision, Standing, Tally

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PLACES = [V, V2, W, "141123100", "141123400498"]

ACCIDENT = st.fixed_dictionaries(
    {
        "region": st.sampled_from(PLACES),
        "category": st.sampled_from(["Z1", "Z2", "Z4", None]),
        "nature": st.sampled_from(["production", "non_production", "undetermined"]),
        "day": st.integers(1, 28),
        "deaths": st.integers(0, 4),
        "units": st.lists(st.tuples(st.sampled_from([MINE, AWAY]), st.sampled_from(["occurring", "contractor"])), max_size=2, unique_by=lambda u: u[0]),
        "later": st.dictionaries(st.integers(0, 40), st.integers(0, 5), max_size=2),  # days after → total deaths
        "responsible": st.booleans(),
        "override": st.sampled_from([None, ("village", W, "charge"), ("unit", MINE, "exclude"), ("unit", AWAY, "charge"), ("accident", None, "exclude")]),
    }
)  # fmt: skip
ACCIDENTS = st.lists(ACCIDENT, min_size=1, max_size=3)


@contextmanager
def a_world():
    """Two units, and nothing that outlives the example."""
    with transaction.atomic():
        mine(), elsewhere()
        yield
        transaction.set_rollback(True)


Step = Callable[[], Any]


def steps_of(number: int, told: dict[str, Any]) -> tuple[Step, list[Step]]:
    """The first report, and what follows it in any order."""
    parts = [{"enterprise": str(unit), "role": role} for unit, role in told["units"]]

    def first():
        tell(number, region=told["region"], category=told["category"], nature=told["nature"], deaths=told["deaths"], units=parts,
             occurred_at=at(3, told["day"]))  # fmt: skip

    later: list[Step] = [lambda days=days, deaths=deaths: state(number, told["day"], days, deaths) for days, deaths in told["later"].items()]
    if parts and told["responsible"]:
        later.append(lambda: actions.decide(key(number), by=bureau(), units=[
            {"enterprise": unit, "role": role, "responsible": True} for unit, role in told["units"]]))  # fmt: skip
    if told["override"]:
        later.append(lambda: override(number, *told["override"]))
    return first, later


def state(number: int, day: int, days: int, deaths: int) -> None:
    held = at(3, day, 12) + timedelta(days=days)
    actions.state_casualties(key(number), by=bureau(), kind="follow_up", held_at=held, deaths=deaths, reason="核实")


def override(number: int, subject: str, what: Any, effect: str) -> None:
    named = {"village": what} if subject == "village" else {"enterprise": what} if subject == "unit" else {}
    actions.override(key(number), by=bureau(), subject=subject, effect=effect, **named, **PAPER)


def play(accidents: list[dict[str, Any]], turn: Callable[[list], list] = list) -> None:
    """`turn` puts the accidents, and what follows each, into another order."""
    for number, told in turn(list(enumerate(accidents))):
        first, later = steps_of(number, told)
        first()
        for step in turn(later):
            step()


def forget_all_kept() -> None:
    for model in (FigureRevision, AccidentEffect, Break, Broken, Tally, Standing):
        model.objects.all().delete()


@given(ACCIDENTS)
@FEW
def test_the_order_of_arrival_does_not_matter(accidents):
    with a_world():
        play(accidents)
        told_so = everything_kept()
    with a_world():
        play(accidents, lambda each: each[::-1])
        assert everything_kept() == told_so


@given(ACCIDENTS)
@FEW
def test_increments_equal_a_rebuild_from_nothing(accidents):
    with a_world():
        play(accidents)
        kept = everything_kept()
        assert figures.rebuild(YEAR, check=True).lines == []
        assert everything_kept() == kept
        forget_all_kept()
        figures.rebuild(YEAR)
        assert everything_kept() == kept


@given(ACCIDENTS, ACCIDENT)
@FEW
def test_an_accident_that_is_written_off_might_as_well_not_have_been(accidents, one_more):
    with a_world():
        play(accidents)
        figures.rebuild(YEAR)
        without = everything_kept()
        first, later = steps_of(77, one_more)
        for step in (first, *later):
            step()
        actions.write_off(key(77), by=bureau(), **PAPER)
        assert everything_kept() == without


@given(ACCIDENTS)
@FEW
def test_townships_add_up_to_the_county_and_nobody_is_counted_twice(accidents):
    with a_world():
        play(accidents)
        asked = answers.question(YEAR, None)
        county = answers.ratios(asked, "141123")
        towns = [answers.ratios(asked, code[:9]) for code in Region.objects.today().townships().values_list("code", flat=True)]
        for what in ("villages", "units"):
            for figure in ("zero", "total", "broken", "provisional"):
                assert sum(town[what][figure] for town in towns) == county[what][figure]
        counted = AccidentEffect.objects.filter(year=YEAR, breaks=True)
        rows = Standing.objects.filter(year=YEAR)
        assert sum(row.deaths for row in rows) == sum(each.deaths for each in counted)
        assert sum(row.accidents for row in rows) == counted.count() <= len(accidents)
