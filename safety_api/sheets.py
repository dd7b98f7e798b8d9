"""Excel in and out: lists as the office keeps them, read cell by cell with what is wrong, written without formulas."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from readers import MOST_ROWS, TOO_HEAVY, WRONG_FILE, Refusal, WrongFile
from safety_api.apart import MB, Limits, read
from safety_api.problems import BAD_WORKBOOK, FILE_TOO_HEAVY, Problem, ProblemKind

log = logging.getLogger(__name__)
MOST_BYTES = 20 * MB
MOST_UNPACKED = 100 * MB
# At a door one at a time on a machine: whoever waits for it holds a web process.
DOOR = Limits(memory=1024 * MB, cpu=12, seconds=90, answer=128 * MB, alone=True)
LIST = Limits(memory=1024 * MB, cpu=30, seconds=240, answer=128 * MB)
Source = Path | bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
YES, NO = {"是", "有", "1", "y", "yes", "true", "√"}, {"否", "无", "0", "n", "no", "false", "×", ""}


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
def read_rows(source: Source, columns: Sequence[Column], limits: Limits = LIST, **checks: Any) -> list[Row]:
    """The rows of the first sheet, each with its values and faults; `checks` as the reader has them. Raises WrongFile."""
    lines = iter(lines_of(source, 0, limits, **checks))
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


# --- opened apart ----------------------------------------------------------------------------------------------------
def lines_of(source: Source, sheet: int | str, limits: Limits = DOOR, **checks: Any) -> list[list[Any]]:
    """All cells of a sheet, by its name or its place. Raises WrongFile."""
    parts = apart("workbook.rows", source, limits, sheet=sheet, **checks)
    return [[_cell(each) if type(each) is dict else each for each in line] for part in parts for line in part]


def _cell(said: dict[str, Any]) -> Any:
    [(kind, value)] = said.items()
    return CELLS[kind](value)


CELLS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def check_size(content: bytes, most: int = MOST_BYTES) -> None:
    """Raises BAD_WORKBOOK."""
    if not content:
        raise BAD_WORKBOOK(detail="没有收到文件。")
    if len(content) > most:
        raise BAD_WORKBOOK(detail=f"文件过大，上限 {most // MB} MB。")


def check_workbook(content: bytes, most: int = MOST_BYTES) -> None:
    """Raises BAD_WORKBOOK, FILE_TOO_HEAVY."""
    check_size(content, most)
    try:
        apart("workbook.check", content, DOOR)
    except WrongFile as error:
        raise refused(error, BAD_WORKBOOK) from None


def refused(error: WrongFile, kind: ProblemKind) -> Problem:
    """What a door says of a file that cannot be read: its own word, or that it takes too much."""
    return (FILE_TOO_HEAVY if error.too_heavy else kind)(detail=str(error))


def apart(
    job: str, source: Source, limits: Limits, *others: Any, most_unpacked: int = MOST_UNPACKED, **arguments: Any
) -> list[Any]:
    """What a process apart says of a workbook. Raises WrongFile; READERS_BUSY."""
    try:
        with BytesIO(source) if isinstance(source, bytes) else _on_disk(source) as file:
            return read(job, file, *others, limits=limits, most_unpacked=most_unpacked, **arguments)
    except Refusal as refusal:
        raise _wrong_file(refusal) from None


def _on_disk(path: Path) -> IO[bytes]:
    if not path.is_file():
        raise WrongFile(f"没有这个文件：{path}")
    if path.stat().st_size > MOST_BYTES:
        raise WrongFile(f"文件过大，上限 {MOST_BYTES // MB} MB。")
    return open(path, "rb")


def _wrong_file(refusal: Refusal) -> WrongFile:
    if refusal.word == WRONG_FILE:
        return WrongFile(**refusal.values)
    if refusal.word == TOO_HEAVY:
        return WrongFile(
            f"{HEAVY[refusal.values['by']]}：请删去无关的行列和图片后另存，或分成几个文件。", too_heavy=True
        )
    log.warning("workbook_broken", extra=refusal.values)
    return WrongFile("文件已损坏，打不开。")


HEAVY = {
    "memory": "打开这个文件所需的内存超出限制", "cpu": "打开这个文件所需的时间超出限制", "time": "打开这个文件所需的时间超出限制",
    "answer": "这个文件的内容过多", "crash": "打开这个文件时读取程序中止",
}  # fmt: skip


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
