"""How many-th inspection of the year it is, and the ceiling, in words."""

from __future__ import annotations

from typing import Any

from evidence.papers.registry import Sheet


def spoken_year(record: Any, sheet: Sheet) -> str:
    return ""
