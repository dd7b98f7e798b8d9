"""Our rows in a superior's own workbook: under their headings, in their look (readers/filling.py writes it, apart).

What our columns are is said by the caller: a `Form` knows cells and where they stand, nothing of a register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from readers import WrongFile
from safety_api.apart import MB, Limits
from safety_api.sheets import DOOR, Source, apart, lines_of, shown

FILLING = Limits(memory=1024 * MB, cpu=60, seconds=300, answer=MB, written=256 * MB)

Row = dict[str, Any]
Cell = Callable[[int, Row], Any]


# --- what the workbook holds ------------------------------------------------------------------------------------------
def sheets_of(source: Source) -> list[dict[str, Any]]:
    """Each sheet with its first rows, for whoever maps its columns. Raises WrongFile."""
    return [
        {"name": each["name"], "rows": [[shown(cell) for cell in row] for row in each["rows"]]}
        for each in apart("workbook.sheets", source, DOOR)
    ]


def places_of(lines: list[list[Any]], heading_row: int, columns: Mapping[str, str]) -> dict[int, str]:
    """Where each mapped heading stands: position in a line → our column. Raises WrongFile for a heading that is not there."""
    headings = [squeezed(cell) for cell in lines[heading_row - 1]] if heading_row <= len(lines) else []
    missing = [heading for heading in columns if squeezed(heading) not in headings]
    if missing:
        raise WrongFile(f"第 {heading_row} 行没有列 {'、'.join(missing[:5])}。")
    return {headings.index(squeezed(heading)): name for heading, name in columns.items()}


def squeezed(cell: Any) -> str:
    """A heading without the line breaks and spaces that it is set with."""
    return "".join(shown(cell).split())


def check_fitting(source: Source, sheet: str, first_row: int) -> None:
    """Raises WrongFile for a form whose formulas would have to be rewritten."""
    apart("workbook.fitting", source, DOOR, sheet=sheet, first_row=first_row)


# --- filling ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Form:
    """Where the rows go: sheet, first row of data, letters of the column → what stands in its cells."""

    sheet: str
    first_row: int
    cells: dict[str, Cell]


def fill(source: Source, target: Path, form: Form, rows: Iterable[Row]) -> int:
    """Writes the filled copy and says how many rows it holds. Raises WrongFile."""
    values = ([_plain(cell(number, row)) for cell in form.cells.values()] for number, row in enumerate(rows, start=1))
    with open(target, "w+b", buffering=0) as copy:
        [written] = apart(
            "workbook.filled", source, FILLING, copy, rows=values, sheet=form.sheet, first_row=form.first_row, letters=list(form.cells)
        )  # fmt: skip
    return written


def _plain(value: Any) -> Any:
    """As JSON has it: a decimal goes as its digits."""
    if value is None or isinstance(value, str | int | float):
        return value
    if hasattr(value, "as_tuple"):
        return {"number": str(value)}
    return value.isoformat() if isinstance(value, date) else str(value)


__all__ = ["Cell", "Form", "check_fitting", "fill", "lines_of", "places_of", "sheets_of"]
