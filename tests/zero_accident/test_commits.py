"""What several connections see after real commits: races, stale edits, tags."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accidents.models import Accident
from accounts.actions import sign_in
from accounts.models import User
from tests.cast.accidents import TOWN, V2, YEAR, body, occurring, report_accident, url
from tests.cast.figures import broken_keys, township_figures
from tests.cast.units import mine
from zero_accident.figures import rebuilding
from zero_accident.models import FigureRevision

FIGURES = [f"/api/v1/zero-accident/{name}?year={YEAR}" for name in ("ratios", "ranking", "broken")]


@pytest.fixture
def signed_in(committed):
    """Tokens that were committed: `signed_in("bureau")` is that person's phone."""

    def phone(username: str) -> APIClient:
        _, token = sign_in(User.objects.get(username=username), device_id=f"commits-{username}", device_name="")
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")

    return phone


def at_once(sends: list) -> list[int]:
    def one(send):
        try:
            return send().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(sends)) as pool:
        return sorted(pool.map(one, sends))


def test_twenty_equal_reports_sent_at_once_make_one_accident_and_one_revision(signed_in):
    header = signed_in("bureau").defaults
    unit = mine()

    def send():
        return APIClient(**header).put(url(), body(nature="production", units=occurring(unit)), format="json")

    assert at_once([send] * 20) == [200] * 19 + [201]
    assert (Accident.objects.count(), FigureRevision.objects.count()) == (1, 1)
    assert len(broken_keys()) == 2


def test_accidents_of_one_township_reported_at_once_are_all_counted(signed_in):
    header = signed_in("bureau").defaults

    def sender(number):
        return lambda: APIClient(**header).put(url(number), body(region=V2 if number % 2 else body()["region"]), format="json")

    assert at_once([sender(number) for number in range(8)]) == [201] * 8
    found = township_figures(TOWN)
    assert (found.accidents, found.deaths, found.villages_broken) == (8, 8, 2)
    assert list(FigureRevision.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 9))
    assert rebuilding.rebuild(YEAR, check=True).count == 0


def test_a_stale_decision_is_refused(signed_in):
    report_accident()
    desk = signed_in("bureau")
    seen = desk.get(url())["ETag"]
    first = desk.post(url(1, "decide"), {"nature": "production"}, format="json", HTTP_IF_MATCH=seen)
    second = desk.post(url(1, "decide"), {"nature": "non_production"}, format="json", HTTP_IF_MATCH=seen)
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "stale")
    assert desk.get(url())["ETag"] == first["ETag"] != seen


@pytest.mark.parametrize("address", FIGURES)
def test_an_accident_changes_the_etag_of_every_figure(signed_in, address):
    report_accident(1)
    leader = signed_in("leader")
    found = leader.get(address)
    assert leader.get(address, HTTP_IF_NONE_MATCH=found["ETag"]).status_code == 304
    report_accident(2, region=V2)
    later = leader.get(address, HTTP_IF_NONE_MATCH=found["ETag"])
    assert later.status_code == 200
    assert later.json() != found.json()


def test_a_ranking_is_computed_only_once_per_change(signed_in, django_assert_num_queries):
    report_accident(1)
    leader, chief = signed_in("leader"), signed_in("bureau")
    with django_assert_num_queries(3):  # token · state · township figures
        first = leader.get(FIGURES[1]).content
    with django_assert_num_queries(2):
        assert chief.get(FIGURES[1]).content == first
    report_accident(2, region=V2)
    with django_assert_num_queries(3):
        assert chief.get(FIGURES[1]).content != first
