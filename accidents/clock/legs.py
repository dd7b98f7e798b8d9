"""The verbs of report legs: sent, received, when a level was notified, the end of the rescue."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accidents.choices import STATISTICS, LegState
from accidents.clock import statistics
from accidents.clock.keeping import SENT_COLUMNS, _opened, _void, follow, learn, moment_of, sent, times_a_day, write
from accidents.clock.limits import is_reportable, level_of, limits_at
from accidents.models import Accident, Receipt, ReportLeg
from accidents.reports.locking import locked
from accidents.reports.parts import check_after, check_moment
from accidents.rules import reporting
from reference.terms import ReportLevel
from safety_api import writing
from safety_api.actors import Actor
from safety_api.problems import (
    NOT_YOUR_LEG,
    OUT_OF_ORDER,
    REASON_REQUIRED,
    WRONG_CHANNEL,
    WRONG_STEP,
)
from safety_api.roles import COUNTY, Role
from safety_api.trail import record
from safety_api.writing import Fresh


def _leg(accident: Accident, leg_id: int) -> ReportLeg:
    leg = writing.locked(accident.legs.all(), leg_id)
    if leg.void_at:
        raise WRONG_STEP(state=LegState.VOID.value, step="leg")
    return leg


def has_unit(accident: Accident) -> bool:
    return accident.units.known().exists()


@transaction.atomic
def send_leg(
    accident_id: UUID, leg_id: int, *, by: Actor, channel: str, sent_at: datetime | None = None, told_to: str = "",
    note: str = "", reason: str = "", fresh: Fresh = None,
) -> ReportLeg:  # fmt: skip
    """A level has notified the next one: written down by those who sent or received it, the county for everybody. What the
    notified level owes in turn opens. What was written down is put right by the county alone, with a reason.

    Raises NOT_FOUND, STALE, NOT_YOUR_LEG, WRONG_CHANNEL, IN_THE_FUTURE, BEFORE_THE_ACCIDENT, REASON_REQUIRED,
    STATISTICS_INCOMPLETE, WRONG_STEP for a void one.
    """
    accident = locked(accident_id, by, fresh)
    leg, at = _leg(accident, leg_id), sent_at or timezone.now()
    _check_mine(by, leg.level, leg.to)
    _check_at(accident, at, "/sent_at")
    statistics.check(accident, leg)
    if not reporting.serves(limits_at(at), channel, leg.wanted):
        raise WRONG_CHANNEL.at("/channel")
    before = _put_right(leg, by, reason)
    sent(leg, at=at, channel=channel, told_to=told_to, note=note, by=by)
    leg.save(update_fields=SENT_COLUMNS)
    if leg.to != STATISTICS:
        learn(accident, leg.to, at)
    legs = follow(accident, has_unit=has_unit(accident))
    legs += _next_follow_up(accident, leg, legs)
    write(accident, legs)
    accident.save(update_fields=["heard"])
    record(by, "accident.send_leg", accident, leg=leg.pk, code=leg.code, level=leg.level, to=leg.to,
           late=leg.late, minutes_late=leg.minutes_late, reason=reason, before=before)  # fmt: skip
    return leg


def _check_mine(by: Actor, *levels: str) -> None:
    """The county writes down for everybody, others for their own level; a unit does not certify itself."""
    if by.role not in COUNTY and (level_of(by) not in levels or by.role == Role.ENTERPRISE_OFFICER):
        raise NOT_YOUR_LEG()


def _check_at(accident: Accident, at: datetime, pointer: str) -> None:
    check_moment(at, pointer)
    check_after(at, accident.occurred_at, pointer)


def _put_right(leg: ReportLeg, by: Actor, reason: str) -> dict[str, Any] | None:
    if leg.sent_at is None:
        return None
    if by.role not in COUNTY:
        raise WRONG_STEP(state=leg.state(timezone.now()).value, step="send")
    if not reason:
        raise REASON_REQUIRED.at("/reason")
    return {"sent_at": leg.sent_at.isoformat(), "channel": leg.channel, "told_to": leg.told_to}


def _next_follow_up(accident: Accident, sent: ReportLeg, legs: list[ReportLeg]) -> list[ReportLeg]:
    """续报, once a day or twice, from the first report to the city until the rescue ends."""
    starts = (sent.level, sent.to) == (ReportLevel.COUNTY, ReportLevel.CITY)
    is_on = any(leg.code == reporting.FOLLOW_UP and leg.sent_at is None and leg.pk != sent.pk for leg in legs)
    if not starts or is_on or accident.rescue_ended_at or not is_reportable(accident) or sent.sent_at is None:
        return []
    after = timezone.localtime(sent.sent_at)
    times = times_a_day(accident, limits_at(sent.sent_at))
    each = reporting.Owed("R5", sent.level, sent.to, after, reporting.follow_up_due(after, times))
    return [_opened(accident, each)]


@transaction.atomic
def receive_leg(
    accident_id: UUID, leg_id: int, *, by: Actor, received_at: datetime | None = None, person: str = "",
    fresh: Fresh = None,
) -> Receipt:  # fmt: skip
    """Who took the report at the level that was notified: a person of that level, or the county for the levels above it,
    with the person's name.

    Raises what `send_leg` raises, OUT_OF_ORDER before it was sent, WRONG_STEP while nothing was.
    """
    accident = locked(accident_id, by, fresh)
    leg, at = _leg(accident, leg_id), received_at or timezone.now()
    _check_mine(by, leg.to)
    if leg.sent_at is None:
        raise WRONG_STEP(state=leg.state(timezone.now()).value, step="receive", detail="这一环节还没有上报。")
    _check_at(accident, at, "/received_at")
    if at < leg.sent_at:
        raise OUT_OF_ORDER.at("/received_at")
    receipt = Receipt.objects.create(
        leg=leg, received_at=at, person=person or by.name, by_id=by.pk, by_name=by.name, by_role=by.role,
        known_at=timezone.now(),
    )  # fmt: skip
    accident.save(update_fields=["heard"])  # its tag changes with its parts
    record(by, "accident.receive_leg", accident, leg=leg.pk, to=leg.to)
    return receipt


@transaction.atomic
def state_known_moment(
    accident_id: UUID, *, by: Actor, level: str, at: datetime, reason: str, fresh: Fresh = None
) -> Accident:
    """When a level really learned of it, by the county with a reason: its limits run from then. Raises IN_THE_FUTURE,
    BEFORE_THE_ACCIDENT, NOT_FOUND, STALE.
    """
    accident = locked(accident_id, by, fresh)
    _check_at(accident, at, "/at")
    before = accident.heard.get(level)
    _put_known_moment(accident, level, at)
    accident.save(update_fields=["heard"])
    write(accident, follow(accident, has_unit=has_unit(accident)))
    record(by, "accident.state_told", accident, level=level, at=at.isoformat(), before=before, reason=reason)
    return accident


def presume_since(accident: Accident, before: datetime, at: datetime) -> None:
    """The accident happened at another moment than it was held to: a level presumed to know since then knows since this one.
    Save `heard`."""
    for level, known in list(accident.heard.items()):
        if known["presumed"] and moment_of(known) == before:
            _put_known_moment(accident, level, at, presumed=True)


def _put_known_moment(accident: Accident, level: str, at: datetime, *, presumed: bool = False) -> None:
    """The limits of that level run from then; what was owed only since the grade was known, not from before that."""
    before = accident.heard.get(str(level))
    accident.heard[str(level)] = {"at": timezone.localtime(at).isoformat(), "presumed": presumed}
    for leg in accident.legs.filter(level=level, void_at=None).exclude(code=reporting.FOLLOW_UP):
        waited = before is None or leg.received_at > moment_of(before)
        start = max(at, leg.received_at) if waited and reporting.asked_by_grade(leg.code, leg.to) else at
        leg.due_at += start - leg.received_at
        leg.received_at, leg.presumed = start, presumed
        leg.save(update_fields=["received_at", "due_at", "presumed"])


def unit_was_notified(accident: Accident, at: datetime | None, by: Actor) -> None:
    """In a further report: the county puts in a fact what was presumed; nobody else moves a unit's limit."""
    known = accident.heard.get(ReportLevel.ENTERPRISE)
    if at and by.role in COUNTY and known and known["presumed"]:
        _put_known_moment(accident, ReportLevel.ENTERPRISE, at)


@transaction.atomic
def end_rescue(accident_id: UUID, *, by: Actor, at: datetime, note: str = "", fresh: Fresh = None) -> Accident:
    """The rescue has ended: no more follow-ups. Raises IN_THE_FUTURE, BEFORE_THE_ACCIDENT, NOT_FOUND, STALE."""
    accident = locked(accident_id, by, fresh)
    _check_at(accident, at, "/at")
    accident.rescue_ended_at = at
    accident.save(update_fields=["rescue_ended_at"])
    _void(list(accident.legs.owed().filter(code=reporting.FOLLOW_UP)), timezone.now(), "救援结束")
    record(by, "accident.end_rescue", accident, at=at.isoformat(), note=note)
    return accident
