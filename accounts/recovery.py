"""找回口令 By a code to the telephone of record, for a unit's own people.

Without a gateway for short messages `DELIVERERS` is empty, and whoever asks is told so. Whoever connects one declares `@delivers` with a
function that hands a text to a telephone or raises (`inbox/deliveries/sms.py`, by the setting SMS_GATEWAY). The code is made at that moment,
shown to nobody else and kept as a digest.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import actions
from accounts.masking import is_mobile, plain
from accounts.models import ResetCode, User
from safety_api.outbox import send
from safety_api.problems import BAD_CODE, NO_DELIVERY
from safety_api.roles import Role
from safety_api.trail import record

Deliverer = Callable[[str, str], None]  # telephone, text
DELIVERERS: list[Deliverer] = []
KEPT = timedelta(minutes=10)
BETWEEN, MOST_A_DAY, MOST_TRIES = timedelta(minutes=1), 5, 5


def delivers(deliverer: Deliverer) -> Deliverer:
    DELIVERERS.append(deliverer)
    return deliverer


@transaction.atomic
def ask(username: str) -> None:
    """The same for every name, known or not: nothing is told about who has an account. Raises NO_DELIVERY."""
    if not DELIVERERS:
        raise NO_DELIVERY()
    user = _own(username).select_for_update(no_key=True).first()
    if user is None or not is_mobile(user.phone) or _asked_enough(user):
        return
    row = ResetCode.objects.create(user=user, asked_at=timezone.now())
    record(user, "password.ask_code", user)
    send("password.code_asked", {"code": str(row.pk)})


def _own(username: str) -> Any:
    return User.objects.filter(username=username.strip().lower(), role=Role.ENTERPRISE_OFFICER, is_active=True)


def _asked_enough(user: User) -> bool:
    """Once a minute, five times a day."""
    now = timezone.now()
    asked = list(
        user.reset_codes.filter(asked_at__gt=now - timedelta(days=1))
        .order_by("-asked_at")
        .values_list("asked_at", flat=True)
    )
    return len(asked) >= MOST_A_DAY or bool(asked and asked[0] > now - BETWEEN)


def deliver(code: UUID) -> None:
    """Makes the code and hands it over; sent again when the gateway failed, unless it is too late by now. Raises NO_DELIVERY."""
    row = ResetCode.objects.select_related("user").filter(pk=code, sent_at=None).first()
    if row is None or row.asked_at < timezone.now() - KEPT:
        return
    if not DELIVERERS:
        raise NO_DELIVERY()
    word = f"{secrets.randbelow(10**6):06}"
    row.digest, row.sent_at = make_password(word), timezone.now()
    row.save(update_fields=["digest", "sent_at"])
    DELIVERERS[-1](
        plain(row.user.phone), f"验证码 {word}，{KEPT.seconds // 60} 分钟内有效，用于重置安全生产监管系统口令。"
    )


def use(username: str, code: str, new: str) -> None:
    """A new password; every device is signed out. Five wrong codes end it. Raises BAD_CODE, WEAK_PASSWORD."""
    row = _waiting(username)
    if row is None or not _try(row, code):
        raise BAD_CODE.at("/code")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
        actions.check_password_rules(new, user, pointer="/new")
        if not ResetCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()):
            raise BAD_CODE.at("/code")
        actions.recover_password(user, new)


def _waiting(username: str) -> ResetCode | None:
    """The last one sent, while it holds."""
    since = timezone.now() - KEPT
    rows = ResetCode.objects.filter(user__in=_own(username), sent_at__gt=since, used_at=None, tries__lt=MOST_TRIES)
    return rows.order_by("-asked_at").first()


def _try(row: ResetCode, code: str) -> bool:
    """Each try counts before it is judged, so that many at once are no more than five."""
    counted = ResetCode.objects.filter(pk=row.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    return bool(counted) and check_password(code, row.digest)
