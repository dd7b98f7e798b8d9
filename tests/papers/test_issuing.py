"""出具: who may, with whose certificates, from which record, under which number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Certificate, User
from evidence.papers.models import Paper, PaperCounter
from hazards.models import Hazard
from safety_api.models import OutboxMessage, TrailLine
from tests.cast import papers
from tests.cast.papers import HAZARD, PAPERS, body, today

pytestmark = pytest.mark.django_db
YEAR = today().year


def code_of(answer):
    return answer.status_code, answer.json()["code"]


# --- numbers ---------------------------------------------------------------------------------------------------------------
def test_a_paper_is_numbered_within_its_department_year_and_series(issue, hazard):
    numbers = [issue().json()["number"] for _ in range(3)]
    assert numbers == [f"（兴应急）责改〔{YEAR}〕{n}号" for n in (1, 2, 3)]
    decided = issue("onsite_decision", measures=["evacuate"]).json()
    assert decided["number"] == f"（兴应急）现决〔{YEAR}〕1号"


def test_a_refused_paper_takes_no_number(issue, hazard):
    assert issue(deadline="2020-01-01").status_code == 400
    assert not PaperCounter.objects.exists()
    assert issue().json()["number"].endswith("〕1号")


def test_issuing_a_paper_writes_a_trail_line_and_a_message(issue, hazard):
    made = issue().json()
    line = TrailLine.objects.get(verb="paper.issue")
    assert (line.object_id, line.details["number"], line.details["sha256"]) == (
        made["id"],
        made["number"],
        made["sha256"],
    )
    assert OutboxMessage.objects.get(topic="paper.issued").payload == {"paper": made["id"]}


def test_issuing_twice_with_one_idempotency_key_makes_one_paper(officers, hazard, as_):
    client, key = as_("inspector"), "5f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a11"
    twice = [
        client.post(PAPERS, body(people=officers), format="json", headers={"Idempotency-Key": key}) for _ in range(2)
    ]
    assert [each.status_code for each in twice] == [201, 201]
    assert twice[0].json()["id"] == twice[1].json()["id"] and Paper.objects.count() == 1


# --- frozen ------------------------------------------------------------------------------------------------------------------
CHANGES = [
    "UPDATE evidence_paper SET facts = '{}'", "UPDATE evidence_paper SET number = 'x'", "UPDATE evidence_paper SET sha256 = repeat('0', 64)",
    "UPDATE evidence_paper SET text = text", "DELETE FROM evidence_paper",
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_runtime_database_role_cannot_change_an_issued_paper(paper, change):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_a_paper_does_not_change_when_its_hazard_changes(paper, as_):
    before = as_("inspector").get(f"{PAPERS}/{paper['id']}").json()
    Hazard.objects.update(description="改过的描述", due_on=today() + timedelta(100))
    after = as_("inspector").get(f"{PAPERS}/{paper['id']}").json()
    assert before == after and "15102综采工作面" in str(after["record"])


def test_the_hash_of_a_paper_is_that_of_its_record(paper):
    from safety_api.idempotency import fingerprint

    assert fingerprint(paper["record"]) == paper["sha256"] == Paper.objects.get().fingerprint()


# --- certificates --------------------------------------------------------------------------------------------------------------
VALIDITY = [  # first and last day of the companion's certificate from today, and whether it counts
    (-400, 400, True), (-400, 0, True), (0, 400, True), (-400, -1, False), (1, 400, False),
]  # fmt: skip


@pytest.mark.parametrize("first, last, counts", VALIDITY)
def test_a_certificate_is_valid_from_its_first_to_its_last_day(issue, hazard, officers, first, last, counts):
    Certificate.objects.filter(user=officers["department"]).delete()
    papers.certify(officers["department"], first=first, last=last)
    answer = issue()
    if counts:
        assert answer.status_code == 201
    else:
        assert code_of(answer) == (400, "certificate_not_valid")
        assert answer.json()["errors"][0]["pointer"] == "/officers/0"


def test_an_officer_with_a_revoked_certificate_cannot_issue(issue, hazard, officers):
    Certificate.objects.filter(user=officers["inspector"]).update(revoked_on=today())
    assert code_of(issue()) == (403, "certificate_required")


def test_a_paper_needs_two_different_officers(issue, hazard):
    assert code_of(issue(others=())) == (400, "two_officers_required")
    assert code_of(issue(others=("inspector",))) == (400, "two_officers_required")
    assert issue(others=("department", "department")).status_code == 201


STRANGERS = ["township", "enterprise", "inspector2", "committee"]  # no enforcement, or not here


@pytest.mark.parametrize("who", STRANGERS)
def test_the_second_officer_must_be_an_enforcement_officer_of_the_place(issue, hazard, officers, who):
    papers.certify(officers[who])
    answer = issue(others=("department", who))
    assert code_of(answer) == (400, "companion_not_here")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/officers/1"]


def test_a_deactivated_officer_cannot_be_the_second_officer(issue, hazard, officers):
    User.objects.filter(username="department").update(is_active=False)
    assert code_of(issue()) == (400, "companion_not_here")


# --- who ------------------------------------------------------------------------------------------------------------------------
WHO = [  # whoever may not issue is told so at the door, or by the nature of the paper
    ("village", 403), ("leader", 403), ("committee", 403), ("duty", 403), ("enterprise", 403), ("sysadmin", 403), ("township", 403),
]  # fmt: skip


@pytest.mark.parametrize("who, status", WHO)
def test_only_enforcement_officers_issue_enforcement_papers(issue, hazard, who, status):
    assert issue(who=who).status_code == status


@pytest.mark.parametrize("who", ["inspector", "department", "bureau"])
def test_only_a_township_issues_the_rectification_notice(issue, hazard, who):
    assert code_of(issue("rectify_notice", who=who, others=())) == (403, "forbidden")


def test_a_township_issues_a_notice_without_a_certificate_in_its_own_name(issue, hazard):
    made = issue("rectify_notice", who="township", others=()).json()
    assert (made["organ"], made["nature"]) == ("兴县蔚汾镇人民政府", "notice")
    assert made["number"] == f"（蔚汾镇）改告〔{YEAR}〕1号"
    assert made["officers"] == [{"id": made["officers"][0]["id"], "name": "赵安", "certificate": ""}]


# --- from which record --------------------------------------------------------------------------------------------------------------
def test_a_paper_on_a_hazard_of_another_department_is_not_found(issue, hazard, officers):
    Hazard.objects.update(sector_id="fire_safety", department_id="fire_rescue")
    assert code_of(issue(who="department", others=("inspector",))) == (404, "not_found")  # by sector
    assert code_of(issue(others=("bureau",))) == (404, "not_found")  # by department
    assert issue(who="bureau", others=("inspector",)).status_code == 201  # 综合监管


def test_an_officer_of_a_department_managing_another_sector_gets_not_found(issue, hazard, officers):
    User.objects.filter(username="department").update(sectors=[], department="housing")
    assert code_of(issue(who="department", others=("inspector",))) == (404, "not_found")


def test_the_managing_department_of_a_sector_may_also_issue_orders(issue, hazard, officers):
    User.objects.filter(username="department").update(department="energy")  # 煤矿: 应急监管，能源行业管理
    made = issue(who="department", others=("inspector",)).json()
    assert (made["organ"], made["number"]) == ("兴县能源局", f"（兴能源）责改〔{YEAR}〕1号")


def test_a_paper_on_a_hazard_of_another_township_is_not_found(issue, hazard, officers):
    papers.certify(officers["inspector2"])
    assert code_of(issue(who="inspector2")) == (404, "not_found")


def test_a_paper_on_an_unknown_record_is_not_found(issue, hazard):
    for subject in (("hazard", papers.OTHER), ("nothing", HAZARD), ("inspection", HAZARD)):
        assert code_of(issue(subject=subject)) == (404, "not_found")


@pytest.mark.parametrize("kind, code", [("no_such", "unknown_paper"), ("inspection_record", "paper_not_for_this")])
def test_an_unknown_kind_of_paper_or_one_not_for_this_record_is_refused(issue, hazard, kind, code):
    assert code_of(issue(kind)) == (400, code)


FIELDS = [
    ("rectify_order", {"deadline": "2020-01-01"}, "in_the_past", "/fields/deadline"),
    ("rectify_order", {"deadline": "morgen"}, "invalid", "/fields/deadline"),
    ("rectify_order", {"dedline": "2026-12-01"}, "unknown_field", "/fields/dedline"),
    ("onsite_decision", {}, "invalid", "/fields/measures"),
    ("onsite_decision", {"measures": ["explode"]}, "invalid", "/fields/measures/0"),
    ("review_opinion", {"result": "fail"}, "invalid", "/fields/deadline"),
    ("transfer", {"department": "space"}, "unknown_department", "/fields/department"),
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, code, pointer", FIELDS)
def test_an_invalid_field_of_a_paper_is_refused_by_name(issue, hazard, kind, fields, code, pointer):
    answer = issue(kind, **fields)
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"]) == (400, code, pointer)


# --- power ----------------------------------------------------------------------------------------------------------------------------
def cut(hours: float, **fields) -> dict:
    from django.utils import timezone

    moment = timezone.now() + timedelta(hours=hours)
    return {
        "supply": "power",
        "supplier": "兴县供电公司",
        "cut_at": moment.isoformat(),
        "reason": "夜班仍组织生产",
        **fields,
    }


def test_a_power_cut_needs_a_leader_a_prior_decision_and_24_hours_notice(issue, hazard):
    chief = {"who": "chief", "others": ("inspector",)}
    assert code_of(issue("power_cut_notice", **cut(48))) == (403, "leader_required")
    assert code_of(issue("power_cut_notice", **chief, **cut(48))) == (409, "no_stop_order")
    assert issue("onsite_decision", measures=["suspend"]).status_code == 201
    assert code_of(issue("power_cut_notice", **chief, **cut(23))) == (400, "notice_too_short")
    assert issue("power_cut_notice", **chief, **cut(1, emergency=True)).status_code == 201
    assert issue("power_cut_notice", **chief, **cut(25)).json()["title"] == "停止供电通知书"


# --- preview --------------------------------------------------------------------------------------------------------------------------
def test_a_preview_of_a_paper_takes_no_number_and_stores_nothing(officers, hazard, as_):
    answer = as_("inspector").post(f"{PAPERS}/preview", body(people=officers), format="json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    words = papers.words_of_pdf(answer.content)
    assert "责令限期整改指令书" in words and f"责改〔{YEAR}〕号" in words and "核验码" not in words
    assert not Paper.objects.exists() and not PaperCounter.objects.exists()


def test_a_preview_is_refused_like_the_paper_itself(officers, hazard, as_):
    assert (
        as_("inspector").post(f"{PAPERS}/preview", body(people=officers, others=()), format="json").status_code == 400
    )
