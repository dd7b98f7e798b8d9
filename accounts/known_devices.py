"""已知终端 A device on which somebody signed in before has a key: strangers' wrong passwords do not lock it out, its own do.

A phone keeps the key and sends it as `device_key`; a browser has it in a cookie. It is kept as a digest, for eight devices a person and half a
year after the last sign-in, outlives the token, and ends when an administrator resets the password or locks the account, or the device is revoked.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.models import KnownDevice, User

COOKIE = "device"
KEPT, MOST = timedelta(days=180), 8
KEY = re.compile(r"[A-Za-z0-9_-]{43}\Z")


def key_of(request: Any, given: str = "") -> str:
    """What the device shows: in the body, or as a cookie. '' for what was never a key."""
    key = given or request.COOKIES.get(COOKIE, "")
    return key if KEY.match(key) else ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def find(username: str, key: str) -> KnownDevice | None:
    if not key:
        return None
    since = timezone.now() - KEPT
    return KnownDevice.objects.of(username).filter(digest=_digest(key), used_at__gt=since).first()


def remember(user: User, key: str, **device: str) -> tuple[KnownDevice, str]:
    """After a sign-in, with the person held: the device, and its key, a new one where it showed none of ours."""
    digest, now = _digest(key), timezone.now()
    if not (key and KnownDevice.objects.filter(digest=digest, used_at__gt=now - KEPT).exists()):
        key = secrets.token_urlsafe(32)
        digest = _digest(key)
    if device.get("device_id"):  # this phone forgot its key
        user.known_devices.filter(device_id=device["device_id"]).exclude(digest=digest).delete()
    fields = {**device, "used_at": now, "failures": 0, "locked_until": None}
    known, _ = KnownDevice.objects.update_or_create(user=user, digest=digest, defaults=fields)
    kept = user.known_devices.order_by("-used_at", "-pk").values_list("pk", flat=True)[:MOST]
    user.known_devices.exclude(pk__in=list(kept)).delete()
    return known, key


def hand_over(response: Any, key: str) -> None:
    """To a browser, or to a phone that keeps cookies."""
    response.set_cookie(COOKIE, key, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def forget_old() -> int:
    return KnownDevice.objects.filter(used_at__lte=timezone.now() - KEPT).delete()[0]


# --- its own lock ------------------------------------------------------------------------------------------------------
def count_try(known: KnownDevice, at: datetime) -> bool:
    """A try counts before it is judged, so that many at once are no more than the limit; the last one locks. False when it is locked."""
    again = Case(When(locked_until=None, then=F("failures") + 1), default=Value(1))
    last = When(
        locked_until=None, failures__gte=settings.AXES_FAILURE_LIMIT - 1, then=Value(at + settings.AXES_COOLOFF_TIME)
    )
    counted = KnownDevice.objects.filter(pk=known.pk).open_at(at)
    return bool(counted.update(failures=again, locked_until=Case(last, default=None)))


def uncount(known: KnownDevice) -> None:
    counted = KnownDevice.objects.filter(pk=known.pk, failures__gt=0)
    counted.update(failures=F("failures") - 1, locked_until=None)


def is_locked(known: KnownDevice, at: datetime) -> bool:
    return KnownDevice.objects.filter(pk=known.pk, locked_until__gt=at).exists()


def forgive(known: KnownDevice) -> None:
    KnownDevice.objects.filter(pk=known.pk).update(failures=0, locked_until=None)
