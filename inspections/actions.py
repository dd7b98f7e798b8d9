"""Receiving a visit: whole, once, and so that what was told saved is saved (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import actions as evidence
from hazards import actions as hazards
from hazards import whereabouts
from hazards.models import Hazard
from inspections.bodies.facts import remark_bodies
from inspections.course.facts import named_in, of_companions, people_of, remark_course, set_course, task_of
from inspections.models import Authority, Inspection, Task
from inspections.ordering import order_on_the_spot, wanted
from inspections.reading import as_stored
from inspections.rules import faults, subjects
from reference import law
from reference.models import Document
from safety_api.actors import Actor
from safety_api.field_times import CountingMoment, Sending
from safety_api.idempotency import Sent, SentBefore
from safety_api.inserts import insert_new
from safety_api.problems import (
    INVALID,
    REGISTRY,
    UNKNOWN_CHECKLIST,
    UNKNOWN_HAZARD,
)
from safety_api.remarks import Remark
from safety_api.roles import Role
from safety_api.trail import line, record_many

SENT = SentBefore(Inspection.objects.all, author="by_id")


def receive(inspection_id: UUID, body: dict[str, Any], *, sent: Sent, by: Actor) -> tuple[Inspection, bool]:
    """A visit with its answers, hazards, reviews and photo manifest, in one transaction: (inspection, new).

    Of racing equal PUTs one is new, the others wait for its commit and get what it stored. Raises ID_REUSED for other content or
    another person's id, and a problem with pointers for what does not hold together or lies outside the person's jurisdiction.
    """
    body = dict(body)
    sending = law.sending(body["device"], timezone.now())
    started, finished = _counting(sending, body)
    checklist = _checklist(body)
    _check(body, checklist, by)
    where = whereabouts.resolve(
        by,
        started.at,
        location=body["location"],
        **{name: body[name] for name in ("enterprise", "site", "place", "region", "sector")},
    )
    _check_hazards(body, by)
    found = hazards.prepare(
        body["hazards"],
        inspection_id=inspection_id,
        where=where,
        found=started,
        sending=sending,
        point=body["location"],
        by=by,
    )
    with transaction.atomic():
        inspection = _inspection(inspection_id, body, where, checklist, sent, by)
        _set_times(inspection, started, finished, sending)
        said = [*_warnings(body, where, by, started), *_of_times(body, sending, started, finished)]
        on = timezone.localdate(started.at)
        people = named_in(body, by, on, where.region_code)
        task = task_of(body, by)
        set_course(inspection, body, task, people, by)
        said += [*remark_course(inspection, on, task, people), *remark_bodies(inspection, on, people, by)]
        of_people = of_companions(body["companions"], people, by)
        inspection.warnings = sorted({*said, *hazards.warnings_of(found), *of_people})
        if not insert_new([inspection]):
            return SENT.earlier(inspection_id, sent, by), False
        _write_parts(inspection, body, found, by)
    return inspection, True


def _counting(sending: Sending, body: dict[str, Any]) -> tuple[CountingMoment, CountingMoment]:
    """Start and end that count. The end is never before the start: of the two the one that nobody believes gives way."""
    started, finished = sending.counting(body["started_at"]), sending.counting(body["finished_at"])
    if finished.at >= started.at:
        return started, finished
    if started.remark and not finished.remark:
        return started._replace(at=finished.at), finished
    return started, finished._replace(at=started.at, told=body["finished_at"])


def _set_times(inspection: Inspection, started: CountingMoment, finished: CountingMoment, sending: Sending) -> None:
    inspection.started_at, inspection.started_told_at = started.at, started.told
    inspection.finished_at, inspection.finished_told_at = finished.at, finished.told
    inspection.received_at, inspection.clock_skew_s = sending.received_at, sending.skew_seconds


def _checklist(body: dict[str, Any]) -> Document | None:
    """The named version, were it in force or not on the day: a phone may have been offline when a new one came."""
    wanted = body["checklist"]
    if wanted is None:
        return None
    found = law.version("checklist", wanted["code"], wanted["version"])
    if found is None:
        raise UNKNOWN_CHECKLIST.at("/checklist")
    return found


def _check(body: dict[str, Any], checklist: Document | None, by: Actor) -> None:
    _refuse(faults(body, items=_items(checklist), role=by.role))


def check_body(body: dict[str, Any], *, code: str, version: str, role: str | None) -> None:
    """A visit's body put right: its parts must hold together still. `role`: of whoever made it; None when its name is not in question."""
    checklist = law.version("checklist", code, version) if code else None
    found = faults(body, items=_items(checklist), role=role or Role.INSPECTOR)
    _refuse([each for each in found if role or each["pointer"] != "/authority"])


def _items(checklist: Document | None) -> frozenset[str] | None:
    return frozenset(each["code"] for each in checklist.body["items"]) if checklist else None


def _refuse(found: list[dict[str, str]]) -> None:
    if found:
        words = {each["code"] for each in found}
        raise (REGISTRY.get(words.pop(), INVALID) if len(words) == 1 else INVALID)(errors=found)


def check_companions(people: Iterable[UUID], by: Actor, place: str) -> None:
    """Of a visit put right in the office: each works here. Raises INVALID."""
    companions = set(people) - {by.pk}
    if companions - people_of(companions, by, place).keys():
        detail = "同行人员查不到，或者不在这里工作。"
        raise INVALID(errors=[{"pointer": "/companions", "code": "unknown_person", "detail": detail}])


def _check_hazards(body: dict[str, Any], by: Actor) -> None:
    reviewed = {each["hazard"] for each in body["reviews"]}
    if reviewed and Hazard.objects.visible_to(by).filter(pk__in=reviewed).count() != len(reviewed):
        raise UNKNOWN_HAZARD.at("/reviews")
    again = {each["recurrence_of"] for each in body["hazards"]} - {None}
    if again and Hazard.objects.visible_to(by).filter(pk__in=again).count() != len(again):
        raise UNKNOWN_HAZARD.at("/hazards")


def _inspection(
    inspection_id: UUID,
    body: dict[str, Any],
    where: whereabouts.Whereabouts,
    checklist: Document | None,
    sent: Sent,
    by: Actor,
) -> Inspection:
    place = body["location"]
    inspection = Inspection(
        id=inspection_id,
        content_sha256=sent.sha256,
        meaning_sha256=sent.meaning,
        by_id=by.pk,
        by_name=by.name,
        enterprise=where.enterprise,
        site_id=where.site_id,
        place=where.place,
        place_type=body["place_type"] or "",
        project_type=body["project_type"] or "",
        region_code=where.region_code,
        sector_id=where.sector_id,
        kind=body["kind"],
        authority=body["authority"],
        task_id=body["task"],
        sent_lon=place.lon if place else None,
        sent_lat=place.lat if place else None,
        sent_crs=place.crs if place else "",
        accuracy_m=place.accuracy_m if place else None,
        companions=body["companions"],
        checklist_code=checklist.code if checklist else "",
        checklist_version=checklist.version if checklist else "",
        unanswered=body["unanswered"],
        answers=body["answers"],
        device=body["device"],
        hazards_found=len(body["hazards"]),
        is_demo=by.is_demo,
    )
    if place:
        place.place(inspection)
    return inspection


def _warnings(body: dict[str, Any], where: whereabouts.Whereabouts, by: Actor, started: CountingMoment) -> list[str]:
    """Remarks for a reviewer; the field's record is taken all the same. What needs the map or other visits: inspections/remarks.py."""
    vague = law.field_remarks(timezone.localdate(started.at))["useless_accuracy_metres"]
    found = list(body["location"].warnings_within(vague)) if body["location"] else [Remark.NO_LOCATION]
    if where.closed:
        found.append(Remark.UNIT_CLOSED)
    if by.role == Role.TOWNSHIP_OFFICER and body["authority"] == Authority.ADMINISTRATIVE:
        found.append(Remark.TOWNSHIP_ADMINISTRATIVE)
    return found


def _of_times(
    body: dict[str, Any], sending: Sending, started: CountingMoment, finished: CountingMoment
) -> list[Remark]:
    found = [each.remark for each in (started, finished) if each.remark]
    if body["finished_at"] < body["started_at"]:
        found.append(Remark.ENDS_BEFORE_START)
    if sending.sent_late(body["finished_at"]):
        found.append(Remark.SENT_LATE)
    return found


def _write_parts(inspection: Inspection, body: dict[str, Any], found: list[Hazard], by: Actor) -> None:
    reviews = []
    hazards.write(found, by=by)
    if body["reviews"]:
        reviews = hazards.review_in_visit(
            body["reviews"], inspection_id=inspection.pk, reviewed_at=inspection.finished_at, by=by
        )
    photos = evidence.declare(
        body["photos"], owner_kind="inspection", owner_id=inspection.pk, by=by, subjects=subjects(body)
    )
    if inspection.task_id:
        _finish_task(inspection, by)
    lines = [
        line(by, "inspection.receive", inspection, sha256=inspection.content_sha256),
        *hazards.trail_lines(found, by=by),
    ]
    record_many(lines)
    received = {"inspection": str(inspection.pk), "enterprise": str(inspection.enterprise_id or "")}
    hazards.announce_reported(found, ("inspection.received", received))
    if reviews and not _reviews_applied(inspection, body, by):
        _remark(inspection, Remark.REVIEW_NOT_APPLIED)
    papers: list[dict[str, Any]] = []
    if measures := wanted(body):
        words, papers = order_on_the_spot(inspection, body, measures, found, by)
        _remark(inspection, *words)
    as_stored(inspection, hazards=found, reviews=reviews, photos=photos, papers=papers)


def _finish_task(inspection: Inspection, by: Actor) -> None:
    """A task that is not there, not this person's or done already is no reason to refuse the visit; it is remarked."""
    done = Task.objects.visible_to(by).to_make().filter(pk=inspection.task_id).update(done_by=inspection.pk)
    if not done:
        _remark(inspection, Remark.UNKNOWN_TASK)


def _reviews_applied(inspection: Inspection, body: dict[str, Any], by: Actor) -> bool:
    """Whether each review became a step of its hazard; one that could not stays kept for the office, the visit is taken all the same."""
    return hazards.apply_reviews(
        body["reviews"],
        inspection_id=inspection.pk,
        reviewed_at=inspection.finished_at,
        companions=body["companions"],
        by=by,
    )


def _remark(inspection: Inspection, *words: Remark) -> None:
    """What only the writing of the parts brought to light; kept, so that the same PUT is answered with it again."""
    if not words:
        return
    inspection.warnings += [word for word in words if word not in inspection.warnings]
    Inspection.objects.filter(pk=inspection.pk).update(warnings=inspection.warnings)
