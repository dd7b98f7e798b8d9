from django.urls import path

from safety_api.views import OutboxDoor, SealDoor, TrailDoor

urlpatterns = [
    path("trail", TrailDoor.as_view({"get": "list"}, basename="trail")),
    path("trail/seals", SealDoor.as_view({"get": "list"}, basename="seals")),
    path("trail/verify", SealDoor.as_view({"get": "verify"}, basename="seals")),
    path("outbox", OutboxDoor.as_view({"get": "list"}, basename="outbox")),
]
