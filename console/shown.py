"""A page's answer: what it shows, and around it who looks at it, when, and where else they can go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from console.places import place_at, places_of
from pages.shell import page
from safety_api.permissions import MAY
from safety_api.problems import Problem


def shown(request: HttpRequest, template: str, /, status: int = 200, **facts: Any) -> HttpResponse:
    """`template` extends console/base.html. The answer may be kept by its own browser alone."""
    answer = page(request, template, **_around(request), **facts)
    answer.status_code = status
    answer["Cache-Control"] = "private, no-cache"
    return answer


def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    """What was not done, and why: the sentence of the API, with a way back."""
    answer = shown(request, "console/refused.html", problem.kind.status, sentence=problem.kind.sentence(**problem.values), errors=problem.errors)
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def _around(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    inside = user.is_authenticated
    return {
        "places": places_of(user) if inside else [],
        "here": place_at(request.path),
        "viewer": user if inside else None,
        "has_keys": inside and user.role in MAY["auth.keys"],
        "now": timezone.localtime(),
        "demo": settings.DEMO or (inside and user.is_demo),
    }
