"""Our rows in a superior's own workbook: their heading, their widths, their print settings; our values under their headings.

What stands in the rows is said by the caller: a `Form` knows where they go, nothing of a register.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from readers.sheet_parts import (
    CALC_CHAIN,
    LETTERS,
    LINKS,
    Line,
    SheetPart,
    is_calc_chain,
    moved,
    number_of,
    scan,
    without,
)

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
AREA = re.compile(r"\$([A-Z]{1,3})\$([0-9]+)$")
OF_NO_DAY = (1980, 1, 1, 0, 0, 0)

Row = list[Any]


# --- filling ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Form:
    """Where the rows go: sheet and its part, first row of data, the letters of the columns in whose cells their values stand."""

    sheet: str
    part: str
    first_row: int
    letters: list[str]


def fill(book: zipfile.ZipFile, target: BinaryIO, form: Form, rows: Iterable[Row]) -> int:
    """Writes the filled copy and says how many rows it holds. Raises WrongFile."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        part = SheetPart.of(book.read(form.part))
        with copy.open(form.part, "w", force_zip64=True) as out:
            written, shift = _write_sheet(part, form, rows, out.write)
        for name in book.namelist():
            if name != form.part and not name.endswith((CALC_CHAIN, "/")):
                copy.writestr(_entry(name), _other_part(book.read(name), name, form, shift))
    return written


def _entry(name: str) -> zipfile.ZipInfo:
    """With nothing but its name: what else an entry may say of itself is not handed on."""
    entry = zipfile.ZipInfo(name, OF_NO_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _other_part(content: bytes, name: str, form: Form, shift: int) -> bytes:
    if name in ("[Content_Types].xml", LINKS):
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
    values = dict(zip(form.letters, row, strict=True))
    letters = sorted({*styles, *values}, key=number_of)
    cells = "".join(_written(prefix, f"{each}{down}", styles.get(each), values.get(each)) for each in letters)
    return f'<{prefix}row r="{down}"{looks}>{cells}</{prefix}row>'


ROW_LOOKS = ("s", "customFormat", "ht", "customHeight")


def _written(prefix: str, place: str, style: str | None, value: Any) -> str:
    """Text as text, always: a cell of type inlineStr is never a formula. A number may come as {"number": its digits}."""
    look = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f'<{prefix}c r="{place}"{look}/>'
    if isinstance(value, int | float | dict):
        number = value["number"] if isinstance(value, dict) else value
        return f'<{prefix}c r="{place}"{look}><{prefix}v>{number}</{prefix}v></{prefix}c>'
    words = CONTROL.sub("", value)
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
