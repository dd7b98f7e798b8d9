"""更正 A visit that was entered wrongly: the row says what holds, the original stands beside it; its fingerprint never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from hazards import actions as hazards
from hazards import whereabouts
from hazards.whereabouts import Whereabouts
from inspections.actions import check_body, check_companions
from inspections.ceilings.counting import hold, recount
from inspections.course.healing import heal
from inspections.models import Inspection, VisitCorrection
from inspections.telling import tell_author
from safety_api.actors import Actor
from safety_api.corrections import author_of, differing, plain
from safety_api.outbox import send
from safety_api.problems import FORBIDDEN, IN_THE_FUTURE, INVALID, NOTHING_TO_CORRECT
from safety_api.remarks import Remark
from safety_api.roles import REGISTRARS
from safety_api.writing import Fresh, keep, locked

PLACE = ("enterprise", "site", "place", "region", "sector")
AS_GIVEN = (
    "place_type", "project_type", "kind", "authority", "type", "source", "joint_departments", "started_at", "finished_at",
    "companions", "answers",
)  # fmt: skip
TOLD = {"started_at": "started_told_at", "finished_at": "finished_told_at"}
OF_TIMES = {
    Remark.CLOCK_SHIFTED, Remark.CLOCK_WRONG, Remark.LONG_AGO, Remark.IN_THE_FUTURE, Remark.ENDS_BEFORE_START,
}  # fmt: skip


@transaction.atomic
def correct(inspection_id: UUID, *, by: Actor, reason: str, fresh: Fresh = None, **changes: Any) -> Inspection:
    """By whoever made the visit, or by an office that keeps the records of the place. What was found goes along with the place.

    Raises NOT_FOUND, STALE, FORBIDDEN, NOTHING_TO_CORRECT, IN_THE_FUTURE, HAZARDS_UNDER_WAY, and what receiving the same visit would raise.
    """
    found = Inspection.objects.visible_to(by)
    hold([changes.get("enterprise"), *found.filter(pk=inspection_id).values_list("enterprise", flat=True)])
    visit = locked(found, inspection_id, fresh)
    if visit.by_id != by.pk and by.role not in REGISTRARS:
        raise FORBIDDEN()
    where = _where(visit, changes, by) if changes.keys() & set(PLACE) else None
    columns = differing(visit, {**_columns(changes), **(_place_of(where) if where else {})})
    if not columns:
        raise NOTHING_TO_CORRECT()
    _check(visit, columns, by)
    units = {visit.enterprise_id, columns.get("enterprise_id", visit.enterprise_id)} - {None}
    before, began = plain(visit, columns), visit.started_at
    _write(visit, columns)
    heal(visit, columns, by)
    VisitCorrection.objects.create(
        inspection=visit, reason=reason, before=before, after=plain(visit, columns), **author_of(by)
    )
    if where and columns.keys() & _place_of(where).keys():
        hazards.follow_visit(visit.pk, where, by=by, reason=reason)
    if "started_at" in columns:
        hazards.follow_start(visit.pk, began, visit.started_at, by=by, reason=reason)
    saved = [*columns, "warnings", "healed", "course"]
    kept = keep(visit, "inspection.correct", saved, by=by, changed=sorted(columns), reason=reason)
    tell_author(visit, by, reason=reason)
    recount(units)
    for unit in units:
        send("inspection.received", {"inspection": str(visit.pk), "enterprise": str(unit)})
    return kept


def _where(visit: Inspection, changes: Mapping[str, Any], by: Actor) -> Whereabouts:
    """Another unit or site replaces the one that stood there, with its own sector unless one is given."""
    elsewhere = any(changes.get(name) for name in ("enterprise", "site"))
    stood = {
        "enterprise": visit.enterprise_id,
        "site": visit.site_id,
        "place": visit.place,
        "region": visit.region_code,
    }
    asked = {**({} if elsewhere else stood), **changes}
    sector = asked.get("sector") or (None if elsewhere else visit.sector_id)
    at = asked.get("started_at", visit.started_at)
    named: dict[str, Any] = {name: asked.get(name) for name in ("enterprise", "site", "place", "region")}
    return whereabouts.resolve(by, at, location=None, sector=sector, **named)


def _place_of(where: Whereabouts) -> dict[str, Any]:
    return {
        "enterprise_id": where.enterprise.pk if where.enterprise else None, "site_id": where.site_id, "place": where.place,
        "region_code": where.region_code, "sector_id": where.sector_id,
    }  # fmt: skip


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: changes[name] for name in AS_GIVEN if name in changes}
    found |= {told: None for name, told in TOLD.items() if name in changes}  # what the office states is what counts
    if sent := changes.get("location"):
        found |= {
            "sent_lon": sent.lon,
            "sent_lat": sent.lat,
            "sent_crs": sent.crs,
            "accuracy_m": sent.accuracy_m,
            "point": sent.point,
        }
    return found


def _check(visit: Inspection, columns: Mapping[str, Any], by: Actor) -> None:
    """The parts must hold together as they must when a visit comes in; the name in which it was made is judged by who made it."""
    said = {
        name: columns.get(name, getattr(visit, name)) for name in ("authority", "answers", "started_at", "finished_at")
    }
    author = (
        User.objects.filter(pk=visit.by_id).values_list("role", flat=True).first() if "authority" in columns else None
    )
    check_body(
        {**said, "hazards": [], "photos": [], "reviews": []}, code=visit.checklist_code, version=visit.checklist_version,
        role=author,
    )  # fmt: skip
    for name in TOLD:
        if name in columns and columns[name] > timezone.now():
            raise IN_THE_FUTURE.at(f"/{name}")
    if said["finished_at"] < said["started_at"]:
        raise INVALID(errors=[{"pointer": "/finished_at", "code": "before_start", "detail": "结束时间早于开始时间。"}])
    check_companions(set(columns.get("companions", ())) - set(visit.companions), by, visit.region_code)


def _write(visit: Inspection, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(visit, name, value)
    stands = not any(getattr(visit, told) for told in TOLD.values())  # nothing counts but what is stated
    visit.warnings = sorted({*visit.warnings, Remark.CORRECTED} - (OF_TIMES if stands else set()))
