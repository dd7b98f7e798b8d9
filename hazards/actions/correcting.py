"""更正 A visit was entered under the wrong unit or place: what it found goes along, as long as nothing followed from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from hazards.actions.reporting import step_line
from hazards.editions import judge_again
from hazards.models import Hazard
from hazards.states import ENDED, State
from hazards.whereabouts import Whereabouts
from reference import law
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.outbox import send
from safety_api.problems import HAZARDS_UNDER_WAY
from safety_api.trail import line, record_many

COLUMNS = ("enterprise_id", "site_id", "place", "region_code", "sector_id", "department_id")


def follow_visit(inspection_id: UUID, where: Whereabouts, *, by: Actor, reason: str) -> list[Hazard]:
    """In the caller's transaction: the visit's hazards that nobody has confirmed yet stand where the visit now stands; those that ended
    stay. Raises HAZARDS_UNDER_WAY when one is under way: an order was given to somebody.
    """
    rows = Hazard.objects.select_for_update(of=("self",)).filter(inspection_id=inspection_id).exclude(state__in=ENDED)
    hazards = list(rows.order_by("pk"))
    if under_way := [each for each in hazards if each.state != State.REPORTED]:
        raise HAZARDS_UNDER_WAY(errors=[HAZARDS_UNDER_WAY.fault(f"/hazards/{each.pk}") for each in under_way])
    before = [{name: str(getattr(each, name) or "") for name in COLUMNS} for each in hazards]
    for hazard in hazards:
        _move(hazard, where)
    Hazard.objects.bulk_update(hazards, [*COLUMNS, "edition", "warnings"])
    _say(hazards, before, by, reason)
    return hazards


def _move(hazard: Hazard, where: Whereabouts) -> None:
    hazard.enterprise, hazard.site_id, hazard.place = where.enterprise, where.site_id, where.place
    hazard.region_code, hazard.sector_id = where.region_code, where.sector_id
    hazard.department_id = law.lead_department(where.sector_id, timezone.localdate(hazard.found_at))
    judge_again(hazard)


def follow_start(inspection_id: UUID, was: datetime, now: datetime, *, by: Actor, reason: str) -> list[Hazard]:
    """In the caller's transaction: what was found when the visit began was found when it truly began, and is judged by the edition of that
    day. What it falls due stays as it was said to the unit."""
    rows = Hazard.objects.select_for_update(of=("self",)).filter(inspection_id=inspection_id, found_at=was)
    hazards = list(rows.order_by("pk"))
    before = [{"found_at": was.isoformat(), "edition": each.edition} for each in hazards]
    for hazard in hazards:
        hazard.found_at, hazard.found_told_at = now, None
        judge_again(hazard)
    Hazard.objects.bulk_update(hazards, ["found_at", "found_told_at", "edition", "warnings"])
    _say(hazards, before, by, reason)
    return hazards


def _say(hazards: list[Hazard], before: list[dict[str, str]], by: Actor, reason: str) -> None:
    at = timezone.now()
    insert_all(
        [
            step_line(each, "correct", each.state, by=by, happened_at=at, note=reason, details={"before": was})
            for each, was in zip(hazards, before, strict=True)
        ]
    )
    record_many(line(by, "hazard.correct", each, reason=reason) for each in hazards)
    if hazards:
        send("hazard.reported", {"hazards": [str(each.pk) for each in hazards]})
