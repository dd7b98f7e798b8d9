from django.urls import path

from inbox.views import InboxDoor


def inbox(**verbs: str):
    return InboxDoor.as_view(dict(verbs), basename="inbox")


urlpatterns = [
    path("inbox", inbox(get="list")),
    path("inbox/count", inbox(get="count")),
    path("inbox/seen", inbox(post="seen_many")),
    path("inbox/<int:message_id>/seen", inbox(post="seen")),
]
