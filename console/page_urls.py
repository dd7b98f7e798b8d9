from django.urls import path

from console import ranking, sign_in, today
from console.listings import PAGES
from console.lists import page_of
from console.records import RECORDS

urlpatterns = [
    path("", today.front, name="today"),
    path("ranking", ranking.ranking, name="page-ranking"),
    path("login", sign_in.sign_in, name="page-login"),
    path("logout", sign_in.sign_out, name="page-logout"),
    path("password", sign_in.password, name="page-password"),
    *(path(name, page_of(listing), name=f"page-{name}") for name, listing in PAGES.items()),
    *(path(f"{name}/<uuid:key>", view, name=f"page-{name}-one") for name, view in RECORDS.items()),
]
