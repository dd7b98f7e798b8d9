"""A page's answer, and what it may load: its own host's files and nothing else, no script and no style that stands in the page itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def page(request: HttpRequest, template: str, **facts: Any) -> HttpResponse:
    """Asked for anew each time, so that an update is met; a service worker keeps it for when there is no line."""
    answer = HttpResponse(render_to_string(template, facts, request))
    answer["Content-Security-Policy"] = POLICY
    answer["Cache-Control"] = "no-cache"
    return answer
