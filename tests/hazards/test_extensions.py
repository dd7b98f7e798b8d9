"""延期: asked for by the principal, answered by a leader, and no past is rewritten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from accounts.models import User
from hazards.actions.clocks import advance
from hazards.models import Extension, Hazard, HazardStep
from hazards.states import State
from safety_api.models import TrailLine
from safety_api.outbox import drain
from tests.cast.hazards import KEY, a_hazard_in, body_of, in_days, take
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
    ("inspector", State.RECTIFYING, {}, 409, "unit_has_account"), ("village", State.RECTIFYING, {}, 403, "forbidden"),
]  # fmt: skip


@pytest.mark.parametrize("who, state, body, status, word", ASKING)
def test_an_extension_is_requested_by_the_principal_while_open_and_within_limits(
    who, state, body, status, word, people, as_
):
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
def test_an_extension_is_answered_by_a_leader_or_for_listed_hazards_the_committee(
    who, listed, status, word, asked, as_
):
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


ENDS = [  # who, from, by which step
    ("chief", State.RECTIFYING, "void"), ("chief", State.RECTIFYING, "enforce"), ("chief", State.ORDERED, "unit-close"),
]  # fmt: skip


@pytest.mark.parametrize("who, state, step", ENDS)
def test_a_pending_request_is_denied_when_its_hazard_ends_or_goes_to_enforcement(who, state, step, asked, as_):
    drain()
    assert inbox_of(as_("chief"))
    Hazard.objects.update(state=state)
    answer = take(as_(who), step, **body_of(step))
    assert (answer.status_code, answer.json()["extension"]) == (200, None), answer.json()
    assert {"answer-extension", "ask-extension"}.isdisjoint(answer.json()["may"])
    denied = as_("principal").get(f"/api/v1/hazards/{KEY}/extensions").json()[0]
    assert (denied["answer"], answer.json()["state"] in State.values) == ("denied", True)
    assert State(answer.json()["state"]).label in denied["answer_note"]
    for query in ("extensions?answer=asked", "hazards?extension_pending=true"):
        assert as_("chief").get(f"/api/v1/{query}").json()["results"] == []
    assert TrailLine.objects.filter(verb="hazard.extension-denied", details__extension=asked).count() == 1
    drain()
    assert inbox_of(as_("chief")) == [] and len(inbox_of(as_("principal"))) == 1


def test_the_request_of_a_hazard_joined_to_another_is_denied(asked, as_):
    other = a_hazard_in(State.RECTIFYING, Hazard.objects.get().enterprise, UUID(int=2), photo=901)
    joined = take(as_("chief"), "join", into=str(other.pk), reason="重复录入")
    assert joined.status_code == 200, joined.json()
    told = Extension.objects.get()
    assert (told.answer, "重复录入" in told.answer_note) == ("denied", True)


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


# --- seen ------------------------------------------------------------------------------------------------------------------
def may(client) -> set[str]:
    return set(client.get(f"/api/v1/hazards/{KEY}").json()["may"])


def test_a_pending_extension_is_seen_in_the_hazard_in_lists_and_in_what_one_may_do(asked, as_):
    whole = as_("chief").get(f"/api/v1/hazards/{KEY}").json()
    assert (whole["extension"]["id"], whole["extension"]["deadline"]) == (asked, in_days(20))
    assert "answer-extension" in whole["may"]
    assert [
        who for who in ("department", "committee", "principal", "inspector") if "answer-extension" in may(as_(who))
    ] == []
    for query, count in (("extension_pending=true", 1), ("extension_pending=false", 0)):
        assert len(as_("chief").get(f"/api/v1/hazards?{query}").json()["results"]) == count
    for query, count in (
        ("answer=asked", 1),
        ("answer=granted", 0),
        ("overdue=true", 0),
        ("overdue=false", 1),
        ("region=141123101", 0),
    ):
        assert len(as_("chief").get(f"/api/v1/extensions?{query}").json()["results"]) == count
    assert as_("inspector2").get("/api/v1/extensions").json()["results"] == []
    answer(as_("chief"), asked, "grant")
    whole = as_("chief").get(f"/api/v1/hazards/{KEY}").json()
    assert (whole["extension"], "answer-extension" in whole["may"]) == (None, False)


def test_a_pending_extension_of_a_listed_hazard_is_the_committees_to_answer(asked, as_):
    Hazard.objects.update(listed_level="county")
    assert [who for who in ("committee", "chief") if "answer-extension" in may(as_(who))] == ["committee"]


def inbox_of(client) -> list[tuple[str, str]]:
    rows = client.get("/api/v1/inbox").json()["results"]
    return [(each["kind"], each["due_on"]) for each in rows if each["kind"].startswith("hazard.extension")]


def test_whoever_answers_hears_of_the_request_and_whoever_asked_of_the_answer(asked, as_):
    drain()
    assert inbox_of(as_("chief")) == [("hazard.extension_asked", in_days(5))]
    assert [who for who in ("department", "committee", "principal") if inbox_of(as_(who))] == []
    answer(as_("chief"), asked, "deny", note="不属不可抗力")
    drain()
    assert inbox_of(as_("chief")) == []
    assert [kind for kind, _ in inbox_of(as_("principal"))] == ["hazard.extension_answered"]


def test_of_a_listed_hazard_the_committee_hears_of_the_request(asked, as_):
    Hazard.objects.update(listed_level="county")
    drain()
    assert (len(inbox_of(as_("committee"))), inbox_of(as_("chief"))) == (1, [])


def test_a_pending_extension_not_answered_in_time_is_found(asked, as_):
    Extension.objects.update(answer_due_on=in_days(-1))
    assert len(as_("chief").get("/api/v1/extensions?overdue=true").json()["results"]) == 1


# --- through an officer ----------------------------------------------------------------------------------------------------
NOBODY_CAN = [  # who of the unit still has an account
    (), ("enterprise",),
]  # fmt: skip


@pytest.mark.parametrize("still", NOBODY_CAN, ids=["no account", "none of the principal"])
@pytest.mark.parametrize("who", ["township", "inspector", "department"])
def test_an_officer_asks_for_a_unit_where_no_principal_has_an_account(under_way, as_, still, who):
    User.objects.filter(enterprise_id=under_way.enterprise_id).exclude(username__in=still).update(is_active=False)
    assert "ask-extension" in may(as_(who))
    made = ask(as_(who), applicant="张小三")
    assert (made.status_code, made.json()["for_unit"], made.json()["applicant"]) == (201, True, "张小三")
    assert answer(as_("chief"), made.json()["id"], "grant").status_code == 200


@pytest.mark.parametrize("still, status", [((), 200), (("enterprise",), 200), (("principal",), 409)])
def test_an_officer_requests_the_review_for_a_unit_without_a_principals_account(under_way, as_, still, status):
    User.objects.filter(enterprise_id=under_way.enterprise_id).exclude(username__in=still).update(is_active=False)
    assert ("request-review" in may(as_("township"))) is (status == 200)
    assert take(as_("township"), "request-review", **body_of("request-review")).status_code == status


def test_the_list_of_extensions_takes_three_queries_at_any_length(asked, as_, django_assert_max_num_queries):
    client = as_("chief")
    with django_assert_max_num_queries(3):
        assert len(client.get("/api/v1/extensions").json()["results"]) == 1
