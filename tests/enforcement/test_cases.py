"""案件: what is handed to enforcement has a case, and goes on only when the case says what became of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from enforcement.following import take_entries_along
from enforcement.models import Case
from hazards.models import Hazard
from hazards.states import State
from safety_api.models import OutboxMessage, TrailLine
from tests.cast.enforcement import HAZARD, a_major, done, post, refused
from tests.cast.hazards import in_days
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db
FINE = {"outcome": "penalty", "penalties": ["fine"], "document": "（兴应急）罚〔2026〕8号", "amount_yuan": "20000.00"}
NONE = {"outcome": "none", "ground": "初次违法且危害后果轻微并及时改正（行政处罚法第三十三条）"}


def handed_over(as_) -> str:
    """The id of the case that step 11 opened."""
    a_major(mine(), level="general", due_on=in_days(-1))
    done(post(as_("chief"), f"hazards/{HAZARD}/enforce", reason="overdue", note="期满未整改"))
    return str(Case.objects.get().pk)


def resume(as_):
    return post(as_("department"), f"hazards/{HAZARD}/resume", deadline=in_days(5), note="继续整改")


@pytest.mark.parametrize("decision", [FINE, NONE], ids=["penalty", "none"])
def test_a_hazard_handed_to_enforcement_goes_on_once_its_case_is_decided(as_, decision):
    case = handed_over(as_)
    shown = done(as_("department").get(f"/api/v1/cases/{case}"))
    assert (shown["state"], shown["reason"], shown["hazard"]) == ("open", "期满未整改", str(HAZARD))
    assert "案件" in refused(resume(as_), "case_required")["detail"]
    decided = done(post(as_("department"), f"cases/{case}/decide", **decision))
    assert decided["state"] == {"penalty": "penalized", "none": "no_penalty"}[decision["outcome"]]
    assert decided["amount_yuan"] == decision.get("amount_yuan")
    assert done(resume(as_))["state"] == "rectifying"
    assert list(TrailLine.objects.filter(verb__startswith="case.").order_by("id").values_list("verb", flat=True)) == [
        "case.open", "case.decide",
    ]  # fmt: skip
    steps = OutboxMessage.objects.filter(topic="case.changed").order_by("pk").values_list("payload__step", flat=True)
    assert list(steps) == ["open", "decide"]


def may(as_) -> list[str]:
    return done(as_("department").get(f"/api/v1/hazards/{HAZARD}"))["may"]


def test_going_on_is_named_among_the_steps_once_the_case_is_decided(as_):
    case = handed_over(as_)
    assert "resume" not in may(as_)
    done(post(as_("department"), f"cases/{case}/decide", **NONE))
    assert "resume" in may(as_)


def test_a_voided_hazard_leaves_no_undecided_case(as_):
    case = handed_over(as_)
    done(post(as_("chief"), f"hazards/{HAZARD}/void", reason="other", note="单位录错"))
    shown = done(as_("department").get(f"/api/v1/cases/{case}"))
    assert (shown["state"], shown["ground"]) == ("no_penalty", "隐患已撤销：单位录错")
    assert TrailLine.objects.filter(verb="case.decide").count() == 1
    assert done(as_("department").get("/api/v1/cases?open=true"))["results"] == []


def test_the_decided_case_of_a_voided_hazard_stays_as_decided(as_):
    case = handed_over(as_)
    done(post(as_("department"), f"cases/{case}/decide", **FINE))
    done(post(as_("chief"), f"hazards/{HAZARD}/void", reason="duplicate"))
    assert Case.objects.get(pk=case).state == "penalized"


def test_an_undecided_case_goes_along_with_a_unit_that_moves(as_, people):
    handed_over(as_)
    unit = Case.objects.get().enterprise
    before, unit.region_code = unit.region_code, OTHER_VILLAGE
    take_entries_along(unit, before, people["bureau"])
    assert Case.objects.get().region_code == OTHER_VILLAGE


WRONG = [  # what is left out or added, where, which word
    ({**FINE, "document": ""}, "/document", "required"),
    ({**FINE, "penalties": []}, "/penalties", "required"),
    ({**FINE, "amount_yuan": None}, "/amount_yuan", "required"),
    ({**FINE, "amount_yuan": "0.00"}, "/amount_yuan", "required"),
    ({**FINE, "amount_yuan": 20000}, "/amount_yuan", "money"),
    ({**FINE, "amount_yuan": "1.234"}, "/amount_yuan", "money"),
    ({**FINE, "penalties": ["warning"]}, "/amount_yuan", "not_for_this"),
    ({**FINE, "penalties": ["fine", "fine"]}, "/penalties", "twice"),
    ({**FINE, "penalties": ["prison"]}, "/penalties/0", "invalid_choice"),
    ({**FINE, "ground": "轻微"}, "/ground", "not_for_this"),
    ({**FINE, "decided_on": "2099-01-01"}, "/decided_on", "in_future"),
    ({**NONE, "ground": ""}, "/ground", "required"),
    ({**NONE, "penalties": ["warning"]}, "/penalties", "not_for_this"),
    ({"outcome": "later"}, "/outcome", "invalid_choice"),
    ({**NONE, "fine": 1}, "/fine", "unknown_field"),
]  # fmt: skip


@pytest.mark.parametrize("body, pointer, word", WRONG)
def test_a_decision_that_does_not_hold_together_is_refused(as_, body, pointer, word):
    answer = post(as_("department"), f"cases/{handed_over(as_)}/decide", **body)
    assert answer.status_code == 400
    assert (pointer, word) in [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert Case.objects.get().state == "open"


def test_a_decision_cannot_precede_its_case_and_is_made_once(as_):
    case = handed_over(as_)
    refused(post(as_("department"), f"cases/{case}/decide", **FINE, decided_on="2026-01-01"), "before_last_step", 400)
    done(post(as_("department"), f"cases/{case}/decide", **FINE))
    assert refused(post(as_("department"), f"cases/{case}/decide", **NONE), "wrong_step")["state"] == "penalized"


def test_a_decision_written_down_wrongly_is_put_right_with_a_reason(as_):
    case = handed_over(as_)
    refused(post(as_("department"), f"cases/{case}/correct", **FINE, reason="误写"), "wrong_step")
    done(post(as_("department"), f"cases/{case}/decide", **FINE))
    assert post(as_("department"), f"cases/{case}/correct", **FINE).status_code == 400
    again = done(
        post(as_("department"), f"cases/{case}/correct", **{**FINE, "amount_yuan": "2000.00"}, reason="金额误写")
    )
    assert again["amount_yuan"] == "2000.00"
    line = TrailLine.objects.get(verb="case.correct")
    assert (line.details["reason"], line.details["before_was"]["amount_yuan"]) == ("金额误写", "20000.00")


def test_a_hazard_handed_over_again_needs_another_decision(as_):
    done(post(as_("department"), f"cases/{handed_over(as_)}/decide", **NONE))
    done(resume(as_))
    Hazard.objects.update(due_on=in_days(-1))
    done(post(as_("chief"), f"hazards/{HAZARD}/enforce", reason="overdue", note="仍未整改"))
    refused(resume(as_), "case_required")
    assert Case.objects.filter(state="open").count() == 1


def test_a_case_of_before_is_added_by_hand_once(as_):
    a_major(mine(), state=State.ENFORCEMENT)
    refused(resume(as_), "case_required")
    case = done(post(as_("department"), "cases", hazard=str(HAZARD), reason="逾期未改", opened_on="2026-11-02"), 201)
    refused(post(as_("department"), "cases", hazard=str(HAZARD), reason="再立"), "case_stands")
    done(post(as_("department"), f"cases/{case['id']}/decide", **FINE))
    refused(post(as_("department"), "cases", hazard=str(HAZARD), reason="再立"), "case_stands")
    assert done(resume(as_))["state"] == "rectifying"


def test_a_hazard_that_was_not_handed_over_has_no_case(as_):
    a_major(mine())
    refused(post(as_("department"), "cases", hazard=str(HAZARD), reason="立案"), "not_in_enforcement")


def test_cases_are_read_by_jurisdiction_and_filtered(as_):
    case = handed_over(as_)
    for who, status in (("inspector2", 404), ("enterprise", 200), ("township", 200), ("village", 403), ("duty", 403)):
        assert as_(who).get(f"/api/v1/cases/{case}").status_code == status
    for query, count in (
        ("state=open", 1),
        ("state=penalized", 0),
        ("open=true", 1),
        ("waiting_for=me", 1),
        (f"hazard={HAZARD}", 1),
        ("sector=fire_safety", 0),
    ):
        assert len(done(as_("bureau").get(f"/api/v1/cases?{query}"))["results"]) == count
    assert as_("bureau").get("/api/v1/cases?colour=red").status_code == 400
    assert post(as_("inspector2"), f"cases/{case}/decide", **FINE).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_cases_takes_three_queries_at_any_length(as_, rows, django_assert_max_num_queries):
    from uuid import UUID

    unit = mine()
    for number in range(rows):
        hazard = a_major(unit, UUID(int=0xC00 + number), state=State.ENFORCEMENT)
        done(post(as_("department"), "cases", hazard=str(hazard.pk), reason="逾期"), 201)
    client = as_("bureau")
    with django_assert_max_num_queries(3):  # token · stamps · cases with unit and hazard
        assert len(done(client.get("/api/v1/cases"))["results"]) == rows


@pytest.mark.parametrize(
    "fields, name",
    [
        ({"state": "penalized"}, "case_penalty_has_number_and_day"),
        ({"state": "no_penalty"}, "case_without_penalty_has_ground"),
        ({"amount_yuan": 0}, "case_amount_is_positive"),
        ({"penalties": ["prison"]}, "case_penalties_known"),
    ],
)
def test_the_database_refuses_a_case_that_says_half(as_, fields, name):
    handed_over(as_)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Case.objects.update(**fields)


def test_no_case_is_opened_decided_or_put_right_by_the_committees_office(as_):
    case = handed_over(as_)
    User.objects.filter(username="department").update(department="safety_committee")
    hazard = str(Case.objects.get().hazard_id)
    opening = {"hazard": hazard, "reason": "refusal", "opened_on": timezone.localdate().isoformat()}
    for door, sent in (
        ("cases", opening),
        (f"cases/{case}/decide", FINE),
        (f"cases/{case}/correct", {**FINE, "reason": "误写"}),
    ):
        refused(post(as_("department"), door, **sent), "coordinating_body", 403)
