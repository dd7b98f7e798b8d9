"""核验 All seals of the trail are computed anew: every place where a line was changed, lost, put in or moved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from console.asking import ask
from console.gate import office
from console.records import Section, Told
from console.shown import shown


@require_safe
@office("seals.verify")
def verify(request: HttpRequest) -> HttpResponse:
    breaks = tuple(ask(request, "trail/verify").told["breaks"])
    said = Section("核验全部封存", notes=breaks, empty="" if breaks else "与封存时一致：没有一行被改动、缺失、插入或换序。")
    told = Told(f"{len(breaks)} 处不一致" if breaks else "一致", [], [said])
    return shown(request, "console/record.html", told=told, back="/trail/seals", place="封存")
