"""更正文字: a wording is corrected with its reason, the original is kept, and papers issued later print the corrected words."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from accidents.models import Accident, Wording
from hazards.models import Hazard
from safety_api.outbox import drain
from tests.cast import papers
from tests.cast.accidents import report_accident, url
from tests.cast.papers import HAZARD, PAPERS, words_of_pdf
from tests.cast.people import VILLAGE

pytestmark = pytest.mark.django_db
ONE = f"/api/v1/hazards/{HAZARD}"
BODY = {"field": "description", "text": "15103工作面锚杆间距1.4米", "reason": "工作面编号录错"}


def correct(client, address=ONE, **fields):
    return client.post(f"{address}/correct-wording", {**BODY, **fields}, format="json")


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_corrected_wording_is_shown_and_the_original_stays_in_the_history(hazard, officers, as_):
    was = hazard.description
    answer = correct(as_("inspector"))
    assert (answer.status_code, answer.json()["description"], answer.json()["state"]) == (
        200,
        BODY["text"],
        "confirmed",
    )
    step = as_("bureau").get(f"{ONE}/history").json()[-1]
    assert (step["step"], step["by_name"], step["note"]) == ("correct-wording", "张巡", BODY["reason"])
    assert step["details"] == {"field": "description", "was": was, "text": BODY["text"]}


def test_papers_issued_later_print_the_corrected_words_and_earlier_ones_stay(issue, hazard, as_):
    first, was = issue().json(), hazard.description
    correct(as_("inspector"))
    second = issue().json()
    before, after = (
        words_of_pdf(as_("inspector").get(f"{PAPERS}/{each['id']}.pdf").content) for each in (first, second)
    )
    assert was in before and BODY["text"] in after and was not in after


def test_a_correction_of_a_paper_takes_the_corrected_wording(issue, hazard, as_):
    first = issue().json()
    correct(as_("inspector"))
    body = {"reason": "描述有误", "officers": [each["id"] for each in first["officers"]]}
    answer = as_("inspector").post(f"{PAPERS}/{first['id']}/correct", body, format="json")
    assert answer.status_code == 201, answer.json()
    assert BODY["text"] in words_of_pdf(as_("inspector").get(f"{PAPERS}/{answer.json()['id']}.pdf").content)


@pytest.mark.parametrize("field", ["place", "standard_clause", "judged_by_expert"])
def test_every_wording_that_papers_print_can_be_corrected(hazard, officers, as_, field):
    assert correct(as_("inspector"), field=field, text="更正后的文字").status_code == 200
    assert getattr(Hazard.objects.get(), field) == "更正后的文字"


@pytest.mark.parametrize(
    "who, status",
    [
        ("inspector", 200),
        ("bureau", 200),
        ("township", 403),
        ("village", 403),
        ("enterprise", 403),
        ("committee", 403),
        ("inspector2", 404),
    ],
)
def test_who_may_correct_the_wording_of_a_hazard_of_the_county(hazard, officers, as_, who, status):
    assert correct(as_(who)).status_code == status


@pytest.mark.parametrize("origin, who", [("village", "village"), ("self", "enterprise")])
@pytest.mark.parametrize("state, status", [("reported", 200), ("confirmed", 409)])
def test_who_reported_corrects_the_wording_until_it_is_confirmed(unit, officers, as_, origin, who, state, status):
    papers.a_hazard(origin=origin, state=state, loop="township" if origin == "village" else "unit")
    assert correct(as_(who)).status_code == status


@pytest.mark.parametrize("state", ["closed", "rectifying", "transferred"])
def test_a_wording_is_corrected_in_any_state(unit, officers, as_, state):
    papers.a_hazard(state=state, closed_on=papers.today() if state == "closed" else None)
    assert correct(as_("inspector")).json()["state"] == state


REFUSED = [
    ({"text": ""}, (400, "invalid")), ({"reason": ""}, (400, "reason_required")), ({"field": "level"}, (400, "invalid")),
    ({"field": "place", "text": "长" * 201}, (400, "invalid")), ({"text": "坏\u0000字"}, (400, "nul")), ({"more": 1}, (400, "unknown_field")),
]  # fmt: skip


@pytest.mark.parametrize("fields, refusal", REFUSED)
def test_a_correction_needs_a_field_a_text_and_a_reason(hazard, officers, as_, fields, refusal):
    answer = correct(as_("inspector"), **fields)
    assert answer.status_code == refusal[0] and Hazard.objects.get().description == hazard.description
    assert refusal[1] in {answer.json()["code"], *(each["code"] for each in answer.json()["errors"])}


def test_the_same_wording_again_is_no_correction(hazard, officers, as_):
    assert code_of(correct(as_("inspector"), text=hazard.description)) == (400, "same_wording")


def test_a_void_hazard_is_not_reworded(unit, officers, as_):
    papers.a_hazard(state="void")
    assert code_of(correct(as_("inspector"))) == (409, "wrong_step")


def test_the_duty_file_tells_of_a_corrected_wording(hazard, officers, as_):
    correct(as_("inspector"))
    pdf = as_("bureau").get(f"{ONE}/duty-file", {"format": "pdf"}).content
    assert "更正文字" in words_of_pdf(pdf) and "原文：" in words_of_pdf(pdf)


# --- accidents -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def accident(unit):
    return report_accident(1, region=VILLAGE, description="顶板冒落", place="1023工作面")


def test_the_words_of_an_accident_are_corrected_and_the_original_is_shown(accident, as_):
    answer = correct(as_("duty"), url(), field="place", text="1203工作面", reason="首报时误听")
    assert (answer.status_code, answer.json()["place"]) == (200, "1203工作面")
    [row] = as_("bureau").get(url()).json()["wordings"]
    assert (row["field"], row["was"], row["text"], row["reason"]) == ("place", "1023工作面", "1203工作面", "首报时误听")
    assert Accident.objects.get().deaths == accident.deaths


@pytest.mark.parametrize(
    "who, status",
    [("duty", 200), ("bureau", 200), ("inspector", 403), ("township", 403), ("enterprise", 403), ("auditor", 403)],
)
def test_only_the_duty_desk_corrects_the_words_of_an_accident(accident, as_, who, status):
    assert correct(as_(who), url()).status_code == status


@pytest.mark.parametrize("fields, code", [({"text": "顶板冒落"}, "same_wording"), ({"field": "deaths"}, "invalid")])
def test_figures_of_an_accident_and_equal_words_are_no_correction(accident, as_, fields, code):
    assert code_of(correct(as_("bureau"), url(), **fields)) == (400, code)


def test_a_corrected_wording_of_an_accident_is_never_edited(accident, as_):
    correct(as_("duty"), url())
    with pytest.raises(DatabaseError), transaction.atomic():
        Wording.objects.update(was="别的")


@pytest.mark.parametrize("address, listed", [(ONE, "/api/v1/hazards"), (url(), "/api/v1/accidents")])
def test_a_record_is_found_by_its_corrected_words(hazard, accident, officers, as_, address, listed):
    drain()
    assert correct(as_("bureau"), address, text="皮带机头起火").status_code == 200
    drain()
    assert len(as_("bureau").get(listed, {"q": "机头起火"}).json()["results"]) == 1
