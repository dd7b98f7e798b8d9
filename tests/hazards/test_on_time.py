"""On time means one thing: the pure rule, the facts of a class and the ranking's rate say the same of the same hazards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from hazards.models import Hazard
from hazards.querysets import was_on_time
from hazards.rules import closed_on_time
from hazards.states import State
from supervision.facts import gather
from tests.cast.hazards import a_hazard_in, record_step
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
CASES = [  # days from the deadline: asked, closed; overdue before a later deadline; noted while the review waits
    (0, 5, False, False), (1, 5, False, False), (None, 0, False, False), (None, 1, False, False), (-2, 6, False, True), (-2, 3, True, False),
]  # fmt: skip


def noon(day: date):
    return timezone.make_aware(datetime.combine(day, time(12)))


@pytest.mark.parametrize("asked, closed, before, noted", CASES)
def test_the_on_time_rule_the_class_facts_and_the_rate_agree(asked, closed, before, noted, people):
    unit, due = mine(), timezone.localdate() - timedelta(days=20)
    asked_on = due + timedelta(days=asked) if asked is not None else None
    closed_on = due + timedelta(days=closed)
    since = due - timedelta(days=3) if before else None
    hazard = a_hazard_in(
        State.RECTIFYING,
        unit,
        UUID(int=1),
        found_at=noon(due - timedelta(days=9)),
        due_on=due,
        overdue_since=since,
        photo=None,
    )
    if asked_on:
        hazard.state = State.REVIEW_REQUESTED
        record_step(hazard, "request-review", State.RECTIFYING, at=noon(asked_on))
    if noted:  # the listing body's acceptance: no request of the unit
        record_step(hazard, "accept-listing", State.REVIEW_REQUESTED, at=noon(closed_on - timedelta(days=1)))
    hazard.state, hazard.review_requested_on, hazard.closed_on = State.CLOSED, asked_on, closed_on
    hazard.save()
    record_step(hazard, "pass", State.REVIEW_REQUESTED, at=noon(closed_on))
    expected = closed_on_time(due_on=due, review_requested_on=asked_on, closed_on=closed_on, overdue_since=since)
    counted = gather([unit.pk], timezone.localdate())[unit.pk]["hazards"]
    assert (counted["due_12m"], counted["on_time_12m"]) == (1, int(expected))
    assert Hazard.objects.filter(was_on_time()).exists() is expected  # the ranking counts by this
