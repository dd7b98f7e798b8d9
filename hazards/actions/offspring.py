"""移送、再次发现 A hazard from which another one comes: handed to a department, or found again after it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from evidence.papers.drafting import Issuing
from hazards.actions.history import photos_of
from hazards.actions.issuing import TRANSFER, paper_of
from hazards.actions.moving import Move, finish, take
from hazards.actions.reporting import ORIGIN_OF, enter, set_times
from hazards.actions.steps import Manifest
from hazards.editions import judge, judge_again, traits_of
from hazards.models import Hazard
from hazards.officers import check_here
from hazards.states import Origin, State, loop_of
from reference import law
from reference.terms import Loop
from safety_api.actors import Actor
from safety_api.inserts import insert_new
from safety_api.problems import ID_REUSED, NOT_ITS_SECTOR, UNKNOWN_DEPARTMENT
from safety_api.roles import Role
from safety_api.writing import Fresh

# What the other one has from it; the rest is its own.
INHERITED = (
    "level", "origin", "sector_id", "department_id", "region_code", "enterprise_id", "site_id", "place", "item", "description",
    "standard_clause", "judged_by_expert", "criterion", "edition", "point", "sent_lon", "sent_lat", "sent_crs", "accuracy_m",
    "outside_factor", "is_demo",
)  # fmt: skip
CLOCK = (
    "found_at",
    "found_told_at",
    "clock_skew_s",
    "due_on",
    "due_told_on",
    "term_by_rule",
    "overdue_since",
    "reported_by",
    "reporter_name",
    "production_stopped",
    "recurrence_of_id",
)
SUPERVISING = ("supervise", "manage")


# --- handing over --------------------------------------------------------------------------------------------------------
@transaction.atomic
def transfer(
    hazard_id: UUID,
    *,
    by: Actor,
    department: str,
    sector: str | None = None,
    companion: UUID | None = None,
    materials: Sequence[str] = (),
    note: str = "",
    issue: str = Issuing.NOW,
    check_fresh: Fresh = None,
) -> Hazard:
    """5 移送: the receiving department finds a `reported` copy among its own, with the same clock and photos (安全生产法 第六十九条).

    `sector` is the one under which it receives it: the hazard's own, or the only one it has, unless given. 移送书 is issued with it by two
    certified officers; where there is none it is left as a draft. Raises UNKNOWN_DEPARTMENT, NOT_ITS_SECTOR, COMPANION_NOT_HERE and what
    `take` raises.
    """
    move = take(hazard_id, "transfer", by=by, check_fresh=check_fresh)
    if companion:
        check_here(companion, hazard=move.hazard)
    under = _receiving_sector(move, department, sector)
    copy = _child(move.hazard, *CLOCK, sector_id=under, department_id=department, transferred_from=move.hazard)
    copy.loop = Loop.COUNTY
    judge_again(copy)
    insert_new([copy])
    photos_of(move.hazard).update(subjects=Func(F("subjects"), Value(copy.pk), function="array_append"))
    signing = [{"id": str(each)} for each in (by.pk, companion) if each]
    paper = paper_of(
        move, TRANSFER, signing, issuing=issue, department=department, reason=note, materials=list(materials)
    )
    finish(move, note=note, department=department, sector=under, copy=str(copy.pk), **paper)
    enter(copy, by=by, photos=[], transferred_from=str(hazard_id))
    return move.hazard


def _receiving_sector(move: Move, department: str, sector: str | None) -> str:
    books = law.books()
    if department not in books.departments:
        raise UNKNOWN_DEPARTMENT.at("/department")
    theirs = [each for code in books.sectors if department in _supervising(code, move.day) for each in [code]]
    own = move.hazard.sector_id
    chosen = sector or (own if own in theirs else theirs[0] if len(theirs) == 1 else None)
    if chosen not in theirs or (chosen, department) == (own, move.hazard.department_id):
        raise NOT_ITS_SECTOR.at("/sector")
    return str(chosen)


def _supervising(sector: str, on: date) -> set[str]:
    return {each.department_id for each in law.departments_of(sector, on) if each.role in SUPERVISING}


def _child(hazard: Hazard, *more: str, **own: Any) -> Hazard:
    known = {name: getattr(hazard, name) for name in (*INHERITED, *more)}
    return Hazard(**{"id": uuid4(), "state": State.REPORTED, "received_at": timezone.now(), **known, **own})


# --- finding again -------------------------------------------------------------------------------------------------------
@transaction.atomic
def recur(
    hazard_id: UUID, *, by: Actor, id: UUID | None = None, found_at: datetime | None = None, description: str = "",
    level: str | None = None, deadline: date | None = None, photos: Manifest = (), note: str = "", device: Any = None,
    check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """15 再次发现: a closed hazard never opens again; a new one is linked to it. Returns the new one.

    Raises ID_REUSED and what `take` raises.
    """
    move = take(hazard_id, "recur", by=by, check_fresh=check_fresh)
    sending = law.sending(device, move.at)
    found = sending.counting(found_at or move.at)
    again = _found_again(move, id or uuid4(), found.at, level or move.hazard.level)
    again.warnings = sorted({*set_times(again, found, sending, deadline), *judge(again, traits_of(again))})
    again.description = description or again.description
    if not insert_new([again]):
        raise ID_REUSED.at("/id")
    enter(again, by=by, photos=list(photos), recurrence_of=str(hazard_id))
    finish(move, note=note, again=str(again.pk))
    return again


def _found_again(move: Move, key: UUID, found_at: datetime, level: str) -> Hazard:
    by, found_on = move.by, timezone.localdate(found_at)
    patrol = by.role == Role.TOWNSHIP_OFFICER
    origin = ORIGIN_OF.get(by.role, Origin.PATROL if patrol else Origin.INSPECTION)
    return _child(
        move.hazard, id=key, recurrence_of=move.hazard, origin=origin, level=level, loop=loop_of(origin, level),
        department_id=law.lead_department(move.hazard.sector_id, found_on), reported_by=by.pk, reporter_name=by.name,
    )  # fmt: skip
