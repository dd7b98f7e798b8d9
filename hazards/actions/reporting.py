"""上报 A hazard comes into being: from a visit, or found outside one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import actions as evidence
from hazards.editions import judge
from hazards.models import Hazard, HazardStep
from hazards.rules import due_warnings, first_deadline
from hazards.states import Origin, State, loop_of
from hazards.whereabouts import Whereabouts
from reference import law
from reference.terms import HazardLevel
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.field_times import CountingMoment, Sending
from safety_api.idempotency import Sent, SentBefore
from safety_api.inserts import insert_all, insert_new
from safety_api.problems import ID_REUSED, ITEM_OF_OTHER_CHECKLIST, UNKNOWN_HAZARD
from safety_api.remarks import Remark
from safety_api.roles import Role
from safety_api.trail import line, record

SENT = SentBefore(Hazard.objects.all, author="reported_by")
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
    found: CountingMoment,
    sending: Sending,
    point: Any,
    by: Actor,
) -> list[Hazard]:
    """Hazards that an inspection carries, not yet written. Each finding has id, item, level, description, deadline and location (a
    SentPoint or None: then the visit's own point)."""
    origin = ORIGIN_OF.get(by.role, Origin.INSPECTION)
    made = [_hazard(each, where, origin, found, sending, by, point, inspection_id) for each in findings]
    for position, hazard in enumerate(made, 1):
        hazard.position = position
    return made


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
    hazard_id: UUID,
    *,
    sent: Sent,
    by: Actor,
    where: Whereabouts,
    found: CountingMoment,
    sending: Sending,
    draft: bool = False,
    **fields: Any,
) -> tuple[Hazard, bool]:
    """A hazard found outside a visit: (hazard, new). A draft is nobody's but its author's until it is reported.

    The same content again returns what stands; other content raises ID_REUSED. Else ITEM_OF_OTHER_CHECKLIST, or UNKNOWN_HAZARD for a
    recurrence of what this person does not see; never one for its times.
    """
    _check_item(fields, where, found.at)
    _check_recurrence(fields["recurrence_of"], by)
    origin = ORIGIN_OF.get(by.role, Origin.PATROL)
    hazard = _hazard({"id": hazard_id, **fields}, where, origin, found, sending, by, fields.get("location"), None)
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


def _check_item(fields: dict[str, Any], where: Whereabouts, found_at: datetime) -> None:
    if not fields["item"]:
        return
    items = law.checklist(where.sector_id, timezone.localdate(found_at)).body["items"]
    if fields["item"] not in {each["code"] for each in items}:
        raise ITEM_OF_OTHER_CHECKLIST.at("/item")


def _hazard(
    fields: dict[str, Any],
    where: Whereabouts,
    origin: Origin,
    found: CountingMoment,
    sending: Sending,
    by: Actor,
    place: Any,
    visit: UUID | None,
) -> Hazard:
    found_on = timezone.localdate(found.at)
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
        criterion=fields.get("criterion") or "",
        sent_lon=sent.lon if sent else None,
        sent_lat=sent.lat if sent else None,
        sent_crs=sent.crs if sent else "",
        accuracy_m=sent.accuracy_m if sent else None,
        reported_by=by.pk,
        reporter_name=by.name,
        received_at=sending.received_at,
        recurrence_of_id=fields.get("recurrence_of"),
        is_demo=by.is_demo,
    )
    of_times = set_times(hazard, found, sending, fields.get("deadline"))
    of_criteria = judge(hazard, where.enterprise.traits if where.enterprise else ())
    hazard.warnings = sorted({*of_times, *of_criteria, *_warnings(hazard, sent, where)})
    if sent:
        sent.place(hazard)
    return hazard


def set_times(hazard: Hazard, found: CountingMoment, sending: Sending, stated: date | None) -> list[str]:
    """When it was found and until when it is to be put right, beside what was stated of it; returns the remarks."""
    hazard.found_at, hazard.found_told_at, hazard.clock_skew_s = found.at, found.told, sending.skew_seconds
    found_on = timezone.localdate(found.at)
    told_on, row = timezone.localdate(found.told) if found.told else found_on, law.deadline(hazard.level, found_on)
    first = first_deadline(stated, found_on=found_on, told_on=told_on, row=row)
    hazard.due_on, hazard.term_by_rule = first.due_on, first.by_rule
    hazard.due_told_on = stated if first.remark else None
    said = [*due_warnings(found_on, first.due_on, row), found.remark, first.remark]
    return [word for word in said if word]


def _warnings(hazard: Hazard, sent: Any, where: Whereabouts) -> list[str]:
    vague = law.field_remarks(timezone.localdate(hazard.found_at))["useless_accuracy_metres"]
    return [*(sent.warnings_within(vague) if sent else []), *([Remark.UNIT_CLOSED] if where.closed else [])]


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
