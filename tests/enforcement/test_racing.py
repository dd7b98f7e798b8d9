"""Two at once: one wins, the others are told why not."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from enforcement.models import Listing, ListingProposal
from hazards.models import HazardStep
from tests.cast.enforcement import NOTICE, a_major
from tests.cast.units import mine

HANDS = 8


@pytest.fixture
def committee(committed):
    """Eight hands of one office; what each was answered: status and word."""
    _, token = sign_in(User.objects.get(username="committee"), device_id="racing", device_name="")

    def at_once(address: str, body: dict) -> Counter:
        def one(_) -> tuple[int, str]:
            try:
                client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
                answer = client.post(f"/api/v1/{address}", body, format="json")
                return answer.status_code, answer.json().get("code", "")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(HANDS) as pool:
            return Counter(pool.map(one, range(HANDS)))

    return at_once


def test_concurrent_requests_list_a_hazard_once(committee):
    hazard = a_major(mine())
    assert committee(f"hazards/{hazard.pk}/list", NOTICE) == {(201, ""): 1, (409, "already_listed"): HANDS - 1}
    assert HazardStep.objects.filter(hazard=hazard, step="list").count() == 1


def test_of_concurrent_acceptances_one_succeeds_and_the_others_get_the_state(committee):
    hazard = a_major(mine())
    committee(f"hazards/{hazard.pk}/list", NOTICE)
    Listing.objects.update(state="applied", applied_on="2026-11-10")
    key = Listing.objects.get().pk
    found = committee(f"listings/{key}/accept", {"acceptance": "合格"})
    assert found == {(200, ""): 1, (409, "wrong_step"): HANDS - 1}
    assert HazardStep.objects.filter(hazard=hazard, step="accept-listing").count() == 1


def test_concurrent_morning_runs_propose_a_hazard_once(committed):
    from enforcement.actions import proposing

    hazard = a_major(mine())

    def morning(_) -> int:
        try:
            return proposing.propose(on=hazard.due_on.replace(month=12))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        assert sum(pool.map(morning, range(HANDS))) == 1
    assert ListingProposal.objects.count() == 1
