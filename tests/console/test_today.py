"""今日 The day of each role: the sentence, what waits, what is late, how it stands; every figure leads to as many rows as it says."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from console import charts
from console.listings import PAGES
from hazards.states import State
from safety_api.roles import ADMINS
from tests.cast.accidents import body, url
from tests.cast.hazards import a_hazard_in, in_days
from tests.cast.units import mine
from tests.console.test_lists import words

pytestmark = pytest.mark.django_db
LISTS = re.compile(rf'href="(/(?:{"|".join(PAGES)})\?[^"]*)"[^>]*>\s*(?:<b[^>]*>)?(\d+)')


@pytest.fixture
def a_day(people):
    """One hazard is reported, one waits for a review, a major one is late."""
    unit = mine()
    a_hazard_in(State.REPORTED, unit, photo=None)
    a_hazard_in(State.REVIEW_REQUESTED, unit, "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0002", photo=None)
    a_hazard_in(State.RECTIFYING, unit, "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0003", photo=None, level="major", due_on=in_days(-3))
    return unit


def test_every_role_has_a_day(seat, people, a_day):
    for name, user in people.items():
        if user.role not in ADMINS:
            answer = seat(name).get("/")
            assert answer.status_code == 200, name
            assert "今日" in answer.content.decode(), name


def test_lateness_of_a_major_one_is_said_before_what_waits(seat, people, a_day):
    said = words(seat("bureau").get("/"))
    assert "1 条 重大隐患逾期" in said and "逾期 3 天" in said


def test_nothing_to_say_is_said(seat, people):
    assert "没有等您办的事，也没有逾期的隐患。" in words(seat("bureau").get("/"))


@pytest.mark.parametrize("name", ["bureau", "leader", "inspector", "village", "enterprise"])
def test_every_figure_leads_to_as_many_rows_as_it_says(name, seat, people, a_day):
    client = seat(name)
    page = client.get("/").content.decode()
    for address, figure in LISTS.findall(page):
        told = words(client.get(html.unescape(address)))
        assert f" {figure} " in told or figure == "0", (address, figure)


def test_a_running_clock_of_an_accident_stands_above_all(seat, as_, people):
    now = timezone.now()
    said = body(occurred_at=(now - timedelta(minutes=20)).isoformat())
    assert as_("duty").put(url(1), said, format="json").status_code == 201
    said = words(seat("duty").get("/"))
    assert "正在走的报告钟" in said and "还没有报出" in said


# --- drawings ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("good", "total", "needed", "drawn"),
    [
        (20, 20, 17, (240.0, 0.0, 204.0, 19)),
        (15, 20, 17, (180.0, 60.0, 204.0, 19)),
        (0, 0, 0, (0.0, 0.0, 0.0, 0)),
        (90, 120, 102, (180.0, 60.0, 204.0, 0)),  # too many to be told apart
    ],
)
def test_a_strip_counts_its_things_one_by_one(good, total, needed, drawn):
    strip = charts.strip(good, total, needed)
    assert (strip.good, strip.bad, strip.line, len(strip.ticks)) == drawn


def test_the_highest_bar_is_as_high_as_the_drawing_and_nothing_is_divided_by_nothing():
    assert [month.first.height for month in charts.months([("1", 4, 2), ("2", 0, 1)])] == [charts.HIGH, 0.0]
    assert charts.months([("1", 0, 0)])[0].second.height == 0.0
