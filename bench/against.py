"""Two builds in turns: what the machine does meanwhile it does to both, so their ratio says more than either figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from bench.client import Unexpected
from bench.measuring import Cost, Pace, load

ROUNDS = 7
TURN = Pace(2, 0.4)  # of each side in a round
HEAD = f"{'request':27}{'CPU ms':>9}{'there':>9}{'ratio':>8}{'least–most':>14}{'pg':>7}{'there':>7}{'load':>6}"


@dataclass(frozen=True)
class Compared:
    """Ratios of the rounds, here ÷ there; `wrong`: why it was not measured on one side."""

    name: str
    here: Cost | None
    there: Cost | None
    ratios: tuple[float, ...]
    load: float
    wrong: str = ""

    def line(self) -> str:
        if not self.here or not self.there:
            return f"{self.name:27}  – {self.wrong}"
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        return (
            f"{self.name:27}{self.here.cpu:9.2f}{self.there.cpu:9.2f}{median(self.ratios):8.2f}{spread:>14}"
            f"{self.here.database:7.2f}{self.there.database:7.2f}{self.load:6.1f}"
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": median(self.ratios) if self.ratios else None}


def compared(name: str, here: Callable[[], Cost], there: Callable[[], Cost], rounds: int = ROUNDS) -> Compared:
    """Each side first in every other round; of each side the cheapest turn is shown."""
    try:
        turns = list(_turns(here, there, rounds))
    except Unexpected as fault:
        return Compared(name, None, None, (), load(), str(fault)[:160])
    ours, theirs = ([turn[side] for turn in turns] for side in (0, 1))
    return Compared(name, _least(ours), _least(theirs), tuple(our.cpu / their.cpu for our, their in turns), load())


def _turns(here: Callable[[], Cost], there: Callable[[], Cost], rounds: int) -> Iterator[tuple[Cost, Cost]]:
    for number in range(rounds):
        if number % 2:
            their, our = there(), here()
        else:
            our, their = here(), there()
        yield our, their


def _least(costs: Sequence[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.cpu)
