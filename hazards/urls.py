from typing import Any

from django.urls import path

from hazards.views import HazardDoor


def door(**verbs: Any):
    return HazardDoor.as_view(verbs, basename="hazards")


urlpatterns = [
    path("hazards", door(get="list")),
    path("hazards/<uuid:hazard_id>", door(get="retrieve", put="put")),
    path("hazards/<uuid:hazard_id>/history", door(get="history")),
    path("hazards/<uuid:hazard_id>/reject", door(post="reject")),
    path("hazards/<uuid:hazard_id>/confirm", door(post="confirm")),
    path("hazards/<uuid:hazard_id>/close-on-spot", door(post="close_on_spot")),
]
