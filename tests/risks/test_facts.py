"""What dual prevention comes to for a class: the unit's own risk points before what was stated about them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reference.rules import window_begins
from risks.facts import highest_colour, risk_control
from safety_api import outbox
from supervision.actions import evaluate
from supervision.facts import gather
from supervision.models import Evaluation
from tests.cast.class_facts import ON, good_mine, mine_without_facts  # 3 March 2026
from tests.cast.people import MINE
from tests.cast.risk_points import body, checked, risk
from tests.cast.units import unit

pytestmark = pytest.mark.django_db


def of(mine, on=ON):
    return risk_control([mine.pk], window_begins(on, 12), on).get(mine.pk)


def test_without_risk_points_the_stated_facts_count():
    mine = good_mine()
    assert of(mine) is None
    assert gather([mine.pk], ON)[mine.pk]["risk_control"] == {
        "reviewed_12m": True,
        "red_orange_controlled": True,
        "self_check_rate": 98,
    }


@pytest.mark.parametrize(
    "since, reviewed",
    [("2025-03-03", False), ("2025-03-04", True), ("2026-03-03", True)],
    ids=["12 months", "a day less", "today"],
)
def test_reviewed_means_every_risk_point_within_twelve_months(since, reviewed):
    mine = mine_without_facts()
    risk(mine, level=4, since=since), risk(mine, level=4, since="2026-01-01")
    assert of(mine)["reviewed_12m"] is reviewed


CONTROLLED = [
    ([{"level": 1, "controlled": True}], True),
    ([{"level": 1, "controlled": True}, {"level": 2, "controlled": False}], False),
    ([{"level": 3, "controlled": False}], True),
    ([{"level": 4, "inherent": 2, "controlled": False}], False),  # blue only thanks to measures nobody answers for
]


@pytest.mark.parametrize("points, controlled", CONTROLLED)
def test_every_red_and_orange_risk_needs_measures_and_a_named_person(points, controlled):
    mine = mine_without_facts()
    for each in points:
        risk(mine, {"since": "2026-01-01", **each})
    assert of(mine)["red_orange_controlled"] is controlled


def test_the_self_check_rate_counts_only_periods_that_have_ended():
    mine = mine_without_facts()
    risk(mine, level=4, since="2026-03-01")
    for shift in (1, 2, 3):
        checked(mine, "2026-03-01", shift=shift)
    assert of(mine)["self_check_rate"] == 50  # the 1st of March done, the 2nd not, the 3rd is under way
    assert "self_check_rate" not in of(mine, date(2026, 3, 1))


def test_facts_of_a_past_day_use_the_risk_points_of_that_day():
    mine = mine_without_facts()
    risk(
        mine,
        {"level": 1, "since": "2026-01-01", "until": "2026-02-01", "controlled": False},
        {"level": 4, "since": "2026-02-01"},
    )
    assert (
        of(mine, date(2026, 1, 31))["red_orange_controlled"],
        of(mine, date(2026, 2, 1))["red_orange_controlled"],
    ) == (False, True)
    assert of(mine, date(2025, 12, 31)) is None
    assert [highest_colour(mine.pk, date(2026, month, 1)) for month in (1, 2)] == ["red", "blue"]
    assert highest_colour(mine.pk, date(2025, 12, 31)) == ""


def test_a_retired_risk_point_gives_no_facts():
    mine = mine_without_facts()
    risk(mine, level=1, since="2026-01-01", until="2026-02-01")
    assert of(mine) is None


def test_risk_points_take_precedence_over_stated_facts_of_a_class():
    mine = good_mine()
    risk(mine, {"level": 1, "since": "2026-01-01", "controlled": False})
    shown = gather([mine.pk], ON)[mine.pk]
    assert shown["risk_control"] == {"reviewed_12m": True, "red_orange_controlled": False, "self_check_rate": 0}


def test_the_stated_self_check_rate_counts_until_a_task_was_due():
    mine = good_mine()
    risk(mine, level=4, since="2026-03-03")
    assert gather([mine.pk], ON)[mine.pk]["risk_control"]["self_check_rate"] == 98


def test_with_risk_points_the_risk_control_basis_is_not_missing():
    mine = mine_without_facts()
    assert gather([mine.pk], ON)[mine.pk]["missing_bases"] == ["standardization", "risk_control"]
    risk(mine, level=4, since="2026-01-01")
    assert gather([mine.pk], ON)[mine.pk]["missing_bases"] == ["standardization"]


def test_what_if_shows_the_points_gained_by_controlling_a_red_risk(as_):
    """The same facts that the class is made from, asked with one of them otherwise."""
    mine = good_mine()
    risk(mine, {"level": 1, "since": "2026-01-01", "controlled": False})
    facts = gather([mine.pk], ON)[mine.pk]
    better = {**facts, "risk_control": {**facts["risk_control"], "red_orange_controlled": True}}
    parts = [
        as_("bureau").post("/api/v1/supervision/what-if", each, format="json").json()["parts"]["R1"]
        for each in (facts, better)
    ]
    assert parts == ["4.0", "7.0"]


def test_a_new_risk_point_evaluates_its_unit(as_):
    mine_without_facts()
    evaluate([MINE], timezone.localdate() - timedelta(days=1))
    before = Evaluation.objects.filter(enterprise_id=MINE).count()
    assert as_("enterprise").post("/api/v1/risk-points", body(), format="json").status_code == 201
    assert outbox.drain() >= 1
    newest = Evaluation.objects.filter(enterprise_id=MINE).order_by("-pk").first()
    assert Evaluation.objects.filter(enterprise_id=MINE).count() == before + 1
    assert newest.facts["risk_control"] == {"reviewed_12m": True, "red_orange_controlled": True, "self_check_rate": 0}


@pytest.mark.parametrize("points, cost", [(0, 1), (3, 3)])
def test_thirty_units_cost_as_many_statements_as_one(points, cost):
    for wanted in (1, 30):
        units = [unit(f"第{wanted}之{n}家") for n in range(wanted)]
        for each in units:
            for _ in range(points):
                risk(each, level=1)
        with CaptureQueriesContext(connection) as asked:
            risk_control([each.pk for each in units], window_begins(ON, 12), ON)
        assert len(asked) == cost  # points in force · tasks due · tasks done
