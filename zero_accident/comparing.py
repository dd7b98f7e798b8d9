"""A standing as the rule of ranking looks at it. A standing is its columns by name (figures.STANDING)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zero_accident import rules


def compared(key: str, standing: Mapping[str, Any]) -> rules.Row:
    """`key` names the row in the answer and orders ties."""
    return rules.Row(
        key, ratio_of(standing, "villages"), ratio_of(standing, "units"), standing["deaths"], standing["accidents"],
        standing["hazards_due"], standing["hazards_on_time"], standing["vetoes"] > 0, standing["zone"],
    )  # fmt: skip


def ratio_of(standing: Mapping[str, Any], what: str, target: Any = None) -> rules.Ratio:
    """Of `villages` or `units`: neither broken nor short of the standards."""
    total = standing[f"{what}_total"]
    return rules.ratio(total - standing[f"{what}_broken"] - standing.get(f"{what}_short", 0), total, target)
