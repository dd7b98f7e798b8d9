"""登录网页 Into a session: the same questions as at `auth/login`, in the same order, with the same words."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.timezone import localtime

from accounts import known_devices
from accounts.actions import check_person, sign_in_to_page
from accounts.models import SignInLock, User
from accounts.throttles import PerAddress
from safety_api.problems import THROTTLED


class Entered(NamedTuple):
    """`key`: of the browser, for its cookie; `locks`: of the account, which the person was not told of yet."""

    user: User
    key: str
    locks: list[SignInLock]


def enter(request: Any, *, page: str, username: str, password: str, otp: str = "") -> Entered:
    """Judges and notes it; the session itself is Django's `login`. Raises THROTTLED and what `check_person` raises."""
    if not PerAddress().allow_request(request, None):  # type: ignore[arg-type]  # it asks for the address only
        raise THROTTLED()
    key = known_devices.key_of(request)
    user = check_person(request, username=username, password=password, otp=otp, known=known_devices.find(username, key))
    return Entered(user, *sign_in_to_page(user, page=page, key=key))


def said_of(lock: SignInLock) -> str:
    """What its person is told."""
    said = f"{localtime(lock.began_at):%m-%d %H:%M} 起因连续输错口令 {lock.failures} 次锁定"
    return f"您的账号自 {said}，来自 {'、'.join(lock.addresses) or lock.device_name}。"
