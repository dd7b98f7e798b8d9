"""Batches of one scenario: the least of them, because what other work on the machine adds is not the request's."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.budgets import Budget
from bench.client import Ask, Batch, many
from bench.processes import spent_by

WARM_UP = 48  # requests: both workers have every statement prepared (from its third use on)
LEAST, MOST = 24, 4000  # requests in a batch


@dataclass(frozen=True)
class Pace:
    batches: int
    seconds: float  # a batch lasts about so long


FULL, QUICK = Pace(8, 0.7), Pace(4, 0.4)


@dataclass(frozen=True)
class Watched:
    """Whose CPU is counted."""

    web: frozenset[int]
    database: frozenset[int]


@dataclass(frozen=True)
class Cost:
    """Of one request: milliseconds of CPU, of the clock; requests a second."""

    web: float
    database: float
    rate: float
    median: float
    p95: float
    requests: int

    @property
    def cpu(self) -> float:
        return self.web + self.database


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def cost_of(batch: Batch, web: float, database: float) -> Cost:
    count = len(batch.each)
    return Cost(
        web=web / count, database=database / count, rate=count / batch.seconds,
        median=quantile(batch.each, 0.5), p95=quantile(batch.each, 0.95), requests=count,
    )  # fmt: skip


def misses(cost: Cost, statements: int, budget: Budget) -> list[str]:
    """What of the budget is not kept."""
    kept = {
        "cpu": cost.cpu <= budget.cpu,
        "statements": statements <= budget.statements,
        "p95": budget.p95 is None or cost.p95 < budget.p95,
    }
    return [name for name, is_so in kept.items() if not is_so]


def batch_size(rate: float, seconds: float) -> int:
    return int(min(MOST, max(LEAST, rate * seconds)))


def measure(port: int, make: Callable[[int], Sequence[Ask]], watched: Callable[[], Watched], pace: Pace) -> Cost:
    """The batch that cost least. `make(n)` gives n requests; `watched` is asked after the warm-up, when all connections stand."""
    tried = many(port, make(WARM_UP))
    count, who = batch_size(WARM_UP / tried.seconds, pace.seconds), watched()
    costs = [_measured(port, make(count), who) for _ in range(pace.batches)]
    return min(costs, key=lambda cost: cost.cpu)


def measure_singly(port: int, asks: Sequence[Ask], between: Callable[[], object], watched: Callable[[], Watched]) -> Cost:
    """One after another, each after `between`, whose own cost is not counted."""
    many(port, asks)
    who, whole, costs = watched(), Batch(), []
    for ask in asks:
        between()
        web, database = spent_by(who.web), spent_by(who.database)
        batch = many(port, [ask])
        costs.append((spent_by(who.web) - web, spent_by(who.database) - database))
        whole.each += batch.each
        whole.seconds += batch.seconds
    return cost_of(whole, *map(sum, zip(*costs, strict=True)))


def _measured(port: int, asks: Sequence[Ask], who: Watched) -> Cost:
    web, database = spent_by(who.web), spent_by(who.database)
    batch = many(port, asks)
    return cost_of(batch, spent_by(who.web) - web, spent_by(who.database) - database)


def load() -> float:
    return round(os.getloadavg()[0], 2)
