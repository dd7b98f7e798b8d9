"""办公页 What holds of every page of the office: to whom it opens, what it may load, where a stranger is led."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern

from console.page_urls import urlpatterns
from console.places import PLACES, place_at
from pages.shell import POLICY
from safety_api.permissions import MAY
from safety_api.problems import FORBIDDEN
from safety_api.roles import ADMINS

pytestmark = pytest.mark.django_db
OPEN = {"", "login", "logout", "password"}  # they are for strangers too, or ask themselves


def pages() -> dict[str, URLPattern]:
    return {str(each.pattern): each for each in urlpatterns if isinstance(each, URLPattern)}


def test_every_page_names_the_line_of_may_by_which_it_opens():
    gates = {path: getattr(each.callback, "route", None) for path, each in pages().items() if path not in OPEN}
    assert not {path: route for path, route in gates.items() if route not in MAY}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_a_place_leads_to_a_page_for_those_it_is_shown_to_and_for_nobody_else(place, seat, people):
    for name, user in people.items():
        answer = seat(name).get(place.path)
        if place.path == "/" and user.role in ADMINS:
            assert answer["Location"] == "/admin/"  # there is their work
            continue
        assert answer.status_code == (200 if user.role in MAY[place.route] else 403), (name, place.path)
        shown = f'<a href="{place.path}"' in answer.content.decode()
        assert shown == (user.role in MAY[place.route]), (name, place.path)


def test_a_page_loads_from_its_own_host_alone_and_holds_no_script_and_no_style(seat):
    answer = seat("bureau").get("/")
    page = answer.content.decode()
    assert answer["Content-Security-Policy"] == POLICY
    assert not re.findall(r"<style|style=|<script(?![^>]*src)| on\w+=|https?://(?!www\.w3\.org)", page)
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_stranger_is_led_to_the_sign_in_and_back(client):
    for place in PLACES[1:]:
        answer = client.get(f"{place.path}?x=1")
        assert (answer.status_code, answer["Location"]) == (302, f"/login?next={place.path}%3Fx%3D1")


def test_the_front_page_leads_a_stranger_to_the_ways_in(client):
    page = client.get("/").content.decode()
    assert 'href="/login"' in page and 'href="/m/"' in page


def test_whoever_still_has_the_first_password_changes_it_first(seat, people):
    people["bureau"].must_change_password = True
    people["bureau"].save()
    assert seat("bureau").get("/")["Location"] == "/password"


def test_an_administrator_is_told_in_words_that_the_page_is_not_theirs(seat, people):
    name = next(name for name, user in people.items() if user.role in ADMINS)
    answer = seat(name).get("/hazards")
    assert answer.status_code == 403 and FORBIDDEN.zh in answer.content.decode()


@pytest.mark.parametrize(("path", "place"), [("/", "/"), ("/nothing", ""), ("/login", ""), ("/hazardsx", "")])
def test_a_page_belongs_to_the_place_it_lies_under(path, place):
    assert place_at(path) == place


HOSTILE = (
    "q=" + "%25" * 60, "q=%00", "q=" + "a" * 5000, "cursor=x", "limit=0", "sort=x", "region=999999", "region=%27", "bbox=1,2", "bbox=nan,nan,nan,nan",
    "at=99/99/99", "page=0", "page=999", "year=0", "as_of=2026-02-30", "closing=1e9", "next=//x", "open=maybe", "level=major&level=general", "%FF=%FE",
    "enterprise=x", "state=reported,nothing", "found_from=2026-13-01", "kind=x", "class=E",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_whatever_an_address_asks_is_answered_in_words(place, seat, people):
    client = seat("bureau")
    found = {asked: client.get(f"{place.path}?{asked}").status_code for asked in HOSTILE}
    assert not {asked: status for asked, status in found.items() if status >= 500}
