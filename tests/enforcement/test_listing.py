"""挂牌督办: from the proposal to delisting."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import User
from enforcement.actions import listing, proposing
from enforcement.models import Listing, ListingProposal
from hazards.actions.history import ACCEPTED, UNDOES_ACCEPTANCE, history_of
from hazards.models import Hazard, HazardStep
from hazards.states import State
from safety_api import outbox
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.enforcement import HAZARD, NOTICE, OTHER, a_major, done, listed, post, refused
from tests.cast.units import elsewhere, mine

pytestmark = pytest.mark.django_db


def may_close(hazard) -> bool:
    return history_of(hazard).stands(ACCEPTED, UNDOES_ACCEPTANCE)


# --- the story ----------------------------------------------------------------------------------------------------------
def test_an_overdue_major_hazard_goes_from_proposal_through_listing_to_delisting(as_):
    hazard = a_major(mine())
    assert proposing.propose(on=date(2026, 10, 31)) == 0  # its last day
    assert proposing.propose(on=date(2026, 11, 1)) == 1
    assert proposing.propose(on=date(2026, 11, 2)) == 0  # once is enough

    committee, department, principal = as_("committee"), as_("department"), as_("principal")
    (proposal,) = done(committee.get("/api/v1/listing-proposals?state=open"))["results"]
    assert (proposal["trigger"], proposal["hazard"]) == ("overdue", str(hazard.pk))

    made = done(post(committee, f"hazards/{hazard.pk}/list", **NOTICE), 201)
    at = f"listings/{made['id']}"
    assert (made["state"], made["publication_due_on"]) == ("listed", "2026-11-09")  # 5 working days
    assert (made["department"], made["sector"], made["enterprise_name"]) == (
        "emergency", "coal_mine", "兴县示例煤业有限公司",
    )  # fmt: skip
    assert done(committee.get(f"/api/v1/listing-proposals/{proposal['id']}"))["listing"] == made["id"]
    hazard.refresh_from_db()
    assert (hazard.listed_level, hazard.state, hazard.due_on) == ("county", "rectifying", date(2026, 10, 31))
    assert not may_close(hazard)

    done(post(committee, f"{at}/publish", on="2026-11-05", where="县政府网站"))
    reported = done(post(department, f"{at}/progress", on="2026-11-12", done="探查完成六成", percent=60))
    assert reported["report_due_on"] == "2027-01-02"  # the one of 2 December is answered
    assert [each["percent"] for each in reported["reports"]] == [60]

    applied = done(post(principal, f"{at}/apply", on="2026-11-16", application="整改完成"))
    assert applied["acceptance_due_on"] == "2026-11-26"  # 10 days
    accepted = done(post(committee, f"{at}/accept", on="2026-11-18", acceptance="现场查验合格"))
    assert accepted["state"] == "accepted"
    assert may_close(hazard)

    refused(post(committee, f"hazards/{hazard.pk}/delist", document="x", on="2026-11-19"), "hazard_not_closed")
    Hazard.objects.update(state=State.CLOSED, closed_on=date(2026, 11, 19))
    ended = done(post(committee, f"hazards/{hazard.pk}/delist", document="兴安委办督〔2026〕5号", on="2026-11-19"))
    assert (ended["state"], ended["delisting_publication_due_on"]) == ("delisted", "2026-11-26")
    ended = done(post(committee, f"{at}/publish", what="delisting", on="2026-11-20", where="县政府网站"))
    assert ended["delisting_published_on"] == "2026-11-20" and ended["publication_late"] is False
    hazard.refresh_from_db()
    assert hazard.listed_level == ""
    steps = HazardStep.objects.filter(hazard=hazard).order_by("id").values_list("step", flat=True)
    assert list(steps) == ["list", "accept-listing", "delist"]


def test_every_listing_step_writes_one_trail_line_and_one_message(as_):
    key = listed(as_, a_major(mine()))
    post(as_("committee"), f"listings/{key}/publish", on="2026-11-05", where="县政府网站")
    lines = TrailLine.objects.filter(object_id=key).order_by("id").values_list("verb", flat=True)
    assert list(lines) == ["listing.put_up", "listing.publish"]
    said = OutboxMessage.objects.filter(topic="listing.changed").values_list("payload__step", flat=True)
    assert list(said) == ["put_up", "publish"]


# --- proposals ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields, triggers",
    [
        ({}, ["overdue"]),
        ({"due_on": date(2026, 12, 31)}, []),
        ({"due_on": date(2026, 12, 31), "outside_factor": True}, ["outside_factor"]),
        ({"outside_factor": True}, ["outside_factor", "overdue"]),
        ({"level": "general"}, []),
        ({"state": State.REPORTED}, []),  # it may turn out to be none
        ({"state": State.CLOSED, "closed_on": date(2026, 11, 1)}, []),
        ({"listed_level": "city"}, []),
    ],
)
def test_a_major_hazard_is_proposed_for_listing_by_each_trigger(fields, triggers):
    a_major(mine(), **fields)
    proposing.propose(on=date(2026, 11, 2))
    assert sorted(ListingProposal.objects.values_list("trigger", flat=True)) == triggers


def test_a_repeated_major_hazard_is_proposed_for_listing():
    unit = mine()
    first = a_major(unit, OTHER, state=State.CLOSED, closed_on=date(2026, 9, 1))
    again = a_major(unit, due_on=date(2026, 12, 31), repeat_of=first)
    proposing.propose(on=date(2026, 11, 2))
    assert list(ListingProposal.objects.values_list("hazard", "trigger")) == [(again.pk, "repeated")]


def test_a_hazard_step_proposes_a_listing_and_its_end_lapses_the_proposal():
    hazard = a_major(mine(), due_on=date(2026, 12, 31), outside_factor=True)
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": "confirm"})
    outbox.drain()
    assert ListingProposal.objects.get().state == "open"
    Hazard.objects.update(state=State.VOID)
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": "void"})
    outbox.drain()
    assert ListingProposal.objects.get().state == "lapsed"


def test_a_declined_proposal_needs_a_reason_and_is_not_made_again(as_):
    a_major(mine())
    proposing.propose(on=date(2026, 11, 2))
    at = f"listing-proposals/{ListingProposal.objects.get().pk}/decline"
    refused(post(as_("committee"), at, reason=""), "invalid", 400)
    assert done(post(as_("committee"), at, reason="市级已督办"))["state"] == "declined"
    assert proposing.propose(on=date(2026, 11, 3)) == 0
    refused(post(as_("committee"), at, reason="市级已督办"), "wrong_step")


def test_a_department_may_propose_a_listing_only_while_none_is_open(as_):
    hazard = a_major(mine(), due_on=date(2026, 12, 31))
    asked = done(post(as_("department"), "listing-proposals", hazard=str(hazard.pk), note="治理难度大"), 201)
    assert asked["trigger"] == "reported"
    refused(post(as_("bureau"), "listing-proposals", hazard=str(hazard.pk), note="再提"), "already_proposed")
    post(as_("committee"), f"listing-proposals/{asked['id']}/decline", reason="先行整改")
    done(post(as_("department"), "listing-proposals", hazard=str(hazard.pk), note="整改无进展"), 201)


# --- what cannot be -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields, code",
    [
        ({"level": "general"}, "only_major"),
        ({"state": State.REPORTED}, "only_major"),
        ({"state": State.CLOSED, "closed_on": date(2026, 11, 1)}, "only_major"),
        ({"listed_level": "province"}, "already_listed"),
    ],
)
def test_only_an_open_confirmed_major_hazard_not_yet_listed_can_be_listed(as_, fields, code):
    refused(post(as_("committee"), f"hazards/{a_major(mine(), **fields).pk}/list", **NOTICE), code)


@pytest.mark.parametrize(
    "change, pointer, code",
    [
        ({"document": ""}, "/document", "blank"),
        ({"leader": ""}, "/leader", "blank"),
        ({"plan": ""}, "/plan", "blank"),
        ({"funds_yuan": 5}, "/funds_yuan", "money"),
        ({"level": "town"}, "/level", "invalid_choice"),
        ({"listed_on": "2099-01-01"}, "/listed_on", "in_future"),
        ({"listed_on": "2026-09-30"}, "/listed_on", "before_last_step"),  # before it was found
        ({"deadline": "2026-11-01"}, "/deadline", "before_last_step"),
    ],
)
def test_a_listing_notice_needs_all_its_fields(as_, change, pointer, code):
    answer = post(as_("committee"), f"hazards/{a_major(mine()).pk}/list", **{**NOTICE, **change})
    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_a_hazard_cannot_be_listed_twice(as_):
    hazard = a_major(mine())
    listed(as_, hazard)
    refused(post(as_("committee"), f"hazards/{hazard.pk}/list", **NOTICE), "already_listed")


STEPS = {
    "accept": {"acceptance": "合格"}, "refuse": {"acceptance": "不合格"}, "apply": {"application": "申请"},
    "progress": {"done": "进展", "percent": 1},
}  # fmt: skip


@pytest.mark.parametrize(
    "state, possible",
    [
        ("listed", {"apply", "progress"}),
        ("applied", {"accept", "refuse", "progress"}),
        ("accepted", set()),
        ("delisted", set()),
    ],
)
def test_steps_out_of_order_are_refused_with_the_state(as_, state, possible):
    key = listed(as_, a_major(mine()))
    ended = {"delisted_on": date(2026, 11, 3)} if state == "delisted" else {}
    Listing.objects.update(state=state, **ended)
    who = {"accept": "committee", "refuse": "committee", "apply": "principal", "progress": "department"}
    for name in STEPS.keys() - possible:
        said = refused(post(as_(who[name]), f"listings/{key}/{name}", **STEPS[name]), "wrong_step")
        assert said["state"] == state and "不能" in said["detail"]


def test_delisting_needs_acceptance_unless_the_hazard_has_ended_otherwise(as_):
    hazard = a_major(mine())
    refused(post(as_("committee"), f"hazards/{hazard.pk}/delist", document="x"), "not_listed")
    listed(as_, hazard)
    refused(post(as_("committee"), f"hazards/{hazard.pk}/delist", document="x"), "wrong_step")
    Hazard.objects.update(state=State.VOID)
    assert done(post(as_("committee"), f"hazards/{hazard.pk}/delist", document="x"))["state"] == "delisted"


@pytest.mark.parametrize("state", [State.ORDERED, State.ENFORCEMENT, State.CONFIRMED])
def test_acceptance_cannot_be_applied_for_before_rectification(as_, state):
    key = listed(as_, a_major(mine(), state=state))
    said = refused(post(as_("principal"), f"listings/{key}/apply", application="申请"), "wrong_step")
    assert "整改后才能申请验收" in said["detail"]


def test_the_principal_applies_and_an_officer_only_for_a_unit_without_an_account(as_):
    key = listed(as_, a_major(mine()))
    refused(post(as_("enterprise"), f"listings/{key}/apply", application="申请"), "principal_required", 403)
    refused(post(as_("department"), f"listings/{key}/apply", application="申请"), "unit_has_account")
    User.objects.filter(username="principal").update(is_active=False)
    done(post(as_("department"), f"listings/{key}/apply", application="申请"))


def test_a_refused_acceptance_may_be_applied_for_again(as_):
    key = listed(as_, a_major(mine()))
    post(as_("principal"), f"listings/{key}/apply", application="申请", on="2026-11-10")
    again = done(post(as_("committee"), f"listings/{key}/refuse", acceptance="未达标", on="2026-11-12"))
    assert (again["state"], again["accepted_on"]) == ("listed", None)
    done(post(as_("principal"), f"listings/{key}/apply", application="再次申请", on="2026-11-16"))
    refused(
        post(as_("committee"), f"listings/{key}/accept", acceptance="合格", on="2026-11-15"), "before_last_step", 400
    )


def test_a_failed_review_after_acceptance_reopens_the_listing(as_):
    hazard = a_major(mine())
    key = listed(as_, hazard)
    post(as_("principal"), f"listings/{key}/apply", application="申请")
    post(as_("committee"), f"listings/{key}/accept", acceptance="合格")
    outbox.send("hazard.moved", {"hazard": str(hazard.pk), "step": "fail"})
    outbox.drain()
    assert Listing.objects.get().state == "listed"
    assert listing.reopen(hazard.pk) is False  # the message may come twice


def test_a_listing_shows_overdue_rectification_reports_and_publication(as_):
    hazard = a_major(mine(), found_at="2026-01-01T09:00:00+08:00")
    key = listed(as_, hazard, listed_on="2026-02-02", deadline="2026-03-31")
    shown = done(as_("committee").get(f"/api/v1/listings/{key}"))
    assert (shown["overdue"], shown["report_overdue"], shown["publication_late"]) == (True, True, True)
    assert len(done(as_("committee").get("/api/v1/listings?overdue=true"))["results"]) == 1
    assert done(as_("committee").get("/api/v1/listings?overdue=false"))["results"] == []
    assert Listing.objects.report_overdue(on=date(2026, 3, 2)).count() == 0
    assert Listing.objects.report_overdue(on=date(2026, 3, 3)).count() == 1


# --- rows -----------------------------------------------------------------------------------------------------------------
def test_a_listing_of_another_jurisdiction_is_not_found(as_):
    key = listed(as_, a_major(elsewhere()))
    for who in ("inspector", "township", "enterprise", "leader", "village"):
        assert as_(who).get(f"/api/v1/listings/{key}").status_code == 404
        assert done(as_(who).get("/api/v1/listings"))["results"] == []
    assert post(as_("principal"), f"listings/{key}/apply", application="申请").status_code == 404
    assert post(as_("committee"), "hazards/00000000-0000-4000-8000-0000000000ff/list", **NOTICE).status_code == 404


@pytest.mark.parametrize("address", ["listings", "listing-proposals"])
@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_take_three_queries_at_any_length(as_, rows, address, django_assert_max_num_queries):
    unit = mine()
    for number in range(rows):
        hazard = a_major(unit, type(HAZARD)(int=0xF00 + number))
        proposing.propose(on=date(2026, 11, 2), hazards=[hazard.pk])
        listed(as_, hazard)
    committee = as_("committee")
    with django_assert_max_num_queries(3):  # token · stamps · rows with their unit and hazard
        assert len(done(committee.get(f"/api/v1/{address}"))["results"]) == rows


def test_an_unchanged_answer_is_a_304(as_):
    listed(as_, a_major(mine()))
    client = as_("department")
    tag = client.get("/api/v1/listings")["ETag"]
    assert client.get("/api/v1/listings", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_stale_edit_is_refused(as_):
    key = listed(as_, a_major(mine()))
    answer = as_("committee").post(
        f"/api/v1/listings/{key}/publish", {"where": "网站"}, format="json", HTTP_IF_MATCH='"0-1"'
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
