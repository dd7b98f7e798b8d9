"""The same sheet as a workbook: its words on the first sheet, every table on one of its own. Nothing in it is a formula or a link."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from evidence.official.sheet import Block, Sheet, fitted, shown

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
A4, WIDEST = 9, 32_000  # characters of a cell: Excel's own limit lies a little above
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
BOX = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10, "font_name": "宋体"}
STYLES: dict[str, dict[str, Any]] = {
    "title": {
        "bold": True,
        "font_size": 16,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "font_name": "宋体",
    },
    "chapter": {"bold": True, "font_size": 12, "text_wrap": True, "font_name": "黑体"},
    "p": {"font_size": 11, "text_wrap": True, "valign": "top", "font_name": "宋体"},
    "heading": {**BOX, "bold": True, "align": "center", "bg_color": "#E7EDF3"},
    "text": {**BOX, "num_format": "@", "quote_prefix": True},
    "whole": {**BOX, "align": "center"},
}


def xlsx(sheet: Sheet) -> bytes:
    buffer, sheet = BytesIO(), fitted(sheet)
    book = Workbook(buffer, SAFE)
    moment = datetime.fromtimestamp(sheet.moment, UTC).replace(tzinfo=None)
    book.set_properties(
        {"title": _title(sheet), "author": sheet.text["organ"], "subject": sheet.number, "created": moment}
    )
    styles = {name: book.add_format(style) for name, style in STYLES.items()}
    _words(book, styles, sheet)
    tables = [each for each in sheet.text["blocks"] if each["is"] == "table"]
    for number, block in enumerate(tables, 1):
        _table(book, styles, block, number)
    book.close()
    return buffer.getvalue()


def _title(sheet: Sheet) -> str:
    return sheet.text["title"].replace("\n", "")


def _words(book: Workbook, styles: dict[str, Any], sheet: Sheet) -> None:
    text = sheet.text
    page = _page(book, "正文")
    page.set_column(0, 0, 96)
    head = [f"【{sheet.watermark}】" if sheet.watermark else "", text["mast"], sheet.number]
    lines = [("p", each) for each in head if each] + [("title", _title(sheet))]
    lines += [("p", each) for each in (sheet.notice, text.get("lead"), text.get("to")) if each]
    tables = 0
    for block in text["blocks"]:
        if block["is"] == "table":
            tables += 1
            lines.append(("p", f"（见表{tables}：{block['name']}）"))
        elif block["is"] == "particulars":
            lines += [("p", f"{label}：{value}") for label, value in block["rows"]]
        else:
            lines.append(("p" if block["is"] == "p" else "chapter", block["text"]))
    lines += [("p", each) for each in (sheet.note, text["organ"], text["day"], *text.get("ending", ())) if each]
    for row, (style, line) in enumerate(lines):
        page.write_string(row, 0, line[:WIDEST].replace("\t", "　"), styles[style])


def _table(book: Workbook, styles: dict[str, Any], block: Block, number: int) -> None:
    page = _page(book, f"表{number} {block['name']}")
    page.write_string(0, 0, block["name"], styles["chapter"])
    for at, (heading, width) in enumerate(zip(block["headings"], block["widths"], strict=True)):
        page.write_string(1, at, heading, styles["heading"])
        page.set_column(at, at, max(8, width * 1.6))
    for down, row in enumerate(block["rows"], start=2):
        for at, cell in enumerate(row):
            if type(cell) is int:
                page.write_number(down, at, cell, styles["whole"])
            else:
                page.write_string(down, at, shown(cell)[:WIDEST], styles["text"])
    page.freeze_panes(2, 0)
    page.repeat_rows(1)


def _page(book: Workbook, name: str) -> Any:
    page = book.add_worksheet(NOT_IN_A_NAME.sub(" ", name)[:31].strip())
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(0.6, 0.6, 0.7, 0.7)
    return page
