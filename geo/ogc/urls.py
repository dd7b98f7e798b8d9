"""At the top, not under /api/v1: the standard's addresses are its own version."""

from django.urls import path

from geo.ogc.views import OgcDoor, at_the_door


def door(action: str):
    return OgcDoor.as_view({"get": action}, basename="ogc")


urlpatterns = [
    path("ogc", at_the_door),
    path("ogc/", door("landing"), name="ogc-landing"),
    path("ogc/conformance", door("conformance"), name="ogc-conformance"),
    path("ogc/api", door("api"), name="ogc-api"),
    path("ogc/collections", door("collections"), name="ogc-collections"),
    path("ogc/collections/<str:collection>", door("collection"), name="ogc-collection"),
    path("ogc/collections/<str:collection>/items", door("items"), name="ogc-items"),
    path("ogc/collections/<str:collection>/items/<str:feature>", door("item"), name="ogc-item"),
]
