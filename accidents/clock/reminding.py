"""Reminders of legs that are nearly due, overdue or to be escalated."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accidents.clock.limits import limits_at
from accidents.messages import CLOCK
from accidents.models import Accident, AccidentUnit, ReportLeg
from accidents.rules import reporting
from accounts.models import User
from enterprises.search import places_of
from inbox import actions as inbox
from inbox.letters import Letter, To, person, posts
from inbox.models import Message, Seen
from reference.terms import ReportLevel, Stage
from safety_api.actors import Actor
from safety_api.problems import NOT_FOUND
from safety_api.roles import COUNTY, DUTY_DESK, ENTERPRISE, TOWNSHIP, Role
from safety_api.trail import SYSTEM, line, record_many

MOST_REMINDERS = 1000  # a run; the next minute meets the rest


# --- reminders -------------------------------------------------------------------------------------------------------
ROLES_AT: dict[str, frozenset[Role]] = {
    ReportLevel.ENTERPRISE: ENTERPRISE,
    ReportLevel.TOWNSHIP: TOWNSHIP,
    ReportLevel.DEPARTMENT: frozenset({Role.DEPARTMENT_OFFICER}),
}


def addressed(stage: reporting.Stage, leg: ReportLeg) -> list[str]:
    """Roles to be reminded: who owes, who waits for it, who leads. Above the county the desk speaks for all. Pure."""
    owing, receiving = (ROLES_AT.get(level, DUTY_DESK) for level in (leg.level, leg.to))
    found = {"owing": owing, "receiving": owing | receiving, "leaders": receiving | COUNTY}[stage.to]
    return sorted({str(role) for role in found})


@transaction.atomic
def remind(at: datetime) -> int:
    """Every open leg whose next stage has come by `at` is reminded of once, the gravest stage first; returns how many.

    Local limits only warn: they are not escalated.
    """
    _end_met()
    stages = sorted(limits_at(at).stages, key=lambda stage: stage.minutes, reverse=True)
    found: dict[int, tuple[reporting.Stage, ReportLeg]] = {}
    for place, stage in enumerate(stages):
        codes = [each.code for each in stages[: place + 1]]
        found |= {leg.pk: (stage, leg) for leg in _to_remind(stage, codes, at) if leg.pk not in found}
    return _send(list(found.values()), at)


def _end_met() -> None:
    """What was reported meanwhile, or is owed no longer, is nobody's to see to."""
    waiting = {each.pk: each.details["leg"] for each in Message.objects.of(CLOCK).open()}
    owed = set(ReportLeg.objects.owed().filter(pk__in=set(waiting.values())).values_list("pk", flat=True))
    inbox.end_messages([number for number, leg in waiting.items() if leg not in owed])


def _to_remind(stage: reporting.Stage, codes: list[str], at: datetime) -> list[ReportLeg]:
    """`codes`: this stage and those after it; a leg that has had one of them has had this."""
    edge = at - timedelta(minutes=stage.minutes)
    come = Q(due_at__lte=edge) if stage.minutes < 0 else Q(due_at__lt=edge)
    said = [Concat(Value("leg/"), Cast(OuterRef("pk"), CharField()), Value(f"/{code}")) for code in codes]
    rows = ReportLeg.objects.owed().filter(come).exclude(Exists(Message.objects.filter(once__in=said)))
    if stage.code == Stage.ESCALATED:
        rows = rows.filter(warning=False)
    rows = rows.select_related("accident").select_for_update(
        of=("self",), skip_locked=True
    )  # two workers never remind of the same leg
    return list(rows.order_by("due_at", "id")[:MOST_REMINDERS])


def _send(found: list[tuple[reporting.Stage, ReportLeg]], at: datetime) -> int:
    units, reporters = _units_of(found), _reporters_of(found)
    places = places_of(leg.accident.region_code for _, leg in found)
    letters = [
        _letter(stage, leg, at, units.get(leg.accident_id, []), reporters, _where(leg.accident, places))
        for stage, leg in found
    ]
    inbox.send(letters, at=at)
    record_many(line(SYSTEM, "accident.remind", leg.accident, leg=leg.pk, stage=stage.code) for stage, leg in found)
    return len(found)


def _letter(
    stage: reporting.Stage, leg: ReportLeg, at: datetime, units: list[UUID], reporters: dict[UUID, str], where: str
) -> Letter:  # fmt: skip
    accident, roles = leg.accident, addressed(stage, leg)
    return Letter(
        kind=CLOCK, once=f"leg/{leg.pk}/{stage.code}", thread=f"leg/{leg.pk}", sentence=_sentence(stage, leg, where),
        to=_to(roles, units, accident.reported_by if reporters.get(accident.reported_by) in roles else None),
        day=timezone.localdate(at), about_kind="accident", about=accident.pk, due_on=timezone.localdate(leg.due_at),
        region_code=accident.region_code, sector=accident.sector_id, details={"leg": leg.pk, "stage": stage.code, "roles": roles},
    )  # fmt: skip


def _where(accident: Accident, places: dict[str, list[str]]) -> str:
    """Township and village by name, for a sentence."""
    return accident.place or "".join(dict.fromkeys(reversed(places[accident.region_code]))) or accident.region_code


def _sentence(stage: reporting.Stage, leg: ReportLeg, where: str) -> str:
    due, to = timezone.localtime(leg.due_at), leg.get_to_display() or "上级"
    day = timezone.localdate(leg.accident.occurred_at)
    return f"事故报告{Stage(stage.code).label}：{leg.get_level_display()}应于 {due:%m月%d日 %H:%M} 前报{to}（{where} {day} 的事故）"


def _to(roles: list[str], units: list[UUID], reporter: UUID | None) -> tuple[To, ...]:
    """Offices by the accident's place; of a unit those of every unit in it; whoever reported it also after a transfer."""
    own = [role for role in roles if role in ENTERPRISE]
    offices = posts(role for role in roles if role not in ENTERPRISE)
    return (*offices, *(to for unit in units for to in posts(own, enterprise=unit)), *person(reporter))


def _units_of(found: list[tuple[reporting.Stage, ReportLeg]]) -> dict[UUID, list[UUID]]:
    units: dict[UUID, list[UUID]] = defaultdict(list)
    rows = AccidentUnit.objects.known().filter(accident__in={leg.accident_id for _, leg in found})
    for accident, enterprise in rows.order_by("accident", "id").values_list("accident", "enterprise"):
        units[accident].append(enterprise)
    return units


def _reporters_of(found: list[tuple[reporting.Stage, ReportLeg]]) -> dict[UUID, str]:
    """Their roles."""
    people = User.objects.filter(pk__in={leg.accident.reported_by for _, leg in found})
    return dict(people.values_list("pk", "role"))


def follow_place(accident_id: UUID) -> None:
    """The place of an accident may be corrected: its reminders are read there."""
    for code in Accident.objects.filter(pk=accident_id).values_list("region_code", flat=True):
        inbox.move([accident_id], region_code=code)


@transaction.atomic
def see(reminder_id: int, *, by: Actor) -> Message:
    """Somebody addressed has read it; the first one stays. Raises NOT_FOUND."""
    rows = Message.objects.of(CLOCK)
    reminder = rows.visible_to(by).filter(pk=reminder_id).first()
    if reminder is None:
        raise NOT_FOUND()
    if not Seen.objects.filter(message=reminder).exists():
        inbox.mark([reminder], by=by, verb="accident.see_reminder")
    return rows.with_first_seen().get(pk=reminder_id)
