from django.urls import path

from evidence.views import PhotoDoor

urlpatterns = [
    path("photos/<uuid:photo_id>", PhotoDoor.as_view({"get": "show"}, basename="photos")),
    path("photos/<uuid:photo_id>/content", PhotoDoor.as_view({"put": "content"}, basename="photos")),
]
