from django.urls import path

from inbox.deliveries.views import DeliveryDoor, OutletDoor, RobotDoor
from inbox.views import InboxDoor


def inbox(**verbs: str):
    return InboxDoor.as_view(dict(verbs), basename="inbox")


def robots(**verbs: str):
    return RobotDoor.as_view(dict(verbs), basename="robots")


urlpatterns = [
    path("inbox", inbox(get="list")),
    path("inbox/count", inbox(get="count")),
    path("inbox/seen", inbox(post="seen_many")),
    path("inbox/<int:message_id>/seen", inbox(post="seen")),
    path("deliveries", DeliveryDoor.as_view({"get": "list"}, basename="deliveries")),
    path("channels", OutletDoor.as_view({"get": "list"}, basename="channels")),
    path("channels/robots", robots(get="list", post="create")),
    path("channels/robots/<int:robot_id>", robots(get="retrieve", patch="partial_update")),
    path("channels/robots/<int:robot_id>/try", robots(post="try_out")),
]
