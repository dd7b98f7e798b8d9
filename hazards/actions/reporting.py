"""上报 A hazard comes into being: from a visit, or found outside one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import actions as evidence
from hazards.models import Hazard, HazardStep
from hazards.rules import deadline_before, default_due, due_warnings
from hazards.states import Origin, State, loop_of
from hazards.whereabouts import Whereabouts
from reference import law
from reference.terms import HazardLevel
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.idempotency import Sent, SentBefore
from safety_api.inserts import insert_all, insert_new
from safety_api.problems import (
    DEADLINE_BEFORE_FOUND,
    ID_REUSED,
    ITEM_OF_OTHER_CHECKLIST,
    UNKNOWN_HAZARD,
)
from safety_api.remarks import Remark
from safety_api.roles import Role
from safety_api.trail import line, record

SENT = SentBefore(Hazard.objects.all, author="reported_by")
FUTURE = timedelta(minutes=10)  # a phone's clock may run ahead this much without a remark
OF_A_POINT = {Remark.OUTSIDE_COUNTY, Remark.LOCATION_VAGUE, Remark.LOCATION_MOCKED}
ORIGIN_OF: dict[str, Origin] = {
    Role.ENTERPRISE_OFFICER: Origin.SELF,
    Role.VILLAGE_OFFICER: Origin.VILLAGE,
}  # everybody else who meets a hazard outside a visit is on patrol


# --- reporting -------------------------------------------------------------------------------------------------------------
def prepare(
    findings: list[dict[str, Any]],
    *,
    inspection_id: UUID,
    where: Whereabouts,
    found_at: datetime,
    point: Any,
    by: Actor,
) -> list[Hazard]:
    """Hazards that an inspection carries, not yet written. Each finding has id, item, level, description, deadline and location (a
    SentPoint or None: then the visit's own point)."""
    origin = ORIGIN_OF.get(by.role, Origin.INSPECTION)
    found = [_hazard(each, where, origin, found_at, by, point, inspection_id, by.is_demo) for each in findings]
    for position, hazard in enumerate(found, 1):
        hazard.position = position
    return found


def warnings_of(hazards: list[Hazard]) -> list[str]:
    """What is remarked of any of them, each word once; not where each of them points, which stands with the hazard."""
    return sorted({word for hazard in hazards for word in hazard.warnings} - OF_A_POINT)


def write(hazards: list[Hazard], *, by: Actor) -> None:
    """Two statements, however many, in the caller's transaction; the caller writes the trail. Raises ID_REUSED for an id that stands."""
    if hazards:
        _write(hazards, by)


def trail_lines(hazards: list[Hazard], *, by: Actor) -> list:
    return [line(by, "hazard.report", hazard, level=hazard.level) for hazard in hazards]


@transaction.atomic
def put(
    hazard_id: UUID, *, sent: Sent, by: Actor, where: Whereabouts, draft: bool = False, **fields: Any
) -> tuple[Hazard, bool]:
    """A hazard found outside a visit: (hazard, new). A draft is nobody's but its author's until it is reported.

    The same content again returns what stands; other content raises ID_REUSED. Else ITEM_OF_OTHER_CHECKLIST, DEADLINE_BEFORE_FOUND or
    UNKNOWN_HAZARD for a recurrence of what this person does not see.
    """
    found_at = fields["found_at"]
    _check_item_and_deadline(fields, where, found_at)
    _check_recurrence(fields["recurrence_of"], by)
    origin = ORIGIN_OF.get(by.role, Origin.PATROL)
    hazard = _hazard({"id": hazard_id, **fields}, where, origin, found_at, by, fields.get("location"), None, by.is_demo)
    hazard.content_sha256, hazard.meaning_sha256 = sent.sha256, sent.meaning
    hazard.state = State.DRAFT if draft else State.REPORTED
    if not insert_new([hazard]):
        return SENT.earlier(hazard_id, sent, by), False
    enter(hazard, by=by, photos=fields.get("photos", []))
    return hazard, True


def enter(hazard: Hazard, *, by: Actor, photos: list[dict[str, Any]], **details: Any) -> None:
    """What goes with a new row: its first step, its photos, the trail and word to the floors above."""
    name = "draft" if hazard.state == State.DRAFT else "report"
    insert_all([first_step(hazard, by, name=name, **details)])
    evidence.declare(photos, owner_kind="hazard", owner_id=hazard.pk, by=by)
    record(by, f"hazard.{name}", hazard, level=hazard.level, origin=hazard.origin, **details)
    if name == "report":
        announce_reported([hazard])


def announce_reported(hazards: list[Hazard], *others: tuple[str, dict[str, Any]]) -> None:
    """Word to the floors above, one statement with whatever `others` are to be sent. A major hazard that a unit found itself is reported to
    its department at once (安全生产法 第四十一条)."""
    reported = [("hazard.reported", {"hazards": [str(hazard.pk) for hazard in hazards]})] if hazards else []
    major = [
        ("hazard.major_found", {"hazard": str(each.pk), **who_must_know(each)})
        for each in hazards
        if is_self_major(each)
    ]
    outbox.send_all([*others, *reported, *major])


def is_self_major(hazard: Hazard) -> bool:
    return hazard.origin == Origin.SELF and hazard.level == HazardLevel.MAJOR


def who_must_know(hazard: Hazard) -> dict[str, Any]:
    """Who must be notified of a major hazard that a unit found (安全生产法 第四十一条: 部门和职工大会或者职工代表大会)."""
    return {"departments": [hazard.department_id] if hazard.department_id else [], "staff_congress": "职工代表大会"}


def _check_recurrence(earlier: UUID | None, by: Actor) -> None:
    if earlier and not Hazard.objects.visible_to(by).filter(pk=earlier).exists():
        raise UNKNOWN_HAZARD.at("/recurrence_of")


def _check_item_and_deadline(fields: dict[str, Any], where: Whereabouts, found_at: datetime) -> None:
    found_on = timezone.localdate(found_at)
    known = (
        {each["code"] for each in law.checklist(where.sector_id, found_on).body["items"]} if fields["item"] else set()
    )
    if fields["item"] and fields["item"] not in known:
        raise ITEM_OF_OTHER_CHECKLIST.at("/item")
    if deadline_before(found_on, fields["deadline"]):
        raise DEADLINE_BEFORE_FOUND.at("/deadline")


def _hazard(
    fields: dict[str, Any],
    where: Whereabouts,
    origin: Origin,
    found_at: datetime,
    by: Actor,
    place: Any,
    visit: UUID | None,
    demo: bool,
) -> Hazard:
    found_on = timezone.localdate(found_at)
    sent = fields.get("location") or place
    hazard = Hazard(
        id=fields["id"],
        state=State.REPORTED,
        level=fields["level"],
        origin=origin,
        loop=loop_of(origin, fields["level"]),
        sector_id=where.sector_id,
        department_id=law.lead_department(where.sector_id, found_on),
        region_code=where.region_code,
        enterprise=where.enterprise,
        site_id=where.site_id,
        place=where.place,
        inspection_id=visit,
        item=fields.get("item") or "",
        description=fields["description"],
        standard_clause=fields.get("standard_clause") or "",
        judged_by_expert=fields.get("judged_by_expert") or "",
        sent_lon=sent.lon if sent else None,
        sent_lat=sent.lat if sent else None,
        sent_crs=sent.crs if sent else "",
        accuracy_m=sent.accuracy_m if sent else None,
        reported_by=by.pk,
        reporter_name=by.name,
        found_at=found_at,
        received_at=timezone.now(),
        due_on=fields.get("deadline") or default_due(found_on, law.deadline(fields["level"], found_on)),
        recurrence_of_id=fields.get("recurrence_of"),
        is_demo=demo,
    )
    hazard.warnings = _warnings(hazard, sent, where)
    if sent:
        sent.place(hazard)
    return hazard


def _warnings(hazard: Hazard, sent: Any, where: Whereabouts) -> list[str]:
    found_on = timezone.localdate(hazard.found_at)
    vague = law.field_remarks(found_on)["useless_accuracy_metres"]
    ahead = hazard.found_at > hazard.received_at + FUTURE
    return sorted(
        [
            *due_warnings(found_on, hazard.due_on or found_on, law.deadline(hazard.level, found_on)),
            *(sent.warnings_within(vague) if sent else []),
            *([Remark.UNIT_CLOSED] if where.closed else []),
            *([Remark.IN_THE_FUTURE] if ahead else []),
        ]
    )


def _write(hazards: list[Hazard], by: Actor) -> None:
    written = insert_new(hazards)
    if taken := [str(hazard.pk) for hazard in hazards if hazard.pk not in written]:
        raise ID_REUSED(errors=[ID_REUSED.fault("/hazards", each) for each in taken])
    insert_all([first_step(hazard, by) for hazard in hazards])


def first_step(hazard: Hazard, by: Actor, *, name: str = "report", **details: Any) -> HazardStep:
    if is_self_major(hazard):
        details |= who_must_know(hazard)
    return step_line(hazard, name, "", by=by, happened_at=hazard.found_at, due_on=hazard.due_on, details=details)


def step_line(
    hazard: Hazard,
    name: str,
    before: str,
    *,
    by: Actor,
    happened_at: datetime,
    due_on: date | None = None,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> HazardStep:
    """Not yet written. `happened_at` is the field's time, the time of recording is now."""
    return HazardStep(
        hazard=hazard, step=name, before=before, after=hazard.state, happened_at=happened_at, recorded_at=timezone.now(),
        by_id=by.pk, by_name=by.name, by_role=by.role, due_on=due_on, note=note,
        details=details or {},
    )  # fmt: skip
