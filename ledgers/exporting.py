"""A ledger handed out as a workbook: read from one snapshot, written to a file, sent while it is read back; recorded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.http import FileResponse

from evidence.papers.signs import fitted_rows
from geo.models import Region
from ledgers import workbook
from ledgers.filters import in_words
from ledgers.ledger import Ledger, name_of_department
from ledgers.models import Reconciliation
from ledgers.workbook import Head
from safety_api.actors import Actor
from safety_api.doors import Filters
from safety_api.problems import TOO_MANY_ROWS
from safety_api.roles import Role
from safety_api.sheets import MOST_ROWS, XLSX, Column, write_table, write_template
from safety_api.trail import record


@transaction.atomic
def workbook_of(
    path: Path, ledger: Ledger, shape: Filters, filters: Mapping[str, Any], day: date, *, by: Actor, contacts: bool
) -> int:
    """Writes the reader's rows to `path`, with a line in the trail; returns how many. Raises TOO_MANY_ROWS."""
    if ledger.chosen(by, day, filters).order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise TOO_MANY_ROWS(most=MOST_ROWS)
    said = in_words(shape, filters)
    head = Head(unit_of(by, filters.get("department")), day, said, by.name)
    written = workbook.write(path, ledger, head, ledger.stream(by, day, filters), contacts=contacts)
    record(by, "ledger.export", by, ledger=ledger.name, rows=written, filters=said, contacts=contacts)
    return written


def unit_of(user: Any, department: str | None) -> str:
    """Who hands it on: the department asked for, one's own, else the government of one's jurisdiction."""
    if department or user.department_id:
        return name_of_department(department or user.department_id)
    code = user.region.ljust(12, "0")
    place = Region.objects.filter(code=code).values_list("name", flat=True).first() or ""
    return f"{place}（{Role(user.role).label}）"


def workbook_file(
    ledger: Ledger, shape: Filters, filters: Mapping[str, Any], day: date, *, by: Actor, contacts: bool
) -> FileResponse:
    with TemporaryDirectory(prefix="ledger-") as folder:
        path = Path(folder) / "ledger.xlsx"
        workbook_of(path, ledger, shape, filters, day, by=by, contacts=contacts)
        return sent(path, f"{ledger.title}{day:%Y%m%d}.xlsx")


def sent(path: Path, name: str) -> FileResponse:
    """Streamed from the file, which has no name any more when the answer begins: nothing stays behind."""
    file = open(path, "rb")  # noqa: SIM115 - the answer closes it
    os.unlink(path)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


# --- plain tables -----------------------------------------------------------------------------------------------------
def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> FileResponse:
    with TemporaryDirectory(prefix="table-") as folder:
        path = Path(folder) / "table.xlsx"
        write_table(path, headings, fitted_rows(rows))
        return sent(path, name)


def empty_table(columns: Sequence[Column], name: str) -> FileResponse:
    with TemporaryDirectory(prefix="table-") as folder:
        path = Path(folder) / "table.xlsx"
        write_template(path, columns)
        return sent(path, name)


RECONCILED = ("情况", "对方行号", "上级平台编号", "我方编号", "项目", "对方", "我方", "说明")


def reconciled(row: Reconciliation) -> Iterator[tuple[Any, ...]]:
    for each in row.only_theirs:
        said = "；".join(each["cells"].values())
        yield "对方有、我方无", each["row"], each["cells"].get("external_number", ""), "", "", said, "", each["reason"]
    for each in row.only_ours:
        said, reason = f"{each['unit']}：{each['description']}", "" if each["reported_up_on"] else "从未报过"
        yield "我方有、对方无", "", each["external_number"], each["id"], each["state"], "", said, reason
    for each in row.differences:
        yield (
            "不同", each["row"], each["external_number"], each["id"], each["field"], each["theirs"], each["ours"], each["reason"],
        )  # fmt: skip
    for key, number in row.numbers.items():
        yield "可补记编号", "", number, key, "", "", "", "已补记" if row.numbers_taken_at else ""
