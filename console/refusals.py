"""What no view answered: an address that leads nowhere, a form that did not come from here, a fault. A browser is told in words, all others as the
API does; nothing here asks a table, for that may be what failed."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pages.shell import page
from safety_api import problems
from safety_api.problems import FORBIDDEN, NOT_FOUND, Problem

OTHERS = ("/api/", "/admin/", "/assets/", "/photos/", "/static/", "/m/", "/ogc/")


def _reads_pages(request: HttpRequest) -> bool:
    return not request.path.startswith(OTHERS) and "text/html" in request.headers.get("Accept", "")


def _said(request: HttpRequest, problem: Problem, said: str = "") -> HttpResponse:
    facts: dict[str, Any] = {"places": [], "here": "", "viewer": None, "demo": False, "now": timezone.localtime(), "errors": [], "messages": []}
    answer = page(request, "console/refused.html", sentence=said or problem.kind.sentence(**problem.values), **facts)
    answer.status_code = problem.kind.status
    answer["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _said(request, NOT_FOUND(), "没有这个页面，或者它已经搬走。") if _reads_pages(request) else problems.not_found(request, exception)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without our own mark: of another site, or of a page that lay open for very long."""
    said = "这个表单放得太久，或者不是从本系统打开的：请回到页面重新提交。"
    return _said(request, FORBIDDEN(), said) if _reads_pages(request) else problems.forbidden(request, reason=reason)


def failed(request: HttpRequest) -> HttpResponse:
    if not _reads_pages(request):
        return problems.failed(request)
    return _said(request, problems.of_fault(sys.exc_info()[1]))
