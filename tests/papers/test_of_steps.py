"""A paper is the consequence of a step: issued with it, by whoever took it, and never against what the record says."""

from __future__ import annotations

import pytest

from accounts.models import Certificate, User
from evidence.papers.drafting import take_along
from evidence.papers.models import Paper, PaperCounter, PaperDraft
from hazards.models import Hazard, HazardStep
from hazards.states import State
from safety_api.models import TrailLine
from tests.cast import papers
from tests.cast.hazards import KEY, OFFICERS, a_hazard_in, ago, body_of, certify, in_days, ordered_by, record_step, take
from tests.cast.papers import PAPERS, VISIT
from tests.cast.people import OTHER_VILLAGE
from tests.cast.units import mine

pytestmark = pytest.mark.django_db


@pytest.fixture
def certified(people):
    certify(*OFFICERS)
    return people


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def waiting_for_a_review(people, **fields) -> Hazard:
    hazard = a_hazard_in(State.REVIEW_REQUESTED, mine(), review_requested_on=in_days(-1), **fields)
    ordered_by(hazard, "inspector", "department", people=people)
    record_step(hazard, "request-review", State.RECTIFYING, at=ago(1))
    return hazard


# --- issued with the step ------------------------------------------------------------------------------------------------
STEPS = [  # step, from, who, kind, what the paper says
    ("order", State.CONFIRMED, "inspector", "rectify_order", "锚杆间距超出作业规程"),
    ("pass", State.REVIEW_REQUESTED, "inspector", "review_opinion", "予以销号"),
    ("fail", State.REVIEW_REQUESTED, "inspector", "review_opinion", "间距仍大"),
    ("transfer", State.CONFIRMED, "department", "transfer", "住房和城乡建设"),
]  # fmt: skip


@pytest.mark.parametrize("step, state, who, kind, said", STEPS)
def test_a_step_issues_its_paper_signed_by_those_who_took_it(certified, as_, step, state, who, kind, said):
    if state == State.REVIEW_REQUESTED:
        waiting_for_a_review(certified)
    else:
        a_hazard_in(state, mine())
    body = {**body_of(step), "companion": str(certified["bureau"].pk)}
    answer = take(as_(who), step, **body)
    assert answer.status_code == 200, answer.json()
    paper = Paper.objects.get()
    assert (paper.kind, {each["id"] for each in paper.officers}) == (
        kind, {str(certified[who].pk), str(certified["bureau"].pk)},
    )  # fmt: skip
    assert said in str(paper.text)
    details = HazardStep.objects.get(step=step).details
    assert (details["paper"], details["number"]) == (str(paper.pk), paper.number)
    shown = answer.json()["papers"]
    assert [(each["number"], each["draft"]) for each in shown] == [(paper.number, False)]


def test_a_step_may_leave_its_paper_as_a_draft_and_issue_it_later(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    body = {**body_of("order", certified["bureau"]), "issue": "draft"}
    shown = take(as_("inspector"), "order", **body).json()["papers"]
    assert [(each["draft"], each["number"], each["reason"]) for each in shown] == [(True, "", "chosen")]
    assert not Paper.objects.exists() and not PaperCounter.objects.exists()
    at = f"{PAPERS}/drafts/{shown[0]['id']}"
    made = as_("inspector").post(f"{at}/issue", {}, format="json")
    assert made.status_code == 201, made.json()
    assert {each["name"] for each in made.json()["officers"]} == {"张巡", certified["bureau"].name}
    assert code_of(as_("inspector").post(f"{at}/issue", {}, format="json")) == (409, "draft_settled")
    assert as_("inspector").get(f"{PAPERS}/drafts").json()["results"] == []
    assert as_("inspector").get(at).json()["paper"] == made.json()["id"]


def test_a_draft_is_discarded_with_a_reason_and_stays_readable(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    take(as_("inspector"), "order", **body_of("order", certified["bureau"]), issue="draft")
    draft, client = PaperDraft.objects.get(), as_("inspector")
    at = f"{PAPERS}/drafts/{draft.pk}"
    assert client.post(f"{at}/discard", {}, format="json").status_code == 400
    assert (
        client.post(f"{at}/discard", {"reason": "当场已消除"}, format="json").json()["discard_reason"] == "当场已消除"
    )
    assert code_of(client.post(f"{at}/issue", {}, format="json")) == (409, "draft_settled")
    assert [each["id"] for each in client.get(f"{PAPERS}/drafts?open=false").json()["results"]] == [str(draft.pk)]
    assert TrailLine.objects.filter(verb="paper.discard").count() == 1


def test_a_transfer_by_one_without_a_certificate_is_taken_and_leaves_a_draft(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    Certificate.objects.filter(user=certified["department"]).delete()
    body = {**body_of("transfer"), "companion": str(certified["bureau"].pk)}
    answer = take(as_("department"), "transfer", **body)
    assert (answer.status_code, answer.json()["state"]) == (200, "transferred")
    [draft] = answer.json()["papers"]
    assert (draft["draft"], draft["reason"], draft["title"]) == (True, "certificate_required", "移送（抄告）书")
    assert "执法证" in draft["reason_detail"] and "paper_drafted" in answer.json()["warnings"]
    made = as_("bureau").post(
        f"{PAPERS}/drafts/{draft['id']}/issue", {"officers": [str(certified["inspector"].pk)]}, format="json"
    )
    assert (made.status_code, made.json()["kind"]) == (201, "transfer")
    assert Hazard.objects.get(pk=KEY).warnings == []


def test_a_transfer_by_one_officer_alone_leaves_a_draft(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    shown = take(as_("department"), "transfer", **body_of("transfer")).json()["papers"]
    assert [each["reason"] for each in shown] == ["two_officers_required"]


def test_a_transfer_with_a_companion_from_elsewhere_is_refused(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    answer = take(as_("department"), "transfer", **body_of("transfer"), companion=str(certified["inspector2"].pk))
    assert (code_of(answer), Hazard.objects.get().state) == ((400, "companion_not_here"), "confirmed")


def test_a_township_order_issues_its_notice_and_its_other_steps_none(people, as_):
    a_hazard_in(State.CONFIRMED, mine(), origin="patrol")
    client = as_("township")
    assert [each["kind"] for each in take(client, "order", deadline=in_days(5)).json()["papers"]] == ["rectify_notice"]
    Hazard.objects.update(state=State.REVIEW_REQUESTED)
    take(client, "fail", **body_of("fail"))
    Hazard.objects.update(state=State.REVIEW_REQUESTED)
    assert take(client, "pass", **body_of("pass")).status_code == 200
    assert Paper.objects.count() == 1 and not PaperDraft.objects.exists()


def test_a_unit_closing_its_own_finding_issues_no_paper(people, as_):
    a_hazard_in(State.RECTIFYING, mine(), origin="self")
    assert take(as_("enterprise"), "pass", **body_of("pass")).status_code == 200
    assert not Paper.objects.exists() and not PaperDraft.objects.exists()


def test_a_refused_step_takes_no_number(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    assert (
        take(
            as_("inspector"), "order", **{**body_of("order", certified["bureau"]), "deadline": "2020-01-01"}
        ).status_code
        == 400
    )
    assert not Paper.objects.exists() and not PaperCounter.objects.exists()


def test_the_same_key_twice_takes_one_step_and_issues_one_paper(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    key = {"Idempotency-Key": "5f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a12"}
    body = body_of("order", certified["bureau"])
    at = f"/api/v1/hazards/{KEY}/order"
    twice = [as_("inspector").post(at, body, format="json", headers=key).status_code for _ in range(2)]
    assert (twice, Paper.objects.count()) == ([200, 200], 1)


def test_long_measures_are_printed_whole_with_the_order(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    body = {**body_of("order", certified["bureau"]), "onsite_measures": "停" * 2000}
    assert take(as_("inspector"), "order", **body).status_code == 200
    assert "停" * 2000 in str(Paper.objects.get().text)


# --- never against the record --------------------------------------------------------------------------------------------
AGAINST = [  # kind, fields, state of the hazard
    *[("rectify_order", {}, state) for state in ("reported", "rejected", "closed", "transferred", "void", "unit_closed")],
    *[("onsite_decision", {"measures": ["evacuate"]}, state) for state in ("rejected", "closed", "transferred", "void")],
    *[("review_opinion", {"result": "fail", "deadline": in_days(5)}, state) for state in ("closed", "confirmed", "rectifying", "review_requested")],
    *[("review_opinion", {"result": "pass"}, state) for state in ("confirmed", "rectifying", "review_requested", "void")],
    *[("transfer", {"department": "energy"}, state) for state in ("reported", "ordered", "closed", "void")],
    *[("transfer", {"department": "energy", "way": "copy"}, state) for state in ("closed", "void")],
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, state", AGAINST)
def test_a_paper_that_contradicts_the_state_of_its_hazard_is_refused(issue, hazard, kind, fields, state):
    Hazard.objects.update(state=state, closed_on="2026-11-22" if state == "closed" else None)
    answer = issue(kind, **fields)
    assert (*code_of(answer), answer.json()["state"]) == (409, "paper_contradicts", state)
    assert answer.json()["detail"].endswith("。") and not PaperCounter.objects.exists()


def test_a_preview_of_a_contradicting_paper_is_refused_too(officers, hazard, as_):
    Hazard.objects.update(state="closed", closed_on="2026-11-22")
    answer = as_("inspector").post(f"{PAPERS}/preview", papers.body(people=officers), format="json")
    assert code_of(answer) == (409, "paper_contradicts")


def test_an_order_of_a_confirmed_hazard_takes_the_step_with_the_paper(issue, hazard):
    assert issue(deadline=in_days(10)).status_code == 201
    hazard.refresh_from_db()
    step = HazardStep.objects.get(step="order")
    assert (hazard.state, str(hazard.due_on), len(step.details["officers"])) == ("ordered", in_days(10), 2)
    assert Paper.objects.count() == 1


def test_what_the_step_refuses_is_said_of_the_paper(issue, hazard):
    answer = issue(deadline="2029-01-01")
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "deadline_too_long", "/fields/deadline")
    assert not Paper.objects.exists()


def test_a_second_paper_of_a_step_bears_the_officers_of_the_step(issue, hazard, officers):
    assert issue().status_code == 201
    answer = issue(others=("bureau",))
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_of_the_step", "/officers/0")
    answer = issue(who="bureau", others=("inspector", "department"))
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_of_the_step", "")


def test_an_order_of_a_visit_leaves_out_what_other_officers_ordered(issue, unit, officers):
    papers.a_visit(officers, companions=[officers["department"].pk])
    first = papers.a_hazard(inspection_id=VISIT, item="C09-01")
    papers.a_hazard(papers.OTHER, inspection_id=VISIT, item="C09-12")
    assert issue(who="bureau", others=("department",)).status_code == 201
    answer = issue(subject=("inspection", VISIT))
    assert answer.status_code == 201, answer.json()
    [said] = Paper.objects.get(pk=answer.json()["id"]).facts["problems"]
    assert (said["hazard"], first.pk) == (str(papers.OTHER), papers.HAZARD)
    answer = issue(subject=("inspection", VISIT), hazards=[str(first.pk)])
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_of_the_step", "")


def test_an_inspector_cannot_hand_over_by_paper_what_is_not_handed_over(issue, hazard):
    assert code_of(issue("transfer", department="energy")) == (403, "forbidden")
    assert issue("transfer", department="energy", way="copy").status_code == 201


def test_a_transfer_paper_names_the_department_of_the_step(issue, hazard):
    said = {"who": "department", "others": ("inspector",)}
    assert issue("transfer", department="energy", **said).status_code == 201
    assert Hazard.objects.get(pk=hazard.pk).state == "transferred"
    assert code_of(issue("transfer", department="housing", **said)) == (409, "paper_contradicts")


def test_a_mistaken_order_may_be_put_right_after_the_hazard_was_closed(paper, as_, officers):
    Hazard.objects.update(state="closed", closed_on="2026-11-22")
    body = {"reason": "地址误写", "officers": [str(officers["department"].pk)], "fields": {}}
    assert as_("inspector").post(f"{PAPERS}/{paper['id']}/correct", body, format="json").status_code == 201


def test_the_record_of_a_visit_names_only_those_who_were_there(issue, officers, unit):
    visit = papers.a_visit(officers)
    record = {"kind": "inspection_record", "subject": ("inspection", VISIT)}
    answer = issue(**record)
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_of_the_visit", "/officers/0")
    visit.companions = [officers["department"].pk]
    visit.save()
    assert issue(**record).status_code == 201
    answer = issue(**record, who="bureau", others=("inspector",))
    assert (*code_of(answer), answer.json()["errors"][0]["pointer"]) == (400, "not_of_the_visit", "")


def test_a_draft_of_a_hazard_ended_meanwhile_is_not_issued(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    take(as_("inspector"), "order", **body_of("order", certified["bureau"]), issue="draft")
    Hazard.objects.update(state=State.VOID)
    answer = as_("inspector").post(f"{PAPERS}/drafts/{PaperDraft.objects.get().pk}/issue", {}, format="json")
    assert code_of(answer) == (409, "paper_contradicts")


def test_a_voided_hazard_leaves_no_waiting_draft_and_no_remark_of_one(certified, as_):
    a_hazard_in(State.CONFIRMED, mine(), warnings=["paper_drafted"])
    take(as_("inspector"), "order", **body_of("order", certified["bureau"]), issue="draft")
    shown = take(as_("chief"), "void", reason="other", note="系统试用所录").json()
    draft = PaperDraft.objects.get()
    assert (shown["papers"], shown["warnings"]) == ([], [])
    assert draft.discarded_by_name == certified["chief"].name
    assert draft.discard_reason == "隐患转为“已撤销”：系统试用所录"
    assert as_("inspector").get(f"{PAPERS}/drafts").json()["results"] == []
    assert TrailLine.objects.filter(verb="paper.discard").count() == 1


def test_the_draft_of_a_transfer_outlives_the_hazard_that_ends_by_it(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    take(as_("department"), "transfer", **body_of("transfer"), issue="draft")
    assert PaperDraft.objects.get().is_open


def test_a_waiting_draft_goes_along_with_a_unit_that_moves(certified, as_):
    hazard = a_hazard_in(State.CONFIRMED, mine())
    take(as_("inspector"), "order", **body_of("order", certified["bureau"]), issue="draft")
    take_along(hazard.enterprise_id, before=hazard.region_code, after=OTHER_VILLAGE, by=certified["bureau"])
    assert PaperDraft.objects.get().region_code == OTHER_VILLAGE


def test_drafts_are_the_office_s_own_and_of_the_jurisdiction(certified, as_):
    a_hazard_in(State.CONFIRMED, mine())
    take(as_("inspector"), "order", **body_of("order", certified["bureau"]), issue="draft")
    at = f"{PAPERS}/drafts/{PaperDraft.objects.get().pk}"
    assert as_("inspector2").get(at).status_code == 404
    assert as_("enterprise").get(at).status_code == 403
    assert as_("enterprise").get(f"/api/v1/hazards/{KEY}").json()["papers"] == []
    assert code_of(as_("township").post(f"{at}/discard", {"reason": "不出"}, format="json")) == (403, "forbidden")
    User.objects.filter(username="township").update(region="141123100")
