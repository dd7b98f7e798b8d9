"""Two doors in, one person: a device's token (phones, scripts) or the page's session (with CSRF). Beside them, for what a phone has not sent,
the key of the device: it signs nobody in (`WITH_A_DEVICE_KEY` in safety_api/permissions.py says what it opens)."""

from collections.abc import Iterator
from functools import cache
from hmac import compare_digest
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts import known_devices, throttles
from accounts.deputies import acting_for
from accounts.models import Device, KnownDevice, User
from accounts.second_factor import lacks_second_factor
from safety_api.problems import SECOND_FACTOR_NEEDED


class DeviceToken(TokenAuthentication):
    """One query a request: the token with its user. knox would look for other ended tokens each time; a beat task does that."""

    def authenticate_credentials(self, token: bytes):
        try:
            text = token.decode("ascii")
        except UnicodeDecodeError:
            raise AuthenticationFailed from None
        if not text.isalnum():
            raise AuthenticationFailed  # ours are hexadecimal; NUL and the like never reach the database
        digest = hash_token(text)
        for device in _devices(text[: CONSTANTS.TOKEN_KEY_LENGTH]):
            if compare_digest(digest, device.digest) and device.expiry > timezone.now() and device.user.is_active:
                return device.user, device
        raise AuthenticationFailed

    def authenticate(self, request):
        if request.META.get("HTTP_AUTHORIZATION") and not self._is_ours(request):
            raise AuthenticationFailed  # junk is refused, not taken for nobody
        return _for_whom(request, super().authenticate(request))

    def _is_ours(self, request) -> bool:
        scheme = request.META["HTTP_AUTHORIZATION"].split(" ", 1)[0]
        return scheme.lower() == "bearer"


def _devices(token_key: str) -> Iterator[Device]:
    """Those whose token begins so, each with its user. By hand: the ORM would write this statement anew for every request."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [token_key])
        rows = cursor.fetchall()
    columns = len(_names(Device))
    for row in rows:
        device = Device.from_db(connection.alias, _names(Device), row[:columns])
        device.user = User.from_db(connection.alias, _names(User), row[columns:])
        yield device


@cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _statement() -> str:
    columns = ", ".join(
        f'{model._meta.db_table}."{field.column}"' for model in (Device, User) for field in model._meta.concrete_fields
    )
    devices, users = Device._meta.db_table, User._meta.db_table
    return f"SELECT {columns} FROM {devices} JOIN {users} ON {users}.id = {devices}.user_id WHERE token_key = %s"  # noqa: S608


def _for_whom(request, found):
    """Whoever says `Acting-For` acts at the post of the leader they stand in for. A sign-in without the second factor that its role needs
    by now has ended. Raises NOT_A_DEPUTY, SECOND_FACTOR_NEEDED."""
    if found is None:
        return None
    user, device = found
    if lacks_second_factor(user, device, request._request):
        raise AuthenticationFailed
    leader = request.META.get("HTTP_ACTING_FOR")
    if not leader:
        return found
    acting = acting_for(user, leader)
    if lacks_second_factor(acting, device, request._request):
        raise SECOND_FACTOR_NEEDED()
    return acting, device


class DeviceKey(BaseAuthentication):
    """`Authorization: Device <person's id>.<device_key>`: whose phone it is, whether that person is locked, was moved, or has another password
    by now. Only at doors that name it. A wrong key, an ended one and a person who is not there answer alike, and count by address."""

    def authenticate(self, request):
        scheme, _, said = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "device":
            return None
        known = _device_of(said.strip())
        if known is None:
            throttles.count_wrong_key(request)
            raise AuthenticationFailed
        throttles.check_key(known.pk)
        known.user.by_device = known
        return known.user, known

    def authenticate_header(self, request) -> str:
        return "Bearer"


def _device_of(said: str) -> KnownDevice | None:
    person, _, key = said.partition(".")
    try:
        return known_devices.of_key(UUID(person), key) if known_devices.KEY.match(key) else None
    except ValueError:
        return None


class PageSession(SessionAuthentication):
    def authenticate(self, request):
        return _for_whom(request, super().authenticate(request))

    def authenticate_header(self, request) -> str:
        return "Bearer"


WITH_DEVICE_KEY = (DeviceKey, DeviceToken, PageSession)
