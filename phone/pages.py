"""The phone's page: a shell without anybody's data, so that it may be kept and opened without a line; what it shows comes by the API."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from pages.assets import address, edition
from pages.shell import POLICY, page

FILES = (
    "pages/tokens.css", "pages/parts.css", "phone/phone.css", "pages/idb.js", "phone/app.js", "phone/store.js", "phone/line.js",
    "phone/outbox.js", "phone/views.js",
)  # fmt: skip
NAME = "兴县安全检查"


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    return page(request, "phone/shell.html", name=NAME, edition=edition())


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Its own text changes with the edition: that is how a browser notices an update."""
    files = json.dumps(["/m/", "/m/app.webmanifest", *(address(name) for name in FILES)])
    text = render_to_string("phone/sw.js", {"edition": edition(), "files": files})
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}  # a worker is held to the policy of its own answer
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=headers)


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
