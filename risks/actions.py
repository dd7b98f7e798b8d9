"""Every write of risk points and self-checks: one verb, one transaction, one line in the trail.

Whoever writes a point of a unit holds the unit's row: its highest colour is worked out from all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Min
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError

from enterprises.actions import point_columns, set_risk_colour
from enterprises.kinds import Status
from enterprises.models import Condition, Enterprise, Site
from reference import law
from reference.terms import ControlLevel
from risks import rules
from risks.models import RiskAssessment, RiskPoint, SelfCheck
from safety_api.actors import Actor
from safety_api.field_times import CountingMoment
from safety_api.idempotency import Sent, SentBefore
from safety_api.inserts import insert_new
from safety_api.outbox import send
from safety_api.problems import (
    BEFORE_LAST_ASSESSMENT,
    CONTROL_TOO_LOW,
    FORBIDDEN,
    IN_FUTURE,
    NOT_FOUND,
    OUTSIDE_TABLE,
    RESIDUAL_ABOVE_INHERENT,
    REVIEW_TOO_LATE,
    TWICE,
    UNKNOWN_ACCIDENT_TYPE,
    UNKNOWN_FORCED_REASON,
    UNKNOWN_RISK_POINT,
    UNKNOWN_SITE,
    WRONG_STEP,
    ProblemKind,
)
from safety_api.remarks import Remark
from safety_api.trail import record
from safety_api.writing import Fresh, locked, read_back

METHODS = "risk_methods"
SENT_BEFORE = SentBefore(SelfCheck.objects.all, "by_id")
ABOUT = ("name", "place", "hazard_factors", "accident_types", "site_id")
CONTROLS = ("measures", "persons", "control_level")


def methods(on: date) -> Any:
    """The document in force. Raises NO_RULE."""
    return law.in_force(METHODS, on)


# --- risk points ----------------------------------------------------------------------------------------------------
@transaction.atomic
def identify(*, by: Actor, **entry: Any) -> tuple[RiskPoint, list[str]]:
    """A new risk point of the officer's own unit with its first assessment, and warnings about its place.

    Raises FORBIDDEN for somebody without a unit, ValidationError with all pointers, UNKNOWN_SITE, NO_RULE.
    """
    unit = _own_unit(by)
    point = RiskPoint(enterprise=unit, is_demo=by.is_demo, **_about(entry, unit))
    state = _worked_out(entry, None, "first")
    point.level, point.review_due_on = state["residual_level"], state["review_due_on"]
    point.save(force_insert=True)
    _write_assessment(point, None, state, by)
    record(by, "risk.identify", point, name=point.name, **_summary(state))
    _announce(unit, by)
    return _reread(point), entry["location"].warnings if entry.get("location") else []


@transaction.atomic
def assess(key: UUID, *, by: Actor, fresh: Fresh = None, occasion: str, **entry: Any) -> RiskPoint:
    """Another assessment; the one before stays for whoever asks about its days.

    Raises NOT_FOUND, STALE, WRONG_STEP for a retired point, ValidationError, NO_RULE.
    """
    point, last = _locked(key, by, fresh, "重新评价")
    state = _worked_out(entry, last, occasion)
    _supersede(point, last, state, by)
    record(by, "risk.assess", point, occasion=occasion, **_summary(state))
    _announce(point.enterprise, by)
    return _reread(point)


@transaction.atomic
def change(key: UUID, *, by: Actor, fresh: Fresh = None, **changes: Any) -> tuple[RiskPoint, list[str]]:
    """Another name, place or description; or other measures, persons or a higher control level, which is a row of its own.

    Raises NOT_FOUND, STALE, WRONG_STEP for a retired point, ValidationError, UNKNOWN_SITE, NO_RULE.
    """
    point, last = _locked(key, by, fresh, "修改")
    about = _about(changes, point.enterprise)
    for name, value in about.items():
        setattr(point, name, value)
    point.changed_at = timezone.now()
    point.save()
    if any(name in changes for name in CONTROLS):
        _supersede(point, last, _controlled_otherwise(last, changes), by)
        _announce(point.enterprise, by)
    record(by, "risk.change", point, changed=sorted(changes))
    return _reread(point), changes["location"].warnings if changes.get("location") else []


@transaction.atomic
def retire(key: UUID, *, by: Actor, fresh: Fresh = None, reason: str) -> RiskPoint:
    """The danger is no longer there. Raises NOT_FOUND, STALE, WRONG_STEP when it was retired already."""
    point, last = _locked(key, by, fresh, "撤销")
    today = timezone.localdate()
    _end(last, today, today)
    point.status, point.retired_on, point.retired_why = RiskPoint.Status.RETIRED, today, reason
    point.changed_at = timezone.now()
    point.save(update_fields=["status", "retired_on", "retired_why", "changed_at"])
    record(by, "risk.retire", point, reason=reason)
    _announce(point.enterprise, by)
    return _reread(point)


def _own_unit(by: Actor) -> Enterprise:
    if not by.enterprise_id:
        raise FORBIDDEN()
    return locked(Enterprise.objects.all(), by.enterprise_id, no_key=True)


def _locked(key: UUID, by: Actor, fresh: Fresh, step: str) -> tuple[RiskPoint, RiskAssessment]:
    """The point and its assessment in force, the unit's row held. Raises NOT_FOUND, STALE, WRONG_STEP."""
    unit = _own_unit(by)
    point = RiskPoint.objects.visible_to(by).filter(pk=key).first()
    if point is None:
        raise NOT_FOUND()
    point.enterprise = unit
    if fresh:
        fresh(point)
    if point.status == RiskPoint.Status.RETIRED:
        raise WRONG_STEP(state=point.get_status_display(), step=step)
    return point, point.assessments.get(held_to=None)


def _about(entry: Mapping[str, Any], unit: Enterprise) -> dict[str, Any]:
    """The columns that describe the point. Raises UNKNOWN_SITE, ValidationError."""
    found = {name: entry[name] for name in ABOUT if name in entry}
    site = entry.get("site")
    if site and not Site.objects.filter(pk=site, enterprise=unit).exists():
        raise UNKNOWN_SITE.at("/site")
    found |= {"site_id": site} if "site" in entry else {}
    found |= point_columns(entry["location"]) if "location" in entry else {}
    known = methods(timezone.localdate()).body["accident_types"]["names"]
    if any(each not in known for each in entry.get("accident_types", ())):
        refuse({"accident_types": UNKNOWN_ACCIDENT_TYPE})
    return found


def _reread(point: RiskPoint) -> RiskPoint:
    read_back(point)
    return point


def refuse(faults: Mapping[str, Any]) -> None:
    """Raises the validation problem: field → a kind, or a deeper table of them."""
    if faults:
        raise ValidationError({name: _detail(each) for name, each in faults.items()})


def _detail(each: Any) -> Any:
    if isinstance(each, ProblemKind):
        return [ErrorDetail(each.sentence(), each.code)]
    return {name: _detail(inner) for name, inner in each.items()}


# --- assessments ----------------------------------------------------------------------------------------------------
def _worked_out(entry: Mapping[str, Any], last: RiskAssessment | None, occasion: str) -> dict[str, Any]:
    """The columns of an assessment; measures and persons it does not speak of are as before. Raises ValidationError, NO_RULE."""
    today = timezone.localdate()
    day = entry.get("assessed_on") or today
    if day > today:
        refuse({"assessed_on": IN_FUTURE})
    if last is not None and day < last.held_from:
        refuse({"assessed_on": BEFORE_LAST_ASSESSMENT})
    document = methods(day)
    forced = entry.get("forced_major") or ""
    if forced and forced not in rules.forced_reasons(document.body):
        refuse({"forced_major": UNKNOWN_FORCED_REASON})
    inherent = entry["inherent"]
    residual = entry.get("residual") or inherent
    found = _scored(document.body, entry["method"], inherent, residual, forced)
    return {
        "occasion": occasion,
        "methods_version": document.version,
        "method": entry["method"],
        "inherent": _as_text(inherent),
        "residual": _as_text(residual),
        "inherent_score": found.inherent_score,
        "inherent_level": found.inherent_level,
        "residual_score": found.residual_score,
        "residual_level": found.residual_level,
        "forced_major": forced,
        "assessed_on": day,
        "held_from": day,
        "review_due_on": _review_day(document.body, day, entry.get("review_due_on")),
        **_control(entry, last, found.control, found.control),
    }


def _scored(
    body: rules.Body, method: str, inherent: Mapping[str, Decimal], residual: Mapping[str, Decimal], forced: str
) -> rules.Assessed:
    for name, factors in (("inherent", inherent), ("residual", residual)):
        try:
            rules.score(body, method, factors)
        except rules.OutsideTable as wrong:
            refuse({name: {wrong.factor: OUTSIDE_TABLE}})
    found = rules.assessed(body, method, inherent, residual, forced)
    if found.residual_score > found.inherent_score:
        refuse({"residual": RESIDUAL_ABOVE_INHERENT})
    return found


def _review_day(body: rules.Body, day: date, wished: date | None) -> date:
    """Sooner than the rule when the unit wishes, never later."""
    latest = rules.review_due(body, day)
    if wished is not None and not day < wished <= latest:
        refuse({"review_due_on": REVIEW_TOO_LATE})
    return wished or latest


def _control(entry: Mapping[str, Any], last: RiskAssessment | None, least: str, usual: str) -> dict[str, Any]:
    """Who controls it, how; measures and persons that are not said stay. Raises ValidationError."""
    level = str(entry.get("control_level") or usual)
    if rules.too_low(level, least):
        refuse({"control_level": CONTROL_TOO_LOW})
    measures = entry.get("measures", last.measures if last else {})
    persons = entry.get("persons", last.persons if last else {})
    return {
        "control_level": level,
        "measures": measures,
        "persons": persons,
        "controlled": rules.is_controlled(measures, persons, level),
    }


def _controlled_otherwise(last: RiskAssessment, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same scores of the same day, controlled in another way from today on. Raises ValidationError."""
    body = law.version(METHODS, "RM", last.methods_version) or methods(last.assessed_on)
    deciding = {"inherent": last.inherent_level, "residual": last.residual_level}[body.body["colours"]["control_by"]]
    kept = (
        "methods_version", "method", "inherent", "residual", "inherent_score", "residual_score", "inherent_level",
        "residual_level", "forced_major", "assessed_on", "review_due_on",
    )  # fmt: skip
    return {
        **{name: getattr(last, name) for name in kept},
        "occasion": RiskAssessment.Occasion.CONTROL,
        "held_from": timezone.localdate(),
        **_control(changes, last, rules.control_of(body.body, deciding), last.control_level),
    }


def _as_text(factors: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: plain(value) for name, value in factors.items()}


def plain(value: Decimal) -> str:
    """540, 3.75: no exponent and no zeros behind."""
    return f"{value.normalize():f}"


def _summary(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "level": state["residual_level"],
        "inherent_level": state["inherent_level"],
        "score": plain(state["residual_score"]),
        "methods": state["methods_version"],
        "assessed_on": state["assessed_on"].isoformat(),
    }


def _supersede(point: RiskPoint, last: RiskAssessment, state: dict[str, Any], by: Actor) -> None:
    duty_from = max(timezone.localdate(), last.duty_from)
    _end(last, state["held_from"], duty_from)
    _write_assessment(point, duty_from, state, by)
    point.level, point.review_due_on = state["residual_level"], state["review_due_on"]
    point.changed_at = timezone.now()
    point.save(update_fields=["level", "review_due_on", "changed_at"])


def _end(last: RiskAssessment, on: date, duty_to: date) -> None:
    last.held_to, last.duty_to = on, max(duty_to, last.duty_from)
    last.save(update_fields=["held_to", "duty_to"])


def _write_assessment(point: RiskPoint, duty_from: date | None, state: dict[str, Any], by: Actor) -> None:
    duty_from = duty_from or timezone.localdate() + timedelta(days=1)
    RiskAssessment(risk=point, duty_from=duty_from, recorded_by=by.pk, recorded_by_name=by.name, **state).save(
        force_insert=True
    )


def _announce(unit: Enterprise, by: Actor) -> None:
    """The unit's highest colour, and word to the floors above."""
    worst = RiskPoint.objects.current().filter(enterprise=unit).aggregate(worst=Min("level"))["worst"]
    colour = rules.highest([worst] if worst else [])
    if colour != unit.risk_colour:
        set_risk_colour(unit.pk, colour, by=by)
    send("risk.changed", {"enterprise": str(unit.pk)})


# --- self-checks ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Round:
    """A self-check as it came, held against the rules of its day."""

    points: list[UUID]
    period: rules.Period
    in_time: bool


@transaction.atomic
def put_check(
    key: UUID, *, sent: Sent, by: Actor, level: str, checked_at: datetime, device: Any = None, **entry: Any
):
    """One round of the officer's own unit: (check, new). The same again returns what stands.

    Without `points` all those that the level controls were looked at. What was due in its period is counted once, the first time.
    Raises ID_REUSED, FORBIDDEN, UNKNOWN_RISK_POINT; never for its time.
    """
    unit, sending = _own_unit(by), law.sending(device, timezone.now())
    checked = sending.counting(checked_at)
    done = _round(unit, level, checked, sending.received_at, entry.get("points"))
    check = SelfCheck(
        id=key, content_sha256=sent.sha256, meaning_sha256=sent.meaning, enterprise=unit, is_demo=by.is_demo, level=level,
        checked_at=checked.at, checked_told_at=checked.told, clock_skew_s=sending.skew_seconds,
        warnings=[checked.remark] if checked.remark else [],
        received_at=sending.received_at, period_from=done.period.first, due_on=done.period.last, shift=done.period.shift,
        in_time=done.in_time, points=done.points, counted=_counted(unit, level, done), hazards=entry.get("hazards", []),
        note=entry.get("note", ""), by_id=by.pk, by_name=by.name,
    )  # fmt: skip
    if not insert_new([check]):
        return SENT_BEFORE.earlier(key, sent, by), False
    record(by, "self_check.put", check, level=level, points=len(check.points), counted=check.counted)
    return check, True


def _round(unit: Enterprise, level: str, checked: CountingMoment, now: datetime, named: list[UUID] | None) -> Round:
    checked_at = checked.at
    body = methods(timezone.localdate(checked_at)).body
    period = rules.period_of(
        rules.every(body, level), timezone.localtime(checked_at), rules.shifts_per_day(body, unit.sector_id)
    )
    came_late = checked.remark == Remark.LONG_AGO  # by what it states itself
    in_time = not came_late and rules.arrived_in_time(body, checked_at, now)
    if named is None:
        return Round(_controlled_at(unit, level, timezone.localdate(checked_at)), period, in_time)
    if len(set(named)) < len(named):
        raise TWICE.at("/points")
    if RiskPoint.objects.filter(enterprise=unit, pk__in=named).count() < len(named):
        raise UNKNOWN_RISK_POINT.at("/points")
    return Round(named, period, in_time)


def _controlled_at(unit: Enterprise, level: str, day: date) -> list[UUID]:
    """Points that this level controls on a day, by itself or below a higher one."""
    higher = [each for each in ControlLevel if rules.rank(each) <= rules.rank(level)]
    rows = RiskAssessment.objects.in_force(day).filter(risk__enterprise=unit, control_level__in=higher)
    return list(rows.order_by("risk_id").values_list("risk_id", flat=True))


def _owed(unit: Enterprise, level: str, day: date) -> set[UUID]:
    """Points for which the period that began on this day is owed at this level: none of a day on which the unit stood still."""
    higher = [each for each in ControlLevel if rules.rank(each) <= rules.rank(level)]
    in_business = Condition.objects.as_of(day).filter(enterprise=unit, status=Status.OPERATING)
    rows = RiskAssessment.objects.on_duty(day).filter(
        Exists(in_business), risk__enterprise=unit, control_level__in=higher
    )
    return set(rows.values_list("risk_id", flat=True))


def _counted(unit: Enterprise, level: str, done: Round) -> int:
    if not done.in_time or not done.points:
        return 0
    same = SelfCheck.objects.filter(
        enterprise=unit, level=level, due_on=done.period.last, shift=done.period.shift, in_time=True
    )
    before = {point for points in same.values_list("points", flat=True) for point in points}
    return len(rules.newly_done(done.points, _owed(unit, level, done.period.first), before))
