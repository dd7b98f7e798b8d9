"""Every step of a hazard: lock, check, move, save, one line in the trail and one in the hazard's own history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import actions as evidence
from evidence.models import Photo
from geo.coordinates import plausible
from hazards.models import Hazard, HazardStep, Review
from hazards.rules import basis_missing, deadline_before, default_due, due_warnings
from hazards.states import STEPS, Level, Origin, State, after, may
from hazards.whereabouts import Whereabouts
from reference import law
from safety_api import outbox
from safety_api.inserts import insert_all, insert_new
from safety_api.permissions import Role
from safety_api.problems import (
    DEADLINE_BEFORE_FOUND,
    FORBIDDEN,
    ID_REUSED,
    ITEM_OF_OTHER_CHECKLIST,
    LEADER_REQUIRED,
    LEVEL_BASIS_REQUIRED,
    NOT_FOUND,
    PHOTOS_REQUIRED,
    fault,
)
from safety_api.trail import line, record

FUTURE = timedelta(minutes=10)  # a phone's clock may run ahead this much without a remark
ORIGIN_OF = {
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
    by: Any,
) -> list[Hazard]:
    """Hazards that an inspection carries, not yet written. Each finding has id, item, level, description, deadline and location (a
    SentPoint or None: then the visit's own point)."""
    origin = ORIGIN_OF.get(by.role, Origin.INSPECTION)
    return [_hazard(each, where, origin, found_at, by, point, inspection_id, by.is_demo) for each in findings]


def warnings_of(hazards: list[Hazard]) -> list[str]:
    """Remarks about deadlines and places, from what is stored: the same today as on the day of the report."""
    return sorted({word for hazard in hazards for word in _warnings(hazard)})


def write(hazards: list[Hazard], *, by: Any) -> None:
    """Two statements, however many, in the caller's transaction; the caller writes the trail. Raises ID_REUSED for an id that stands."""
    if hazards:
        _write(hazards, by)


def trail_lines(hazards: list[Hazard], *, by: Any) -> list:
    return [line(by, "hazard.report", hazard, level=hazard.level) for hazard in hazards]


@transaction.atomic
def put(hazard_id: UUID, *, content_sha256: str, by: Any, where: Whereabouts, **fields: Any) -> tuple[Hazard, bool]:
    """A hazard found outside a visit: (hazard, new). The same content again returns what stands; other content raises ID_REUSED."""
    found_at = fields["found_at"]
    _check_item_and_deadline(fields, where, found_at)
    origin = ORIGIN_OF.get(by.role, Origin.PATROL)
    hazard = _hazard({"id": hazard_id, **fields}, where, origin, found_at, by, fields.get("location"), None, by.is_demo)
    hazard.content_sha256 = content_sha256
    if not insert_new([hazard]):
        return _stands_already(hazard_id, content_sha256, by), False
    insert_all([_first_step(hazard, by)])
    evidence.declare(fields.get("photos", []), owner_kind="hazard", owner_id=hazard_id, by=by)
    record(by, "hazard.report", hazard, level=hazard.level, origin=hazard.origin)
    outbox.send("hazard.reported", {"hazards": [str(hazard_id)]})
    return hazard, True


def _check_item_and_deadline(fields: dict[str, Any], where: Whereabouts, found_at: datetime) -> None:
    found_on = timezone.localdate(found_at)
    known = (
        {each["code"] for each in law.checklist(where.sector_id, found_on).body["items"]} if fields["item"] else set()
    )
    if fields["item"] and fields["item"] not in known:
        raise ITEM_OF_OTHER_CHECKLIST(errors=[fault(ITEM_OF_OTHER_CHECKLIST, "/item")])
    if deadline_before(found_on, fields["deadline"]):
        raise DEADLINE_BEFORE_FOUND(errors=[fault(DEADLINE_BEFORE_FOUND, "/deadline")])


def stored(hazard_id: UUID, content_sha256: str, by: Any) -> Hazard | None:
    """What an equal PUT of the same person made before, whatever rules have changed since."""
    return Hazard.objects.filter(pk=hazard_id, content_sha256=content_sha256, reported_by=by.pk).first()


def _stands_already(hazard_id: UUID, content_sha256: str, by: Any) -> Hazard:
    found = stored(hazard_id, content_sha256, by)
    if found is None:
        raise ID_REUSED()
    return found


def _hazard(
    fields: dict[str, Any],
    where: Whereabouts,
    origin: Origin,
    found_at: datetime,
    by: Any,
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
    if sent:
        sent.place(hazard)
    return hazard


def _warnings(hazard: Hazard) -> list[str]:
    found_on = timezone.localdate(hazard.found_at)
    far = hazard.point is not None and not plausible(hazard.point.x, hazard.point.y)
    ahead = hazard.found_at > hazard.received_at + FUTURE
    return [
        *due_warnings(found_on, hazard.due_on or found_on, law.deadline(hazard.level, found_on)),
        *(["outside_county"] if far else []),
        *(["in_the_future"] if ahead else []),
    ]


def _write(hazards: list[Hazard], by: Any) -> None:
    written = insert_new(hazards)
    if taken := [str(hazard.pk) for hazard in hazards if hazard.pk not in written]:
        raise ID_REUSED(errors=[{"pointer": "/hazards", "code": "id_reused", "detail": each} for each in taken])
    insert_all([_first_step(hazard, by) for hazard in hazards])


def _first_step(hazard: Hazard, by: Any) -> HazardStep:
    return _step(hazard, "report", "", by=by, happened_at=hazard.found_at, due_on=hazard.due_on)


def _step(
    hazard: Hazard,
    name: str,
    before: str,
    *,
    by: Any,
    happened_at: datetime,
    due_on: date | None = None,
    note: str = "",
) -> HazardStep:
    return HazardStep(
        hazard=hazard, step=name, before=before, after=hazard.state, happened_at=happened_at, recorded_at=timezone.now(),
        by_id=by.pk, by_name=by.name, by_role=by.role, due_on=due_on, note=note,
    )  # fmt: skip


# --- reviews ----------------------------------------------------------------------------------------------------------------
def review_in_visit(
    reviews: list[dict[str, Any]], *, inspection_id: UUID, reviewed_at: datetime, by: Any
) -> list[Review]:
    """What a visit found of hazards known before, kept beside them; in the caller's transaction, one statement."""
    return Review.objects.bulk_create(
        Review(
            hazard_id=each["hazard"], inspection_id=inspection_id, result=each["result"], note=each.get("note") or "",
            reviewed_at=reviewed_at, reviewed_by=by.pk, recorded_at=timezone.now(),
        )
        for each in reviews
    )  # fmt: skip


# --- steps --------------------------------------------------------------------------------------------------------------------
def _take(hazard_id: UUID, name: str, *, by: Any, check_fresh: Any = None) -> tuple[Hazard, str]:
    """The hazard locked and moved in memory, and the state it was in. Raises NOT_FOUND, STALE, FORBIDDEN or WRONG_STEP."""
    hazard = Hazard.objects.visible_to(by).select_for_update().filter(pk=hazard_id).first()
    if hazard is None:
        raise NOT_FOUND()
    if check_fresh:
        check_fresh(hazard)
    before, hazard.state = hazard.state, after(hazard.state, name)
    if not may(
        STEPS[name], role=by.role, origin=hazard.origin, level=hazard.level, is_author=hazard.reported_by == by.pk
    ):
        raise FORBIDDEN()
    return hazard, before


def _finish(
    hazard: Hazard, name: str, before: str, columns: list[str], *, by: Any, note: str = "", due_on: date | None = None
) -> Hazard:
    hazard.save(update_fields=["state", *columns])
    hazard.refresh_from_db(fields=["epoch", "xid"])
    _step(hazard, name, before, by=by, happened_at=timezone.now(), due_on=due_on, note=note).save()
    record(by, f"hazard.{name}", hazard, before=before, note=note)
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": name})
    return hazard


@transaction.atomic
def reject(hazard_id: UUID, *, by: Any, note: str, check_fresh: Any = None) -> Hazard:
    """3 不成立: by a department's officer who did not report it, with a reason."""
    hazard, before = _take(hazard_id, "reject", by=by, check_fresh=check_fresh)
    return _finish(hazard, "reject", before, [], by=by, note=note)


@transaction.atomic
def confirm(
    hazard_id: UUID, *, by: Any, level: str | None = None, standard_clause: str = "", judged_by_expert: str = "",
    deadline: date | None = None, note: str = "", check_fresh: Any = None,
) -> Hazard:  # fmt: skip
    """4 确认: sets the level. A major one needs a clause or an expert's judgement, and a department leader (DOMAIN §3.7).

    Raises LEVEL_BASIS_REQUIRED, LEADER_REQUIRED and what `_take` raises.
    """
    hazard, before = _take(hazard_id, "confirm", by=by, check_fresh=check_fresh)
    hazard.level = level or hazard.level
    hazard.standard_clause = standard_clause or hazard.standard_clause
    hazard.judged_by_expert = judged_by_expert or hazard.judged_by_expert
    hazard.due_on = deadline or hazard.due_on
    _check_level(hazard, by)
    columns = ["level", "standard_clause", "judged_by_expert", "due_on"]
    return _finish(hazard, "confirm", before, columns, by=by, note=note, due_on=deadline)


def _check_level(hazard: Hazard, by: Any) -> None:
    if basis_missing(hazard.level, hazard.standard_clause, hazard.judged_by_expert):
        raise LEVEL_BASIS_REQUIRED()
    if hazard.level == Level.MAJOR and by.role == Role.TOWNSHIP_OFFICER:
        raise FORBIDDEN()  # 乡镇只处理巡查发现的一般隐患
    if hazard.level == Level.MAJOR and not by.is_leader:
        raise LEADER_REQUIRED()


@transaction.atomic
def close_on_spot(
    hazard_id: UUID, *, by: Any, photos: list[dict[str, Any]], note: str = "", check_fresh: Any = None
) -> Hazard:
    """6a 当场整改销号: a general hazard removed while the officer stands there, with a photo before and one after.

    `photos` is a manifest of what was taken after. Raises PHOTOS_REQUIRED and what `_take` raises.
    """
    hazard, before = _take(hazard_id, "close-on-spot", by=by, check_fresh=check_fresh)
    if not photos or not photos_of(hazard).exists():
        raise PHOTOS_REQUIRED()
    evidence.declare(photos, owner_kind="hazard", owner_id=hazard.pk, by=by)
    hazard.closed_on = timezone.localdate()
    return _finish(hazard, "close-on-spot", before, ["closed_on"], by=by, note=note)


def photos_of(hazard: Hazard) -> Any:
    """Its own photos, and those of the visit that show it."""
    return Photo.objects.filter(owner_kind="hazard", owner_id=hazard.pk) | Photo.objects.filter(
        subjects__contains=[hazard.pk]
    )
