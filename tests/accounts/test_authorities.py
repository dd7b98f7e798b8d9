"""名义 What a page offers each person that day, and why an administrative inspection is not among it."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.authorities import body_of, offered_to

pytestmark = pytest.mark.django_db
TODAY, BEFORE = date(2026, 11, 30), date(2025, 6, 30)
COMMITTEES = {"department_id": "safety_committee"}
OFFERED = [  # who, with what changed, on which day: whether an administrative visit is offered
    ("inspector", {}, TODAY, True), ("bureau", {}, TODAY, True), ("department", {"department_id": "agriculture"}, TODAY, False),
    ("department", {"department_id": "energy"}, TODAY, True), ("township", {}, TODAY, False), ("township", {}, BEFORE, True),
    ("department", COMMITTEES, BEFORE, False), ("department", COMMITTEES, date(2025, 1, 2), True), ("village", {}, TODAY, False),
    ("enterprise", {}, TODAY, False), ("committee", {}, TODAY, False),
]  # fmt: skip


@pytest.mark.parametrize("who, changes, on, offered", OFFERED)
def test_an_administrative_visit_is_offered_to_those_of_a_listed_body(who, changes, on, offered, people):
    person = people[who]
    for name, value in changes.items():
        setattr(person, name, value)
    assert ("administrative" in offered_to(person, on)[0]) is offered


def test_me_says_what_is_offered_and_why_something_is_not(as_):
    township = as_("township").get("/api/v1/me").json()
    assert township["authorities"] == ["patrol", "supervision"] and "行政检查主体名单" in township["authorities_note"]
    inspector = as_("inspector").get("/api/v1/me").json()
    assert "administrative" in inspector["authorities"] and inspector["authorities_note"] == ""
    assert as_("auditor").get("/api/v1/me").json()["authorities"] == []


BODIES = [
    ("inspector", "emergency"),
    ("bureau", "emergency"),
    ("township", "141123100"),
    ("leader", "141123100"),
    ("village", ""),
]


@pytest.mark.parametrize("who, body", BODIES)
def test_a_person_stands_for_the_body_whose_name_the_papers_bear(who, body, people):
    assert body_of(people[who], "coal_mine", TODAY) == body
