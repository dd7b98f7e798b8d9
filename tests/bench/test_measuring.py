"""The arithmetic of the bench; what it measures is no test."""

import os
import time

import pytest

from bench.budgets import BUDGETS, Budget
from bench.client import Ask, Batch
from bench.measuring import LEAST, MOST, Cost, batch_size, cost_of, misses, quantile
from bench.processes import family, spent
from bench.scenarios import EVERY, tile

COST = Cost(web=3.0, database=1.0, rate=100.0, median=8.0, p95=15.0, requests=100)


def test_every_budget_has_its_scenario():
    assert {each.budget for each in EVERY} - {None} == BUDGETS.keys()


def test_scenario_names_are_unique():
    names = [each.name for each in EVERY]
    assert len(set(names)) == len(names)


def test_scenarios_cover_zooms_8_to_14_and_both_lists():
    found = {each.name: each for each in EVERY}
    assert {f"tile-z{zoom}" for zoom in range(8, 15)} <= found.keys()
    assert found["hazards"].at == found["inspections"].at == ("rows",)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100), (0.001, 1)]
)
def test_a_quantile_is_one_of_the_measured_values(share, expected):
    assert quantile(list(range(100, 0, -1)), share) == expected


def test_costs_are_given_per_request():
    found = cost_of(Batch(seconds=2.0, each=[10.0] * 99 + [30.0]), web=300.0, database=100.0)
    assert (found.web, found.database, found.cpu, found.rate) == (3.0, 1.0, 4.0, 50.0)
    assert (found.median, found.p95, found.requests) == (10.0, 10.0, 100)


@pytest.mark.parametrize(
    ("budget", "statements", "expected"),
    [
        (Budget(4, 3), 3, []), (Budget(3.9, 3), 3, ["cpu"]), (Budget(4, 3), 4, ["statements"]),
        (Budget(4, 3, p95=15), 3, ["p95"]), (Budget(4, 3, p95=16), 3, []), (Budget(1, 1, p95=1), 3, ["cpu", "statements", "p95"]),
    ],
)  # fmt: skip
def test_a_budget_is_checked_in_cpu_statements_and_time(budget, statements, expected):
    assert misses(COST, statements, budget) == expected


@pytest.mark.parametrize(("rate", "expected"), [(1, LEAST), (100, 200), (1e6, MOST)])
def test_the_batch_size_follows_the_request_rate_within_limits(rate, expected):
    assert batch_size(rate, 2.0) == expected


def test_a_request_is_written_as_valid_http():
    head = Ask("PUT", "/x", token="t", body=(b"ab", b"c"), headers=(("If-Match", "*"),)).head().decode()
    assert head.startswith("PUT /x HTTP/1.1\r\n")
    assert head.endswith("If-Match: *\r\n\r\n")
    assert "Authorization: Bearer t\r\n" in head
    assert "Content-Length: 3\r\n" in head


def test_the_cpu_time_of_an_unknown_process_is_zero():
    before = spent(os.getpid())
    enough = time.process_time() + 0.1  # the kernel writes a running thread's time down only at its ticks
    while time.process_time() < enough:
        pass
    assert spent(os.getpid()) > before
    assert spent(2**22 + 1) == 0.0
    assert os.getpid() in family(os.getpid())


def test_the_measured_tile_covers_the_densest_place():
    class Somewhere:
        centre = (111.127486, 38.461818)

    assert tile(12)(Somewhere()) == "/map/tiles/hazards/12/3312/1573.mvt"
