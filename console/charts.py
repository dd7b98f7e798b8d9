"""Small drawings, worked out on the server: what stands in an SVG as numbers. Every one of them is said in words as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDE = 240.0  # units of a strip
MOST_TICKS = 60  # more of them could not be told apart


class Strip(NamedTuple):
    """A ratio as its things counted one by one: `good` units wide, `bad` from there to the end, `ticks` between the things; the line stands at
    the least number that meets the target."""

    good: float
    bad: float
    line: float
    ticks: tuple[float, ...]


def strip(good: int, total: int, needed: int) -> Strip:
    each = WIDE / total if total else 0.0
    ticks = tuple(round(each * number, 1) for number in range(1, total)) if total <= MOST_TICKS else ()
    return Strip(round(each * good, 1), round(each * (total - good), 1), round(each * needed, 1), ticks)


class Bar(NamedTuple):
    """From its lower edge upward, in units of the drawing."""

    x: float
    y: float
    height: float


class Month(NamedTuple):
    label: str
    first: Bar
    second: Bar
    numbers: tuple[int, int]


HIGH, STEP, BAR, GAP = 80.0, 24.0, 9.0, 1.0


def months(rows: Sequence[tuple[str, int, int]]) -> list[Month]:
    """Pairs of bars (label, first, second), the highest of all HIGH units high."""
    most = max((number for _, *pair in rows for number in pair), default=0) or 1
    drawn = []
    for place, (label, first, second) in enumerate(rows):
        left = place * STEP + (STEP - 2 * BAR - GAP) / 2
        pair = (_bar(left, first, most), _bar(left + BAR + GAP, second, most))
        drawn.append(Month(label, *pair, (first, second)))
    return drawn


def _bar(left: float, number: int, most: int) -> Bar:
    height = round(HIGH * number / most, 1)
    return Bar(round(left, 1), round(HIGH - height, 1), height)


class Line(NamedTuple):
    """A rank over months: the higher, the further in front. `points` of a polyline, `last` its end, `years` where January begins, `said` in words."""

    points: str
    last: tuple[float, float] | None
    years: tuple[float, ...]
    said: str


LINE_WIDE, LINE_HIGH, EDGE = 96.0, 40.0, 4.0


def line(months: Sequence[tuple[int, int | None, bool]], most: int) -> Line:
    """Of (month, rank, anything broke): `most` ranks from top to bottom; a month without a rank is left out."""
    step = (LINE_WIDE - 2 * EDGE) / max(len(months) - 1, 1)
    down = (LINE_HIGH - 2 * EDGE) / max(most - 1, 1)
    placed = [(round(EDGE + at * step, 1), round(EDGE + (rank - 1) * down, 1)) for at, (_, rank, _) in enumerate(months) if rank]
    years = tuple(round(EDGE + (at - 0.5) * step, 1) for at, (month, *_) in enumerate(months) if month == 1 and at)
    said = "、".join(f"{month} 月{f'第 {rank}' if rank else '不排名'}" for month, rank, _ in months)
    return Line(" ".join(f"{x},{y}" for x, y in placed), placed[-1] if placed else None, years, said)
