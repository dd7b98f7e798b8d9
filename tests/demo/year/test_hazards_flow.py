"""Every hazard of the demo went the way the table allows, and stands as its history says."""

from __future__ import annotations

from collections import defaultdict
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command

from hazards.models import Hazard, HazardStep, Plan
from hazards.rules import is_overdue
from hazards.states import STEPS, State, loop_of

pytestmark = pytest.mark.django_db
BESIDES = {"report", "list"}  # the first step, and what the floor above writes into the history


@pytest.fixture(scope="module")
def paths(world):
    shown = defaultdict(list)
    for step in (
        HazardStep.objects.select_related("hazard")
        .filter(hazard__in=Hazard.objects.exclude(department=None))
        .order_by("id")
    ):
        shown[step.hazard_id].append(step)
    return shown


def test_each_demo_hazard_step_follows_the_previous_one_and_is_in_the_table(paths):
    for steps in paths.values():
        assert (steps[0].step, steps[0].before) == ("report", "")
        for before, step in pairwise(steps):
            rows = STEPS.get(step.step, ())
            assert step.before == before.after, (step.step, step.before, before.after)
            assert step.step in BESIDES or any(step.before in row.before and step.after == row.after for row in rows), (
                step
            )


def test_each_demo_hazard_step_is_taken_by_a_party_of_the_table(paths):
    for steps in paths.values():
        hazard = steps[0].hazard
        for step in (each for each in steps if each.step not in BESIDES):
            parties = [party for row in STEPS[step.step] if step.before in row.before for party in row.by]
            assert any(step.by_role in party.roles and party.meets(hazard) for party in parties), (
                step.step,
                step.by_role,
                hazard.loop,
            )


def test_demo_orders_and_reviews_name_the_signing_officers(paths):
    signed = [step for steps in paths.values() for step in steps if step.step in ("order", "pass", "fail")]
    officers = [step.details.get("officers", []) for step in signed if step.by_role != "enterprise_officer"]
    assert {len(each) for each in officers} == {1, 2}
    assert all(each["name"] and each["id"] for pair in officers for each in pair)


def test_loops_marks_and_plans_of_demo_hazards_follow_the_flow(world, paths):
    for hazard in Hazard.objects.filter(pk__in=paths):
        assert hazard.loop == loop_of(hazard.origin, hazard.level)
        assert (hazard.review_due_on is not None) == (hazard.review_requested_on is not None)
        assert not is_overdue(hazard, on=world.today) or hazard.overdue_since
        assert hazard.state != State.REVIEW_REQUESTED or hazard.review_requested_on
    begun = HazardStep.objects.filter(step__in=("start", "acknowledge"), hazard__in=paths).values("hazard")
    assert Plan.objects.count() == begun.distinct().count()


def test_the_year_has_coal_hazards_that_an_ended_text_judged(world):
    said, unknown = StringIO(), StringIO()
    call_command("list_judged_by_ended", edition="coal_mine.MEM21-2026", stdout=said)
    call_command("list_judged_by_ended", unknown=True, stdout=unknown)
    listed = said.getvalue().splitlines()
    assert len(listed) == 4 and all("应急管理部令第4号　应急管理部令第21号" in row for row in listed[:-1])
    assert unknown.getvalue().splitlines()[-1] == "共 1 条"
