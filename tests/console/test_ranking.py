"""排名页 The ranking of the office says what the API's ranking says, why, and what would lift one's own."""

from __future__ import annotations

import re

import pytest

from tests.cast.accidents import YEAR, report_accident
from tests.cast.units import mine
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(people):
    """A unit in the home township, and nothing that happened."""
    return mine()


def test_the_places_are_those_of_the_api(seat, figures):
    client = seat("bureau")
    told = client.get("/api/v1/zero-accident/ranking").json()
    page = client.get("/ranking").content.decode()
    assert re.findall(r'<li[^>]* id="r(\d{12})"', page) == [row["region"] for row in told]
    for row in told:
        assert f"{row['village_zero']}/{row['village_total']}" in page and f"{row['unit_zero']}/{row['unit_total']}" in page
        assert f"{row['village_ratio']}%" in page or row["village_total"] == 0


def test_a_leader_sees_the_own_township_first_with_its_reason(seat, figures):
    page = seat("leader").get("/ranking")
    assert "第 1" in words(page) or "第 2" in words(page)
    assert 'class="card own"' in page.content.decode()
    assert 'class="card own"' not in seat("bureau").get("/ranking").content.decode()


def test_an_accident_puts_it_behind_and_the_page_says_by_what(seat, figures):
    report_accident()
    page = seat("leader").get(f"/ranking?year={YEAR}").content.decode()
    own = page[page.index('class="card own"') : page.index("</section>")]
    assert "村比例比" in own and "当年只有核销或认定变更才能改变" in own


@pytest.mark.parametrize(
    ("asked", "status"),
    [("year=1990", {400, 404, 422}), ("year=2999", {400}), ("as_of=x", {400}), ("region=999999", {400, 404}), ("closing=999999", {404}), ("closing=x", {404})],
)
def test_what_cannot_be_asked_is_answered_in_words(asked, status, seat, figures):
    page = seat("bureau").get(f"/ranking?{asked}")
    assert page.status_code in status and re.search("[一-龥]{4}", words(page))


def test_the_trend_of_twelve_months_comes_in_one_call(as_, figures):
    told = as_("bureau").get("/api/v1/zero-accident/ranking/trend").json()
    ranking = as_("bureau").get("/api/v1/zero-accident/ranking").json()
    assert [each["region"] for each in told] == [each["region"] for each in ranking]
    assert {len(each["points"]) for each in told} == {12}
    assert [each["points"][-1]["rank"] for each in told] == [each["rank"] for each in ranking]


def test_a_trend_ends_on_the_day_asked_for(as_, figures):
    told = as_("bureau").get(f"/api/v1/zero-accident/ranking/trend?as_of={YEAR}-02-14&months=3").json()
    assert [point["as_of"] for point in told[0]["points"]] == [f"{YEAR - 1}-12-31", f"{YEAR}-01-31", f"{YEAR}-02-14"]


@pytest.mark.parametrize(("asked", "status"), [("months=0", 400), ("months=25", 400), ("year=2999", 400), ("months=x", 400), ("by=unit", 400), ("as_of=2999-01-01", 400)])
def test_a_trend_is_asked_for_strictly(asked, status, as_, figures):
    assert as_("bureau").get(f"/api/v1/zero-accident/ranking/trend?{asked}").status_code == status
