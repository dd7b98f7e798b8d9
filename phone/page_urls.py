from django.urls import path

from phone import pages

urlpatterns = [
    path("m/", pages.shell, name="phone"),
    path("m/sw.js", pages.service_worker),
    path("m/app.webmanifest", pages.manifest),
]
