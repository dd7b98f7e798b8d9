"""What every request passes: a trace id, one log line, a calm answer to every fault."""

import logging
import time

from django.db import connection
from django.utils import translation

from safety_api import problems
from safety_api.logs import new_trace

log = logging.getLogger("safety.request")
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


class TraceMiddleware:
    """Names the request, speaks the caller's language, writes one line about it, answers faults with `failed`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        trace = new_trace(request.headers.get("traceparent", "")[3:35])
        translation.activate("en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh-hans")
        response = self.get_response(request)
        if response.status_code == 503:
            connection.close()  # the next request makes a new one
        response["X-Trace-Id"] = trace
        if not request.path.startswith(QUIET):
            user = getattr(request, "user", None)
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "user": str(getattr(user, "pk", "") or ""),
                },
            )
        return response

    def process_exception(self, request, error):
        return problems.plain(problems.of_fault(error))
