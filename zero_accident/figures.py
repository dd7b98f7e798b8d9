"""The kept figures: an accident's effects and breaks, who is broken, tallies, standings — and their revisions.

Everything is written the same way: what the rules say now is compared with what stands, and the difference is
written. So a change in the transaction of a fact, a nightly refresh and a rebuild from nothing cannot disagree. An
accident touches the rows of its own places and no others. Writers of one year's figures wait for each other at a lock
of that year, readers never.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from enterprises.models import Condition
from geo.codes import whole
from geo.models import RegionSuccession
from safety_api.inserts import insert_all
from zero_accident import notices, reading, rules
from zero_accident.models import Accident, AccidentEffect, Break, Broken, FigureRevision, Standing, Tally
from zero_accident.querysets import in_parts, within
from zero_accident.standing import Figures, Period, Prefixes, period, work_out
from zero_accident.words import Charged

LOCK = 0x5A41  # with the year: pg_advisory_xact_lock
BATCH = 2000
MOST_SHOWN = 200


@dataclass(frozen=True)
class Table:
    """A kept table: what names a row, and what it says."""

    model: type[models.Model]
    key: tuple[str, ...]
    says: tuple[str, ...]

    def rows(self, standing: QuerySet) -> Iterator[tuple[int, tuple, tuple]]:
        for pk, *columns in standing.values_list("pk", *self.key, *self.says):
            yield pk, tuple(columns[: len(self.key)]), tuple(columns[len(self.key) :])


EFFECT = Table(
    AccidentEffect,
    ("accident_id",),
    ("occurred_on", "region_code", "breaks", "deaths", "provisional", "veto", "line", "reason"),
)
BREAK = Table(
    Break, ("accident_id", "village", "enterprise_id"), ("occurred_on", "line", "attribution", "reason", "provisional")
)
BROKEN = Table(
    Broken, ("subject", "key"), ("region_code", "unit_type", "sector_code", "broken_on", "provisional", "accidents")
)
TALLY = Table(
    Tally, ("region_code", "subject", "unit_type", "sector_code"), ("total", "broken", "provisional", "short")
)
STANDING = Table(
    Standing, ("region_code",),
    ("name", "zone", "villages_total", "villages_broken", "village_ratio", "units_total", "units_broken", "unit_ratio",
     "deaths", "accidents", "vetoes", "hazards_due", "hazards_on_time", "on_time_rate",
     "villages_short", "units_short"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One row that differs: nothing before is a new row, nothing after a row that falls away."""

    table: Table
    key: tuple
    before: tuple | None
    after: tuple | None
    pk: int | None = None

    def __str__(self) -> str:
        name = self.table.model._meta.verbose_name
        return f"{name} {'/'.join(map(str, self.key))}: {_said(self.before)} → {_said(self.after)}"


def _said(values: tuple | None) -> str:
    return "—" if values is None else " ".join(map(str, values))


def differences(table: Table, standing: QuerySet, wanted: Mapping[tuple, tuple]) -> list[Change]:
    found, seen = [], set()
    for pk, key, says in table.rows(standing):
        seen.add(key)
        if wanted.get(key) != says:
            found.append(Change(table, key, says, wanted.get(key), pk))
    return found + [Change(table, key, None, says) for key, says in wanted.items() if key not in seen]


def write(changes: Sequence[Change], **columns: Any) -> None:
    """Three statements a table at most; `columns` stand in every row written."""
    for table in dict.fromkeys(change.table for change in changes):
        mine = [change for change in changes if change.table is table]
        if gone := [change.pk for change in mine if change.after is None]:
            for keys in in_parts(gone):
                table.model._default_manager.filter(pk__in=keys).delete()
        rewrite([_row(change, columns) for change in mine if change.pk and change.after is not None], table.says)
        insert_all([_row(change, columns) for change in mine if change.pk is None])


def _row(change: Change, columns: Mapping[str, Any]) -> models.Model:
    said = zip((*change.table.key, *change.table.says), (*change.key, *(change.after or ())), strict=True)
    return change.table.model(pk=change.pk, **dict(said), **columns)


def rewrite(rows: Sequence[models.Model], columns: Iterable[str]) -> None:
    """UPDATE of many rows in one statement: these columns, and the revision where there is one."""
    if not rows:
        return
    model = type(rows[0])
    revised = ("revision",) if any(field.name == "revision" for field in model._meta.fields) else ()
    names = (*columns, *revised)
    sets = ", ".join(f'"{name}" = new."{name}"' for name in names)
    told = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" AS old SET {sets} FROM jsonb_populate_recordset(NULL::"{table}", %s::jsonb) AS new'  # noqa: S608 - names of our own
            " WHERE old.id = new.id",
            [json.dumps(told, default=str, ensure_ascii=False)],
        )


def lock(year: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, year])


# --- what an accident does -------------------------------------------------------------------------------------------
def follow(accident: Accident, *, reason: str, columns: Iterable[str] = ()) -> rules.AccidentFacts:
    """In the transaction of the fact, the accident locked: these columns and the kept ones, then the figures of the
    places it touches.
    """
    known = reading.facts_of([accident])[accident.pk]
    kept_now = reading.kept_columns(known)
    for name, value in kept_now.items():
        setattr(accident, name, value)
    accident.save(update_fields=[*kept_now, *columns])
    accident.refresh_from_db(fields=["epoch", "xid"])
    year = known.occurred_on.year
    lock(year)
    for policy in reading.policies_of(year):
        _follow(policy, year, accident, known, reason)
    return known


def _follow(policy: rules.Policy, year: int, accident: Accident, known: rules.AccidentFacts, reason: str) -> None:
    changes = [*_reassessed(policy, year, [accident], {accident.pk: known})]
    if not changes and last_number(policy.version, year):
        return
    write(changes, policy=policy.version, year=year)
    touched = _townships(period(policy, year, timezone.localdate()), changes)
    refresh(policy, year, touched, reason=reason, cause=accident.pk)


def _reassessed(
    policy: rules.Policy, year: int, accidents: Sequence[Accident], facts: Mapping[UUID, rules.AccidentFacts]
) -> Iterator[Change]:
    effects: dict[tuple, tuple] = {}
    breaks: dict[tuple, tuple] = {}
    for accident in accidents:
        effect, broken = assess(policy, accident, facts[accident.pk])
        effects |= effect
        breaks |= broken
    mine = Q(policy=policy.version, accident__in=[accident.pk for accident in accidents])
    yield from differences(EFFECT, AccidentEffect.objects.filter(mine), effects)
    yield from differences(BREAK, Break.objects.filter(mine), breaks)


def assess(
    policy: rules.Policy, accident: Accident, known: rules.AccidentFacts
) -> tuple[dict[tuple, tuple], dict[tuple, tuple]]:
    """Rows of EFFECT and BREAK. Pure.

    An accident counts once, in the township of the village it is charged to, else of its place. One whose village
    nobody has named yet breaks no village, and counts for its township all the same: saying less must not look
    better.
    """
    broken, verdict = rules.breaks(policy, known), rules.judge(policy, known)
    counts = bool(broken) or rules.would_break_a_village(policy, known)
    veto = rules.proposes_veto(known, policy.veto_grade_from)
    village = next((each.key for each in broken if each.subject == Charged.VILLAGE), accident.region_code)
    deaths = rules.effective_deaths(policy, known) if counts else 0
    effect = (
        known.occurred_on,
        village,
        counts,
        deaths,
        rules.is_undetermined(known),
        veto,
        verdict.line,
        verdict.reason,
    )
    lines = {
        _of(accident, each): (known.occurred_on, each.line, each.attribution, each.reason, each.provisional)
        for each in broken
    }
    return ({(accident.pk,): effect} if counts or veto else {}), lines


def _of(accident: Accident, each: rules.Break) -> tuple:
    is_village = each.subject == Charged.VILLAGE
    return (accident.pk, each.key if is_village else "", None if is_village else UUID(each.key))


def _townships(of: Period, changes: Iterable[Change]) -> tuple[str, ...]:
    """Prefixes of all townships in whose figures these effects and breaks stand, stood, or stand since a merger."""
    places = {values[1] for each in changes if each.table is EFFECT for values in (each.before, each.after) if values}
    places |= {each.key[1] for each in changes if each.table is BREAK and each.key[1]}
    units = {each.key[2] for each in changes if each.table is BREAK and each.key[2]}
    places |= set(Condition.objects.as_of(of.as_of).filter(enterprise__in=units).values_list("region_code", flat=True))
    return townships_of(places)


def townships_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Prefixes of the townships of these codes, and of whoever took over from them."""
    return tuple(sorted({code[:9] for code in _with_heirs(codes)}))


def _with_heirs(codes: Iterable[str]) -> set[str]:
    """These codes, their townships, and whoever took over from them, however often."""
    found: set[str] = set()
    ahead = {told for code in codes for told in (code, whole(code[:9]))}
    while ahead:
        found |= ahead
        after = RegionSuccession.objects.filter(predecessor__in=ahead).values_list("successor", flat=True)
        ahead = {code for code in after if code} - found
    return found


# --- the figures of a year -------------------------------------------------------------------------------------------
def refresh(
    policy: rules.Policy, year: int, prefixes: Prefixes, *, reason: str, cause: UUID | None = None
) -> list[Change]:
    """Writes what differs from the kept figures of these places, as a revision with its reason. The year is locked by
    the caller.

    The first time, all places: a ranking of some townships would be none.
    """
    number, of = last_number(policy.version, year), period(policy, year, timezone.localdate())
    prefixes = prefixes if number else None
    changes = _due(policy, year, prefixes, work_out(of, prefixes))
    if changes:
        write(changes, policy=policy.version, year=year, revision=number + 1)
        FigureRevision.objects.create(
            policy=policy.version,
            year=year,
            number=number + 1,
            reason=reason[:200],
            cause=cause,
            changes=_told(changes),
            counties=sorted({code[:6] for each in changes for code in _places(each)}),
            made_at=timezone.now(),
        )
    if number and reading.policy_on(of.as_of).version == policy.version:  # what is ranked by another policy is no news
        notices.tell(policy, year, number + 1, changes, reason=reason[:200])
    return changes


def _places(change: Change) -> Iterator[str]:
    """Where the row is, and where it was."""
    if change.table is BROKEN:
        yield from (says[0] for says in (change.before, change.after) if says)
    else:
        yield change.key[0]


def last_number(policy: str, year: int, known_at: datetime | None = None) -> int:
    """The last revision of a year's figures, as we knew at that moment; 0 when there is none."""
    rows = FigureRevision.objects.filter(policy=policy, year=year)
    rows = rows.filter(made_at__lte=known_at) if known_at else rows
    return rows.aggregate(last=Max("number"))["last"] or 0


def _due(policy: rules.Policy, year: int, prefixes: Prefixes, found: Figures) -> list[Change]:
    here = within(prefixes)
    moved_in = Q() if prefixes is None else Q(key__in=[key for _, key in found.broken])
    return [
        *differences(
            BROKEN, Broken.objects.of(policy.version, year).filter(here | moved_in if moved_in else here), found.broken
        ),
        *differences(TALLY, Tally.objects.of(policy.version, year).filter(here), found.tally),
        *differences(STANDING, Standing.objects.of(policy.version, year).filter(here), found.standing),
    ]


def _told(changes: Iterable[Change]) -> dict[str, Any]:
    """What a revision shows: the townships' figures before and after, and who broke or is restored."""
    changes = list(changes)
    broken = [each for each in changes if each.table is BROKEN]
    return {
        "columns": list(STANDING.says),
        "townships": {each.key[0]: [each.before, each.after] for each in changes if each.table is STANDING},
        "broken": sorted(each.key[1] for each in broken if each.before is None),
        "restored": sorted(each.key[1] for each in broken if each.after is None),
        "places": {each.key[1]: next(_places(each)) for each in broken if None in (each.before, each.after)},
    }


def kept() -> list[tuple[rules.Policy, int]]:
    """Policies and years whose figures are kept."""
    return [(policy, year) for year in kept_years() for policy in reading.policies_of(year)]


def kept_years() -> list[int]:
    return sorted(FigureRevision.objects.order_by().values_list("year", flat=True).distinct())


@transaction.atomic
def places_changed(prefixes: Prefixes, *, reason: str, years: Iterable[int] | None = None) -> int:
    """Denominators or hazards of these townships changed: the figures of every kept year follow. Returns how many
    rows changed.
    """
    changed = 0
    for policy, year in kept():
        if years is None or year in years:
            lock(year)
            changed += len(refresh(policy, year, prefixes, reason=reason))
    return changed


@transaction.atomic
def refresh_year(year: int, *, reason: str) -> int:
    """What the calendar changes in a year: deadlines pass, units come of age. Also keeps a year from its first day
    on.
    """
    lock(year)
    return sum(len(refresh(policy, year, None, reason=reason)) for policy in reading.policies_of(year))


def units_changed(units: Iterable[UUID], *, reason: str) -> int:
    """In every township where they ever were, as we knew."""
    codes = Condition.objects.filter(enterprise__in=list(units)).values_list("region_code", flat=True).distinct()
    townships = townships_of(codes)
    return places_changed(townships, reason=reason) if townships else 0


# --- from nothing ----------------------------------------------------------------------------------------------------
@dataclass
class Report:
    """What a rebuild found different: how much, and the first of it in words."""

    count: int = 0
    lines: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # what was looked at, in Chinese

    def add(self, found: Iterable[Any]) -> None:
        for each in found:
            self.count += 1
            if len(self.lines) < MOST_SHOWN:
                self.lines.append(str(each))


COUNTED = (AccidentEffect, Break, Broken, Tally, Standing)


@transaction.atomic
def rebuild(year: int, *, check: bool = False, reason: str = "重新计算") -> Report:
    """Works everything out from the facts and writes what differs. `check` does the same, reports the same and writes
    nothing.
    """
    lock(year)
    report = Report()
    report.add(_stale(year))
    policies = reading.policies_of(year)
    for accidents in _batches(Accident.objects.in_year(year).order_by("occurred_at", "id")):
        facts = reading.facts_of(accidents)
        report.add(_columns(accidents, facts))
        for policy in policies:
            changes = [*_reassessed(policy, year, accidents, facts)]
            write(changes, policy=policy.version, year=year)
            report.add(changes)
        report.counts["事故"] = report.counts.get("事故", 0) + len(accidents)
    for policy in policies:
        if not check or last_number(policy.version, year):  # a year of which nothing is kept yet differs from nothing
            report.add(refresh(policy, year, None, reason=reason))
    report.counts |= {
        str(model._meta.verbose_name): model._default_manager.filter(year=year).count() for model in COUNTED
    }
    if check:
        transaction.set_rollback(True)
    return report


def _batches(rows: QuerySet) -> Iterator[list[Any]]:
    ahead = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(ahead, BATCH)):
        yield batch


def _columns(accidents: Sequence[Accident], facts: Mapping[UUID, rules.AccidentFacts]) -> list[str]:
    """Kept columns of accidents that were wrong, put right."""
    wrong, lines = [], []
    names: set[str] = set()
    for accident in accidents:
        right = reading.kept_columns(facts[accident.pk])
        off = {name: value for name, value in right.items() if getattr(accident, name) != value}
        for name, value in off.items():
            setattr(accident, name, value)
        if off:
            wrong.append(accident)
            names |= off.keys()
            lines.append(f"事故 {accident.pk}: {'、'.join(sorted(off))}")
    rewrite(wrong, sorted(names))
    return lines


def _stale(year: int) -> Iterator[str]:
    """Rows of a policy that does not hold in the year, or of accidents of another year."""
    versions = [policy.version for policy in reading.policies_of(year)]
    mine = Accident.objects.in_year(year)
    for model in (AccidentEffect, Break, Broken, Tally, Standing):
        rows = model._default_manager.filter(year=year)
        astray = ~Q(policy__in=versions)
        if model in (AccidentEffect, Break):
            astray |= ~Q(accident__in=mine.values("pk"))
        count, _ = rows.filter(astray).delete()
        if count:
            yield f"{model._meta.verbose_name}: {count} 行不属于本年度或现行口径"
