"""What several connections see after real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from supervision import actions
from supervision.models import CurrentClass, Evaluation
from tests.people import MINE
from tests.supervision.units import ON, accident, good_mine

URL = f"/api/v1/enterprises/{MINE}/supervision-class"


@pytest.fixture
def inspector(committed):
    _, token = sign_in(User.objects.get(username="inspector"), device_id="tags", device_name="")
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")


def test_an_etag_stays_valid_until_the_class_changes(inspector):
    mine = good_mine()
    actions.evaluate([MINE], ON)
    tag = inspector.get(URL)["ETag"]
    assert inspector.get(URL, HTTP_IF_NONE_MATCH=tag).status_code == 304
    accident(mine, "2026-03-10", deaths=1)
    actions.evaluate([MINE], date(2026, 3, 10))
    changed = inspector.get(URL, HTTP_IF_NONE_MATCH=tag)
    assert (changed.status_code, changed.json()["class"]) == (200, "C")


def test_eight_concurrent_workers_write_one_evaluation(committed):
    good_mine()

    def work(_):
        try:
            return actions.evaluate([MINE], ON).written
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1
    assert (Evaluation.objects.count(), CurrentClass.objects.get().effective) == (1, "A")
