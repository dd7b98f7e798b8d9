"""The clock's writes: who heard of it when, the legs that follow, what was sent, taken, reminded.

Which legs there are is said by rules.reporting from `Accident.heard`; here they are opened, sent and voided, never
deleted. A leg's limit is that of the document in force on the day on which the report came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reference import law
from safety_api import outbox
from safety_api.inserts import insert_all
from safety_api.problems import (
    BEFORE_THE_ACCIDENT,
    IN_THE_FUTURE,
    NOT_FOUND,
    NOT_YOUR_LEG,
    OUT_OF_ORDER,
    REASON_REQUIRED,
    WRONG_CHANNEL,
    WRONG_STEP,
)
from safety_api.roles import COUNTY, Role
from safety_api.trail import SYSTEM, line, record, record_many
from zero_accident import entering, rules
from zero_accident.models import Accident, Receipt, Reminder, ReportLeg
from zero_accident.places import at_field
from zero_accident.querysets import ReminderQuerySet
from zero_accident.rules import reporting
from zero_accident.words import LEG_OF, STATISTICS, Caller, Kind, LegState, Nature, ReportLevel, Stage, StatStatus

AHEAD = timedelta(minutes=2)  # a phone's clock may run ahead this much
OWN_BUREAU = "emergency"  # the department that the county desk itself belongs to
COAL = "coal_mine"
MOST_REMINDERS = 1000  # a run; the next minute meets the rest
Fresh = Callable[[Accident], None] | None

LEVEL_OF_CALLER = {
    Caller.ENTERPRISE: ReportLevel.ENTERPRISE,
    Caller.SCENE: ReportLevel.ENTERPRISE,  # 现场有关人员，国务院令第493号 第九条
    Caller.TOWNSHIP: ReportLevel.TOWNSHIP,
    Caller.VILLAGE: ReportLevel.TOWNSHIP,
    Caller.DEPARTMENT: ReportLevel.DEPARTMENT,
}
LEVEL_OF_ROLE = {
    Role.ENTERPRISE_OFFICER: ReportLevel.ENTERPRISE,
    Role.TOWNSHIP_OFFICER: ReportLevel.TOWNSHIP,
    Role.TOWNSHIP_LEADER: ReportLevel.TOWNSHIP,
    Role.DEPARTMENT_OFFICER: ReportLevel.DEPARTMENT,
    **dict.fromkeys(COUNTY, ReportLevel.COUNTY),
}
REACHED_BY_APP = {  # a report by phone app is before these at once
    ReportLevel.ENTERPRISE: (ReportLevel.TOWNSHIP, ReportLevel.COUNTY, ReportLevel.DEPARTMENT),
    ReportLevel.TOWNSHIP: (ReportLevel.COUNTY,),
    ReportLevel.DEPARTMENT: (ReportLevel.COUNTY,),
    ReportLevel.COUNTY: (),
}


def level_of(by: Any) -> ReportLevel | None:
    """At which level a person works; None for a village, which tells its township and the county at once."""
    if by.role == Role.INSPECTOR:
        return ReportLevel.TOWNSHIP if len(by.region) > 6 else ReportLevel.COUNTY
    return LEVEL_OF_ROLE.get(by.role)


# --- limits ----------------------------------------------------------------------------------------------------------
_limits: dict[tuple[str, str, str], reporting.Limits] = {}


def limits_at(moment: datetime) -> reporting.Limits:
    """Those in force on that day. Raises NO_RULE."""
    day = timezone.localdate(moment)
    limits, desk = (law.in_force(kind, day) for kind in ("report_limits", "report_desk"))
    entry = next(iter(law.all_in_force(day, "statistics_entry")), None)  # none before 2016
    name = (limits.digest, desk.digest, entry.digest if entry else "")
    if name not in _limits:
        _limits[name] = reporting.read_limits({**limits.body, **desk.body, "statistics": entry and entry.body})
    return _limits[name]


def case_of(accident: Accident, *, has_unit: bool) -> reporting.Case:
    return reporting.Case(
        grade=accident.grade,
        kind=accident.kind,
        owed=is_reportable(accident),
        has_unit=has_unit,
        coal_mine=accident.sector_id == COAL,
        other_department=_other_department(accident),
        counted=accident.stat_status != StatStatus.NOT_COUNTED,
        great_impact=accident.great_impact,
    )


def is_reportable(accident: Accident) -> bool:
    """国务院令第493号 is about production; while nobody knows the nature, it may be one."""
    is_over = accident.stat_status == StatStatus.WRITTEN_OFF or accident.joined_to_id or accident.already_reported
    return not is_over and accident.nature != Nature.NON_PRODUCTION


def _other_department(accident: Accident) -> bool:
    if accident.sector_id is None:
        return False
    lead = law.lead_department(accident.sector_id, timezone.localdate(accident.occurred_at))
    return lead not in (None, OWN_BUREAU)


# --- who has heard ---------------------------------------------------------------------------------------------------
def heard_of(accident: Accident) -> dict[str, datetime]:
    return {level: moment_of(each) for level, each in accident.heard.items()}


def moment_of(heard: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(heard["at"])


def hear(accident: Accident, level: str | None, at: datetime, *, presumed: bool = False) -> None:
    """The earliest moment prevails, and what was said prevails over what was presumed. In memory only."""
    if level is None:
        return
    known = accident.heard.get(level)
    if known and presumed and not known["presumed"]:
        return
    if known and presumed == known["presumed"] and moment_of(known) <= at:
        return
    accident.heard[str(level)] = {"at": timezone.localtime(at).isoformat(), "presumed": presumed}


def first_heard(
    accident: Accident, *, by: Any, call: Mapping[str, Any] | None, told_at: datetime | None,
    unit_told_at: datetime | None, has_unit: bool,
) -> None:  # fmt: skip
    """Who knew when, as the first report says it: a call was heard by whoever took it, an app's report by all above."""
    now, level = timezone.now(), level_of(by)
    if call:
        hear(accident, level, call["received_at"])
        hear(accident, LEVEL_OF_CALLER.get(call["caller"]), call.get("told_at") or accident.occurred_at, presumed=True)
    else:
        hear(accident, level, told_at or now, presumed=level == ReportLevel.ENTERPRISE and told_at is None)
        for above in _reached(level):
            hear(accident, above, now)
    if has_unit or unit_told_at:
        hear(accident, ReportLevel.ENTERPRISE, unit_told_at or accident.occurred_at, presumed=unit_told_at is None)


def unit_named(accident: Accident) -> None:
    """A unit is known now: it owes its report since it was told, which nobody has said. In memory only."""
    hear(accident, ReportLevel.ENTERPRISE, accident.occurred_at, presumed=True)


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
    told = heard_of(accident)
    if not told:
        return []
    now = timezone.now()
    limits = limits_at(min(told.values()))
    wanted = {each.key: each for each in reporting.owed(limits, case_of(accident, has_unit=has_unit), told, graded_at)}
    standing = [] if new else list(accident.legs.filter(void_at=None).order_by("id"))
    _void([leg for leg in standing if _is_idle(leg, wanted, accident)], now)
    if graded_at:
        _hasten(standing, accident, limits, graded_at)
    known = {(leg.code, leg.level, leg.to) for leg in standing}
    opened = [_opened(accident, each) for key, each in wanted.items() if key not in known]
    return [leg for leg in standing if leg.void_at is None] + opened


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
    return limits.times_per_day[Kind.EVENT if accident.kind == Kind.EVENT else accident.grade]


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


def tell(
    accident: Accident, legs: list[ReportLeg], *, teller: str | None, to: Iterable[Any], at: datetime, channel: str,
    by: Any, told_to: str = "",
) -> None:  # fmt: skip
    """Whoever told those by this channel has done the legs that such a report serves; new legs are written."""
    limits, to = limits_at(at), set(to)
    for leg in legs:
        if leg.level == teller and leg.to in to and not leg.sent_at and reporting.serves(limits, channel, leg.wanted):
            sent(leg, at=at, channel=channel, told_to=told_to, by=by)
    insert_all([leg for leg in legs if leg.pk is None])
    ReportLeg.objects.bulk_update([leg for leg in legs if leg.pk and leg.sent_at == at], SENT_COLUMNS)


SENT_COLUMNS = ("sent_at", "channel", "told_to", "note", "by_id", "by_name", "by_role", "known_at")


def sent(leg: ReportLeg, *, at: datetime, channel: str, told_to: str, by: Any, note: str = "") -> None:
    leg.sent_at, leg.channel, leg.told_to, leg.note = at, channel, told_to, note
    leg.by_id, leg.by_name, leg.by_role, leg.known_at = by.pk, by.name, by.role, timezone.now()


def enter(accident: Accident, legs: Iterable[ReportLeg], *, verb: str, by: Any, has_unit: bool) -> None:
    """The limits of statistics that this verb has met; of legs not written yet in memory."""
    for leg in legs:
        if entering.is_done(accident, leg, verb=verb, by=by, has_unit=has_unit):
            sent(leg, at=timezone.now(), channel="platform", told_to="", by=by)
            if leg.pk:
                leg.save(update_fields=SENT_COLUMNS)


def write(accident: Accident, legs: list[ReportLeg]) -> None:
    insert_all([leg for leg in legs if leg.pk is None])


def report_came(accident: Accident, legs: list[ReportLeg], *, by: Any, call: Mapping[str, Any] | None) -> None:
    """After a telling: of the legs in force (`follow`) those it has done; new ones are written."""
    level = level_of(by)
    to: Iterable[Any]
    teller: str | None
    if call:
        teller, to, at, channel = LEVEL_OF_CALLER.get(call["caller"]), (level,), call["received_at"], call["channel"]
    else:
        teller, to, at, channel = level, _reached(level), timezone.now(), "app"
    tell(accident, legs, teller=teller, to=to, at=at, channel=channel, by=by, told_to=by.name if call else "")


# --- verbs -----------------------------------------------------------------------------------------------------------
def locked(accident_id: UUID, by: Any, fresh: Fresh = None) -> Accident:
    """Raises NOT_FOUND, STALE."""
    accident = Accident.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=accident_id).first()
    if accident is None:
        raise NOT_FOUND()
    if fresh:
        fresh(accident)
    return accident


def _leg(accident: Accident, leg_id: int) -> ReportLeg:
    leg = accident.legs.select_for_update(of=("self",)).filter(pk=leg_id).first()
    if leg is None:
        raise NOT_FOUND()
    if leg.void_at:
        raise WRONG_STEP(state=LegState.VOID.value, step="leg")
    return leg


def has_unit(accident: Accident) -> bool:
    return accident.units.known().exists()


@transaction.atomic
def send_leg(
    accident_id: UUID, leg_id: int, *, by: Any, channel: str, sent_at: datetime | None = None, told_to: str = "",
    note: str = "", reason: str = "", fresh: Fresh = None,
) -> ReportLeg:  # fmt: skip
    """A level has told the next one: written down by those who told or were told, the county for everybody. What the
    told level owes in turn opens. What was written down is put right by the county alone, with a reason.

    Raises NOT_FOUND, STALE, NOT_YOUR_LEG, WRONG_CHANNEL, IN_THE_FUTURE, BEFORE_THE_ACCIDENT, REASON_REQUIRED,
    STATISTICS_INCOMPLETE, WRONG_STEP for a void one.
    """
    accident = locked(accident_id, by, fresh)
    leg, at = _leg(accident, leg_id), sent_at or timezone.now()
    _check_mine(by, leg.level, leg.to)
    _check_at(accident, at, "/sent_at")
    entering.check(accident, leg)
    if not reporting.serves(limits_at(at), channel, leg.wanted):
        raise at_field(WRONG_CHANNEL, "/channel")
    before = _put_right(leg, by, reason)
    sent(leg, at=at, channel=channel, told_to=told_to, note=note, by=by)
    leg.save(update_fields=SENT_COLUMNS)
    if leg.to != STATISTICS:
        hear(accident, leg.to, at)
    legs = follow(accident, has_unit=has_unit(accident))
    legs += _next_follow_up(accident, leg, legs)
    write(accident, legs)
    accident.save(update_fields=["heard"])
    record(by, "accident.send_leg", accident, leg=leg.pk, code=leg.code, level=leg.level, to=leg.to,
           late=leg.late, minutes_late=leg.minutes_late, reason=reason, before=before)  # fmt: skip
    return leg


def _check_mine(by: Any, *levels: str) -> None:
    """The county writes down for everybody, others for their own level; a unit does not certify itself."""
    if by.role not in COUNTY and (level_of(by) not in levels or by.role == Role.ENTERPRISE_OFFICER):
        raise NOT_YOUR_LEG()


def _check_at(accident: Accident, at: datetime, pointer: str) -> None:
    if at > timezone.now() + AHEAD:
        raise at_field(IN_THE_FUTURE, pointer)
    if at < accident.occurred_at:
        raise at_field(BEFORE_THE_ACCIDENT, pointer)


def _put_right(leg: ReportLeg, by: Any, reason: str) -> dict[str, Any] | None:
    if leg.sent_at is None:
        return None
    if by.role not in COUNTY:
        raise WRONG_STEP(state=leg.state(timezone.now()).value, step="send")
    if not reason:
        raise at_field(REASON_REQUIRED, "/reason")
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
    accident_id: UUID, leg_id: int, *, by: Any, received_at: datetime | None = None, person: str = "",
    fresh: Fresh = None,
) -> Receipt:  # fmt: skip
    """Who took the report at the level that was told: a person of that level, or the county for the levels above it,
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
        raise at_field(OUT_OF_ORDER, "/received_at")
    receipt = Receipt.objects.create(
        leg=leg, received_at=at, person=person or by.name, by_id=by.pk, by_name=by.name, by_role=by.role,
        known_at=timezone.now(),
    )  # fmt: skip
    accident.save(update_fields=["heard"])  # its tag changes with its parts
    record(by, "accident.receive_leg", accident, leg=leg.pk, to=leg.to)
    return receipt


@transaction.atomic
def state_told(accident_id: UUID, *, by: Any, level: str, at: datetime, reason: str, fresh: Fresh = None) -> Accident:
    """When a level was really told, by the county with a reason: its limits run from then. Raises IN_THE_FUTURE,
    BEFORE_THE_ACCIDENT, NOT_FOUND, STALE.
    """
    accident = locked(accident_id, by, fresh)
    _check_at(accident, at, "/at")
    before = accident.heard.get(level)
    _really_heard(accident, level, at)
    accident.save(update_fields=["heard"])
    write(accident, follow(accident, has_unit=has_unit(accident)))
    record(by, "accident.state_told", accident, level=level, at=at.isoformat(), before=before, reason=reason)
    return accident


def _really_heard(accident: Accident, level: str, at: datetime) -> None:
    """The limits of that level run from then; what was owed only since the grade was known, not from before that."""
    before = accident.heard.get(str(level))
    accident.heard[str(level)] = {"at": at.isoformat(), "presumed": False}
    for leg in accident.legs.filter(level=level, void_at=None).exclude(code=reporting.FOLLOW_UP):
        waited = before is None or leg.received_at > moment_of(before)
        start = max(at, leg.received_at) if waited and reporting.asked_by_grade(leg.code, leg.to) else at
        leg.due_at += start - leg.received_at
        leg.received_at, leg.presumed = start, False
        leg.save(update_fields=["received_at", "due_at", "presumed"])


def unit_was_told(accident: Accident, at: datetime | None, by: Any) -> None:
    """In a further report: the county puts in a fact what was presumed; nobody else moves a unit's limit."""
    known = accident.heard.get(ReportLevel.ENTERPRISE)
    if at and by.role in COUNTY and known and known["presumed"]:
        _really_heard(accident, ReportLevel.ENTERPRISE, at)


@transaction.atomic
def end_rescue(accident_id: UUID, *, by: Any, at: datetime, note: str = "", fresh: Fresh = None) -> Accident:
    """The rescue has ended: no more follow-ups. Raises IN_THE_FUTURE, BEFORE_THE_ACCIDENT, NOT_FOUND, STALE."""
    accident = locked(accident_id, by, fresh)
    _check_at(accident, at, "/at")
    accident.rescue_ended_at = at
    accident.save(update_fields=["rescue_ended_at"])
    _void(list(accident.legs.owed().filter(code=reporting.FOLLOW_UP)), timezone.now(), "救援结束")
    record(by, "accident.end_rescue", accident, at=at.isoformat(), note=note)
    return accident


@transaction.atomic
def record_leg(
    accident: Accident, *, by: Any, level: str, received_at: datetime, channel: str,
    sent_at: datetime | None = None, note: str = "",
) -> ReportLeg:  # fmt: skip
    """A leg told afterwards in one piece: when a level was told and when it passed the report on; by when it had to
    is the limit in force on that day.
    """
    limits = law.in_force("report_limits", timezone.localdate(received_at)).body["legs"]
    minutes = next(each["limit_minutes"] for each in limits if each["code"] == LEG_OF[level])  # type: ignore[index]
    leg = ReportLeg.objects.create(
        accident=accident, code=LEG_OF[level], level=level, received_at=received_at,  # type: ignore[index]
        due_at=rules.due_at(received_at, timedelta(minutes=minutes)), sent_at=sent_at, channel=channel, note=note,
        by_id=by.pk, by_name=by.name, by_role=by.role, known_at=timezone.now(),
    )  # fmt: skip
    record(by, "accident.report_leg", accident, level=level, late=leg.late, minutes_late=leg.minutes_late)
    return leg


# --- reminders -------------------------------------------------------------------------------------------------------
TOWNSHIP_ROLES = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_LEADER)
DESK = (Role.DUTY_OFFICER, Role.BUREAU_OFFICER)
ROLES_AT: dict[str, tuple[Role, ...]] = {
    ReportLevel.ENTERPRISE: (Role.ENTERPRISE_OFFICER,),
    ReportLevel.TOWNSHIP: TOWNSHIP_ROLES,
    ReportLevel.DEPARTMENT: (Role.DEPARTMENT_OFFICER,),
}
LEADERS = (Role.BUREAU_OFFICER, Role.COMMITTEE_OFFICER, Role.DUTY_OFFICER)


def addressed(stage: reporting.Stage, leg: ReportLeg) -> list[str]:
    """Roles to be reminded: who owes, who waits for it, who leads. Above the county the desk speaks for all. Pure."""
    owing, receiving = (ROLES_AT.get(level, DESK) for level in (leg.level, leg.to))
    found = {"owing": owing, "receiving": (*owing, *receiving), "leaders": (*receiving, *LEADERS)}[stage.to]
    return sorted({str(role) for role in found})


@transaction.atomic
def remind(at: datetime) -> int:
    """Every open leg whose next stage has come by `at` is reminded of once, the gravest stage first; returns how many.

    Local limits only warn: they are not escalated.
    """
    stages = sorted(limits_at(at).stages, key=lambda stage: stage.minutes, reverse=True)
    made: list[Reminder] = []
    for place, stage in enumerate(stages):
        codes = [each.code for each in stages[: place + 1]]
        graver = {each.leg_id for each in made}
        made += [_reminder(stage, leg, at) for leg in _to_remind(stage, codes, at) if leg.pk not in graver]
    new = Reminder.objects.bulk_create(made, ignore_conflicts=True)
    record_many(line(SYSTEM, "accident.remind", each.leg.accident, leg=each.leg_id, stage=each.stage) for each in new)
    outbox.send_many(
        "accident.clock",
        [{"accident": str(each.leg.accident_id), "leg": each.leg_id, "stage": each.stage} for each in new],
    )
    return len(new)


def _to_remind(stage: reporting.Stage, codes: list[str], at: datetime) -> list[ReportLeg]:
    """`codes`: this stage and those after it; a leg that has had one of them has had this."""
    edge = at - timedelta(minutes=stage.minutes)
    come = Q(due_at__lte=edge) if stage.minutes < 0 else Q(due_at__lt=edge)
    rows = ReportLeg.objects.owed().filter(come).exclude(reminders__stage__in=codes).select_related("accident")
    if stage.code == Stage.ESCALATED:
        rows = rows.filter(warning=False)
    rows = rows.select_for_update(of=("self",), skip_locked=True)  # two workers never remind of the same leg
    return list(rows.order_by("due_at", "id")[:MOST_REMINDERS])


def _reminder(stage: reporting.Stage, leg: ReportLeg, at: datetime) -> Reminder:
    return Reminder(leg=leg, stage=stage.code, roles=addressed(stage, leg), made_at=at)


@transaction.atomic
def see(reminder_id: int, *, by: Any) -> Reminder:
    """Somebody addressed has read it; the first one stays. Raises NOT_FOUND."""
    reminder = ReminderQuerySet(Reminder).visible_to(by).select_for_update(of=("self",)).filter(pk=reminder_id).first()
    if reminder is None:
        raise NOT_FOUND()
    if reminder.seen_at is None:
        reminder.seen_at, reminder.seen_by, reminder.seen_name = timezone.now(), by.pk, by.name
        reminder.save(update_fields=["seen_at", "seen_by", "seen_name"])
        record(by, "accident.see_reminder", reminder.leg.accident, leg=reminder.leg_id, stage=reminder.stage)
    return reminder
