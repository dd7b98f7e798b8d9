"""重点巡查: proposed from the facts of the year before, decided township by township by people, then fixed for the year."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assessment.models import KeyPatrol, KeyPatrolEntry, LargerDisaster
from assessment.yearly import rules
from assessment.yearly.signing import check_begun, check_over, check_signer, today
from assessment.yearly.states import ENTRY, PATROL, EntryState, Origin, PatrolState
from assessment.yearly.working_out import Year, facts_of, happened, names_of, places_of
from geo.codes import level_of
from geo.models import Region
from reference import law
from safety_api.actors import Actor
from safety_api.idempotency import fingerprint
from safety_api.permissions import coded, inside
from safety_api.problems import (
    ENDED_ALREADY,
    ENTRIES_UNDECIDED,
    FIGURES_MOVED,
    IN_THE_FUTURE,
    NOT_FOUND,
    ON_THE_LIST,
    REASON_REQUIRED,
    UNKNOWN_REGION,
)
from safety_api.trail import SYSTEM
from safety_api.writing import Fresh, add, keep, locked, read_back
from zero_accident.figures.places import Places


# --- why -------------------------------------------------------------------------------------------------------------
def criteria_on(day: date) -> rules.KeyPatrolCriteria:
    """Raises NO_RULE."""
    return rules.read_criteria(law.in_force("assessment", day).body, law.in_force("open_questions", day).body)


def grounds_of(asked: Year, places: Places) -> dict[str, list[rules.Ground]]:
    """Township → why; three queries, however many accidents. Raises NO_RULE."""
    rows = list(happened(asked).order_by("occurred_at", "pk"))
    accidents = facts_of(rows, names_of(row.region_code for row in rows), places.home)
    disasters = LargerDisaster.objects.standing().in_year(asked.year).filter(inside(asked.prefix))
    stated = [
        rules.Disaster(str(each.pk), each.happened_on, places.township_of(each.region_code), each.name, each.document)
        for each in disasters
    ]
    return rules.grounds(criteria_on(asked.as_of), rules.TownshipFacts(accidents, stated))


# --- by the facts ----------------------------------------------------------------------------------------------------
@transaction.atomic
def open_list(county: str, year: int, *, by: Actor = SYSTEM) -> KeyPatrol:
    """The list of a year with what is proposed for it; one that is there is followed. Raises IN_THE_FUTURE for a year
    after the next, NO_RULE.
    """
    check_begun(year, today().year + 1)
    found = KeyPatrol.objects.select_for_update().filter(region_code=county, year=year).first()
    if found is None:
        new = KeyPatrol(region_code=county, year=year, opened_by=by.pk, opened_name=by.name, opened_at=timezone.now())
        found = add(new, "key_patrol.open", by=by, year=year)
    _follow(found)
    return found


@transaction.atomic
def follow(county: str, year: int) -> int:
    """Facts of `year` changed: what is proposed for the next year's open list follows; safe to repeat. Returns how many
    entries changed.
    """
    rows = KeyPatrol.objects.select_for_update().filter(region_code=county, year=year + 1, state=PatrolState.OPEN)
    return sum(_follow(patrol) for patrol in rows)


def _follow(patrol: KeyPatrol) -> int:
    if patrol.state != PatrolState.OPEN:
        return 0
    asked = Year(patrol.region_code, patrol.year - 1, today())
    places = places_of(asked)
    wanted = grounds_of(asked, places)
    there = {each.region_code: each for each in patrol.entries.select_for_update()}
    changed = sum(_react(entry, wanted.get(code, [])) for code, entry in sorted(there.items()))
    for code in sorted(wanted.keys() - there.keys()):
        name = places.townships.get(code, "")
        new = KeyPatrolEntry(patrol=patrol, region_code=code, name=name, grounds=wanted[code])
        add(new, "key_patrol.propose", by=SYSTEM, township=code, kinds=_kinds(wanted[code]))
        changed += 1
    if changed:
        _touch(patrol)
    return changed


def _touch(patrol: KeyPatrol) -> None:
    """The list's stamp covers its entries: what a person saw of the whole list is what If-Match names."""
    patrol.save(update_fields=["state"])
    read_back(patrol)


def _kinds(grounds: list[rules.Ground]) -> list[str]:
    return [each["kind"] for each in grounds]


GROUNDLESS = {  # a township proposed by facts when they are gone; a person may still put it on the list, with a reason
    EntryState.PROPOSED: EntryState.WITHDRAWN,
    EntryState.CONFIRMED: EntryState.WITHDRAWN,
    EntryState.WITHDRAWN: EntryState.WITHDRAWN,
    EntryState.REMOVED: EntryState.REMOVED,
}


def _react(entry: KeyPatrolEntry, grounds: list[rules.Ground]) -> bool:
    """A person's decision holds as long as its grounds do: other grounds are decided anew."""
    state = EntryState(entry.state)
    if entry.grounds == grounds:
        return False
    entry.grounds = grounds
    if entry.origin == Origin.HAND and state == EntryState.CONFIRMED:
        keep(entry, "key_patrol.refresh", ["grounds"], by=SYSTEM, township=entry.region_code, kinds=_kinds(grounds))
        return True
    entry.state = EntryState.PROPOSED if grounds else GROUNDLESS[state]
    verb = "key_patrol.withdraw" if entry.state == EntryState.WITHDRAWN else "key_patrol.propose"
    keep(entry, verb, ["grounds", "state"], by=SYSTEM, township=entry.region_code, kinds=_kinds(grounds))
    return True


# --- by people -------------------------------------------------------------------------------------------------------
@transaction.atomic
def decide(patrol: UUID, entry: UUID, step: str, *, by: Actor, reason: str = "", fresh: Fresh = None) -> KeyPatrolEntry:
    """`step`: confirm, or remove with its reason. Raises NOT_FOUND, STALE, WRONG_STEP, REASON_REQUIRED to list what no fact
    proposes any more.
    """
    row = _open(patrol, by, "decide", fresh)
    mine = locked(row.entries.all(), entry)
    mine.state = ENTRY.after(mine.state, step)
    if not (mine.grounds or reason):
        raise REASON_REQUIRED.at("/reason")
    mine.decided_by, mine.decided_name, mine.decided_at = by.pk, by.name, timezone.now()
    mine.reason = reason or mine.reason
    columns = ["state", "decided_by", "decided_name", "decided_at", "reason"]
    _touch(row)
    return keep(mine, f"key_patrol.{step}", columns, by=by, township=mine.region_code, reason=reason)


@transaction.atomic
def add_by_hand(patrol: UUID, *, by: Actor, township: str, reason: str, fresh: Fresh = None) -> KeyPatrolEntry:
    """人工列入. Raises NOT_FOUND, STALE, WRONG_STEP, UNKNOWN_REGION for what is no township of the county, ON_THE_LIST."""
    row = _open(patrol, by, "add", fresh)
    place = _township(row, township)
    if row.entries.filter(region_code=place.code).exists():
        raise ON_THE_LIST()
    new = KeyPatrolEntry(
        patrol=row, region_code=place.code, name=place.name, origin=Origin.HAND, state=EntryState.CONFIRMED, reason=reason,
        decided_by=by.pk, decided_name=by.name, decided_at=timezone.now(),
    )  # fmt: skip
    _touch(row)
    return add(new, "key_patrol.add", by=by, township=place.code, reason=reason)


def _open(patrol: UUID, by: Actor, step: str, fresh: Fresh = None) -> KeyPatrol:
    row = locked(KeyPatrol.objects.visible_to(by), patrol, fresh)
    PATROL.after(row.state, step)
    return row


def _township(row: KeyPatrol, code: str) -> Region:
    day = min(today(), date(row.year, 12, 31))
    listed = Region.objects.on(day).filter(code=code, level="township").filter(coded(row.region_code, "code"))
    found = listed.first()
    if found is None:
        raise UNKNOWN_REGION.at("/township")
    return found


@transaction.atomic
def fix(patrol: UUID, *, by: Actor, document: str = "", fresh: Fresh = None) -> KeyPatrol:
    """确定: the list as decided stands for the year. Raises NOT_FOUND, STALE, WRONG_STEP, LEADERS_ONLY, OWN_PREPARATION,
    YEAR_NOT_OVER while the year before runs, FIGURES_MOVED until the entries have followed the facts, ENTRIES_UNDECIDED.
    """
    row = _open(patrol, by, "fix", fresh)
    entries = list(row.entries.order_by("region_code"))
    check_signer(by, [row.opened_by, *(each.decided_by for each in entries)])
    check_over(row.year - 1)
    _check_grounds(row, entries)
    if undecided := [each.name for each in entries if each.state == EntryState.PROPOSED]:
        raise ENTRIES_UNDECIDED(names="、".join(undecided))
    row.content = {"year": row.year, "county": row.region_code, "entries": [as_fixed(each) for each in entries]}
    row.content_sha256 = fingerprint(row.content)
    row.state, row.document, row.fixed_at = PATROL.after(row.state, "fix"), document, timezone.now()
    row.fixed_by, row.fixed_name = by.pk, by.name
    columns = ["state", "document", "fixed_at", "fixed_by", "fixed_name", "content", "content_sha256"]
    return keep(row, "key_patrol.fix", columns, by=by, year=row.year, sha256=row.content_sha256)


def _check_grounds(row: KeyPatrol, entries: list[KeyPatrolEntry]) -> None:
    """What is signed is what the facts say at this moment. Raises FIGURES_MOVED."""
    asked = Year(row.region_code, row.year - 1, today())
    wanted = grounds_of(asked, places_of(asked))
    if {each.region_code: each.grounds for each in entries if each.grounds} != wanted:
        raise FIGURES_MOVED()


def as_fixed(entry: KeyPatrolEntry) -> dict[str, Any]:
    return {
        "township": entry.region_code, "name": entry.name, "origin": entry.origin, "state": entry.state,
        "grounds": entry.grounds, "reason": entry.reason, "decided_by": entry.decided_name,
    }  # fmt: skip


# --- larger disasters ------------------------------------------------------------------------------------------------
@transaction.atomic
def state_disaster(
    *, by: Actor, township: str, happened_on: date, name: str, document: str, note: str = ""
) -> LargerDisaster:
    """较大自然灾害, on paper; the open list of the next year follows. Raises NOT_FOUND outside the jurisdiction,
    UNKNOWN_REGION for what was no township on that day, IN_THE_FUTURE.
    """
    if happened_on > today():
        raise IN_THE_FUTURE.at("/happened_on")
    if not by.region or not township.startswith(by.region):
        raise NOT_FOUND()
    known = Region.objects.on(happened_on).filter(code=township)
    if level_of(township) != "township" or not known.exists():
        raise UNKNOWN_REGION.at("/township")
    row = LargerDisaster(
        region_code=township, happened_on=happened_on, name=name, document=document, note=note, stated_by=by.pk,
        stated_name=by.name, stated_at=timezone.now(),
    )  # fmt: skip
    add(row, "larger_disaster.state", by=by, document=document)
    _list_follows(row)
    return row


@transaction.atomic
def void_disaster(disaster: UUID, *, by: Actor, reason: str, fresh: Fresh = None) -> LargerDisaster:
    """作废. Raises NOT_FOUND, STALE, ENDED_ALREADY."""
    row = locked(LargerDisaster.objects.visible_to(by), disaster, fresh)
    if row.voided_at is not None:
        raise ENDED_ALREADY()
    row.voided_at, row.void_reason = timezone.now(), reason
    keep(row, "larger_disaster.void", ["voided_at", "void_reason"], by=by, reason=reason)
    _list_follows(row)
    return row


def _list_follows(row: LargerDisaster) -> None:
    follow(f"{row.region_code[:6]}000000", row.happened_on.year)
