"""Two doors in, one person: a device's token (phones, scripts) or the page's session (with CSRF)."""

from hmac import compare_digest

from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import Device


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
        candidates = Device.objects.filter(token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH]).select_related("user")
        for device in candidates:
            if compare_digest(digest, device.digest) and device.expiry > timezone.now() and device.user.is_active:
                return device.user, device
        raise AuthenticationFailed

    def authenticate(self, request):
        if request.META.get("HTTP_AUTHORIZATION") and not self._is_ours(request):
            raise AuthenticationFailed  # junk is refused, not taken for nobody
        return super().authenticate(request)

    def _is_ours(self, request) -> bool:
        scheme = request.META["HTTP_AUTHORIZATION"].split(" ", 1)[0]
        return scheme.lower() == "bearer"


class PageSession(SessionAuthentication):
    def authenticate_header(self, request) -> str:
        return "Bearer"
