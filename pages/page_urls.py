from django.urls import path

from pages.assets import serve

urlpatterns = [path("assets/<str:of>/<path:name>", serve)]
