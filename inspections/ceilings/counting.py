"""Visits into kept figures: of a unit all its years or one, the same however often and in whatever order it is done.

What a visit counts as, and which ceiling it meets, is judged by the rules and by the unit of its own day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.timezone import localdate

from accounts.models import User
from enterprises.inspection_keys import as_of, unit_on_day
from enterprises.models import Enterprise
from inspections.ceilings import documents
from inspections.course.facts import rule_of
from inspections.course.rules import Counted, assumed_type, counted
from inspections.models import Inspection, VisitKind, YearCount
from safety_api.days import during
from safety_api.outbox import send
from safety_api.parts import in_parts
from safety_api.remarks import Remark
from safety_api.trail import SYSTEM, line, record_many

BATCH = 500
COUNTY = 6  # signs of a county's code: who works above it has fewer
REVIEW, SUPERVISION = "review", "supervision"
COUNTED, BESIDE = "counted", "beside"  # besides 督导, what visits of a year are numbered by
COLUMNS = (
    "enterprise_id", "kind", "authority", "type", "source", "department", "joint_departments", "warnings", "joined_to_id",
)  # fmt: skip


class Key(NamedTuple):
    enterprise: UUID
    year: int
    department: str
    word: str


class Figures(NamedTuple):
    made: int
    counted: int


@dataclass
class Found:
    """What the visits of some units amount to."""

    counts: dict[Key, Figures] = field(default_factory=dict)
    places: dict[UUID, int] = field(
        default_factory=dict
    )  # visit → which one of its kind in its year, for its own department
    over: set[UUID] = field(default_factory=set)
    remarked: set[UUID] = field(default_factory=set)  # as it stands


# --- keeping ------------------------------------------------------------------------------------------------------------
def hold(units: Iterable[UUID | None]) -> None:
    """Until the transaction ends. Whoever locks visits and recounts after it holds their units first: a recount goes from the unit to
    its visits, and two that came from either side would wait for each other."""
    keys = sorted(str(each) for each in units if each)
    list(Enterprise.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


@transaction.atomic
def recount(units: Iterable[UUID], year: int | None = None) -> int:
    """Writes what differs, and who is over the ceiling; returns how many rows and remarks were put right. The units stay locked: of two
    at once the later one has seen the earlier one's visits. `year`: the only one that changed."""
    keys = sorted(set(units))
    hold(keys)
    found = counts_of(keys, year)
    return _keep(kept(keys, year), found.counts) + _remark(found)


def recount_year_of(visit: UUID | str, unit: UUID) -> None:
    """Of one that came: no other year is another by it."""
    if started_at := Inspection.objects.filter(pk=visit).values_list("started_at", flat=True).first():
        recount([unit], localdate(started_at).year)


def _keep(known: Mapping[Key, Figures], wanted: Mapping[Key, Figures]) -> int:
    gone, fresh = known.keys() - wanted.keys(), {key: each for key, each in wanted.items() if known.get(key) != each}
    for unit, year, department, word in gone:
        YearCount.objects.filter(enterprise=unit, year=year, department=department, word=word).delete()
    rows = [
        YearCount(
            enterprise_id=key.enterprise, year=key.year, department=key.department, word=key.word, **each._asdict()
        )
        for key, each in fresh.items()
    ]
    YearCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["enterprise", "year", "department", "word"], update_fields=["made", "counted"],
    )  # fmt: skip
    return len(gone) + len(fresh)


def kept(units: Iterable[UUID], year: int | None = None) -> dict[Key, Figures]:
    rows = YearCount.objects.filter(enterprise__in=list(units), **({"year": year} if year else {}))
    return {
        Key(*row[:4]): Figures(*row[4:])
        for row in rows.values_list("enterprise", "year", "department", "word", "made", "counted")
    }


def _remark(found: Found) -> int:
    """A visit that is over the ceiling says so, and one that is not any more says so no longer."""
    changed, lines = found.over ^ found.remarked, []
    for visit in Inspection.objects.filter(pk__in=changed).select_for_update(no_key=True).order_by("pk"):
        verb = "inspection.remark" if visit.pk in found.over else "inspection.remark_dropped"
        words = set(visit.warnings) ^ {Remark.OVER_CEILING}
        Inspection.objects.filter(pk=visit.pk).update(warnings=sorted(words))
        lines.append(line(SYSTEM, verb, visit, words=[Remark.OVER_CEILING]))
    record_many(lines)
    return len(lines)


# --- all of them --------------------------------------------------------------------------------------------------------
def begin_recount() -> None:
    send("inspection.recount", {"after": str(UUID(int=0))})


@transaction.atomic
def continue_recount(after: UUID) -> None:
    """By the worker: one part, and the message for the next."""
    keys = list(visited(after)[:BATCH])
    if keys:
        recount(keys)
        send("inspection.recount", {"after": str(keys[-1])})


def visited(after: UUID) -> Any:
    units = Enterprise.objects.filter(Exists(Inspection.objects.filter(enterprise=OuterRef("pk"))), pk__gt=after)
    return units.order_by("pk").values_list("pk", flat=True)


def rebuild(*, check: bool) -> Iterator[tuple[UUID, int]]:
    """All units that have visits or figures, from nothing: each with how much differs (`check`) or was put right."""
    units = {*visited(UUID(int=0)), *YearCount.objects.values_list("enterprise", flat=True)}
    for keys in in_parts(sorted(units), BATCH):
        for unit in keys if not check else ():
            yield unit, recount([unit])
        if check:
            yield from _differences(keys)


def _differences(units: list[UUID]) -> Iterator[tuple[UUID, int]]:
    found, known = counts_of(units), kept(units)
    differ = Counter(
        key.enterprise for key in found.counts.keys() | known.keys() if found.counts.get(key) != known.get(key)
    )
    odd = Inspection.objects.filter(pk__in=found.over ^ found.remarked).values_list("enterprise", flat=True)
    differ.update(odd)
    yield from sorted(differ.items())


# --- counting -----------------------------------------------------------------------------------------------------------
def counts_of(units: Iterable[UUID], year: int | None = None) -> Found:
    """One statement, however many."""
    found, made, counting = Found(), Counter[Key](), Counter[Key]()
    nth: dict[tuple[UUID, int, str], Counter[str]] = defaultdict(Counter)
    for visit in _visits(units, year):
        if Remark.OVER_CEILING in visit.warnings:
            found.remarked.add(visit.pk)
        what = what_it_is(visit)
        if visit.joined_to_id or not (what.word or what.counts):
            continue
        for place, department in enumerate(_departments(visit)):
            key = Key(visit.enterprise_id, visit.day.year, department, word_of(visit, what))
            made[key] += 1
            counting[key] += what.counts
            seen = nth[key[:3]]
            seen[_line(what)] += 1
            if not place and _line(what) != BESIDE:
                found.places[visit.pk] = seen[_line(what)]
            if _is_over(visit, what, department, seen):
                found.over.add(visit.pk)
    found.counts = {key: Figures(times, counting[key]) for key, times in made.items()}
    return found


def _visits(units: Iterable[UUID], year: int | None) -> Iterable[Any]:
    """In the order of the year, each with its day, its maker's place and its unit as it was then."""
    people = User.objects.filter(pk=OuterRef("by_id")).values("region")[:1]
    rows = Inspection.objects.filter(enterprise__in=list(units)).only(*COLUMNS, "started_at", "region_code")
    if year:
        rows = rows.filter(during("started_at", date(year, 1, 1), date(year, 12, 31)))
    rows = rows.annotate(
        day=TruncDate("started_at"), by_region=Coalesce(Subquery(people), Value(""), output_field=CharField())
    )
    return rows.annotate(**as_of(OuterRef("enterprise_id"), OuterRef("day"))).order_by("started_at", "pk").iterator()


def what_it_is(visit: Any) -> Counted:
    """`visit`: anything with these columns and its day. One from 2025 on that says no type is taken as it would be today."""
    rule = rule_of(visit.day)
    type = visit.type or (assumed_type(visit.kind) if rule else "")
    what = counted(rule, authority=visit.authority, kind=visit.kind, type=type, source=visit.source)
    from_above = 0 < len(visit.by_region) < COUNTY
    return what._replace(counts=False) if from_above and not documents.counting(visit.day)["superiors_share"] else what


def word_of(visit: Any, what: Counted) -> str:
    return REVIEW if visit.kind == VisitKind.REVIEW and what.word != SUPERVISION else what.word


def _departments(visit: Any) -> list[str]:
    sector = (visit.was or visit.is_now)["sector"]
    return documents.counted_for(visit.department, visit.joint_departments, sector, visit.day)


def _line(what: Counted) -> str:
    return SUPERVISION if what.word == SUPERVISION else COUNTED if what.counts else BESIDE


def _is_over(visit: Any, what: Counted, department: str, seen: Counter[str]) -> bool:
    """`seen`: of the year for this department, this visit with them. A case may exceed, and is no remark."""
    if what.word == SUPERVISION:
        most = documents.supervision_most(department, visit.day)
    elif what.counts:
        most = documents.ceiling_of(department, unit_on_day(visit, visit.day), visit.day)[0].times
    else:
        return False
    return most is not None and seen[_line(what)] > most
