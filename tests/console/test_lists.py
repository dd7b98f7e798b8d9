"""列表页 The lists of the office show what the API's lists say, asked by the same words."""

from __future__ import annotations

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest

from console.listings import PAGES
from hazards.states import State
from tests.cast.hazards import a_hazard_in, ago
from tests.cast.units import mine

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("name", PAGES)
def test_a_list_opens_with_every_filter_it_offers(name, seat, people):
    listing = PAGES[name]
    answer = seat("bureau").get(f"/{name}")
    offered = [each.name for each in (*listing.filters, *listing.more) if f'name="{each.name}"' in answer.content.decode()]
    assert (answer.status_code, offered) == (200, [each.name for each in (*listing.filters, *listing.more)])


def test_the_rows_are_those_of_the_api_and_their_number_is_told(seat, people):
    unit = mine()
    for number in range(3):
        a_hazard_in(State.REPORTED, unit, uuid4(), photo=None, found_at=ago(number + 1))
    client = seat("bureau")
    told = client.get("/api/v1/hazards?open=true&count=true").json()
    page = client.get("/hazards")
    assert f"{told['total']} 条" in words(page)
    assert set(re.findall(r'href="/hazards/([0-9a-f-]{36})"', page.content.decode())) == {row["id"] for row in told["results"]}


def test_what_a_form_left_empty_is_not_asked(seat, people):
    answer = seat("bureau").get("/hazards?q=&open=true&level=")
    assert (answer.status_code, answer["Location"]) == (302, "/hazards?open=true")


def test_a_filter_that_excludes_all_is_named_and_can_be_dropped(seat, people):
    a_hazard_in(State.REPORTED, mine())
    page = seat("bureau").get("/hazards?open=true&level=major")
    assert "没有符合这些条件的隐患：未结、级别。" in words(page)
    assert 'href="?open=true"' in page.content.decode() and "去掉“级别”" in words(page)


def test_a_link_with_a_parameter_that_no_list_has_is_answered_in_words(seat, people):
    page = seat("bureau").get("/hazards?colour=red")
    assert page.status_code == 400 and "去掉全部条件" in words(page)


def test_pages_follow_one_another_and_lead_back(seat, people):
    unit = mine()
    for number in range(3):
        a_hazard_in(State.REPORTED, unit, uuid4(), photo=None, found_at=ago(number + 1))
    client = seat("bureau")
    first = client.get("/hazards?limit=2&sort=found_at").content.decode()
    following = unquote(re.search(r'rel="next" href="(.*?)"', first)[1]).replace("&amp;", "&")
    second = client.get(f"/hazards{following}").content.decode()
    seen = [set(re.findall(r'href="/hazards/([0-9a-f-]{36})"', page)) for page in (first, second)]
    assert [len(each) for each in seen] == [2, 1] and not seen[0] & seen[1]
    assert "第一页" in second


def test_a_list_shows_nothing_of_another_jurisdiction(seat, people):
    hazard = a_hazard_in(State.REPORTED, mine())
    for name, sees in (("bureau", True), ("leader", True), ("inspector2", False)):
        assert (str(hazard.pk) in seat(name).get("/hazards?all=").content.decode()) == sees, name
