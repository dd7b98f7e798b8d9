"""The office's verbs, one function a step; which of them is possible, and for whom, stands in states.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.authorities import check_may_inspect
from evidence import actions as evidence
from evidence.papers import wording
from evidence.papers.drafting import Issuing
from hazards.actions.deadlines import TERM, begin_term, set_deadline
from hazards.actions.history import before_photos, failed_reviews
from hazards.actions.issuing import NOTICE, ORDER, paper_of
from hazards.actions.moving import Move, finish, take
from hazards.actions.reporting import announce_reported, is_self_major, who_must_know
from hazards.editions import check_named, drop_foreign, name_criterion, set_remarks
from hazards.models import Hazard
from hazards.officers import alone, two_officers
from hazards.rules import basis_missing, enforcement_borne_out, escalation_borne_out, is_overdue
from hazards.states import State, loop_of
from hazards.upward import check
from reference import law
from reference.terms import HazardLevel, Loop
from safety_api.actors import Actor
from safety_api.problems import (
    FORBIDDEN,
    LEADER_REQUIRED,
    LEVEL_BASIS_REQUIRED,
    PHOTOS_REQUIRED,
    REASON_NOT_BORNE_OUT,
    REASON_REQUIRED,
)
from safety_api.roles import Role
from safety_api.writing import Fresh

Manifest = Sequence[dict[str, Any]]
JUDGED = ("edition", "criterion", "warnings")


@transaction.atomic
def report(hazard_id: UUID, *, by: Actor, check_fresh: Fresh = None) -> Hazard:
    """2 上报: the author's draft becomes a report."""
    move = take(hazard_id, "report", by=by, check_fresh=check_fresh)
    superior = who_must_know(move.hazard) if is_self_major(move.hazard) else {}
    move.hazard.received_at = move.at  # nobody else saw the draft
    finish(move, "received_at", due_on=move.hazard.due_on, **superior)
    announce_reported([move.hazard])
    return move.hazard


@transaction.atomic
def reject(hazard_id: UUID, *, by: Actor, note: str, check_fresh: Fresh = None) -> Hazard:
    """3 不成立: by an officer who did not report it, with a reason."""
    return finish(take(hazard_id, "reject", by=by, check_fresh=check_fresh), note=note)


# --- confirming ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(
    hazard_id: UUID, *, by: Actor, level: str | None = None, standard_clause: str = "", judged_by_expert: str = "", criterion: str = "",
    outside_factor: bool | None = None, deadline: date | None = None, photos: Manifest = (), note: str = "",
    check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """4 确认: sets the level. A major one needs an item, a clause or an expert's judgement, and a department leader (DOMAIN §3.7).

    A term that nobody set runs from now on. `photos` show it as it was found, for closing needs one. Raises LEVEL_BASIS_REQUIRED,
    LEADER_REQUIRED, UNKNOWN_CRITERION, CRITERION_OF_OTHER_EDITION, IN_THE_PAST, DEADLINE_TOO_LONG, DEADLINE_NEEDS_LEADER and what `take`
    raises.
    """
    move = take(hazard_id, "confirm", by=by, check_fresh=check_fresh)
    hazard = move.hazard
    hazard.level = level or hazard.level
    if criterion:
        name_criterion(hazard, criterion)
    elif standard_clause:
        drop_foreign(hazard)
    hazard.standard_clause = standard_clause or hazard.standard_clause
    hazard.judged_by_expert = judged_by_expert or hazard.judged_by_expert
    hazard.outside_factor = hazard.outside_factor if outside_factor is None else outside_factor
    _check_level(hazard, by)
    check_named(hazard, "/standard_clause" if standard_clause else "/criterion")
    set_remarks(hazard)
    if hazard.level == HazardLevel.MAJOR:
        hazard.loop = loop_of(hazard.origin, hazard.level)
    if deadline:
        set_deadline(move, deadline)
    elif hazard.transferred_from_id is None:  # the unit was told before it was handed over: its term runs on
        begin_term(move)
    columns = ["level", "loop", "standard_clause", "judged_by_expert", "outside_factor", *JUDGED, *TERM]
    shown = _declare(move, photos)
    return finish(move, *columns, note=note, due_on=hazard.due_on, level=hazard.level, **shown)


def _check_level(hazard: Hazard, by: Actor) -> None:
    if basis_missing(hazard.level, hazard.standard_clause, hazard.judged_by_expert):
        raise LEVEL_BASIS_REQUIRED()
    if hazard.level == HazardLevel.MAJOR and by.role == Role.TOWNSHIP_OFFICER:
        raise FORBIDDEN()  # 乡镇只处理巡查发现的一般隐患
    if hazard.level == HazardLevel.MAJOR and not by.is_leader:
        raise LEADER_REQUIRED()


def _declare(move: Move, photos: Manifest) -> dict[str, Any]:
    """Photos as found; their ids stand in the step under `photos_before`."""
    evidence.declare(list(photos), owner_kind="hazard", owner_id=move.hazard.pk, by=move.by)
    return {"photos_before": [str(each["id"]) for each in photos]} if photos else {}


# --- ordering ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def order(
    hazard_id: UUID, *, by: Actor, companion: UUID | None = None, deadline: date | None = None, onsite_measures: str = "",
    photos: Manifest = (), note: str = "", issue: str = Issuing.NOW, check_fresh: Fresh = None,
) -> Hazard:  # fmt: skip
    """6 责令整改 by two officers; by a township's officer alone it is 隐患整改告知书, no enforcement paper.

    The paper is issued with it, or left as a draft, as it is where one of them has no certificate. What county officers order is the
    county's to close.

    Raises TWO_OFFICERS_REQUIRED, COMPANION_NOT_HERE,
    IN_THE_PAST, DEADLINE_TOO_LONG, DEADLINE_NEEDS_LEADER (of the deadline in force too: an order states one) and what `take` raises.
    """
    move = take(hazard_id, "order", by=by, check_fresh=check_fresh)
    hazard, notice = move.hazard, by.role == Role.TOWNSHIP_OFFICER
    officers = alone(by) if notice else two_officers(by, [companion] if companion else [], hazard=hazard, on=move.day)
    hazard.loop = hazard.loop if notice else Loop.COUNTY
    if deadline is None and (hazard.term_by_rule or hazard.due_on is None):
        begin_term(move)
    else:
        set_deadline(move, deadline or hazard.due_on or move.day)
    paper = paper_of(
        move, NOTICE if notice else ORDER, officers, issuing=issue, deadline=hazard.due_on, measures=onsite_measures
    )
    details = {
        "officers": officers,
        "notice": notice,
        "onsite_measures": onsite_measures,
        **_declare(move, photos),
        **paper,
    }
    return finish(move, "loop", *TERM, note=note, due_on=hazard.due_on, **details)


@transaction.atomic
def close_on_spot(hazard_id: UUID, *, by: Actor, photos: Manifest, note: str = "", check_fresh: Fresh = None) -> Hazard:
    """6a 当场整改销号: a general hazard removed while the officer stands there, with a photo before and one after.

    `photos` is a manifest of what was taken after. Raises PHOTOS_REQUIRED and what `take` raises.
    """
    move = take(hazard_id, "close-on-spot", by=by, check_fresh=check_fresh)
    hazard = move.hazard
    if not photos or not before_photos(hazard, after=()).exists():
        raise PHOTOS_REQUIRED()
    evidence.declare(photos, owner_kind="hazard", owner_id=hazard.pk, by=by)
    hazard.closed_on = move.day
    if move.before == State.REPORTED:
        begin_term(move)
    return finish(move, "closed_on", *TERM, note=note, photos=[str(each["id"]) for each in photos])


# --- enforcing, ending, escalating ---------------------------------------------------------------------------------------
@transaction.atomic
def enforce(hazard_id: UUID, *, by: Actor, reason: str, note: str, check_fresh: Fresh = None) -> Hazard:
    """11 转执法: for refusal, repeated failure or being overdue, as the record shows. Opens its case (`upward.py`).

    Raises REASON_NOT_BORNE_OUT, COORDINATING_BODY and what `take` raises.
    """
    move = take(hazard_id, "enforce", by=by, check_fresh=check_fresh)
    check_may_inspect(by, move.day)
    hazard = move.hazard
    late = hazard.overdue_since is not None or is_overdue(hazard, on=move.day)
    failed = failed_reviews(hazard) if reason == "repeated_failure" else 0
    if not enforcement_borne_out(law.hazard_steps(move.day), reason, state=move.before, failed=failed, overdue=late):
        raise REASON_NOT_BORNE_OUT.at("/reason")
    hazard.review_requested_on = hazard.review_due_on = None
    return finish(move, "review_requested_on", "review_due_on", note=note, reason=reason)


@transaction.atomic
def resume(hazard_id: UUID, *, by: Actor, deadline: date, note: str, check_fresh: Fresh = None) -> Hazard:
    """12 继续整改: its case says the penalty or why there is none, and the hazard is still there; with a new deadline.

    Raises what `set_deadline`, `take` and the floors above (`upward.py`) raise.
    """
    move = take(hazard_id, "resume", by=by, check_fresh=check_fresh)
    check(move.hazard, "resume")
    set_deadline(move, deadline)
    return finish(move, *TERM, note=note, due_on=deadline)


@transaction.atomic
def unit_close(hazard_id: UUID, *, by: Actor, document: str, note: str = "", check_fresh: Fresh = None) -> Hazard:
    """13 单位关闭: by decision of the government, whose number is `document`."""
    return finish(take(hazard_id, "unit-close", by=by, check_fresh=check_fresh), note=note, document=document)


@transaction.atomic
def void(hazard_id: UUID, *, by: Actor, reason: str, note: str = "", check_fresh: Fresh = None) -> Hazard:
    """14 撤销: entered twice, under the wrong unit, or for another reason, then in words. Raises REASON_REQUIRED and what `take` raises."""
    move = take(hazard_id, "void", by=by, check_fresh=check_fresh)
    if reason == "other" and not note:
        raise REASON_REQUIRED.at("/note")
    return finish(move, note=note, reason=reason)


@transaction.atomic
def escalate(hazard_id: UUID, *, by: Actor, reason: str, note: str, check_fresh: Fresh = None) -> Hazard:
    """升级: a township hands a hazard of its own loop to the county; who has it changes, where it stands does not.

    Raises REASON_NOT_BORNE_OUT and what `take` raises.
    """
    move = take(hazard_id, "escalate", by=by, check_fresh=check_fresh)
    late = move.hazard.overdue_since is not None or is_overdue(move.hazard, on=move.day)
    if not escalation_borne_out(reason, state=move.before, overdue=late):
        raise REASON_NOT_BORNE_OUT.at("/reason")
    move.hazard.loop = Loop.COUNTY
    return finish(move, "loop", note=note, reason=reason)


# --- words ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def correct_wording(
    hazard_id: UUID, *, by: Actor, field: str, text: str, reason: str, check_fresh: Fresh = None
) -> Hazard:
    """更正文字: the step keeps the original; papers issued later print the corrected words. An item brings its clause along.

    Raises SAME_WORDING, UNKNOWN_CRITERION, CRITERION_OF_OTHER_EDITION and what `take` raises."""
    move = take(hazard_id, "correct-wording", by=by, check_fresh=check_fresh)
    was = wording.replace(move.hazard, field, text)
    if field == "criterion":
        name_criterion(move.hazard, text, pointer="/text")
    if field == "standard_clause":
        drop_foreign(move.hazard)
        check_named(move.hazard, "/text")
    set_remarks(move.hazard)
    return finish(move, field, "standard_clause", *JUDGED, note=reason, field=field, was=was, text=text)
