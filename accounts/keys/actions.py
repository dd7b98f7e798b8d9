"""Made and revoked by the person; each leaves its line in the trail."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import ApiKey, User
from safety_api import replica
from safety_api.problems import INVALID, NOT_FOUND, TOO_MANY_ACCESS_KEYS
from safety_api.trail import record

PREFIX = "aqk_"  # a key is told from a password by its look, and found in whatever it was left lying in
KEY = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}\Z")
SHOWN = len(PREFIX) + 6  # characters by which its person knows it again
MOST, LONGEST = 8, timedelta(days=366)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make(user: User, *, name: str, ends_on: date, second_factor: bool) -> tuple[ApiKey, str]:
    """The key itself is returned once. Raises INVALID, TOO_MANY_ACCESS_KEYS."""
    today = timezone.localdate()
    if not today <= ends_on <= today + LONGEST:
        raise INVALID.at("/ends_on", said=f"截止日期应在今天至 {today + LONGEST} 之间。")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.api_keys.living(on=today).count() >= MOST:
        raise TOO_MANY_ACCESS_KEYS(most=MOST)
    key = PREFIX + secrets.token_urlsafe(32)
    row = user.api_keys.create(
        name=name, digest=_digest(key), begins=key[:SHOWN], ends_on=ends_on, second_factor=second_factor
    )
    record(user, "access_key.make", user, key=str(row.pk), name=name, ends_on=str(ends_on))
    return row, key


@transaction.atomic
def revoke(user: User, key: UUID) -> None:
    """Raises NOT_FOUND."""
    row = user.api_keys.filter(pk=key).first()
    if row is None:
        raise NOT_FOUND()
    row.delete()
    record(user, "access_key.revoke", user, key=str(key), name=row.name)


def end_all(user: User) -> None:
    """With the lock, the post or the password of its person, in the transaction of that."""
    user.api_keys.all().delete()


def of(key: str) -> ApiKey | None:
    """The living key, with its person."""
    if not KEY.match(key):
        return None
    return ApiKey.objects.living(on=timezone.localdate()).filter(digest=_digest(key)).select_related("user").first()


def note_use(row: ApiKey) -> None:
    """By the day, so that reading seldom writes; a replica, which cannot, leaves it to what is asked of the primary besides."""
    today = timezone.localdate()
    if row.used_on != today and connection.alias != replica.ALIAS:
        ApiKey.objects.filter(pk=row.pk).update(used_on=today)


def forget_ended() -> int:
    return ApiKey.objects.filter(ends_on__lt=timezone.localdate()).delete()[0]
