"""What every request passes: a trace id, one log line, a calm answer to every fault."""

import logging
import re
import time

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from safety_api import bodies, problems, replica, standby
from safety_api.logs import new_trace

log = logging.getLogger("safety.request")
LOUD_ID = re.compile(
    r"(?<=/)[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?=/|$)"
)  # some phones write ids in capitals
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")  # not worth a line


FROM_INSIDE = ("/healthz", "/readyz", "/metrics")  # asked by machines that know us by another name
PAGE = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
DATA = (
    "default-src 'none'; frame-ancestors 'none'"  # what is no page may load nothing, however a browser came to show it
)


class HeadersMiddleware:
    """What a browser may do with an answer: no foreign host, no foreign frame, nothing personal kept by a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path not in FROM_INSIDE:
            request.get_host()  # raises for a host that is not ours, before anything is done
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        response.setdefault("Content-Security-Policy", PAGE if is_page else DATA)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "private, no-cache")
        return response


def _who(request) -> str:
    """The person, when the answer has already asked who it is: a log line costs no query."""
    user = request.__dict__.get("user")
    user = request.__dict__.get("_cached_user") if isinstance(user, SimpleLazyObject) else user
    return str(getattr(user, "pk", "") or "")


class TraceMiddleware:
    """Names the request, speaks the caller's language, writes one line about it, answers faults with `failed`."""

    def __init__(self, get_response):
        self.get_response = replica.reading(get_response) if settings.REPLICA_URL else get_response

    def __call__(self, request):
        started = time.perf_counter()
        trace = new_trace(request.headers.get("traceparent", "")[3:35])
        translation.activate("en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh-hans")
        response = self._refused_at_once(request) or standby.confirmed(self.get_response, request)
        if response.status_code == 503 and connection.errors_occurred:
            connection.close()  # the next request makes a new one; where something else is away, ours is well
        response["X-Trace-Id"] = trace
        if not request.path.startswith(QUIET):
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "user": _who(request),
                },
            )
        return response

    @staticmethod
    def _refused_at_once(request):
        """A body in chunks would be taken for none, and a step be taken without it; a NUL in an address means nothing."""
        if "\x00" in request.path_info:
            return problems.not_found(request)
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
            return problems.plain(problems.LENGTH_REQUIRED())
        request.path_info = LOUD_ID.sub(lambda found: found.group().lower(), request.path_info)
        bodies.held_to_its_word(request)
        return None

    def process_exception(self, request, error):
        return problems.plain(problems.of_fault(error))
