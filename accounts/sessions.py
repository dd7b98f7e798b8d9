"""A page's session ends after idle time, and absolutely at SESSION_COOKIE_AGE: Django alone would renew that at every mark."""

import time

from django.conf import settings
from django.contrib.auth import logout

SEEN, BEGAN = "seen_at", "began_at"
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
        session, now = request.session, time.time()
        idle, age = now - session.get(SEEN, now), now - session.get(BEGAN, now)
        if idle > settings.SESSION_IDLE.total_seconds() or age > settings.SESSION_COOKIE_AGE:
            logout(request)
        elif session.keys() and (SEEN not in session or idle > MARK_EVERY):
            session[SEEN] = now
            session.setdefault(BEGAN, now)
