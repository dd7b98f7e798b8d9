"""口令尝试 Wrong passwords and codes count against whoever tries: a known device by itself, strangers by the name and by the address.

Strangers can lock a name against strangers; whoever has a known device signs in all the same, and is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset as axes_reset
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from accounts import known_devices
from accounts.backends import NameAndPassword
from accounts.masking import masked_address
from accounts.models import KnownDevice, SignInLock, User
from accounts.throttles import check_failures, count_failure
from safety_api.outbox import send
from safety_api.problems import ACCOUNT_LOCKED, BAD_CREDENTIALS
from safety_api.trail import SYSTEM, record

MOST_ADDRESSES = 5  # named to the person
TOLD_WITHIN = timedelta(days=30)


def prove_password(request: Any, *, username: str, password: str, known: KnownDevice | None = None) -> User:
    """The person behind a name and a password. Raises ACCOUNT_LOCKED, BAD_CREDENTIALS, and of strangers THROTTLED."""
    username = username.strip().lower()
    if known is not None:
        return _on_known(known, username, password)
    check_failures(request)
    user = authenticate(request, username=username, password=password)
    if user is None:
        count_failure(request)
        raise _minutes() if _strangers_are_locked(request, username) else BAD_CREDENTIALS()
    return user


def failed_code(request: Any, user: User, known: KnownDevice | None) -> None:
    """A wrong one-time code counts as a wrong password does. On a known device the try is counted already."""
    if known is None:
        count_failure(request)
        AxesProxyHandler.user_login_failed(__name__, {"username": user.username}, request)
        _strangers_are_locked(request, user.username)
    else:
        _tell_of(known, user.username, timezone.now())


def not_judged(known: KnownDevice | None) -> None:
    """The password was right, the code was not given yet: no failure of this device."""
    if known is not None:
        known_devices.uncount(known)


def passed(user: User, known: KnownDevice | None) -> None:
    """Everything was right. What strangers did meanwhile stays theirs."""
    if known is None:
        axes_reset(username=user.username)  # a token's sign-in sends no signal of Django's
    else:
        known_devices.forgive(known)


def _on_known(known: KnownDevice, username: str, password: str) -> User:
    now = timezone.now()
    if not known_devices.count_try(known, now):
        raise _minutes()
    user = NameAndPassword().authenticate(None, username=username, password=password)
    if user is None:
        raise _minutes() if _tell_of(known, username, now) else BAD_CREDENTIALS()
    return user


def _minutes() -> Exception:
    return ACCOUNT_LOCKED(minutes=int(settings.AXES_COOLOFF_TIME.total_seconds() // 60))


# --- the person is told ------------------------------------------------------------------------------------------------
def _tell_of(known: KnownDevice, username: str, at: datetime) -> bool:
    """Whether this try was the last one."""
    locked = known_devices.is_locked(known, at)
    if locked:
        _send(username, at, settings.AXES_FAILURE_LIMIT, [], known.device_name or known.device_id or "浏览器")
    return locked


def _strangers_are_locked(request: Any, username: str) -> bool:
    """Of a name that nobody has too, and at the same cost: who has an account is told by nothing."""
    if not AxesProxyHandler.is_locked(request, {"username": username}):
        return False
    if getattr(request, "axes_failures_since_start", None) is not None:  # counted: this very try began the lock
        tried = AccessAttempt.objects.filter(username=username).order_by("-attempt_time")
        addresses = tried.values_list("ip_address", flat=True)[:MOST_ADDRESSES]
        shown = sorted({masked_address(each) for each in addresses if each})
        _send(username, timezone.now(), request.axes_failures_since_start, shown, "")
    return True


def _send(username: str, at: datetime, failures: int, addresses: list[str], device: str) -> None:
    fields = {
        "username": username,
        "at": at.isoformat(),
        "failures": failures,
        "addresses": addresses,
        "device": device,
    }
    with transaction.atomic():
        send("sign_in.locked", fields)


@transaction.atomic
def note_lock(*, username: str, at: str, failures: int, addresses: list[str], device: str) -> None:
    """Once a lock, for a name that somebody has: a row, a line in the trail, a word for whoever tells the person."""
    user = User.objects.filter(username=username).select_for_update(no_key=True).first()
    began = datetime.fromisoformat(at)
    if user is None or user.sign_in_locks.filter(until__gt=began, device_name=device).exists():
        return
    until = began + settings.AXES_COOLOFF_TIME
    lock = SignInLock.objects.create(
        user=user, began_at=began, until=until, failures=failures, addresses=addresses, device_name=device
    )
    record(SYSTEM, "sign_in.lock", user, failures=failures, addresses=addresses, device=device)
    send("sign_in.lock_noted", {"lock": str(lock.pk)})


def to_tell(user: User) -> list[SignInLock]:
    """What was not told at a sign-in yet; from now on it is."""
    now = timezone.now()
    rows = list(user.sign_in_locks.filter(told_at=None, began_at__gt=now - TOLD_WITHIN).order_by("-began_at")[:10])
    if rows:
        user.sign_in_locks.filter(told_at=None).update(told_at=now)
    return rows
