from django.urls import path

from phone.sync.views import SyncDoor

urlpatterns = [
    path("sync", SyncDoor.as_view({"get": "show"}, basename="sync")),
]
