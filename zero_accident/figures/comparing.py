"""A standing as the rule of ranking looks at it. A standing is its columns by name (figures.STANDING)."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from zero_accident import rules

FIGURES = itemgetter("deaths", "accidents", "hazards_due", "hazards_on_time")
COUNTS = {
    what: itemgetter(f"{what}_total", f"{what}_broken", f"{what}_short") for what in ("villages", "units")
}  # broken, or short of the standards: neither is zero


def compared(key: str, standing: Mapping[str, Any]) -> rules.Row:
    """`key` names the row in the answer and orders ties."""
    villages, units = _counted(standing, "villages"), _counted(standing, "units")
    deaths, accidents, due, on_time = FIGURES(standing)
    return rules.Row(key, villages, units, deaths, accidents, due, on_time, standing["vetoes"] > 0, standing["zone"])


def ratio_of(standing: Mapping[str, Any], what: str, target: Any = None) -> rules.Ratio:
    """Of `villages` or `units`: neither broken nor short of the standards."""
    found = _counted(standing, what)
    return rules.ratio(found.zero, found.total, target)


def _counted(standing: Mapping[str, Any], what: str) -> rules.Ratio:
    total, broken, short = COUNTS[what](standing)
    return rules.Ratio(total - broken - short, total)
