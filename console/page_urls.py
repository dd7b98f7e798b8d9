from django.urls import path

from console import (
    accounts,
    backdrop,
    books,
    closing,
    hazard,
    keys,
    map,
    map_search,
    map_weeks,
    policy,
    ranking,
    sign_in,
    today,
    township,
)
from console.listings import PAGES
from console.lists import page_of
from console.records import RECORDS

urlpatterns = [
    path("", today.front, name="today"),
    path("ranking", ranking.ranking, name="page-ranking"),
    path("ranking/<slug:code>", township.township, name="page-township"),
    path("ranking/<slug:code>/villages", township.villages, name="page-township-villages"),
    path("ranking/<slug:code>/units", township.units, name="page-township-units"),
    path("policy", policy.policy, name="page-policy"),
    path("accounts/new", accounts.new, name="page-account-new"),
    path("ledgers", books.books, name="page-ledgers"),
    *(path(name, page_of(listing), name=f"page-{name.replace('/', '-')}") for name, listing in books.BOOKS.items()),
    path("login", sign_in.sign_in, name="page-login"),
    path("logout", sign_in.sign_out, name="page-logout"),
    path("password", sign_in.password, name="page-password"),
    path("closings/<int:closing_id>", closing.page, name="page-closing"),
    path("closings/<int:closing_id>/<slug:name>", closing.step),
    path("keys", keys.keys, name="page-keys"),
    path("keys/<uuid:key>/revoke", keys.revoke),
    path("map", map.page),
    path("map/weeks", map_weeks.weeks),
    path("map/search", map_search.search),
    path("map/places", map_search.places),
    path("map/backdrop/<int:z>/<int:x>/<int:y>", backdrop.tile),
    path("map/hazards/<uuid:hazard_id>", hazard.panel),
    path("hazards/<uuid:hazard_id>", hazard.panel),
    path("map/hazards/<uuid:hazard_id>/<slug:name>", hazard.step),
    *(path(name, page_of(listing), name=f"page-{name}") for name, listing in PAGES.items()),
    *(path(f"{name}/<uuid:key>", record.page(), name=f"page-{name}-one") for name, record in RECORDS.items()),
    *(path(f"{name}/<uuid:key>/<slug:name>", record.step()) for name, record in RECORDS.items() if record.deeds),
]
