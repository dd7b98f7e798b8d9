from geo.ogc.urls import urlpatterns  # noqa: F401 - addresses at the top
