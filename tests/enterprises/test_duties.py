"""What falls due for a unit, by which text and from which day; what a stated fact is worth by the text of its own day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises import actions, class_facts
from enterprises.duties import rules
from enterprises.duties.reminding import remind
from enterprises.duties.rules import Limit
from enterprises.facts import stated_facts
from inbox.models import Message
from reference import files
from safety_api.trail import SYSTEM
from tests import law
from tests.cast.people import MINE
from tests.cast.units import mine, unit

D = date.fromisoformat
URL = f"/api/v1/enterprises/{MINE}"
CALENDAR = {row["day"]: row["is_workday"] for row in files.read().holidays}
PLANS = law.body("plan_duties", D("2026-11-30"))
LIMITS = [Limit.read(each) for each in files.read().documents if each.kind == "insurance_limits"]


def fact(kind, held_from, held_to=None, **value):
    until = D(held_to) if held_to else None
    return Row(id=UUID(int=1), kind=kind, held_from=D(held_from), held_to=until, value=value)


def a_unit(sector="coal_mine", *, traits=(), above_scale=False):
    return Row(sector_id=sector, traits=list(traits), above_scale=above_scale)


# --- insurance -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "limit", "all_workers", "one_sum", "suffices"),
    [
        ("2025-03-28", "300000.00", None, None, True),
        ("2025-03-28", "299999.99", True, True, False),
        ("2025-03-28", None, None, None, None),
        ("2025-03-29", "300000.00", True, True, False),
        ("2025-03-29", "399999.99", True, True, False),
        ("2025-03-29", "400000.00", True, True, True),
        ("2025-03-29", "400000.00", False, True, False),
        ("2025-03-29", "400000.00", True, False, False),
        ("2025-03-29", "400000.00", None, True, None),
        ("2025-03-29", "400000.00", True, None, None),
        ("2025-03-29", None, True, True, None),
        ("2025-03-29", None, False, None, False),  # one thing wrong is enough
        ("2017-12-31", None, None, None, True),  # before the first text
    ],
)
def test_a_policy_is_judged_by_the_day_it_begins(begins, limit, all_workers, one_sum, suffices):
    policy = Row(
        held_from=D(begins), limit_person_yuan=limit and Decimal(limit), all_workers=all_workers, one_sum=one_sum
    )
    assert rules.suffices(policy, LIMITS) is suffices


POLICY = {"limit_person_yuan": Decimal("400000.00"), "all_workers": True, "one_sum": True}
UNKNOWN = {"limit_person_yuan": None, "all_workers": None, "one_sum": None}
LOW = {**POLICY, "limit_person_yuan": Decimal("300000.00")}


@pytest.mark.parametrize(
    ("policies", "insured"),
    [
        ([], False),
        ([POLICY], True),
        ([UNKNOWN], None),
        ([LOW], False),
        ([LOW, UNKNOWN], None),
        ([UNKNOWN, POLICY], True),
    ],
)
def test_a_unit_is_insured_by_its_best_policy_and_unknown_stays_unknown(policies, insured):
    book = Row(limits=LIMITS, duties=law.body("unit_duties", D("2026-11-30")))
    held = [Row(held_from=D("2026-01-01"), held_to=D("2026-12-31"), **each) for each in policies]
    assert class_facts.insured(a_unit(), held, D("2026-11-30"), book) is insured


INSURANCE = {"kind": "insurance", "held_from": "2026-01-01", "held_to": "2026-12-31"}
WORDS = [
    ({}, ["limit_unknown", "workers_unknown", "one_sum_unknown"], None),
    ({"limit_person_yuan": "300000.00", "all_workers": False, "one_sum": False}, ["limit_too_low", "not_all_workers", "not_one_sum"], False),
    ({"limit_person_yuan": "400000.00", "all_workers": True, "one_sum": True, "workers_covered": 120}, [], True),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "words", "insured"), WORDS)
def test_what_a_policy_does_not_say_is_shown_and_not_guessed(as_, more, words, insured):
    mine(opened_on=D("2016-01-01"))
    sent = {**INSURANCE, "value": {"insurer": "演示保险", "policy_no": "BX-1", **more}}
    answer = as_("department").post(f"{URL}/facts", sent, format="json")
    assert answer.status_code == 201, answer.content
    assert [each["word"] for each in answer.json()["notes"]] == words
    assert all(each["word"].startswith("limit") or "第十六条" in each["sentence"] for each in answer.json()["notes"])
    assert stated_facts([MINE], D("2026-11-30"))[MINE]["emergency"]["insured"] is insured
    [read] = as_("enterprise").get(f"{URL}/facts").json()
    assert (read["value"]["limit_person_yuan"], read["value"]["workers_covered"]) == (
        more.get("limit_person_yuan"),
        more.get("workers_covered"),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["-1", "四十万", "1e9", 400000.5])
def test_a_limit_that_is_no_sum_is_refused(as_, limit):
    mine()
    sent = {**INSURANCE, "value": {"insurer": "演示保险", "policy_no": "BX-1", "limit_person_yuan": limit}}
    answer = as_("department").post(f"{URL}/facts", sent, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/value/limit_person_yuan")


# --- plans ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("of", "plan", "dues"),
    [
        # twenty working days over the National Day; three years for the evaluation
        (a_unit(), fact("plan", "2026-09-15"), [("filing", "2026-10-19"), ("evaluation", "2029-09-15")]),
        (a_unit(), fact("plan", "2026-06-01", submitted_on="2026-06-15"), [("check", "2026-06-23"), ("evaluation", "2029-06-01")]),
        (a_unit(), fact("plan", "2026-06-01", submitted_on="2026-06-15", answer="filed"), [("evaluation", "2029-06-01")]),
        (a_unit(), fact("plan", "2026-06-01", submitted_on="2026-06-15", answer="incomplete"), [("filing", "2026-06-30"), ("evaluation", "2029-06-01")]),
        (a_unit(), fact("plan", "2023-06-01", submitted_on="2023-06-15", answer="filed", evaluated_on="2026-05-20"), [("evaluation", "2029-05-20")]),
        (a_unit("fire_safety"), fact("plan", "2026-09-15"), []),  # nobody asks a shop for it
        (a_unit("fire_safety", traits=["crowded_place"]), fact("plan", "2026-09-15"), [("filing", "2026-10-19")]),
        (a_unit("metallurgy_trade", above_scale=True), fact("plan", "2026-09-15"), [("evaluation", "2029-09-15")]),
    ],
)  # fmt: skip
def test_a_plan_is_filed_checked_and_evaluated_by_these_days(of, plan, dues):
    found = rules.of_plan(plan, of, PLANS, "88号", CALENDAR, D("2026-06-23"))
    assert [(each.what, str(each.due_on)) for each in found] == dues


@pytest.mark.parametrize(
    ("said", "on", "filed"),
    [
        ({}, "2026-12-01", False),
        ({"submitted_on": "2026-06-15"}, "2026-06-23", False),  # the fifth working day is the authority's
        ({"submitted_on": "2026-06-15"}, "2026-06-24", True),  # no answer, no reason
        ({"submitted_on": "2026-06-15", "answer": "filed", "answered_on": "2026-06-16"}, "2026-06-15", False),
        ({"submitted_on": "2026-06-15", "answer": "filed", "answered_on": "2026-06-16"}, "2026-06-16", True),
        ({"submitted_on": "2026-06-15", "answer": "incomplete", "answered_on": "2026-06-16"}, "2026-07-30", False),
    ],
)
def test_a_plan_is_filed_by_an_answer_or_by_silence(said, on, filed):
    assert rules.is_filed(fact("plan", "2026-06-01", **said), D(on), PLANS, CALENDAR) is filed


@pytest.mark.parametrize(
    ("value", "pointer", "code"),
    [
        ({"submitted_on": "2026-05-31"}, "/value/submitted_on", "before_publication"),
        ({"submitted_on": "2099-01-01"}, "/value/submitted_on", "in_future"),
        ({"answer": "filed"}, "/value/submitted_on", "needs_submission"),
        ({"submitted_on": "2026-06-15", "answered_on": "2026-06-16"}, "/value/answer", "needs_answer"),
        ({"submitted_on": "2026-06-15", "answered_on": "2026-06-14", "answer": "filed"}, "/value/answered_on", "answer_before_submission"),
        ({"evaluated_on": "2026-05-01"}, "/value/evaluated_on", "before_publication"),
        ({"answer": "perhaps", "submitted_on": "2026-06-15"}, "/value/answer", "invalid_choice"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_plan_with_days_in_disorder_is_refused(as_, value, pointer, code):
    mine()
    answer = as_("bureau").post(
        f"{URL}/facts", {"kind": "plan", "held_from": "2026-06-01", "value": value}, format="json"
    )
    assert (answer.status_code, [(each["pointer"], each["code"]) for each in answer.json()["errors"]]) == (
        400,
        [(pointer, code)],
    )


@pytest.mark.django_db
def test_a_plan_handed_in_counts_as_filed_for_the_class_once_the_time_is_over(as_):
    mine(opened_on=D("2016-01-01"))
    sent = {"kind": "plan", "held_from": "2026-06-01", "value": {"submitted_on": "2026-06-15"}}
    answer = as_("bureau").post(f"{URL}/facts", sent, format="json")
    assert [each["word"] for each in answer.json()["notes"]] == ["filed_by_silence"]

    def is_filed(on):
        return stated_facts([MINE], D(on))[MINE]["emergency"]["plan_filed"]

    assert (is_filed("2026-06-23"), is_filed("2026-06-24")) == (False, True)
    for day, waits in (("2026-06-23", True), ("2026-06-24", False)):
        due = as_("bureau").get(f"{URL}/duties?on={day}").json()["results"]
        assert ("check" in {each["what"] for each in due}) is waits


# --- drills --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("of", "drills", "opened_on", "dues"),
    [
        (a_unit("fire_safety"), [fact("drill", "2026-01-10", scope="special"), fact("drill", "2026-03-01", scope="on_site")], None,
         {"yearly": "2027-01-10", "half_yearly": "2026-09-01"}),
        (a_unit(), [fact("drill", "2026-01-10", scope="comprehensive")], "2020-05-01",
         {"yearly": "2027-01-10", "half_yearly": "2020-11-01", "reported": "2026-07-10"}),
        (a_unit("fire_safety"), [], None, {"yearly": "None", "half_yearly": "None"}),  # nobody knows from when
    ],
)  # fmt: skip
def test_drills_are_due_by_their_kind_and_unknown_where_nothing_is_known(of, drills, opened_on, dues):
    found = rules.of_drills(drills, of, opened_on and D(opened_on), PLANS, "88号")
    assert {each.what: str(each.due_on) for each in found} == dues


# --- special operations --------------------------------------------------------------------------------------------------
ELECTRICIAN = {"holder": "王电工", "operation": "电工作业", "item": "高压电工", "number": "T1"}
EDITIONS = [
    Row(holds=lambda on: on < D("2026-06-01"), body={"rule": "第30号"}), Row(holds=lambda on: on >= D("2026-06-01"), body={"rule": "第19号"})
]  # fmt: skip


@pytest.mark.parametrize(
    ("certificates", "dues"),
    [
        ([fact("special_operation", "2025-06-01", "2031-05-31", next_on="2028-05-31", **ELECTRICIAN)],
         [("next", "2028-05-31", "第30号"), ("ends", "2031-05-31", "第30号")]),
        ([fact("special_operation", "2026-06-01", **ELECTRICIAN)], []),  # no date is printed: none is made up
        ([fact("special_operation", "2020-06-01", "2026-05-31", **ELECTRICIAN), fact("special_operation", "2026-06-01", "2030-01-01", **ELECTRICIAN)],
         [("ends", "2030-01-01", "第19号")]),  # renewed
        ([fact("special_operation", "2020-06-01", "2026-05-31", **ELECTRICIAN), fact("special_operation", "2026-06-01", **{**ELECTRICIAN, "holder": "李"})],
         [("ends", "2026-05-31", "第30号")]),  # another's
    ],
)  # fmt: skip
def test_certificates_are_due_by_the_dates_printed_on_them_alone(certificates, dues):
    assert [(each.what, str(each.due_on), each.source) for each in rules.of_operations(certificates, EDITIONS)] == dues


@pytest.mark.parametrize(
    ("issued", "catalogue", "partly_read"),
    [("2026-05-31", "原安监总局令第30号", False), ("2026-06-01", "应急〔2026〕45号", True)],
)
@pytest.mark.django_db
def test_a_certificate_is_of_the_catalogue_of_its_day_of_issue(as_, issued, catalogue, partly_read):
    mine()
    sent = {"kind": "special_operation", "held_from": issued, "value": ELECTRICIAN}
    notes = {
        each["word"]: each["sentence"]
        for each in as_("enterprise").post(f"{URL}/facts", sent, format="json").json()["notes"]
    }
    assert catalogue in notes["catalogue"]
    assert ("有效期" in notes.get("catalogue_partly_read", "")) is partly_read


@pytest.mark.parametrize(("who", "holder"), [("enterprise", "王电工"), ("bureau", "王电工"), ("village", "王*工")])
@pytest.mark.django_db
def test_whose_certificate_it_is_is_masked_by_role(as_, who, holder):
    mine()
    actions.state_fact(
        MINE,
        by=SYSTEM,
        kind="special_operation",
        held_from=D("2026-06-01"),
        held_to=D("2026-12-01"),
        value=dict(ELECTRICIAN),
    )
    [shown] = as_(who).get(f"{URL}/facts").json()
    dues = as_(who).get(f"{URL}/duties").json()["results"]
    assert shown["value"]["holder"] == holder
    assert [each["holder"] for each in dues if each["kind"] == "special_operation"] == [holder]


# --- the door ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_duties_name_article_day_and_fine_in_two_queries(as_, django_assert_max_num_queries):
    mine(opened_on=D("2016-01-01"))
    for kind, since, value in [
        ("plan", "2026-06-01", {"title": "综合预案"}),
        ("drill", "2026-06-01", {"scope": "on_site"}),
    ]:
        actions.state_fact(MINE, by=SYSTEM, kind=kind, held_from=D(since), held_to=None, value=value)
    phone = as_("bureau")
    phone.get(f"{URL}/duties?on=2026-07-01")
    with django_assert_max_num_queries(6):  # the token · the unit · facts · policies
        answer = phone.get(f"{URL}/duties?on=2026-07-01").json()
    [filing] = [each for each in answer["results"] if each["what"] == "filing"]
    assert (filing["due_on"], filing["overdue"], filing["article"], filing["provisional"]) == (
        "2026-06-30",
        True,
        "第二十六条",
        False,
    )
    assert (filing["fine"]["unit_from_yuan"], filing["fine"]["person_to_yuan"]) == ("30000.00", "20000.00")
    assert [each["what"] for each in answer["results"]] == ["yearly", "filing", "half_yearly", "reported", "evaluation"]
    assert not any(each["fine"] for each in answer["results"] if not each["overdue"])


# --- the inbox -----------------------------------------------------------------------------------------------------------
def said():
    return sorted(Message.objects.open().of("enterprise.due").values_list("sentence", flat=True))


@pytest.mark.django_db
def test_a_unit_hears_before_and_after_the_day_and_no_more_once_it_is_done(as_):
    mine(name="兴县示例煤业有限公司")
    plan = actions.state_fact(
        MINE, by=SYSTEM, kind="plan", held_from=D("2026-06-01"), held_to=None, value={"title": "综合预案"}
    )
    assert remind(D("2026-06-19")) == 0  # eleven days before
    assert (remind(D("2026-06-20")), remind(D("2026-06-20"))) == (1, 0)
    assert said() == ["兴县示例煤业有限公司：综合预案：公布后备案，2026-06-30 到期（第二十六条）"]
    assert remind(D("2026-07-01")) == 1
    assert said() == ["兴县示例煤业有限公司：综合预案：公布后备案，应于 2026-06-30 前办理，已逾期（第二十六条）"]
    assert as_("enterprise").get("/api/v1/inbox?kind=enterprise.due").json()["results"]
    value = {"title": "综合预案", "submitted_on": D("2026-07-02"), "answer": "filed", "answered_on": D("2026-07-03")}
    actions.state_fact(
        MINE, by=SYSTEM, kind="plan", held_from=D("2026-06-01"), held_to=None, value=value, supersedes=plan.pk
    )
    assert remind(D("2026-07-03")) == 0 and said() == []


@pytest.mark.django_db
def test_reminding_takes_the_same_queries_for_one_unit_and_for_thirty(django_assert_num_queries):
    def planned(numbers):
        for number in numbers:
            one = unit(f"演示{number}号")
            actions.state_fact(one.pk, by=SYSTEM, kind="plan", held_from=D("2026-06-01"), held_to=None, value={})
        return remind(D("2026-06-25"))

    assert planned([0]) == 1
    with CaptureQueriesContext(connection) as of_one:
        assert remind(D("2026-06-25")) == 0
    assert planned(range(1, 30)) == 29
    with django_assert_num_queries(len(of_one)):
        assert remind(D("2026-06-25")) == 0
