"""What each step asks for besides the right person: officers, plans, photos, deadlines, approvals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import Certificate, User
from evidence.models import Photo
from hazards.actions import listing
from hazards.models import Hazard, HazardStep, Plan
from hazards.states import State
from safety_api.models import OutboxMessage, TrailLine
from safety_api.outbox import drain
from tests.cast.enforcement import a_decided_case
from tests.cast.hazards import (
    APPROVAL,
    CLAUSE,
    KEY,
    PLAN,
    a_hazard_in,
    ago,
    body_of,
    in_days,
    ordered_by,
    record_step,
    take,
)
from tests.cast.units import elsewhere, mine
from tests.cast.visits import POINT, a_photo, photo_id

pytestmark = pytest.mark.django_db
MAJOR = {"level": "major", "standard_clause": CLAUSE}


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def last_step() -> HazardStep:
    return HazardStep.objects.filter(hazard=KEY).latest("id")


# --- ordering --------------------------------------------------------------------------------------------------------------
def order(as_, who="inspector", **body):
    return take(as_(who), "order", **{"deadline": in_days(7), **body})


def test_an_order_needs_two_officers_with_valid_certificates(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    answer = order(as_, companion=str(certified["bureau"].pk), onsite_measures="停止使用三号皮带")
    assert (answer.status_code, answer.json()["state"], answer.json()["deadline"]) == (200, "ordered", in_days(7))
    said = last_step().details
    assert ([each["name"] for each in said["officers"]], said["notice"]) == (["张巡", "郑应"], False)
    assert all(each["certificate"] for each in said["officers"])
    assert said["onsite_measures"] == "停止使用三号皮带"


COMPANIONS = [
    (None, 400, "two_officers_required"), ("inspector", 400, "two_officers_required"), ("inspector2", 400, "companion_not_here"),
    ("township", 400, "companion_not_here"), ("enterprise", 400, "companion_not_here"), ("nobody", 400, "companion_not_here"),
]  # fmt: skip


@pytest.mark.parametrize("companion, status, word", COMPANIONS)
def test_a_companion_must_be_another_officer_responsible_for_the_place(companion, status, word, certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    named = {"companion": str(certified[companion].pk if companion in certified else UUID(int=9))} if companion else {}
    assert code(order(as_, **named)) == (status, word)


WITHOUT = [  # whose certificate, what became of it, the word of the draft
    ("inspector", {"valid_to": "2025-12-31"}, "certificate_required"), ("bureau", {"valid_to": "2025-12-31"}, "certificate_not_valid"),
    ("bureau", {"revoked_on": "2026-01-02"}, "certificate_not_valid"),
]  # fmt: skip


@pytest.mark.parametrize("whose, ended, word", WITHOUT, ids=lambda each: str(each))
@pytest.mark.parametrize("step", ["order", "pass", "fail"])
def test_a_step_without_a_certificate_in_force_leaves_a_draft_and_a_remark(step, whose, ended, word, certified, as_):
    hazard = a_hazard_in(State.CONFIRMED if step == "order" else State.REVIEW_REQUESTED, mine())
    if step != "order":
        ordered_by(hazard, "inspector", "department", people=certified)
        record_step(hazard, "request-review", State.RECTIFYING, at=ago(1))
    Certificate.objects.filter(user=certified[whose]).update(**ended)
    answer = take(as_("inspector"), step, **body_of(step, certified["bureau"]))
    assert answer.status_code == 200, answer.json()
    assert "paper_drafted" in answer.json()["warnings"]
    [draft] = answer.json()["papers"]
    assert (draft["draft"], draft["reason"]) == (True, word)
    by = "department" if whose == "inspector" else "inspector"
    others = [str(certified["chief"].pk)]
    made = as_(by).post(f"/api/v1/papers/drafts/{draft['id']}/issue", {"officers": others}, format="json")
    assert made.status_code == 201, made.json()
    assert "paper_drafted" not in Hazard.objects.get().warnings


def test_a_township_orders_by_notice_alone_and_keeps_its_own_loop(people, as_):
    a_hazard_in(State.CONFIRMED, origin="patrol")
    body = order(as_, "township").json()
    assert (body["state"], body["loop"], last_step().details["notice"]) == ("ordered", "township", True)


def test_a_hazard_ordered_by_county_officers_moves_to_the_county_loop(certified, as_):
    a_hazard_in(State.CONFIRMED, origin="patrol")
    assert order(as_, companion=str(certified["bureau"].pk)).json()["loop"] == "county"


DEADLINES = [  # who orders, level, days, refused with
    ("inspector", "general", 15, None), ("inspector", "general", 16, "deadline_needs_leader"), ("chief", "general", 30, None),
    ("chief", "general", 31, "deadline_too_long"), ("inspector", "general", 31, "deadline_too_long"), ("inspector", "major", 90, None),
    ("inspector", "major", 91, "deadline_too_long"), ("inspector", "general", -1, "in_the_past"), ("inspector", "general", 0, None),
]  # fmt: skip


@pytest.mark.parametrize("who, level, days, word", DEADLINES)
def test_an_order_is_refused_if_its_deadline_is_past_or_beyond_the_officers_limit(
    who, level, days, word, certified, as_
):
    a_hazard_in(State.CONFIRMED, mine(), level=level)
    companion = certified["bureau" if who == "inspector" else "inspector"]
    answer = order(as_, who, companion=str(companion.pk), deadline=in_days(days))
    assert code(answer) == ((400, word) if word else (200, "")), answer.json()


def test_an_order_without_a_deadline_uses_the_one_in_force_if_it_is_allowed(certified, as_):
    a_hazard_in(State.CONFIRMED, mine(), due_on=in_days(60))
    companion = str(certified["bureau"].pk)
    assert code(take(as_("inspector"), "order", companion=companion)) == (400, "deadline_too_long")
    Hazard.objects.update(due_on=in_days(3))
    assert take(as_("inspector"), "order", companion=companion).json()["deadline"] == in_days(3)


def test_a_listed_hazard_may_have_a_longer_deadline(certified, as_):
    a_hazard_in(State.CONFIRMED, mine(), level="major", listed_level="county")
    assert order(as_, companion=str(certified["bureau"].pk), deadline=in_days(150)).status_code == 200


def test_a_new_deadline_set_after_the_old_one_keeps_the_overdue_date(certified, as_):
    a_decided_case(a_hazard_in(State.ENFORCEMENT, mine(), due_on=in_days(-3)))
    body = take(as_("chief"), "resume", deadline=in_days(9), note="罚款已缴").json()
    assert (body["overdue"], body["overdue_since"], body["deadline"]) == (False, in_days(-2), in_days(9))


# --- plans -----------------------------------------------------------------------------------------------------------------
MISSING = [
    ("general", {}, ["/responsible_person", "/measures"]),
    ("general", {"responsible_person": "王建设"}, ["/measures"]),
    ("general", {"responsible_person": "王建设", "measures": "补打"}, []),
    ("major", {"responsible_person": "王建设", "measures": "补打"}, ["/funds_yuan", "/emergency_plan"]),
    ("major", {**PLAN, "funds_yuan": "0.00"}, []),  # no money is a statement too
]


@pytest.mark.parametrize("level, plan, missing", MISSING)
def test_a_major_hazard_enters_rectification_only_with_all_five_plan_items(level, plan, missing, people, as_):
    a_hazard_in(State.ORDERED, mine(), level=level)
    answer = take(as_("enterprise"), "acknowledge", **plan)
    if missing:
        assert code(answer) == (400, "five_in_place_required")
        assert [each["pointer"] for each in answer.json()["errors"]] == missing
        assert not Plan.objects.exists()
    else:
        assert answer.json()["state"] == "rectifying"
        assert answer.json()["plan"]["responsible_person"] == "王建设"


def test_the_trail_does_not_name_people_of_the_unit(people, as_):
    a_hazard_in(State.ORDERED, mine())
    take(as_("enterprise"), "acknowledge", **PLAN)
    assert "王建设" not in str(TrailLine.objects.values_list("details", flat=True))
    assert last_step().details["plan"]["responsible_person"] == "王建设"


@pytest.mark.parametrize("step, state", [("acknowledge", State.ORDERED), ("request-review", State.RECTIFYING)])
def test_an_officer_acts_for_a_unit_only_if_it_has_no_active_account(step, state, people, as_):
    hazard = a_hazard_in(state, mine())
    inspector = as_("inspector")
    assert code(take(inspector, step, **body_of(step))) == (409, "unit_has_account")
    assert step not in inspector.get(f"/api/v1/hazards/{KEY}").json()["may"]
    User.objects.filter(enterprise_id=hazard.enterprise_id).update(is_active=False)
    assert step in inspector.get(f"/api/v1/hazards/{KEY}").json()["may"]
    assert take(inspector, step, **body_of(step)).status_code == 200


def test_the_township_acts_for_a_place_without_a_unit(people, as_):
    a_hazard_in(State.ORDERED, origin="village")
    assert take(as_("township"), "acknowledge", **PLAN).json()["state"] == "rectifying"


@pytest.mark.parametrize(
    "level, state, days, status",
    [
        ("general", "reported", 5, 200),
        ("general", "reported", 16, 400),
        ("major", "confirmed", 60, 403),
        ("major", "confirmed", 2, 200),
    ],
)
def test_a_unit_sets_the_deadline_only_of_hazards_it_closes_itself(level, state, days, status, people, as_):
    a_hazard_in(state, mine(), level=level, origin="self")  # due in two days
    answer = take(as_("enterprise"), "start", **PLAN, deadline=in_days(days))
    assert answer.status_code == status, answer.json()
    assert status != 200 or answer.json()["deadline"] == in_days(days)


# --- asking for the review ---------------------------------------------------------------------------------------------------
def test_a_requested_review_is_due_within_ten_days(people, as_):
    a_hazard_in(State.RECTIFYING, mine())
    body = take(as_("principal"), "request-review", **body_of("request-review")).json()
    assert (body["state"], body["review_requested_on"], body["review_due_on"]) == (
        "review_requested",
        in_days(0),
        in_days(10),
    )
    assert last_step().details["cost_yuan"] == "11800.00"


ASKING = [
    ("enterprise", "general", {}, 403, "principal_required"), ("principal", "general", {"photos": []}, 400, "photos_required"),
    ("principal", "major", {"evaluation_report": ""}, 400, "evaluation_required"), ("principal", "major", {}, 200, ""),
    ("principal", "general", {"cost_yuan": 5}, 400, "invalid"), ("principal", "general", {"statement": ""}, 400, "invalid"),
]  # fmt: skip


@pytest.mark.parametrize("who, level, other, status, word", ASKING)
def test_a_review_request_needs_photos_statement_and_cost_as_the_table_says(
    who, level, other, status, word, people, as_
):
    a_hazard_in(State.RECTIFYING, mine(), level=level)
    answer = take(as_(who), "request-review", **{**body_of("request-review"), **other})
    assert answer.status_code == status and (status == 200 or answer.json()["code"] in (word, "money", "blank"))


# --- passing -----------------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(certified):
    """A hazard of the mine whose review was asked for; ordered by the inspector and the bureau."""
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-1))
    ordered_by(hazard, "inspector", "bureau", people=certified)
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(1), photos=[photo_id(850)])
    return hazard


def passing(as_, people, who="inspector", companion="department", **body):
    named = {"companion": str(people[companion].pk)} if companion else {}
    return take(as_(who), "pass", **named, **body)


def test_a_review_that_passes_closes_the_hazard(asked, certified, as_):
    body = passing(as_, certified, note="合格").json()
    assert (body["state"], body["closed_on"], body["may"]) == ("closed", in_days(0), ["recur"])
    assert [each["name"] for each in last_step().details["officers"]] == ["张巡", "周业"]


@pytest.mark.parametrize(
    "companion, word", [("bureau", "reviewer_only_ordered"), ("department", ""), (None, "two_officers_required")]
)
def test_a_review_needs_a_reviewer_who_did_not_order(companion, word, asked, certified, as_):
    assert code(passing(as_, certified, companion=companion))[1] == word


def test_a_major_hazard_is_closed_by_a_department_leader(asked, certified, as_):
    Hazard.objects.update(level="major")
    assert code(passing(as_, certified)) == (403, "leader_required")
    assert passing(as_, certified, "chief", "inspector").json()["state"] == "closed"


def test_a_listed_hazard_closes_only_after_its_acceptance(asked, certified, as_):
    listing.set_listed(asked.pk, "county", by=certified["bureau"])
    assert code(passing(as_, certified)) == (409, "acceptance_required")
    listing.note_acceptance(asked.pk, by=certified["bureau"])
    assert passing(as_, certified).status_code == 200


def test_closing_a_hazard_of_a_stopped_coal_mine_needs_three_approvals(asked, certified, as_):
    Hazard.objects.update(production_stopped=True)
    answer = passing(as_, certified, approvals={"chief": APPROVAL, "government": APPROVAL})
    assert (code(answer), answer.json()["errors"][0]["pointer"]) == (
        (400, "approvals_required"),
        "/approvals/mine_safety_office",
    )
    whole = {"chief": APPROVAL, "government": APPROVAL, "mine_safety_office": APPROVAL}
    assert passing(as_, certified, approvals=whole).status_code == 200
    assert last_step().details["approvals"]["chief"] == APPROVAL


def test_consents_recorded_with_the_resumption_replace_the_approvals(asked, certified, as_):
    listing.set_production_stopped(asked.pk, True, by=certified["bureau"])
    listing.note_consents(asked.pk, by=certified["bureau"])
    assert passing(as_, certified).status_code == 200


def test_closing_needs_a_photo_from_before(asked, certified, as_):
    Photo.objects.all().delete()
    assert code(passing(as_, certified, photos=[a_photo(804)])) == (400, "photos_required")


def test_closing_needs_a_photo_from_after_the_last_failure(asked, certified, as_):
    inspector, companion = as_("inspector"), str(certified["department"].pk)
    assert (
        take(inspector, "fail", companion=companion, deadline=in_days(5), note="仍大").json()["review_due_on"] is None
    )
    Hazard.objects.update(state=State.REVIEW_REQUESTED)
    assert code(passing(as_, certified)) == (400, "photos_required")
    assert passing(as_, certified, photos=[a_photo(804)]).status_code == 200


def test_a_failed_review_sets_a_new_deadline_and_clears_the_review_request(asked, certified, as_):
    body = take(as_("inspector"), "fail", **body_of("fail", certified["department"])).json()
    assert (body["state"], body["deadline"], body["review_requested_on"]) == ("rectifying", in_days(6), None)
    assert body["overdue_since"] is None  # it was asked for in time


def test_passing_a_review_takes_a_bounded_number_of_queries(asked, certified, as_, django_assert_max_num_queries):
    client, body = as_("inspector"), {"companion": str(certified["department"].pk)}
    with django_assert_max_num_queries(33):
        # token · is it there · lock · steps · officers · photo before · save · stamp · step · trail · message · answer; savepoint;
        # its paper: last order, officers, certificates, counter, paper, trail, message, savepoints; waiting extension; papers, extensions, photos
        assert take(client, "pass", **body).status_code == 200


# --- enforcing, ending, escalating ---------------------------------------------------------------------------------------------
REASONS = [
    ("overdue", State.RECTIFYING, -1, 0, True), ("overdue", State.RECTIFYING, 1, 0, False), ("refusal", State.ORDERED, 1, 0, True),
    ("refusal", State.REVIEW_REQUESTED, 1, 0, False), ("repeated_failure", State.RECTIFYING, 1, 1, False),
    ("repeated_failure", State.RECTIFYING, 1, 2, True),
]  # fmt: skip


@pytest.mark.parametrize("reason, state, due, failed, holds", REASONS)
def test_a_transfer_to_enforcement_needs_a_reason_supported_by_the_record(
    reason, state, due, failed, holds, people, as_
):
    hazard = a_hazard_in(state, mine(), due_on=in_days(due))
    for _ in range(failed):
        record_step(hazard, "fail", State.REVIEW_REQUESTED)
    answer = take(as_("chief"), "enforce", reason=reason, note="见记录")
    assert code(answer) == ((200, "") if holds else (409, "reason_not_borne_out"))
    assert code(take(as_("department"), "enforce", reason=reason, note="见记录"))[0] in (403, 409)


def test_voiding_for_another_reason_needs_a_note(people, as_):
    a_hazard_in(State.CONFIRMED, mine())
    assert code(take(as_("chief"), "void", reason="other")) == (400, "reason_required")
    assert take(as_("chief"), "void", reason="other", note="系统试用所录").json()["state"] == "void"


@pytest.mark.parametrize(
    "reason, due, status", [("overdue", -1, 200), ("overdue", 1, 409), ("refused", 1, 200), ("major", 1, 200)]
)
def test_a_township_escalates_to_the_county_only_for_a_valid_reason(reason, due, status, people, as_):
    a_hazard_in(State.ORDERED, origin="patrol", due_on=in_days(due))
    answer = take(as_("township"), "escalate", reason=reason, note="请县级处理")
    assert answer.status_code == status
    assert status != 200 or (answer.json()["loop"], answer.json()["state"]) == ("county", "ordered")
    assert status != 200 or code(take(as_("township"), "escalate", reason=reason, note="再报")) == (403, "forbidden")


# --- handing over, finding again -------------------------------------------------------------------------------------------------
def test_a_transfer_gives_the_receiving_department_a_copy_with_deadline_and_photos(people, as_):
    hazard = a_hazard_in(State.CONFIRMED, mine(), photo=901)
    answer = take(as_("bureau"), "transfer", department="housing", note="属施工现场")
    assert (answer.status_code, answer.json()["state"]) == (200, "transferred")
    User.objects.filter(username="department").update(sectors=["urban_construction"])
    receiving = as_("department")
    copy = receiving.get("/api/v1/hazards").json()["results"][0]
    assert (copy["state"], copy["transferred_from"], copy["department"]) == ("reported", KEY, "housing")
    assert (copy["deadline"], copy["loop"]) == (in_days(2), "county")
    assert Hazard.objects.get(pk=copy["id"]).found_at == hazard.found_at
    assert receiving.get(f"/api/v1/photos/{photo_id(901)}").status_code == 200
    assert receiving.get(f"/api/v1/hazards/{KEY}").status_code == 404
    assert OutboxMessage.objects.filter(topic="hazard.reported", payload={"hazards": [copy["id"]]}).exists()


RECEIVING = [
    ({"department": "nobody"}, "unknown_department"), ({"department": "housing", "sector": "coal_mine"}, "not_its_sector"),
    ({"department": "emergency", "sector": "coal_mine"}, "not_its_sector"),  # to itself
    ({"department": "emergency", "sector": "metallurgy_trade"}, ""),
]  # fmt: skip


@pytest.mark.parametrize("body, word", RECEIVING)
def test_a_hazard_is_transferred_only_to_another_department_supervising_its_sector(body, word, people, as_):
    a_hazard_in(State.CONFIRMED, mine())
    assert code(take(as_("bureau"), "transfer", **body))[1] == word


def test_a_closed_hazard_found_again_becomes_a_new_hazard(people, as_):
    a_hazard_in(State.CLOSED, mine())
    key = "9d1f6c39-5b44-4be5-9a38-6f3f1f1c0099"
    answer = take(as_("inspector"), "recur", id=key, note="又见", photos=[a_photo(5)])
    body = answer.json()
    assert (answer.status_code, body["id"], body["state"], body["recurrence_of"], body["repeat"]) == (
        201,
        key,
        "reported",
        KEY,
        True,
    )
    assert Hazard.objects.get(pk=KEY).state == "closed"
    assert code(take(as_("inspector"), "recur", id=key)) == (409, "id_reused")


AGAIN = [  # the earlier one's fields, whether the later one repeats it
    ({}, True), ({"item": "C09-13"}, False), ({"found_at": ago(400)}, False), ({"state": "rejected"}, False),
    ({"item": "", "standard_clause": CLAUSE}, True), ({"state": "closed", "closed_on": date(2026, 11, 1)}, True),
]  # fmt: skip


@pytest.mark.parametrize("earlier, repeated", AGAIN)
def test_the_same_item_or_clause_at_the_same_unit_within_a_year_is_a_repeat(earlier, repeated, people, as_):
    unit, other = mine(), elsewhere()
    before = a_hazard_in(unit=unit, key=UUID(int=1), photo=None, **{"found_at": ago(100), **earlier})
    a_hazard_in(unit=other, key=UUID(int=2), photo=None, found_at=ago(50))
    said = {"enterprise": str(unit.pk), "item": "C09-12", "description": "又见", "found_at": timezone.now().isoformat()}
    client = as_("inspector")
    body = client.put(f"/api/v1/hazards/{KEY}", {**said, "standard_clause": CLAUSE}, format="json")
    assert body.status_code == 201, body.json()
    drain()
    shown = client.get(f"/api/v1/hazards/{KEY}").json()
    assert (shown["repeat"], shown["repeat_of"]) == ((True, str(before.pk)) if repeated else (False, None))
    assert len(client.get("/api/v1/hazards?repeat=true").json()["results"]) == repeated


# --- drafts ----------------------------------------------------------------------------------------------------------------------
def test_a_draft_is_seen_by_its_author_only_until_it_is_reported(people, as_):
    author = as_("township")
    said = {"place": "东关村口", "region": "141123100200", "sector": "fire_safety", "description": "堆放杂物", "location": POINT,
            "found_at": "2026-11-20T09:00:00+08:00", "photos": [a_photo(1)], "draft": True}  # fmt: skip
    assert author.put(f"/api/v1/hazards/{KEY}", said, format="json").json()["state"] == "draft"
    assert author.put(f"/api/v1/hazards/{KEY}", said, format="json").status_code == 200
    for other in (as_("inspector"), as_("bureau")):
        assert other.get(f"/api/v1/hazards/{KEY}").status_code == 404
        assert other.get("/api/v1/hazards?count=true").json()["results"] == []
        assert other.get("/api/v1/map/hazards.geojson?bbox=111,38,112,39").json()["features"] == []
        assert other.get(f"/api/v1/photos/{photo_id(1)}").status_code == 404
        assert take(other, "report").status_code == 404
    assert not OutboxMessage.objects.filter(topic="hazard.reported").exists()
    assert author.get(f"/api/v1/hazards/{KEY}").json()["may"] == ["report"]
    assert take(author, "report").json()["state"] == "reported"
    assert as_("bureau").get(f"/api/v1/hazards/{KEY}").status_code == 200
    assert OutboxMessage.objects.filter(topic="hazard.reported").count() == 1
