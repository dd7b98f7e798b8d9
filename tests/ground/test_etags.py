"""The tag of an answer: changed by whatever the reader can see, and by nothing that is another township's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.models import User
from enterprises.models import Enterprise
from hazards.models import Hazard
from inspections.models import Inspection
from safety_api import answers
from safety_api.trail import SYSTEM
from tests.cast.people import ELSEWHERE, HOME
from tests.cast.units import AWAY, MINE, elsewhere, mine
from tests.cast.visits import a_finding, a_visit
from tests.ground.connections import another

LISTS = [
    "hazards",
    "inspections",
    "enterprises",
    "hazards?count=true",
    "hazards?sort=-found_at",
    "inspections?limit=1",
    "papers",
    "tasks",
    "listings",
]


@pytest.fixture
def town(committed):
    """A unit in each township, each with a visit that found a hazard; `town("inspector2")` is that person's phone."""
    mine()
    elsewhere()

    def phone(username: str) -> APIClient:
        user = User.objects.get(username=username)
        _, token = actions.sign_in(user, device_id=f"etag-{username}", device_name="")
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")

    visit(phone("inspector"), MINE)
    visit(phone("inspector2"), AWAY)
    return phone


def visit(phone: APIClient, unit: Any) -> None:
    body = a_visit(Enterprise.objects.get(pk=unit), hazards=[a_finding(str(uuid4()))])
    assert phone.put(f"/api/v1/inspections/{uuid4()}", body, format="json").status_code == 201


def asked(phone: APIClient, address: str, tag: str = "") -> Any:
    return phone.get(f"/api/v1/{address}", **({"HTTP_IF_NONE_MATCH": tag} if tag else {}))


@pytest.mark.parametrize("elsewhere_known", [True, False], ids=["the same worker", "another worker"])
@pytest.mark.parametrize("address", LISTS)
def test_a_write_of_another_township_changes_no_tag(town, address, elsewhere_known):
    officer = town("township")
    first = asked(officer, address)
    visit(town("inspector2"), AWAY)
    if not elsewhere_known:
        answers.forget()
    again = asked(officer, address, first["ETag"])
    assert (first.status_code, again.status_code, again.content, again["ETag"]) == (200, 304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("address", ["hazards", "inspections", "hazards?count=true", "inspections?limit=1"])
def test_a_write_of_the_own_township_changes_the_tag(town, address):
    officer = town("township")
    tag = asked(officer, address)["ETag"]
    visit(town("inspector"), MINE)
    later = asked(officer, address, tag)
    assert later.status_code == 200 and later["ETag"] != tag


@pytest.mark.parametrize("address", ["hazards", "inspections"])
def test_every_write_changes_the_tag_of_the_county(town, address):
    bureau = town("bureau")
    tag = asked(bureau, address)["ETag"]
    visit(town("inspector2"), AWAY)
    assert asked(bureau, address, tag).status_code == 200


CHANGES = {
    "a row moves away": lambda: Hazard.objects.filter(region_code__startswith=HOME).update(
        region_code=f"{ELSEWHERE}200"
    ),
    "a row moves here": lambda: Hazard.objects.filter(region_code__startswith=ELSEWHERE).update(
        region_code=f"{HOME}200"
    ),
    "a joined record is renamed": lambda: Enterprise.objects.filter(pk=MINE).update(name="改了名的煤矿"),
    "a row is changed": lambda: Hazard.objects.filter(region_code__startswith=HOME).update(description="另一种描述"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_is_seen_differently_changes_the_tag(town, what):
    officer = town("township")
    found = asked(officer, "hazards")
    CHANGES[what]()
    later = asked(officer, "hazards", found["ETag"])
    assert later.status_code == 200
    assert later.json() != found.json()


def test_a_unit_of_elsewhere_that_is_shown_here_changes_the_tag(town):
    """The row lies here, what it names does not: a stamp of the place alone would not tell."""
    Hazard.objects.filter(enterprise=AWAY).update(region_code=f"{HOME}200")
    officer = town("township")
    tag = asked(officer, "hazards")["ETag"]
    Enterprise.objects.filter(pk=AWAY).update(name="别处改了名的煤矿")
    assert asked(officer, "hazards", tag).status_code == 200


def test_a_transaction_that_commits_late_changes_the_tag(town):
    officer = town("township")
    with another() as slow:
        slow.execute("UPDATE hazards_hazard SET description = '迟到的' WHERE region_code LIKE %s", [f"{HOME}%"])
        visit(town("inspector2"), AWAY)  # later, and committed before
        found = asked(officer, "hazards")
        assert asked(officer, "hazards", found["ETag"]).status_code == 304
        slow.commit()
    later = asked(officer, "hazards", found["ETag"])
    assert later.status_code == 200 and "迟到的" in str(later.json())


def test_an_answer_made_before_a_commit_is_not_taken_for_the_one_after(town):
    """The state is read before the answer: what comes in between makes the answer newer than its state, never older."""
    officer, there = town("township"), town("inspector")
    first = asked(officer, "inspections")
    visit(there, MINE)
    second = asked(officer, "inspections")
    assert asked(officer, "inspections", first["ETag"]).status_code == 200
    assert asked(officer, "inspections", second["ETag"]).status_code == 304


JURISDICTIONS = [{"region": ELSEWHERE}, {"region": "141123"}, {"sectors": ["coal_mine"]}, {"role": "township_leader"}]


@pytest.mark.parametrize("post", JURISDICTIONS, ids=str)
def test_another_post_has_another_tag(as_, people, post):
    officer = as_("township")
    tag = asked(officer, "hazards")["ETag"]
    actions.move(people["township"], by=SYSTEM, **post)
    assert asked(officer, "hazards", tag).status_code == 200


def test_the_tag_of_one_person_is_not_anothers(town):
    tag = asked(town("township"), "papers")["ETag"]
    assert asked(town("leader"), "papers", tag).status_code == 200
    assert asked(town("township"), "papers?limit=1", tag).status_code == 200


def test_nothing_new_costs_no_more_statements_than_before(town, django_assert_num_queries):
    officer = town("township")
    tag = asked(officer, "hazards")["ETag"]
    with django_assert_num_queries(2):  # the token with its person, the stamps
        assert asked(officer, "hazards", tag).status_code == 304


def test_a_process_remembers_so_many_answers():
    answers.forget()
    for number in range(answers.MOST + 5):
        answers.remember(str(number), f"tag {number}")
    assert (answers.said_at("4"), answers.said_at("5"), len(answers._said)) == ("", "tag 5", answers.MOST)
    answers.forget()


def test_visits_are_there_at_all(town):
    assert Inspection.objects.count() == Hazard.objects.count() == 2
