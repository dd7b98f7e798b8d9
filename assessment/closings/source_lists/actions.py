"""Lists of departments coming in: from a workbook or as JSON, the whole list or nothing, every faulty cell named.

A corrected list is a new edition; the old one stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import Max

from assessment.closings import periods
from assessment.closings.rules import ListSource, rules_on
from assessment.closings.source_lists.columns import BY_NAME, COLUMNS, Entry
from assessment.closings.source_lists.gazetteer import Gazetteer
from assessment.models import SourceList, SourceRow
from safety_api.actors import Actor
from safety_api.idempotency import fingerprint
from safety_api.inserts import insert_all
from safety_api.problems import (
    BAD_LIST,
    BAD_WORKBOOK,
    EMPTY_LIST,
    FORBIDDEN,
    NIL_WITH_ROWS,
    UNKNOWN_SOURCE,
)
from safety_api.roles import Role
from safety_api.sheets import (
    DOOR,
    CellFault,
    Row,
    WrongFile,
    check_size,
    read_rows,
    refused,
)
from safety_api.trail import record
from safety_api.writing import read_back

MOST_ROWS = 2000
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_FAULTS = 200
JSON_FROM = 1  # the first row of a JSON list is row 1; in a workbook the row is as Excel counts


# --- in --------------------------------------------------------------------------------------------------------------
def take_rows(
    rows: Iterable[Mapping[str, Any]], *, by: Actor, source: str, year: int, month: int, nil_return: bool = False,
    note: str = "", region: str | None = None,
) -> SourceList:  # fmt: skip
    """A list as JSON. Raises what `_take` raises."""
    rows = list(rows)
    said = [{name: _spoken(value) for name, value in row.items()} for row in rows]
    digest = fingerprint([source, year, month, nil_return, said])
    entries = [Entry(line, dict(row)) for line, row in enumerate(rows, start=JSON_FROM)]
    return _take(entries, by=by, source=source, year=year, month=month, nil_return=nil_return, note=note, region=region,
                 sha256=digest)  # fmt: skip


def _spoken(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, time)) else value


def take_workbook(
    content: bytes, *, by: Actor, source: str, year: int, month: int, note: str = "", region: str | None = None
) -> SourceList:  # fmt: skip
    """A list as .xlsx; one without rows is a slip, not a nil return. Raises BAD_WORKBOOK and what `_take` raises."""
    _may_hand_in(by, source, year, month)
    check_size(content, MOST_BYTES)
    try:
        found = read_rows(content, COLUMNS, DOOR, most_unpacked=MOST_UNPACKED, formulas=False)
    except WrongFile as error:
        raise refused(error, BAD_WORKBOOK) from None
    entries = [_entry(row) for row in found]
    return _take(entries, by=by, source=source, year=year, month=month, note=note, region=region, file_name="xlsx",
                 sha256=hashlib.sha256(content).hexdigest())  # fmt: skip


def _entry(row: Row) -> Entry:
    return Entry(row.number, row.values, list(row.faults))


@transaction.atomic
def _take(
    entries: list[Entry], *, by: Actor, source: str, year: int, month: int, sha256: str, nil_return: bool = False,
    note: str = "", region: str | None = None, file_name: str = "",
) -> SourceList:  # fmt: skip
    """Raises UNKNOWN_SOURCE, FORBIDDEN for another department's officer, MONTH_NOT_OVER, WRONG_STEP, MONTH_FROZEN,
    EMPTY_LIST, NIL_WITH_ROWS, BAD_LIST. The same list sent again is the edition that stands.
    """
    wanted = _may_hand_in(by, source, year, month)
    county = periods.county_for(by, region)
    periods.check_over(year, month)
    _check_size(entries, nil_return)
    rows = _checked(entries, wanted, county, year, month)
    periods.lock(county, year)
    periods.check_open(county, year, month)
    key = {"region_code": county, "source": source, "year": year, "month": month}
    last = SourceList.objects.filter(**key).order_by("-edition").first()
    if last and (last.sha256, last.nil_return) == (sha256, nil_return):
        return last
    edition = (SourceList.objects.filter(**key).aggregate(last=Max("edition"))["last"] or 0) + 1
    of = SourceList.objects.create(
        **key, edition=edition, nil_return=nil_return, note=note, sha256=sha256, file_name=file_name, by_id=by.pk,
        by_name=by.name,
    )  # fmt: skip
    insert_all([SourceRow(of=of, **row) for row in rows])
    read_back(of)
    record(by, "source_list.take", of, source=source, year=year, month=month, edition=edition, rows=len(rows),
           nil_return=nil_return, sha256=sha256)  # fmt: skip
    return of


def _may_hand_in(by: Actor, code: str, year: int, month: int) -> ListSource:
    """The bureau, and the department's own officers. Raises UNKNOWN_SOURCE, FORBIDDEN, NO_RULE."""
    source = rules_on(periods.last_day(year, month)).source(code)
    if source is None:
        raise UNKNOWN_SOURCE.at("/source")
    if by.role != Role.BUREAU_OFFICER and by.department_id != source.department:
        raise FORBIDDEN(detail=f"这份月报由{source.name.removesuffix('月报')}的主管部门或应急管理局提交。")
    return source


def _check_size(entries: list[Entry], nil_return: bool) -> None:
    if nil_return and entries:
        raise NIL_WITH_ROWS.at("/rows")
    if not nil_return and not entries:
        raise EMPTY_LIST.at("/rows")
    if len(entries) > MOST_ROWS:
        raise BAD_LIST(detail=f"一份月报至多 {MOST_ROWS} 行。")


# --- what a cell alone does not show ---------------------------------------------------------------------------------
def _checked(entries: list[Entry], source: ListSource, county: str, year: int, month: int) -> list[dict[str, Any]]:
    """Rows as they are stored. Raises BAD_LIST with every faulty cell."""
    places = Gazetteer(county) if entries else None
    seen: set[str] = set()
    rows = []
    for entry in entries:
        _check_number(entry, seen)
        _check_day(entry, year, month)
        _check_category(entry, source)
        region = places.find(entry) if places else ""
        values = {
            name: entry.values[name] for name in BY_NAME if name != "region" and entry.values.get(name) is not None
        }
        rows.append({**values, "region_code": region, "line": entry.line})
    faults = [each for entry in entries for each in entry.faults]
    if faults:
        raise BAD_LIST(errors=[_error(each) for each in faults[:MOST_FAULTS]])
    return rows


def _error(each: CellFault) -> dict[str, str]:
    name = next(column.name for column in COLUMNS if column.heading == each.heading)
    return {"pointer": f"/rows/{each.row}/{name}", "code": "bad_cell", "detail": str(each)}


def _check_number(entry: Entry, seen: set[str]) -> None:
    number = entry.values.get("external_number")
    if number in seen:
        entry.fault("external_number", "本月内重复")
    seen.add(str(number))


def _check_day(entry: Entry, year: int, month: int) -> None:
    known = entry.values.get("day")
    if known and (known.year, known.month) != (year, month):
        entry.fault("day", f"不在 {periods.name_of(year, month)} 之内")


def _check_category(entry: Entry, source: ListSource) -> None:
    if entry.values.get("category") and entry.values["category"] not in source.categories:
        entry.fault("category", f"{source.name}只收 {'、'.join(source.categories)}")
