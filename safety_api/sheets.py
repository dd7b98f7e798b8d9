"""Excel in and out: lists as the office keeps them, read cell by cell with what is wrong, written without formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from safety_api.problems import BAD_WORKBOOK

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
HEADING_ROWS = 2  # the headings, and the notes of our own templates
CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
YES, NO = {"是", "有", "1", "y", "yes", "true", "√"}, {"否", "无", "0", "n", "no", "false", "×", ""}


class WrongFile(ValueError):
    """The file as a whole cannot be read; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Column:
    """`read` makes a value of a cell, or raises ValueError with a Chinese sentence. An empty cell is left out."""

    name: str
    heading: str
    read: Callable[[Any], Any]
    required: bool = False
    note: str = ""


@dataclass(frozen=True)
class CellFault:
    row: int  # as Excel counts
    heading: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"第 {self.row} 行 {self.heading}：{self.reason}" + (f"（{self.value[:40]}）" if self.value else "")


@dataclass
class Row:
    number: int  # as Excel counts
    cells: dict[str, Any] = field(default_factory=dict)  # as they stand, by the column's name
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)

    def fault(self, column: Column, reason: str) -> None:
        self.faults.append(CellFault(self.number, column.heading, shown(self.cells.get(column.name, "")), reason))


# --- cells -----------------------------------------------------------------------------------------------------
def shown(cell: Any) -> str:
    """A cell as text: a code that Excel took for a number is digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def text(cell: Any) -> str:
    found = shown(cell)
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in found):
        raise ValueError("含有无效字符")
    return found


def short(most: int) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        found = text(cell)
        if len(found) > most:
            raise ValueError(f"过长，至多 {most} 字")
        return found

    return read


def day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    parts = DAY.fullmatch(shown(cell))
    try:
        return date(*(int(part) for part in parts.groups())) if parts else date(0, 0, 0)
    except ValueError:
        raise ValueError("不是日期，应形如 2026-05-01") from None


def flag(cell: Any) -> bool:
    word = shown(cell).lower()
    if word not in YES | NO:
        raise ValueError("应为 是 或 否")
    return word in YES


def one_of(choices: Iterable[tuple[str, str]]) -> Callable[[Any], str]:
    """A word or its Chinese label."""
    words = {each: value for value, label in choices for each in (value, label)}

    def read(cell: Any) -> str:
        if shown(cell) not in words:
            raise ValueError(f"应为 {'、'.join(dict.fromkeys(label for value, label in choices))} 之一")
        return words[shown(cell)]

    choices = list(choices)
    return read


def several(read_one: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    """Words parted by ；，, or a new line; 、 stands inside names."""
    return lambda cell: [read_one(word.strip()) for word in re.split(r"[；;，,\n]+", shown(cell)) if word.strip()]


def decimal_degrees(cell: Any) -> float:
    try:
        return float(shown(cell))
    except ValueError:
        raise ValueError("应为数字") from None


# --- in -----------------------------------------------------------------------------------------------------
def read_rows(path: Path, columns: Sequence[Column]) -> list[Row]:
    """The rows of the first sheet, each with its values and faults. Raises WrongFile."""
    lines = _lines(path)
    headings = [shown(cell).rstrip("*") for cell in next(lines, [])]
    by_heading = {column.heading: column for column in columns}
    _check_headings(headings, by_heading)
    notes = {column.heading: column.note for column in columns}
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = {heading: cell for heading, cell in zip(headings, line, strict=False) if shown(cell)}
        if cells and any(notes.get(heading) != shown(cell) for heading, cell in cells.items()):
            rows.append(_row(number, cells, columns))
    if len(rows) > MOST_ROWS:
        raise WrongFile(f"超过 {MOST_ROWS} 行，请分成几个文件。")
    return rows


def _row(number: int, cells: dict[str, Any], columns: Sequence[Column]) -> Row:
    row = Row(number, {column.name: cells[column.heading] for column in columns if column.heading in cells})
    for column in columns:
        if column.name in row.cells:
            _read_cell(row, column)
        elif column.required:
            row.fault(column, "必填")
    return row


def _read_cell(row: Row, column: Column) -> None:
    try:
        row.values[column.name] = column.read(row.cells[column.name])
    except ValueError as error:
        row.fault(column, str(error))


def _check_headings(headings: list[str], by_heading: dict[str, Column]) -> None:
    given = [heading for heading in headings if heading]
    missing = [each.heading for each in by_heading.values() if each.required and each.heading not in given]
    unknown = [heading[:20] for heading in given if heading not in by_heading]
    twice = sorted({heading for heading in given if given.count(heading) > 1})
    for names, sentence in ((missing, "第一行缺少列"), (unknown, "不认识的列"), (twice, "重复的列")):
        if names:
            raise WrongFile(f"{sentence}：{'、'.join(names)}。可用 make_template 生成空表。")


def _lines(path: Path) -> Iterator[list[Any]]:
    check_file(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield from book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise WrongFile(f"读不出这个工作簿：{error}。") from None


def check_file(path: Path, *, most_unpacked: int = MOST_UNPACKED, formulas: bool = True) -> None:
    """Raises WrongFile for what is no .xlsx, too large, or small only until it is unpacked; also for one with formulas
    where these are not wanted: what a formula says is whatever its last reader left in it.
    """
    if not path.is_file():
        raise WrongFile(f"没有这个文件：{path}")
    if path.stat().st_size > MOST_BYTES:
        raise WrongFile(f"文件过大，上限 {MOST_BYTES // 1024 // 1024} MB。")
    if not zipfile.is_zipfile(path):
        raise WrongFile("这不是 .xlsx 文件；旧式 .xls、.csv 请在 Excel 中另存为 .xlsx。")
    try:
        with zipfile.ZipFile(path) as parts:
            _check_parts(parts, most_unpacked, formulas)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        raise WrongFile("文件已损坏或加密，打不开。") from None


def _check_parts(parts: zipfile.ZipFile, most_unpacked: int, formulas: bool) -> None:
    if "xl/workbook.xml" not in parts.namelist():
        raise WrongFile("这不是 Excel 工作簿（.xlsx）。")
    if sum(part.file_size for part in parts.infolist()) > most_unpacked:
        raise WrongFile("文件展开后过大。")
    for name in parts.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            sheet = parts.read(name)
            _check_extent(sheet)
            if not formulas and FORMULA.search(sheet):
                raise WrongFile("表中含有公式，请选择性粘贴为数值后再交。")


def _check_extent(sheet: bytes) -> None:
    """A cell far away would make the reader build everything before it."""
    for letters, digits in CELL.findall(sheet):
        if int(digits) > MOST_ROWS + HEADING_ROWS or _column_number(letters) > MOST_COLUMNS:
            place = f"{letters.decode()}{digits.decode()}"
            raise WrongFile(f"表格过大（{place} 有内容）：至多 {MOST_ROWS} 行、{MOST_COLUMNS} 列。")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- as it came in a body ----------------------------------------------------------------------------------------
def check_workbook(content: bytes, most: int = MOST_BYTES, **limits: Any) -> None:
    """`limits` as for check_file. Raises BAD_WORKBOOK."""
    if not content:
        raise BAD_WORKBOOK(detail="没有收到文件。")
    if len(content) > most:
        raise BAD_WORKBOOK(detail=f"文件过大，上限 {most // 1024 // 1024} MB。")
    try:
        with on_disk(content) as path:
            check_file(path, **limits)
    except WrongFile as error:
        raise BAD_WORKBOOK(detail=str(error)) from None


class on_disk(TemporaryDirectory):
    """The bytes as a file for as long as the block lasts."""

    def __init__(self, content: bytes):
        super().__init__(prefix="workbook-")
        self.content = content

    def __enter__(self) -> Path:
        path = Path(super().__enter__()) / "sent.xlsx"
        path.write_bytes(self.content)
        return path


# --- out -----------------------------------------------------------------------------------------------------
def write_table(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, note: Sequence[str] = ()
) -> None:
    """A sheet of text: what begins with = + - @ stays text and is never a formula or a link."""
    book = Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    sheet = book.add_worksheet("名册")
    bold, grey = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "#666666"})
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
        sheet.set_column(at, at, max(12, len(heading) * 2 + 2))
    for at, words in enumerate(note):
        sheet.write_string(1, at, words, grey)
    for down, row in enumerate(rows, start=2 if note else 1):
        for at, cell in enumerate(row):
            sheet.write_string(down, at, "" if cell is None else str(cell))
    sheet.freeze_panes(2 if note else 1, 0)
    book.close()


def write_template(path: Path, columns: Sequence[Column]) -> None:
    headings = [f"{column.heading}*" if column.required else column.heading for column in columns]
    write_table(path, headings, [], note=[column.note for column in columns])


def write_report(path: Path, faults: Iterable[CellFault]) -> None:
    rows = [(fault.row, fault.heading, fault.value, fault.reason) for fault in faults]
    write_table(path, ("行", "列", "内容", "问题"), rows)
