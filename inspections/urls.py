from typing import Any

from django.urls import path

from inspections.views import InspectionDoor, ReceiptsDoor, TaskDoor


def door(**verbs: Any):
    return InspectionDoor.as_view(verbs, basename="inspections")


urlpatterns = [
    path("inspections", door(get="list")),
    path("inspections/<uuid:inspection_id>", door(get="retrieve", put="put")),
    path("inspections/<uuid:inspection_id>/receipt", door(get="receipt")),
    path("receipts/check", ReceiptsDoor.as_view({"post": "check"}, basename="receipts")),
    path("tasks", TaskDoor.as_view({"get": "list", "post": "create"}, basename="tasks")),
]
