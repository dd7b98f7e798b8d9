"""The table and the JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.budgets import Budget
from bench.measuring import Cost, fits

MARKS = {True: "✓", False: "✗", None: " "}
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
    statements: int | None
    budget: Budget | None
    healthz: float
    load: float
    words: str = ""

    @property
    def fits(self) -> bool | None:
        return fits(self.cost, self.statements, self.budget)

    def line(self) -> str:
        cost, budget = self.cost, self.budget
        demanded = f"{budget.cpu:8g}" if budget else f"{'':8}"
        most = f"{budget.statements:5d}" if budget else f"{'':5}"
        sql = f"{self.statements:5d}" if self.statements is not None else f"{'':5}"
        times = f"{cost.cpu / self.healthz:10.1f}" if self.healthz else f"{'':10}"
        return (
            f"{MARKS[self.fits]:2}{self.name:27}{self.house:>9}{cost.cpu:8.2f}{demanded}{cost.web:7.2f}{cost.database:7.2f}{times}"
            f"{sql}{most}{cost.rate:8.0f}{cost.median:8.1f}{cost.p95:8.1f}{self.load:6.1f}  {self.words}"
        ).rstrip()

    def told(self) -> dict[str, Any]:
        found = asdict(self) | {"fits": self.fits}
        found["cost"] |= {"cpu": self.cost.cpu}
        return found


def keep(rows: list[Row], facts: dict[str, Any], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now():%Y-%m-%d-%H%M}.json"
    path.write_text(json.dumps({**facts, "rows": [row.told() for row in rows]}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
