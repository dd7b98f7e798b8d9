"""The table and the JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.budgets import Budget
from bench.measuring import Cost, misses

HEAD = (
    f"{'':2}{'request':27}{'rows':>9}{'CPU ms':>8}{'budget':>8}{'web':>7}{'pg':>7}{'× healthz':>10}{'SQL':>5}{'most':>5}"
    f"{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'load':>6}"
)


@dataclass(frozen=True)
class Row:
    """`healthz`: CPU of the calibration just before, so that a noisy hour can be compared with a quiet one."""

    name: str
    house: str
    cost: Cost
    statements: int
    budget: Budget | None
    healthz: float
    load: float
    words: str = ""

    @property
    def misses(self) -> list[str]:
        return misses(self.cost, self.statements, self.budget) if self.budget else []

    @property
    def mark(self) -> str:
        """✓ within its budget, ✗ too much CPU, ~ CPU is kept but not the statements or the time."""
        return "" if self.budget is None else "✗" if "cpu" in self.misses else "~" if self.misses else "✓"

    def line(self) -> str:
        cost, budget = self.cost, self.budget
        demanded = f"{budget.cpu:8g}" if budget else f"{'':8}"
        most = f"{budget.statements:5d}" if budget else f"{'':5}"
        return (
            f"{self.mark:2}{self.name:27}{self.house:>9}{cost.cpu:8.2f}{demanded}{cost.web:7.2f}{cost.database:7.2f}"
            f"{cost.cpu / self.healthz:10.1f}{self.statements:5d}{most}{cost.rate:8.0f}{cost.median:8.1f}{cost.p95:8.1f}"
            f"{self.load:6.1f}  {self.words}"
        ).rstrip()

    def as_json(self) -> dict[str, Any]:
        found = asdict(self) | {"misses": self.misses}
        found["cost"] |= {"cpu": self.cost.cpu}
        return found


def keep(rows: list[dict[str, Any]], facts: dict[str, Any], folder: Path, name: str) -> Path:
    """The last run of this name; what it replaces stands in the history of the project."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')}.json"
    path.write_text(json.dumps({**facts, "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
