"""A page's session ends after idle time; its absolute end is the cookie's age (settings.SESSION_COOKIE_AGE)."""

import time

from django.conf import settings
from django.contrib.auth import logout

SEEN = "seen_at"
MARK_EVERY = 60  # seconds: reading a page seldom writes the session


class SessionEndMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._end_or_mark(request)
        return self.get_response(request)

    @staticmethod
    def _end_or_mark(request) -> None:
        now, seen = time.time(), request.session.get(SEEN)
        if seen is not None and now - seen > settings.SESSION_IDLE.total_seconds():
            logout(request)
        elif request.session.keys() and (seen is None or now - seen > MARK_EVERY):
            request.session[SEEN] = now
