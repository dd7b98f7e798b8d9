"""Lists from Excel: every row is read and checked like any entry, then written by the same actions, or none is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from enterprises import actions, checks
from enterprises.models import Enterprise
from enterprises.names import folded
from enterprises.rules import normalise_credit_code
from enterprises.sheets import PERSON_COLUMNS, UNIT_COLUMNS, Gazetteer, column_of
from geo.coordinates import Crs, in_china, to_wgs84
from geo.models import Region
from geo.serializers import SentPoint
from reference import law
from safety_api.permissions import OFFICE, Role
from safety_api.sheets import CellFault, Column, Row, read_rows


@dataclass
class Outcome:
    """What became of a list. `written` is 0 when faults stopped it."""

    rows: int
    written: int = 0
    faults: list[CellFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    passwords: list[tuple[str, str, str]] = field(default_factory=list)  # user name, name, first password: shown once


def gazetteer() -> Gazetteer:
    return Gazetteer.of(Region.objects.today().values_list("code", "name", "level"))


def _good_rows(rows: list[Row], outcome: Outcome, skip_bad: bool) -> list[Row]:
    outcome.faults = [fault for row in rows for fault in row.faults]
    return [row for row in rows if not row.faults] if skip_bad or not outcome.faults else []


# --- units -----------------------------------------------------------------------------------------------------
@transaction.atomic
def import_units(path: Path, *, by: Any, skip_bad: bool = False) -> Outcome:
    """Raises WrongFile. A unit whose code, or name in the same village, is registered already is a fault of its row."""
    rows, places, book = read_rows(path, UNIT_COLUMNS), gazetteer(), actions.book_for()
    for row in rows:
        _place(row, places)
        _point(row)
        _check(row, book)
    _refuse_doubles(rows)
    outcome = Outcome(len(rows))
    good = _good_rows(rows, outcome, skip_bad)
    outcome.warnings = [
        f"第 {row.number} 行：{'、'.join(words)}" for row in good if (words := checks.warnings_of(row.values))
    ]
    outcome.written = actions.enrol((Enterprise(**actions.columns_of(row.values)) for row in good), by=by)
    return outcome


def _fault(row: Row, columns: Iterable[Column], name: str, reason: str) -> None:
    row.fault(column_of(columns, name), reason.rstrip("。"))


def _place(row: Row, places: Gazetteer) -> None:
    township, village = row.values.pop("township", ""), row.values.pop("village", "")
    if "region" in row.values:
        return
    try:
        row.values["region"] = places.village(township, village)
    except ValueError as error:
        field_at_fault = "village" if "村" in str(error) else "township"
        _fault(row, UNIT_COLUMNS, field_at_fault if township or village else "region", str(error))


def _point(row: Row) -> None:
    lon, lat, crs = (row.values.pop(name, None) for name in ("lon", "lat", "crs"))
    if lon is None and lat is None:
        return
    if crs is None or lon is None or lat is None:
        _fault(row, UNIT_COLUMNS, "crs" if crs is None else "lon", "经度、纬度、坐标系须一并填写")
    elif not in_china(lon, lat):
        _fault(row, UNIT_COLUMNS, "lon", "坐标不在中国范围内")
    else:
        row.values["location"] = SentPoint(lon, lat, crs, None, *to_wgs84(lon, lat, Crs(crs)))


def _check(row: Row, book: checks.Book) -> None:
    if {"sector", "unit_type", "region"} <= row.values.keys():
        for fault in checks.unit_faults(row.values, book):
            _fault(row, UNIT_COLUMNS, fault.field, fault.sentence)


def _refuse_doubles(rows: list[Row]) -> None:
    """Within the list and against what is registered: two queries."""
    codes = set(Enterprise.objects.exclude(credit_code=None).values_list("credit_code", flat=True))
    names = set(Enterprise.objects.filter(credit_code=None).values_list("region_code", "name_search"))
    for row in rows:
        code = row.values.get("credit_code")
        key: Any = (
            normalise_credit_code(code) if code else (row.values.get("region"), folded(row.values.get("name", "")))
        )
        known = codes if code else names
        if key in known:
            _fault(row, UNIT_COLUMNS, "credit_code" if code else "name", "已登记，或在本表中重复")
        known.add(key)


# --- people -----------------------------------------------------------------------------------------------------
@transaction.atomic
def import_people(path: Path, *, by: Any, skip_bad: bool = False) -> Outcome:
    """Raises WrongFile. Everybody gets a first password, to be changed at the first sign-in."""
    rows, places = read_rows(path, PERSON_COLUMNS), gazetteer()
    taken = set(User.objects.values_list("username", flat=True))
    for row in rows:
        _jurisdiction(row, places)
        _department(row)
        _unit(row)
        _person(row, taken)
    outcome = Outcome(len(rows))
    for row in _good_rows(rows, outcome, skip_bad):
        user, password = accounts.create_user(by=by, **row.values)
        outcome.passwords.append((user.username, user.name, password))
    outcome.written = len(outcome.passwords)
    return outcome


def _jurisdiction(row: Row, places: Gazetteer) -> None:
    if "region" in row.values:
        try:
            row.values["region"] = places.prefix(row.values["region"])
        except ValueError as error:
            _fault(row, PERSON_COLUMNS, "region", str(error))


def _department(row: Row) -> None:
    written = row.values.pop("department", None)
    found = [each.code for each in law.books().departments.values() if written in (each.code, each.name, *each.aliases)]
    if written and len(found) != 1:
        _fault(row, PERSON_COLUMNS, "department", "没有这个部门" if not found else "有不止一个这样的部门，请填代码")
    elif written:
        row.values["department_id"] = found[0]


def _unit(row: Row) -> None:
    written = row.values.pop("unit", None)
    if not written:
        return
    rows = Enterprise.objects.filter(credit_code=normalise_credit_code(written)) | Enterprise.objects.filter(
        name=written
    )
    found = list(rows.values_list("pk", flat=True)[:2])
    if len(found) == 1:
        row.values["enterprise_id"] = found[0]
    else:
        _fault(row, PERSON_COLUMNS, "unit", "没有这家单位" if not found else "有不止一家同名单位，请填信用代码")


def _person(row: Row, taken: set[str]) -> None:
    name = row.values.get("username", "").lower()
    if name in taken:
        _fault(row, PERSON_COLUMNS, "username", "用户名已有人使用，或在本表中重复")
    taken.add(name)
    for roles, column, reason in NEEDED:
        if row.values.get("role") in roles and column not in row.cells:
            _fault(row, PERSON_COLUMNS, column, reason)
    if row.faults:
        return
    try:
        User(**row.values, password="!").full_clean(exclude=["department"])  # noqa: S106 - not a password
    except ValidationError as error:
        for field_name, sentences in error.message_dict.items():
            _fault(row, PERSON_COLUMNS, field_name, CONSTRAINTS.get(field_name, " ".join(sentences)))


NEEDED = (  # without it they would see nothing
    (OFFICE, "region", "这个岗位须填管辖区划"),
    ({Role.ENTERPRISE_OFFICER}, "unit", "企业安全员须填本单位"),
)
# What the table's own constraints mean in the list.
CONSTRAINTS = {"__all__": "岗位、管辖区划与本单位不相符：企业安全员填本单位，管理员都不填，其余填管辖区划"}
