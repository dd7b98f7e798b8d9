"""A list of those who may inspect, as the county published it: entered by the bureau or the committee's office, with its day and source."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from inspections.bodies.facts import townships_named
from reference import bodies, law
from reference.actions import SilentChange, publish
from reference.models import Document
from reference.terms import DepartmentKind
from reference.versions import Version
from safety_api.actors import Actor
from safety_api.problems import (
    BEFORE_THE_LAW,
    BODY_NEVER_LISTED,
    IN_THE_FUTURE,
    LIST_STANDS,
    TWICE,
    UNKNOWN_BODY,
    ProblemKind,
)
from safety_api.trail import record

VERSION = "1"
TITLE = "行政检查主体名单"
Row = dict[str, Any]


@transaction.atomic
def enter(
    *, by: Actor, published_on: date, source: str, rows: Sequence[Row], title: str = "", reason: str = ""
) -> tuple[Document, bool]:
    """The whole list, from the day of its publication until a later one: (document, changed). What was entered of a day is put right with a
    `reason`; what stood before is in the trail.

    Raises IN_THE_FUTURE, BEFORE_THE_LAW, UNKNOWN_BODY, BODY_NEVER_LISTED, TWICE, LIST_STANDS.
    """
    _check_day(published_on, "/published_on")
    for place, each in enumerate(rows):
        if each.get("published_on"):
            _check_day(each["published_on"], f"/bodies/{place}/published_on")
    said = [_told(each) for each in rows]
    _check_rows(said, published_on)
    made = Version(
        Path(),
        bodies.LIST,
        published_on.isoformat(),
        VERSION,
        title or TITLE,
        published_on,
        None,
        source,
        {"bodies": said},
    )
    before = Document.objects.filter(kind=bodies.LIST, code=made.code, version=VERSION).first()
    if before is not None and before.digest == made.digest:
        return before, False
    try:
        document = publish(made, by=by, corrects=bool(reason))
    except SilentChange:
        raise LIST_STANDS(day=published_on.isoformat()) from None
    record(
        by, "inspection_bodies.enter", document, published_on=made.code, source=source, bodies=[each["body"] for each in said],
        before=before and before.body["bodies"], reason=reason,
    )  # fmt: skip
    return document, True


def _check_day(published_on: date, pointer: str) -> None:
    first = law.first_day("inspecting")
    if published_on > timezone.localdate():
        raise IN_THE_FUTURE.at(pointer)
    if published_on < first:
        said = {"day": first.isoformat()}
        raise BEFORE_THE_LAW.at(pointer, said=BEFORE_THE_LAW.sentence(**said), **said)


def _told(row: Mapping[str, Any]) -> Row:
    """As the document keeps it: a township by its nine digits, days as text, nothing that was not said."""
    code = row["body"][: bodies.TOWNSHIP_DIGITS] if row["body"].isdigit() else row["body"]
    day = row.get("published_on")
    told = {**row, "body": code, "sectors": list(row.get("sectors", ())), "published_on": day and day.isoformat()}
    return {name: value for name, value in told.items() if value}


def _check_rows(rows: Sequence[Row], on: date) -> None:
    townships = townships_named(each["body"] for each in rows if each["body"].isdigit())
    seen: set[str] = set()
    for place, each in enumerate(rows):
        if wrong := _wrong(each["body"], on, townships, seen):
            raise wrong.at(f"/bodies/{place}/body")
        seen.add(each["body"])


def _wrong(code: str, on: date, townships: Collection[str], seen: set[str]) -> ProblemKind | None:
    department = law.books().departments.get(code)
    if code in seen:
        return TWICE
    if department is None and code not in townships:
        return UNKNOWN_BODY
    office = department is not None and department.kind == DepartmentKind.OFFICE
    return BODY_NEVER_LISTED if office or bodies.is_coordinating(code, on) else None
