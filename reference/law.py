"""What holds on a day. All of it is small and is kept in memory; the newest load is asked for at most every 30 seconds.

What is returned is shared by all threads: read it, never write into it. Days are days in Asia/Shanghai.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone

from reference import rules
from reference.models import Department, Document, EnteredClause, Holiday, Load, Sector, SectorDepartment
from reference.terms import DayKind
from safety_api.field_times import Sending, Tolerance, clock_of
from safety_api.problems import NO_RULE, UNKNOWN_SECTOR

Made = TypeVar("Made")
CHECK_EVERY = 30.0  # seconds
GENERAL = "general"


@dataclass(frozen=True)
class Books:
    """Everything that was loaded, as of one load."""

    load: int | None
    documents: dict[str, list[Document]]
    calendar: dict[date, bool]
    notices: dict[int, str]  # year → the notice of its holidays
    sectors: dict[str, Sector]
    departments: dict[str, Department]
    assignments: list[SectorDepartment]
    entered: list[EnteredClause] = field(default_factory=list)
    understood: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # what readers made of documents


_books: Books | None = None
_checked = 0.0


def books() -> Books:
    return _books if _books is not None and time.monotonic() - _checked <= CHECK_EVERY else renew()


def renew() -> Books:
    """Reads the tables again if there was a load since. One query when there was none."""
    global _books, _checked
    known, newest = _books, newest_load()
    if known is None or known.load != newest:
        known = _read(newest)
    _books, _checked = known, time.monotonic()
    return known


def forget() -> None:
    """The next question reads the tables again."""
    global _books
    _books = None


def newest_load() -> int | None:
    return Load.objects.order_by("-pk").values_list("pk", flat=True).first()


def _read(newest: int | None) -> Books:
    documents: dict[str, list[Document]] = defaultdict(list)
    holidays = list(Holiday.objects.values_list("day", "is_workday", "source"))
    for each in Document.objects.all():
        documents[each.kind].append(each)
    return Books(
        load=newest,
        documents=dict(documents),
        calendar={day: is_workday for day, is_workday, _ in holidays},
        notices={day.year: source for day, _, source in holidays if rules.is_national_day(day)},
        sectors={each.code: each for each in Sector.objects.all()},
        departments={each.code: each for each in Department.objects.all()},
        assignments=list(SectorDepartment.objects.select_related("department").order_by("sector__order", "order")),
        entered=list(EnteredClause.objects.standing().order_by("edition", "pk")),
    )


# --- rules ------------------------------------------------------------------------------------------------------------
def all_in_force(on: date, kind: str | None = None, code: str | None = None) -> list[Document]:
    kinds = books().documents
    found = kinds.get(kind, []) if kind else [each for one in kinds.values() for each in one]
    return [each for each in found if each.holds(on) and code in (None, each.code)]


def in_force(kind: str, on: date, code: str | None = None) -> Document:
    """The version that holds on `on` (first and last day included). `code` may be left out where a kind has only one.

    Raises NO_RULE; ValueError when the kind has several codes and none was given.
    """
    found = all_in_force(on, kind, code)
    if not found:
        raise NO_RULE(kind=kind, on=on.isoformat())
    if len(found) > 1:
        raise ValueError(f"{kind} has several codes, name one of {[each.code for each in found]}")
    return found[0]


def read(kind: str, on: date, reader: Callable[[Document], Made], code: str | None = None) -> Made:
    """What `reader` makes of the version that holds on `on`, made once a load. Raises NO_RULE."""
    return understood(reader, in_force(kind, on, code))


def understood(reader: Callable[..., Made], *documents: Document | None) -> Made:
    """The same of versions at hand. `reader` is a function of a module: reading a policy costs more than a ranking by it."""
    known, name = books().understood, (reader, *map(_name, documents))
    if name not in known:
        known[name] = reader(*documents)
    return known[name]


def _name(document: Document | None) -> tuple[str, ...]:
    return (document.kind, document.code, document.version, document.digest) if document else ()


def in_force_or_first(kind: str, on: date) -> Document:
    """The version that holds on `on`; of a day before all of them the first. For a kind with one code."""
    return next(iter(all_in_force(on, kind)), None) or min(
        books().documents[kind], key=lambda each: each.effective_from
    )


def first_day(kind: str) -> date:
    """On which the first version of a kind came into force."""
    return min(each.effective_from for each in books().documents[kind])


def field_remarks(on: date) -> dict[str, Any]:
    """How far, how vague, how near is worth a remark; of a day before all of them by the first."""
    return in_force_or_first("field_remarks", on).body


def version(kind: str, code: str, name: str) -> Document | None:
    """One version by its name, whatever the day: a phone may have been offline when the next one came."""
    return next((each for each in books().documents.get(kind, []) if (each.code, each.version) == (code, name)), None)


def has_code(kind: str, on: date, code: str) -> bool:
    return bool(all_in_force(on, kind, code))


def checklist(sector_code: str, on: date) -> Document:
    """What an inspector of this sector answers: the sector's own list, the general one where it has none (DOMAIN §1.2).

    Raises UNKNOWN_SECTOR, NO_RULE.
    """
    sector(sector_code)
    return in_force("checklist", on, sector_code if has_code("checklist", on, sector_code) else GENERAL)


def own_checklist(sector_code: str, department_code: str, on: date) -> Document:
    """The list that a department wrote for a sector. Raises UNKNOWN_SECTOR, NO_RULE."""
    sector(sector_code)
    return in_force("checklist", on, own_code(sector_code, department_code))


def own_checklists(sector_code: str, on: date) -> list[Document]:
    """The lists that departments wrote for a sector, besides the one that `checklist` gives."""
    return [each for each in all_in_force(on, "checklist") if each.code.startswith(own_code(sector_code, ""))]


def own_code(sector_code: str, department_code: str) -> str:
    return f"{sector_code}.{department_code}"


def targets(year: int) -> Document:
    """Targets of a year: its own, else the last ones before it, whose year is `body["year"]`. Raises NO_RULE."""
    return in_force("targets", date(year, 12, 31))


def deadline(code: str, on: date) -> dict[str, Any]:
    """One row of the deadlines in force, such as `general`. Raises KeyError for a row it does not have."""
    return read("deadlines", on, by_code)[code]


def by_code(document: Document) -> dict[str, dict[str, Any]]:
    """The rows of a document that has `items`."""
    return {each["code"]: each for each in document.body["items"]}


def sending(device: Any, received_at: datetime) -> Sending:
    """What came from the field just now, by what is believed of phones on that day; `device` as the phone sent it."""
    believed = understood(_tolerance, in_force_or_first("field_times", timezone.localdate(received_at)))
    return Sending(received_at, clock_of(device), believed)


def _tolerance(document: Document) -> Tolerance:
    return Tolerance.read(document.body)


def hazard_steps(on: date) -> dict[str, Any]:
    """What the steps of a hazard ask for. Raises NO_RULE."""
    return in_force("hazard_steps", on).body


def hazard_standards(on: date, sector_code: str | None = None) -> list[dict[str, Any]]:
    """Titles of the judgement standards that hold on a day; of those with an edition of criteria, what the edition says. One without a
    known first day counts from its year."""
    editions = [_as_standard(each) for each in books().documents.get("criteria", [])]
    told = {each["code"] for each in editions}
    register = [each for each in in_force("hazard_standards", on).body["standards"] if each["code"] not in told]
    return [
        each for each in [*editions, *register] if sector_code in (None, each["sector"]) and standard_holds(each, on)
    ]


def _as_standard(edition: Document) -> dict[str, Any]:
    body, code = edition.body, f"{edition.code}.{edition.version.partition('@')[0]}"
    is_sure = body.get("first_day_verified", True)
    return {
        "code": body.get("register", code), "edition": code, "sector": body["sectors"][0], "title": edition.title, "number": body["number"],
        "year": edition.effective_from.year, "verified": is_sure, "note": body.get("read_note", ""),
        **({"from": edition.effective_from.isoformat()} if is_sure else {}),
        **({"to": edition.effective_to.isoformat()} if edition.effective_to else {}),
    }  # fmt: skip


def standard_holds(standard: dict[str, Any], on: date) -> bool:
    first = standard.get("from") or f"{standard.get('year', 0):04}-01-01"
    return first <= on.isoformat() <= standard.get("to", "9999-12-31")


# --- sectors and departments ------------------------------------------------------------------------------------------
def sector(code: str) -> Sector:
    """Raises UNKNOWN_SECTOR."""
    try:
        return books().sectors[code]
    except KeyError:
        raise UNKNOWN_SECTOR() from None


def sectors(priority_only: bool = False) -> list[Sector]:
    """In the notice's order."""
    return [each for each in books().sectors.values() if each.is_priority or not priority_only]


def departments_of(sector_code: str, on: date) -> list[SectorDepartment]:
    """Who has to do with a sector on a day, the one mainly responsible first."""
    return [
        each
        for each in books().assignments
        if each.sector_id == sector_code and each.valid_from <= on and (each.valid_to is None or on <= each.valid_to)
    ]


def lead_department(sector_code: str, on: date) -> str | None:
    """Code of the department that supervises a sector; None before our data begins."""
    return next((each.department_id for each in departments_of(sector_code, on) if each.role == "supervise"), None)


def department(code: str) -> Department:
    """Raises KeyError."""
    return books().departments[code]


# --- days -------------------------------------------------------------------------------------------------------------
def calendar() -> rules.Calendar:
    return books().calendar


def is_working_day(day: date) -> bool:
    return rules.is_working_day(day, calendar())


def working_days_after(day: date, n: int) -> date:
    return rules.working_days_after(day, n, calendar())


def days_after(day: date, n: int, day_kind: str) -> date:
    return rules.days_after(day, n, day_kind, calendar())


def is_provisional(after: date, due: date, day_kind: str) -> bool:
    """A date counted in working days over a year whose days are not announced yet."""
    return day_kind == DayKind.WORKING and bool(years_by_weekends_only(after, due))


def years_by_weekends_only(first: date, last: date) -> list[int]:
    return rules.years_by_weekends_only(first, last, calendar())
