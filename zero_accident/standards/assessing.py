"""The nine creation standards (五到位、两健全、一落实、一及时): assessing them, and who has not met them.

An assessment is of the day on which it was made; until the next one of the same standard it stands. A subject is
accepted for the year when all nine stand passed; what is assessed after the year counts for its last day. Under the
mode `accident_only` all of this is kept and shown, and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from enterprises.models import Condition, Enterprise
from geo.models import Region
from reference.terms import Standard, Subject
from safety_api.actors import Actor
from safety_api.permissions import scope_of
from safety_api.problems import (
    BEFORE_THE_YEAR,
    IN_THE_FUTURE,
    REASON_REQUIRED,
    TWICE,
    UNKNOWN_ENTERPRISE,
    UNKNOWN_REGION,
)
from safety_api.trail import line, record_many
from zero_accident import rules
from zero_accident.figures import keeping, rebuilding
from zero_accident.models import StandardMark, StandardSheet
from zero_accident.policies import lookup

Key = tuple[str, UUID | None]  # a village's code and nothing, or "" and a unit


@dataclass(frozen=True)
class Result:
    standard: str
    passed: bool
    reason: str = ""


@dataclass
class Assessed:
    """What an assessment changed: the sheets it is about, and how many marks are new."""

    sheets: list[StandardSheet] = field(default_factory=list)
    marks: int = 0


@transaction.atomic
def assess_standards(
    *, by: Actor, year: int, results: Sequence[Result], villages: Sequence[str] = (), enterprises: Sequence[UUID] = (),
    held_on: date | None = None, document: str = "",
) -> Assessed:  # fmt: skip
    """These results held on that day (today) for each of these villages and units; other standards stay as they were.
    One line in the trail a subject. The same again changes nothing; another result of the same day replaces it.

    Raises IN_THE_FUTURE, BEFORE_THE_YEAR, TWICE, REASON_REQUIRED; UNKNOWN_REGION, UNKNOWN_ENTERPRISE for what lies
    outside the person's jurisdiction or was no village of that day.
    """
    held_on = held_on or timezone.localdate()
    _check(year, held_on, results, villages, enterprises)
    subjects = _subjects(by, year, held_on, villages, enterprises)
    sheets = _sheets(year, subjects)
    new = _marks(sheets.values(), by=by, results=results, held_on=held_on, document=document)
    touched = {sheet.pk for sheet in (each.sheet for each in new)}
    details = {"year": year, "held_on": str(held_on), "document": document}
    record_many(
        line(
            by, "zero_accident.assess_standards", subjects[key], **details,
            passed=[each.standard for each in results if each.passed],
            failed={each.standard: each.reason for each in results if not each.passed},
        )
        for key, sheet in sheets.items()
        if sheet.pk in touched
    )  # fmt: skip
    villages_of = [subjects[key].region_code for key, sheet in sheets.items() if sheet.pk in touched]
    if touched:
        follow(year, [*villages_of, *_where_units_are([key for _, key in sheets if key])])
    return Assessed(list(sheets.values()), len(new))


def _where_units_are(units: Sequence[UUID]) -> list[str]:
    """At the end of any year too: a unit may have moved since."""
    if not units:
        return []
    codes = Condition.objects.known().filter(enterprise__in=units).values_list("region_code", flat=True)
    return list(codes.distinct())


def follow(year: int, places: Iterable[str]) -> None:
    """The figures of these places, where a policy asks for the standards; nothing otherwise."""
    asking = [policy for policy in lookup.policies_of(year) if policy.mode == "accident_and_standard"]
    if not asking:
        return
    keeping.lock(year)
    townships = keeping.townships_of(places)
    for policy in asking:
        keeping.refresh(policy, year, townships, reason="创建标准评定")


# --- what is refused -------------------------------------------------------------------------------------------------
def _check(
    year: int, held_on: date, results: Sequence[Result], villages: Sequence[str], enterprises: Sequence[UUID]
) -> None:
    today = timezone.localdate()
    for pointer, ahead in (("/year", year > today.year), ("/held_on", held_on > today)):
        if ahead:
            raise IN_THE_FUTURE.at(pointer)
    if held_on.year < year:
        raise BEFORE_THE_YEAR.at("/held_on")
    for pointer, named in (("villages", villages), ("enterprises", enterprises)):
        _check_once(pointer, named)
    _check_once("results", [each.standard for each in results], "/standard")
    for place, each in enumerate(results):
        if not each.passed and not each.reason:
            raise REASON_REQUIRED.at(f"/results/{place}/reason")


def _check_once(pointer: str, named: Sequence[Any], part: str = "") -> None:
    for place, each in enumerate(named):
        if each in named[:place]:
            raise TWICE.at(f"/{pointer}/{place}{part}")


def _subjects(
    by: Actor, year: int, held_on: date, villages: Sequence[str], enterprises: Sequence[UUID]
) -> dict[Key, Region | Enterprise]:
    """Locked, in one order for everybody: two people assess the same subject one after the other."""
    day = min(held_on, date(year, 12, 31))
    theirs = scope_of(by, region="code", sector=None, unit=None)
    listed = Region.objects.on(day).villages().filter(theirs).filter(code__in=villages).order_by("code")
    found: dict[Key, Region | Enterprise] = {(each.code, None): each for each in _locked(listed)}
    for place, code in enumerate(villages):
        if (code, None) not in found:
            raise UNKNOWN_REGION.at(f"/villages/{place}")
    units = Enterprise.objects.visible_to(by).filter(pk__in=enterprises).order_by("pk")
    found |= {("", each.pk): each for each in _locked(units)}
    for place, key in enumerate(enterprises):
        if ("", key) not in found:
            raise UNKNOWN_ENTERPRISE.at(f"/enterprises/{place}")
    return found


def _locked(rows: Any) -> Any:
    return rows.select_for_update(of=("self",), no_key=True)


def _sheets(year: int, subjects: Mapping[Key, Any]) -> dict[Key, StandardSheet]:
    def existing() -> dict[Key, StandardSheet]:
        mine = Q(village__in=[code for code, _ in subjects if code]) | Q(
            enterprise__in=[unit for _, unit in subjects if unit]
        )
        rows = StandardSheet.objects.filter(mine, year=year).order_by("pk")
        return {(sheet.village, sheet.enterprise_id): sheet for sheet in rows}

    known = existing()
    new = [key for key in subjects if key not in known]
    if not new:
        return known
    StandardSheet.objects.bulk_create(
        StandardSheet(subject=Subject.UNIT if unit else Subject.VILLAGE, village=code, enterprise_id=unit, year=year)
        for code, unit in new
    )
    return existing()


def _marks(
    sheets: Iterable[StandardSheet], *, by: Actor, results: Sequence[Result], held_on: date, document: str
) -> list[StandardMark]:
    """What differs from what stands of that day is closed with this moment and written anew."""
    sheets, now = list(sheets), timezone.now()
    rows = StandardMark.objects.known().filter(sheet__in=sheets, held_on=held_on)
    existing = {(each.sheet_id, each.standard): each for each in rows}
    wanted = [
        StandardMark(
            sheet=sheet, standard=each.standard, passed=each.passed, reason=each.reason, held_on=held_on,
            document=document, by_id=by.pk, by_name=by.name, by_role=by.role, known_from=now,
        )
        for sheet in sheets
        for each in results
    ]  # fmt: skip
    new = [each for each in wanted if not _says_the_same(existing.get((each.sheet_id, each.standard)), each)]
    past = [existing[key].pk for each in new if (key := (each.sheet_id, each.standard)) in existing]
    StandardMark.objects.filter(pk__in=past).update(known_to=now)
    StandardMark.objects.bulk_create(new, batch_size=rebuilding.BATCH)
    touched = {each.sheet_id for each in new}
    StandardSheet.objects.filter(pk__in=touched).update(year=F("year"))  # stamps them: an answer is made from the marks
    return new


def _says_the_same(before: StandardMark | None, mark: StandardMark) -> bool:
    said = ("passed", "reason", "document")
    return before is not None and all(getattr(before, name) == getattr(mark, name) for name in said)


# --- as they are shown -----------------------------------------------------------------------------------------------
def with_marks(sheets: Sequence[Any]) -> list[Any]:
    """What stands of each, in the order of the nine, what it lacks, and where it lies; three queries."""
    marks: dict[int, dict[str, StandardMark]] = {sheet.pk: {} for sheet in sheets}
    for mark in StandardMark.objects.stands().filter(sheet__in=list(marks)):
        marks[mark.sheet_id][mark.standard] = mark
    units = Enterprise.objects.in_bulk([sheet.enterprise_id for sheet in sheets if sheet.enterprise_id])
    places = {sheet.pk: sheet.village or units[sheet.enterprise_id].region_code for sheet in sheets}
    names = dict(Region.objects.filter(code__in=places.values()).values_list("code", "name"))
    for sheet in sheets:
        known = marks[sheet.pk]
        sheet.region = places[sheet.pk]
        sheet.region_name = names.get(sheet.region, "")
        sheet.name = units[sheet.enterprise_id].name if sheet.enterprise_id else sheet.region_name
        sheet.shown_marks = [known[code] for code in Standard.values if code in known]
        sheet.missing = list(rules.missing({code: mark.passed for code, mark in known.items()}))
        sheet.accepted = not sheet.missing
    return list(sheets)
