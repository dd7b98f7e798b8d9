from django.urls import path
from rest_framework.routers import SimpleRouter

from geo.views import MapDoor, RegionDoor

router = SimpleRouter(trailing_slash=False)
router.register("regions", RegionDoor, basename="regions")
urlpatterns = [
    *router.urls,
    path("map/<slug:layer>.geojson", MapDoor.as_view({"get": "geojson"}, basename="map"), name="map-geojson"),
    path(
        "map/tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt",
        MapDoor.as_view({"get": "tile"}, basename="map"),
        name="map-tile",
    ),
]
