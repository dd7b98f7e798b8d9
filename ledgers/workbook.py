"""A ledger as a workbook that is handed on as it is: title, unit, day, one sheet a sector, a last line that counts; ready to print.

Rows are written as they come and leave memory with the next one (constant_memory). Text is written as text: nothing that somebody
typed becomes a formula or a link, neither when the workbook is opened nor when such a cell is edited (quote prefix).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from evidence.papers.signs import Fitting
from ledgers.columns import Column, ColumnKind, Row
from ledgers.ledger import Ledger, sector_name

HEADING_ROW = 2  # under the title and the line of unit, day and filters
SERIAL_WIDTH = 6
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
A4 = 9
LONGEST_CELL = 32_767  # Excel's
SAFE = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What stands above the rows: whose ledger it is, the day it shows, and by which filters, in words."""

    unit: str
    day: date
    filters: str
    by: str


@dataclass
class Styles:
    book: Workbook
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            self.made[name] = self.book.add_format(STYLES[name])
        return self.made[name]


BOX = {"border": 1, "valign": "vcenter", "font_size": 10}
MIDDLE = {**BOX, "align": "center"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "line": {"font_size": 10, "valign": "vcenter"},
    "heading": {**MIDDLE, "bold": True, "text_wrap": True, "bg_color": "#E7EDF3"},
    "total": {**BOX, "bold": True},
    ColumnKind.TEXT: {**BOX, "text_wrap": True, "num_format": "@"},
    "guarded": {**BOX, "text_wrap": True, "num_format": "@", "quote_prefix": True},
    ColumnKind.WORD: MIDDLE,
    ColumnKind.FLAG: MIDDLE,
    ColumnKind.WHOLE: MIDDLE,
    ColumnKind.DAY: {**MIDDLE, "num_format": "yyyy-mm-dd"},
    ColumnKind.YUAN: {**BOX, "num_format": "#,##0.00"},
}


def write(path: Path, ledger: Ledger, head: Head, rows: Iterable[Row], *, contacts: bool) -> int:
    """Writes the workbook and says how many rows it holds. `rows` come by sector."""
    book = Workbook(str(path), SAFE)
    book.set_properties({"title": ledger.title, "company": head.unit, "author": head.by})
    styles, written = Styles(book), 0
    for sector, of_sector in groupby(rows, sector_name):
        written += Sheet(book, styles, ledger, sector, head, contacts).fill(of_sector)
    if not written:
        Sheet(book, styles, ledger, "", head, contacts).fill(())
    book.close()
    return written


class Sheet:
    """The rows of one sector."""

    def __init__(self, book: Workbook, styles: Styles, ledger: Ledger, sector: str, head: Head, contacts: bool):
        self.page = book.add_worksheet(sheet_name(sector or ledger.title))
        self.styles, self.ledger = styles, ledger
        self.last = len(ledger.columns)  # of the columns; the first is the serial number
        self.totals = [0] * len(ledger.totals)
        self.fit = Fitting()
        self.read = [(each.shown(contacts=contacts), WRITERS[each.kind]) for each in ledger.columns]
        self._lay_out(ledger.columns)
        self._head(f"{ledger.title}（{sector}）" if sector else ledger.title, head)

    def _lay_out(self, columns: tuple[Column, ...]) -> None:
        self.page.set_column(0, 0, SERIAL_WIDTH)
        for at, column in enumerate(columns, start=1):
            self.page.set_column(at, at, column.width)
        self.page.freeze_panes(HEADING_ROW + 1, 2)
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.page.repeat_rows(HEADING_ROW)
        self.page.set_footer("&C第 &P 页，共 &N 页&R&A")

    def _head(self, title: str, head: Head) -> None:
        self.page.set_row(0, 30)
        self.page.merge_range(0, 0, 0, self.last, title, self.styles["title"])
        line = f"填报单位：{head.unit}    截至：{head.day:%Y年%m月%d日}    范围：{head.filters}    制表：{head.by}"
        self.page.merge_range(1, 0, 1, self.last, "", self.styles["line"])
        self.page.write_string(1, 0, self.fit.text(line), self.styles["line"])
        self.page.set_row(HEADING_ROW, 32)
        for at, heading in enumerate(["序号", *(each.heading for each in self.ledger.columns)]):
            self.page.write_string(HEADING_ROW, at, heading, self.styles["heading"])

    def fill(self, rows: Iterable[Row]) -> int:
        number = 0
        for number, row in enumerate(rows, start=1):
            self._row(number, row)
        down = HEADING_ROW + number + 1
        said = [f"{total.words} {count:,} 条" for total, count in zip(self.ledger.totals, self.totals, strict=True)]
        self.page.merge_range(down, 0, down, self.last, "", self.styles["total"])
        self.page.write_string(down, 0, "；".join([f"合计 {number:,} 条", *said]), self.styles["total"])
        if self.fit.note:
            self.page.write_string(down + 1, 0, self.fit.note, self.styles["line"])
        if number:
            self.page.autofilter(HEADING_ROW, 0, HEADING_ROW + number, self.last)
        return number

    def _row(self, number: int, row: Row) -> None:
        down = HEADING_ROW + number
        self.page.write_number(down, 0, number, self.styles[ColumnKind.WHOLE])
        for at, (read, write_cell) in enumerate(self.read, start=1):
            write_cell(self.page, down, at, self._fitted(read(row)), self.styles)
        for at, total in enumerate(self.ledger.totals):
            self.totals[at] += total.counts(row)

    def _fitted(self, value: Any) -> Any:
        return self.fit.text(value) if isinstance(value, str) else value


# --- cells ------------------------------------------------------------------------------------------------------------
def _text(page: Any, down: int, at: int, value: Any, styles: Styles) -> None:
    words = "" if value is None else str(value)[:LONGEST_CELL]
    page.write_string(down, at, words, styles["guarded" if words.startswith(DANGEROUS) else ColumnKind.TEXT])


def _word(page: Any, down: int, at: int, value: Any, styles: Styles) -> None:
    page.write_string(down, at, value or "", styles[ColumnKind.WORD])


def _day(page: Any, down: int, at: int, value: date | None, styles: Styles) -> None:
    if value is None:
        page.write_blank(down, at, None, styles[ColumnKind.DAY])
    else:
        page.write_datetime(down, at, value, styles[ColumnKind.DAY])


def _number(kind: ColumnKind) -> Any:
    def write_cell(page: Any, down: int, at: int, value: Any, styles: Styles) -> None:
        if value is None:
            page.write_blank(down, at, None, styles[kind])
        else:
            page.write_number(down, at, value, styles[kind])

    return write_cell


WRITERS = {
    ColumnKind.TEXT: _text, ColumnKind.WORD: _word, ColumnKind.FLAG: _word, ColumnKind.DAY: _day,
    ColumnKind.WHOLE: _number(ColumnKind.WHOLE), ColumnKind.YUAN: _number(ColumnKind.YUAN),
}  # fmt: skip


def sheet_name(words: str) -> str:
    """What Excel takes as a name of a sheet: 31 signs, none of []:*?/\\."""
    return words.translate(dict.fromkeys(map(ord, "[]:*?/\\"), " "))[:31]
