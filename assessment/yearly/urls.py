from typing import Any

from django.urls import path

from assessment.yearly.views import KeyPatrolDoor, LargerDisasterDoor, SheetDoor, VetoDoor


def sheet(**verbs: str) -> Any:
    return SheetDoor.as_view(dict(verbs), basename="assessment_sheets")


def veto(**verbs: str) -> Any:
    return VetoDoor.as_view(dict(verbs), basename="vetoes")


def patrol(**verbs: str) -> Any:
    return KeyPatrolDoor.as_view(dict(verbs), basename="key_patrol")


def disaster(**verbs: str) -> Any:
    return LargerDisasterDoor.as_view(dict(verbs), basename="larger_disasters")


urlpatterns = [
    path("assessment/sheets", sheet(get="list", post="draft")),
    path("assessment/sheets/export", sheet(get="export")),
    path("assessment/sheets/<uuid:pk>", sheet(get="retrieve")),
    path("assessment/sheets/<uuid:pk>/state-view", sheet(post="state_view")),
    path("assessment/sheets/<uuid:pk>/confirm", sheet(post="confirm")),
    path("assessment/sheets/<uuid:pk>/revise", sheet(post="revise")),
    path("assessment/vetoes", veto(get="list")),
    path("assessment/vetoes/<uuid:pk>", veto(get="retrieve")),
    *(path(f"assessment/vetoes/<uuid:pk>/{step}", veto(post=step)) for step in ("confirm", "reject", "lift")),
    path("assessment/key-patrol", patrol(get="list", post="open_list")),
    path("assessment/key-patrol/<uuid:pk>", patrol(get="retrieve")),
    path("assessment/key-patrol/<uuid:pk>/add", patrol(post="add")),
    path("assessment/key-patrol/<uuid:pk>/fix", patrol(post="fix")),
    path("assessment/key-patrol/<uuid:pk>/entries/<uuid:entry>/confirm", patrol(post="confirm")),
    path("assessment/key-patrol/<uuid:pk>/entries/<uuid:entry>/remove", patrol(post="remove")),
    path("assessment/larger-disasters", disaster(get="list", post="create")),
    path("assessment/larger-disasters/<uuid:pk>/void", disaster(post="void")),
]
