"""Every address. Each app declares its own doors; this page only puts them under one roof."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from console import refusals
from evidence.links import serve as photo_by_link
from safety_api import problems
from safety_api.views import docs, healthz, metrics, readyz, schema

# One flat list: a resolver within a resolver would cost each request a tenth of a 304.
rooms = [
    door
    for app in settings.OUR_APPS
    if app != "safety_api" and find_spec(f"{app}.urls")
    for door in import_module(f"{app}.urls").urlpatterns
]

rooms.sort(key=lambda door: str(door.pattern) != "sync")  # every phone asks it all day, mostly for nothing: it is found at once

pages = [door for app in settings.OUR_APPS if find_spec(f"{app}.page_urls") for door in import_module(f"{app}.page_urls").urlpatterns]

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("photos/<str:signed>", photo_by_link),
    path("admin/", admin.site.urls),
    *pages,
    path("api/v1/schema", schema, name="schema"),
    path("api/v1/docs", docs, name="docs"),
    path("api/v1/", include("safety_api.trail_urls")),
    path("api/v1/", include((rooms, "v1"))),
]
handler400, handler403, handler404, handler500 = (
    problems.bad_request, problems.forbidden, refusals.not_found, refusals.failed,
)  # fmt: skip
