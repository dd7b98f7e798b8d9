"""How programs show a key: `Authorization: Key <key>`, or as the password of Basic beside its person's user name."""

from __future__ import annotations

import base64
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS

from accounts import throttles
from accounts.authentication import DeviceToken, PageSession
from accounts.keys import actions
from accounts.models import ApiKey
from accounts.second_factor import lacks_second_factor
from safety_api.problems import BAD_ACCESS_KEY, FORBIDDEN, METHOD_NOT_ALLOWED, PASSWORD_NOT_TAKEN


class AccessKey(BaseAuthentication):
    """Reads only, and for its own person only. What is no key of ours, a password above all, is refused unread and alike; it counts by address,
    and a right key passes all the same."""

    def authenticate(self, request):
        scheme, _, said = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() not in SAID_AS:
            return None
        if request.method not in SAFE_METHODS:
            raise METHOD_NOT_ALLOWED()
        username, key = SAID_AS[scheme.lower()](said.strip())
        found = actions.of(key)
        if found is None or not _is_theirs(found, username) or lacks_second_factor(found.user, found, request._request):
            throttles.count_wrong_access_key(request)
            raise PASSWORD_NOT_TAKEN() if username is not None and not actions.KEY.match(key) else BAD_ACCESS_KEY()
        throttles.check_access_key(found.pk)
        if "HTTP_ACTING_FOR" in request.META:
            raise FORBIDDEN()
        actions.note_use(found)
        return found.user, found

    def authenticate_header(self, request) -> str:
        return "Bearer"


def _is_theirs(key: ApiKey, username: str | None) -> bool:
    return key.user.is_active and username in (None, key.user.username)


def _of_basic(said: str) -> tuple[str, str]:
    """User name and key; empty ones for what is no Basic."""
    try:
        username, _, key = base64.b64decode(said, validate=True).decode().rpartition(":")
    except ValueError:
        return "", ""
    return username.strip().lower(), key


def _of_key(said: str) -> tuple[None, str]:
    return None, said


SAID_AS: dict[str, Any] = {"basic": _of_basic, "key": _of_key}
WITH_ACCESS_KEY = (AccessKey, DeviceToken, PageSession)
