from typing import Any

from django.urls import path

from phone.rescue.views import RescueDoor, RescuingDoor
from phone.sync.views import SyncDoor
from phone.uploads.views import UploadDoor


def rescues(door: Any = RescueDoor, **verbs: Any):
    return door.as_view(verbs, basename="rescues")


def uploads(**verbs: str):
    return UploadDoor.as_view(dict(verbs), basename="uploads")


urlpatterns = [
    path("sync", SyncDoor.as_view({"get": "show"}, basename="sync")),
    path("uploads/", uploads(post="begin", options="about")),
    path("uploads/<uuid:upload_id>", uploads(head="where", patch="go_on", delete="terminate")),
    path("phone/rescue", rescues(RescuingDoor, post="keep")),
    path("phone/rescues", rescues(get="list")),
    path("phone/rescues/<uuid:rescue_id>", rescues(get="retrieve")),
    path("phone/rescues/<uuid:rescue_id>/content", rescues(get="content")),
    path("phone/rescues/<uuid:rescue_id>/place", rescues(post="place")),
    path("phone/rescues/<uuid:rescue_id>/set-aside", rescues(post="set_aside")),
]
