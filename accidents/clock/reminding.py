"""Reminders of legs that are nearly due, overdue or to be escalated."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accidents.clock.limits import limits_at
from accidents.models import Reminder, ReportLeg
from accidents.querysets import ReminderQuerySet
from accidents.rules import reporting
from reference.terms import ReportLevel, Stage
from safety_api import outbox
from safety_api.actors import Actor
from safety_api.roles import COUNTY, DUTY_DESK, ENTERPRISE, TOWNSHIP, Role
from safety_api.trail import SYSTEM, line, record, record_many
from safety_api.writing import locked

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
def see(reminder_id: int, *, by: Actor) -> Reminder:
    """Somebody addressed has read it; the first one stays. Raises NOT_FOUND."""
    reminder = locked(ReminderQuerySet(Reminder).visible_to(by), reminder_id)
    if reminder.seen_at is None:
        reminder.seen_at, reminder.seen_by, reminder.seen_name = timezone.now(), by.pk, by.name
        reminder.save(update_fields=["seen_at", "seen_by", "seen_name"])
        record(by, "accident.see_reminder", reminder.leg.accident, leg=reminder.leg_id, stage=reminder.stage)
    return reminder
