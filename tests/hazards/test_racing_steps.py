"""Two officers, one hazard: what real commits on several connections leave."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import sign_in
from accounts.models import User
from hazards.models import Hazard, HazardStep
from hazards.states import State
from tests.cast.hazards import KEY, a_hazard_in, certify, in_days, ordered_by
from tests.cast.units import mine
from tests.cast.visits import a_photo


def both(*calls):
    """Each call on a connection of its own, at the same moment: their answers."""
    start = Barrier(len(calls))

    def one(call):
        start.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def phone(people, who):
    _, token = sign_in(people[who], device_id="racing", device_name="")
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")


def a_review_asked_for():
    people = {user.username: user for user in User.objects.all()}
    certify("inspector", "bureau", "department", "chief")
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-1))
    ordered_by(hazard, "department", "chief", people=people)
    return people


def closing(people, who, companion, number):
    client = phone(people, who)
    body = {"companion": str(people[companion].pk), "photos": [a_photo(number)]}
    return lambda: client.post(f"/api/v1/hazards/{KEY}/pass", body, format="json")


def test_of_two_officers_closing_at_once_one_succeeds_and_one_gets_the_new_state(committed):
    people = a_review_asked_for()
    calls = [closing(people, "inspector", "bureau", 1), closing(people, "bureau", "inspector", 2)]
    won, lost = sorted(both(*calls), key=lambda answer: answer.status_code)
    assert (won.status_code, won.json()["state"]) == (200, "closed")
    assert (lost.status_code, lost.json()["code"], lost.json()["state"]) == (409, "wrong_step", "closed")
    assert HazardStep.objects.filter(step="pass").count() == 1


def test_of_a_pass_and_a_fail_at_once_only_one_succeeds(committed):
    people = a_review_asked_for()
    client = phone(people, "bureau")
    failing = {"companion": str(people["inspector"].pk), "deadline": in_days(5), "note": "仍大"}
    answers = both(
        closing(people, "inspector", "bureau", 1),
        lambda: client.post(f"/api/v1/hazards/{KEY}/fail", failing, format="json"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert HazardStep.objects.filter(step__in=("pass", "fail")).count() == 1
    assert Hazard.objects.get().state in ("closed", "rectifying")
