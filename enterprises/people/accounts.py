"""A unit's lost password: the township that answers for the unit resets it in one step and hands the first password over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from enterprises.messages import PASSWORD_RESET
from enterprises.models import Enterprise
from inbox import actions as inbox
from inbox.letters import Letter, person
from safety_api.actors import Actor
from safety_api.models import TrailLine
from safety_api.problems import ACCOUNT_DISABLED, RESET_TOO_OFTEN
from safety_api.roles import Role
from safety_api.trail import kind_of
from safety_api.writing import locked

MOST_RESETS = 5  # of an account in a day: more is somebody playing with it


def accounts_of(unit: Enterprise) -> QuerySet[User]:
    return User.objects.filter(role=Role.ENTERPRISE_OFFICER, enterprise_id=unit.pk).order_by("username")


@transaction.atomic
def reset_password(unit_id: UUID, user_id: UUID, *, by: Actor) -> tuple[User, str]:
    """(account, first password): shown once, opens nothing but its own change. Every device of the account is signed out.

    Raises NOT_FOUND for a unit outside the jurisdiction or an account that is not the unit's, ACCOUNT_DISABLED, RESET_TOO_OFTEN.
    """
    unit = locked(Enterprise.objects.visible_to(by), unit_id, no_key=True)
    user = locked(accounts_of(unit), user_id)
    if not user.is_active:
        raise ACCOUNT_DISABLED()
    if _resets_today(user) >= MOST_RESETS:
        raise RESET_TOO_OFTEN(most=MOST_RESETS)
    password = accounts.reset_password(user, by=by)
    inbox.send([_letter(unit, user, by)])
    return user, password


def _resets_today(user: User) -> int:
    lines = TrailLine.objects.filter(object_kind=kind_of(user), object_id=str(user.pk), verb="password.reset")
    return lines.filter(at__gt=timezone.now() - timedelta(days=1)).count()


def _letter(unit: Enterprise, user: User, by: Actor) -> Letter:
    moment = timezone.localtime()
    return Letter(
        kind=PASSWORD_RESET, once=f"password/{user.pk}/{moment.isoformat()}", to=person(user.pk), day=moment.date(),
        sentence=f"您的口令已于 {moment:%Y-%m-%d %H:%M} 由{by.name}重置；不是您要求的，请告知所在乡镇和系统管理员。",
        about_kind="enterprise", about=unit.pk, region_code=unit.region_code, enterprise=unit.pk,
    )  # fmt: skip
