"""复查 carried by a visit: the step is taken with the visit, or the review is kept and the visit is taken all the same."""

from __future__ import annotations

import pytest
from django.utils.timezone import localdate

from hazards.models import Hazard, HazardStep, Review
from hazards.states import State
from inspections.models import Inspection
from reference import law
from tests.cast.hazards import KEY, a_hazard_in, ago, in_days, ordered_by, record_step
from tests.cast.units import mine
from tests.cast.visits import ALONE, a_photo, a_visit, photo_id

pytestmark = pytest.mark.django_db
VISIT = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0001"


@pytest.fixture
def asked(certified):
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-2))
    ordered_by(hazard, "inspector", "bureau", people=certified)
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(2))
    return hazard


def visit(client, hazard, *companions, result="pass", day=1, **review):
    body = a_visit(
        hazard.enterprise, kind="review", hazards=[], photos=[a_photo(1)], companions=[str(each.pk) for each in companions],
        started_at=ago(day).isoformat(), finished_at=ago(day).isoformat(),
        reviews=[{"hazard": KEY, "result": result, "note": "见照片", "photos": [photo_id(1)], **review}],
    )  # fmt: skip
    return client.put(f"/api/v1/inspections/{VISIT}", body, format="json")


def test_a_visit_with_a_passed_review_closes_the_hazard(asked, certified, as_):
    answer = visit(as_("inspector"), asked, certified["department"])
    assert (answer.status_code, answer.json()["warnings"]) == (201, [])
    hazard = Hazard.objects.get()
    assert (hazard.state, str(hazard.closed_on)) == ("closed", in_days(-1))  # the day of the visit
    step = HazardStep.objects.latest("id")
    assert (step.details["inspection"], [each["name"] for each in step.details["officers"]]) == (
        VISIT,
        ["张巡", "周业"],
    )


def test_a_visit_with_a_failed_review_returns_the_hazard_to_rectification(asked, certified, as_):
    assert (
        visit(as_("inspector"), asked, certified["department"], result="fail", deadline=in_days(5)).json()["warnings"]
        == []
    )
    hazard = Hazard.objects.get()
    assert (hazard.state, str(hazard.due_on), hazard.review_requested_on) == ("rectifying", in_days(5), None)


def test_a_failed_review_without_a_deadline_gets_the_default_one(asked, certified, as_):
    visit(as_("inspector"), asked, certified["department"], result="fail")
    days = law.deadline("general", localdate())["days"]
    assert str(Hazard.objects.get().due_on) == in_days(days - 1)  # the visit was yesterday


NOT_APPLIED = {
    "alone": {"companions": ()},
    "only those who ordered": {"companions": ("bureau",)},
    "a companion without a certificate": {"companions": ("township",)},
    "nobody asked for a review": {"state": State.RECTIFYING},
    "a major one without its leader": {"level": "major"},
    "listed and not accepted": {"listed_level": "county"},
    "closed meanwhile": {"state": State.CLOSED, "closed_on": "2026-11-01"},
    "visited before it was asked for": {"day": 2.5},
    "overlong deadline": {"result": "fail", "deadline": "2029-01-01"},
}


@pytest.mark.parametrize("case", NOT_APPLIED)
def test_a_review_that_cannot_be_applied_is_kept_and_the_visit_is_accepted(case, asked, certified, as_):
    fields = dict(NOT_APPLIED[case])
    companions = [certified[name] for name in fields.pop("companions", ("department",))]
    sent = {name: fields.pop(name) for name in ("day", "result", "deadline") if name in fields}
    Hazard.objects.update(**fields)
    before = Hazard.objects.get().state
    client = as_("inspector")
    answer = visit(client, asked, *companions, **sent)
    assert (answer.status_code, set(answer.json()["warnings"]) - ALONE) == (201, {"review_not_applied"})
    assert "review_not_applied" in Inspection.objects.get().warnings
    assert (Review.objects.get().result, Hazard.objects.get().state) == (sent.get("result", "pass"), before)


def test_a_township_closes_its_own_hazard_by_a_visit_of_one_officer(people, as_):
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), origin="patrol")
    record_step(hazard, "fall-due", State.RECTIFYING, at=ago(3))
    client = as_("township")
    body = a_visit(
        hazard.enterprise, authority="patrol", hazards=[], photos=[a_photo(1)], started_at=ago(1).isoformat(),
        finished_at=ago(1).isoformat(), reviews=[{"hazard": KEY, "result": "pass", "photos": [photo_id(1)]}],
    )  # fmt: skip
    assert client.put(f"/api/v1/inspections/{VISIT}", body, format="json").json()["warnings"] == ["body_not_listed"]
    assert Hazard.objects.get().state == "closed"


def test_a_visit_cannot_link_to_a_hazard_its_author_may_not_see(people, as_):
    from tests.cast.visits import a_finding

    body = a_visit(mine(), hazards=[a_finding(recurrence_of=KEY)])
    answer = as_("inspector").put(f"/api/v1/inspections/{VISIT}", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_hazard")
