"""A year's sheets as a workbook: a row a sheet, a column a figure."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

from assessment.models import Sheet
from assessment.yearly import sheets
from assessment.yearly.states import VetoState
from evidence.papers.signs import fitted_rows
from safety_api.actors import Actor
from safety_api.problems import TOO_MANY_ROWS
from safety_api.sheets import XLSX, write_table
from safety_api.trail import record

MOST = 2000  # sheets in one workbook: a province's townships, and a county's many times over
HEAD = ("年度", "类别", "被考核方", "修订号", "状态", "考核等次", "文号", "确认人", "确认时间")
VETOES = (("建议否决", VetoState.PROPOSED), ("已否决", VetoState.CONFIRMED), ("已解除否决", VetoState.LIFTED))


@transaction.atomic
def workbook_of(rows: Any, year: int, day: date, *, by: Actor) -> FileResponse:
    """The reader's sheets, open ones as of now, from one snapshot; with a line in the trail. Raises TOO_MANY_ROWS."""
    found = list(rows.order_by("region_code", "-party_kind", "party", "number")[: MOST + 1])
    if len(found) > MOST:
        raise TOO_MANY_ROWS(most=MOST)
    headings, lines = table_of(found, day)
    record(by, "sheet.export", by, year=year, rows=len(found))
    with TemporaryDirectory(prefix="sheets-") as folder:
        path = Path(folder) / "sheets.xlsx"
        write_table(path, headings, fitted_rows(lines))
        file = open(path, "rb")  # noqa: SIM115 - the answer closes it
        os.unlink(path)
    return FileResponse(file, as_attachment=True, filename=f"{year}年度考核表{day:%Y%m%d}.xlsx", content_type=XLSX)


def table_of(found: Iterable[Sheet], day: date) -> tuple[list[str], list[list[Any]]]:
    """Columns in the order of the figures; a party without a figure has an empty cell."""
    found = list(found)
    contents = sheets.contents_of(found, day)
    names: dict[str, str] = {}
    for content in contents.values():
        names |= {figure["key"]: figure["name"] for figure in content["figures"] if figure["key"] not in names}
    headings = [
        *HEAD,
        *(word for name in names.values() for word in (name, f"{name}（分子/分母）")),
        *(name for name, _ in VETOES),
    ]
    lines = [[*_head(row), *_figures(contents[row.pk], names), *_vetoes(contents[row.pk])] for row in found]
    return _without_empty(headings, lines)


def _head(row: Sheet) -> Iterator[Any]:
    at = row.confirmed_at and timezone.localtime(row.confirmed_at)
    yield from (row.year, row.get_party_kind_display(), row.party_name, row.number, row.get_state_display())
    yield from (row.conclusion_name, row.document, row.confirmed_name, f"{at:%Y-%m-%d %H:%M}" if at else "")


def _figures(content: dict[str, Any], names: Iterable[str]) -> Iterator[Any]:
    figures = {each["key"]: each for each in content["figures"]}
    for key in names:
        figure = figures.get(key)
        yield "" if figure is None else figure["value"]
        yield f"{figure['part']}/{figure['of']}" if figure and figure["of"] is not None else ""


def _vetoes(content: dict[str, Any]) -> Iterator[str]:
    for _, state in VETOES:
        yield "；".join(each["said"] for each in content["vetoes"] if each["state"] == state)


def _without_empty(headings: list[str], lines: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Counts have no numerator: their second columns fall away."""
    keep = [
        at for at, name in enumerate(headings) if not name.endswith("（分子/分母）") or any(line[at] for line in lines)
    ]
    return [headings[at] for at in keep], [[line[at] for at in keep] for line in lines]
