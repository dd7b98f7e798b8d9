"""Several at once: one opens, one signs, one freezes; lists follow one another; the others are told the new state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from assessment.bulletins import actions as bulletins
from assessment.models import Closing, ClosingStep, SourceList
from safety_api.models import TrailLine
from tests.cast.accidents import YEAR
from tests.cast.closings import CLOSINGS, LISTS, MONTH, a_list, nil, row, time_passed

HANDS = 6


@pytest.fixture
def at_once(committed):
    """Several hands of one person: what each was answered, status and word."""

    def all_of(who: str, address: str, body: Callable[[int], dict[str, Any]]) -> Counter:
        _, token = sign_in(User.objects.get(username=who), device_id="racing", device_name="")

        def one(number: int) -> tuple[int, str]:
            try:
                client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
                answer = client.post(address, body(number), format="json")
                return answer.status_code, answer.json().get("code", "")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(HANDS) as pool:
            return Counter(pool.map(one, range(HANDS)))

    return all_of


def test_concurrent_requests_open_sign_and_freeze_a_month_only_once(at_once):
    assert at_once("bureau", CLOSINGS, lambda _: {"year": YEAR, "month": MONTH}) == {(201, ""): 1, (200, ""): HANDS - 1}
    closing = Closing.objects.get().pk
    time_passed(closing)
    for source in ("police", "fire"):
        assert at_once("bureau", LISTS, lambda _, source=source: nil(source)) == {(201, ""): HANDS}
    assert SourceList.objects.count() == 2  # the same list again is the edition that stands
    for who, step in (("committee", "sign"), ("bureau", "freeze")):
        found = at_once(who, f"{CLOSINGS}/{closing}/{step}", lambda _: {})
        assert found == {(200, ""): 1, (409, "wrong_step"): HANDS - 1}
    found = at_once("bureau", f"{CLOSINGS}/{closing}/revise", lambda _: {"reason": "补报"})
    assert found == {(201, ""): 1, (409, "wrong_step"): HANDS - 1}
    assert list(ClosingStep.objects.order_by("id").values_list("verb", flat=True)) == [
        "open",
        "sign",
        "freeze",
        "revise",
    ]


def test_corrected_lists_sent_at_once_become_consecutive_editions(at_once):
    assert at_once("bureau", LISTS, lambda number: a_list(row(f"K{number}"))) == {(201, ""): HANDS}
    assert sorted(SourceList.objects.values_list("edition", flat=True)) == [*range(1, HANDS + 1)]


def test_a_bulletin_that_clock_and_message_ask_for_at_once_is_drafted_once(at_once):
    at_once("bureau", CLOSINGS, lambda _: {"year": YEAR, "month": MONTH})
    asks = (bulletins.draft_once, lambda closing: bulletins.draft_month(YEAR, MONTH)) * (HANDS // 2)
    closing = Closing.objects.get().pk

    def ask(draft: Callable[[int], Any]) -> None:
        try:
            draft(closing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(ask, asks))
    assert TrailLine.objects.filter(verb="bulletin.draft").count() == 1
