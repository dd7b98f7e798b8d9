"""Lists from Excel: every row is read and checked like any entry, then written by the same actions, or none is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import actions as accounts
from accounts.jurisdiction import reaches
from accounts.models import User
from enterprises import actions, checks
from enterprises.kinds import SiteKind
from enterprises.models import Enterprise, Site, StatedFact
from enterprises.rules import normalise_credit_code
from enterprises.sheets import GRADE_COLUMNS, PERSON_COLUMNS, SITE_COLUMNS, UNIT_COLUMNS, Gazetteer, column_of
from geo.coordinates import Crs, in_china, to_wgs84
from geo.models import Region
from geo.serializers import SentPoint
from reference import law
from safety_api.actors import Actor
from safety_api.roles import OFFICE, Role
from safety_api.sheets import CellFault, Column, Row, Source, read_rows
from safety_api.trail import SYSTEM
from safety_api.words import folded

Columns = tuple[Column, ...]
Progress = Callable[[str, int], None]  # how far it is: rows `read`, `checked`, `written`
SHOW_EVERY = 500


def progress_not_shown(stage: str, rows: int) -> None:
    pass


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
def import_units(
    file: Source, *, by: Actor, skip_bad: bool = False, dry_run: bool = False, progress: Progress = progress_not_shown
) -> Outcome:
    """Raises WrongFile. A unit whose code, or name in the same village, is registered already is a fault of its row."""
    rows, places, book = _read(file, UNIT_COLUMNS, progress), gazetteer(), actions.book_for()
    for row in _with_progress(rows, progress):
        _place(row, UNIT_COLUMNS, places)
        _point(row, UNIT_COLUMNS)
        if {"sector", "unit_type", "region"} <= row.values.keys():
            _judge(row, UNIT_COLUMNS, checks.unit_faults(row.values, book))
            _reach(row, UNIT_COLUMNS, by)
    _refuse_doubles(rows)
    outcome = Outcome(len(rows))
    good = _good_rows(rows, outcome, skip_bad)
    outcome.warnings = [
        f"第 {row.number} 行：{'、'.join(words)}" for row in good if (words := checks.warnings_of(row.values))
    ]
    if not dry_run:
        outcome.written = actions.enrol((Enterprise(**actions.columns_of(row.values)) for row in good), by=by)
        progress("written", outcome.written)
    return outcome


def _read(file: Source, columns: Columns, progress: Progress) -> list[Row]:
    rows = read_rows(file, columns)
    progress("read", len(rows))
    return rows


def _with_progress(rows: list[Row], progress: Progress) -> Iterable[Row]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % SHOW_EVERY == 0 or number == len(rows):
            progress("checked", number)


def _fault(row: Row, columns: Iterable[Column], name: str, reason: str) -> None:
    row.fault(column_of(columns, name), reason.rstrip("。"))


def _place(row: Row, columns: Columns, places: Gazetteer) -> None:
    township, village = row.values.pop("township", ""), row.values.pop("village", "")
    if "region" in row.values:
        return
    try:
        row.values["region"] = places.village(township, village)
    except ValueError as error:
        field_at_fault = "village" if "村" in str(error) else "township"
        _fault(row, columns, field_at_fault if township or village else "region", str(error))


def _point(row: Row, columns: Columns) -> None:
    lon, lat, crs = (row.values.pop(name, None) for name in ("lon", "lat", "crs"))
    if lon is None and lat is None:
        return
    if crs is None or lon is None or lat is None:
        _fault(row, columns, "crs" if crs is None else "lon", "经度、纬度、坐标系须一并填写")
    elif not in_china(lon, lat):
        _fault(row, columns, "lon", "坐标不在中国范围内")
    else:
        row.values["location"] = SentPoint(lon, lat, crs, None, *to_wgs84(lon, lat, Crs(crs)))


def _judge(row: Row, columns: Columns, faults: Iterable[checks.Fault]) -> None:
    for fault in faults:
        _fault(row, columns, fault.field, fault.sentence)


def _reach(row: Row, columns: Columns, by: Actor) -> None:
    """Nobody writes a record that they could not see afterwards."""
    region, sectors = row.values["region"], [row.values["sector"], *row.values.get("sectors", ())]
    if by is SYSTEM or any(reaches(by, region_code=region, sector=each) for each in sectors):
        return
    _fault(row, columns, "region" if not reaches(by, region_code=region, sector=None) else "sector", "不在您的管辖范围")


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


# --- sites -----------------------------------------------------------------------------------------------------
@transaction.atomic
def import_sites(
    file: Source, *, by: Actor, skip_bad: bool = False, dry_run: bool = False, progress: Progress = progress_not_shown
) -> Outcome:
    """Raises WrongFile. A site of the same kind and name in the same village, or a vehicle of the same number, is there already."""
    rows, places, book = _read(file, SITE_COLUMNS, progress), gazetteer(), actions.book_for()
    units = _units_named({row.values["unit"] for row in rows if "unit" in row.values}, by)
    for row in _with_progress(rows, progress):
        _place(row, SITE_COLUMNS, places)
        _point(row, SITE_COLUMNS)
        _unit_named(row, SITE_COLUMNS, units)
        if {"kind", "sector", "region"} <= row.values.keys():
            _judge(row, SITE_COLUMNS, checks.site_faults(row.values, book))
            _reach(row, SITE_COLUMNS, by)
    _refuse_double_sites(rows)
    outcome = Outcome(len(rows))
    good = _good_rows(rows, outcome, skip_bad)
    if not dry_run:
        outcome.written = actions.enrol_sites((Site(**actions.columns_of(row.values)) for row in good), by=by)
        progress("written", outcome.written)
    return outcome


def _units_named(written: set[str], by: Actor) -> dict[str, list[Any]]:
    """Units of one's jurisdiction by the code or the name that cells give: two queries for the whole list."""
    units = Enterprise.objects.all() if by is SYSTEM else Enterprise.objects.visible_to(by)
    found: dict[str, list[Any]] = {}
    for column, words in (("credit_code", {normalise_credit_code(word) for word in written}), ("name", written)):
        for key, word in units.filter(**{f"{column}__in": words}).values_list("pk", column):
            found.setdefault(word, []).append(key)
    return found


def _unit_named(row: Row, columns: Columns, units: dict[str, list[Any]]) -> None:
    written = row.values.pop("unit", None)
    if written is None:
        return
    found = units.get(normalise_credit_code(written)) or units.get(written, [])
    if len(found) == 1:
        row.values["enterprise_id"] = found[0]
    else:
        _fault(row, columns, "unit", "没有这家单位" if not found else "有不止一家同名单位，请填信用代码")


def _refuse_double_sites(rows: list[Row]) -> None:
    kinds = {row.values.get("kind") for row in rows}
    there = Site.objects.filter(kind__in=kinds - {None}).values_list("kind", "name", "region_code")
    known = {_same_site(*each) for each in there.iterator()}
    for row in rows:
        key = _same_site(*(row.values.get(name, "") for name in ("kind", "name", "region")))
        if key in known:
            _fault(row, SITE_COLUMNS, "name", "已登记，或在本表中重复")
        known.add(key)


def _same_site(kind: str, name: str, region: str) -> tuple[str, ...]:
    return (kind, folded(name)) if kind == SiteKind.VEHICLE else (kind, folded(name), region)


# --- grades that ceilings of inspections go by ------------------------------------------------------------------
@transaction.atomic
def import_grades(
    file: Source, *, by: Actor, skip_bad: bool = False, dry_run: bool = False, progress: Progress = progress_not_shown
) -> Outcome:
    """Raises WrongFile. A grade that stands already, of the same unit, kind and first day, is a fault of its row."""
    rows, book = _read(file, GRADE_COLUMNS, progress), actions.book_for("-")
    units = _units_named({row.values["unit"] for row in rows if "unit" in row.values}, by)
    for row in _with_progress(rows, progress):
        _unit_named(row, GRADE_COLUMNS, units)
        if {"kind", "grade", "held_from"} <= row.values.keys():
            row.values["value"] = {"grade": row.values.pop("grade")}
            _judge(row, GRADE_COLUMNS, checks.fact_faults(row.values, book))
    _refuse_double_grades(rows)
    outcome = Outcome(len(rows))
    good = _good_rows(rows, outcome, skip_bad)
    for row in good if not dry_run else ():
        actions.state_fact(row.values.pop("enterprise_id"), by=by, **row.values)
        outcome.written += 1
    progress("written", outcome.written)
    return outcome


def _refuse_double_grades(rows: list[Row]) -> None:
    units = {row.values.get("enterprise_id") for row in rows} - {None}
    there = StatedFact.objects.known().filter(enterprise__in=units)
    known: set[tuple[Any, ...]] = set(there.values_list("enterprise", "kind", "held_from"))
    for row in rows:
        key = tuple(row.values.get(name) for name in ("enterprise_id", "kind", "held_from"))
        if key in known:
            _fault(row, GRADE_COLUMNS, "held_from", "这一天的等级已登记，或在本表中重复；有误的请更正原记录")
        known.add(key)


# --- people -----------------------------------------------------------------------------------------------------
@transaction.atomic
def import_people(file: Source, *, by: Actor, skip_bad: bool = False) -> Outcome:
    """Raises WrongFile. Everybody gets a first password, to be changed at the first sign-in."""
    rows, places = read_rows(file, PERSON_COLUMNS), gazetteer()
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
