"""已知终端 A device on which somebody signed in before has a key: strangers' wrong passwords do not lock it out, its own do.

A phone keeps the key and sends it as `device_key`; a browser has it in a cookie. It is kept as a digest, for eight devices a person and half a
year after the last sign-in, outlives the token, and ends when an administrator resets the password or locks the account, or the device is revoked.
A key that ended signs nobody in, and for a month more still brings home what its phone has not sent (`DeviceKey` in authentication.py).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Device, KnownDevice, User

COOKIE = "device"
KEPT, MOST = timedelta(days=180), 8
BRINGS_HOME, MOST_ENDED = timedelta(days=30), 24  # of keys that ended: how long, and of how many a person, the latest
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
    known = KnownDevice.objects.living(since=timezone.now() - KEPT).of(username)
    return known.filter(digest=_digest(key)).first()


def of_key(user: UUID, key: str) -> KnownDevice | None:
    """The device, with its person, whose queue this key may bring home: as long as it is known, and for a while after it ended."""
    now = timezone.now()
    still = Q(ended_at=None, used_at__gt=now - KEPT) | Q(ended_at__gt=now - BRINGS_HOME)
    return KnownDevice.objects.filter(still, user=user, digest=_digest(key)).select_related("user").first()


def remember(user: User, key: str, **device: str) -> tuple[KnownDevice, str]:
    """After a sign-in, with the person held: the device, and its key, a new one where it showed none of ours."""
    digest, now = _digest(key), timezone.now()
    if not (key and KnownDevice.objects.living(since=now - KEPT).filter(digest=digest).exists()):
        key = secrets.token_urlsafe(32)
        digest = _digest(key)
    if device.get("device_id"):  # this phone forgot its key
        user.known_devices.filter(device_id=device["device_id"]).exclude(digest=digest).delete()
    fields = {**device, "used_at": now, "failures": 0, "locked_until": None, "ended_at": None}
    known, _ = KnownDevice.objects.update_or_create(user=user, digest=digest, defaults=fields)
    kept = user.known_devices.filter(ended_at=None).order_by("-used_at", "-pk").values_list("pk", flat=True)[:MOST]
    end(user, user.known_devices.exclude(pk__in=list(kept)))
    return known, key


def end(user: User, devices: QuerySet) -> None:
    """Strangers from now on, that may still bring their queues home."""
    Device.objects.filter(known__in=devices).update(known=None)
    devices.filter(ended_at=None).update(ended_at=timezone.now(), locked_until=None, failures=0)
    kept = user.known_devices.exclude(ended_at=None).order_by("-ended_at", "-pk").values_list("pk", flat=True)[:MOST_ENDED]
    user.known_devices.exclude(ended_at=None).exclude(pk__in=list(kept)).delete()


def hand_over(response: Any, key: str) -> None:
    """To a browser, or to a phone that keeps cookies."""
    response.set_cookie(COOKIE, key, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def forget_old() -> int:
    now = timezone.now()
    over = Q(ended_at=None, used_at__lte=now - KEPT) | Q(ended_at__lte=now - BRINGS_HOME)
    return KnownDevice.objects.filter(over).delete()[0]


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
