"""口径 What counts and what does not, line by line with its source; a line that a broken village cites is led to by its code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console.asking import ask
from console.cells import day_of
from console.gate import office
from console.shown import shown


@require_safe
@office("zero_accident_policies.list")
def policy(request: HttpRequest) -> HttpResponse:
    """`?version=`; without it the newest."""
    wanted = {"version": request.GET["version"]} if request.GET.get("version") else {}
    answer = ask(request, "zero-accident/policies", **wanted)
    if not answer.ok:
        return shown(request, "console/refused.html", answer.status, sentence=answer.told["detail"], errors=answer.told["errors"])
    versions = [each["version"] for each in (ask(request, "zero-accident/policies").told if wanted else answer.told)]
    return shown(request, "console/policy.html", policy=_shown(answer.told[0]), versions=versions)


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "since": day_of(told["effective_from"]), "until": day_of(told["effective_to"]), "lines": told["parameters"]}
