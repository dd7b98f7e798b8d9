"""Whatever happens in whatever order: the figures follow the facts and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accidents.reports import deciding, reporting
from enterprises import actions as enterprises
from geo.models import Region
from reference import law
from reference.terms import Standard
from safety_api.trail import SYSTEM
from tests.cast.accidents import PAPER, V2, YEAR, V, W, at, bureau, key, report_accident
from tests.cast.figures import all_kept_figures, set_policy
from tests.cast.people import MINE
from tests.cast.region_changes import merge, move, split
from tests.cast.units import AWAY, elsewhere, mine
from tests.conftest import tries
from zero_accident import handlers
from zero_accident.attribution import actions
from zero_accident.figures import keeping, query, ratios, rebuilding
from zero_accident.models import AccidentEffect, Break, Broken, FigureRevision, TownshipCount, TownshipFigures
from zero_accident.standards.assessing import Result, assess_standards

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=tries(4), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
WORLD = st.fixed_dictionaries(
    {
        "accidents": ACCIDENTS,
        "mode": st.sampled_from(["accident_only", "accident_and_standard"]),
        "change": st.sampled_from([None, "merge", "merge_twice", "split", "move"]),  # of places, in July
        "marks": st.lists(  # who was assessed, the standard that failed, on a day of May
            st.tuples(st.sampled_from([V, V2, W, MINE, AWAY]), st.sampled_from(["", "meetings"]), st.integers(1, 3)),
            max_size=4, unique_by=lambda mark: (mark[0], mark[2]),
        ),
        "closed": st.sampled_from([None, (4, None), (4, 9)]),  # the home unit closes in April, and opens again in September
    }
)  # fmt: skip
DIFFICULT_WORLD = {  # all at once: a broken unit in a village that moves, what it passed, a unit that closes and opens again
    "accidents": [
        {
            "region": W, "category": "Z1", "nature": "production", "day": 5, "deaths": 2, "units": [(AWAY, "occurring"), (MINE, "contractor")],
            "later": {3: 4, 40: 5}, "responsible": True, "override": None,
        }
    ],
    "mode": "accident_and_standard", "change": "move", "marks": [(W, "", 1), (MINE, "", 1), (AWAY, "meetings", 1), (AWAY, "", 2)],
    "closed": (4, 9),
}  # fmt: skip
CHANGES: dict[str, Callable[[], None]] = {
    "merge": lambda: merge(V),
    "merge_twice": lambda: (merge(V, on=date(YEAR, 7, 1)), merge(V2, into="141123100203", on=date(YEAR, 8, 1))),  # type: ignore[dict-item]
    "split": lambda: split(W),
    "move": lambda: move(W),
}


@contextmanager
def a_world(mode: str):
    """Two units, and nothing that outlives the example."""
    with transaction.atomic():
        set_policy(mode=mode)
        mine(), elsewhere()
        yield
        transaction.set_rollback(True)
    law.forget()


Step = Callable[[], Any]


def steps_of(number: int, fields: dict[str, Any]) -> tuple[Step, list[Step]]:
    """The first report, and what follows it in any order."""
    parts = [{"enterprise": str(unit), "role": role} for unit, role in fields["units"]]

    def first():
        report_accident(number, region=fields["region"], category=fields["category"], nature=fields["nature"], deaths=fields["deaths"], units=parts,
             occurred_at=at(3, fields["day"]))  # fmt: skip

    later: list[Step] = [
        lambda days=days, deaths=deaths: state(number, fields["day"], days, deaths)
        for days, deaths in fields["later"].items()
    ]
    if parts and fields["responsible"]:
        later.append(lambda: deciding.decide(key(number), by=bureau(), units=[
            {"enterprise": unit, "role": role, "responsible": True} for unit, role in fields["units"]]))  # fmt: skip
    if fields["override"]:
        later.append(lambda: override(number, *fields["override"]))
    return first, later


def state(number: int, day: int, days: int, deaths: int) -> None:
    held = at(3, day, 12) + timedelta(days=days)
    reporting.add_report(key(number), by=bureau(), kind="follow_up", held_at=held, deaths=deaths, reason="核实")


def override(number: int, subject: str, what: Any, effect: str) -> None:
    named = {"village": what} if subject == "village" else {"enterprise": what} if subject == "unit" else {}
    actions.override(key(number), by=bureau(), subject=subject, effect=effect, **named, **PAPER)


def assess(subject: Any, but: str, day: int) -> None:
    named = {"enterprises": [subject]} if subject in (MINE, AWAY) else {"villages": [subject]}
    results = [Result(code, code != but, "未开展" if code == but else "") for code in Standard.values]
    assess_standards(by=bureau(), year=YEAR, held_on=date(YEAR, 5, day), results=results, **named)


def close(month: int, opened_again: int | None) -> list[Step]:
    def set_status(status: str, of_month: int) -> Step:
        return lambda: enterprises.set_status(MINE, by=SYSTEM, status=status, on=date(YEAR, of_month, 1), reason="登记")

    return [set_status("closed", month), *([set_status("operating", opened_again)] if opened_again else [])]


def groups_of(world: dict[str, Any]) -> list[tuple[Step, list[Step]]]:
    """What happens, each with what can only follow it."""
    found = [steps_of(number, fields) for number, fields in enumerate(world["accidents"])]
    found += [(lambda mark=mark: assess(*mark), []) for mark in world["marks"]]
    if world["change"]:
        found.append((CHANGES[world["change"]], []))
    if world["closed"]:
        first, *later = close(*world["closed"])
        found.append((first, later))
    return found


def apply_steps(world: dict[str, Any], turn: Callable[[list], list] = list) -> None:
    """`turn` puts what happens, and what follows each, into another order. At the end the message of the unit arrives,
    and the night comes when lists of places changed: nobody tells the figures of those.
    """
    for first, later in turn(groups_of(world)):
        first()
        for step in turn(later):
            step()
    if world["closed"]:
        handlers.on_enterprise_changed({"enterprise": str(MINE), "what": ["status"]})
    if world["change"]:
        keeping.refresh_year(YEAR, reason="逐日更新")


def delete_kept_figures() -> None:
    for model in (FigureRevision, AccidentEffect, Break, Broken, TownshipCount, TownshipFigures):
        model.objects.all().delete()


@given(WORLD)
@example(DIFFICULT_WORLD)
@FEW
def test_figures_do_not_depend_on_the_order_in_which_facts_arrive(world):
    with a_world(world["mode"]):
        apply_steps(world)
        first_figures = all_kept_figures()
    with a_world(world["mode"]):
        apply_steps(world, lambda each: each[::-1])
        assert all_kept_figures() == first_figures


@given(WORLD)
@example(DIFFICULT_WORLD)
@FEW
def test_incrementally_kept_figures_equal_a_full_rebuild(world):
    with a_world(world["mode"]):
        apply_steps(world)
        kept = all_kept_figures()
        assert rebuilding.rebuild(YEAR, check=True).lines == []
        assert all_kept_figures() == kept
        delete_kept_figures()
        rebuilding.rebuild(YEAR)
        assert all_kept_figures() == kept


@given(WORLD, ACCIDENT)
@example(DIFFICULT_WORLD, DIFFICULT_WORLD["accidents"][0])
@FEW
def test_a_written_off_accident_leaves_the_figures_as_if_it_never_happened(world, one_more):
    with a_world(world["mode"]):
        apply_steps(world)
        rebuilding.rebuild(YEAR)
        without = all_kept_figures()
        first, later = steps_of(77, one_more)
        for step in (first, *later):
            step()
        deciding.write_off(key(77), by=bureau(), **PAPER)
        assert all_kept_figures() == without


@given(WORLD)
@example(DIFFICULT_WORLD)
@FEW
def test_township_figures_add_up_to_the_county_without_double_counting(world):
    with a_world(world["mode"]):
        apply_steps(world)
        asked = query.figure_query(YEAR, None)
        county = ratios.ratios(asked, "141123")
        towns = [
            ratios.ratios(asked, code[:9])
            for code in Region.objects.today().townships().values_list("code", flat=True)
        ]
        for what in ("villages", "units"):
            for figure in ("zero", "total", "broken", "provisional", "short"):
                assert sum(town[what][figure] for town in towns) == county[what][figure]
            assert county[what]["zero"] + county[what]["broken"] + county[what]["short"] == county[what]["total"]
        assert county["villages"]["total"] == Region.objects.on(asked.of.as_of).villages(virtual=False).count()
        assert county["units"]["total"] <= 2
        assert Broken.objects.filter(year=YEAR).count() == county["villages"]["broken"] + county["units"]["broken"]
        counted = AccidentEffect.objects.filter(year=YEAR, breaks=True)
        rows = TownshipFigures.objects.filter(year=YEAR)
        assert sum(row.deaths for row in rows) == sum(each.deaths for each in counted)
        assert sum(row.accidents for row in rows) == counted.count() <= len(world["accidents"])
        afresh = query.FigureQuery(asked.of, kept=False)
        for place in ("141123", "141123100", "141123101"):  # worked out alone, each says what is kept of it
            kept, made = ratios.ratios(asked, place), ratios.ratios(afresh, place)
            assert (made["villages"], made["units"]) == (kept["villages"], kept["units"])
