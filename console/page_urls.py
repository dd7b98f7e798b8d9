from django.urls import path

from console import today
from console.listings import PAGES
from console.lists import page_of

urlpatterns = [
    path("", today.front, name="today"),
    *(path(name, page_of(listing), name=f"page-{name}") for name, listing in PAGES.items()),
]
