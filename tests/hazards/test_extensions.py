"""延期: asked for by the principal, answered by a leader, and no past is rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hazards.actions.clocks import advance
from hazards.models import Extension, Hazard, HazardStep
from hazards.states import State
from tests.cast.hazards import KEY, a_hazard_in, in_days
from tests.cast.units import mine

pytestmark = pytest.mark.django_db


def ask(client, **body):
    said = {"deadline": in_days(20), "reason": "设备须定制", "interim_measures": "停用，设岗"}
    return client.post(f"/api/v1/hazards/{KEY}/extensions", {**said, **body}, format="json")


def answer(client, extension, verb, **body):
    return client.post(f"/api/v1/extensions/{extension}/{verb}", body, format="json")


@pytest.fixture
def under_way(people):
    return a_hazard_in(State.RECTIFYING, mine())


@pytest.fixture
def asked(under_way, as_):
    return ask(as_("principal")).json()["id"]


def test_an_extension_changes_the_deadline_only_when_a_leader_grants_it(asked, as_):
    principal, chief = as_("principal"), as_("chief")
    shown = principal.get(f"/api/v1/hazards/{KEY}/extensions").json()[0]
    assert (shown["answer"], shown["answer_due_on"], shown["late"]) == ("asked", in_days(5), False)
    assert principal.get(f"/api/v1/hazards/{KEY}").json()["deadline"] == in_days(2)
    granted = answer(chief, asked, "grant", note="情况属实").json()
    assert (granted["answer"], granted["answered_by_name"], granted["old_deadline"]) == ("granted", "吴长", in_days(2))
    body = principal.get(f"/api/v1/hazards/{KEY}").json()
    assert (body["deadline"], body["overdue_since"], body["state"]) == (in_days(20), None, "rectifying")
    step = HazardStep.objects.latest("id")
    assert (step.step, str(step.due_on), step.details) == ("extend", in_days(20), {"extension": asked})


ASKING = [
    ("enterprise", State.RECTIFYING, {}, 403, "principal_required"), ("principal", State.REVIEW_REQUESTED, {}, 409, "wrong_step"),
    ("principal", State.CLOSED, {}, 409, "wrong_step"), ("principal", State.RECTIFYING, {"deadline": in_days(2)}, 400, "not_later"),
    ("principal", State.RECTIFYING, {"deadline": in_days(33)}, 400, "deadline_too_long"),
    ("principal", State.ORDERED, {"deadline": in_days(32)}, 201, None), ("principal", State.RECTIFYING, {"reason": ""}, 400, "blank"),
    ("inspector", State.RECTIFYING, {}, 403, "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize("who, state, body, status, word", ASKING)
def test_an_extension_is_requested_by_the_principal_while_open_and_within_limits(who, state, body, status, word, people, as_):
    a_hazard_in(state, mine())
    said = ask(as_(who), **body)
    assert (said.status_code, said.json().get("code")) in ((status, word), (status, "invalid"))


def test_a_second_extension_request_is_refused_while_one_is_pending(asked, as_):
    assert ask(as_("principal")).json()["code"] == "extension_pending"


def test_at_most_two_extensions_are_granted(under_way, as_):
    principal, chief = as_("principal"), as_("chief")
    for days in (10, 20):
        assert answer(chief, ask(principal, deadline=in_days(days)).json()["id"], "grant").status_code == 200
    refused = ask(principal, deadline=in_days(25))
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_extensions")


def test_a_denied_extension_changes_nothing_and_does_not_count(asked, as_):
    denied = answer(as_("chief"), asked, "deny", note="不属不可抗力").json()
    assert (denied["answer"], denied["answer_note"]) == ("denied", "不属不可抗力")
    assert str(Hazard.objects.get().due_on) == in_days(2)
    assert ask(as_("principal")).status_code == 201


def test_denying_an_extension_needs_a_reason(asked, as_):
    assert answer(as_("chief"), asked, "deny").status_code == 400


ANSWERING = [
    ("department", "", 403, "leader_required"), ("chief", "", 200, None), ("committee", "", 403, "forbidden"),
    ("committee", "county", 200, None), ("chief", "county", 403, "forbidden"), ("principal", "", 403, "forbidden"),
    ("inspector", "", 403, "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize("who, listed, status, word", ANSWERING)
def test_an_extension_is_answered_by_a_leader_or_for_listed_hazards_the_committee(who, listed, status, word, asked, as_):
    Hazard.objects.update(listed_level=listed)
    said = answer(as_(who), asked, "grant")
    assert (said.status_code, said.json().get("code")) == (status, word)


def test_an_extension_can_be_answered_only_once(asked, as_):
    chief = as_("chief")
    assert answer(chief, asked, "grant").status_code == 200
    for verb in ("grant", "deny"):
        again = answer(chief, asked, verb, note="再答")
        assert (again.status_code, again.json()["code"]) == (409, "already_answered")


def test_an_extension_granted_late_keeps_the_overdue_date(asked, as_):
    Hazard.objects.update(due_on=in_days(-3))
    assert answer(as_("chief"), asked, "grant").status_code == 200
    body = as_("principal").get(f"/api/v1/hazards/{KEY}").json()
    assert (body["deadline"], body["overdue"], body["overdue_since"]) == (in_days(20), False, in_days(-2))


def test_an_extension_granted_after_the_clock_moved_on_still_changes_the_deadline(asked, as_):
    Hazard.objects.update(state=State.REVIEW_REQUESTED)
    assert answer(as_("chief"), asked, "grant").status_code == 200
    assert str(Hazard.objects.get().due_on) == in_days(20)


def test_an_extension_of_an_ended_hazard_cannot_be_granted(asked, as_):
    Hazard.objects.update(state=State.VOID)
    assert answer(as_("chief"), asked, "grant").json()["code"] == "wrong_step"
    assert Extension.objects.get().answer == "asked"
    assert answer(as_("chief"), asked, "deny", note="隐患已撤销").status_code == 200


def test_an_extension_of_another_jurisdiction_is_not_found(asked, as_):
    Hazard.objects.update(sector_id="fire_safety")
    assert answer(as_("chief"), asked, "grant").status_code == 404
    assert as_("inspector2").get(f"/api/v1/hazards/{KEY}/extensions").status_code == 404
    assert ask(as_("enterprise"), deadline="no").status_code in (400, 403)


def test_an_extension_granted_after_the_clock_moved_on_returns_it_to_rectification(asked, as_):
    hazard = Hazard.objects.get()
    advance(hazard.due_on + timedelta(days=1))
    moved = Hazard.objects.get()
    assert (moved.state, moved.review_requested_on, moved.review_due_on is None) == ("review_requested", None, False)
    assert answer(as_("chief"), asked, "grant").status_code == 200
    again = Hazard.objects.get()
    assert (again.state, again.review_due_on, again.overdue_since) == (
        "rectifying",
        None,
        hazard.due_on + timedelta(days=1),
    )
