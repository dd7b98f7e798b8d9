"""The clock's writes: who learned of it when, the legs that follow, what was sent, taken, reminded.

Which legs there are is said by rules.reporting from `Accident.heard`; here they are opened, sent and voided, never
deleted. A leg's limit is that of the document in force on the day on which the report came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accidents.clock import statistics
from accidents.clock.limits import (
    LEVEL_OF_CALLER,
    REACHED_BY_APP,
    case_of,
    has_limits,
    is_reportable,
    level_of,
    limits_at,
)
from accidents.models import Accident, ReportLeg
from accidents.rules import reporting
from reference.terms import AccidentKind, ReportLevel
from safety_api.actors import Actor
from safety_api.inserts import insert_all
from safety_api.trail import SYSTEM


# --- who knows -------------------------------------------------------------------------------------------------------
def known_moments(accident: Accident) -> dict[str, datetime]:
    return {level: moment_of(each) for level, each in accident.heard.items()}


def moment_of(known: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(known["at"])


def learn(accident: Accident, level: str | None, at: datetime, *, presumed: bool = False) -> None:
    """The earliest moment prevails, and what was said prevails over what was presumed. In memory only."""
    if level is None:
        return
    known = accident.heard.get(level)
    if known and presumed and not known["presumed"]:
        return
    if known and presumed == known["presumed"] and moment_of(known) <= at:
        return
    accident.heard[str(level)] = {"at": timezone.localtime(at).isoformat(), "presumed": presumed}


def notified_by_first_report(
    accident: Accident, *, by: Actor, call: Mapping[str, Any] | None, told_at: datetime | None,
    unit_told_at: datetime | None, has_unit: bool,
) -> None:  # fmt: skip
    """Who knew when, as the first report says it: a call reached whoever took it, a report of the app all above."""
    now, level = timezone.now(), level_of(by)
    if call:
        learn(accident, level, call["received_at"])
        learn(accident, LEVEL_OF_CALLER.get(call["caller"]), call.get("told_at") or accident.occurred_at, presumed=True)
    else:
        learn(accident, level, told_at or now, presumed=level == ReportLevel.ENTERPRISE and told_at is None)
        for above in _reached(level):
            learn(accident, above, now)
    if has_unit or unit_told_at:
        learn(accident, ReportLevel.ENTERPRISE, unit_told_at or accident.occurred_at, presumed=unit_told_at is None)


def unit_named(accident: Accident) -> None:
    """A unit is known now: it owes its report since it was notified, at a moment nobody has stated. In memory only."""
    learn(accident, ReportLevel.ENTERPRISE, accident.occurred_at, presumed=True)


def _reached(level: ReportLevel | None) -> Iterable[ReportLevel]:
    return (ReportLevel.TOWNSHIP, ReportLevel.COUNTY) if level is None else REACHED_BY_APP[level]


# --- the legs that follow --------------------------------------------------------------------------------------------
def follow(
    accident: Accident, *, has_unit: bool, new: bool = False, graded_at: datetime | None = None
) -> list[ReportLeg]:
    """What is owed no more is void; what is owed now is added, not yet written. The accident is locked. Returns all
    legs in force.

    `graded_at`: the grade has just changed. One query when nothing changes, none for a new record.
    """
    notified = known_moments(accident)
    if not notified:
        return []
    in_force = [] if new else list(accident.legs.filter(void_at=None).order_by("id"))
    if not has_limits(accident):
        _void([leg for leg in in_force if _is_idle(leg, {}, accident)], timezone.now())
        return [leg for leg in in_force if leg.void_at is None]
    limits = limits_at(min(notified.values()))
    wanted = {
        each.key: each for each in reporting.owed(limits, case_of(accident, has_unit=has_unit), notified, graded_at)
    }
    _void([leg for leg in in_force if _is_idle(leg, wanted, accident)], timezone.now())
    if graded_at:
        _hasten(in_force, accident, limits, graded_at)
    known = {(leg.code, leg.level, leg.to) for leg in in_force}
    opened = [_opened(accident, each) for key, each in wanted.items() if key not in known]
    return [leg for leg in in_force if leg.void_at is None] + opened


def _hasten(legs: Iterable[ReportLeg], accident: Accident, limits: reporting.Limits, graded_at: datetime) -> None:
    """A higher grade asks for follow-ups twice a day: the one that is open is due earlier, never later."""
    for leg in legs:
        if leg.code == reporting.FOLLOW_UP and leg.sent_at is None and leg.void_at is None:
            after = timezone.localtime(max(leg.received_at, graded_at))
            due = reporting.follow_up_due(after, times_a_day(accident, limits))
            if due < leg.due_at:
                leg.due_at = due
                leg.save(update_fields=["due_at"])


def times_a_day(accident: Accident, limits: reporting.Limits) -> int:
    return limits.times_per_day[AccidentKind.EVENT if accident.kind == AccidentKind.EVENT else accident.grade]


def _opened(accident: Accident, each: reporting.Owed) -> ReportLeg:
    return ReportLeg(
        accident=accident, code=each.code, level=each.level, to=each.to, warning=each.warning, wanted=each.channel,
        presumed=accident.heard[each.level]["presumed"], received_at=each.received_at, due_at=each.due_at, channel="",
        by_id=None, by_name=SYSTEM.name, by_role=SYSTEM.role, known_at=timezone.now(),
    )  # fmt: skip


def _is_idle(leg: ReportLeg, wanted: Mapping[tuple, Any], accident: Accident) -> bool:
    if leg.sent_at or not leg.to:
        return False
    if leg.code == reporting.FOLLOW_UP:
        return not is_reportable(accident) or accident.rescue_ended_at is not None
    return (leg.code, leg.level, leg.to) not in wanted


def _void(legs: list[ReportLeg], at: datetime, reason: str = "不再需要") -> None:
    for leg in legs:
        leg.void_at, leg.void_reason = at, reason
    if legs:
        ReportLeg.objects.filter(pk__in=[leg.pk for leg in legs]).update(void_at=at, void_reason=reason)


def close_legs(
    accident: Accident, legs: list[ReportLeg], *, sender: str | None, to: Iterable[Any], at: datetime, channel: str,
    by: Actor, told_to: str = "",
) -> None:  # fmt: skip
    """Whoever reported to those by this channel has done the legs that such a report serves; new legs are written."""
    limits, to = limits_at(at), set(to)
    for leg in legs:
        if leg.level == sender and leg.to in to and not leg.sent_at and reporting.serves(limits, channel, leg.wanted):
            sent(leg, at=at, channel=channel, told_to=told_to, by=by)
    insert_all([leg for leg in legs if leg.pk is None])
    ReportLeg.objects.bulk_update([leg for leg in legs if leg.pk and leg.sent_at == at], SENT_COLUMNS)


SENT_COLUMNS = ("sent_at", "channel", "told_to", "note", "by_id", "by_name", "by_role", "known_at")


def sent(leg: ReportLeg, *, at: datetime, channel: str, told_to: str, by: Actor, note: str = "") -> None:
    leg.sent_at, leg.channel, leg.told_to, leg.note = at, channel, told_to, note
    leg.by_id, leg.by_name, leg.by_role, leg.known_at = by.pk, by.name, by.role, timezone.now()


def enter(accident: Accident, legs: Iterable[ReportLeg], *, verb: str, by: Actor, has_unit: bool) -> None:
    """The limits of statistics that this verb has met; of legs not written yet in memory."""
    for leg in legs:
        if statistics.is_done(accident, leg, verb=verb, by=by, has_unit=has_unit):
            sent(leg, at=timezone.now(), channel="platform", told_to="", by=by)
            if leg.pk:
                leg.save(update_fields=SENT_COLUMNS)


def write(accident: Accident, legs: list[ReportLeg]) -> None:
    insert_all([leg for leg in legs if leg.pk is None])


def report_came(accident: Accident, legs: list[ReportLeg], *, by: Actor, call: Mapping[str, Any] | None) -> None:
    """After a report: of the legs in force (`follow`) those it has done; new ones are written."""
    level = level_of(by)
    to: Iterable[Any]
    sender: str | None
    if call:
        sender, to, at, channel = LEVEL_OF_CALLER.get(call["caller"]), (level,), call["received_at"], call["channel"]
    else:
        sender, to, at, channel = level, _reached(level), timezone.now(), "app"
    close_legs(accident, legs, sender=sender, to=to, at=at, channel=channel, by=by, told_to=by.name if call else "")
