"""The demo's months: one told in a bulletin, one in work."""

from __future__ import annotations

import pytest

from assessment.closings import readiness
from assessment.models import Bulletin, Closing, ClosingState, Objection

pytestmark = pytest.mark.django_db


def of_month(world, back: int) -> Closing:
    return Closing.objects.get(year=world.year, month=world.today.month - back)


def test_the_demo_month_before_last_is_frozen_with_a_bulletin(world):
    frozen = of_month(world, 2)
    assert frozen.state == ClosingState.FROZEN
    assert frozen.signed_by != frozen.frozen_by
    assert Bulletin.objects.get(closing=frozen).number


def test_the_last_demo_month_waits_for_lists_differences_and_an_answer(world):
    in_work = of_month(world, 1)
    assert in_work.state == ClosingState.OPEN
    words = {each["code"] for each in readiness.missing(in_work, today=world.today)}
    assert {"source_list_missing", "differences_open"} <= words
    assert ("objections_open" in words) == Objection.objects.open().exists()
