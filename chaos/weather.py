"""What may happen to a request on its way, and how often. One phone's requests meet the same fates in each run of a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    CLEAR = "clear"
    CUT_BEFORE = "cut before it arrived"
    CUT_WITHIN = "cut in the middle"
    CUT_AFTER = "cut after it arrived"
    ANSWER_LOST = "answer lost"
    ANSWER_CUT = "answer cut"
    SILENCE = "silence"
    PORTAL = "a portal's page"
    DOUBLED = "doubled at once"
    AGAIN_LATER = "again later"
    HELD_BACK = "cut, and arrived later"


OF_A_HUNDRED = {
    Fate.CLEAR: 68, Fate.CUT_BEFORE: 4, Fate.CUT_WITHIN: 5, Fate.CUT_AFTER: 4, Fate.ANSWER_LOST: 5, Fate.ANSWER_CUT: 3, Fate.SILENCE: 1,
    Fate.PORTAL: 1, Fate.DOUBLED: 3, Fate.AGAIN_LATER: 3, Fate.HELD_BACK: 3,
}  # fmt: skip
VALLEY = 0.02  # of the requests begin one: the next few find no line at all
VALLEY_REQUESTS = (3, 9)
LATE = (0.5, 12.0)  # seconds until what was held back, or sent again, arrives
SLOW = (0.02, 1.2)  # seconds that a third of the requests and a fifth of the answers take: later ones overtake them
SLOW_REQUESTS, SLOW_ANSWERS = 0.3, 0.2
SILENT = (2.0, 6.0)  # seconds without a word, then the line is cut


@dataclass(frozen=True)
class Lot:
    """`part`: of the body or the answer, how much passes before a cut."""

    fate: Fate
    part: float = 0.5
    late: float = 0.0
    delay: float = 0.0
    answer_delay: float = 0.0


def lots(seed: int, phone: str) -> Iterator[Lot]:
    """One for each request of this phone, in the order in which it sends them."""
    drawn = random.Random(f"{seed} {phone} weather")
    fates, weights = list(OF_A_HUNDRED), list(OF_A_HUNDRED.values())
    while True:
        if drawn.random() < VALLEY:
            yield from (Lot(Fate.CUT_BEFORE) for _ in range(drawn.randint(*VALLEY_REQUESTS)))
        fate = drawn.choices(fates, weights)[0]
        late = drawn.uniform(*(SILENT if fate == Fate.SILENCE else LATE))
        yield Lot(fate, drawn.uniform(0.05, 0.95), late, _now_and_then(drawn, SLOW_REQUESTS), _now_and_then(drawn, SLOW_ANSWERS))


def _now_and_then(drawn: random.Random, share: float) -> float:
    wait, happens = drawn.uniform(*SLOW), drawn.random() < share
    return wait if happens else 0.0


def fair() -> Iterator[Lot]:
    while True:
        yield Lot(Fate.CLEAR)
