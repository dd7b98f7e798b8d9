"""The phone's page: a shell without anybody's data, so that it may be kept and opened without a line; what it shows comes by the API."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from pages.assets import address, assets, edition
from pages.shell import POLICY, page

NAME = "兴县安全检查"
WORKER = "phone/worker.js"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    return page(request, "phone/shell.html", name=NAME, edition=edition())


def kept() -> list[str]:
    """What the page needs without a line: itself and every file of its own and of all pages."""
    own = [name for name in assets() if name.startswith(("phone/", "parts/", "pages/")) and name != WORKER]
    return ["/m/", "/m/app.webmanifest", *(address(name) for name in own)]


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Its own text changes with the edition: that is how a browser notices an update."""
    told = f"self.SHELL={json.dumps({'edition': edition(), 'files': kept()})};\n"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}  # a worker is held to the policy of its own answer
    return HttpResponse(told.encode() + assets()[WORKER].content, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [{"src": address(f"phone/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"} for side in (192, 512)]
    return JsonResponse(
        {
            "name": NAME, "short_name": "安全检查", "lang": "zh-CN", "start_url": "/m/", "scope": "/m/", "display": "standalone",
            "background_color": "#edf0ee", "theme_color": "#0a6646", "icons": icons,
        },
        content_type="application/manifest+json", headers={"Cache-Control": "no-cache"},
    )  # fmt: skip
