"""Workbooks as the reader sees them: what is none, hides something or is odd is refused before anything is built from it.

What is asked of it from outside stands at its end: `check`, `sheets`, `rows`, `fitting`, `filled`. Each of them checks first.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from readers import HEADING_ROWS, MOST_COLUMNS, MOST_ROWS, WrongFile, filling
from readers.sheet_parts import MOST_DEPTH, SheetPart, number_of, parser_of, parts_of_sheets

MOST_ENTRIES = 2000
MOST_SHEETS = 200
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of the format
AT_ONCE = 200  # rows of an answer's frame
MOST_SHOWN, MOST_SIGNS = (
    12,
    60,
)  # rows of a sheet that an answer shows, to choose the heading row by, and signs of a cell
PLACE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
NUMBER = re.compile(r"[1-9][0-9]{0,6}")
DIGITS = "0123456789"
NO_FILES = (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK)
OTHER_FORMATS = {"xl/workbook.bin", "content.xml"}  # which the reader would take too


# --- the archive -----------------------------------------------------------------------------------------------------------
def _archive(file: BinaryIO, most_unpacked: int) -> zipfile.ZipFile:
    """Of a workbook whose entries are what they seem and stay in their folder."""
    if not zipfile.is_zipfile(file):
        raise WrongFile("这不是 .xlsx 文件；旧式 .xls、.csv 请在 Excel 中另存为 .xlsx。")
    book = zipfile.ZipFile(file)
    entries = book.infolist()
    names = {each.filename.lower() for each in entries}
    for wrong, sentence in (
        (len(entries) > MOST_ENTRIES, f"压缩包内的文件过多，至多 {MOST_ENTRIES} 个。"),
        ("xl/workbook.xml" not in book.NameToInfo or names & OTHER_FORMATS, "这不是 Excel 工作簿（.xlsx）。"),
        (any(each.flag_bits & 0x1 for each in entries), "文件已损坏或加密，打不开。"),
        (any(_leads_out(each) for each in entries), "压缩包内有指向文件夹之外的文件。"),
        (len(names) < len(entries), "压缩包内有重名的文件。"),
        (sum(each.file_size for each in entries) > most_unpacked, "文件展开后过大。"),
    ):
        if wrong:
            raise WrongFile(sentence)
    return book


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Out of the folder that somebody unpacks it in: upward, absolute, of another drive, behind a NUL, through a link."""
    name = entry.orig_filename
    steps = name.removesuffix("/").split("/")
    odd = any(each in ("", ".", "..") for each in steps) or any(sign in name for sign in "\\:\0")
    return odd or stat.S_IFMT(entry.external_attr >> 16) in NO_FILES


# --- its sheets ------------------------------------------------------------------------------------------------------------
def _checked(file: BinaryIO, *, most_unpacked: int, formulas: bool = True) -> zipfile.ZipFile:
    """Every part gone through once, sheets row by row. Raises WrongFile."""
    try:
        book = _archive(file, most_unpacked)
        sheets = {part.lower() for part in parts_of_sheets(book).values()}
        if len(sheets) > MOST_SHEETS:
            raise WrongFile(f"工作表过多，至多 {MOST_SHEETS} 个。")
        for name in book.namelist():
            is_sheet = name.lower() in sheets
            if is_sheet or name.lower().endswith((".xml", ".rels", ".vml")):
                _go_through(book.read(name), Rows(formulas) if is_sheet else None)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise WrongFile("文件已损坏或加密，打不开。") from None
    return book


class Rows:
    """Where the reader is in a sheet: by what rows and cells say of their place, or one further."""

    def __init__(self, formulas: bool):
        self.row = self.column = 0
        self.numbered = True
        self.said: str | None = None  # what the row said of its number
        self.columns: dict[str, int] = {}  # by letters, those met so far
        self.met: dict[str, Callable[[dict[str, str]], bool]] = {
            "row": self.begin_row, "c": self.begin_cell, "v": self.content, "is": self.content,
        }  # fmt: skip
        if not formulas:
            self.met["f"] = self.formula

    def begin_row(self, attributes: dict[str, str]) -> bool:
        said, self.column = attributes.get("r"), 0
        self.numbered, self.said = said is not None, said
        if said is None:
            self.row += 1
        elif not NUMBER.fullmatch(said) or not self.row < int(said) <= LAST_ROW:
            raise WrongFile(f"工作簿内部的行号有误（{said[:20]}）。")
        else:
            self.row = int(said)
        return False

    def begin_cell(self, attributes: dict[str, str]) -> bool:
        said = attributes.get("r")
        if said is None:
            self.column += 1
            return False
        letters = said.rstrip(DIGITS)
        column = self.columns.get(letters)
        if column is None or said[len(letters) :] != self.said:
            column = self._looked_up(said)
            self.columns[letters] = column
        self.column = column
        return False

    def _looked_up(self, said: str) -> int:
        """The column of a place of this row. Raises WrongFile."""
        found = PLACE.fullmatch(said)
        row, column = (int(found[2]), number_of(found[1].upper())) if found else (0, 0)
        if not self.numbered and row >= self.row:  # a row without a number has that of its first cell
            self.row, self.numbered, self.said = row, True, str(row)
        if row != self.row or row > LAST_ROW or column > LAST_COLUMN:
            raise WrongFile(f"工作簿内部的单元格位置有误（{said[:20]}）。")
        return column

    def content(self, _: dict[str, str]) -> bool:
        """Whether the cell is too far away to hold anything."""
        return self.row > MOST_ROWS + HEADING_ROWS or self.column > MOST_COLUMNS

    def formula(self, _: dict[str, str]) -> bool:
        raise WrongFile("表中含有公式，请选择性粘贴为数值后再交。")


def _go_through(xml: bytes, rows: Rows | None) -> None:
    """Raises WrongFile for declarations, another encoding, depth; of a sheet for odd numbers and for content far away, which would make
    the reader build everything before it."""
    parser, depth, far_from = parser_of(xml), 0, 0
    met: dict[str, Any] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, far_from
        depth += 1
        if depth > MOST_DEPTH:
            raise WrongFile("工作簿内部嵌套过深。")
        if name not in met:
            met[name] = rows.met.get(name.rpartition(":")[2]) if rows else None
        if (meet := met[name]) and meet(attributes):
            parser.CharacterDataHandler, far_from = far, depth

    def end(_: str) -> None:
        nonlocal depth
        if depth == far_from:
            parser.CharacterDataHandler = None
        depth -= 1

    def far(words: str) -> None:
        if rows and words.strip():
            raise _too_large(rows.row, rows.column)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise WrongFile("工作簿内部已损坏。") from None


def _too_large(row: int, column: int) -> WrongFile:
    return WrongFile(f"表格过大（第 {row} 行第 {column} 列有内容）：至多 {MOST_ROWS} 行、{MOST_COLUMNS} 列。")


# --- its cells -------------------------------------------------------------------------------------------------------------
def _opened(file: BinaryIO) -> CalamineWorkbook:
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def _sheet(book: CalamineWorkbook, sheet: int | str) -> CalamineSheet:
    """Counted as the reader sees it. Raises WrongFile."""
    if isinstance(sheet, str) and sheet not in book.sheet_names:
        raise WrongFile(f"没有工作表 {sheet}。")
    found = book.get_sheet_by_index(sheet) if isinstance(sheet, int) else book.get_sheet_by_name(sheet)
    row, column = found.end or (0, 0)
    if row >= MOST_ROWS + HEADING_ROWS or column >= MOST_COLUMNS:
        raise _too_large(row + 1, column + 1)
    return found


def _lines(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """From the first cell of the sheet on, whether anything stands there or not."""
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    for line in sheet.iter_rows():
        yield left + [_plain(cell) for cell in line]


def _plain(cell: Any) -> Any:
    if isinstance(cell, str | float | int):
        return cell
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    kinds = {datetime: "moment", date: "day", time: "time"}
    return {kinds[type(cell)]: cell.isoformat()}


def _cut(line: list[Any]) -> list[Any]:
    return [cell.strip()[:MOST_SIGNS] if isinstance(cell, str) else cell for cell in line]


# --- what is asked from outside ------------------------------------------------------------------------------------------------
def check(file: BinaryIO, **limits: Any) -> Iterator[Any]:
    """Nothing, of a workbook that may be read."""
    _checked(file, **limits)
    return iter(())


def sheets(file: BinaryIO, **limits: Any) -> Iterator[Any]:
    """Name and first rows of each sheet."""
    _checked(file, **limits)
    try:
        book = _opened(file)
        for name in book.sheet_names:
            yield {"name": name, "rows": [_cut(line) for line in islice(_lines(_sheet(book, name)), MOST_SHOWN)]}
    except CalamineError as error:
        raise WrongFile(f"读不出这个工作簿：{error}。") from None


def rows(file: BinaryIO, *, sheet: int | str, **limits: Any) -> Iterator[Any]:
    """All cells of a sheet, some rows a frame."""
    _checked(file, **limits)
    try:
        lines = _lines(_sheet(_opened(file), sheet))
        while part := list(islice(lines, AT_ONCE)):
            yield part
    except CalamineError as error:
        raise WrongFile(f"读不出这个工作簿：{error}。") from None


def fitting(file: BinaryIO, *, sheet: str, first_row: int, **limits: Any) -> Iterator[Any]:
    """Nothing, of a form that can be filled. Raises WrongFile for one whose formulas would have to be rewritten."""
    book = _checked(file, **limits)
    part = SheetPart.of(book.read(_part_of(book, sheet)))
    if any(line.formulas for line in part.lines if line.number > first_row):
        raise WrongFile("数据区以下有公式，填写后会失真：请先去掉该模板中的公式。")
    return iter(())


def filled(
    file: BinaryIO, target: BinaryIO, *, rows: Iterable[list[Any]], sheet: str, first_row: int, letters: list[str], **limits: Any
) -> Iterator[Any]:  # fmt: skip
    """Writes a copy with these rows into `target` and says how many they are."""
    book = _checked(file, **limits)
    yield filling.fill(book, target, filling.Form(sheet, _part_of(book, sheet), first_row, letters), rows)


def _part_of(book: zipfile.ZipFile, sheet: str) -> str:
    parts = parts_of_sheets(book)
    if sheet not in parts:
        raise WrongFile(f"没有工作表 {sheet}。")
    return parts[sheet]
