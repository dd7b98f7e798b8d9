"""Every change of an account: one verb, one transaction, one line in the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from axes.models import AccessAttempt
from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import attempts, known_devices
from accounts.keys import actions as keys
from accounts.models import Device, KnownDevice, Post, SignInLock, User
from accounts.passwords import first_password
from accounts.second_factor import needs_second_factor
from safety_api.actors import Actor
from safety_api.problems import (
    BAD_OTP,
    NOT_FOUND,
    OTP_REQUIRED,
    SECOND_FACTOR_NEEDED,
    WEAK_PASSWORD,
    Problem,
)
from safety_api.trail import record

JURISDICTION = ("role", "region", "sectors", "enterprise_id")


# --- sign-in -------------------------------------------------------------------------------------------------------------
def check_person(request, *, username: str, password: str, otp: str = "", known: KnownDevice | None = None) -> User:
    """The person behind a name, a password and, where one is bound, a one-time code. `known`: the device that they try on.

    Raises ACCOUNT_LOCKED, THROTTLED, BAD_CREDENTIALS, OTP_REQUIRED, BAD_OTP or SECOND_FACTOR_NEEDED. A wrong code counts as a failure like a
    wrong password does, so that codes cannot be tried out; a missing one counts for nothing.
    """
    user = attempts.prove_password(request, username=username, password=password, known=known)
    try:
        bound = _second_factor_of(user, otp)
    except Problem:
        attempts.not_judged(known)
        raise
    if bound is not None and not _is_right(bound, otp):
        attempts.failed_code(request, user, known)
        raise BAD_OTP()
    user.proved_second_factor = bound is not None
    attempts.passed(user, known)
    return user


def _second_factor_of(user: User, otp: str) -> TOTPDevice | None:
    """What `otp` is of. Raises SECOND_FACTOR_NEEDED, OTP_REQUIRED."""
    bound = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if bound is None and needs_second_factor(user):
        raise SECOND_FACTOR_NEEDED()
    if bound is not None and not otp:
        raise OTP_REQUIRED()
    return bound


def _is_right(device: TOTPDevice, otp: str) -> bool:
    with transaction.atomic():
        locked = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        return locked.verify_is_allowed()[0] and locked.verify_token(otp)  # throttled by the library, no code twice


class SignIn(NamedTuple):
    device: Device
    token: str
    key: str  # by which the device is known from now on
    locks: list[SignInLock]  # that the person was not told of yet


@transaction.atomic
def sign_in_on(user: User, *, key: str, device_id: str, device_name: str) -> SignIn:
    """Signed in, and known there from now on. `key`: what the device showed, or ''."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    known, key = known_devices.remember(user, key, device_id=device_id, device_name=device_name)
    device, token = sign_in(user, device_id=device_id, device_name=device_name, known=known)
    return SignIn(device, token, key, attempts.to_tell(user))


@transaction.atomic
def sign_in(user: User, *, device_id: str, device_name: str, known: KnownDevice | None = None) -> tuple[Device, str]:
    """A new token for this device; the one it had before ends. The token is returned once and kept as a digest."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one device twice at once: the later sign-in stays
    Device.objects.filter(user=user, device_id=device_id).delete()
    Device.objects.filter(user=user, expiry__lte=timezone.now()).delete()
    device, token = Device.objects.create(
        user=user, device_id=device_id, device_name=device_name, known=known, second_factor=user.proved_second_factor
    )
    record(user, "auth.login", user, device=device_name)
    return device, token


@transaction.atomic
def sign_in_to_page(user: User, *, page: str, key: str) -> tuple[str, list[SignInLock]]:
    """The session is Django's. The key of the browser, and the locks that the person was not told of yet."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _, key = known_devices.remember(user, key, device_name=page)
    record(user, "auth.login", user, device=page)
    return key, attempts.to_tell(user)


def forget_ended_sign_ins() -> int:
    """Tokens and sessions that have ended and failures of more than a day ago: nothing of them is needed, all of it is personal."""
    ended = Device.objects.filter(expiry__lte=timezone.now()).delete()[0]
    ended += known_devices.forget_old()
    ended += keys.forget_ended()
    ended += Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
    SignInLock.objects.filter(until__lte=timezone.now() - known_devices.KEPT).delete()
    AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - timedelta(days=1)).delete()
    return ended


@transaction.atomic
def sign_out(device: Device, *, by: User) -> None:
    record(by, "auth.logout", by, device=device.device_name)
    device.delete()


@transaction.atomic
def revoke_device(user: User, device_id: str, *, by: Actor) -> None:
    """A lost phone: its token ends at once, and its key signs nobody in any more. Raises NOT_FOUND."""
    devices = Device.objects.filter(user=user, device_id=device_id)
    known = user.known_devices.filter(device_id=device_id, ended_at=None).exclude(device_id="")
    revoked = devices.first() or known.first()
    if revoked is None:
        raise NOT_FOUND()
    record(by, "device.revoke", user, device=revoked.device_name)
    known_devices.end(user, known)
    devices.delete()


# --- passwords -----------------------------------------------------------------------------------------------------------
def check_password_rules(password: str, user: User, *, pointer: str = "/password") -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WEAK_PASSWORD(errors=[WEAK_PASSWORD.fault(pointer, said) for said in error.messages]) from None


@transaction.atomic
def change_password(user: User, *, old: str, new: str, on: Device | None = None) -> None:
    """By the person, who has just proved the old one; `on`: the sign-in at hand, every other ends. Raises WEAK_PASSWORD."""
    if new == old:
        raise WEAK_PASSWORD.at("/new", said="新口令不能与原口令相同。")
    check_password_rules(new, user, pointer="/new")
    _set_password(user, new, must_change=False)
    user.auth_token_set.exclude(pk=on and on.pk).delete()  # sessions end by themselves: the password is in their hash
    keys.end_all(user)
    record(user, "password.change", user)


@transaction.atomic
def reset_password(user: User, *, by: Actor) -> str:
    """By an administrator: a first password to hand over; every device is signed out, a lock is lifted."""
    password = first_password()
    _set_password(user, password, must_change=True)
    _end_all(user)
    axes_reset(username=user.username)
    record(by, "password.reset", user)
    return password


@transaction.atomic
def recover_password(user: User, new: str) -> None:
    """By the person, who has proved the telephone of record; every device is signed out, a lock is lifted."""
    _set_password(user, new, must_change=False)
    _end_all(user)
    axes_reset(username=user.username)
    record(user, "password.recover", user)


def _end_all(user: User) -> None:
    """Every token and key, and every device is a stranger's from now on; pages end with the password or the lock."""
    user.auth_token_set.all().delete()
    known_devices.end(user, user.known_devices.all())
    keys.end_all(user)


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password, user.password_changed_at = must_change, timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


@transaction.atomic
def bind_second_factor(user: User, *, by: Actor) -> str:
    """A new TOTP secret, as an otpauth:// address for the person's app; the one before ends."""
    TOTPDevice.objects.filter(user=user).delete()
    device = TOTPDevice.objects.create(user=user, name="动态口令", confirmed=True)
    record(by, "second_factor.bind", user)
    return device.config_url


# --- people --------------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_user(*, by: Actor, password: str | None = None, **fields: Any) -> tuple[User, str]:
    """A person with a post from now on, and the first password to hand over. Raises Django's ValidationError for bad fields."""
    user = User(**{**fields, "username": fields["username"].strip().lower()})
    given = password or first_password()
    user.set_password(given)
    user.must_change_password = password is None
    user.full_clean(exclude=["department"])
    user.save(force_insert=True)
    _take_post(user)
    record(by, "user.create", user, role=user.role, region=user.region)
    return user, given


@transaction.atomic
def move(user: User, *, by: Actor, **jurisdiction: Any) -> User:
    """A new jurisdiction from now on. The post before it ends but is kept: what was done under it is judged by it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {name: getattr(user, name) for name in JURISDICTION}
    for name, value in jurisdiction.items():
        if name not in JURISDICTION:
            raise ValueError(name)
        setattr(user, name, value)
    user.full_clean(exclude=["department", "password"])
    user.save(update_fields=list(jurisdiction))
    user.posts.filter(held_to=None).update(held_to=timezone.now())
    _take_post(user)
    keys.end_all(user)
    record(by, "user.move", user, before=_plain(before), after=_plain(jurisdiction))
    return user


def _take_post(user: User) -> None:
    held = {name: getattr(user, name) for name in (*JURISDICTION, "department_id", "is_leader", "is_principal")}
    Post.objects.create(user=user, held_from=timezone.now(), begun_at=timezone.now(), **held)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}


@transaction.atomic
def set_active(user: User, active: bool, *, by: Actor, **why: str) -> None:
    """Locks an account, or opens it again; a locked one's tokens and sessions end at once."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        _end_all(user)
    record(by, "user.open" if active else "user.lock", user, **why)
