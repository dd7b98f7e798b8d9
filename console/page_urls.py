from django.urls import path

from console import today

urlpatterns = [
    path("", today.front, name="today"),
]
