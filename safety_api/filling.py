"""Our rows in a superior's own workbook: their heading, their widths, their print settings; our values under their headings.

What our columns are is said by the caller: a `Form` knows cells and where they stand, nothing of a register.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from safety_api.sheet_parts import (
    CALC_CHAIN,
    LETTERS,
    Line,
    SheetPart,
    is_calc_chain,
    moved,
    number_of,
    part_of,
    scan,
    without,
)
from safety_api.sheets import WrongFile, shown

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
AREA = re.compile(r"\$([A-Z]{1,3})\$([0-9]+)$")
MOST_SHOWN = 12  # rows of a sheet that an answer shows, to choose the heading row by

Row = dict[str, Any]
Cell = Callable[[int, Row], Any]


# --- what the workbook holds ------------------------------------------------------------------------------------------
def sheets_of(path: Path) -> list[dict[str, Any]]:
    """Each sheet with its first rows, for whoever maps its columns. Raises WrongFile."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            return [{"name": name, "rows": _first_rows(book.get_sheet_by_name(name))} for name in book.sheet_names]
    except CalamineError as error:
        raise WrongFile(f"读不出这个工作簿：{error}。") from None


def _first_rows(sheet: Any) -> list[list[str]]:
    return [[shown(cell)[:60] for cell in row] for row in sheet.to_python(skip_empty_area=False, nrows=MOST_SHOWN)]


def lines_of(path: Path, sheet: str) -> list[list[Any]]:
    """All cells of a sheet. Raises WrongFile."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            if sheet not in book.sheet_names:
                raise WrongFile(f"没有工作表 {sheet}。")
            return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise WrongFile(f"读不出这个工作簿：{error}。") from None


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


# --- filling ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Form:
    """Where the rows go: sheet, first row of data, letters of the column → what stands in its cells."""

    sheet: str
    first_row: int
    cells: dict[str, Cell]


def fill(source: Path, target: Path, form: Form, rows: Iterable[Row]) -> int:
    """Writes the filled copy and says how many rows it holds. Raises WrongFile."""
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        name = part_of(book, form.sheet)
        part = SheetPart.of(book.read(name))
        with copy.open(name, "w", force_zip64=True) as out:
            written, shift = _write_sheet(part, form, rows, out.write)
        for each in book.infolist():
            if each.filename != name and not each.filename.endswith(CALC_CHAIN):
                copy.writestr(each, _other_part(book.read(each.filename), each.filename, form, shift))
    return written


def _other_part(content: bytes, name: str, form: Form, shift: int) -> bytes:
    if name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        return without(content, frozenset({"Override", "Relationship"}), is_calc_chain)
    return _with_print_area(content, form, shift) if name == "xl/workbook.xml" and shift else content


def _with_print_area(xml: bytes, form: Form, shift: int) -> bytes:
    """The printed area reaches as far down as the rows do."""
    found = scan(xml, frozenset({"sheet", "definedName"}))
    sheets = [each.attributes["name"] for each in found if each.name == "sheet"]
    for each in reversed([each for each in found if each.name == "definedName"]):
        if each.attributes.get("name") != "_xlnm.Print_Area" or not each.attributes.get("localSheetId", "").isdecimal():
            continue
        of_sheet, last = int(each.attributes["localSheetId"]), AREA.search(each.text)
        if of_sheet < len(sheets) and sheets[of_sheet] == form.sheet and last and int(last[2]) >= form.first_row:
            area = AREA.sub(f"${last[1]}${int(last[2]) + shift}", each.text)
            xml = xml[: xml.index(b">", each.start) + 1] + escape(area).encode() + xml[each.inner :]
    return xml


def check_foot(path: Path, sheet: str, first_row: int) -> None:
    """Raises WrongFile for a form whose formulas would have to be rewritten."""
    with zipfile.ZipFile(path) as book:
        part = SheetPart.of(book.read(part_of(book, sheet)))
    if any(line.formulas for line in part.lines if line.number > first_row):
        raise WrongFile("数据区以下有公式，填写后会失真：请先去掉该模板中的公式。")


@dataclass(frozen=True)
class Sheet:
    """The lines of their sheet: above the data, the one whose look the rows take, prepared ones, the foot."""

    part: SheetPart
    first_row: int

    @cached_property
    def below(self) -> list[Line]:
        return [line for line in self.part.lines if line.number >= self.first_row]

    @cached_property
    def pattern(self) -> Line | None:
        return next((line for line in self.below if line.number == self.first_row), None)

    @cached_property
    def foot(self) -> int:
        """The first line below the data that says something: a total, who filled it in. Below everything when there is none."""
        said = (line.number for line in self.below if line.number > self.first_row and line.filled)
        return next(said, max((line.number for line in self.below), default=self.first_row) + 1)

    def bytes_of(self, first: int, last: int, *, empty: bool = False) -> bytes:
        """The lines of `first` ≤ number < `last` as they came; `empty`: only those that hold nothing."""
        lines = [line for line in self.part.lines if first <= line.number < last and not (empty and line.filled)]
        return b"".join(self.part.xml[line.start : line.end] for line in lines)


LAST = 1 << 30


def _write_sheet(part: SheetPart, form: Form, rows: Iterable[Row], out: Callable[[bytes], Any]) -> tuple[int, int]:
    """Head, rows, what was prepared and is not needed, foot. Returns how many rows, and by how much the foot moved."""
    sheet, written = Sheet(part, form.first_row), 0
    out(part.xml[: part.data.start] + f"<{part.prefix}sheetData>".encode() + sheet.bytes_of(0, form.first_row))
    for written, row in enumerate(rows, start=1):
        out(_line(part.prefix, form, sheet.pattern, written, row).encode())
    shift = max(0, form.first_row + written - sheet.foot)
    out(sheet.bytes_of(form.first_row + written, sheet.foot, empty=True))
    out(moved(sheet.bytes_of(sheet.foot, LAST).decode(), shift, part.prefix).encode())
    out(f"</{part.prefix}sheetData>".encode() + _tail(part, form, written, shift, sheet.foot))
    return written, shift


def _line(prefix: str, form: Form, pattern: Line | None, number: int, row: Row) -> str:
    down = form.first_row + number - 1
    styles = pattern.styles if pattern else {}
    kept = {name: value for name, value in (pattern.attributes if pattern else {}).items() if name in ROW_LOOKS}
    looks = "".join(f' {name}="{value}"' for name, value in kept.items())
    letters = sorted({*styles, *form.cells}, key=number_of)
    cells = "".join(
        _written(
            prefix, f"{each}{down}", styles.get(each), form.cells[each](number, row) if each in form.cells else None
        )
        for each in letters
    )
    return f'<{prefix}row r="{down}"{looks}>{cells}</{prefix}row>'


ROW_LOOKS = ("s", "customFormat", "ht", "customHeight")


def _written(prefix: str, place: str, style: str | None, value: Any) -> str:
    """Text as text, always: a cell of type inlineStr is never a formula."""
    look = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f'<{prefix}c r="{place}"{look}/>'
    if isinstance(value, int | float) or hasattr(value, "as_tuple"):
        return f'<{prefix}c r="{place}"{look}><{prefix}v>{value}</{prefix}v></{prefix}c>'
    words = value.isoformat() if isinstance(value, date) else CONTROL.sub("", str(value))
    said = f'<{prefix}t xml:space="preserve">{escape(words)}</{prefix}t>'
    return f'<{prefix}c r="{place}"{look} t="inlineStr"><{prefix}is>{said}</{prefix}is></{prefix}c>'


# --- merged cells -----------------------------------------------------------------------------------------------------
Span = tuple[str, int, str, int]


def _spans(part: SheetPart) -> Iterator[Span]:
    for each in part.merges.within if part.merges else ():
        first, _, last = each.attributes.get("ref", "").partition(":")
        found, to = LETTERS.fullmatch(first), LETTERS.fullmatch(last)
        if found and to:
            yield found[1], int(found[2]), to[1], int(to[2])


def _tail(part: SheetPart, form: Form, written: int, shift: int, foot: int) -> bytes:
    """What follows the rows, its merged cells where their cells are now; what is merged in the pattern's line is merged in every row."""
    if part.merges is None:
        return part.xml[part.data.end :]
    end, spans = form.first_row + max(written, 1), []
    for left, top, right, bottom in _spans(part):
        if top == bottom == form.first_row:
            spans += [(left, down, right, down) for down in range(form.first_row, end)]
        elif bottom < form.first_row or end <= top < foot:
            spans.append((left, top, right, bottom))
        elif top >= foot:
            spans.append((left, top + shift, right, bottom + shift))
    refs = "".join(f'<{part.prefix}mergeCell ref="{left}{top}:{right}{bottom}"/>' for left, top, right, bottom in spans)
    whole = f'<{part.prefix}mergeCells count="{len(spans)}">{refs}</{part.prefix}mergeCells>' if spans else ""
    return part.xml[part.data.end : part.merges.start] + whole.encode() + part.xml[part.merges.end :]
