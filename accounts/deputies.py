"""代理 A deputy acts for a leader who is away: with the leader's post and the own name, said as 代 wherever a name stands.

The phone says for whom by the header `Acting-For`; without it everybody is only who they are. What is one's own affair (password,
devices, naming a deputy) is not done for another.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.jurisdiction import department_of
from accounts.models import Deputy, User
from safety_api.actors import Actor
from safety_api.kept import KeptStatement
from safety_api.problems import (
    DEPUTY_OF_ANOTHER_ORGAN,
    DEPUTY_TAKEN,
    ENDED_ALREADY,
    IN_THE_PAST,
    LEADER_REQUIRED,
    NOT_A_DEPUTY,
    NOT_FOUND,
)
from safety_api.roles import ACCOUNT_ADMINS, ADMINS, Role
from safety_api.trail import record
from safety_api.writing import locked

POST = (
    "role", "region", "sectors", "department_id", "enterprise_id", "is_leader", "is_principal", "legal_reviewer", "may_investigate",
)  # fmt: skip


def acting_for(user: User, leader: str) -> User:
    """The person at the leader's post. Raises NOT_A_DEPUTY."""
    found = _deputation(user, leader)
    if found is None:
        raise NOT_A_DEPUTY()
    acting = copy(user)
    for name in POST:
        setattr(acting, name, getattr(found.leader, name))
    acting.name = f"{user.name}（代{found.leader.name}）"[:60]
    acting.acting_for = found.leader.pk  # type: ignore[attr-defined]
    return acting


def _deputation(user: User, leader: str) -> Deputy | None:
    try:
        key = UUID(leader)
    except ValueError:
        return None
    return deputations_of(user).filter(leader=key).first()


def deputations_of(user: Any) -> Any:
    """Those in force today, with their leaders."""
    return _deputations(user.pk, timezone.localdate()).select_related("leader")


def _deputations(user: UUID, today: date) -> Any:
    return Deputy.objects.in_force(on=today).filter(deputy=user).order_by("held_from", "id")


LEADERS = KeptStatement(
    lambda user, today: _deputations(user, today).values_list("leader", "leader__name", "leader__role", "held_from", "held_to"),
    (UUID(int=1), date(1901, 1, 1)), (UUID(int=2), date(1902, 1, 1)),
)  # fmt: skip


def leaders_of(user: Any, today: date) -> list[dict[str, Any]]:
    """For whom that person may act today: leader, name, role_name, held_from, held_to."""
    return [
        {"leader": leader, "name": name, "role_name": Role(role).label, "held_from": held_from, "held_to": held_to}
        for leader, name, role, held_from, held_to in LEADERS.rows(user.pk, today)
    ]


def leads(user: Any) -> bool:
    return user.is_leader or user.is_principal or user.role == Role.TOWNSHIP_LEADER


@transaction.atomic
def appoint(
    *, by: Actor, leader: UUID, deputy: UUID, held_from: date, held_to: date, reason: str, document: str = ""
) -> Deputy:
    """By the leader, or by an administrator of accounts. One deputy at a time, of the same organ.

    Raises NOT_FOUND, LEADER_REQUIRED, DEPUTY_OF_ANOTHER_ORGAN, DEPUTY_TAKEN, IN_THE_PAST.
    """
    if by.role not in ACCOUNT_ADMINS and leader != by.pk:
        raise NOT_FOUND()
    away = locked(User.objects.filter(is_active=True).exclude(role__in=ADMINS), leader, no_key=True)
    person = User.objects.filter(pk=deputy, is_active=True).exclude(pk=away.pk).first()
    if not leads(away):
        raise LEADER_REQUIRED()
    if person is None or _organ(person) != _organ(away):
        raise DEPUTY_OF_ANOTHER_ORGAN.at("/deputy")
    if held_from < timezone.localdate():
        raise IN_THE_PAST.at("/held_from")
    if away.deputies.filter(ended_at=None, held_from__lte=held_to, held_to__gte=held_from).exists():
        raise DEPUTY_TAKEN.at("/held_from")
    row = Deputy.objects.create(
        leader=away, deputy=person, held_from=held_from, held_to=held_to, reason=reason, document=document, made_by=by.pk,
        made_by_name=by.name, known_from=timezone.now(),
    )  # fmt: skip
    days = {"from": str(held_from), "to": str(held_to)}
    record(
        by, "deputy.appoint", row, leader=str(away.pk), deputy=str(person.pk), reason=reason, document=document, **days
    )
    return row


@transaction.atomic
def end(deputation: UUID, *, by: Actor) -> Deputy:
    """The leader is back early. Raises NOT_FOUND, ENDED_ALREADY."""
    row = locked(visible_to(by), deputation)
    if row.deputy_id == by.pk and by.role not in ACCOUNT_ADMINS:
        raise NOT_FOUND()
    if row.ended_at or row.held_to < timezone.localdate():
        raise ENDED_ALREADY()
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(by, "deputy.end", row, leader=str(row.leader_id), deputy=str(row.deputy_id))
    return row


def visible_to(user: Any) -> Any:
    """One's own, as leader or deputy; an administrator of accounts sees all."""
    rows = Deputy.objects.all()
    return rows if user.role in ACCOUNT_ADMINS else rows.filter(leader=user.pk) | rows.filter(deputy=user.pk)


def _organ(user: User) -> tuple:
    """The unit, the department, or the office of a place."""
    if user.enterprise_id or user.role in ADMINS:
        return user.role, user.enterprise_id
    department = department_of(user)
    return ("department", department) if department else ("place", user.region)
