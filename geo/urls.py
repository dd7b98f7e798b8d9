from django.urls import path

from geo.views import MapDoor, RegionDoor

urlpatterns = [
    path("regions", RegionDoor.as_view({"get": "list"}, basename="regions"), name="regions-list"),
    path("map/<slug:layer>.geojson", MapDoor.as_view({"get": "geojson"}, basename="map"), name="map-geojson"),
    path(
        "map/tiles/<slug:layer>/<int:z>/<int:x>/<int:y>.mvt",
        MapDoor.as_view({"get": "tile"}, basename="map"),
        name="map-tile",
    ),
]
