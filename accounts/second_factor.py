"""第二因素 Who must prove one, and whether a sign-in did: asked at every request, for a rule may come and a post may change meanwhile."""

from typing import Any

from django.conf import settings

from accounts.models import ApiKey, Device, User
from safety_api.roles import Role

PROVED = "second_factor"  # in a page's session


def needs_second_factor(user: Any) -> bool:
    wanted = settings.SECOND_FACTOR_ROLES
    if not wanted or user.is_demo:
        return False
    return user.role in wanted or ("ALL" in wanted and user.role != Role.ENTERPRISE_OFFICER)


def lacks_second_factor(user: Any, sign_in: Device | ApiKey | None, request: Any) -> bool:
    """Of a device's sign-in, of a key, or of a page's sign-in when there is neither."""
    return needs_second_factor(user) and not proved_second_factor(sign_in, request)


def proved_second_factor(sign_in: Device | ApiKey | None, request: Any) -> bool:
    return bool(request.session.get(PROVED)) if sign_in is None else sign_in.second_factor


def note_in_session(sender: Any, request: Any, user: User, **_: Any) -> None:
    """When somebody signs in to a page."""
    request.session[PROVED] = user.proved_second_factor
