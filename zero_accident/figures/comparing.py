"""A township's figures as the rule of ranking looks at them: columns by name (tables.TOWNSHIP_FIGURES)."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from zero_accident import rules

FIGURES = itemgetter("deaths", "accidents", "hazards_due", "hazards_on_time")
COUNTS = {
    what: itemgetter(f"{what}_total", f"{what}_broken", f"{what}_short") for what in ("villages", "units")
}  # broken, or with unmet standards: neither is zero


def compared(key: str, figures: Mapping[str, Any]) -> rules.RankRow:
    """`key` names the row in the answer and orders ties."""
    villages, units = _counted(figures, "villages"), _counted(figures, "units")
    deaths, accidents, due, on_time = FIGURES(figures)
    return rules.RankRow(key, villages, units, deaths, accidents, due, on_time, figures["vetoes"] > 0, figures["zone"])


def ratio_of(figures: Mapping[str, Any], what: str, target: Any = None) -> rules.Ratio:
    """Of `villages` or `units`: neither broken nor with unmet standards."""
    found = _counted(figures, what)
    return rules.ratio(found.zero, found.total, target)


def _counted(figures: Mapping[str, Any], what: str) -> rules.Ratio:
    total, broken, short = COUNTS[what](figures)
    return rules.Ratio(total - broken - short, total)
