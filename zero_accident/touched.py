"""What of the figures a load touches: the kept years that reach its first day."""

from __future__ import annotations

from safety_api.loads import Touch, touched_by
from zero_accident.figures.keeping import kept_years


@touched_by("zero_accident_policy", "unnamed_category", "targets")
def years(touch: Touch) -> str:
    found = "、".join(str(year) for year in kept_years() if year >= touch.since.year)
    return f"零事故指标：{found} 年" if found else ""
