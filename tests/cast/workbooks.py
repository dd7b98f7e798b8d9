"""Hazards and workbooks of these tests: fictional, only what a test is about is said."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from uuid import UUID

from django.utils.dateparse import parse_datetime
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from hazards.models import Hazard
from tests.cast.people import VILLAGE

API = "/api/v1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FOUND = parse_datetime("2026-03-02T09:00:00+08:00")


def a_hazard(number: int = 1, **fields) -> Hazard:
    """One of the home village, ordered, due long ago."""
    known = {
        "id": UUID(int=5000 + number), "state": "ordered", "level": "general", "origin": "inspection", "sector_id": "coal_mine",
        "department_id": "emergency", "region_code": VILLAGE, "place": "主井口", "description": f"第{number}条：锚杆间距超标",
        "reported_by": UUID(int=9), "reporter_name": "张巡", "found_at": FOUND, "due_on": date(2026, 3, 20),
    }  # fmt: skip
    return Hazard.objects.create(**{**known, **fields})


# --- workbooks ---------------------------------------------------------------------------------------------------------
def book_of(*rows, sheet="Sheet1", **pages) -> bytes:
    """A workbook as bytes; each of `rows` a list of cells."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    for name, lines in ({sheet: rows} | pages).items():
        page = book.add_worksheet(name)
        for down, line in enumerate(lines):
            page.write_row(down, 0, line)
    book.close()
    return file.getvalue()


def listing(*rows: dict) -> bytes:
    """A list with just the columns that its rows use."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    return book_of(headings, *([row.get(name, "") for name in headings] for row in rows))


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


def opened(answer) -> CalamineWorkbook:
    assert answer.status_code == 200, answer.content
    return CalamineWorkbook.from_filelike(BytesIO(content(answer)))


def cells(book: CalamineWorkbook, sheet: int | str = 0) -> list[list]:
    page = book.get_sheet_by_index(sheet) if isinstance(sheet, int) else book.get_sheet_by_name(sheet)
    return page.to_python(skip_empty_area=False)


def part(raw: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(raw)) as parts:
        return parts.read(name).decode()


def sheets(raw: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(raw)) as parts:
        return [
            part(raw, name) for name in sorted(parts.namelist()) if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)
        ]


def post_book(client, address: str, raw: bytes, **extra):
    return client.generic("POST", f"{API}{address}", raw, content_type=XLSX, **extra)
